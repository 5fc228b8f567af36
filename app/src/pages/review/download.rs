use leptos::prelude::*;
use vault::audit::Event as AuditEvent;

use super::fewer::Fewer;
use crate::browser::{clock, download};
use crate::driver::Driver;
use crate::writer::Export;

/// A form in which a note can leave.
struct Form {
    name: &'static str,
    test: &'static str,
    /// What the file's name ends with.
    ending: &'static str,
    media_type: &'static str,
    export: Export,
}

const FORMS: [Form; 9] = [
    Form {
        name: "Plain text",
        test: "download-note",
        ending: "txt",
        media_type: "text/plain;charset=utf-8",
        export: Export::Text,
    },
    Form {
        name: "Word",
        test: "download-docx",
        ending: "docx",
        media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        export: Export::Docx,
    },
    Form {
        name: "Rich text (RTF)",
        test: "download-rtf",
        ending: "rtf",
        media_type: "application/rtf",
        export: Export::Rtf,
    },
    Form {
        name: "Markdown",
        test: "download-md",
        ending: "md",
        media_type: "text/markdown;charset=utf-8",
        export: Export::Markdown,
    },
    Form {
        name: "JSON",
        test: "download-json",
        ending: "json",
        media_type: "application/json",
        export: Export::Json,
    },
    Form {
        name: "FHIR DocumentReference",
        test: "download-fhir",
        ending: "documentreference.json",
        media_type: "application/fhir+json",
        export: Export::FhirDocumentReference,
    },
    Form {
        name: "FHIR document",
        test: "download-bundle",
        ending: "bundle.json",
        media_type: "application/fhir+json",
        export: Export::FhirBundle,
    },
    Form {
        name: "C-CDA progress note",
        test: "download-cda",
        ending: "ccda.xml",
        media_type: "application/xml",
        export: Export::Cda,
    },
    Form {
        name: "C-CDA unstructured",
        test: "download-cda-text",
        ending: "unstructured.ccda.xml",
        media_type: "application/xml",
        export: Export::CdaUnstructured,
    },
];

/// Every form of a reviewed note. No file name holds a word about the patient.
#[component]
pub fn Downloads() -> impl IntoView {
    let driver = expect_context::<Driver>();
    let menu = NodeRef::<leptos::html::Details>::new();
    let save = move |form: &'static Form| {
        let made = driver.hand_over(|writer, note| {
            let stamp = clock::stamp(note.created);
            Some((stamp, writer.export(note, form.export)?))
        });
        let Some((stamp, bytes)) = made else { return };
        driver.log(AuditEvent::Exported, 0);
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
        download::save(&format!("sotto-note-{stamp}.{}", form.ending), form.media_type, &bytes);
    };

    view! {
        <details class="menu" node_ref=menu>
            <summary class="button" data-test="downloads">"Download"</summary>
            <div class="menu-list">
                {FORMS.iter().map(|form| view! {
                    <button data-test=form.test on:click=move |_| save(form)>{form.name}</button>
                }).collect_view()}
                <Fewer />
            </div>
        </details>
    }
}

use language::{Locale, say};
use leptos::prelude::*;
use vault::audit::Event as AuditEvent;

use super::fewer::Fewer;
use crate::browser::{clock, download};
use crate::driver::Driver;
use crate::writer::Export;

/// A form in which a note can leave.
struct Form {
    test: &'static str,
    /// What the file's name ends with.
    ending: &'static str,
    media_type: &'static str,
    export: Export,
}

const FORMS: [Form; 9] = [
    Form {
        test: "download-note",
        ending: "txt",
        media_type: "text/plain;charset=utf-8",
        export: Export::Text,
    },
    Form {
        test: "download-docx",
        ending: "docx",
        media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        export: Export::Docx,
    },
    Form {
        test: "download-rtf",
        ending: "rtf",
        media_type: "application/rtf",
        export: Export::Rtf,
    },
    Form {
        test: "download-md",
        ending: "md",
        media_type: "text/markdown;charset=utf-8",
        export: Export::Markdown,
    },
    Form {
        test: "download-json",
        ending: "json",
        media_type: "application/json",
        export: Export::Json,
    },
    Form {
        test: "download-fhir",
        ending: "documentreference.json",
        media_type: "application/fhir+json",
        export: Export::FhirDocumentReference,
    },
    Form {
        test: "download-bundle",
        ending: "bundle.json",
        media_type: "application/fhir+json",
        export: Export::FhirBundle,
    },
    Form {
        test: "download-cda",
        ending: "ccda.xml",
        media_type: "application/xml",
        export: Export::Cda,
    },
    Form {
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
    let l = driver.locale();
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
            <summary class="button" data-test="downloads">{say!(l, review.download)}</summary>
            <div class="menu-list">
                {FORMS.iter().map(|form| view! {
                    <button data-test=form.test on:click=move |_| save(form)>{name(l, form.export)}</button>
                }).collect_view()}
                <Fewer />
            </div>
        </details>
    }
}

fn name(l: Locale, export: Export) -> &'static str {
    match export {
        Export::Text => say!(l, review.text),
        Export::Docx => say!(l, review.docx),
        Export::Rtf => say!(l, review.rtf),
        Export::Markdown => say!(l, review.markdown),
        Export::Json => say!(l, review.json),
        Export::FhirDocumentReference => say!(l, review.fhir_reference),
        Export::FhirBundle => say!(l, review.fhir_document),
        Export::Cda => say!(l, review.cda),
        Export::CdaUnstructured => say!(l, review.cda_text),
    }
}

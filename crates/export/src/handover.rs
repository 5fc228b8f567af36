use note::{Attestation, Document, Draft, note_hash, visible};
use sha2::{Digest, Sha256};

use crate::codes::{self, Code};
use crate::when;

/// A note that leaves Sotto. It is patient text, so it has no `Debug`.
#[derive(Clone, Copy)]
pub struct Handover<'a> {
    pub draft: &'a Draft,
    /// The name that the clinician gave the visit; may be empty.
    pub label: &'a str,
    /// When the visit began, in seconds since 1970, UTC.
    pub created: u64,
    /// Minutes by which local time is ahead of UTC, for every time that is printed.
    pub offset: i16,
    pub attested: Option<&'a Attestation>,
}

impl<'a> Handover<'a> {
    /// The attestation, where it is of this very text: one of an earlier text vouches for nothing.
    pub fn reviewed(&self) -> Option<&'a Attestation> {
        self.attested.filter(|attested| attested.hash == note_hash(self.draft))
    }

    pub fn title(&self) -> &'static str {
        match self.draft.document {
            Document::Progress => "Progress note",
            Document::HistoryAndPhysical => "History and physical",
            Document::Consultation => "Consultation note",
            Document::Procedure => "Procedure note",
            Document::Telephone => "Telephone encounter note",
            Document::Discharge => "Discharge summary",
            Document::Letter => "Letter",
        }
    }

    pub(crate) fn label(&self) -> String {
        visible(self.label)
    }

    pub(crate) fn code(&self) -> Code {
        codes::document(self.draft.document)
    }

    /// Who reviewed the text, or that nobody did.
    pub fn footer(&self) -> String {
        let Some(attested) = self.reviewed() else {
            return "Draft: not reviewed.".into();
        };
        let by = match visible(&attested.by) {
            nobody if nobody.is_empty() => nobody,
            name => format!(" by {name}"),
        };
        let on = when::readable(attested.at, self.offset);
        let seal: Vec<String> = attested.hash[..8].chunks(2).map(hex).collect();
        format!(
            "Reviewed and confirmed{by} on {on}. Fingerprint of the note: {}.",
            seal.join(" ")
        )
    }

    /// A UUID (version 8, RFC 9562) that follows from the note: exporting it again gives the same one, any change in
    /// text or review another.
    pub(crate) fn uuid(&self, of: &str) -> String {
        let reviewed = self.reviewed().map_or(0, |attested| attested.at);
        let hash = Sha256::new()
            .chain_update(of)
            .chain_update([0])
            .chain_update(self.created.to_le_bytes())
            .chain_update(reviewed.to_le_bytes())
            .chain_update(note_hash(self.draft))
            .finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        id[6] = id[6] & 0x0f | 0x80;
        id[8] = id[8] & 0x3f | 0x80;
        let parts = [&id[..4], &id[4..6], &id[6..8], &id[8..10], &id[10..]];
        parts.map(hex).join("-")
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

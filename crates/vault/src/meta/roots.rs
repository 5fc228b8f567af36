use crate::record::Head;
use crate::wire::Cut;
use crate::{Failure, Namespace, RecordId};

/// The newest revision of each record that no other vouches for: the pages of the list, which know the revisions of
/// everything that belongs to a note, and the settings. A genuine one that was put back from earlier shows by it. In the
/// order of their ids.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Roots(Vec<(RecordId, u32)>);

impl Roots {
    /// True for a record that belongs here.
    pub fn concern(head: &Head) -> bool {
        matches!(head.namespace, Namespace::Index | Namespace::Settings)
    }

    /// A record of this head is stored.
    pub fn note(&mut self, head: &Head) {
        if Roots::concern(head) {
            match self.place(head.id) {
                Ok(at) => self.0[at].1 = head.revision,
                Err(at) => self.0.insert(at, (head.id, head.revision)),
            }
        }
    }

    /// A record is removed.
    pub fn forget(&mut self, id: RecordId) {
        if let Ok(at) = self.place(id) {
            self.0.remove(at);
        }
    }

    /// Its newest revision; nothing for a record that is not known.
    pub fn newest(&self, id: RecordId) -> Option<u32> {
        Some(self.0[self.place(id).ok()?].1)
    }

    /// All of them, in the order of their ids.
    pub fn ids(&self) -> impl Iterator<Item = RecordId> {
        self.0.iter().map(|(id, _)| *id)
    }

    fn place(&self, id: RecordId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id, |(id, _)| *id)
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        let count = u32::try_from(self.0.len()).expect("fewer records than a keyring has slots");
        bytes.extend(count.to_be_bytes());
        for (id, revision) in &self.0 {
            bytes.extend(id.0);
            bytes.extend(revision.to_be_bytes());
        }
    }

    /// # Errors
    /// [`Failure::Damaged`] for roots that are not all there or not in their order.
    pub(super) fn read(cut: &mut Cut<'_>) -> Result<Roots, Failure> {
        let count = cut.u32()?;
        let mut roots: Vec<(RecordId, u32)> = Vec::new();
        for _ in 0..count {
            let id = RecordId(cut.array()?);
            if roots.last().is_some_and(|(last, _)| *last >= id) {
                return Err(Failure::Damaged);
            }
            roots.push((id, cut.u32()?));
        }
        Ok(Roots(roots))
    }
}

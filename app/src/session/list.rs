//! The stored visits, as far as their list shows them.

use std::ops::Deref;
use std::sync::Arc;

use vault::RecordId;

use crate::visit::Stage;

/// Newest first. Copies share their lines, and a line is only copied where others change: the page looks at thousands of them
/// after every event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VisitList(Arc<Vec<Listed>>);

/// A stored visit as the list shows it: no word of what was said.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub id: RecordId,
    pub label: String,
    pub created: u64,
    pub seconds: f64,
    pub stage: Stage,
    pub expires_at: u64,
    /// Under legal hold: it does not expire.
    pub held: bool,
}

impl VisitList {
    pub fn new(mut visits: Vec<Listed>) -> VisitList {
        visits.sort_by_key(|visit| std::cmp::Reverse(visit.created));
        VisitList(Arc::new(visits))
    }

    /// Leaves out those that do not stay.
    pub fn keep(&mut self, stays: impl Fn(&Listed) -> bool) {
        if !self.iter().all(&stays) {
            Arc::make_mut(&mut self.0).retain(stays);
        }
    }

    pub fn hold(&mut self, id: RecordId, held: bool) {
        let visits = Arc::make_mut(&mut self.0).iter_mut();
        visits
            .filter(|visit| visit.id == id)
            .for_each(|visit| visit.held = held);
    }
}

impl Deref for VisitList {
    type Target = [Listed];

    fn deref(&self) -> &[Listed] {
        &self.0
    }
}

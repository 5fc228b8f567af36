use crate::{Head, RecordId};

/// The records whose time is over at `now` (seconds since 1970-01-01 00:00 UTC), in the order given. They need no key to
/// be found and removed, so a locked vault can be swept.
pub fn expired(heads: &[Head], now: u64) -> Vec<RecordId> {
    heads
        .iter()
        .filter(|head| now >= head.expires_at)
        .map(|head| head.id)
        .collect()
}

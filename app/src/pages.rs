//! One component per screen.

mod door;
pub use door::{FirstRun, Unlock, Unusable};

mod visits;
pub use visits::Visits;

mod visit;
pub use visit::VisitPage;

mod capture;

mod review;

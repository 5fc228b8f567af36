//! One component per screen.

mod door;
pub use door::{FirstRun, Unlock, Unusable};

mod visits;
pub use visits::Visits;

mod visit;
pub use visit::VisitPage;

mod templates;
pub use templates::Templates;

mod vocabulary;
pub use vocabulary::VocabularyPage;

mod models;
pub use models::Models;

mod settings;
pub use settings::SettingsPage;

mod audit;
pub use audit::Audit;

mod capture;

mod consent;

mod laws;
pub use laws::LawsPage;

mod proof;

mod review;

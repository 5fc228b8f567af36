//! `shots`: what a person sees on each screen, as pictures. The site must be built.

use std::path::{Path, PathBuf};

use crate::cache::{checkout, finish};
use crate::{Outcome, bench};

/// The pictures that the documents show, made anew.
pub fn of_documents() -> Outcome {
    let folder = checkout().join("docs/screens");
    take("access::shots::of_documents", &folder)
}

/// Every screen in three sizes, light and dark and with the colours of the system, each as long as it is: to be looked at.
pub fn all(folder: &str) -> Outcome {
    let folder: PathBuf = std::path::absolute(folder).map_err(|why| format!("{folder}: {why}"))?;
    take("access::shots::all", &folder)
}

fn take(test: &str, folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let mut shots = bench::measurement(test)?;
    shots.env("SOTTO_SHOTS", folder);
    finish(shots)
}

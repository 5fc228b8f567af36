//! The site: Trunk builds the four wasm binaries, then dist/ is sealed, described and finished for the service worker.

use std::path::PathBuf;

use crate::cache::{checkout, command, finish};
use crate::{Outcome, assets, hosting, sbom, seal, tools, wasm};

/// Builds the site and gives back its folder. One build serves `run` and `test`.
///
/// # Errors
/// A tool that is missing and cannot be installed, code that does not compile, a file that cannot be written.
pub fn build() -> Outcome<PathBuf> {
    tools::for_build()?;
    let dist = checkout().join("dist");
    let mut trunk = command("trunk")?;
    // Each binary's profile is named in index.html; `--release` only says that this is no debugging build.
    trunk.args(["build", "--release", "--dist"]).arg(&dist);
    // Trunk reads NO_COLOR as a flag with a value, and a developer's own setting would break it.
    trunk.env_remove("NO_COLOR");
    finish(trunk)?;
    for file in assets::files(&dist)?
        .into_iter()
        .filter(|file| file.extension().is_some_and(|e| e == "wasm"))
    {
        wasm::strip(&file)?;
    }
    assets::list_models(&dist)?;
    sbom::write(&dist)?;
    seal::seal(&dist)?;
    hosting::write(&dist)?;
    let version = assets::write_list(&dist)?;
    println!("Version {version}");
    Ok(dist)
}

//! Makes types of the catalogues in `locales/`: one file for each language and screen.

use std::error::Error;
use std::path::PathBuf;

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

/// English first: what the others are compared with.
const LANGUAGES: [&str; 3] = ["en", "es", "de"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let english = std::fs::read_dir("locales/en")?;
    let mut screens = Vec::new();
    for file in english {
        let path = file?.path();
        screens.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    // The order in which a disk lists its files must not get into a build.
    screens.sort();
    let config = Config::new(LANGUAGES[0])?
        .add_locales(&LANGUAGES[1..])?
        .add_namespaces(screens)?
        .parse_options(ParseOptions::default().interpolate_display(true));
    let code = leptos_i18n_codegen::gen_code(&parse_locales(None, config)?, None, true, None, false)?;
    let to = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("Cargo names no folder for what is generated.")?);
    std::fs::write(to.join("catalogues.rs"), code.to_string())?;
    Ok(())
}

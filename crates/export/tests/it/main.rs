//! Every export is read back by something that we did not write. `cargo xtask fuzz` throws random notes at them for as long as
//! it is asked to.

mod cda;
mod deidentify;
mod fhir;
mod hostile;
mod json;
mod markup;
mod notes;
mod office;
mod text;

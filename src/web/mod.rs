//! The surface towards JavaScript: what the worker of the npm package calls, and nothing else.
//!
//! Rust stays strict and JavaScript stays forgiving: the package turns whatever a caller has into RGBA pixels and a
//! string, this module turns results and errors into plain objects and `Error`s, each in one place.

mod clock;
mod device;
mod engine;
mod error;
mod objects;

use wasm_bindgen::prelude::wasm_bindgen;

/// Runs once when the module is instantiated.
#[wasm_bindgen(start)]
fn start() {
    // A panic ends as `unreachable`, which says nothing; the hook prints what it was.
    console_error_panic_hook::set_once();
}

//! The classifier for JavaScript: what the worker of the npm package calls, and nothing else.
//!
//! Rust stays strict and JavaScript stays forgiving: the package turns whatever a caller has into RGBA pixels and a
//! string, this crate turns results and errors into plain objects and `Error`s.

#![cfg(target_arch = "wasm32")]

mod clock;
mod device;
mod engine;
mod objects;
#[cfg(feature = "webgpu")]
mod pipelines;
mod post;

/// Runs once when the module is instantiated.
#[wasm_bindgen::prelude::wasm_bindgen(start)]
fn start() {
    // A panic ends as `unreachable`, which says nothing; the hook prints what it was.
    console_error_panic_hook::set_once();
}

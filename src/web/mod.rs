//! The surface towards JavaScript: what the worker of the npm package calls, and nothing else.
//!
//! Rust stays strict and JavaScript stays forgiving: the package turns whatever a caller has into RGBA pixels and a
//! string, this module turns results and errors into plain objects and `Error`s, each in one place.

#[cfg(feature = "engine")]
mod clock;
#[cfg(feature = "decoder")]
mod decoder;
#[cfg(feature = "engine")]
mod device;
#[cfg(feature = "engine")]
mod engine;
mod error;
#[cfg(feature = "engine")]
mod objects;
#[cfg(feature = "engine")]
mod post;

/// Runs once when the module is instantiated.
#[cfg(feature = "engine")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
fn start() {
    // A panic ends as `unreachable`, which says nothing; the hook prints what it was.
    console_error_panic_hook::set_once();
}

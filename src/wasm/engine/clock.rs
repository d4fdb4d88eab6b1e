//! Time in a browser.

use js_sys::global;
use wasm_bindgen::JsCast;
use web_sys::WorkerGlobalScope;

/// Milliseconds since a moment that stays the same.
pub(super) fn now_ms() -> f64 {
    // Unchecked, because a page has the same `performance` under another scope's name.
    let scope: WorkerGlobalScope = global().unchecked_into();
    scope.performance().map_or(0.0, |performance| performance.now())
}

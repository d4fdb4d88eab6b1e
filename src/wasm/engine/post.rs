//! A post that waits for its batch, as JavaScript holds it.

use emofuse_engine::classifier::PreparedPost;
use wasm_bindgen::prelude::wasm_bindgen;

/// A post ready for the networks. `Engine.classify` takes it away; `free()` gives one up that is not classified.
#[wasm_bindgen(js_name = PreparedPost)]
pub struct Prepared {
    pub(super) post: PreparedPost,
    /// The caption as given: places in it are counted anew for JavaScript.
    pub(super) caption: Option<String>,
    /// How long the image took.
    pub(super) image_ms: f64,
    /// How long the caption took.
    pub(super) caption_ms: f64,
}

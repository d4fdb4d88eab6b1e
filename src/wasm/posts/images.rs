//! Image files that tables name.

use emofuse_posts::Found;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// Finds image files by what a table calls them.
#[wasm_bindgen]
pub struct ImageFinder(emofuse_posts::ImageFinder);

#[wasm_bindgen]
impl ImageFinder {
    /// A finder without files, for a table in this folder of theirs; an empty name is the topmost folder.
    #[wasm_bindgen(constructor)]
    pub fn new(folder: &str) -> Self {
        Self(emofuse_posts::ImageFinder::in_folder(folder))
    }

    /// Adds files by their paths; they are numbered from 0 in the order in which they are added.
    pub fn add(&mut self, paths: Vec<String>) {
        for path in paths {
            self.0.add(&path);
        }
    }

    /// The number of the file that a cell names; `several` if more than one fits, undefined if none does.
    #[wasm_bindgen(unchecked_return_type = "number | 'several' | undefined")]
    pub fn find(&self, cell: &str) -> JsValue {
        match self.0.find(cell) {
            Found::One(index) => JsValue::from_f64(index as f64),
            Found::Several => JsValue::from_str("several"),
            Found::None => JsValue::UNDEFINED,
        }
    }
}

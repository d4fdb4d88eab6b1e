//! Captions of images, and which files of a folder count.

use emofuse_core::caption::written_caption;
use emofuse_posts::{embedded_caption, is_passed_over, sidecar_caption};
use wasm_bindgen::{JsError, prelude::wasm_bindgen};

/// Finds the sidecar files of images among the files of one folder.
#[wasm_bindgen]
pub struct SidecarFinder(emofuse_posts::SidecarFinder);

#[wasm_bindgen]
impl SidecarFinder {
    /// A finder among the names of a folder's files.
    #[wasm_bindgen(constructor)]
    pub fn new(names: Vec<String>) -> Self {
        Self(emofuse_posts::SidecarFinder::new(names))
    }

    /// The places, among the names, of the sidecar files of an image, in the order of preference.
    pub fn find(&self, image: &str) -> Vec<usize> {
        self.0.find(image)
    }
}

/// The caption in a sidecar file; undefined if nobody wrote one in it.
///
/// # Errors
/// An `Error` that says what is wrong with the file and what to do.
#[wasm_bindgen(js_name = sidecarCaption)]
pub fn from_sidecar(name: &str, bytes: &[u8]) -> Result<Option<String>, JsError> {
    sidecar_caption(name, bytes).map_err(|reason| JsError::new(&reason))
}

/// The caption in the metadata of an image file; undefined if there is none.
#[wasm_bindgen(js_name = embeddedCaption)]
pub fn from_metadata(image: &[u8]) -> Option<String> {
    embedded_caption(image)
}

/// The caption that a text is, trimmed; undefined for a placeholder and for text that no person wrote.
#[wasm_bindgen(js_name = writtenCaption)]
pub fn written(text: &str) -> Option<String> {
    written_caption(text)
}

/// Whether a file or a folder of this name is passed over: hidden ones, and thumbnails and bins of systems and programs.
#[wasm_bindgen(js_name = isPassedOver)]
pub fn passed_over(name: &str) -> bool {
    is_passed_over(name)
}

/// Counts files with images or videos that are not read.
#[wasm_bindgen]
#[derive(Default)]
pub struct SkippedFiles(emofuse_posts::SkippedFiles);

#[wasm_bindgen]
impl SkippedFiles {
    /// Counts nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a file by its path, if its name is that of an image or a video that is not read.
    pub fn add(&mut self, path: &str) {
        self.0.add(path);
    }

    /// A sentence for each kind: how many there are, which, and what to do.
    pub fn notes(&self) -> Vec<String> {
        self.0.notes().collect()
    }
}

//! A loaded model on a device, as JavaScript holds it.

use js_sys::Uint8ClampedArray;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    clock::now_ms,
    device::OpenDevice,
    error,
    objects::{Description, EngineResult, Limits, Timings, to_js},
};
use crate::{
    classifier::{BACKEND, Classifier, PreparedPost},
    emotion::Emotion,
    image::{MAX_BYTES, MAX_PIXELS, Picture},
};

/// A loaded model on a device.
#[wasm_bindgen]
pub struct Engine {
    classifier: Classifier,
    opened: OpenDevice,
}

#[wasm_bindgen]
impl Engine {
    /// Opens the device of this build and loads a model file onto it.
    ///
    /// # Errors
    /// An `Error` whose `name` tells what is wrong with the device or the file.
    pub async fn load(model: Vec<u8>) -> Result<Engine, JsValue> {
        let opened = OpenDevice::open().await.map_err(error::to_js)?;
        let classifier = Classifier::load(&model, &opened.device).map_err(error::to_js)?;
        Ok(Self { classifier, opened })
    }

    /// Says which emotion a post conveys. `pixels` are RGBA, row by row, alpha not premultiplied.
    ///
    /// # Errors
    /// An `Error` whose `name` tells what is wrong with the post or the device.
    #[wasm_bindgen(unchecked_return_type = "EngineResult")]
    pub async fn classify(
        &self,
        pixels: Option<Uint8ClampedArray>,
        width: u32,
        height: u32,
        caption: Option<String>,
    ) -> Result<JsValue, JsValue> {
        self.opened.check().map_err(error::to_js)?;
        let started = now_ms();
        let picture = pixels.map(|pixels| Picture::from_rgba(width, height, pixels.to_vec()));
        let picture = picture.transpose().map_err(error::to_js)?;
        let PreparedPost { planes, .. } = self.classifier.prepare(picture.as_ref(), None);
        drop(picture); // up to 400 MB that the network has no use for
        let pictured = now_ms();
        let PreparedPost { caption, .. } = self.classifier.prepare(None, caption.as_deref());
        let prepared = now_ms();
        let prediction = self
            .classifier
            .classify_prepared(PreparedPost { planes, caption })
            .await;
        // A device lost in between is the better reason than whatever could not be read from it.
        self.opened.check().map_err(error::to_js)?;
        let prediction = prediction.map_err(error::to_js)?;
        let timings = Timings {
            picture: pictured - started,
            caption: prepared - pictured,
            model: now_ms() - prepared,
        };
        to_js(&EngineResult::new(&prediction, timings))
    }

    /// Classifies the post inside the model file and compares the scores with those in it.
    ///
    /// # Errors
    /// An `Error` named `BackendError` where the device fails.
    #[wasm_bindgen(js_name = selfTest, unchecked_return_type = "SelfTestReport")]
    pub async fn self_test(&self) -> Result<JsValue, JsValue> {
        self.opened.check().map_err(error::to_js)?;
        to_js(&self.classifier.self_test().await.map_err(error::to_js)?)
    }

    /// Says what is loaded, and what it takes.
    ///
    /// # Errors
    /// None that is known; building an object can fail only where memory does.
    #[wasm_bindgen(unchecked_return_type = "EngineDescription")]
    pub fn describe(&self) -> Result<JsValue, JsValue> {
        let manifest = self.classifier.manifest();
        to_js(&Description {
            id: &manifest.id,
            sha256: self.classifier.sha256(),
            labels: Emotion::ALL,
            limits: Limits {
                max_bytes: MAX_BYTES,
                max_pixels: MAX_PIXELS,
                max_tokens: manifest.architecture.text.max_tokens,
            },
            backend: BACKEND,
            adapter: self.opened.adapter.as_deref(),
        })
    }
}

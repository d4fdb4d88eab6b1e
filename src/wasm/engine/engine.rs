//! A loaded model on a device, as JavaScript holds it.

use emofuse_core::{
    Image,
    image::{MAX_BYTES, MAX_PIXELS},
};
use emofuse_engine::{
    bundle::Digests,
    classifier::Classifier,
    explanation::{Explain, Wanted},
};
use emofuse_error_wasm as error;
use js_sys::Uint8ClampedArray;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    clock::now_ms,
    device::{MAX_BATCH, OpenDevice},
    objects::{
        EngineDescription, EngineResult, Limits, SelfTestReport, Timings, UncertainBelow, features_to_js, to_js,
    },
    post::Prepared,
};

/// A loaded model on a device.
#[wasm_bindgen]
pub struct Engine {
    classifier: Classifier,
    opened: OpenDevice,
}

#[wasm_bindgen]
impl Engine {
    /// Opens the device of this build and loads a model file onto it. `digests`, if it is given, is SHA-256 of the file
    /// without its last 32 bytes, then of the whole file; `crypto.subtle` computes them faster than they would be here.
    ///
    /// # Errors
    /// An `Error` whose `name` tells what is wrong with the device or the file.
    pub async fn load(model: Vec<u8>, digests: Option<Vec<u8>>) -> Result<Engine, JsValue> {
        let opened = OpenDevice::open().await.map_err(error::to_js)?;
        let digests = match digests.as_deref().map(<[u8]>::as_chunks) {
            Some(([body, file], [])) => Some(Digests {
                body: *body,
                file: *file,
            }),
            _ => None,
        };
        let classifier = opened.load(&model, digests).await.map_err(error::to_js)?;
        Ok(Self { classifier, opened })
    }

    /// Loads the first bytes of a model file of `length` bytes, for captions alone: what they need comes first. `classify`
    /// rejects with an `Error` named `ModelIncompleteError` where a post needs more than that. Whether these are the right
    /// bytes is for the caller to check; the self-test needs the whole file.
    ///
    /// # Errors
    /// An `Error` whose `name` tells what is wrong with the file.
    #[cfg(feature = "flex")]
    #[wasm_bindgen(js_name = loadBeginning)]
    pub async fn load_beginning(beginning: Vec<u8>, length: usize) -> Result<Engine, JsValue> {
        let opened = OpenDevice::open().await.map_err(error::to_js)?;
        let classifier = opened.load_beginning(beginning, length).map_err(error::to_js)?;
        Ok(Self { classifier, opened })
    }

    /// Resizes a post's image, whose pixels are then no longer needed, and tokenizes its caption. `pixels` are RGBA, row
    /// by row, alpha not premultiplied.
    ///
    /// # Errors
    /// An `Error` whose `name` tells what is wrong with the post.
    pub fn prepare(
        &self,
        pixels: Option<Uint8ClampedArray>,
        width: u32,
        height: u32,
        caption: Option<String>,
    ) -> Result<Prepared, JsValue> {
        let started = now_ms();
        let image = pixels.map(|pixels| Image::from_rgba(width, height, pixels.to_vec()));
        let image = image.transpose().map_err(error::to_js)?;
        let prepared_image = image.as_ref().map(|image| self.classifier.prepare_image(image));
        drop(image); // up to 400 MB that the network has no use for
        let imaged = now_ms();
        let prepared_caption = caption
            .as_deref()
            .and_then(|caption| self.classifier.prepare_caption(caption));
        let post = self
            .classifier
            .post(prepared_image, prepared_caption)
            .map_err(error::to_js)?;
        Ok(Prepared {
            post,
            caption,
            image_ms: imaged - started,
            caption_ms: now_ms() - imaged,
        })
    }

    /// Classifies posts and, with `explain`, attributes each score to parts of the image and words of the caption; with
    /// `systems`, every system of the model file says what it makes of a post, and without either side. All posts go through the networks in one go; `describe().limits.max_batch` is how many of them are worth it. The posts are taken away.
    ///
    /// # Errors
    /// An `Error` named `BackendError` where the device fails, also where it is lost in the meantime.
    #[wasm_bindgen(unchecked_return_type = "EngineResult[]")]
    pub async fn classify(&self, posts: Vec<Prepared>, explain: bool, systems: bool) -> Result<JsValue, JsValue> {
        let started = now_ms();
        let wanted = Wanted {
            explain: if explain { Explain::Label } else { Explain::Nothing },
            systems,
        };
        let mut captions = Vec::with_capacity(posts.len());
        let mut times = Vec::with_capacity(posts.len());
        let mut prepared = Vec::with_capacity(posts.len());
        for post in posts {
            captions.push(post.caption);
            times.push((post.image_ms, post.caption_ms));
            prepared.push(post.post);
        }
        let work = self.classifier.classify_all(prepared, wanted);
        let predictions = self.opened.run(work).await.map_err(error::to_js)?;
        let model = (now_ms() - started) / predictions.len().max(1) as f64;
        let results: Vec<EngineResult> = predictions
            .into_iter()
            .zip(captions)
            .zip(times)
            .map(|((prediction, text), (image, caption))| {
                let timings = Timings { image, caption, model };
                EngineResult::new(prediction, text.as_deref().unwrap_or_default(), timings)
            })
            .collect();
        to_js(&results)
    }

    /// What the networks make of posts: the features that the system classifies them by. The posts are taken away.
    ///
    /// # Errors
    /// An `Error` named `BackendError` where the device fails, also where it is lost in the meantime.
    #[wasm_bindgen(unchecked_return_type = "PostFeatures[]")]
    pub async fn features(&self, posts: Vec<Prepared>) -> Result<JsValue, JsValue> {
        let posts = posts.into_iter().map(|post| post.post).collect();
        let work = self.classifier.features_of_all(posts);
        let features = self.opened.run(work).await.map_err(error::to_js)?;
        Ok(features_to_js(features)?.into())
    }

    /// Classifies the post inside the model file and compares the scores with those in it.
    ///
    /// # Errors
    /// An `Error` named `BackendError` where the device fails.
    #[wasm_bindgen(js_name = selfTest, unchecked_return_type = "SelfTestReport")]
    pub async fn self_test(&self) -> Result<JsValue, JsValue> {
        let report = self.opened.run(self.classifier.self_test()).await;
        to_js(&SelfTestReport::from(report.map_err(error::to_js)?))
    }

    /// Chooses the precision in which posts are fastest, by timing the post inside the model file; once is enough, and
    /// the results are the same but for what back ends may differ by.
    ///
    /// # Errors
    /// An `Error` named `BackendError` where the device fails.
    pub async fn tune(&self) -> Result<(), JsValue> {
        self.opened.tune(&self.classifier).await.map_err(error::to_js)
    }

    /// Describes what is loaded, and what it takes.
    ///
    /// # Errors
    /// None that is known; building an object can fail only where memory does.
    #[wasm_bindgen(unchecked_return_type = "EngineDescription")]
    pub fn describe(&self) -> Result<JsValue, JsValue> {
        let manifest = self.classifier.manifest();
        to_js(&EngineDescription {
            id: manifest.id.clone(),
            sha256: self.classifier.sha256().to_owned(),
            labels: manifest.labels.labels().to_vec(),
            none: manifest.labels.none().map(|none| manifest.labels.name(none).to_owned()),
            system: manifest.architecture.system(),
            limits: Limits {
                max_bytes: MAX_BYTES,
                max_pixels: MAX_PIXELS,
                max_tokens: manifest.architecture.max_tokens(),
                max_batch: MAX_BATCH,
            },
            uncertain_below: UncertainBelow::of(&self.classifier),
            backend: self.classifier.backend(),
            adapter: self.opened.adapter.clone(),
        })
    }
}

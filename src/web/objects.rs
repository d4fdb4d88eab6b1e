//! The plain objects that JavaScript gets.

use serde::{Serialize, Serializer, ser::SerializeMap};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    classifier::Prediction,
    emotion::{EMOTIONS, Emotion},
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export type Emotion =
    "joy" | "trust" | "fear" | "surprise" | "sadness" | "disgust" | "anger" | "anticipation" | "neutral";

/** A probability for each label; they add up to 1. */
export type Scores = Record<Emotion, number>;

/** What a post conveys. */
export interface EngineResult {
    emotion: Emotion;
    confidence: number;
    scores: Scores;
    image: Scores | null;
    caption: Scores | null;
    agreement: number | null;
    uncertain: boolean;
    timings_ms: { picture: number; caption: number; model: number };
}

/** How the back end did on the post inside the model file. */
export interface SelfTestReport {
    passed: boolean;
    max_difference: number;
    tolerance: number;
}

/** What is loaded, and what it takes. */
export interface EngineDescription {
    id: string;
    sha256: string;
    labels: Emotion[];
    limits: { max_bytes: number; max_pixels: number; max_tokens: number };
    backend: "cpu" | "webgpu";
    adapter: string | null;
}
"#;

/// Turns a value into a plain object that `JSON.stringify` takes: objects for maps, null for what is absent.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

/// Scores by the names of the labels.
struct Scores([f32; EMOTIONS]);

impl Serialize for Scores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(EMOTIONS))?;
        for (emotion, score) in Emotion::ALL.into_iter().zip(self.0) {
            map.serialize_entry(emotion.name(), &score)?;
        }
        map.end()
    }
}

/// Where the time of a classification went.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Timings {
    pub(super) picture: f64,
    pub(super) caption: f64,
    pub(super) model: f64,
}

/// The object that `classify` resolves to.
#[derive(Serialize)]
pub(super) struct EngineResult {
    emotion: Emotion,
    confidence: f32,
    scores: Scores,
    image: Option<Scores>,
    caption: Option<Scores>,
    agreement: Option<f32>,
    uncertain: bool,
    timings_ms: Timings,
}

impl EngineResult {
    pub(super) fn new(prediction: &Prediction, timings_ms: Timings) -> Self {
        Self {
            emotion: prediction.emotion,
            confidence: prediction.confidence,
            scores: Scores(prediction.scores),
            image: prediction.image.map(Scores),
            caption: prediction.caption.map(Scores),
            agreement: prediction.agreement,
            uncertain: prediction.uncertain,
            timings_ms,
        }
    }
}

/// What a caller should check before sending pixels or text.
#[derive(Serialize)]
pub(super) struct Limits {
    pub(super) max_bytes: u64,
    pub(super) max_pixels: u64,
    pub(super) max_tokens: usize,
}

/// The object that `describe` returns.
#[derive(Serialize)]
pub(super) struct Description<'a> {
    pub(super) id: &'a str,
    pub(super) sha256: &'a str,
    pub(super) labels: [Emotion; EMOTIONS],
    pub(super) limits: Limits,
    pub(super) backend: &'static str,
    pub(super) adapter: Option<&'a str>,
}

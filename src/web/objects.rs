//! The plain objects that JavaScript gets.

use serde::{Serialize, Serializer, ser::SerializeMap};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    bundle::Calibration,
    classifier::{Prediction, UncertainReason},
    emotion::{EMOTIONS, Emotion},
    explain::{self, Explanation},
    image::Area,
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export type Emotion =
    "joy" | "trust" | "fear" | "surprise" | "sadness" | "disgust" | "anger" | "anticipation" | "neutral";

/** A reason to doubt an answer. */
export type UncertainReason = "language" | "unknown_words" | "low_confidence" | "sides_disagree";

/** A probability for each label; they add up to 1. */
export type Scores = Record<Emotion, number>;

/** What a post conveys. */
export interface EngineResult {
    emotion: Emotion;
    confidence: number;
    /** The second label, if it is close and right often enough. */
    secondary: Emotion | null;
    scores: Scores;
    image: Scores | null;
    caption: Scores | null;
    agreement: number | null;
    uncertain: boolean;
    /** The reasons to doubt the answer; none if it is certain. */
    uncertain_because: UncertainReason[];
    timings_ms: { picture: number; caption: number; model: number };
    explanation: EngineExplanation | null;
}

/** What speaks for the emotion, above 0, and against it, below 0. */
export interface EngineExplanation {
    emotion: Emotion;
    /** What each part of the picture adds to the logarithm of the score, row by row; null without a picture. */
    heatmap: { width: number; height: number; values: number[]; area: Area } | null;
    /** What the score loses without each word; `start` and `end` count UTF-16 code units. */
    words: { text: string; start: number; end: number; contribution: number }[];
}

/** A part of a picture, in fractions of its width and height. */
export interface Area {
    left: number;
    top: number;
    width: number;
    height: number;
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
    limits: { max_bytes: number; max_pixels: number; max_tokens: number; max_batch: number };
    /** The confidence from which on a post is sure: with a picture and a caption, a picture alone, a caption alone. */
    uncertain_below: { both: number; image: number; caption: number };
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
    secondary: Option<Emotion>,
    scores: Scores,
    image: Option<Scores>,
    caption: Option<Scores>,
    agreement: Option<f32>,
    uncertain: bool,
    uncertain_because: Vec<UncertainReason>,
    timings_ms: Timings,
    explanation: Option<EngineExplanation>,
}

impl EngineResult {
    /// The prediction for a post with this caption.
    pub(super) fn new(prediction: Prediction, caption: &str, timings_ms: Timings) -> Self {
        Self {
            emotion: prediction.emotion,
            confidence: prediction.confidence,
            secondary: prediction.secondary,
            scores: Scores(prediction.scores),
            image: prediction.image.map(Scores),
            caption: prediction.caption.map(Scores),
            agreement: prediction.agreement,
            uncertain: prediction.uncertain,
            uncertain_because: prediction.uncertain_because,
            timings_ms,
            explanation: prediction
                .explanation
                .map(|explanation| EngineExplanation::new(explanation, caption)),
        }
    }
}

/// What speaks for an answer.
#[derive(Serialize)]
struct EngineExplanation {
    emotion: Emotion,
    heatmap: Option<HeatMap>,
    words: Vec<Word>,
}

#[derive(Serialize)]
struct HeatMap {
    width: usize,
    height: usize,
    values: Vec<f32>,
    area: Area,
}

#[derive(Serialize)]
struct Word {
    text: String,
    start: usize,
    end: usize,
    contribution: f32,
}

impl EngineExplanation {
    fn new(explanation: Explanation, caption: &str) -> Self {
        let word = |explain::Word {
                        text,
                        source,
                        contribution,
                    }| {
            let start = utf16_length(&caption[..source.start]);
            Word {
                start,
                end: start + utf16_length(&text),
                text,
                contribution,
            }
        };
        Self {
            emotion: explanation.emotion,
            heatmap: explanation.heat_map.map(|map| HeatMap {
                width: map.width,
                height: map.height,
                values: map.values,
                area: map.area,
            }),
            words: explanation.words.into_iter().map(word).collect(),
        }
    }
}

/// How long a string is in JavaScript.
fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// What a caller should check before sending pixels or text.
#[derive(Serialize)]
pub(super) struct Limits {
    pub(super) max_bytes: u64,
    pub(super) max_pixels: u64,
    pub(super) max_tokens: usize,
    pub(super) max_batch: usize,
}

/// The confidence from which on answers are sure, by what a post has.
#[derive(Serialize)]
pub(super) struct UncertainBelow {
    both: f32,
    image: f32,
    caption: f32,
}

impl UncertainBelow {
    /// As they are for whole posts: an image without a caption stands alone, and so does a caption without an image.
    pub(super) const fn of(calibration: &Calibration) -> Self {
        let Calibration {
            both,
            standalone_image,
            standalone_caption,
            ..
        } = calibration;
        Self {
            both: both.uncertain_below,
            image: standalone_image.uncertain_below,
            caption: standalone_caption.uncertain_below,
        }
    }
}

/// The object that `describe` returns.
#[derive(Serialize)]
pub(super) struct Description<'a> {
    pub(super) id: &'a str,
    pub(super) sha256: &'a str,
    pub(super) labels: [Emotion; EMOTIONS],
    pub(super) limits: Limits,
    pub(super) uncertain_below: UncertainBelow,
    pub(super) backend: &'static str,
    pub(super) adapter: Option<&'a str>,
}

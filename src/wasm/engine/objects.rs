//! The plain objects that JavaScript gets; their TypeScript types are generated from these.

use emofuse_core::emotion::EMOTIONS;
use emofuse_engine::{
    bundle::Calibration,
    classifier::{self, Prediction},
    explanation::{self, Explanation},
    preprocessing,
};
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::JsValue;

/// An emotion that a post can convey.
#[derive(Clone, Copy, Serialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub(super) enum Emotion {
    Joy,
    Trust,
    Fear,
    Surprise,
    Sadness,
    Disgust,
    Anger,
    Anticipation,
    Neutral,
}

impl From<emofuse_core::Emotion> for Emotion {
    fn from(emotion: emofuse_core::Emotion) -> Self {
        match emotion {
            emofuse_core::Emotion::Joy => Self::Joy,
            emofuse_core::Emotion::Trust => Self::Trust,
            emofuse_core::Emotion::Fear => Self::Fear,
            emofuse_core::Emotion::Surprise => Self::Surprise,
            emofuse_core::Emotion::Sadness => Self::Sadness,
            emofuse_core::Emotion::Disgust => Self::Disgust,
            emofuse_core::Emotion::Anger => Self::Anger,
            emofuse_core::Emotion::Anticipation => Self::Anticipation,
            emofuse_core::Emotion::Neutral => Self::Neutral,
        }
    }
}

/// A reason to doubt a result.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub(super) enum UncertainReason {
    Language,
    UnknownWords,
    LowConfidence,
    #[serde(rename = "sides_disagree")]
    ModalitiesDisagree,
}

impl From<classifier::UncertainReason> for UncertainReason {
    fn from(reason: classifier::UncertainReason) -> Self {
        match reason {
            classifier::UncertainReason::Language => Self::Language,
            classifier::UncertainReason::UnknownWords => Self::UnknownWords,
            classifier::UncertainReason::LowConfidence => Self::LowConfidence,
            classifier::UncertainReason::ModalitiesDisagree => Self::ModalitiesDisagree,
        }
    }
}

/// A probability for each label; they add up to 1.
#[derive(Serialize, Tsify)]
pub(super) struct Scores {
    joy: f32,
    trust: f32,
    fear: f32,
    surprise: f32,
    sadness: f32,
    disgust: f32,
    anger: f32,
    anticipation: f32,
    neutral: f32,
}

impl From<[f32; EMOTIONS]> for Scores {
    fn from(
        [
            joy,
            trust,
            fear,
            surprise,
            sadness,
            disgust,
            anger,
            anticipation,
            neutral,
        ]: [f32; EMOTIONS],
    ) -> Self {
        Self {
            joy,
            trust,
            fear,
            surprise,
            sadness,
            disgust,
            anger,
            anticipation,
            neutral,
        }
    }
}

/// Turns a value into a plain object that `JSON.stringify` takes: objects for maps, null for what is absent.
pub(super) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

/// Where the time of a classification went, in milliseconds.
#[derive(Clone, Copy, Serialize, Tsify)]
pub(super) struct Timings {
    /// Scaling and cropping of the image.
    #[serde(rename = "picture")]
    pub(super) image: f64,
    /// Tokens of the caption.
    pub(super) caption: f64,
    /// The networks.
    pub(super) model: f64,
}

/// What a post conveys.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub(super) struct EngineResult {
    emotion: Emotion,
    confidence: f32,
    /// The second label, if it is close and right often enough.
    secondary: Option<Emotion>,
    scores: Scores,
    image: Option<Scores>,
    caption: Option<Scores>,
    agreement: Option<f32>,
    uncertain: bool,
    /// The reasons to doubt the result; none if it is certain.
    uncertain_because: Vec<UncertainReason>,
    timings_ms: Timings,
    explanation: Option<EngineExplanation>,
}

impl EngineResult {
    /// The prediction for a post with this caption.
    pub(super) fn new(prediction: Prediction, caption: &str, timings_ms: Timings) -> Self {
        Self {
            emotion: prediction.emotion.into(),
            confidence: prediction.confidence,
            secondary: prediction.secondary.map(Into::into),
            scores: prediction.scores.into(),
            image: prediction.image.map(Into::into),
            caption: prediction.caption.map(Into::into),
            agreement: prediction.agreement,
            uncertain: prediction.uncertain,
            uncertain_because: prediction.uncertain_because.into_iter().map(Into::into).collect(),
            timings_ms,
            explanation: prediction
                .explanation
                .map(|explanation| EngineExplanation::new(explanation, caption)),
        }
    }
}

/// What speaks for the emotion, above 0, and against it, below 0.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
struct EngineExplanation {
    emotion: Emotion,
    /// Null without an image.
    heatmap: Option<HeatMap>,
    /// Every word of the caption, in order.
    words: Vec<Word>,
}

/// What each part of the image adds to the logarithm of the score.
#[derive(Serialize, Tsify)]
struct HeatMap {
    width: usize,
    height: usize,
    /// Row by row.
    values: Vec<f32>,
    /// The part of the image that the cells cover.
    area: Area,
}

/// A part of an image, in fractions of its width and height.
#[derive(Serialize, Tsify)]
struct Area {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl From<preprocessing::Area> for Area {
    fn from(area: preprocessing::Area) -> Self {
        let preprocessing::Area {
            left,
            top,
            width,
            height,
        } = area;
        Self {
            left,
            top,
            width,
            height,
        }
    }
}

/// A word and what the score loses without it.
#[derive(Serialize, Tsify)]
struct Word {
    text: String,
    /// Where it begins in the caption, in UTF-16 code units.
    start: usize,
    /// Where it ends.
    end: usize,
    contribution: f32,
}

impl EngineExplanation {
    fn new(explanation: Explanation, caption: &str) -> Self {
        let word = |explanation::Word {
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
            emotion: explanation.emotion.into(),
            heatmap: explanation.heat_map.map(|map| HeatMap {
                width: map.width,
                height: map.height,
                values: map.values,
                area: map.area.into(),
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
#[derive(Serialize, Tsify)]
pub(super) struct Limits {
    pub(super) max_bytes: u64,
    pub(super) max_pixels: u64,
    pub(super) max_tokens: usize,
    pub(super) max_batch: usize,
}

/// The confidence from which on a result is sure, for posts with an image and a caption, an image alone, a caption alone.
#[derive(Serialize, Tsify)]
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

/// What is loaded, and what it takes.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub(super) struct EngineDescription {
    pub(super) id: String,
    pub(super) sha256: String,
    pub(super) labels: Vec<Emotion>,
    pub(super) limits: Limits,
    pub(super) uncertain_below: UncertainBelow,
    #[tsify(type = r#""cpu" | "webgpu""#)]
    pub(super) backend: &'static str,
    /// The graphics adapter, where there is one and it has a name.
    pub(super) adapter: Option<String>,
}

/// How the back end did on the post inside the model file.
#[derive(Serialize, Tsify)]
pub(super) struct SelfTestReport {
    passed: bool,
    max_difference: f32,
    tolerance: f32,
}

impl From<classifier::SelfTestReport> for SelfTestReport {
    fn from(report: classifier::SelfTestReport) -> Self {
        let classifier::SelfTestReport {
            passed,
            max_difference,
            tolerance,
        } = report;
        Self {
            passed,
            max_difference,
            tolerance,
        }
    }
}

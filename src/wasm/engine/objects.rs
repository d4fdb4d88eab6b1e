//! The plain objects that JavaScript gets; their TypeScript types are generated from these.

use emofuse_core::{Label, LabelSet, Scores};
use emofuse_engine::{
    classifier::{self, Classifier, Features, Prediction, SystemAnswer},
    explanation::{self, Explanation},
    model::fusion::Modality,
    preprocessing,
};
use js_sys::{Float32Array, Object, Reflect};
use serde::{Serialize, Serializer, ser::SerializeMap};
use tsify::Tsify;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// A label that has more than a name, as TypeScript sees it.
#[wasm_bindgen(typescript_custom_section)]
const LABEL: &str = r##"
/** A label that has more than a name. */
export interface Label {
    name: string;
    /** For charts, as `#rrggbb`. */
    colour?: string;
    /** The heading under which it is listed. */
    group?: string;
}

/** What the networks make of a post: null for what it lacks or the model does not read. */
export interface PostFeatures {
    image: Float32Array | null;
    caption: Float32Array | null;
}
"##;

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

/// A probability for each label, under its name; they add up to 1.
struct ByLabel {
    labels: LabelSet,
    scores: Scores,
}

impl Serialize for ByLabel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.scores.len()))?;
        for (name, score) in self.labels.names().zip(&self.scores) {
            map.serialize_entry(name, score)?;
        }
        map.end()
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
    /// The label with the highest score.
    emotion: String,
    confidence: f32,
    /// The second label, if it is close and right often enough.
    secondary: Option<String>,
    #[tsify(type = "Record<string, number>")]
    scores: ByLabel,
    #[tsify(type = "Record<string, number> | null")]
    image: Option<ByLabel>,
    #[tsify(type = "Record<string, number> | null")]
    caption: Option<ByLabel>,
    agreement: Option<f32>,
    uncertain: bool,
    /// The reasons to doubt the result; none if it is certain.
    uncertain_because: Vec<UncertainReason>,
    timings_ms: Timings,
    explanation: Option<EngineExplanation>,
    /// What each system of the model file says, the one that answers first; null unless it was asked for.
    systems: Option<Vec<EngineSystem>>,
}

/// What a system says of a post.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
struct EngineSystem {
    name: String,
    #[tsify(type = "Record<string, number>")]
    scores: ByLabel,
    /// Without the caption; null without an image, or if the system does not read images.
    #[tsify(type = "Record<string, number> | null")]
    image: Option<ByLabel>,
    /// Without the image; null without a caption, or if the system does not read captions.
    #[tsify(type = "Record<string, number> | null")]
    caption: Option<ByLabel>,
}

impl EngineResult {
    /// The prediction for a post with this caption.
    pub(super) fn new(prediction: Prediction, caption: &str, timings_ms: Timings) -> Self {
        let labels = prediction.labels;
        let name = |label: usize| labels.name(label).to_owned();
        let scores = |scores: Scores| ByLabel {
            labels: labels.clone(),
            scores,
        };
        let system = |system: SystemAnswer| EngineSystem {
            name: system.name,
            scores: scores(system.scores),
            image: system.image.map(scores),
            caption: system.caption.map(scores),
        };
        let systems = prediction
            .systems
            .map(|systems| systems.into_iter().map(system).collect());
        Self {
            emotion: name(prediction.label),
            confidence: prediction.confidence,
            secondary: prediction.secondary.map(name),
            scores: scores(prediction.scores),
            image: prediction.image.map(scores),
            caption: prediction.caption.map(scores),
            agreement: prediction.agreement,
            uncertain: prediction.uncertain,
            uncertain_because: prediction.uncertain_because.into_iter().map(Into::into).collect(),
            timings_ms,
            explanation: prediction
                .explanation
                .map(|explanation| EngineExplanation::new(explanation, &labels, caption)),
            systems,
        }
    }
}

/// What raises the label's score, above 0, and what lowers it, below 0.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
struct EngineExplanation {
    emotion: String,
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
    fn new(explanation: Explanation, labels: &LabelSet, caption: &str) -> Self {
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
            emotion: labels.name(explanation.label).to_owned(),
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
    pub(super) fn of(classifier: &Classifier) -> Self {
        let below = |kind: Modality| {
            let head = classifier.heads().of_whole(kind);
            head.calibrated(kind, &classifier.manifest().calibration)
                .uncertain_below
        };
        Self {
            both: below(Modality::Both),
            image: below(Modality::Image),
            caption: below(Modality::Caption),
        }
    }
}

/// The features of posts as plain objects.
pub(super) fn features_to_js(posts: Vec<Features>) -> Result<js_sys::Array, JsValue> {
    let array = js_sys::Array::new();
    for Features { image, caption } in posts {
        let object = Object::new();
        for (key, features) in [("image", image), ("caption", caption)] {
            let value = features.map_or(JsValue::NULL, |features| Float32Array::from(features.as_slice()).into());
            Reflect::set(&object, &key.into(), &value)?;
        }
        array.push(&object);
    }
    Ok(array)
}

/// What is loaded, and what it takes.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub(super) struct EngineDescription {
    pub(super) id: String,
    pub(super) sha256: String,
    /// The labels in the order of the scores.
    #[tsify(type = "(string | Label)[]")]
    pub(super) labels: Vec<Label>,
    /// The label that says that none of the others applies.
    pub(super) none: Option<String>,
    /// The system that classifies posts: `common_space`, `joint`, `early`, `late`, `image`, `caption` or `fasttext`.
    pub(super) system: &'static str,
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

//! A prediction as JSON: the same names in all outputs of the command line and in JavaScript; see docs/json.md.

use emofuse::{
    LabelSet,
    classifier::{Prediction, SystemAnswer, UncertainReason},
    explanation::{Explanation, HeatMap, Word},
    preprocessing::Area,
    request::CPU,
};
use serde::Serialize;

use super::{model::ModelIdentity, scores::ByLabel};

/// A prediction with the model that made it.
#[derive(Clone, Serialize)]
pub struct PredictionJson {
    pub emotion: String,
    pub confidence: f32,
    pub secondary: Option<String>,
    pub scores: ByLabel<f32>,
    /// Scores of the image alone.
    pub image: Option<ByLabel<f32>>,
    /// Scores of the caption alone.
    pub caption: Option<ByLabel<f32>>,
    pub agreement: Option<f32>,
    pub uncertain: bool,
    pub uncertain_because: Vec<UncertainReason>,
    /// Absent unless it was requested, as in JavaScript.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<ExplanationJson>,
    /// Absent unless it was requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    systems: Option<Vec<SystemJson>>,
    backend: &'static str,
    model: ModelIdentity,
}

#[derive(Clone, Serialize)]
struct SystemJson {
    name: String,
    scores: ByLabel<f32>,
    image: Option<ByLabel<f32>>,
    caption: Option<ByLabel<f32>>,
}

#[derive(Clone, Serialize)]
struct ExplanationJson {
    emotion: String,
    heatmap: Option<HeatMapJson>,
    words: Vec<WordJson>,
}

#[derive(Clone, Serialize)]
struct HeatMapJson {
    width: usize,
    height: usize,
    /// Row by row.
    values: Vec<f32>,
    area: Area,
}

/// `start` and `end` count UTF-16 code units of the caption.
#[derive(Clone, Serialize)]
struct WordJson {
    text: String,
    start: usize,
    end: usize,
    contribution: f32,
}

impl PredictionJson {
    /// The prediction for a post with this caption; it is empty where there is none.
    pub fn new(prediction: &Prediction, caption: &str, model: ModelIdentity) -> Self {
        let explanation = prediction.explanation.as_ref();
        let labels = &prediction.labels;
        let scores = |scores: &Vec<f32>| ByLabel::new(labels, scores.clone());
        let system = |system: &SystemAnswer| SystemJson {
            name: system.name.clone(),
            scores: scores(&system.scores),
            image: system.image.as_ref().map(scores),
            caption: system.caption.as_ref().map(scores),
        };
        let systems = prediction.systems.as_ref();
        Self {
            emotion: prediction.name().into(),
            confidence: prediction.confidence,
            secondary: prediction.secondary.map(|label| labels.name(label).into()),
            scores: scores(&prediction.scores),
            image: prediction.image.as_ref().map(scores),
            caption: prediction.caption.as_ref().map(scores),
            agreement: prediction.agreement,
            uncertain: prediction.uncertain,
            uncertain_because: prediction.uncertain_because.clone(),
            explanation: explanation.map(|explanation| ExplanationJson::new(explanation, labels, caption)),
            systems: systems.map(|systems| systems.iter().map(system).collect()),
            backend: CPU,
            model,
        }
    }
}

impl ExplanationJson {
    fn new(explanation: &Explanation, labels: &LabelSet, caption: &str) -> Self {
        Self {
            emotion: labels.name(explanation.label).into(),
            heatmap: explanation.heat_map.as_ref().map(HeatMapJson::new),
            words: explanation
                .words
                .iter()
                .map(|word| WordJson::new(word, caption))
                .collect(),
        }
    }
}

impl HeatMapJson {
    fn new(map: &HeatMap) -> Self {
        Self {
            width: map.width,
            height: map.height,
            values: map.values.clone(),
            area: map.area,
        }
    }
}

impl WordJson {
    fn new(word: &Word, caption: &str) -> Self {
        let start = utf16_length(&caption[..word.source.start]);
        Self {
            text: word.text.clone(),
            start,
            end: start + utf16_length(&word.text),
            contribution: word.contribution,
        }
    }
}

fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_utf_16_and_the_map_is_row_by_row() {
        let caption = "naïve 🎈 joy";
        let word = |text: &str, contribution| {
            let start = caption.find(text).expect("a word of the caption");
            Word {
                text: text.into(),
                source: start..start + text.len(),
                contribution,
            }
        };
        let explanation = Explanation {
            label: 0,
            heat_map: Some(HeatMap {
                width: 2,
                height: 2,
                values: vec![1.0, 0.0, -0.5, 0.5],
                area: Area {
                    left: 0.25,
                    top: 0.0,
                    width: 0.5,
                    height: 1.0,
                },
            }),
            words: vec![word("naïve", -0.02), word("🎈", 0.1), word("joy", 0.4)],
        };
        let json =
            serde_json::to_string(&ExplanationJson::new(&explanation, &LabelSet::plutchik(), caption)).expect("JSON");
        let expected = concat!(
            r#"{"emotion":"joy","heatmap":{"width":2,"height":2,"values":[1.0,0.0,-0.5,0.5],"#,
            r#""area":{"left":0.25,"top":0.0,"width":0.5,"height":1.0}},"#,
            r#""words":[{"text":"naïve","start":0,"end":5,"contribution":-0.02},"#,
            r#"{"text":"🎈","start":6,"end":8,"contribution":0.1},"#,
            r#"{"text":"joy","start":9,"end":12,"contribution":0.4}]}"#
        );
        assert_eq!(json, expected);
    }
}

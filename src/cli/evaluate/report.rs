//! What an evaluation found.

use std::{collections::BTreeMap, fmt::Write};

use emofuse::{Emotion, bundle::Calibration, classifier::Prediction, metrics::LabelScore};
use serde::Serialize;

use super::{
    Modality, Target, misclassified::Misclassified, occlusion::Occlusion, standalone_captions::StandaloneCaptionsReport,
};
use crate::cli::{model::ModelIdentity, scores::ByEmotion};

/// Why a row took no part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// It has no label to compare with.
    NoTarget,
    /// Its label is none of those selected.
    OtherLabel,
    /// It has several labels where one is measured.
    SeveralLabels,
    /// It has no image, and only images are measured.
    NoImage,
    /// It has no caption with a word in it, and only captions are measured.
    NoCaption,
    /// It has neither.
    Empty,
    /// Its image is not where the table says.
    MissingImage,
    /// Its image cannot be decoded.
    UnreadableImage,
}

impl Skip {
    fn for_people(self) -> &'static str {
        match self {
            Self::NoTarget => "without a label",
            Self::OtherLabel => "with another label",
            Self::SeveralLabels => "with several labels",
            Self::NoImage => "without an image",
            Self::NoCaption => "without a caption with a word in it",
            Self::Empty => "with neither image nor caption",
            Self::MissingImage => "whose image is missing",
            Self::UnreadableImage => "whose image cannot be read",
        }
    }
}

/// How many rows took no part, by reason.
pub type Skipped = BTreeMap<Skip, usize>;

/// What an evaluation found.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Report {
    Posts(Box<PostsReport>),
    Captions(Box<CaptionsReport>),
    StandaloneCaptions(Box<StandaloneCaptionsReport>),
}

/// Of posts, each of which has one label.
#[derive(Serialize)]
pub struct PostsReport {
    pub n: usize,
    pub accuracy: f64,
    /// Over the labels that occur in the truth.
    pub macro_f1: f64,
    /// Answers that are the first or the second label; `None` where the table has no second labels.
    pub first_or_second: Option<f64>,
    pub per_class: ByEmotion<LabelScore, 9>,
    pub ece: f64,
    pub selective: Selective,
    pub secondary: Secondary,
    /// `None` where fewer than two of the rows have a human valence.
    pub valence_r: Option<f64>,
    pub valence_n: usize,
    pub skipped: Skipped,
    pub modality: Modality,
    /// `None` where a column was named instead.
    pub target: Option<Target>,
    pub target_column: String,
    /// The labels that answers were restricted to.
    pub labels: Option<Vec<Emotion>>,
    pub split: Option<String>,
    pub model: ModelIdentity,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Misclassified>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occlusion: Option<Occlusion>,
}

/// How good the answers are that were given without "not sure".
#[derive(Serialize)]
pub struct Selective {
    /// Their share of all answers.
    pub coverage: f64,
    /// `None` where there are none.
    pub accuracy: Option<f64>,
    /// The confidence that an answer needs, by what it rests on.
    pub uncertain_below: BTreeMap<&'static str, f32>,
}

impl Selective {
    pub fn new(truths: &[Emotion], predictions: &[Prediction], calibration: &Calibration) -> Self {
        let sure: Vec<bool> = truths
            .iter()
            .zip(predictions)
            .filter(|(_, prediction)| !prediction.uncertain)
            .map(|(truth, prediction)| prediction.emotion == *truth)
            .collect();
        let right = sure.iter().filter(|right| **right).count();
        Self {
            coverage: sure.len() as f64 / truths.len().max(1) as f64,
            accuracy: (!sure.is_empty()).then(|| right as f64 / sure.len() as f64),
            uncertain_below: BTreeMap::from(
                [
                    ("both", calibration.both),
                    ("image", calibration.image),
                    ("caption", calibration.caption),
                    ("standalone_image", calibration.standalone_image),
                    ("standalone_caption", calibration.standalone_caption),
                ]
                .map(|(kind, calibrated)| (kind, calibrated.uncertain_below)),
            ),
        }
    }

    pub fn for_people(&self) -> String {
        match self.accuracy {
            Some(accuracy) => format!("{accuracy:.3} accuracy of the {:.1} % answered", self.coverage * 100.0),
            None => "no post".into(),
        }
    }
}

/// How often a second label is given, and how often it is right.
#[derive(Serialize)]
pub struct Secondary {
    /// The share of answers with a second label.
    pub given: f64,
    /// The share of second labels that are among a row's labels; `None` where none is given.
    pub precision: Option<f64>,
}

impl Secondary {
    /// From the labels of each row and the second label of its answer.
    pub fn new(rows: impl Iterator<Item = (Vec<Emotion>, Option<Emotion>)>) -> Self {
        let rows: Vec<_> = rows.collect();
        let given: Vec<bool> = rows
            .iter()
            .filter_map(|(labels, secondary)| Some(labels.contains(&(*secondary)?)))
            .collect();
        let right = given.iter().filter(|right| **right).count();
        Self {
            given: given.len() as f64 / rows.len().max(1) as f64,
            precision: (!given.is_empty()).then(|| right as f64 / given.len() as f64),
        }
    }

    pub fn for_people(&self) -> String {
        match self.precision {
            Some(precision) => format!("{:.1} % of answers, {precision:.3} right", self.given * 100.0),
            None => "none".into(),
        }
    }
}

/// Of captions, each of which may have several labels.
#[derive(Serialize)]
pub struct CaptionsReport {
    pub n: usize,
    /// Over the labels that occur in the truth.
    pub macro_f1: f64,
    pub per_class: ByEmotion<LabelScore, 8>,
    pub skipped: Skipped,
    pub source: Option<String>,
    pub split: Option<String>,
    pub model: ModelIdentity,
}

impl Report {
    /// The mistakes, if they were requested.
    pub fn errors(&self) -> Option<&Misclassified> {
        match self {
            Self::Posts(report) => report.errors.as_ref(),
            Self::Captions(_) | Self::StandaloneCaptions(_) => None,
        }
    }

    /// The report as a short text.
    pub fn for_people(&self) -> String {
        let (per_class, skipped, labels): (&[LabelScore], _, _) = match self {
            Self::Posts(report) => (&report.per_class.0, &report.skipped, report.labels.as_deref()),
            Self::Captions(report) => (&report.per_class.0, &report.skipped, None),
            Self::StandaloneCaptions(report) => (
                report.per_class.as_ref().map_or(&[], |per_class| &per_class.0),
                &report.skipped,
                report.labels.as_deref(),
            ),
        };
        let labels = labels.unwrap_or(&Emotion::ALL);
        let mut text = match self {
            Self::Posts(report) => {
                let valence = report.valence_r.map_or_else(
                    || "unknown".into(),
                    |r| format!("{r:.3} with the human rating of {} posts", report.valence_n),
                );
                format!(
                    "posts               {}\naccuracy            {:.3}\nfirst or second     {}\nmacro-F1            {:.3}\ncalibration error   {:.3}\nwhere it is sure    {}\nsecond labels       {}\nvalence, Pearson r  {valence}\n",
                    report.n,
                    report.accuracy,
                    report
                        .first_or_second
                        .map_or_else(|| "unknown".into(), |share| format!("{share:.3}")),
                    report.macro_f1,
                    report.ece,
                    report.selective.for_people(),
                    report.secondary.for_people()
                )
            }
            Self::StandaloneCaptions(report) => report.for_people(),
            Self::Captions(report) => {
                format!(
                    "captions            {}\nmacro-F1            {:.3}\n",
                    report.n, report.macro_f1
                )
            }
        };
        if !per_class.is_empty() {
            let _ = writeln!(
                text,
                "\n{:<14}{:>10}{:>10}{:>10}{:>10}",
                "", "precision", "recall", "F1", "rows"
            );
        }
        for (emotion, score) in Emotion::ALL.into_iter().zip(per_class) {
            if !labels.contains(&emotion) {
                continue;
            }
            let LabelScore {
                precision,
                recall,
                f1,
                support,
            } = score;
            let _ = writeln!(
                text,
                "{:<14}{precision:>10.3}{recall:>10.3}{f1:>10.3}{support:>10}",
                emotion.name()
            );
        }
        if let Self::Posts(report) = self
            && let Some(occlusion) = &report.occlusion
        {
            let _ = write!(text, "\n{}", occlusion.for_people());
        }
        for (skip, count) in skipped {
            let _ = write!(text, "\nskipped: {count} {}", skip.for_people());
        }
        text.trim_end().to_owned()
    }
}

//! What an evaluation found.

use std::fmt::Write;

use emofuse::metrics::LabelScore;
use serde::Serialize;

use super::{
    Modality, Target,
    misclassified::Misclassified,
    occlusion::Occlusion,
    selective::{Secondary, Selective},
    skipped::Skipped,
    standalone_captions::StandaloneCaptionsReport,
};
use crate::cli::{model::ModelIdentity, scores::ByLabel};

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
    pub per_class: ByLabel<LabelScore>,
    pub ece: f64,
    pub selective: Selective,
    pub secondary: Secondary,
    /// `None` where fewer than two of the rows have a human valence, or the labels have none.
    pub valence_r: Option<f64>,
    pub valence_n: usize,
    pub skipped: Skipped,
    pub modality: Modality,
    /// `None` where a column was named instead.
    pub target: Option<Target>,
    pub target_column: String,
    /// The labels that answers were restricted to.
    pub labels: Option<Vec<String>>,
    pub split: Option<String>,
    pub model: ModelIdentity,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Misclassified>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occlusion: Option<Occlusion>,
}

/// Of captions, each of which may have several labels.
#[derive(Serialize)]
pub struct CaptionsReport {
    pub n: usize,
    /// Over the labels that occur in the truth.
    pub macro_f1: f64,
    pub per_class: ByLabel<LabelScore>,
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
        let (per_class, skipped, labels) = match self {
            Self::Posts(report) => (Some(&report.per_class), &report.skipped, report.labels.as_deref()),
            Self::Captions(report) => (Some(&report.per_class), &report.skipped, None),
            Self::StandaloneCaptions(report) => (report.per_class.as_ref(), &report.skipped, report.labels.as_deref()),
        };
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
        if let Some(per_class) = per_class {
            let is_shown = |name: &str| labels.is_none_or(|labels| labels.iter().any(|label| label == name));
            let shown: Vec<(&str, &LabelScore)> = per_class.iter().filter(|(name, _)| is_shown(name)).collect();
            let longest = shown.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
            let indent = (longest + 2).max(14);
            let _ = writeln!(
                text,
                "\n{:<indent$}{:>10}{:>10}{:>10}{:>10}",
                "", "precision", "recall", "F1", "rows"
            );
            for (name, score) in shown {
                let LabelScore {
                    precision,
                    recall,
                    f1,
                    support,
                } = score;
                let _ = writeln!(
                    text,
                    "{name:<indent$}{precision:>10.3}{recall:>10.3}{f1:>10.3}{support:>10}"
                );
            }
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

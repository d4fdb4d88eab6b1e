//! `emofuse classify`: one post.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::Args;
use emofuse::{
    Error, Image, LabelSet,
    classifier::{Prediction, SystemAnswer, UncertainReason},
    explanation::{Explain, Wanted},
    metrics::most_likely,
};

use super::{
    explanation,
    input::read_encoded,
    model::{ModelArguments, ModelIdentity},
    prediction_json::PredictionJson,
    scores::{bar, percent},
};

/// Say what a post conveys
#[derive(Args)]
pub struct Arguments {
    /// The post's image: a JPEG, PNG, WebP, GIF or BMP file
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// The post's caption
    #[arg(long, value_name = "TEXT")]
    caption: Option<String>,
    #[command(flatten)]
    model: ModelArguments,
    /// Say what raises the score: words of the caption, parts of the image
    #[arg(long)]
    explain: bool,
    /// Show what each system of the model file says, and what it says without the image or the caption
    #[arg(long)]
    systems: bool,
    /// Print one JSON object, described in docs/json.md
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let caption = arguments
        .caption
        .as_deref()
        .filter(|caption| !caption.trim().is_empty());
    if arguments.image.is_none() && caption.is_none() {
        return Err(Error::EmptyPost.into());
    }
    let image = match &arguments.image {
        Some(path) => Some(read(path).with_context(|| path.display().to_string())?),
        None => None,
    };
    let classifier = arguments.model.load()?;
    let wanted = Wanted {
        explain: if arguments.explain {
            Explain::Label
        } else {
            Explain::Nothing
        },
        systems: arguments.systems,
    };
    let posts = vec![classifier.prepare(image.as_ref(), caption)?];
    let predictions = classifier.classify_all_blocking(posts, wanted)?;
    let prediction = predictions.into_iter().next().ok_or(Error::EmptyPost)?;
    if arguments.json {
        let model = ModelIdentity::of(&classifier);
        let json = PredictionJson::new(&prediction, caption.unwrap_or_default(), model);
        return super::print_data(&serde_json::to_string(&json)?);
    }
    super::print(&for_people(&prediction))
}

fn read(path: &Path) -> emofuse::Result<Image> {
    emofuse::decode::decode(&read_encoded(path)?)
}

/// A reason to doubt an answer, for people.
fn explained(reason: UncertainReason) -> &'static str {
    match reason {
        UncertainReason::Language => "the caption does not seem to be English, the only language the model knows",
        UncertainReason::UnknownWords => "the model does not know most words of the caption",
        UncertainReason::LowConfidence => "no label is likely enough",
        UncertainReason::ModalitiesDisagree => "image and caption convey different things",
    }
}

const BAR_WIDTH: usize = 16;

/// The least width of the labels' names.
const NAME_WIDTH: usize = 14;

fn for_people(prediction: &Prediction) -> String {
    let (labels, label) = (&prediction.labels, prediction.name());
    let certainty = percent(prediction.confidence);
    let second = prediction
        .secondary
        .map_or_else(String::new, |second| format!(", or {}", labels.name(second)));
    let mut text = if prediction.uncertain {
        format!("not sure; most likely {label}{second}, {certainty}\n")
    } else {
        format!("{label}{second}, {certainty}\n")
    };
    for reason in &prediction.uncertain_because {
        let _ = writeln!(text, "{}", explained(*reason));
    }
    if let (Some(image), Some(caption)) = (&prediction.image, &prediction.caption) {
        let (image, caption) = (most_likely(image), most_likely(caption));
        if image != caption {
            let (image, caption) = (labels.name(image), labels.name(caption));
            let _ = writeln!(text, "they disagree: the image conveys {image}, the caption {caption}");
        }
    }
    text.push('\n');
    text.push_str(&table(labels, &columns(prediction)));
    if let Some(systems) = &prediction.systems {
        text.push_str("\n\n");
        text.push_str(&systems_table(labels, systems));
    }
    if let Some(explanation) = &prediction.explanation {
        text.push_str("\n\n");
        text.push_str(&explanation::for_people(explanation, labels));
    }
    text
}

type Column<'a> = (&'static str, &'a [f32]);

/// A post with an image alone has nothing to compare: its scores are the image's.
fn columns(prediction: &Prediction) -> Vec<Column<'_>> {
    match (&prediction.image, &prediction.caption) {
        (Some(image), Some(caption)) => {
            vec![("both", &prediction.scores), ("image", image), ("caption", caption)]
        }
        (Some(_), None) => vec![("image", &prediction.scores)],
        _ => vec![("caption", &prediction.scores)],
    }
}

fn table(labels: &LabelSet, columns: &[Column<'_>]) -> String {
    let width = BAR_WIDTH + " 100 %".len();
    let longest = labels.names().map(|name| name.chars().count()).max().unwrap_or(0);
    let indent = (longest + 2).max(NAME_WIDTH);
    let mut lines = vec![format!("{:<indent$}", "")];
    lines.extend(labels.names().map(|name| format!("{name:<indent$}")));
    for (title, scores) in columns {
        let cells = scores
            .iter()
            .map(|score| format!("{:>5} {}", percent(*score), bar(*score, BAR_WIDTH)));
        for (line, cell) in lines.iter_mut().zip(std::iter::once((*title).to_owned()).chain(cells)) {
            let _ = write!(line, "{cell:<width$}  ");
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

/// What each system says of a post, a line each.
fn systems_table(labels: &LabelSet, systems: &[SystemAnswer]) -> String {
    let answer = |scores: Option<&Vec<f32>>| match scores {
        Some(scores) => {
            let label = most_likely(scores);
            format!("{} {}", labels.name(label), percent(scores[label]))
        }
        None => "-".into(),
    };
    let titles = ["system", "post", "without caption", "without image"].map(String::from);
    let rows = systems.iter().map(|system| {
        [
            system.name.clone(),
            answer(Some(&system.scores)),
            answer(system.image.as_ref()),
            answer(system.caption.as_ref()),
        ]
    });
    let rows: Vec<[String; 4]> = std::iter::once(titles).chain(rows).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0) + 2
    };
    let widths: Vec<usize> = (0..4).map(width).collect();
    let line = |row: &[String; 4]| {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:<width$}");
        }
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOY: usize = 0;
    const TRUST: usize = 1;
    const FEAR: usize = 2;

    fn scores(label: usize) -> Vec<f32> {
        let mut scores = vec![0.05; 9];
        scores[label] = 0.6;
        scores
    }

    fn prediction() -> Prediction {
        Prediction {
            labels: LabelSet::plutchik(),
            label: JOY,
            confidence: 0.6,
            scores: scores(JOY),
            image: Some(scores(FEAR)),
            caption: Some(scores(JOY)),
            agreement: Some(0.4),
            secondary: None,
            uncertain: false,
            uncertain_because: vec![],
            uncertain_below: 0.0,
            secondary_from: 1.0,
            explanation: None,
            systems: None,
        }
    }

    #[test]
    fn people_read_the_emotion_first_and_that_image_and_caption_disagree() {
        let text = for_people(&prediction());
        assert!(
            text.starts_with("joy, 60 %\nthey disagree: the image conveys fear, the caption joy\n"),
            "{text}"
        );
        assert_eq!(text.lines().count(), 3 + 10, "{text}");
        assert!(text.contains("both") && text.contains("image") && text.contains("caption"));
    }

    #[test]
    fn people_read_what_each_system_says_and_without_either_side() {
        let systems = vec![
            SystemAnswer {
                name: "common_space".into(),
                scores: scores(JOY),
                image: Some(scores(FEAR)),
                caption: Some(scores(TRUST)),
            },
            SystemAnswer {
                name: "image".into(),
                scores: scores(FEAR),
                image: Some(scores(FEAR)),
                caption: None,
            },
        ];
        let text = for_people(&Prediction {
            systems: Some(systems),
            ..prediction()
        });
        let lines = [
            "system        post       without caption  without image",
            "common_space  joy 60 %   fear 60 %        trust 60 %",
            "image         fear 60 %  fear 60 %        -",
        ];
        assert!(text.ends_with(&format!("\n\n{}", lines.join("\n"))), "{text}");
    }

    #[test]
    fn people_read_that_the_answer_is_not_sure() {
        let text = for_people(&Prediction {
            uncertain: true,
            uncertain_because: vec![UncertainReason::LowConfidence],
            secondary: Some(TRUST),
            image: None,
            ..prediction()
        });
        assert!(
            text.starts_with("not sure; most likely joy, or trust, 60 %\nno label is likely enough\n"),
            "{text}"
        );
        assert!(!text.contains("disagree") && !text.contains("both"), "{text}");
    }
}

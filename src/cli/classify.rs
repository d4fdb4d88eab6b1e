//! `emofuse classify`: one post.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::Args;
use emofuse::{
    Emotion, Error, Image,
    classifier::{Prediction, UncertainReason},
    emotion::EMOTIONS,
    metrics::most_likely,
};

use super::{
    explanation,
    input::read_encoded,
    model::{ModelArguments, ModelIdentity},
    prediction_json::PredictionJson,
    scores::{bar, percent},
};

/// Say which emotion a post conveys
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
    /// Say what speaks for the emotion: words of the caption, parts of the image
    #[arg(long)]
    explain: bool,
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
    let prediction = if arguments.explain {
        classifier.explain_blocking(image.as_ref(), caption)?
    } else {
        classifier.classify_blocking(image.as_ref(), caption)?
    };
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
        UncertainReason::ModalitiesDisagree => "image and caption convey different emotions",
    }
}

const BAR_WIDTH: usize = 16;

fn for_people(prediction: &Prediction) -> String {
    let certainty = percent(prediction.confidence);
    let second = prediction
        .secondary
        .map_or_else(String::new, |second| format!(", or {second}"));
    let mut text = if prediction.uncertain {
        format!("not sure; most likely {}{second}, {certainty}\n", prediction.emotion)
    } else {
        format!("{}{second}, {certainty}\n", prediction.emotion)
    };
    for reason in &prediction.uncertain_because {
        let _ = writeln!(text, "{}", explained(*reason));
    }
    if let (Some(image), Some(caption)) = (&prediction.image, &prediction.caption) {
        let (image, caption) = (most_likely(image), most_likely(caption));
        if image != caption {
            let _ = writeln!(text, "they disagree: the image conveys {image}, the caption {caption}");
        }
    }
    text.push('\n');
    text.push_str(&table(&columns(prediction)));
    if let Some(explanation) = &prediction.explanation {
        text.push_str("\n\n");
        text.push_str(&explanation::for_people(explanation));
    }
    text
}

type Column<'a> = (&'static str, &'a [f32; EMOTIONS]);

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

fn table(columns: &[Column<'_>]) -> String {
    let width = BAR_WIDTH + " 100 %".len();
    let mut lines = vec![format!("{:<14}", "")];
    lines.extend(Emotion::ALL.map(|emotion| format!("{:<14}", emotion.name())));
    for (title, scores) in columns {
        let cells = scores.map(|score| format!("{:>5} {}", percent(score), bar(score, BAR_WIDTH)));
        for (line, cell) in lines.iter_mut().zip(std::iter::once((*title).to_owned()).chain(cells)) {
            let _ = write!(line, "{cell:<width$}  ");
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(emotion: Emotion) -> [f32; EMOTIONS] {
        let mut scores = [0.05; EMOTIONS];
        scores[emotion.index()] = 0.6;
        scores
    }

    fn prediction() -> Prediction {
        Prediction {
            emotion: Emotion::Joy,
            confidence: 0.6,
            scores: scores(Emotion::Joy),
            image: Some(scores(Emotion::Fear)),
            caption: Some(scores(Emotion::Joy)),
            agreement: Some(0.4),
            secondary: None,
            uncertain: false,
            uncertain_because: vec![],
            uncertain_below: 0.0,
            secondary_from: 1.0,
            explanation: None,
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
    fn people_read_that_the_answer_is_not_sure() {
        let text = for_people(&Prediction {
            uncertain: true,
            uncertain_because: vec![UncertainReason::LowConfidence],
            secondary: Some(Emotion::Trust),
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

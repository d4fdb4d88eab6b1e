//! Posts, each with one label.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use emofuse::{
    Emotion, Error,
    classifier::{Classifier, Prediction},
    metrics::{accuracy, expected_calibration_error, macro_f1, pearson, per_label, valence},
};
use indicatif::ProgressBar;

use super::{
    Arguments, Modality, parallel,
    report::{PostsReport, Report, Skip, Skipped},
};
use crate::cli::{input::read_picture, model::ModelIdentity, scores::ByEmotion, table::Table};

/// The posts that can be measured, and why others cannot.
pub struct Posts {
    posts: Vec<Post>,
    skipped: Skipped,
}

struct Post {
    picture: Option<PathBuf>,
    caption: Option<String>,
    truth: Emotion,
    human_valence: Option<f64>,
}

/// Reads the rows of the split, each cut down to what the model may see.
pub fn read(path: &Path, arguments: &Arguments) -> Result<Posts> {
    let table = Table::read(path)?;
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let split = table.filter("split", arguments.split.as_deref())?;
    let target = Some(table.required_column(arguments.target.column())?);
    let [picture, caption, human_valence] = ["image", "caption", "human_valence"].map(|name| table.column(name));
    if picture.is_none() && caption.is_none() {
        table.required_column("image")?;
    }

    let mut posts = Posts {
        posts: vec![],
        skipped: Skipped::new(),
    };
    for row in table.rows() {
        // A bad row is an error in any split, so that whether a table is sound does not depend on what is asked.
        let truth: Option<Emotion> = not_blank(row.cell(target))
            .map(str::parse)
            .transpose()
            .map_err(|error: Error| row.error(error))?;
        let human_valence = not_blank(row.cell(human_valence))
            .map(|value| match value.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(number),
                _ => Err(row.error(format!("the human valence `{value}` is not a number"))),
            })
            .transpose()?;
        if !row.passes(split) {
            continue;
        }
        let modality = arguments.modality;
        let picture = not_blank(row.cell(picture)).filter(|_| modality != Modality::Caption);
        let caption = not_blank(row.cell(caption)).filter(|_| modality != Modality::Image);
        match truth {
            None => posts.skip(Skip::NoTarget),
            Some(_) if picture.is_none() && caption.is_none() => posts.skip(nothing_to_see(modality)),
            Some(truth) => posts.posts.push(Post {
                picture: picture.map(|picture| folder.join(picture)),
                caption: caption.map(Into::into),
                truth,
                human_valence,
            }),
        }
    }
    if posts.posts.is_empty() {
        bail!(
            "{}: no row is left to measure; look at --split, --target and --modality",
            table.path().display()
        );
    }
    Ok(posts)
}

impl Posts {
    fn skip(&mut self, reason: Skip) {
        *self.skipped.entry(reason).or_default() += 1;
    }
}

/// Classifies the posts and measures the answers.
pub fn evaluate(posts: &Posts, arguments: &Arguments) -> Result<Report> {
    let classifier = arguments.model.load()?;
    let answers = parallel::map(&posts.posts, |post, progress| {
        answer(&classifier, post, arguments.modality, progress)
    })?;

    let mut skipped = posts.skipped.clone();
    let (mut truths, mut predictions, mut confidences, mut valences) = (vec![], vec![], vec![], vec![]);
    for (post, answer) in posts.posts.iter().zip(answers) {
        match answer {
            Ok(prediction) => {
                truths.push(post.truth);
                predictions.push(prediction.emotion);
                confidences.push((prediction.confidence, prediction.emotion == post.truth));
                valences.extend(
                    post.human_valence
                        .map(|human| (f64::from(valence(&prediction.scores)), human)),
                );
            }
            Err(reason) => *skipped.entry(reason).or_default() += 1,
        }
    }
    if truths.is_empty() {
        bail!("no row is left to measure: every picture or caption was unusable");
    }
    Ok(Report::Posts(PostsReport {
        n: truths.len(),
        accuracy: accuracy(&truths, &predictions),
        macro_f1: macro_f1(&truths, &predictions),
        per_class: ByEmotion(per_label(&truths, &predictions)),
        ece: expected_calibration_error(&confidences),
        valence_r: pearson(&valences),
        valence_n: valences.len(),
        skipped,
        modality: arguments.modality,
        target: arguments.target,
        split: arguments.split.clone(),
        model: ModelIdentity::of(&classifier),
    }))
}

/// The model's answer, or why the row has none; an error where the model itself fails.
fn answer(
    classifier: &Classifier,
    post: &Post,
    modality: Modality,
    progress: &ProgressBar,
) -> emofuse::Result<Result<Prediction, Skip>> {
    let picture = match &post.picture {
        None => None,
        Some(path) => match read_picture(path) {
            Ok(picture) => Some(picture),
            Err(error) => {
                let (reason, message) = match error {
                    Error::Io { .. } => (Skip::MissingPicture, error.to_string()),
                    _ => (Skip::UnreadablePicture, format!("{}: {error}", path.display())),
                };
                progress.suspend(|| eprintln!("skipped: {message}"));
                return Ok(Err(reason));
            }
        },
    };
    match classifier.classify_blocking(picture.as_ref(), post.caption.as_deref()) {
        // A caption that is only a link has no word for the model.
        Err(Error::EmptyPost) => Ok(Err(nothing_to_see(modality))),
        prediction => prediction.map(Ok),
    }
}

fn nothing_to_see(modality: Modality) -> Skip {
    match modality {
        Modality::Both => Skip::Empty,
        Modality::Image => Skip::NoPicture,
        Modality::Caption => Skip::NoCaption,
    }
}

fn not_blank(cell: &str) -> Option<&str> {
    (!cell.trim().is_empty()).then_some(cell)
}

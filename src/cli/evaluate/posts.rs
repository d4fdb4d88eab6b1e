//! Posts, each with one label.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use emofuse::{
    Error, Image,
    classifier::{Classifier, Prediction},
    dataset::{Row, Table},
    metrics::{accuracy, expected_calibration_error, macro_f1, pearson, per_label, valence},
};
use indicatif::ProgressBar;

use super::{
    Arguments, Modality, Target,
    labels::Labels,
    misclassified::{Case, Misclassified},
    occlusion::{self, Occlusion},
    report::{PostsReport, Report},
    selective::{Secondary, Selective},
    skipped::{Skip, Skipped},
};
use crate::cli::{
    input::read_encoded, model::ModelIdentity, ordered_map, prediction_json::PredictionJson, scores::ByLabel,
    terminal::line,
};

/// The posts that can be measured, and why others cannot.
pub struct Posts {
    posts: Vec<Post>,
    skipped: Skipped,
    /// Whether the table has a column of second labels.
    has_second: bool,
}

struct Post {
    id: String,
    line: u64,
    image: Option<PathBuf>,
    caption: Option<String>,
    /// Whether the post has a caption that the model is not to see, and its label is that of the whole.
    caption_taken_away: bool,
    /// Whether it has an image that the model is not to see.
    image_taken_away: bool,
    /// The index of its label.
    truth: usize,
    second: Option<usize>,
    human_valence: Option<f64>,
}

/// Reads the rows of the split, each cut down to what the model may see.
pub fn read(path: &Path, arguments: &Arguments, labels: &Labels) -> Result<Posts> {
    let table = Table::read(path)?;
    let split = table.filter("split", arguments.split.as_deref())?;
    let target = Some(table.required_column(arguments.target_column())?);
    let second = table.column(&format!("{}_2", arguments.target_column()));
    let [id, image, human_valence] = ["id", "image", "human_valence"].map(|name| table.column(name));
    let caption = match &arguments.caption_column {
        Some(name) => Some(table.required_column(name)?),
        None => table.column(arguments.caption_column()),
    };
    if image.is_none() && caption.is_none() {
        table.required_column("image")?;
    }

    let mut posts = Posts {
        posts: vec![],
        skipped: Skipped::new(),
        has_second: second.is_some(),
    };
    for row in table.rows() {
        // A bad row is an error in any split, so that whether a table is sound does not depend on the selection.
        let row = row?;
        let truth = row.label(target, labels.set())?;
        let second_label = row.label(second, labels.set())?;
        let human_valence = row
            .filled(human_valence)
            .map(|value| match value.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(number),
                _ => Err(row.error(format!("the human valence `{value}` is not a number"))),
            })
            .transpose()?;
        if !row.passes(split) {
            continue;
        }
        let modality = arguments.modality;
        let whole_image = row.filled(image);
        let image = whole_image.filter(|_| modality != Modality::Caption);
        let whole_caption = row.caption(caption);
        let caption = whole_caption.filter(|_| modality != Modality::Image);
        match truth {
            None => posts.skip(Skip::NoTarget),
            Some(truth) if !labels.contain(truth) => posts.skip(Skip::OtherLabel),
            Some(_) if image.is_none() && caption.is_none() => posts.skip(nothing_to_see(modality)),
            Some(truth) => posts.posts.push(Post {
                id: name(row, id, image),
                line: row.line(),
                image: image.map(|image| table.folder().join(image)),
                caption: caption.map(Into::into),
                caption_taken_away: arguments.target == Target::Post && caption.is_none() && whole_caption.is_some(),
                image_taken_away: image.is_none() && whole_image.is_some(),
                truth,
                second: second_label,
                human_valence,
            }),
        }
    }
    if posts.posts.is_empty() {
        bail!(
            "{}: no row is left to measure; look at --split, --target, --labels and --modality",
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
pub fn evaluate(classifier: &Classifier, labels: &Labels, posts: &Posts, arguments: &Arguments) -> Result<Report> {
    let answers = ordered_map::collect(&posts.posts, |post, progress| {
        answer(classifier, post, arguments.modality, progress)
    })?;

    let mut skipped = posts.skipped.clone();
    let (mut measured, mut predictions) = (vec![], vec![]);
    for (post, answer) in posts.posts.iter().zip(answers) {
        match answer {
            Ok(prediction) => {
                measured.push(post);
                predictions.push(labels.restrict(prediction));
            }
            Err(reason) => *skipped.entry(reason).or_default() += 1,
        }
    }
    if measured.is_empty() {
        bail!("no row is left to measure: every image or caption was unusable");
    }
    let truths: Vec<usize> = measured.iter().map(|post| post.truth).collect();
    let answers: Vec<usize> = predictions.iter().map(|prediction| prediction.label).collect();
    let rows = || measured.iter().zip(&predictions);
    let confidences: Vec<(f32, bool)> = rows()
        .map(|(post, prediction)| (prediction.confidence, prediction.label == post.truth))
        .collect();
    let valences: Vec<(f64, f64)> = rows()
        .filter_map(|(post, prediction)| {
            let valence = valence(&prediction.scores, labels.set())?;
            Some((f64::from(valence), post.human_valence?))
        })
        .collect();
    let model = ModelIdentity::of(classifier);
    let cases = || {
        rows().map(|(post, prediction)| {
            let caption = post.caption.as_deref().unwrap_or_default();
            let prediction = PredictionJson::new(prediction, caption, model.clone());
            Case::new(&post.id, post.line, labels.set().name(post.truth), prediction)
        })
    };
    Ok(Report::Posts(Box::new(PostsReport {
        n: truths.len(),
        accuracy: accuracy(&truths, &answers),
        macro_f1: macro_f1(&truths, &answers),
        first_or_second: posts.has_second.then(|| {
            let hits =
                rows().filter(|(post, prediction)| [Some(post.truth), post.second].contains(&Some(prediction.label)));
            hits.count() as f64 / truths.len().max(1) as f64
        }),
        per_class: ByLabel::new(labels.set(), per_label(&truths, &answers, labels.set().len())),
        secondary: Secondary::new(rows().map(|(post, prediction)| {
            (
                std::iter::once(post.truth).chain(post.second).collect(),
                prediction.secondary,
            )
        })),
        ece: expected_calibration_error(&confidences),
        selective: Selective::new(&truths, &predictions, &classifier.manifest().calibration),
        valence_r: pearson(&valences),
        valence_n: valences.len(),
        skipped,
        modality: arguments.modality,
        target: arguments.target_column.is_none().then_some(arguments.target),
        target_column: arguments.target_column().into(),
        labels: arguments.labels.clone(),
        split: arguments.split.clone(),
        model: model.clone(),
        errors: arguments
            .errors
            .map(|limit| Misclassified::new(labels.set(), cases(), limit)),
        occlusion: arguments
            .occlusion
            .map(|cells| occlude(classifier, &measured, cells.into()))
            .transpose()?
            .flatten(),
    })))
}

/// How the scores of posts with an image fall where a part of it is painted over.
fn occlude(classifier: &Classifier, posts: &[&Post], cells: usize) -> emofuse::Result<Option<Occlusion>> {
    let falls = ordered_map::collect(posts, |post, _| match &post.image {
        None => Ok(None),
        Some(path) => occlusion::falls(classifier, &read_image(path)?, post.caption.as_deref(), cells),
    })?;
    let falls: Vec<[f32; 2]> = falls.into_iter().flatten().collect();
    Ok(Occlusion::new(cells, &falls))
}

/// Decodes as `emofuse label` does, so that what is measured is what it gives.
fn read_image(path: &Path) -> emofuse::Result<Image> {
    emofuse::decode::decode(&read_encoded(path)?)
}

/// The model's answer, or why the row has none; an error where the model itself fails.
fn answer(
    classifier: &Classifier,
    post: &Post,
    modality: Modality,
    progress: &ProgressBar,
) -> emofuse::Result<Result<Prediction, Skip>> {
    let image = match &post.image {
        None => None,
        Some(path) => match read_image(path) {
            Ok(image) => Some(image),
            Err(error) => {
                let (reason, message) = match error {
                    Error::Io { .. } => (Skip::MissingImage, error.to_string()),
                    _ => (Skip::UnreadableImage, format!("{}: {error}", path.display())),
                };
                progress.suspend(|| eprintln!("skipped: {}", line(&message)));
                return Ok(Err(reason));
            }
        },
    };
    let prediction = match &image {
        Some(image) if post.caption_taken_away => classifier.classify_image_of_post_blocking(image),
        None if post.image_taken_away => {
            classifier.classify_caption_of_post_blocking(post.caption.as_deref().unwrap_or_default())
        }
        _ => classifier.classify_blocking(image.as_ref(), post.caption.as_deref()),
    };
    match prediction {
        // A caption that is only a link has no word for the model.
        Err(Error::EmptyPost) => Ok(Err(nothing_to_see(modality))),
        Err(Error::ModalityMissing { needed }) => Ok(Err(match needed {
            "captions" => Skip::NoCaption,
            _ => Skip::NoImage,
        })),
        prediction => prediction.map(Ok),
    }
}

fn nothing_to_see(modality: Modality) -> Skip {
    match modality {
        Modality::Both => Skip::Empty,
        Modality::Image => Skip::NoImage,
        Modality::Caption => Skip::NoCaption,
    }
}

/// What a post is called where its caption must not stand: its id, or its image's file name.
fn name(row: Row<'_>, id: Option<usize>, image: Option<&str>) -> String {
    let file = || Path::new(image?).file_name()?.to_str();
    match row.filled(id).or_else(file) {
        Some(name) => name.into(),
        None => format!("line {}", row.line()),
    }
}

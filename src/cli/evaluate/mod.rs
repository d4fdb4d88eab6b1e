//! `emofuse evaluate`: how good a model is on a table of posts or of captions.

mod captions;
mod labels;
mod misclassified;
mod occlusion;
mod posts;
mod report;
mod selective;
mod skipped;
mod standalone_captions;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{ArgGroup, Args, ValueEnum};
use emofuse::classifier::Classifier;
use serde::Serialize;

use self::{labels::Labels, report::Report};
use super::model::ModelArguments;

/// Measure a model on a table of labelled posts, or of labelled captions
#[derive(Args)]
#[command(group = ArgGroup::new("table").required(true).args(["posts", "text", "captions"]))]
pub struct Arguments {
    /// A table of posts: image (relative to the table), caption, split, post_emotion, image_emotion, human_valence
    #[arg(long, value_name = "POSTS.csv")]
    posts: Option<PathBuf>,
    /// A table of captions that may have several labels: source, split, caption, labels (joined by |)
    #[arg(long, value_name = "TEXT.csv")]
    text: Option<PathBuf>,
    /// A table of captions that stand alone: caption and label, or the labels to accept and to reject (joined by |);
    /// also second, source, split
    #[arg(long, value_name = "CAPTIONS.csv")]
    captions: Option<PathBuf>,
    /// Report the figures for each value of this column too
    #[arg(long, value_name = "COLUMN", requires = "captions")]
    by: Option<String>,
    /// Only the rows of this split
    #[arg(long, value_name = "NAME")]
    split: Option<String>,
    /// Only the rows of this source
    #[arg(long, value_name = "NAME", conflicts_with_all = ["posts", "modality", "target"])]
    source: Option<String>,
    /// What of a post the model sees
    #[arg(long, value_enum, default_value_t = Modality::Both, conflicts_with_all = ["text", "captions"])]
    modality: Modality,
    /// Which label is the truth
    #[arg(long, value_enum, default_value_t = Target::Post, conflicts_with_all = ["text", "captions"])]
    target: Target,
    /// The column with the label, where it has another name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["text", "target"])]
    target_column: Option<String>,
    /// The column with the caption, where it has another name
    #[arg(long, value_name = "NAME")]
    caption_column: Option<String>,
    /// Only these labels, as answers and as truth: the others' scores are left out, and so are rows with other labels
    #[arg(long, value_name = "LABEL,LABEL", value_delimiter = ',', conflicts_with = "text")]
    labels: Option<Vec<String>>,
    /// Show the N surest mistakes, and the posts whose answer is neither the image's nor the caption's: ids and scores,
    /// as JSON with the names of docs/json.md
    #[arg(long, value_name = "N", conflicts_with_all = ["text", "captions"])]
    errors: Option<usize>,
    /// Write these to a .csv or .json file
    #[arg(long, value_name = "FILE", requires = "errors", value_parser = misclassified::parse_file)]
    errors_out: Option<misclassified::File>,
    /// Paint over the N x N cells of each image that its explanation says speak most for the answer, then those that
    /// speak least, and report how far the score falls
    #[arg(long, value_name = "N", conflicts_with_all = ["text", "captions"], value_parser = clap::value_parser!(u8).range(1..))]
    occlusion: Option<u8>,
    #[command(flatten)]
    model: ModelArguments,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What of a post the model sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
enum Modality {
    /// Image and caption, or the one that there is.
    Both,
    /// The image alone.
    Image,
    /// The caption alone.
    Caption,
}

/// Which label is the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
enum Target {
    /// That of the post as a whole, `post_emotion`.
    Post,
    /// That of the image alone, `image_emotion`.
    Image,
}

impl Arguments {
    fn target_column(&self) -> &str {
        self.target_column.as_deref().unwrap_or(self.target.column())
    }

    /// The labels that are measured, of the model's.
    fn labels(&self, classifier: &Classifier) -> Result<Labels> {
        Labels::new(classifier.labels(), self.labels.as_deref())
    }

    fn caption_column(&self) -> &str {
        self.caption_column.as_deref().unwrap_or("caption")
    }
}

impl Target {
    fn column(self) -> &'static str {
        match self {
            Self::Post => "post_emotion",
            Self::Image => "image_emotion",
        }
    }
}

pub fn run(arguments: &Arguments) -> Result<()> {
    if let Some(file) = &arguments.errors_out {
        file.check()?;
    }
    let classifier = arguments.model.load()?;
    let report = match (&arguments.posts, &arguments.text, &arguments.captions) {
        (Some(path), ..) => {
            let labels = arguments.labels(&classifier)?;
            let posts = posts::read(path, arguments, &labels)?;
            posts::evaluate(&classifier, &labels, &posts, arguments)?
        }
        (None, Some(path), _) => {
            let captions = captions::read(path, arguments, classifier.labels())?;
            captions::evaluate(&classifier, &captions, arguments)?
        }
        (None, None, Some(path)) => {
            let labels = arguments.labels(&classifier)?;
            let captions = standalone_captions::read(path, arguments, &labels)?;
            let report = standalone_captions::evaluate(&classifier, &labels, &captions, arguments)?;
            Report::StandaloneCaptions(Box::new(report))
        }
        (None, None, None) => bail!("give a table with --posts, --text or --captions"),
    };
    if let (Some(file), Some(errors)) = (&arguments.errors_out, report.errors()) {
        file.write(errors)?;
    }
    if arguments.json {
        return super::print_data(&serde_json::to_string(&report)?);
    }
    super::print(&match report.errors() {
        Some(errors) if arguments.errors_out.is_none() => {
            format!("{}\n\n{}", report.for_people(), errors.for_people())
        }
        _ => report.for_people(),
    })
}

//! `emofuse label`: every post of a folder or a table; docs/labels.md says what is written.

mod answer;
mod captions;
mod columns;
mod contents;
mod earlier;
mod format;
mod in_order;
mod labeller;
mod output;
mod posts;
mod summary;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use self::{
    earlier::Earlier,
    labeller::Labeller,
    output::{Existing, Output},
    posts::{ColumnArguments, Posts},
    summary::Summary,
};
use super::model::ModelArguments;

/// Label every post of a folder or a table
///
/// Captions of a folder's images come from files of the same name (.txt, .json) or from the images themselves (XMP, IPTC, EXIF). What
/// cannot be read has its reason in the column `error` and does not end the run; the exit code is then 1.
#[derive(Args)]
pub struct Arguments {
    /// A folder with pictures, or a table of posts: a file whose name ends with .csv, .tsv, .jsonl, .ndjson or .json. Pictures are found relative to the
    /// table
    #[arg(value_name = "DIR|TABLE")]
    input: PathBuf,
    /// The file to write; its name ends with .csv or .jsonl
    #[arg(long, value_name = "FILE", value_parser = output::parse)]
    out: Output,
    #[command(flatten)]
    model: ModelArguments,
    /// Go on where an earlier run was stopped: what it wrote is kept, and what it could not read is tried again
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    columns: ColumnArguments,
}

/// The exit code of a run in which something could not be read.
const SOME_UNREADABLE: u8 = 1;

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let out = &arguments.out;
    out.refuse_input(&arguments.input)?;
    let existing = if arguments.resume {
        Existing::GoOn
    } else {
        Existing::Refuse
    };
    let written = out.written(existing)?;
    let Posts {
        posts,
        notes,
        own_columns,
    } = posts::read(&arguments.input, &arguments.columns)?;
    for note in notes {
        eprintln!("note: {note}");
    }

    let classifier = arguments.model.load()?;
    let mut earlier = Earlier::read(&written, out.format(), classifier.sha256())?;
    let labeller = Labeller::new(&classifier, earlier.take_answers());
    let mut writer = out.start(&written, &own_columns)?;

    let mut summary = Summary::default();
    let progress = progress_bar(posts.len());
    in_order::map(
        posts,
        |post| labeller.label(post),
        |mut labelled| -> Result<()> {
            earlier.set_hand(&mut labelled.row);
            writer.write(&labelled.row, classifier.sha256())?;
            summary.add(&labelled);
            progress.inc(1);
            Ok(())
        },
    )?;
    progress.finish_and_clear();
    let set_aside = writer.finish(earlier.hand_labels_left())?;
    summary.tell(set_aside.as_ref());
    Ok(if summary.is_complete() {
        ExitCode::SUCCESS
    } else {
        SOME_UNREADABLE.into()
    })
}

/// On stderr, and only where that is a terminal.
fn progress_bar(posts: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len}, {per_sec}, {eta} left");
    ProgressBar::new(posts as u64).with_style(style.expect("the template is written right"))
}

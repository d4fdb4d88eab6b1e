//! `emofuse label`: labels every post of a folder or a table; docs/labels.md describes the output.

mod captions;
mod content_key;
mod format;
mod labeller;
mod output;
mod posts;
mod resume_state;
mod row;
mod stored_prediction;
mod summary;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::Args;
use emofuse_posts::{Formulas, OutputColumns};

use self::{
    labeller::Labeller,
    output::{Existing, Output},
    posts::{ColumnArguments, Posts},
    resume_state::ResumeState,
    summary::Summary,
};
use super::{
    model::ModelArguments,
    ordered_map::{self, progress_bar},
};

/// Label every post of a folder or a table
///
/// Captions of a folder's images come from files of the same name (.txt, .json) or from the images themselves (XMP, IPTC, EXIF). What
/// cannot be read has its reason in the column `error` and does not end the run; the exit code is then 1.
#[derive(Args)]
pub struct Arguments {
    /// A folder with images, or a table of posts: a file whose name ends with .csv, .tsv, .jsonl, .ndjson or .json. Images are found relative to the
    /// table
    #[arg(value_name = "DIR|TABLE")]
    input: PathBuf,
    /// The file to write; its name ends with .csv or .jsonl
    #[arg(long, value_name = "FILE", value_parser = output::parse)]
    out: Output,
    #[command(flatten)]
    model: ModelArguments,
    /// Continue an interrupted run: labelled posts are kept, and posts that could not be read are tried again
    #[arg(long)]
    resume: bool,
    /// Put ' before cells of CSV that a spreadsheet would take for a formula, those that begin with =, +, -, @, a tab or
    /// a carriage return; the column `formulas_escaped` is then `true`, and `emofuse label` and the labelling desk undo it
    #[arg(long)]
    escape_formulas: bool,
    #[command(flatten)]
    columns: ColumnArguments,
}

/// The exit code of a run in which something could not be read.
const SOME_UNREADABLE: u8 = 1;

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let out = &arguments.out;
    out.refuse_input(&arguments.input)?;
    let existing = if arguments.resume {
        Existing::Resume
    } else {
        Existing::Refuse
    };
    let formulas = if arguments.escape_formulas {
        Formulas::Escaped
    } else {
        Formulas::Raw
    };
    out.refuse_escapes(formulas)?;
    let written = out.written(existing)?;
    let Posts {
        posts,
        notes,
        extra_columns,
    } = posts::read(&arguments.input, &arguments.columns)?;
    for note in notes {
        eprintln!("note: {note}");
    }

    let classifier = arguments.model.load()?;
    let columns = OutputColumns::new(&extra_columns, formulas);
    let mut state = ResumeState::read(&written, out.format(), &columns, classifier.sha256())?;
    let labeller = Labeller::new(&classifier, state.take_predictions());
    let mut writer = out.start(&written, columns)?;

    let mut summary = Summary::default();
    let progress = progress_bar(posts.len());
    ordered_map::map(
        posts,
        |post| labeller.label(post),
        |mut labelled| -> Result<()> {
            state.set_manual_label(&mut labelled.row);
            writer.write(&labelled.row, classifier.sha256())?;
            summary.add(&labelled);
            progress.inc(1);
            Ok(())
        },
    )?;
    progress.finish_and_clear();
    let set_aside = writer.finish(state.manual_labels_left())?;
    summary.print(set_aside.as_ref());
    Ok(if summary.is_complete() {
        ExitCode::SUCCESS
    } else {
        SOME_UNREADABLE.into()
    })
}

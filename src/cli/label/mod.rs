//! `emofuse label`: labels every post of a folder or a table; docs/labels.md describes the output.

mod captions;
mod content_key;
mod filter;
mod format;
mod labeller;
mod output;
mod posts;
mod resume_state;
mod row;
mod stored_prediction;
mod summary;

use std::{num::NonZero, path::PathBuf, process::ExitCode};

use anyhow::{Result, bail};
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
    terminal::line,
};

/// Label every post of a folder or a table
///
/// Captions of a folder's images come from files of the same name (.txt, .json) or from the images themselves (XMP, IPTC, EXIF). What
/// cannot be read has its reason in the column `error` and does not end the run; the exit code is then 1.
#[derive(Args)]
pub struct Arguments {
    /// A folder with images, or a table of posts: a file whose name ends with .csv, .tsv, .jsonl, .ndjson or .json. Images are found relative to the
    /// table. `-` is a filter: posts from standard input and rows to standard output, a JSON object in each line, images by their paths
    #[arg(value_name = "DIR|TABLE|-")]
    input: PathBuf,
    /// The file to write; its name ends with .csv or .jsonl
    #[arg(long, value_name = "FILE", value_parser = output::parse, required_unless_present = "format")]
    out: Option<Output>,
    /// The format of standard input and output, for `-`
    #[arg(long, conflicts_with_all = ["out", "resume", "escape_formulas"])]
    format: Option<filter::Format>,
    /// How many posts are classified side by side [default: as many as there are cores]; 1 where a process runs on each core
    #[arg(long, value_name = "COUNT")]
    threads: Option<NonZero<usize>>,
    #[command(flatten)]
    model: ModelArguments,
    /// Continue an interrupted run: labelled posts are kept, and posts that could not be read are tried again
    #[arg(long)]
    resume: bool,
    /// Put ' before what a spreadsheet would take for a formula in CSV: =, +, -, @ (of full width too) at the beginning of a
    /// cell, or behind a semicolon, a tab or the end of a line in it; the column `formulas_escaped` is then `true`, and `emofuse label` and the labelling desk undo it
    #[arg(long)]
    escape_formulas: bool,
    #[command(flatten)]
    columns: ColumnArguments,
}

/// The exit code of a run in which something could not be read.
const SOME_UNREADABLE: u8 = 1;

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let is_filter = arguments.input.as_os_str() == "-";
    let out = match (&arguments.out, arguments.format) {
        (None, Some(filter::Format::Jsonl)) if is_filter => return filter::run(arguments),
        (Some(out), None) if !is_filter => &out.resolved()?,
        _ if is_filter => {
            bail!("`-` reads standard input and writes standard output: give --format jsonl and no --out")
        }
        _ => bail!(
            "--format is for `-`, and {} is a file or folder: give --out",
            arguments.input.display()
        ),
    };
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
    let lock = out.lock()?;
    if !lock.is_held() {
        eprintln!("note: this file system has no locks; start no second run with the same output");
    }
    let written = out.written(existing)?;
    let found = posts::find(&arguments.input, &arguments.columns)?;
    let classifier = arguments.model.load()?;
    let labels = classifier.labels();
    let Posts {
        posts,
        notes,
        extra_columns,
        table,
    } = found.posts(labels);
    for note in notes {
        eprintln!("note: {}", line(&note));
    }

    let columns = OutputColumns::new(labels, &extra_columns, formulas);
    let mut state = ResumeState::read(&written, out.format(), &columns, labels, classifier.sha256())?;
    let labeller = Labeller::new(&classifier, state.take_predictions());
    let mut writer = out.start(&written, columns)?;

    let mut summary = Summary::default();
    let progress = progress_bar(posts.len());
    ordered_map::map(
        posts,
        arguments.threads.into(),
        |post| labeller.label(post),
        |mut labelled| -> Result<()> {
            state.set_manual_label(&mut labelled.row);
            writer.write(&labelled.row, labels, classifier.sha256())?;
            summary.add(&labelled);
            progress.inc(1);
            Ok(())
        },
    )?;
    progress.finish_and_clear();
    let set_aside = writer.finish(state.manual_labels_left())?;
    summary.print(set_aside.as_ref());
    let has_changed = table.is_some_and(|table| table.has_changed());
    if has_changed {
        eprintln!(
            "{} changed during the run; what is written is of the table as it was at the beginning: run again with --resume",
            line(&arguments.input.display().to_string())
        );
    }
    drop(lock);
    Ok(if summary.is_complete() && !has_changed {
        ExitCode::SUCCESS
    } else {
        SOME_UNREADABLE.into()
    })
}

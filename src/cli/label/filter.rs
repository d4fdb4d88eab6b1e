//! `emofuse label -`: a filter between other programs. A post comes in each line of standard input, and its row goes to the
//! same line of standard output.
//!
//! What has come is classified together and written before more is waited for, so that whoever sends posts one by one gets
//! each row at once. Nothing is kept from one batch to the next.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Read, Write},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::ValueEnum;
use emofuse_posts::{Formulas, OutputColumns};

use super::{
    Arguments,
    format::Format as RowFormat,
    labeller::Labeller,
    posts::{Post, post_of_line},
    summary::Summary,
};
use crate::cli::ordered_map;

/// The format of what comes and goes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    /// JSON Lines: an object in each line.
    Jsonl,
}

/// Lines that are classified together at most.
const BATCH: usize = 256;

/// Bytes that are read at once.
const BUFFER: usize = 1 << 17;

/// The most bytes that a line may have.
const LONGEST_LINE: u64 = 16 << 20;

/// Labels posts until standard input ends. What cannot be read has its reason in its row, and a count of it is printed to stderr;
/// the run goes on, and its exit code is 0: engines take another for a lost part of their data.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let classifier = arguments.model.load()?;
    let labels = classifier.labels();
    let labeller = Labeller::forgetful(&classifier);
    let mut input = Lines::new(io::stdin().lock());
    let mut output = io::stdout().lock();
    let mut summary = Summary::default();
    loop {
        let lines = input.batch().context("standard input cannot be read")?;
        if lines.is_empty() {
            break;
        }
        let mut rows = String::new();
        ordered_map::map(
            lines,
            arguments.threads.into(),
            |(number, line)| {
                let (post, extra) = match line {
                    Line::Whole(line) => post_of_line(&line, number, &arguments.columns, labels),
                    Line::TooLong => (too_long(number), Vec::new()),
                };
                (labeller.label(post), OutputColumns::new(labels, &extra, Formulas::Raw))
            },
            |(labelled, columns)| -> Result<()> {
                rows += &RowFormat::JsonLines.line(&columns, labelled.row.cells(labels, classifier.sha256()))?;
                summary.add(&labelled);
                Ok(())
            },
        )?;
        match output.write_all(rows.as_bytes()).and_then(|()| output.flush()) {
            // Whoever reads has enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
            written => written.context("standard output cannot be written")?,
        }
    }
    if !summary.is_complete() {
        summary.print(None);
    }
    Ok(ExitCode::SUCCESS)
}

fn too_long(number: usize) -> Post {
    Post {
        id: number.to_string(),
        content: Err(format!(
            "line {number}: it has more than {LONGEST_LINE} bytes; give images by their paths"
        )),
    }
}

/// A line without what ends it.
#[derive(Debug, PartialEq)]
enum Line {
    Whole(Vec<u8>),
    TooLong,
}

/// The lines that have come.
struct Lines<R> {
    input: BufReader<R>,
    number: usize,
    longest: u64,
}

impl<R: Read> Lines<R> {
    fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(BUFFER, input),
            number: 0,
            longest: LONGEST_LINE,
        }
    }

    /// Waits for a line and takes those that came with it, each with its number; none at the end. Empty lines are passed over.
    fn batch(&mut self) -> io::Result<Vec<(usize, Line)>> {
        let mut lines = Vec::new();
        while lines.len() < BATCH && (lines.is_empty() || self.input.buffer().contains(&b'\n')) {
            let Some(line) = self.next()? else { break };
            self.number += 1;
            if line != Line::Whole(Vec::new()) {
                lines.push((self.number, line));
            }
        }
        Ok(lines)
    }

    fn next(&mut self) -> io::Result<Option<Line>> {
        let mut line = Vec::new();
        let read = self
            .input
            .by_ref()
            .take(self.longest + 1)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        if line.ends_with(b"\n") || read as u64 <= self.longest {
            return Ok(Some(Line::Whole(line.trim_ascii().to_vec())));
        }
        self.input.skip_until(b'\n')?;
        Ok(Some(Line::TooLong))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_come_is_taken_and_what_has_not_is_not_waited_for() {
        /// Gives one piece after another.
        struct Pieces(Vec<&'static [u8]>);
        impl Read for Pieces {
            fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
                if self.0.is_empty() {
                    return Ok(0);
                }
                self.0.remove(0).read(target)
            }
        }
        let mut lines = Lines::new(Pieces(vec![b"a\nb\r\n", b"c", b"d\n\n e \n", b"f"]));
        let mut numbers_and_texts = || -> Vec<(usize, String)> {
            let text = |line| match line {
                Line::Whole(bytes) => String::from_utf8(bytes).expect("text"),
                Line::TooLong => "too long".into(),
            };
            let batch = lines.batch().expect("lines");
            batch.into_iter().map(|(number, line)| (number, text(line))).collect()
        };
        assert_eq!(numbers_and_texts(), [(1, "a".into()), (2, "b".into())]);
        assert_eq!(numbers_and_texts(), [(3, "cd".into()), (5, "e".into())]);
        assert_eq!(numbers_and_texts(), [(6, "f".into())]);
        assert_eq!(numbers_and_texts(), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_one_line_and_those_after_it_are_read() {
        let mut lines = Lines::new(&b"12345\n123456\n1234567890\nx\n"[..]);
        lines.longest = 5;
        let found = lines.batch().expect("lines");
        let whole = |text: &str| Line::Whole(text.as_bytes().to_vec());
        assert_eq!(
            found,
            [
                (1, whole("12345")),
                (2, Line::TooLong),
                (3, Line::TooLong),
                (4, whole("x"))
            ]
        );
    }

    #[test]
    fn a_batch_has_an_end() {
        let text = b"x\n".repeat(BATCH + 3);
        let mut lines = Lines::new(text.as_slice());
        assert_eq!(lines.batch().expect("lines").len(), BATCH);
        assert_eq!(lines.batch().expect("lines").len(), 3);
    }
}

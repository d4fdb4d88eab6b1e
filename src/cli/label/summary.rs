//! What came of it, for the person who waited.

use std::path::PathBuf;

use super::labeller::{How, Labelled};

/// How many faults are told one by one; the file has them all.
const TOLD: usize = 5;

#[derive(Default)]
pub struct Summary {
    labelled: usize,
    kept: usize,
    repeated: usize,
    unreadable: Faults,
    /// Of posts that have a label all the same.
    partly: Faults,
}

#[derive(Default)]
struct Faults {
    count: usize,
    first: Vec<String>,
}

impl Faults {
    fn add(&mut self, id: &str, reason: &str) {
        self.count += 1;
        if self.first.len() < TOLD {
            self.first.push(format!("{id}: {reason}"));
        }
    }

    fn list(&self, text: &mut String) {
        for fault in &self.first {
            *text += &format!("\n  {fault}");
        }
        if self.count > self.first.len() {
            *text += &format!(
                "\n  and {} more; the column `error` has them all",
                self.count - self.first.len()
            );
        }
    }
}

impl Summary {
    pub fn add(&mut self, labelled: &Labelled) {
        let row = &labelled.row;
        let error = row.error.as_deref();
        if row.answer.is_none() {
            self.unreadable.add(&row.id, error.unwrap_or_default());
            return;
        }
        self.labelled += 1;
        match labelled.how {
            How::Asked => {}
            How::Kept => self.kept += 1,
            How::Repeated => self.repeated += 1,
        }
        if let Some(error) = error {
            self.partly.add(&row.id, error);
        }
    }

    /// Whether all posts were read, and all that belongs to them.
    pub fn is_complete(&self) -> bool {
        self.unreadable.count + self.partly.count == 0
    }

    fn text(&self) -> String {
        let mut text = format!("{} {} labelled", self.labelled, posts(self.labelled));
        let of_these = [
            (self.kept, "of them by an earlier run"),
            (self.repeated, "with the same picture and caption as one before"),
        ];
        let told: Vec<String> = of_these
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, how)| format!("{count} {how}"))
            .collect();
        if !told.is_empty() {
            text += &format!(" ({})", told.join(", "));
        }
        if self.unreadable.count > 0 {
            text += &format!(", {} could not be read:", self.unreadable.count);
            self.unreadable.list(&mut text);
        }
        if self.partly.count > 0 {
            text += &format!(
                "\n{} {} labelled without something that could not be read:",
                self.partly.count,
                posts(self.partly.count)
            );
            self.partly.list(&mut text);
        }
        text
    }

    /// Tells it on stderr, and where labels that were set by hand are that no post has any more.
    pub fn tell(&self, set_aside: Option<&(PathBuf, usize)>) {
        eprintln!("{}", self.text());
        if let Some((path, count)) = set_aside {
            eprintln!(
                "{count} hand-set {} of posts that are not there any more, or are others now; the file with them is kept as {}",
                if *count == 1 { "label was" } else { "labels were" },
                path.display()
            );
        }
    }
}

fn posts(count: usize) -> &'static str {
    if count == 1 { "post" } else { "posts" }
}

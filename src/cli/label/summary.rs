//! The summary of a run, printed to stderr.

use std::path::PathBuf;

use super::labeller::{Labelled, Origin};
use crate::cli::terminal::line;

/// How many faults are printed; the file has them all.
const PRINTED: usize = 5;

/// Counts of a run: every row is either a labelled post or could not be read.
#[derive(Default)]
pub struct Summary {
    labelled: usize,
    from_earlier_run: usize,
    duplicates: usize,
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
        if self.first.len() < PRINTED {
            self.first.push(line(&format!("{id}: {reason}")).into_owned());
        }
    }

    fn list(&self, text: &mut String) {
        for fault in &self.first {
            *text += &format!("\n  {fault}");
        }
        if self.count > self.first.len() {
            *text += &format!(
                "\n  and {} more; see the column `error`",
                grouped(self.count - self.first.len())
            );
        }
    }
}

impl Summary {
    pub fn add(&mut self, labelled: &Labelled) {
        let row = &labelled.row;
        let error = row.error.as_deref();
        if row.prediction.is_none() {
            self.unreadable.add(&row.id, error.unwrap_or_default());
            return;
        }
        self.labelled += 1;
        match labelled.origin {
            Origin::Classified => {}
            Origin::EarlierRun => self.from_earlier_run += 1,
            Origin::Duplicate => self.duplicates += 1,
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
        let rows = self.labelled + self.unreadable.count;
        let mut text = format!("{}: {} labelled", counted(rows, "row"), counted(self.labelled, "post"));
        let of_these = [
            (self.from_earlier_run, "of them by an earlier run"),
            (self.duplicates, "with the same image and caption as one before"),
        ];
        let details: Vec<String> = of_these
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, detail)| format!("{} {detail}", grouped(*count)))
            .collect();
        if !details.is_empty() {
            text += &format!(" ({})", details.join(", "));
        }
        if self.unreadable.count > 0 {
            text += &format!(", {} could not be read:", counted(self.unreadable.count, "row"));
            self.unreadable.list(&mut text);
        }
        if self.partly.count > 0 {
            text += &format!(
                "\n{} labelled without something that could not be read:",
                counted(self.partly.count, "post")
            );
            self.partly.list(&mut text);
        }
        text
    }

    /// Prints the summary, and the name of the file with manual labels that no post has any more.
    pub fn print(&self, set_aside: Option<&(PathBuf, usize)>) {
        eprintln!("{}", self.text());
        if let Some((path, count)) = set_aside {
            eprintln!(
                "{} of yours {} to posts that are gone or have changed; the old file is kept as {}",
                counted(*count, "label"),
                if *count == 1 { "belongs" } else { "belong" },
                line(&path.display().to_string())
            );
        }
    }
}

/// A count with its noun.
fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", grouped(count))
}

/// A count with a comma before every three digits.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_posts_and_problems_together() {
        let mut summary = Summary {
            labelled: 1999,
            ..Summary::default()
        };
        assert_eq!(summary.text(), "1,999 rows: 1,999 posts labelled");
        summary.unreadable.add("101", "line 102: no");
        assert_eq!(
            summary.text(),
            "2,000 rows: 1,999 posts labelled, 1 row could not be read:\n  101: line 102: no"
        );
        summary.duplicates = 1000;
        summary.partly.add("7", "no sidecar");
        let text = summary.text();
        assert!(
            text.contains("labelled (1,000 with the same image and caption as one before), 1 row could"),
            "{text}"
        );
        assert!(
            text.ends_with("\n1 post labelled without something that could not be read:\n  7: no sidecar"),
            "{text}"
        );
    }

    #[test]
    fn counts_have_a_comma_before_every_three_digits() {
        let texts = [0, 999, 1000, 12_345, 1_000_000].map(grouped);
        assert_eq!(texts, ["0", "999", "1,000", "12,345", "1,000,000"]);
    }
}

//! Values by label: for JSON, and as bars for people.

use emofuse::LabelSet;
use serde::{Serialize, Serializer};

/// A value for each label, or for each but the `none` label, written as an object with the labels' names.
#[derive(Clone)]
pub struct ByLabel<T> {
    pub labels: LabelSet,
    pub values: Vec<T>,
}

impl<T> ByLabel<T> {
    pub fn new(labels: &LabelSet, values: Vec<T>) -> Self {
        Self {
            labels: labels.clone(),
            values,
        }
    }

    /// The names with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        let is_of_all = self.values.len() == self.labels.len();
        let none = self.labels.none().filter(|_| !is_of_all);
        let labels = (0..self.labels.len()).filter(move |label| Some(*label) != none);
        labels.map(|label| self.labels.name(label)).zip(&self.values)
    }
}

impl<T: Serialize> Serialize for ByLabel<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// A bar of at most `width` characters, to an eighth of a character.
pub fn bar(share: f32, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * width as f32 * 8.0).round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// A share as people read it.
pub fn percent(share: f32) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_the_share() {
        assert_eq!(bar(1.0, 3), "███");
        assert_eq!(bar(0.5, 3), "█▌");
        assert_eq!(bar(0.0, 3), "");
        assert_eq!(bar(7.0, 2), "██");
        assert_eq!(bar(f32::NAN, 2), "");
    }

    #[test]
    fn values_are_written_under_their_labels() {
        let labels = LabelSet::from_names(["calm", "tense", "neither"], Some("neither")).expect("labels");
        let all = serde_json::to_string(&ByLabel::new(&labels, vec![1, 2, 3])).expect("JSON");
        assert_eq!(all, r#"{"calm":1,"tense":2,"neither":3}"#);
        let primary = serde_json::to_string(&ByLabel::new(&labels, vec![1, 2])).expect("JSON");
        assert_eq!(primary, r#"{"calm":1,"tense":2}"#);
    }
}

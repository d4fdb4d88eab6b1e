//! Values by label: for JSON, and as bars for people.

use emofuse::Emotion;
use serde::{Serialize, Serializer};

/// Values in the order of [`Emotion::ALL`], all nine or the first eight, written as an object with the labels' names.
#[derive(Clone, Copy)]
pub struct ByEmotion<T, const N: usize>(pub [T; N]);

impl<T: Serialize, const N: usize> Serialize for ByEmotion<T, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Emotion::ALL.iter().map(|emotion| emotion.name()).zip(&self.0))
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
        let nine = serde_json::to_string(&ByEmotion([1, 2, 3, 4, 5, 6, 7, 8, 9])).expect("JSON");
        assert!(
            nine.starts_with("{\"joy\":1,\"trust\":2,") && nine.ends_with("\"neutral\":9}"),
            "{nine}"
        );
        let eight = serde_json::to_string(&ByEmotion([0; 8])).expect("JSON");
        assert!(!eight.contains("neutral"), "{eight}");
    }
}

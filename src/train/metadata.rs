//! Numbers beside image and caption, as features of a third side of a post.

use std::f32::consts::TAU;

use super::data::{EMOJI_COUNT, Post};

/// The column whose numbers go round in a circle.
const HOUR: &str = "hour";
const HOURS: f32 = 24.0;

/// The features of a post's metadata: the sine and cosine of `hour`, the logarithm of one more than the count of emoji,
/// and any other number as it is. `None` if a number is missing, or no column is named.
#[must_use]
pub fn features(columns: &[String], post: &Post) -> Option<Vec<f32>> {
    let mut features = Vec::with_capacity(columns.len() + 1);
    let mut values = post.metadata.iter();
    for column in columns {
        let value = values.next().copied().flatten();
        match column.as_str() {
            HOUR => {
                let (sine, cosine) = (value? / HOURS * TAU).sin_cos();
                features.extend([sine, cosine]);
            }
            EMOJI_COUNT => {
                let count = value.unwrap_or_else(|| emoji_count(&post.caption) as f32);
                features.push(count.max(0.0).ln_1p());
            }
            _ => features.push(value?),
        }
    }
    (!features.is_empty()).then_some(features)
}

/// How many emoji a caption has; one of several parts (a family, a flag, a skin tone) counts once.
fn emoji_count(caption: &str) -> usize {
    let mut count = 0;
    let mut joined = false;
    let mut flag_is_open = false;
    for character in caption.chars() {
        match character {
            // A zero-width joiner.
            '\u{200d}' => {
                joined = true;
                continue;
            }
            // Skin tones and variation selectors.
            '\u{1f3fb}'..='\u{1f3ff}' | '\u{fe0f}' => continue,
            '\u{1f1e6}'..='\u{1f1ff}' => {
                count += usize::from(!flag_is_open);
                flag_is_open = !flag_is_open;
            }
            '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' => {
                count += usize::from(!joined);
                flag_is_open = false;
            }
            _ => flag_is_open = false,
        }
        joined = false;
    }
    count
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::data::{Group, Rating, Split};

    fn post(caption: &str, metadata: Vec<Option<f32>>) -> Post {
        Post {
            image: PathBuf::new(),
            caption: caption.into(),
            split: Split::Train,
            image_label: None,
            image_rating: Rating::default(),
            post_label: None,
            metadata,
            group: Group::default(),
        }
    }

    #[test]
    fn hours_go_round_and_emoji_are_counted_in_the_caption_if_the_table_has_no_count() {
        let columns = ["hour", "emoji", "likes"].map(String::from);
        let found = features(
            &columns,
            &post("fine 😀😀 👩‍👩‍👧 👍🏽 🇩🇪🇫🇷 ☀️", vec![Some(6.0), None, Some(3.0)]),
        );
        let found = found.expect("nothing is missing");
        assert!((found[0] - 1.0).abs() < 1e-6 && found[1].abs() < 1e-6);
        assert_eq!(found[2..], [7f32.ln_1p(), 3.0]);
        let given = features(&columns, &post("😀", vec![Some(0.0), Some(4.0), Some(0.0)]));
        assert_eq!(given.map(|given| given[2]), Some(4f32.ln_1p()));
        let [midnight, next] = [0.0, 24.0].map(|hour| features(&columns[..1], &post("", vec![Some(hour)])));
        let (midnight, next) = (midnight.expect("an hour"), next.expect("an hour"));
        assert!(midnight.iter().zip(&next).all(|(a, b)| (a - b).abs() < 1e-5));
    }

    #[test]
    fn a_missing_number_takes_the_whole_side_away() {
        let columns = ["hour", "likes"].map(String::from);
        assert_eq!(features(&columns, &post("", vec![Some(1.0), None])), None);
        assert_eq!(features(&[], &post("", vec![])), None);
    }
}

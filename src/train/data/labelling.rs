//! The label of a set that a word of a table means: the only place where words become labels.
//!
//! A word is the name of a label. If a ready-made set lacks it, and it names one of Plutchik's or Mikels' emotions, it is
//! mapped, so that our own data can be used with every ready-made set:
//!
//! | word | `plutchik` | `ekman` | `mikels` | `sentiment` |
//! | --- | --- | --- | --- | --- |
//! | joy | joy | joy | contentment | positive |
//! | trust | trust | joy | contentment | positive |
//! | fear | fear | fear | fear | negative |
//! | surprise | surprise | surprise | awe | neutral |
//! | sadness | sadness | sadness | sadness | negative |
//! | disgust | disgust | disgust | disgust | negative |
//! | anger | anger | anger | anger | negative |
//! | anticipation | anticipation | joy | excitement | positive |
//! | neutral | neutral | neutral | no label | neutral |
//! | amusement | joy | joy | amusement | positive |
//! | awe | surprise | surprise | awe | positive |
//! | contentment | joy | joy | contentment | positive |
//! | excitement | anticipation | joy | excitement | positive |
//!
//! - Ekman's joy includes trust and anticipation, as in GoEmotions (Demszky et al. 2020), which counts admiration,
//!   approval, caring, optimism and excitement as joy.
//! - Amusement is joy at something; Plutchik's wheel has no nearer primary emotion. Contentment is the wheel's serenity,
//!   which is mild joy. Trust would be the other choice, but its mild form is acceptance of somebody or something, which
//!   a quiet lake does not show. Excitement looks forward to something, as anticipation does.
//! - Awe lies on the wheel between surprise and fear. Images of it show what is vast and grand far more often than what
//!   threatens, so it counts as surprise.
//! - Sentiment follows the emotion's valence ([`Emotion::valence`](emofuse_core::Emotion::valence)). Mikels' eight have a
//!   sign of their own: four are positive and four are negative.
//! - Mikels' eight have no neutral: such a row counts as a row without a label.

use std::{cell::RefCell, collections::BTreeSet};

use emofuse_core::{
    error::{Error, Result},
    labels::LabelSet,
    unicode::{Form, normalise},
};
use emofuse_dataset::Row;

use super::annotation::Annotation;

/// What stands between several labels in one cell.
pub const SEPARATOR: char = '|';

/// The sets that words are mapped to, in the order of the columns of [`MAPS`].
const MAPPED_SETS: [&str; 4] = ["plutchik", "ekman", "mikels", "sentiment"];

/// For each word its label in each of [`MAPPED_SETS`]; `None` for no label.
const MAPS: [(&str, [Option<&str>; 4]); 13] = [
    ("joy", [Some("joy"), Some("joy"), Some("contentment"), Some("positive")]),
    (
        "trust",
        [Some("trust"), Some("joy"), Some("contentment"), Some("positive")],
    ),
    ("fear", [Some("fear"), Some("fear"), Some("fear"), Some("negative")]),
    (
        "surprise",
        [Some("surprise"), Some("surprise"), Some("awe"), Some("neutral")],
    ),
    (
        "sadness",
        [Some("sadness"), Some("sadness"), Some("sadness"), Some("negative")],
    ),
    (
        "disgust",
        [Some("disgust"), Some("disgust"), Some("disgust"), Some("negative")],
    ),
    ("anger", [Some("anger"), Some("anger"), Some("anger"), Some("negative")]),
    (
        "anticipation",
        [Some("anticipation"), Some("joy"), Some("excitement"), Some("positive")],
    ),
    ("neutral", [Some("neutral"), Some("neutral"), None, Some("neutral")]),
    (
        "amusement",
        [Some("joy"), Some("joy"), Some("amusement"), Some("positive")],
    ),
    (
        "awe",
        [Some("surprise"), Some("surprise"), Some("awe"), Some("positive")],
    ),
    (
        "contentment",
        [Some("joy"), Some("joy"), Some("contentment"), Some("positive")],
    ),
    (
        "excitement",
        [Some("anticipation"), Some("joy"), Some("excitement"), Some("positive")],
    ),
];

/// Maps words to labels.
#[derive(Debug)]
pub struct Labelling(Words);

#[derive(Debug)]
enum Words {
    /// Of a set. If it is ready-made, `map` is its place among [`MAPPED_SETS`].
    Known { labels: LabelSet, map: Option<usize> },
    /// Of a set that is not known yet: every word is noted.
    Collected(RefCell<BTreeSet<String>>),
}

impl Labelling {
    /// Maps words to the labels of a set.
    #[must_use]
    pub fn new(labels: LabelSet) -> Self {
        let is_set =
            |name: &&str| LabelSet::ready_made(name).is_some_and(|ready_made| ready_made.names().eq(labels.names()));
        let map = MAPPED_SETS.iter().position(|name| is_set(&name));
        Self(Words::Known { labels, map })
    }

    /// Notes the words, for a set that consists of them.
    #[must_use]
    pub fn collecting() -> Self {
        Self(Words::Collected(RefCell::default()))
    }

    /// The words that were noted, sorted by their code points.
    pub(super) fn collected(self) -> Vec<String> {
        match self.0 {
            Words::Known { .. } => Vec::new(),
            Words::Collected(words) => words.into_inner().into_iter().collect(),
        }
    }

    /// The number of labels; 1 while words are noted.
    #[must_use]
    pub fn label_count(&self) -> usize {
        match &self.0 {
            Words::Known { labels, .. } => labels.len(),
            Words::Collected(_) => 1,
        }
    }

    /// The index of the label that says that none of the others applies.
    #[must_use]
    pub fn none(&self) -> Option<usize> {
        match &self.0 {
            Words::Known { labels, .. } => labels.none(),
            Words::Collected(_) => None,
        }
    }

    /// The index of the label that a word means; `None` for a word of our own data that has no label in this set.
    ///
    /// # Errors
    /// [`Error::UnknownLabel`] for any other word that is not a label.
    pub fn index(&self, word: &str) -> Result<Option<usize>> {
        let (labels, map) = match &self.0 {
            Words::Known { labels, map } => (labels, map),
            Words::Collected(words) => {
                words.borrow_mut().insert(normalise(word.trim(), Form::Nfc));
                return Ok(Some(0));
            }
        };
        if let Some(index) = labels.index(word) {
            return Ok(Some(index));
        }
        let mapped = map.and_then(|set| {
            let known = MAPS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word.trim()));
            known.map(|(_, labels)| labels[set])
        });
        match mapped {
            Some(label) => Ok(label.and_then(|name| labels.index(name))),
            None => labels.find(word).map(Some),
        }
    }

    /// The label in a cell; `None` for a blank cell, or if the word has no label in this set.
    ///
    /// # Errors
    /// [`Error::Row`] if it is not a label.
    pub fn cell(&self, row: Row<'_>, column: Option<usize>) -> Result<Option<usize>> {
        let word = row.filled(column);
        let label = word
            .map(|word| self.index(word))
            .transpose()
            .map_err(|error| row.error(error))?;
        Ok(label.flatten())
    }

    /// The labels of two cells, the second of which may be blank.
    ///
    /// # Errors
    /// As [`Labelling::cell`].
    pub fn ranked(&self, row: Row<'_>, [first, second]: [Option<usize>; 2]) -> Result<Option<Annotation>> {
        let second = self.cell(row, second)?;
        let first = self.cell(row, first)?;
        Ok(first.map(|first| Annotation {
            first,
            second: second.filter(|second| *second != first),
        }))
    }

    /// The labels of a cell, joined by [`SEPARATOR`], in their order; none for a blank cell.
    ///
    /// # Errors
    /// As [`Labelling::cell`].
    pub fn joined(&self, row: Row<'_>, column: Option<usize>) -> Result<Vec<usize>> {
        let Some(cell) = row.filled(column) else {
            return Ok(Vec::new());
        };
        let is_one_label = matches!(&self.0, Words::Known { labels, .. } if labels.index(cell).is_some());
        let words: Vec<&str> = if is_one_label {
            vec![cell]
        } else {
            cell.split(SEPARATOR).filter(|word| !word.trim().is_empty()).collect()
        };
        let found = words.into_iter().map(|word| self.index(word));
        let found: Result<Vec<Option<usize>>> = found.collect();
        Ok(found
            .map_err(|error: Error| row.error(error))?
            .into_iter()
            .flatten()
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use emofuse_core::Emotion;

    use super::*;

    fn name(set: &str, word: &str) -> Option<String> {
        let labels = LabelSet::ready_made(set).expect("a ready-made set");
        let found = Labelling::new(labels.clone()).index(word).expect("a known word");
        found.map(|index| labels.name(index).to_owned())
    }

    #[test]
    fn every_word_of_the_map_has_its_label_in_every_ready_made_set() {
        for (word, labels) in MAPS {
            for (set, label) in MAPPED_SETS.into_iter().zip(labels) {
                assert_eq!(name(set, word).as_deref(), label, "{word} in {set}");
            }
        }
        assert_eq!(name("plutchik", "Awe").as_deref(), Some("surprise"));
    }

    #[test]
    fn sentiment_follows_the_valence_of_plutchiks_emotions() {
        for emotion in Emotion::ALL {
            let expected = match emotion.valence() {
                valence if valence > 0.0 => "positive",
                valence if valence < 0.0 => "negative",
                _ => "neutral",
            };
            assert_eq!(name("sentiment", emotion.name()).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_set_of_ones_own_has_its_own_words_alone() {
        let labelling = Labelling::new(LabelSet::from_names(["Ruhe", "joy", "霧"], None).expect("labels"));
        assert_eq!(labelling.index(" 霧").expect("a label"), Some(2));
        assert_eq!(labelling.index("joy").expect("a label"), Some(1));
        let message = labelling.index("trust").expect_err("no label").to_string();
        assert_eq!(message, "`trust` is not a label; the labels are Ruhe, joy, 霧");
        let message = Labelling::new(LabelSet::plutchik())
            .index("bliss")
            .expect_err("no label");
        assert!(message.to_string().starts_with("`bliss` is not a label"), "{message}");
    }

    #[test]
    fn words_are_collected_composed_and_sorted() {
        let labelling = Labelling::collecting();
        for word in ["b", " cafe\u{301}", "a", "b", "caf\u{e9}"] {
            assert_eq!(labelling.index(word).expect("any word"), Some(0));
        }
        assert_eq!(labelling.collected(), ["a", "b", "caf\u{e9}"]);
    }
}

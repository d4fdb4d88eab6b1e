//! What speaks for a prediction: which parts of the image, which words of the caption.
//!
//! The image's part is a class activation map (Zhou, Khosla, Lapedriza, Oliva and Torralba, *Learning Deep Features
//! for Discriminative Localization*, 2016, arXiv 1512.04150): the means of the network's last feature map are features,
//! and from the features to the logits everything is linear, so that what each place adds is exact. The features that
//! are means and deviations of earlier layers and of the colours are sums over the places too, and have their share in
//! the map: with them it tells better where the image's part in a score goes when a part of it is painted over. Systems
//! that are not linear in an image have what is lost without each place. The words' part is what the score loses without
//! each.

use std::ops::Range;

use crate::{preprocessing::Area, text::Token};

/// Whether a prediction is to be explained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Explain {
    /// The scores say enough.
    #[default]
    Nothing,
    /// What raises or lowers the highest score.
    Label,
}

/// What is wanted of posts beside their predictions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Whether predictions are to be explained.
    pub explain: Explain,
    /// Whether every system of the model file is to say what it makes of the posts.
    pub systems: bool,
}

impl From<Explain> for Wanted {
    fn from(explain: Explain) -> Self {
        Self {
            explain,
            systems: false,
        }
    }
}

/// What raises the score of a prediction's label, and what lowers it.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The index of the label: the one with the highest score.
    pub label: usize,
    /// What each part of the image adds, where there is one.
    pub heat_map: Option<HeatMap>,
    /// What each word of the caption adds, in its order; none where there is no caption.
    pub words: Vec<Word>,
}

/// What each part of an image adds to the label.
///
/// Where the system is linear in the image, the cells add up to all that the image adds to the logarithm of the label's
/// score, to the first order, against an image whose features are those of the average image learnt from. Elsewhere a cell
/// has what is lost without it.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatMap {
    /// Cells of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Row by row: above 0 what raises the score, below 0 what lowers it.
    pub values: Vec<f32>,
    /// The part of the image that the map covers; nothing else of it was seen.
    pub area: Area,
}

/// A word, mark or emoji of a caption.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// As it stands in the caption.
    pub text: String,
    /// Its bytes in the caption.
    pub source: Range<usize>,
    /// The label's score less the score without the word: the caption read again with these bytes taken out. A
    /// caption without any other word is compared with a post of the same kind whose caption says nothing.
    pub contribution: f32,
}

/// How the logarithm of a label's score changes with each logit: its gradient, whose numbers add up to 0.
pub(crate) fn contrast(scores: &[f32], label: usize, temperature: f32) -> Vec<f32> {
    let mut contrast: Vec<f32> = scores.iter().map(|score| -score / temperature).collect();
    contrast[label] += 1.0 / temperature;
    contrast
}

/// The bytes of every word of a caption, in order, each once: words of one contraction share theirs.
pub(crate) fn sources(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut sources: Vec<Range<usize>> = tokens.iter().map(|token| token.source.clone()).collect();
    sources.dedup();
    sources
}

/// A caption without some of its bytes.
pub(crate) fn without(caption: &str, source: &Range<usize>) -> String {
    [&caption[..source.start], &caption[source.end..]].concat()
}

#[cfg(test)]
mod tests {
    use emofuse_core::metrics::softmax;

    use super::*;

    #[test]
    fn the_contrast_is_the_gradient_of_the_logarithm_of_the_score() {
        const LABEL: usize = 2;
        let logits: [f32; 9] = std::array::from_fn(|index| (index as f32 * 1.3).sin());
        let temperature = 0.8;
        let log_score = |logits: &[f32]| f64::from(softmax(logits, temperature)[LABEL]).ln();
        let contrast = contrast(&softmax(&logits, temperature), LABEL, temperature);
        assert!(contrast.iter().sum::<f32>().abs() < 1e-6);
        for (index, slope) in contrast.into_iter().enumerate() {
            let at = |step: f32| {
                let mut logits = logits;
                logits[index] += step;
                log_score(&logits)
            };
            let expected = (at(0.01) - at(-0.01)) / 0.02;
            assert!(
                (f64::from(slope) - expected).abs() < 1e-3,
                "{index}: {slope}, {expected}"
            );
        }
    }

    #[test]
    fn words_of_one_contraction_are_one_word() {
        let token = |source: Range<usize>| Token {
            text: "word".into(),
            id: 1,
            kind: crate::text::TokenKind::Word,
            source,
        };
        let tokens = [0..3, 0..3, 4..8, 8..9, 9..10].map(token);
        assert_eq!(sources(&tokens), [0..3, 4..8, 8..9, 9..10]);
        assert_eq!(without("I’m a cat", &(0..5)), " a cat");
    }
}

//! What a classifier asks of the networks about a batch of posts, and what they answer.

use emofuse_core::emotion::EMOTIONS;

use crate::{bundle::RowTable, model::fusion::Modality, preprocessing::Square};

/// The back end that runs on the CPU.
pub const CPU: &str = "cpu";

/// The back end that runs on a graphics card.
pub const WEBGPU: &str = "webgpu";

/// A number for each emotion, before calibration.
pub type Logits = [f32; EMOTIONS];

/// A batch of images and captions, and which of them belong together.
#[derive(Debug)]
pub struct Request<'a> {
    /// The images.
    pub images: Vec<Square>,
    /// The captions, each in one or more windows of rows of `words`. A caption without words is one empty window.
    pub captions: Vec<Vec<Vec<u32>>>,
    /// The vectors of words or word pieces.
    pub words: &'a RowTable,
    /// Posts with both: an image and a caption each.
    pub pairs: Vec<Pair>,
    /// Images of which each cell's part in the logits is wanted: in those of a post with both, or of the image alone.
    pub maps: Vec<(usize, Modality)>,
}

/// Places in [`Request::images`] and [`Request::captions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Of the image.
    pub image: usize,
    /// Of the caption.
    pub caption: usize,
}

/// The logits of a batch, in the order of the request, without what n-grams add.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// Of each image alone.
    pub images: Vec<Logits>,
    /// Of each caption alone.
    pub captions: Vec<Logits>,
    /// Of each post with both.
    pub pairs: Vec<Logits>,
    /// What each cell of an image adds.
    pub maps: Vec<CellLogits>,
}

/// What each cell of an image adds to the logits.
#[derive(Clone, Debug, PartialEq)]
pub struct CellLogits {
    /// Rows of cells.
    pub height: usize,
    /// Cells of a row.
    pub width: usize,
    /// Row by row.
    pub cells: Vec<Logits>,
}

impl Request<'_> {
    /// All windows of all captions.
    pub fn windows(&self) -> impl Iterator<Item = &[u32]> {
        self.captions.iter().flatten().map(Vec::as_slice)
    }

    /// Tokens of the longest window; 1 where all are empty.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.windows().map(<[u32]>::len).max().unwrap_or(0).max(1)
    }
}

/// A part of a request.
#[derive(Debug)]
pub struct Part<'a> {
    /// The part itself. Only the first has maps.
    pub request: Request<'a>,
    /// Where its pairs stand among those of the whole.
    pub pairs: Vec<usize>,
}

impl<'a> Request<'a> {
    /// Cuts a request into parts of at most `most` windows, or of one caption that has more: the captions go on from one
    /// part to the next, the images are in each that has pairs of them.
    #[must_use]
    pub fn split(self, most: usize) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        let mut first = 0;
        while first < self.captions.len() {
            let mut windows = 0;
            let fitting = self.captions[first..].iter().take_while(|caption| {
                windows += caption.len();
                windows <= most
            });
            let end = first + fitting.count().max(1);
            let here = |(_, pair): &(usize, &Pair)| (first..end).contains(&pair.caption);
            let (places, pairs): (Vec<usize>, Vec<Pair>) = self
                .pairs
                .iter()
                .enumerate()
                .filter(here)
                .map(|(place, pair)| {
                    let caption = pair.caption - first;
                    (place, Pair { caption, ..*pair })
                })
                .unzip();
            let is_first = parts.is_empty();
            parts.push(Part {
                request: Self {
                    images: if is_first || !pairs.is_empty() {
                        self.images.clone()
                    } else {
                        Vec::new()
                    },
                    captions: self.captions[first..end].to_vec(),
                    words: self.words,
                    pairs,
                    maps: if is_first { self.maps.clone() } else { Vec::new() },
                },
                pairs: places,
            });
            first = end;
        }
        parts
    }
}

/// The share that each window has in a caption's features: by its tokens.
pub fn shares(windows: &[Vec<u32>]) -> impl Iterator<Item = f32> {
    let tokens: usize = windows.iter().map(Vec::len).sum();
    windows.iter().map(move |window| match windows.len() {
        1 => 1.0,
        _ => window.len() as f32 / tokens as f32,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bundle::{Bundle, tensor_group},
        preprocessing::Square,
    };

    #[test]
    fn a_request_is_cut_between_captions_and_loses_nothing() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../pkg/model/emofuse-default.emofuse");
        let bundle = Bundle::from_bytes(&std::fs::read(path).expect("a committed model")).expect("a model");
        let rows = bundle.manifest.vocabulary.len() + 1;
        let words = [rows, rows + 1]
            .iter()
            .find_map(|rows| bundle.rows(tensor_group::WORDS, &[*rows, 100]).ok());
        let words = words.expect("the word vectors");
        let square = Square {
            side: 1,
            pixels: vec![[0; 4]],
        };
        let request = Request {
            images: vec![square],
            captions: [1, 2, 5, 1, 1].map(|windows| vec![vec![7]; windows]).to_vec(),
            words: &words,
            pairs: [3, 0, 1].map(|caption| Pair { image: 0, caption }).to_vec(),
            maps: vec![(0, Modality::Both)],
        };
        let parts = request.split(3);
        let captions: Vec<usize> = parts.iter().map(|part| part.request.captions.len()).collect();
        assert_eq!(captions, [2, 1, 2]);
        let pairs: Vec<_> = parts.iter().map(|part| part.pairs.clone()).collect();
        assert_eq!(pairs, [vec![1, 2], vec![], vec![0]]);
        assert_eq!(parts[2].request.pairs, [Pair { image: 0, caption: 0 }]);
        let images: Vec<usize> = parts.iter().map(|part| part.request.images.len()).collect();
        assert_eq!(images, [1, 0, 1]);
        assert!(parts[1].request.maps.is_empty() && parts[0].request.maps.len() == 1);
    }
}

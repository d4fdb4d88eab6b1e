//! What a classifier asks of the networks about a batch of images and captions, and what they answer.

use crate::{bundle::RowTable, preprocessing::Square};

/// The back end that runs on the CPU.
pub const CPU: &str = "cpu";

/// The back end that runs on a graphics card.
pub const WEBGPU: &str = "webgpu";

/// A batch of images and captions.
#[derive(Debug)]
pub struct Request<'a> {
    /// The images.
    pub images: Vec<Square>,
    /// The captions, each in one or more windows of rows of `words`. A caption without words is one empty window.
    pub captions: Vec<Vec<Vec<u32>>>,
    /// The vectors of words or word pieces; `None` for a model that reads no captions.
    pub words: Option<&'a RowTable>,
    /// Images of which the features of each cell are wanted.
    pub cells: Vec<usize>,
}

/// The features of a batch, in the order of the request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// Of each image.
    pub images: Vec<Vec<f32>>,
    /// Of each caption.
    pub captions: Vec<Vec<f32>>,
    /// Of the cells of images.
    pub cells: Vec<CellFeatures>,
}

/// The features of an image's cells: the mean over the cells is the image's feature.
#[derive(Clone, Debug, PartialEq)]
pub struct CellFeatures {
    /// Rows of cells.
    pub height: usize,
    /// Cells of a row.
    pub width: usize,
    /// `[cell][feature]`, the cells row by row.
    pub features: Vec<f32>,
}

impl CellFeatures {
    /// The features of each cell.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        let length = self.features.len() / (self.height * self.width).max(1);
        self.features.chunks_exact(length.max(1))
    }
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

impl<'a> Request<'a> {
    /// Cuts a request into parts of at most `most` windows, or of one caption that has more: the captions go on from one
    /// part to the next, the images are in the first.
    #[must_use]
    pub fn split(mut self, most: usize) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut captions = std::mem::take(&mut self.captions).into_iter().peekable();
        while captions.peek().is_some() {
            let mut part = Request {
                images: std::mem::take(&mut self.images),
                captions: Vec::new(),
                words: self.words,
                cells: std::mem::take(&mut self.cells),
            };
            let mut windows = 0;
            while let Some(caption) = captions.next_if(|caption| windows == 0 || windows + caption.len() <= most) {
                windows += caption.len();
                part.captions.push(caption);
            }
            parts.push(part);
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

/// The features of captions from those of their windows, which count by their tokens.
#[must_use]
pub fn of_captions(windows: Vec<Vec<f32>>, captions: &[Vec<Vec<u32>>]) -> Vec<Vec<f32>> {
    let mut windows = windows.into_iter();
    let mut features = Vec::with_capacity(captions.len());
    for caption in captions {
        let mut all = windows.next().unwrap_or_default();
        let mut shares = shares(caption);
        let first = shares.next().unwrap_or(1.0);
        if first < 1.0 {
            all.iter_mut().for_each(|value| *value *= first);
        }
        for (share, window) in shares.zip(windows.by_ref()) {
            for (sum, value) in all.iter_mut().zip(window) {
                *sum += share * value;
            }
        }
        features.push(all);
    }
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_cut_between_captions_and_loses_nothing() {
        let square = Square {
            side: 1,
            pixels: vec![[0; 4]],
        };
        let captions = [1, 2, 5, 1, 1].map(|windows| vec![vec![7]; windows]).to_vec();
        let request = Request {
            images: vec![square],
            captions: captions.clone(),
            words: None,
            cells: vec![0],
        };
        let parts = request.split(3);
        let counts: Vec<usize> = parts.iter().map(|part| part.captions.len()).collect();
        assert_eq!(counts, [2, 1, 2]);
        let all: Vec<_> = parts.iter().flat_map(|part| part.captions.clone()).collect();
        assert_eq!(all, captions);
        let images: Vec<usize> = parts.iter().map(|part| part.images.len()).collect();
        assert_eq!(images, [1, 0, 0]);
        assert_eq!((parts[0].cells.as_slice(), parts[1].cells.len()), (&[0][..], 0));
    }

    #[test]
    fn windows_count_in_their_caption_by_their_tokens() {
        let captions = vec![vec![vec![1, 2, 3]], vec![vec![1, 2, 3], vec![4]], vec![vec![]]];
        let windows = vec![vec![1.0, 2.0], vec![4.0, 0.0], vec![8.0, 4.0], vec![0.0, 0.0]];
        let expected = [vec![1.0, 2.0], vec![5.0, 1.0], vec![0.0, 0.0]];
        assert_eq!(of_captions(windows, &captions), expected);
    }
}

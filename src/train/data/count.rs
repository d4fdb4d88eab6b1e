//! Counts posts and captions for the summary of their source.

use super::{LabelledCaption, Post, SourceSummary};

impl SourceSummary {
    pub(super) fn count_posts(&mut self, posts: &[Post]) {
        for post in posts {
            let label = post.post_label.or(post.image_label);
            self.read += 1;
            self.without_image += usize::from(!post.image.is_file());
            self.without_label += usize::from(label.is_none());
            self.count(post.split, label.map(|label| label.first));
        }
    }

    pub(super) fn count_captions(&mut self, captions: &[LabelledCaption]) {
        for caption in captions {
            self.read += 1;
            self.count(caption.split, caption.labels.all());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use emofuse_core::{Emotion, LabelSet};

    use super::*;
    use crate::data::{Annotation, Group, Rating, Split};

    #[test]
    fn a_summary_says_what_was_read_left_out_and_labelled() {
        let post = |split, label: Option<Emotion>| Post {
            image: PathBuf::new(),
            caption: String::new(),
            split,
            image_label: label.map(|label| Annotation::from(label.index())),
            image_rating: Rating::default(),
            post_label: None,
            metadata: Vec::new(),
            group: Group::default(),
        };
        let mut summary = SourceSummary::new("posts.csv");
        summary.malformed = 1;
        summary.count_posts(&[
            post(Split::Dev, Some(Emotion::Fear)),
            post(Split::Train, Some(Emotion::Joy)),
            post(Split::Train, Some(Emotion::Joy)),
            post(Split::Train, None),
        ]);
        assert_eq!(
            summary.describe(&LabelSet::plutchik()),
            "posts.csv: 4 read, 1 malformed, 4 without their image, 1 without a label; train 3: joy 2; dev 1: fear 1"
        );
    }
}

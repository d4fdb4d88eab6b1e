//! What the caption tower learns from: labelled captions, those of posts, and what a teacher says of either.

use super::{
    captions::CaptionExample,
    data::{Data, Post, Split},
    recipe::{Recipe, TeacherRecipe},
    teacher::Teacher,
};
use crate::{emotion::Emotion, error::Result, text::Tokenizer};

/// What the caption tower learns from and is chosen on.
pub struct CaptionExamples {
    pub train: Vec<CaptionExample>,
    pub dev: Vec<CaptionExample>,
}

impl CaptionExamples {
    /// The labelled captions, and those of the posts as often as the recipe says. Where no labelled caption
    /// belongs to dev, the posts' captions of dev take their place.
    pub fn new(recipe: &Recipe, tokenizer: &Tokenizer, data: &Data) -> Result<Self, String> {
        let from_text = |split| {
            let rows = data.captions.iter().filter(move |row| row.split == split);
            rows.map(|row| CaptionExample {
                ids: tokenizer.encode(&row.caption),
                targets: Some(row.labels.map(|holds| f32::from(u8::from(holds)))),
                embedding: None,
            })
        };
        let from_posts = |split| {
            let posts = data.all_posts().filter(move |post| post.split == split);
            posts.filter_map(|post| from_post(post, tokenizer))
        };
        let mut train: Vec<CaptionExample> = from_text(Split::Train).collect();
        for _ in 0..recipe.caption.posts_repeat {
            train.extend(from_posts(Split::Train));
        }
        let mut dev: Vec<CaptionExample> = from_text(Split::Dev).collect();
        if dev.is_empty() {
            dev.extend(from_posts(Split::Dev));
        }
        for (examples, split) in [(&train, Split::Train), (&dev, Split::Dev)] {
            if examples.iter().all(|example| example.ids.is_empty()) {
                return Err(format!(
                    "the caption tower has no labelled caption of the {split} split; name a table of captions in \
                     `data.captions`, or let those of the posts serve with a `caption.posts_repeat` of 1 or more"
                ));
            }
        }
        Ok(Self { train, dev })
    }

    /// Adds what the teacher says of each caption to learn from, and the posts' captions as often as the recipe says.
    pub fn distil(
        &mut self,
        teacher: &Teacher,
        recipe: TeacherRecipe,
        tokenizer: &Tokenizer,
        data: &Data,
    ) -> Result<()> {
        let train = |split: Split| split == Split::Train;
        let captions = data.captions.iter().filter(|row| train(row.split));
        for (example, row) in self.train.iter_mut().zip(captions) {
            example.embedding = Some(teacher.embedding(&row.caption)?);
        }
        let mut posts = Vec::new();
        for post in data.all_posts().filter(|post| train(post.split)) {
            let ids = tokenizer.encode(&post.caption);
            if !ids.is_empty() {
                posts.push(CaptionExample {
                    ids,
                    targets: None,
                    embedding: Some(teacher.embedding(&post.caption)?),
                });
            }
        }
        for _ in 0..recipe.posts_repeat {
            self.train.extend_from_slice(&posts);
        }
        Ok(())
    }
}

fn from_post(post: &Post, tokenizer: &Tokenizer) -> Option<CaptionExample> {
    let label = post.post_label?;
    let distribution = label.distribution(0.5);
    // The second emotion of a post holds as well, less surely than the first.
    let targets = Emotion::PRIMARY.map(|emotion| match distribution[emotion.index()] {
        share if share > 0.0 && emotion == label.first => 1.0,
        share => share,
    });
    Some(CaptionExample {
        ids: tokenizer.encode(&post.caption),
        targets: Some(targets),
        embedding: None,
    })
}

//! What is learnt from captions alone: labelled captions, those of posts, and what a teacher says of either.

use emofuse_core::{error::Result, labels::LabelSet, metrics::most_likely};
use emofuse_engine::text::{Token, Tokenizer};

use super::{
    balance,
    captions::CaptionExample,
    data::{CaptionLabels, Data, Group, Post, Split},
    recipe::Recipe,
    teacher::{Teacher, TeacherOutput},
};

/// A caption with its labels and what the teacher says of it.
pub struct TaughtCaption {
    /// Its words.
    pub tokens: Vec<Token>,
    /// The labels that people or the post gave it; none for a caption of which only the teacher's answer is known.
    pub labels: Option<CaptionLabels>,
    /// How its label is divided up between all labels.
    pub distribution: Vec<f32>,
    /// How much it counts.
    pub weight: f32,
    /// The set that it comes from.
    pub group: Group,
    answer: Option<TeacherOutput>,
    soft_labels: f32,
}

impl TaughtCaption {
    /// What the caption tower learns of it; no more than `window` words.
    pub fn example(&self, tokenizer: &Tokenizer, window: usize, labels: &LabelSet) -> CaptionExample {
        let decided: Option<Vec<f32>> = match &self.labels {
            Some(CaptionLabels::Each(holds)) => Some(
                labels
                    .primary()
                    .map(|label| f32::from(u8::from(holds[label])))
                    .collect(),
            ),
            _ => None,
        };
        let taught = self.answer.as_ref().map(|answer| answer.each.clone());
        let each = match (decided, taught) {
            (Some(own), Some(taught)) => Some(mixed(&own, &taught, self.soft_labels)),
            (own, taught) => own.or(taught).or_else(|| self.ranked(labels)),
        };
        CaptionExample {
            ids: tokenizer.ids(&self.tokens[..window.min(self.tokens.len())]),
            each,
            distribution: Some(self.distribution.clone()),
            embedding: self.answer.as_ref().map(|answer| answer.embedding.clone()),
            weight: self.weight,
            domain: self.group.set.clone(),
        }
    }

    /// Each label by itself as one ranked label tells them: the second holds less surely than the first.
    fn ranked(&self, labels: &LabelSet) -> Option<Vec<f32>> {
        let Some(CaptionLabels::Ranked(own)) = &self.labels else {
            return None;
        };
        let holds = |label: usize| match label {
            first if first == own.first => 1.0,
            second if Some(second) == own.second => 0.5,
            _ => 0.0,
        };
        Some(labels.primary().map(holds).collect())
    }
}

/// `share` of what is taught in what is known.
fn mixed(own: &[f32], taught: &[f32], share: f32) -> Vec<f32> {
    let pairs = own.iter().zip(taught);
    pairs
        .map(|(own, taught)| own * (1.0 - share) + taught * share)
        .collect()
}

/// Captions to learn from and to choose on.
pub struct CaptionSet {
    /// To learn from.
    pub train: Vec<TaughtCaption>,
    /// To choose on; every one with labels.
    pub dev: Vec<TaughtCaption>,
}

impl CaptionSet {
    /// The labelled captions, those of posts as often as the recipe says, and with a teacher also those that nobody has
    /// labelled. Where no labelled caption belongs to dev, the posts' captions of dev take their place.
    ///
    /// # Errors
    /// A message in the inner result where the recipe leaves nothing to learn from; [`emofuse_core::Error::Data`] where the
    /// teacher has not answered some caption.
    pub fn new(
        recipe: &Recipe,
        tokenizer: &Tokenizer,
        data: &Data,
        teacher: Option<&Teacher>,
    ) -> Result<std::result::Result<Self, String>> {
        let builder = Builder {
            recipe,
            tokenizer,
            teacher,
            labels: data.labels.len(),
        };
        let mut train = builder.labelled(data, Split::Train)?;
        for _ in 0..recipe.caption.posts_repeat() {
            train.extend(builder.posts(data, Split::Train)?);
        }
        let mut dev = builder.labelled(data, Split::Dev)?;
        if dev.is_empty() {
            dev.extend(builder.posts(data, Split::Dev)?);
        }
        for (captions, split) in [(&train, Split::Train), (&dev, Split::Dev)] {
            if captions.iter().all(|caption| caption.tokens.is_empty()) {
                return Ok(Err(format!(
                    "the caption tower has no labelled caption of the {split} split; name a table of captions in \
                     `data.captions`, or let those of the posts serve with a `caption.posts_repeat` of 1 or more"
                )));
            }
        }
        let rows: Vec<(&str, usize)> = train
            .iter()
            .map(|caption| (caption.group.set.as_str(), most_likely(&caption.distribution)))
            .collect();
        let weights = match balance::weights(&rows, recipe.caption.balance()) {
            Ok(weights) => weights,
            Err(reason) => return Ok(Err(reason)),
        };
        for (caption, weight) in train.iter_mut().zip(weights) {
            caption.weight = weight;
        }
        if let Some(teacher) = teacher {
            train.extend(builder.unlabelled(data, teacher)?);
        }
        train.retain(|caption| !caption.tokens.is_empty());
        Ok(Ok(Self { train, dev }))
    }
}

/// The name under which captions of posts are balanced and measured.
pub const POSTS: &str = "posts";

struct Builder<'a> {
    recipe: &'a Recipe,
    tokenizer: &'a Tokenizer,
    teacher: Option<&'a Teacher>,
    labels: usize,
}

impl Builder<'_> {
    fn labelled(&self, data: &Data, split: Split) -> Result<Vec<TaughtCaption>> {
        data.captions
            .iter()
            .filter(|row| row.split == split)
            .map(|row| self.caption(&row.caption, row.labels.clone(), &row.source, split))
            .collect()
    }

    fn posts(&self, data: &Data, split: Split) -> Result<Vec<TaughtCaption>> {
        let posts = data.all_posts().filter(|post| post.split == split);
        let labelled = posts.filter_map(|post| Some((post, post.post_label?)));
        labelled
            .map(|(post, label)| self.caption(&post.caption, CaptionLabels::Ranked(label), POSTS, split))
            .collect()
    }

    fn caption(&self, caption: &str, labels: CaptionLabels, source: &str, split: Split) -> Result<TaughtCaption> {
        let own = labels.distribution(self.recipe.standalone_caption.second_label, self.labels);
        // Dev is what answers are measured against, so it keeps its own labels.
        let answer = match (self.teacher, split) {
            (Some(teacher), Split::Train) => Some(teacher.answer(caption)?.clone()),
            _ => None,
        };
        let soft_labels = self.recipe.caption.teacher().map_or(0.0, |teacher| teacher.soft_labels);
        Ok(TaughtCaption {
            tokens: self.tokenizer.tokens(caption),
            labels: Some(labels),
            distribution: match &answer {
                Some(answer) => mixed(&own, &answer.distribution, soft_labels),
                None => own,
            },
            weight: 1.0,
            group: Group {
                set: source.to_owned(),
                theme: String::new(),
            },
            answer,
            soft_labels,
        })
    }

    /// Captions of which only the teacher's answer is known, those of posts among them.
    fn unlabelled(&self, data: &Data, teacher: &Teacher) -> Result<Vec<TaughtCaption>> {
        let Some(recipe) = self.recipe.caption.teacher() else {
            return Ok(Vec::new());
        };
        let posts: Vec<&Post> = data.all_posts().filter(|post| post.split == Split::Train).collect();
        let of_posts = (0..recipe.posts_repeat).flat_map(|_| posts.iter().map(|post| &post.caption));
        let unlabelled = of_posts
            .chain(&teacher.unlabelled)
            .filter(|caption| !caption.trim().is_empty());
        unlabelled
            .map(|caption| {
                let answer = teacher.answer(caption)?.clone();
                Ok(TaughtCaption {
                    tokens: self.tokenizer.tokens(caption),
                    labels: None,
                    distribution: answer.distribution.clone(),
                    weight: recipe.unlabelled_weight,
                    group: Group::default(),
                    answer: Some(answer),
                    soft_labels: 1.0,
                })
            })
            .collect()
    }
}

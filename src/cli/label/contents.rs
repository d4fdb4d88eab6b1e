//! What posts are known by, so that none is classified twice and none gets another's label.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

/// What a picture and a caption are known by; two posts with the same are answered alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Contents([u8; 32]);

impl Contents {
    pub fn of(image_sha256: Option<&str>, caption: Option<&str>) -> Self {
        Self::hash(&[image_sha256, caption])
    }

    fn hash(parts: &[Option<&str>]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            // A length before each, so that no two posts look alike.
            hasher.update(part.map_or(u64::MAX, |part| part.len() as u64).to_le_bytes());
            hasher.update(part.unwrap_or_default());
        }
        Self(hasher.finalize().into())
    }
}

/// How often a post of the same id, picture and caption came before.
#[derive(Default)]
pub struct Occurrences(HashMap<Contents, usize>);

impl Occurrences {
    /// What the post is known by, also among those that are all the same.
    pub fn next(&mut self, id: &str, image_sha256: Option<&str>, caption: Option<&str>) -> Contents {
        let post = [Some(id), image_sha256, caption];
        let before = self.0.entry(Contents::hash(&post)).or_default();
        *before += 1;
        Contents::hash(&[&post[..], &[Some(&before.to_string())]].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_that_differ_anywhere_are_known_by_something_else() {
        let all = [
            Contents::of(Some("a"), Some("b")),
            Contents::of(Some("ab"), None),
            Contents::of(Some("ab"), Some("")),
            Contents::of(None, Some("ab")),
            Contents::of(Some("a"), Some("c")),
        ];
        for (index, contents) in all.iter().enumerate() {
            assert_eq!(all.iter().position(|other| other == contents), Some(index));
        }
    }

    #[test]
    fn posts_that_are_all_the_same_are_told_apart_by_their_order() {
        let (mut one, mut other) = (Occurrences::default(), Occurrences::default());
        let first = one.next("a", None, Some("hello"));
        let second = one.next("a", None, Some("hello"));
        assert_ne!(first, second);
        assert_eq!([first, second], [0, 1].map(|_| other.next("a", None, Some("hello"))));
    }
}

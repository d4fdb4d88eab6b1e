//! Keys of posts by their content, so that none is classified twice and none gets another's label.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

/// The digest of an image and a caption; two posts with the same have the same prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentKey([u8; 32]);

impl ContentKey {
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

/// Counts posts of the same id, image and caption.
#[derive(Default)]
pub struct Occurrences(HashMap<ContentKey, usize>);

impl Occurrences {
    /// The key of the next post, which is another for each of those that are all the same.
    pub fn next(&mut self, id: &str, image_sha256: Option<&str>, caption: Option<&str>) -> ContentKey {
        let post = [Some(id), image_sha256, caption];
        let before = self.0.entry(ContentKey::hash(&post)).or_default();
        *before += 1;
        ContentKey::hash(&[&post[..], &[Some(&before.to_string())]].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_that_differ_anywhere_have_other_keys() {
        let all = [
            ContentKey::of(Some("a"), Some("b")),
            ContentKey::of(Some("ab"), None),
            ContentKey::of(Some("ab"), Some("")),
            ContentKey::of(None, Some("ab")),
            ContentKey::of(Some("a"), Some("c")),
        ];
        for (index, key) in all.iter().enumerate() {
            assert_eq!(all.iter().position(|other| other == key), Some(index));
        }
    }

    #[test]
    fn posts_that_are_all_the_same_are_distinguished_by_their_order() {
        let (mut one, mut other) = (Occurrences::default(), Occurrences::default());
        let first = one.next("a", None, Some("hello"));
        let second = one.next("a", None, Some("hello"));
        assert_ne!(first, second);
        assert_eq!([first, second], [0, 1].map(|_| other.next("a", None, Some("hello"))));
    }
}

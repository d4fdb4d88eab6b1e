//! The vocabulary of a text tower and its vectors, from GloVe and the captions at hand.

use std::collections::{HashMap, HashSet};

#[cfg(doc)]
use emofuse_core::Error;
use emofuse_core::Result;
use emofuse_engine::text::{PAD, Tokenizer, UNKNOWN, Vocabulary, emoji_with_words, emoji_word};

use super::glove::{DIMENSIONS, Glove};

/// A word of the captions must be seen this often to be taken before the most frequent words of the language.
const SEEN_KNOWN: usize = 2;
/// An emoji must be seen this often to be trained as a word of its own.
const SEEN_EMOJI: usize = 5;
/// A word that has no vector must be seen this often to be given one from its neighbours.
const SEEN_NEW: usize = 5;
/// Neighbours on either side that speak for a word without a vector.
const NEIGHBOURS: usize = 3;
/// Most tokens of a caption that are counted.
const MAX_TOKENS: usize = 512;
/// Share of the rarest words whose mean is the vector of the unknown word.
const RAREST: usize = 10;

/// Words that captions cannot do without and the package lacks, with those that stand in for them.
const STAND_INS: [(&str, &[&str]); 2] = [("i", &["me", "my", "you", "we"]), ("a", &["an", "the", "one"])];

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
    let every_word = tokenizer_of(glove.words.clone())?;
    let candidates = Candidates {
        glove,
        ranks,
        language: language(glove, &every_word, size),
    };
    // How words are read depends a little on which words are known, so they are counted twice: with all words of the
    // language, then with what the first count chose.
    let first = candidates.choose(&count(&captions, &every_word), size);
    let seen = count(&captions, &tokenizer_of(first)?);
    let chosen = Vocabulary::new(candidates.choose(&seen, size))?;
    let vectors = candidates.vectors(&captions, &chosen);
    Ok((chosen, vectors))
}

/// How often each word stands in the captions.
fn count(captions: &[&str], tokenizer: &Tokenizer) -> HashMap<String, usize> {
    let mut seen = HashMap::new();
    for token in captions.iter().flat_map(|caption| tokenizer.tokens(caption)) {
        *seen.entry(token.text).or_insert(0) += 1;
    }
    seen
}

/// Reads captions with the given words, the stand-ins and all emoji.
fn tokenizer_of(words: Vec<String>) -> Result<Tokenizer> {
    let have: HashSet<String> = words.iter().cloned().collect();
    let lacking = |word: &String| !have.contains(word);
    let stand_ins = STAND_INS.iter().map(|&(word, _)| word.to_owned()).filter(lacking);
    let emoji = emoji_with_words().map(|(emoji, _)| emoji.to_string()).filter(lacking);
    Ok(Tokenizer::new(
        Vocabulary::new(stand_ins.chain(words).chain(emoji).collect())?,
        MAX_TOKENS,
    ))
}

/// The words that stand in for emoji, then the most frequent words that reading a caption can give.
///
/// Commas, and shorthand that is always written out, are frequent too but never come out of a tokenizer.
fn language<'a>(glove: &'a Glove, reader: &Tokenizer, size: usize) -> Vec<&'a str> {
    let comes_out = |word: &&str| matches!(reader.tokens(word).as_slice(), [only] if only.text == *word);
    let frequent = glove.words.iter().map(String::as_str).filter(comes_out).take(size);
    emoji_with_words().map(|(_, word)| word).chain(frequent).collect()
}

/// What words can be chosen from.
struct Candidates<'a> {
    glove: &'a Glove,
    /// Positions of GloVe's words.
    ranks: HashMap<&'a str, usize>,
    /// Words that need no caption to be wanted, the most wanted first.
    language: Vec<&'a str>,
}

impl Candidates<'_> {
    /// The words of a vocabulary, in order.
    fn choose(&self, seen: &HashMap<String, usize>, size: usize) -> Vec<String> {
        let is_emoji = |word: &str| word.chars().next().is_some_and(|first| emoji_word(first).is_some());
        let stands_in = |word: &str| STAND_INS.iter().any(|&(known, _)| known == word);
        let mut wanted: Vec<(&str, usize)> = seen
            .iter()
            .filter(|&(word, &times)| {
                let enough = if self.ranks.contains_key(word.as_str()) {
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
        let mut known_ranks: Vec<usize> = wanted
            .iter()
            .filter_map(|(word, _)| self.ranks.get(word).copied())
            .collect();
        known_ranks.sort_unstable();
        let mut ranked: HashMap<&str, usize> = HashMap::new();
        let mut before = 0;
        for &(word, _) in &wanted {
            if let Some(&rank) = self.ranks.get(word) {
                before += 1;
                ranked.insert(word, rank);
            } else {
                ranked.insert(
                    word,
                    known_ranks.get(before).or(known_ranks.last()).copied().unwrap_or(0),
                );
            }
        }
        for &word in &self.language {
            if ranked.len() >= size {
                break;
            }
            if let Some(&rank) = self.ranks.get(word) {
                ranked.insert(word, rank);
            }
        }
        let mut words: Vec<(usize, &str)> = ranked.into_iter().map(|(word, rank)| (rank, word)).collect();
        words.sort_unstable();
        words.into_iter().map(|(_, word)| word.to_owned()).collect()
    }

    /// A row for every id of the vocabulary.
    fn vectors(&self, captions: &[&str], vocabulary: &Vocabulary) -> Vec<f32> {
        let known = |word: &str| self.ranks.get(word).map(|&rank| &self.glove.vectors[rank]);
        let rarest = mean(&self.glove.vectors[self.glove.vectors.len() - self.glove.vectors.len().div_ceil(RAREST)..]);
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

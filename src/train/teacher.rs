//! What a larger sentence encoder says of captions, from which the caption tower learns.
//!
//! `tools/teacher/answer.py` writes a folder. `answers.bin`: eight bytes `EMOTEACH`, the format's version (u32, 2), the
//! length of an embedding (u32), then a record for each caption: its SHA-256 (of the UTF-8 text), the embedding, the
//! probabilities of the nine labels and those of each of the eight emotions, in half precision, all little-endian.
//! `unlabelled.csv`: a column `caption` with captions that nobody has labelled; their answers are among the records.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use emofuse_core::{
    emotion::EMOTIONS,
    error::{Error, Result},
};
use emofuse_dataset::Table;
use half::f16;
use sha2::{Digest, Sha256};

const MAGIC: &[u8] = b"EMOTEACH";
const VERSION: u32 = 2;
const DIGEST: usize = 32;

/// What the teacher says of captions.
#[derive(Clone, Debug)]
pub struct Teacher {
    path: PathBuf,
    answers: BTreeMap<[u8; DIGEST], TeacherOutput>,
    /// Captions that nobody has labelled.
    pub unlabelled: Vec<String>,
}

/// What the teacher says of a caption.
#[derive(Clone, Debug, PartialEq)]
pub struct TeacherOutput {
    /// Centred and of length one.
    pub embedding: Vec<f32>,
    /// Probabilities of the nine labels.
    pub distribution: [f32; EMOTIONS],
    /// The probability of each of the eight emotions by itself.
    pub each: [f32; 8],
}

impl Teacher {
    /// Reads a folder of answers. The mean of all embeddings is taken away, since sentence encoders put all sentences
    /// into one narrow cone (Ethayarajh, 2019), and each is brought to length one.
    ///
    /// # Errors
    /// [`Error::Io`] where a file cannot be read, [`Error::Data`] where it is not such a file.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join("answers.bin");
        let bytes = fs::read(&path).map_err(Error::io(&path))?;
        let wrong = |reason: &str| Error::Data {
            path: path.clone(),
            reason: reason.into(),
        };
        let malformed = || wrong("it holds no answers of a teacher; tools/teacher/answer.py writes such a file");
        let (version, rest) = bytes
            .strip_prefix(MAGIC)
            .and_then(|rest| rest.split_first_chunk::<4>())
            .ok_or_else(malformed)?;
        let (length, records) = rest.split_first_chunk::<4>().ok_or_else(malformed)?;
        let length = u32::from_le_bytes(*length) as usize;
        let numbers = length + EMOTIONS + 8;
        let record = DIGEST + 2 * numbers;
        let is_whole = length > 0 && !records.is_empty() && records.len() % record == 0;
        if u32::from_le_bytes(*version) != VERSION || !is_whole {
            return Err(malformed());
        }
        let mut answers: BTreeMap<[u8; DIGEST], TeacherOutput> = BTreeMap::new();
        for record in records.chunks_exact(record) {
            let Some((digest, halves)) = record.split_first_chunk::<DIGEST>() else {
                continue;
            };
            let (halves, _) = halves.as_chunks::<2>();
            let values: Vec<f32> = halves.iter().map(|half| f16::from_le_bytes(*half).to_f32()).collect();
            if values.iter().any(|value| !value.is_finite()) {
                return Err(wrong("it holds numbers that are not finite"));
            }
            let (embedding, probabilities) = values.split_at(length);
            let answer = TeacherOutput {
                embedding: embedding.to_vec(),
                distribution: std::array::from_fn(|label| probabilities[label]),
                each: std::array::from_fn(|label| probabilities[EMOTIONS + label]),
            };
            answers.insert(*digest, answer);
        }
        centre(&mut answers, length);
        let table = Table::read(&folder.join("unlabelled.csv"))?;
        let caption = table.required_column("caption")?;
        let unlabelled: Result<Vec<String>> = table
            .rows()
            .map(|row| Ok(row?.cell(Some(caption)).to_owned()))
            .collect();
        Ok(Self {
            path,
            answers,
            unlabelled: unlabelled?,
        })
    }

    /// What it says of a caption.
    ///
    /// # Errors
    /// [`Error::Data`] where the file has nothing of it.
    pub fn answer(&self, caption: &str) -> Result<&TeacherOutput> {
        let digest: [u8; DIGEST] = Sha256::digest(caption).into();
        self.answers.get(&digest).ok_or_else(|| Error::Data {
            path: self.path.clone(),
            reason: "it lacks captions of this data; run tools/teacher/answer.py once more".into(),
        })
    }
}

fn centre(answers: &mut BTreeMap<[u8; DIGEST], TeacherOutput>, length: usize) {
    answers
        .values_mut()
        .for_each(|answer| to_unit_length(&mut answer.embedding));
    let mut mean = vec![0.0f64; length];
    for answer in answers.values() {
        mean.iter_mut()
            .zip(&answer.embedding)
            .for_each(|(sum, value)| *sum += f64::from(*value));
    }
    let count = answers.len() as f64;
    for TeacherOutput { embedding, .. } in answers.values_mut() {
        let pairs = embedding.iter_mut().zip(&mean);
        pairs.for_each(|(value, sum)| *value -= (sum / count) as f32);
        to_unit_length(embedding);
    }
}

fn to_unit_length(vector: &mut [f32]) {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt().max(1e-6);
    vector.iter_mut().for_each(|value| *value /= length);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(rows: &[(&str, [f32; 2])]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(2u32.to_le_bytes());
        for (caption, embedding) in rows {
            bytes.extend(Sha256::digest(caption));
            let mut probabilities = [0.0; EMOTIONS + 8];
            (probabilities[1], probabilities[EMOTIONS + 2]) = (1.0, 0.5);
            let values = embedding.iter().chain(&probabilities);
            bytes.extend(values.flat_map(|value| f16::from_f32(*value).to_le_bytes()));
        }
        bytes
    }

    fn folder(answers: &[u8]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("answers.bin"), answers).expect("written");
        fs::write(folder.path().join("unlabelled.csv"), "caption\nright\n").expect("written");
        folder
    }

    #[test]
    fn answers_are_found_by_caption_and_embeddings_centred_and_of_length_one() {
        let folder = folder(&bytes(&[("up", [0.0, 2.0]), ("right", [3.0, 0.0])]));
        let teacher = Teacher::read(folder.path()).expect("reads");
        let up = teacher.answer("up").expect("is there");
        let half = 0.5f32.sqrt();
        assert!((up.embedding[0] + half).abs() < 1e-3 && (up.embedding[1] - half).abs() < 1e-3);
        assert_eq!((up.distribution[1], up.each[2]), (1.0, 0.5));
        assert!(matches!(teacher.answer("down"), Err(Error::Data { .. })));
        assert_eq!(teacher.unlabelled, ["right"]);
    }

    #[test]
    fn a_file_cut_short_and_another_file_are_refused() {
        let whole = bytes(&[("up", [0.0, 1.0])]);
        for wrong in [&whole[..whole.len() - 1], &whole[..12], b"GIF89a".as_slice()] {
            let folder = folder(wrong);
            assert!(matches!(Teacher::read(folder.path()), Err(Error::Data { .. })));
        }
    }
}

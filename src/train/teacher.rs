//! What a larger sentence encoder says of captions, from which the caption tower learns.
//!
//! `tools/teacher/answer.py` writes a folder. `answers.bin`: eight bytes `EMOTEACH`, the format's version (u32, 3), the
//! length of an embedding, the number of labels and that of labels but the `none` label (u32 each), then a record for each
//! caption: its SHA-256 (of the UTF-8 text), the embedding, the probabilities of all labels and those of each label but the
//! `none` label by itself, in half precision, all little-endian. Version 2 lacks the two numbers, which are 9 and 8.
//! `unlabelled.csv`: a column `caption` with captions that nobody has labelled; their answers are among the records.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use emofuse_core::{
    error::{Error, Result},
    labels::LabelSet,
};
use emofuse_dataset::Table;
use half::f16;
use sha2::{Digest, Sha256};

const MAGIC: &[u8] = b"EMOTEACH";
const VERSION: u32 = 3;
/// The version whose answers are about Plutchik's labels.
const PLUTCHIK_VERSION: u32 = 2;
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
    /// Probabilities of all labels.
    pub distribution: Vec<f32>,
    /// The probability of each label but the `none` label by itself.
    pub each: Vec<f32>,
}

impl Teacher {
    /// Reads a folder of answers. The mean of all embeddings is taken away, since sentence encoders put all sentences
    /// into one narrow cone (Ethayarajh, 2019), and each is brought to length one.
    ///
    /// # Errors
    /// [`Error::Io`] where a file cannot be read, [`Error::Data`] where it is not such a file, or is about other labels.
    pub fn read(folder: &Path, labels: &LabelSet) -> Result<Self> {
        let path = folder.join("answers.bin");
        let bytes = fs::read(&path).map_err(Error::io(&path))?;
        let wrong = |reason: &str| Error::Data {
            path: path.clone(),
            reason: reason.into(),
        };
        let malformed = || wrong("it holds no answers of a teacher; tools/teacher/answer.py writes such a file");
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(malformed)?;
        let (version, rest) = number(rest).ok_or_else(malformed)?;
        let (length, rest) = number(rest).ok_or_else(malformed)?;
        let (sizes, records) = match version {
            VERSION => {
                let (all, rest) = number(rest).ok_or_else(malformed)?;
                let (each, rest) = number(rest).ok_or_else(malformed)?;
                ([all, each], rest)
            }
            PLUTCHIK_VERSION => ([9, 8], rest),
            _ => return Err(malformed()),
        };
        let [length, all, each] = [length, sizes[0], sizes[1]].map(|size| size as usize);
        let record = DIGEST + 2 * (length + all + each);
        if length == 0 || records.is_empty() || !records.len().is_multiple_of(record) {
            return Err(malformed());
        }
        let is_about_these = version != PLUTCHIK_VERSION || labels.is_plutchik();
        if [all, each] != [labels.len(), labels.primary().count()] || !is_about_these {
            return Err(wrong(
                "its answers are about other labels; fine-tune the teacher for those of the recipe, or remove \
                 `caption.teacher`",
            ));
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
                distribution: probabilities[..all].to_vec(),
                each: probabilities[all..].to_vec(),
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

/// The number that bytes begin with, and the other bytes.
fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*number), rest))
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

    /// Answers about so many labels, all but one of which are not the `none` label.
    fn bytes(version: u32, labels: usize, rows: &[(&str, [f32; 2])]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let sizes = [labels as u32, labels as u32 - 1];
        let header = [version, 2]
            .into_iter()
            .chain(sizes.into_iter().filter(|_| version == VERSION));
        bytes.extend(header.flat_map(u32::to_le_bytes));
        for (caption, embedding) in rows {
            bytes.extend(Sha256::digest(caption));
            let mut probabilities = vec![0.0; 2 * labels - 1];
            (probabilities[1], probabilities[labels + 2]) = (1.0, 0.5);
            let values = embedding.iter().chain(&probabilities);
            bytes.extend(values.flat_map(|value| f16::from_f32(*value).to_le_bytes()));
        }
        bytes
    }

    fn own_labels() -> LabelSet {
        LabelSet::from_names(["Ruhe", "Sturm", "霧", "Regen", "sonst"], Some("sonst")).expect("labels")
    }

    fn folder(answers: &[u8]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("answers.bin"), answers).expect("written");
        fs::write(folder.path().join("unlabelled.csv"), "caption\nright\n").expect("written");
        folder
    }

    #[test]
    fn answers_are_found_by_caption_and_embeddings_centred_and_of_length_one() {
        let rows = [("up", [0.0, 2.0]), ("right", [3.0, 0.0])];
        for (bytes, labels) in [
            (bytes(2, 9, &rows), LabelSet::plutchik()),
            (bytes(3, 9, &rows), LabelSet::plutchik()),
            (bytes(3, 5, &rows), own_labels()),
        ] {
            let folder = folder(&bytes);
            let teacher = Teacher::read(folder.path(), &labels).expect("reads");
            let up = teacher.answer("up").expect("is there");
            let half = 0.5f32.sqrt();
            assert!((up.embedding[0] + half).abs() < 1e-3 && (up.embedding[1] - half).abs() < 1e-3);
            assert_eq!((up.distribution.len(), up.each.len()), (labels.len(), labels.len() - 1));
            assert_eq!((up.distribution[1], up.each[2]), (1.0, 0.5));
            assert!(matches!(teacher.answer("down"), Err(Error::Data { .. })));
            assert_eq!(teacher.unlabelled, ["right"]);
        }
    }

    #[test]
    fn answers_about_other_labels_are_refused() {
        let rows = [("up", [0.0, 2.0])];
        for (bytes, labels) in [
            (bytes(2, 9, &rows), own_labels()),
            (bytes(3, 5, &rows), LabelSet::plutchik()),
        ] {
            let folder = folder(&bytes);
            let message = Teacher::read(folder.path(), &labels)
                .expect_err("other labels")
                .to_string();
            assert!(message.contains("about other labels"), "{message}");
        }
    }

    #[test]
    fn a_file_cut_short_and_another_file_are_refused() {
        let whole = bytes(VERSION, 9, &[("up", [0.0, 1.0])]);
        for wrong in [&whole[..whole.len() - 1], &whole[..12], b"GIF89a".as_slice()] {
            let folder = folder(wrong);
            assert!(matches!(
                Teacher::read(folder.path(), &LabelSet::plutchik()),
                Err(Error::Data { .. })
            ));
        }
    }
}

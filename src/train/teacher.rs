//! Embeddings of captions by a larger sentence encoder, from which the caption tower learns.
//!
//! `tools/teacher/embed.py` writes them: eight bytes `EMOTEACH`, the length of an embedding (u32), then a record for
//! each caption, its SHA-256 (of the UTF-8 text) and the embedding in half precision, all little-endian.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use half::f16;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

const MAGIC: &[u8] = b"EMOTEACH";
const DIGEST: usize = 32;

/// What the teacher says of each caption.
#[derive(Clone, Debug)]
pub struct Teacher {
    path: PathBuf,
    /// Centred and of length one.
    embeddings: BTreeMap<[u8; DIGEST], Vec<f32>>,
}

impl Teacher {
    /// Reads the embeddings. The mean of all is taken away, since sentence encoders put all sentences into one
    /// narrow cone (Ethayarajh, 2019), and each is brought to length one.
    ///
    /// # Errors
    /// [`Error::Io`] where the file cannot be read, [`Error::Data`] where it is not such a file.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(Error::io(path))?;
        let wrong = |reason: &str| Error::Data {
            path: path.into(),
            reason: reason.into(),
        };
        let malformed = || wrong("it holds no embeddings of captions; tools/teacher/embed.py writes such a file");
        let (length, records) = bytes
            .strip_prefix(MAGIC)
            .and_then(|rest| rest.split_first_chunk::<4>())
            .ok_or_else(malformed)?;
        let length = u32::from_le_bytes(*length) as usize;
        let record = DIGEST + 2 * length;
        if length == 0 || records.is_empty() || records.len() % record != 0 {
            return Err(malformed());
        }
        let mut embeddings: BTreeMap<[u8; DIGEST], Vec<f32>> = records
            .chunks_exact(record)
            .filter_map(|record| {
                let (digest, halves) = record.split_first_chunk::<DIGEST>()?;
                let (halves, _) = halves.as_chunks::<2>();
                Some((
                    *digest,
                    halves.iter().map(|half| f16::from_le_bytes(*half).to_f32()).collect(),
                ))
            })
            .collect();
        if embeddings.values().flatten().any(|value| !value.is_finite()) {
            return Err(wrong("it holds numbers that are not finite"));
        }
        centre(&mut embeddings, length);
        Ok(Self {
            path: path.into(),
            embeddings,
        })
    }

    /// The embedding of a caption.
    ///
    /// # Errors
    /// [`Error::Data`] where the file has none for it.
    pub fn embedding(&self, caption: &str) -> Result<Vec<f32>> {
        let digest: [u8; DIGEST] = Sha256::digest(caption).into();
        self.embeddings.get(&digest).cloned().ok_or_else(|| Error::Data {
            path: self.path.clone(),
            reason: "it lacks captions of this data; run tools/teacher/embed.py once more".into(),
        })
    }
}

fn centre(embeddings: &mut BTreeMap<[u8; DIGEST], Vec<f32>>, length: usize) {
    embeddings.values_mut().for_each(|embedding| to_unit_length(embedding));
    let mut mean = vec![0.0f64; length];
    for embedding in embeddings.values() {
        mean.iter_mut()
            .zip(embedding)
            .for_each(|(sum, value)| *sum += f64::from(*value));
    }
    let count = embeddings.len() as f64;
    for embedding in embeddings.values_mut() {
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
    use std::io::Write;

    use super::*;

    fn file(rows: &[(&str, [f32; 2])]) -> tempfile::NamedTempFile {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(2u32.to_le_bytes());
        for (caption, embedding) in rows {
            bytes.extend(Sha256::digest(caption));
            bytes.extend(embedding.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()));
        }
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(&bytes).expect("written");
        file
    }

    #[test]
    fn embeddings_are_found_by_caption_centred_and_of_length_one() {
        let file = file(&[("up", [0.0, 2.0]), ("right", [3.0, 0.0])]);
        let teacher = Teacher::read(file.path()).expect("reads");
        let up = teacher.embedding("up").expect("is there");
        let half = 0.5f32.sqrt();
        assert!((up[0] + half).abs() < 1e-3 && (up[1] - half).abs() < 1e-3, "{up:?}");
        assert!(matches!(teacher.embedding("down"), Err(Error::Data { .. })));
    }

    #[test]
    fn a_file_cut_short_and_another_file_are_refused() {
        let whole = file(&[("up", [0.0, 1.0])]);
        let bytes = fs::read(whole.path()).expect("reads");
        for wrong in [&bytes[..bytes.len() - 1], &bytes[..12], b"GIF89a".as_slice()] {
            let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
            file.write_all(wrong).expect("written");
            assert!(matches!(Teacher::read(file.path()), Err(Error::Data { .. })));
        }
    }
}

//! Features of tens of thousands of captions, kept on disk: a transformer takes many minutes for them.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use emofuse_core::error::{Error, Result};
use emofuse_dataset::files::write_atomically;
use sha2::{Digest, Sha256};

type Key = [u8; 32];

/// How many captions are computed before the file is written anew.
const PART: usize = 16384;

/// Where features are kept: one file for each tower, with a record for each caption: the digest of its word ids, then
/// its features as little-endian 32-bit floats. A record that was cut short counts as absent.
#[derive(Clone, Debug)]
pub struct CaptionFeatureCache {
    path: PathBuf,
}

impl CaptionFeatureCache {
    /// A cache below `folder` for the fine-tuned tower with this digest.
    pub fn new(folder: &Path, sha256: &str) -> Self {
        let path = folder.join(format!("captions-{sha256}.f32"));
        Self { path }
    }

    /// Features of captions, `width` of each, given by their word ids; those that are not cached are computed and added.
    ///
    /// # Errors
    /// [`Error::Io`] where the file cannot be read or written.
    pub fn features(
        &self,
        captions: &[Vec<u32>],
        width: usize,
        compute: impl Fn(&[Vec<u32>]) -> Vec<Vec<f32>>,
    ) -> Result<Vec<Vec<f32>>> {
        let mut known = self.read(width)?;
        let keys: Vec<Key> = captions.iter().map(|ids| key(ids)).collect();
        let mut missing: Vec<(Key, &Vec<u32>)> = keys
            .iter()
            .copied()
            .zip(captions)
            .filter(|(key, _)| !known.contains_key(key))
            .collect();
        missing.sort_by_key(|(key, ids)| (ids.len(), *key));
        missing.dedup_by_key(|(key, _)| *key);
        let progress = super::progress("caption features", missing.len());
        for part in missing.chunks(PART) {
            let captions: Vec<Vec<u32>> = part.iter().map(|(_, ids)| (*ids).clone()).collect();
            let computed = compute(&captions);
            known.extend(part.iter().map(|(key, _)| *key).zip(computed));
            self.write(&known)?;
            progress.inc(part.len() as u64);
        }
        progress.finish_and_clear();
        Ok(keys.iter().map(|key| known[key].clone()).collect())
    }

    fn read(&self, width: usize) -> Result<HashMap<Key, Vec<f32>>> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(Error::io(&self.path)(error)),
        };
        let records = bytes.chunks_exact(size_of::<Key>() + width * size_of::<f32>());
        Ok(records
            .filter_map(|record| {
                let (key, values) = record.split_first_chunk()?;
                let (values, _) = values.as_chunks::<4>();
                Some((*key, values.iter().map(|value| f32::from_le_bytes(*value)).collect()))
            })
            .collect())
    }

    fn write(&self, known: &HashMap<Key, Vec<f32>>) -> Result<()> {
        write_atomically(&self.path, |file| {
            for (key, values) in known {
                file.write_all(key)?;
                for value in values {
                    file.write_all(&value.to_le_bytes())?;
                }
            }
            Ok(())
        })
    }
}

fn key(ids: &[u32]) -> Key {
    let bytes: Vec<u8> = ids.iter().flat_map(|id| id.to_le_bytes()).collect();
    Sha256::digest(bytes).into()
}

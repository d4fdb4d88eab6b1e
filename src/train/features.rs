//! Features of thousands of pictures, kept on disk so that a run cut short goes on where it was.

use std::{
    fs,
    path::{Path, PathBuf},
};

use burn::tensor::Device;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::{
    error::{Error, Result},
    image::{Picture, Preprocessing},
    model::efficientnet_lite::EfficientNetLite0,
    model::picture_features::{self, PICTURE_FEATURES},
};

/// Where features are kept: one small file for each picture, named by the picture's digest, in a folder
/// named by the tower's.
#[derive(Clone, Debug)]
pub struct FeatureCache {
    folder: PathBuf,
}

impl FeatureCache {
    /// A cache below `folder` for the tower and preprocessing that `key` stands for.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be made.
    pub fn new(folder: &Path, key: &str) -> Result<Self> {
        let folder = folder.join(key);
        fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
        Ok(Self { folder })
    }

    /// Features of every picture, `None` for one that cannot be read (it is named in the log).
    ///
    /// # Errors
    /// [`Error::Io`] where the cache cannot be written.
    pub fn features(
        &self,
        pictures: &[PathBuf],
        tower: &EfficientNetLite0,
        preprocessing: &Preprocessing,
        device: &Device,
    ) -> Result<Vec<Option<Vec<f32>>>> {
        let progress = super::progress("picture features", pictures.len());
        let features = pictures
            .par_iter()
            .map(|path| {
                let features = self.one(path, tower, preprocessing, device);
                progress.inc(1);
                match features {
                    Err(Error::UnsupportedImage { .. } | Error::ImageTooLarge { .. }) => {
                        tracing::warn!(path = %path.display(), "picture cannot be read, row left out");
                        Ok(None)
                    }
                    other => other.map(Some),
                }
            })
            .collect();
        progress.finish_and_clear();
        features
    }

    fn one(
        &self,
        path: &Path,
        tower: &EfficientNetLite0,
        preprocessing: &Preprocessing,
        device: &Device,
    ) -> Result<Vec<f32>> {
        let encoded = fs::read(path).map_err(Error::io(path))?;
        let kept = self.folder.join(format!("{:x}.f32", Sha256::digest(&encoded)));
        if let Some(features) = fs::read(&kept).ok().and_then(|bytes| from_bytes(&bytes)) {
            return Ok(features);
        }
        let planes = preprocessing.planes(&Picture::decode(&encoded)?);
        let features = picture_features::extract(tower, planes, preprocessing.crop, device)
            .into_data()
            .try_to_vec::<f32>()
            .expect("features are 32-bit floats");
        let bytes: Vec<u8> = features.iter().flat_map(|value| value.to_le_bytes()).collect();
        // Written beside and renamed: a run cut short leaves no half a file.
        let partial = kept.with_extension("partial");
        fs::write(&partial, bytes).map_err(Error::io(&partial))?;
        fs::rename(&partial, &kept).map_err(Error::io(&kept))?;
        Ok(features)
    }
}

fn from_bytes(bytes: &[u8]) -> Option<Vec<f32>> {
    let (values, rest) = bytes.as_chunks::<4>();
    (rest.is_empty() && values.len() == PICTURE_FEATURES)
        .then(|| values.iter().map(|value| f32::from_le_bytes(*value)).collect())
}

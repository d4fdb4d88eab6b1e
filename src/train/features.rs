//! Features of thousands of images, kept on disk so that a run cut short goes on where it was.

use std::{
    fs,
    path::{Path, PathBuf},
};

use burn::tensor::Device;
use emofuse_core::error::{Error, Result};
use emofuse_dataset::files::write_atomically;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::import::image_tower::PretrainedImageTower;

/// Where features are kept: one small file for each image, named by the image's digest, in a folder
/// named by the digest of all else that decides them: the decoder, the tower, its weights and the preprocessing.
#[derive(Clone, Debug)]
pub struct FeatureCache {
    folder: PathBuf,
}

impl FeatureCache {
    /// A cache below `folder` for a tower.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be made.
    pub fn new(folder: &Path, tower: &PretrainedImageTower) -> Result<Self> {
        let folder = folder.join(key(tower));
        fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
        Ok(Self { folder })
    }

    /// Features of every image, `None` for one that cannot be read (it is named in the log).
    ///
    /// # Errors
    /// [`Error::Io`] where the cache cannot be written.
    pub fn features(
        &self,
        images: &[PathBuf],
        tower: &PretrainedImageTower,
        device: &Device,
    ) -> Result<Vec<Option<Vec<f32>>>> {
        let progress = super::progress("image features", images.len());
        let features = images
            .par_iter()
            .map(|path| {
                let features = self.one(path, tower, device);
                progress.inc(1);
                match features {
                    Err(Error::UnsupportedImage { .. } | Error::ImageTooLarge { .. }) => {
                        tracing::warn!(path = %path.display(), "image cannot be read, row left out");
                        Ok(None)
                    }
                    other => other.map(Some),
                }
            })
            .collect();
        progress.finish_and_clear();
        features
    }

    fn one(&self, path: &Path, tower: &PretrainedImageTower, device: &Device) -> Result<Vec<f32>> {
        let encoded = fs::read(path).map_err(Error::io(path))?;
        let kept = self.folder.join(format!("{:x}.f32", Sha256::digest(&encoded)));
        if let Some(features) = fs::read(&kept)
            .ok()
            .and_then(|bytes| from_bytes(&bytes, tower.network.d_image()))
        {
            return Ok(features);
        }
        let planes = tower.preprocessing.planes(&emofuse_decode::decode(&encoded)?);
        let features = tower
            .network
            .features(planes, tower.preprocessing.crop, device)
            .into_data()
            .try_to_vec::<f32>()
            .expect("features are 32-bit floats");
        let bytes: Vec<u8> = features.iter().flat_map(|value| value.to_le_bytes()).collect();
        write_atomically(&kept, |file| file.write_all(&bytes))?;
        Ok(features)
    }
}

fn key(tower: &PretrainedImageTower) -> String {
    let decisive = (
        emofuse_decode::VERSION,
        tower.architecture,
        &tower.sha256,
        &tower.preprocessing,
    );
    let decisive = serde_json::to_vec(&decisive).expect("strings, numbers and lists are always JSON");
    format!("{:x}", Sha256::digest(decisive))
}

fn from_bytes(bytes: &[u8], d_image: usize) -> Option<Vec<f32>> {
    let (values, rest) = bytes.as_chunks::<4>();
    (rest.is_empty() && values.len() == d_image)
        .then(|| values.iter().map(|value| f32::from_le_bytes(*value)).collect())
}

#[cfg(test)]
mod tests {
    use emofuse_engine::bundle::ImageArchitecture;

    use super::*;

    fn tower(architecture: ImageArchitecture) -> PretrainedImageTower {
        PretrainedImageTower {
            architecture,
            network: architecture.init(&Device::flex()),
            preprocessing: architecture.preprocessing(),
            origin: "random".into(),
            sha256: "0".repeat(64),
        }
    }

    #[test]
    fn whatever_decides_the_features_has_a_folder_of_its_own() {
        let mut keys = vec![key(&tower(ImageArchitecture::EfficientnetLite0))];
        keys.push(key(&tower(ImageArchitecture::Googlenet)));
        let mut other = tower(ImageArchitecture::Googlenet);
        other.preprocessing.resize = 224;
        keys.push(key(&other));
        other.sha256 = "1".repeat(64);
        keys.push(key(&other));
        assert_eq!(key(&other), keys[3]);
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 4);
    }

    #[test]
    fn features_that_are_kept_are_read_again_and_others_computed_anew() {
        let folder = tempfile::tempdir().unwrap();
        let image = folder.path().join("picture.png");
        let card = emofuse_engine::preprocessing::test_card(64);
        image::save_buffer(&image, card.rgba(), 64, 64, image::ColorType::Rgba8).unwrap();
        let tower = tower(ImageArchitecture::Googlenet);
        let cache = FeatureCache::new(folder.path(), &tower).unwrap();
        let features = || {
            let images = std::slice::from_ref(&image);
            cache
                .features(images, &tower, &Device::flex())
                .unwrap()
                .remove(0)
                .unwrap()
        };
        let computed = features();
        assert_eq!(computed.len(), tower.network.d_image());
        let kept = fs::read_dir(&cache.folder).unwrap().next().unwrap().unwrap().path();
        fs::write(&kept, [0; 4 * 1024]).unwrap();
        assert_eq!(features(), [0.0; 1024]);
        // Of another length: cut short, or of another tower.
        fs::write(&kept, [0; 4 * 1023]).unwrap();
        assert_eq!(features(), computed);
    }
}

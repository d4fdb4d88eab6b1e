//! GoogLeNet's ImageNet weights, out of a safetensors file.
//!
//! The file is Caffe's `bvlc_googlenet` with its tensors named by layer: `conv1.weight`, `conv2_reduce.bias`,
//! `inception_3a.conv_3x3.weight` and so on, each kernel `[outputs, inputs, height, width]`. Its classifier is left out.

use std::{collections::BTreeMap, fs, path::Path};

use burn::tensor::Device;
use emofuse_core::error::{Error, Result, WeightsProblem};
use emofuse_engine::model::googlenet::{GoogLeNet, GoogLeNetConfig};
use safetensors::{SafeTensors, tensor::TensorView};
use sha2::{Digest, Sha256};

use super::weights::Weights;

/// The layer of the file that the network does without.
const CLASSIFIER: &str = "classifier.";

const WANTED: &str = "Caffe's bvlc_googlenet as a safetensors file, with tensors named `conv1.weight`, \
                      `inception_3a.conv_1x1.weight` and so on";

/// Reads the network out of the file, and the file's SHA-256 in hexadecimal.
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::Weights`] when it is no safetensors file, holds another network
/// (torchvision's `googlenet` is one), or its tensors are not those that the network needs, neither more nor fewer.
pub fn googlenet(path: &Path, device: &Device) -> Result<(GoogLeNet, String)> {
    let bytes = fs::read(path).map_err(Error::io(path))?;
    let wrong = |problem| Error::Weights {
        path: path.into(),
        problem,
    };
    let tensors = SafeTensors::deserialize(&bytes).map_err(|error| {
        wrong(if bytes.starts_with(b"PK") {
            WeightsProblem::Unreadable {
                reason: format!(
                    "it is a PyTorch checkpoint; use {WANTED} (torchvision's googlenet is another network)"
                ),
            }
        } else {
            WeightsProblem::Unreadable {
                reason: error.to_string(),
            }
        })
    })?;
    let mut tensors: BTreeMap<&str, TensorView> = tensors.iter().collect();
    if tensors.keys().any(|name| is_torchvision(name)) {
        return Err(wrong(torchvision()));
    }
    tensors.retain(|name, _| !name.starts_with(CLASSIFIER));

    let mut weights = Weights(tensors);
    let network = weights
        .module(None, GoogLeNetConfig::new().init(device), device)
        .map_err(wrong)?;
    weights.check_all_taken().map_err(wrong)?;
    Ok((network, format!("{:x}", Sha256::digest(&bytes))))
}

/// Whether a tensor has the name that a batch-normalised layer of torchvision's `googlenet` has.
fn is_torchvision(name: &str) -> bool {
    name.starts_with("conv1.conv.") || name.contains(".branch1.conv.") || name.ends_with(".running_mean")
}

fn torchvision() -> WeightsProblem {
    WeightsProblem::OtherNetwork {
        found: "torchvision's googlenet",
        difference: "it normalises by batch and not by local response, takes red, green and blue and has 3 × 3 \
                     kernels where the paper has 5 × 5",
        wanted: WANTED,
    }
}

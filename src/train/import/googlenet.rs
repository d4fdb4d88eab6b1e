//! GoogLeNet's ImageNet weights, out of a safetensors file.
//!
//! The file is Caffe's `bvlc_googlenet` with its tensors named by layer: `conv1.weight`, `conv2_reduce.bias`,
//! `inception_3a.conv_3x3.weight` and so on, each kernel `[outputs, inputs, height, width]`. Its classifier is left out.

use std::{collections::BTreeMap, fs, path::Path};

use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::{Device, Tensor, TensorData},
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use sha2::{Digest, Sha256};

use crate::{
    error::{Error, Result, WeightsProblem},
    model::googlenet::{GoogLeNet, GoogLeNetConfig},
};

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

    let mut loader = Loader {
        tensors,
        device,
        path: Vec::new(),
        problem: None,
    };
    let network = GoogLeNetConfig::new().init(device).map(&mut loader);
    if let Some(problem) = loader.problem {
        return Err(wrong(problem));
    }
    if let Some(name) = loader.tensors.into_keys().next() {
        return Err(wrong(WeightsProblem::Unknown { name: name.into() }));
    }
    let sha256 = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok((network, sha256))
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

/// Takes the parameters out of the file; a mapper cannot stop, so the first problem is kept.
struct Loader<'a> {
    /// Those that no one has taken yet.
    tensors: BTreeMap<&'a str, TensorView<'a>>,
    device: &'a Device,
    path: Vec<String>,
    problem: Option<WeightsProblem>,
}

impl Loader<'_> {
    fn take(&mut self, shape: &[usize]) -> Result<Vec<f32>, WeightsProblem> {
        let name = self.path.join(".");
        let Some(tensor) = self.tensors.remove(name.as_str()) else {
            return Err(WeightsProblem::Missing { name });
        };
        if tensor.shape() != shape {
            return Err(WeightsProblem::Shape {
                name,
                expected: shape.to_vec(),
                found: tensor.shape().to_vec(),
            });
        }
        if tensor.dtype() != Dtype::F32 {
            let found = format!("{:?}", tensor.dtype());
            return Err(WeightsProblem::NumberType { name, found });
        }
        let (numbers, _) = tensor.data().as_chunks::<4>();
        let numbers: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        if numbers.iter().all(|number| number.is_finite()) {
            Ok(numbers)
        } else {
            Err(WeightsProblem::NotFinite { name })
        }
    }
}

impl ModuleMapper for Loader<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.lazy_shape();
        match self.take(shape.as_slice()) {
            Ok(numbers) => {
                let tensor = Tensor::from_data(TensorData::new(numbers, shape), self.device);
                let id = param.id;
                param.transform_for_load(tensor, id)
            }
            Err(problem) => {
                self.problem.get_or_insert(problem);
                param
            }
        }
    }
}

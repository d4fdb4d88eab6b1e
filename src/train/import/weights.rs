//! Tensors of a safetensors file, each of which some part of a network must take.

use std::collections::BTreeMap;

use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::{Device, Tensor, TensorData},
};
use emofuse_core::error::WeightsProblem;
use safetensors::{Dtype, tensor::TensorView};

/// The tensors that nothing has taken yet.
pub struct Weights<'a>(pub BTreeMap<&'a str, TensorView<'a>>);

impl Weights<'_> {
    /// Fills every parameter of a module from the tensor of its name below `prefix`: the path of fields that leads to
    /// it, `prefix.layers.0.norm.gamma`. Without a prefix, names begin with the module's own fields.
    pub fn module<M: Module>(&mut self, prefix: Option<&str>, module: M, device: &Device) -> Result<M, WeightsProblem> {
        let mut loader = Loader {
            weights: self,
            device,
            path: prefix.map(String::from).into_iter().collect(),
            problem: None,
        };
        let module = module.map(&mut loader);
        loader.problem.map_or(Ok(module), Err)
    }

    /// Takes a tensor of a known shape.
    pub fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsProblem> {
        let name = name.to_owned();
        let Some(tensor) = self.0.remove(name.as_str()) else {
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

    /// Refuses a file with a tensor that nothing has taken.
    pub fn check_all_taken(self) -> Result<(), WeightsProblem> {
        match self.0.into_keys().next() {
            Some(name) => Err(WeightsProblem::Unknown { name: name.into() }),
            None => Ok(()),
        }
    }
}

/// Takes the parameters out of the file; a mapper cannot stop, so the first problem is kept.
struct Loader<'a, 'b> {
    weights: &'a mut Weights<'b>,
    device: &'a Device,
    path: Vec<String>,
    problem: Option<WeightsProblem>,
}

impl ModuleMapper for Loader<'_, '_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.lazy_shape();
        match self.weights.take(&self.path.join("."), shape.as_slice()) {
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

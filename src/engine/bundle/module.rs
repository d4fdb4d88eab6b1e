//! burn modules to named tensors and back.
//!
//! A parameter's name is the path of fields that leads to it: `prefix.blocks.0.expand.weight`. The variant of an enum is
//! no part of it: which one a file holds is for its manifest to say.

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Bool, Device, Int, Tensor, TensorData},
};
use emofuse_core::error::{Error, Result};

use super::{Bundle, Precision};

impl Bundle {
    /// Fills every parameter of a module from the tensors below `prefix`.
    ///
    /// Nothing is read from the device, so this works where reading is asynchronous, and a parameter that has not been
    /// initialised yet never is.
    ///
    /// # Errors
    /// [`Error::TensorMissing`], [`Error::TensorShape`]: the first of them.
    pub fn load_module<M: Module>(&self, prefix: &str, module: M, device: &Device) -> Result<M> {
        let mut loader = Loader {
            bundle: self,
            device,
            path: vec![prefix.into()],
            error: None,
        };
        let module = module.map(&mut loader);
        match loader.error {
            Some(error) => Err(error),
            None => Ok(module),
        }
    }

    /// Adds every parameter of a module below `prefix`: large matrices and kernels at the given precision, vectors and
    /// whatever has fewer than 2048 numbers in single precision: that costs next to nothing, and errors in few numbers
    /// do not average out.
    ///
    /// The scales of [`Precision::Int8`] go by output channel: the last dimension of a matrix (burn's linear layers
    /// are `[in, out]`), but the first of an `Embedding`'s, whose rows are its entries, and of a kernel.
    ///
    /// # Errors
    /// [`Error::TensorNotFinite`].
    pub fn insert_module<M: Module>(&mut self, prefix: &str, module: &M, precision: Precision) -> Result<()> {
        let mut writer = Writer {
            bundle: self,
            precision,
            path: vec![prefix.into()],
            containers: vec![],
            error: None,
        };
        module.visit(&mut writer);
        match writer.error {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

/// Whether what a container of this type holds has a name of its own.
fn is_named(container_type: &str) -> bool {
    !container_type.starts_with("Enum:")
}

/// Below this, a narrow precision saves less than it harms.
const FEW_NUMBERS: usize = 2048;

/// Takes the parameters from a bundle; a mapper cannot stop, so the first error is kept.
struct Loader<'a> {
    bundle: &'a Bundle,
    device: &'a Device,
    path: Vec<String>,
    error: Option<Error>,
}

impl Loader<'_> {
    /// A model file holds floating-point numbers alone.
    fn refuse(&mut self) {
        self.error.get_or_insert(Error::TensorMissing {
            name: self.path.join("."),
        });
    }
}

impl ModuleMapper for Loader<'_> {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        if is_named(container_type) {
            self.path.push(name.into());
        }
    }

    fn exit_module(&mut self, _name: &str, container_type: &str) {
        if is_named(container_type) {
            self.path.pop();
        }
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.lazy_shape();
        match self.bundle.tensor(&self.path.join("."), shape.as_slice()) {
            Ok(values) => {
                let tensor = Tensor::from_data(TensorData::new(values, shape), self.device);
                let id = param.id;
                param.transform_for_load(tensor, id)
            }
            Err(error) => {
                self.error.get_or_insert(error);
                param
            }
        }
    }

    fn map_int<const D: usize>(&mut self, param: Param<Tensor<D, Int>>) -> Param<Tensor<D, Int>> {
        self.refuse();
        param
    }

    fn map_bool<const D: usize>(&mut self, param: Param<Tensor<D, Bool>>) -> Param<Tensor<D, Bool>> {
        self.refuse();
        param
    }
}

/// Puts the parameters into a bundle.
struct Writer<'a> {
    bundle: &'a mut Bundle,
    precision: Precision,
    path: Vec<String>,
    containers: Vec<String>,
    error: Option<Error>,
}

impl Writer<'_> {
    fn precision(&self, rank: usize, numbers: usize) -> Precision {
        let in_embedding = self
            .containers
            .last()
            .is_some_and(|container| container == "Struct:Embedding");
        match (self.precision, rank) {
            _ if rank < 2 || numbers < FEW_NUMBERS => Precision::F32,
            (Precision::Int8, 2) if !in_embedding => Precision::Int8LastAxis,
            (precision, _) => precision,
        }
    }
}

impl ModuleVisitor for Writer<'_> {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        if is_named(container_type) {
            self.path.push(name.into());
        }
        self.containers.push(container_type.into());
    }

    fn exit_module(&mut self, _name: &str, container_type: &str) {
        if is_named(container_type) {
            self.path.pop();
        }
        self.containers.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let data = param.transform_for_save().val().to_data();
        let values: Vec<f32> = data.iter::<f32>().collect();
        let written = self.bundle.insert(
            &self.path.join("."),
            data.shape().as_slice(),
            &values,
            self.precision(D, values.len()),
        );
        if let Err(error) = written {
            self.error.get_or_insert(error);
        }
    }
}

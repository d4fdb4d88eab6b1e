//! From the tensors of a model file to packed layers. The 8-bit weights are never widened to single precision.

use emofuse_core::error::Result;

use super::{depthwise::Depthwise, stem::Stem};
use crate::{
    model::int16::{TensorSource, pointwise::Pointwise, weights::Weights},
    preprocessing::Preprocessing,
};

/// The tensors of the network.
#[derive(Clone, Copy)]
pub(super) struct Tensors<'a> {
    pub(super) source: &'a dyn TensorSource,
    pub(super) prefix: &'a str,
}

impl Tensors<'_> {
    fn widened(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.source.floats(&format!("{}.{name}", self.prefix), shape)
    }

    /// `None` for a preprocessing that no level makes 0 of.
    pub(super) fn stem(&self, channels: usize, preprocessing: &Preprocessing) -> Result<Option<Stem>> {
        let weights = self.widened("stem.weight", &[channels, 3, 3, 3])?;
        let bias = self.widened("stem.bias", &[channels])?;
        Ok(Stem::new(&weights, &bias, preprocessing))
    }

    pub(super) fn depthwise(
        &self,
        layer: &str,
        channels: usize,
        [kernel, stride]: [usize; 2],
        most: f32,
    ) -> Result<Option<Depthwise>> {
        let weights = self.widened(&format!("{layer}.weight"), &[channels, 1, kernel, kernel])?;
        let bias = self.widened(&format!("{layer}.bias"), &[channels])?;
        Ok(Depthwise::new([kernel, stride], &weights, &bias, most))
    }

    /// `None` for weights that would lose by it: those in 16 or 32 bits of a layer with many inputs.
    pub(super) fn pointwise(&self, layer: &str, [inputs, outputs]: [usize; 2]) -> Result<Option<Pointwise>> {
        let name = format!("{}.{layer}.weight", self.prefix);
        let shape = [outputs, inputs, 1, 1];
        let weights = match self.source.int8(&name, &shape)? {
            Some((steps, quanta)) => Some(Weights {
                steps: steps.to_vec(),
                quanta: quanta.iter().map(|quantum| i16::from(*quantum)).collect(),
            }),
            None => Weights::in_steps(&self.source.floats(&name, &shape)?, inputs),
        };
        let bias = self.widened(&format!("{layer}.bias"), &[outputs])?;
        Ok(weights.and_then(|weights| Pointwise::new(&weights, &bias)))
    }
}

//! Weights as the kernels read them, in vectors of four numbers. They are laid out once, when a model is loaded.

use emofuse_core::error::Result;
use half::f16;

use super::kernel::Storage;
use crate::bundle::Bundle;

/// Weights one after another.
#[derive(Debug, Default)]
pub struct Weights {
    numbers: Vec<f32>,
}

impl Weights {
    /// The bytes of all of them.
    #[must_use]
    pub fn bytes(&self, storage: Storage) -> Vec<u8> {
        let numbers = self.numbers.iter();
        match storage {
            Storage::Single => numbers.flat_map(|number| number.to_le_bytes()).collect(),
            Storage::Half => numbers
                .flat_map(|number| f16::from_f32(*number).to_le_bytes())
                .collect(),
        }
    }

    /// Where what is added next will be, in vectors of four.
    #[must_use]
    pub fn next(&self) -> u32 {
        (self.numbers.len() / 4) as u32
    }

    /// Adds rows, each filled up with `filling` to a multiple of four, and tells where they are.
    pub fn rows(&mut self, rows: &[f32], columns: usize, filling: f32) -> u32 {
        let at = self.next();
        for row in rows.chunks(columns) {
            self.numbers.extend(row);
            self.numbers.resize(self.numbers.len().next_multiple_of(4), filling);
        }
        at
    }

    /// Adds as many zeros as `vectors` vectors have.
    pub fn zeros(&mut self, vectors: usize) {
        self.numbers.resize(self.numbers.len() + 4 * vectors, 0.0);
    }

    /// Adds a convolution and its bias and tells where they are.
    ///
    /// # Shapes
    /// - weights in the file: `[outputs, inputs, side, side]`
    /// - here: `[side][side][inputs][outputs / 4]` vectors, then `[outputs / 4]`
    ///
    /// # Errors
    /// As [`Bundle::tensor`].
    pub fn convolution(&mut self, bundle: &Bundle, layer: &str, [inputs, outputs, side]: [usize; 3]) -> Result<u32> {
        let weights = bundle.tensor(&format!("{layer}.weight"), &[outputs, inputs, side, side])?;
        let bias = bundle.tensor(&format!("{layer}.bias"), &[outputs])?;
        let at = self.next();
        let places = side * side;
        for place in 0..places {
            for input in 0..inputs {
                let of_output = |output: usize| weights[(output * inputs + input) * places + place];
                self.numbers.extend((0..outputs).map(of_output));
            }
        }
        self.numbers.extend(bias);
        Ok(at)
    }

    /// Adds a convolution of colours, whose inputs are in the order of `colours`: here they are red, green and blue.
    ///
    /// # Errors
    /// As [`Bundle::tensor`].
    pub fn convolution_of_colours(
        &mut self,
        bundle: &Bundle,
        layer: &str,
        [outputs, side]: [usize; 2],
        colours: [usize; 3],
    ) -> Result<u32> {
        let at = self.convolution(bundle, layer, [3, outputs, side])?;
        let first = at as usize * 4;
        for place in self.numbers[first..].chunks_exact_mut(3 * outputs).take(side * side) {
            let inputs = place.to_vec();
            for (input, colour) in inputs.chunks_exact(outputs).zip(colours) {
                place[colour * outputs..][..outputs].copy_from_slice(input);
            }
        }
        Ok(at)
    }

    /// Adds a linear layer and its bias and tells where they are.
    ///
    /// # Shapes
    /// - weights: `[inputs, outputs]`, outputs a multiple of four
    ///
    /// # Errors
    /// As [`Bundle::tensor`].
    pub fn linear(&mut self, bundle: &Bundle, layer: &str, [inputs, outputs]: [usize; 2]) -> Result<u32> {
        let at = self.next();
        self.numbers
            .extend(bundle.tensor(&format!("{layer}.weight"), &[inputs, outputs])?);
        self.numbers
            .extend(bundle.tensor(&format!("{layer}.bias"), &[outputs])?);
        Ok(at)
    }

    /// Adds a vector and tells where it is.
    ///
    /// # Errors
    /// As [`Bundle::tensor`].
    pub fn vector(&mut self, bundle: &Bundle, name: &str, length: usize) -> Result<u32> {
        Ok(self.rows(&bundle.tensor(name, &[length])?, length, 0.0))
    }
}

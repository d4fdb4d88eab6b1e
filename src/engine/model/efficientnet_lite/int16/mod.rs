//! EfficientNet-Lite0 on the CPU from a model file: 8-bit weights by 16-bit activations, from an image's levels to features
//! in one call.
//!
//! The tensors of burn stay outside: activations live in a few buffers that are used again and again. A block's
//! expansion and its depthwise convolution go together eight channels at a time, so that the expanded image, six times as large as
//! what comes before it, is never in memory.
//!
//! The inputs of 1 × 1 convolutions are rounded to 13 bits or more: of 6 after relu6, of the image's largest elsewhere; the
//! stem's weights to 16 bits. Depthwise convolutions, residuals and statistics are in single precision. The features differ
//! from those of the layers of [`EfficientNetLite0`](super::EfficientNetLite0) with the same weights by about a thousandth.

mod depthwise;
mod outputs;
mod pack;
mod statistics;
mod stem;
mod window;

use std::sync::{Mutex, PoisonError};

use emofuse_core::error::Result;

use self::{
    depthwise::{Depthwise, Filter, TOGETHER},
    outputs::{Expand, Head, Project},
    pack::Tensors,
    statistics::{MeansAndDeviations, Quantise},
    stem::Stem,
    window::Window,
};
use super::{POOLED, STAGES, STATISTICS, STEM_CHANNELS};
use crate::{
    model::int16::{
        TensorSource,
        lanes::Machine,
        layout::{Activations, BLOCK, Block, append_planes, grow},
        pointwise::Pointwise,
    },
    preprocessing::{Preprocessing, Square},
};

/// EfficientNet-Lite0 with packed weights.
#[derive(Debug)]
pub struct PackedEfficientNetLite0 {
    machine: Machine,
    /// What the stem does to levels before anything else.
    pub(super) preprocessing: Preprocessing,
    stem: Stem,
    blocks: Vec<InvertedResidual>,
    head: Pointwise,
    /// Buffers that are free: as many as threads have been here at once.
    buffers: Mutex<Vec<Buffers>>,
}

/// See [`InvertedResidual`](super::InvertedResidual).
#[derive(Debug)]
struct InvertedResidual {
    expand: Option<Pointwise>,
    depthwise: Depthwise,
    project: Pointwise,
    is_residual: bool,
}

/// What the network makes of an image.
#[derive(Debug)]
pub(super) struct Encoded {
    /// As [`Stages::pooled`](super::Stages::pooled), then as [`Stages::statistics`](super::Stages::statistics).
    pub(super) features: Vec<f32>,
    /// Where they are kept: the head's output and those of the stages, each `[channels][pixels]`, and their sides.
    pub(super) layers: Vec<(Vec<f32>, usize)>,
}

/// Activations between layers, see [`layout`](crate::model::int16::layout). They only grow, and each is used from its beginning, as far as the layer needs
/// it: to fill them with zeros anew would take a thirtieth of the network's time.
#[derive(Debug, Default)]
struct Buffers {
    /// What the stem reads.
    rows: stem::Rows,
    /// One block of channels with zeros around it, or all that the stem made.
    padded: Vec<Block<f32>>,
    /// Where each pixel stands among those zeros.
    places: Vec<u32>,
    /// A block's input.
    input: Vec<Block<f32>>,
    /// The same in 16 bits.
    quantised: Vec<Block<i16>>,
    /// What the depthwise convolution made.
    filtered: Vec<Block<i16>>,
    /// A block's output.
    output: Vec<Block<f32>>,
}

impl PackedEfficientNetLite0 {
    /// Packs the network of a model file; `None` where the file has it in another precision than 8 bits, or no level
    /// becomes 0.
    ///
    /// # Errors
    /// [`Error::TensorMissing`](emofuse_core::Error::TensorMissing), [`Error::TensorShape`](emofuse_core::Error::TensorShape).
    pub fn load(source: &impl TensorSource, prefix: &str, preprocessing: &Preprocessing) -> Result<Option<Self>> {
        let tensors = Tensors { source, prefix };
        let Some(stem) = tensors.stem(STEM_CHANNELS, preprocessing)? else {
            return Ok(None);
        };
        let mut blocks = Vec::new();
        let mut channels = STEM_CHANNELS;
        for [repeats, kernel, stride, expansion, outputs] in STAGES {
            for repeat in 0..repeats {
                let stride = if repeat == 0 { stride } else { 1 };
                let name = format!("blocks.{}", blocks.len());
                let size = [channels, outputs];
                let Some(block) = InvertedResidual::load(tensors, &name, size, expansion, [kernel, stride])? else {
                    return Ok(None);
                };
                blocks.push(block);
                channels = outputs;
            }
        }
        let head = tensors.pointwise("head", [channels, POOLED])?;
        Ok(head.map(|head| Self {
            machine: Machine::detect(),
            preprocessing: preprocessing.clone(),
            stem,
            blocks,
            head,
            buffers: Mutex::default(),
        }))
    }

    /// Runs the network over an image.
    pub(super) fn encode(&self, image: &Square, keeps_layers: bool) -> Encoded {
        let mut buffers = self.free_buffers().pop().unwrap_or_default();
        let encoded = self.encode_with(&mut buffers, image, keeps_layers);
        self.free_buffers().push(buffers);
        encoded
    }

    /// A panic elsewhere leaves at most buffers of another size.
    fn free_buffers(&self) -> std::sync::MutexGuard<'_, Vec<Buffers>> {
        self.buffers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn encode_with(&self, buffers: &mut Buffers, image: &Square, keeps_layers: bool) -> Encoded {
        let mut features = Vec::with_capacity(POOLED + STATISTICS);
        features.resize(POOLED, 0.0);
        let mut deviations = Vec::with_capacity(STATISTICS / 2);
        let mut layers = Vec::new();
        let mut side = self.run_stem(buffers, image);
        let mut blocks = self.blocks.iter();
        for [repeats, ..] in STAGES {
            let mut channels = 0;
            for block in blocks.by_ref().take(repeats) {
                side = block.run(self.machine, buffers, side);
                channels = block.project.outputs();
            }
            let pixels = side * side;
            self.machine.run(MeansAndDeviations {
                blocks: &buffers.input[..channels * pixels],
                pixels,
                means: &mut features,
                deviations: &mut deviations,
            });
            if keeps_layers {
                layers.push((planes_of(&buffers.input[..channels * pixels], pixels), side));
            }
        }
        features.append(&mut deviations);
        let pixels = side * side;
        let mut map = vec![[0.0; BLOCK]; if keeps_layers { self.head.outputs() * pixels } else { 0 }];
        let input = self.machine.run(Quantise {
            values: &buffers.input[..self.head.inputs() * pixels],
            pixels,
            most: self.head.largest_input,
            buffer: &mut buffers.quantised,
        });
        self.machine.run(Head {
            layer: &self.head,
            input,
            means: features[..POOLED].as_chunks_mut().0,
            map: &mut map,
        });
        if keeps_layers {
            layers.insert(0, (planes_of(&map, pixels), side));
        }
        Encoded { features, layers }
    }

    /// Leaves what the stem makes in the planes of the first depthwise convolution; gives its side.
    fn run_stem(&self, buffers: &mut Buffers, image: &Square) -> usize {
        let output = stem::window(image.side as usize).output();
        let padded = buffers.clear_padded(self.blocks[0].depthwise.window(output), self.stem.blocks());
        self.machine.run(stem::Run {
            layer: &self.stem,
            image,
            places: &buffers.places,
            padded: &mut buffers.padded[..padded],
            rows: &mut buffers.rows,
        });
        output
    }
}

impl InvertedResidual {
    fn load(
        tensors: Tensors,
        name: &str,
        [inputs, outputs]: [usize; 2],
        expansion: usize,
        [kernel, stride]: [usize; 2],
    ) -> Result<Option<Self>> {
        let inside = inputs * expansion;
        let expand = match expansion {
            1 => None,
            _ => match tensors.pointwise(&format!("{name}.expand"), [inputs, inside])? {
                None => return Ok(None),
                expand => expand,
            },
        };
        let Some(project) = tensors.pointwise(&format!("{name}.project"), [inside, outputs])? else {
            return Ok(None);
        };
        let most = project.largest_input;
        let depthwise = tensors.depthwise(&format!("{name}.depthwise"), inside, [kernel, stride], most)?;
        Ok(depthwise.map(|depthwise| Self {
            expand,
            depthwise,
            project,
            is_residual: stride == 1 && inputs == outputs,
        }))
    }

    /// Makes the next block's input of this one's; gives its side. Without an expansion, the input is in the padded planes.
    fn run(&self, machine: Machine, buffers: &mut Buffers, side: usize) -> usize {
        let window = self.depthwise.window(side);
        let output = window.output();
        let pixels = output * output;
        let channels = self.depthwise.blocks();
        let inside = channels * pixels;
        grow(&mut buffers.filtered, inside);
        match &self.expand {
            Some(expand) => {
                let padded = buffers.clear_padded(window, 1);
                let input = machine.run(Quantise {
                    values: &buffers.input[..expand.inputs() * side * side],
                    pixels: side * side,
                    most: expand.largest_input,
                    buffer: &mut buffers.quantised,
                });
                let padded = &mut buffers.padded[..padded];
                for (panel, filtered) in buffers.filtered[..inside].chunks_exact_mut(pixels).enumerate() {
                    machine.run(Expand {
                        layer: expand,
                        input,
                        panel,
                        places: &buffers.places,
                        padded,
                    });
                    machine.run(self.filter(panel, window, padded, filtered));
                }
            }
            None => {
                let planes = buffers.padded.chunks_exact(window.rows() * window.columns(TOGETHER));
                let filtered = buffers.filtered[..inside].chunks_exact_mut(pixels);
                for (block, (plane, filtered)) in planes.zip(filtered).enumerate() {
                    machine.run(self.filter(block, window, plane, filtered));
                }
            }
        }
        let outputs = self.project.outputs() * pixels;
        grow(&mut buffers.output, outputs);
        machine.run(Project {
            layer: &self.project,
            input: Activations {
                blocks: &buffers.filtered[..inside],
                pixels,
                step: 6.0 / self.project.largest_input,
            },
            residual: self.is_residual.then(|| &buffers.input[..outputs]),
            output: &mut buffers.output[..outputs],
        });
        std::mem::swap(&mut buffers.input, &mut buffers.output);
        output
    }

    fn filter<'a>(
        &'a self,
        block: usize,
        window: Window,
        padded: &'a [Block<f32>],
        output: &'a mut [Block<i16>],
    ) -> Filter<'a> {
        Filter {
            layer: &self.depthwise,
            block,
            window,
            padded,
            output,
        }
    }
}

impl Buffers {
    /// Makes planes for a window with zeros around the image, and finds the places of pixels in one; gives how long the planes
    /// are.
    fn clear_padded(&mut self, window: Window, planes: usize) -> usize {
        let (rows, columns, before) = (window.rows(), window.columns(TOGETHER), window.before());
        let length = planes * rows * columns;
        grow(&mut self.padded, length);
        for plane in self.padded[..length].chunks_exact_mut(rows * columns) {
            let (image, below) = plane.split_at_mut((before + window.side) * columns);
            let (above, image) = image.split_at_mut(before * columns);
            above.fill([0.0; BLOCK]);
            below.fill([0.0; BLOCK]);
            for row in image.chunks_exact_mut(columns) {
                row[..before].fill([0.0; BLOCK]);
                row[before + window.side..].fill([0.0; BLOCK]);
            }
        }
        self.places.clear();
        for row in 0..window.side {
            let first = ((row + before) * columns + before) as u32;
            self.places.extend((first..).take(window.side));
        }
        length
    }
}

fn planes_of(blocks: &[Block<f32>], pixels: usize) -> Vec<f32> {
    let mut planes = Vec::with_capacity(BLOCK * blocks.len());
    append_planes(blocks, pixels, &mut planes);
    planes
}

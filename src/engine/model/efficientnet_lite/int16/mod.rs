//! EfficientNet-Lite0 on the CPU from a model file: 8-bit weights by 16-bit activations, from planes to features in one call.
//!
//! The tensors of burn stay outside: activations live in a few buffers that are used again and again. A block's
//! expansion and its depthwise convolution go together eight channels at a time, so that the expanded image, six times as large as
//! what comes before it, is never in memory.
//!
//! Only the inputs of 1 × 1 convolutions are rounded, to 13 bits or more: of 6 after relu6, of the image's largest elsewhere.
//! Depthwise convolutions, the stem, residuals and statistics are in single precision. The features differ from those of the
//! layers of [`EfficientNetLite0`](super::EfficientNetLite0) with the same weights by less than a thousandth.

mod depthwise;
mod lanes;
mod layout;
mod outputs;
mod pack;
mod pointwise;
mod statistics;
mod stem;
mod weights;

use std::sync::{Mutex, PoisonError};

use emofuse_core::error::Result;

pub use self::pack::TensorSource;
use self::{
    depthwise::{Depthwise, Filter, TOGETHER},
    lanes::Machine,
    layout::{Activations, BLOCK, Block, Window, append_planes},
    outputs::{Expand, Head, Project},
    pack::Tensors,
    pointwise::Pointwise,
    statistics::{MeansAndDeviations, Quantise},
    stem::Stem,
};
use super::{POOLED, STAGES, STATISTICS, STEM_CHANNELS};

/// EfficientNet-Lite0 with packed weights.
#[derive(Debug)]
pub struct PackedEfficientNetLite0 {
    machine: Machine,
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

/// Activations between layers, see [`layout`].
#[derive(Debug, Default)]
struct Buffers {
    stem: stem::Scratch,
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
    /// Packs the network of a model file; `None` where the file has it in another precision than 8 bits.
    ///
    /// # Errors
    /// [`Error::TensorMissing`](emofuse_core::Error::TensorMissing), [`Error::TensorShape`](emofuse_core::Error::TensorShape).
    pub fn load(source: &impl TensorSource, prefix: &str) -> Result<Option<Self>> {
        let tensors = Tensors { source, prefix };
        let Some(stem) = tensors.stem(STEM_CHANNELS)? else {
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
            stem,
            blocks,
            head,
            buffers: Mutex::default(),
        }))
    }

    /// Runs the network over an image.
    ///
    /// # Shapes
    /// - planes: `[3, side, side]`, flat
    pub(super) fn encode(&self, planes: &[f32], side: usize, keeps_layers: bool) -> Encoded {
        let mut buffers = self.free_buffers().pop().unwrap_or_default();
        let encoded = self.encode_with(&mut buffers, planes, side, keeps_layers);
        self.free_buffers().push(buffers);
        encoded
    }

    /// A panic elsewhere leaves at most buffers of another size.
    fn free_buffers(&self) -> std::sync::MutexGuard<'_, Vec<Buffers>> {
        self.buffers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn encode_with(&self, buffers: &mut Buffers, planes: &[f32], side: usize, keeps_layers: bool) -> Encoded {
        let mut features = Vec::with_capacity(POOLED + STATISTICS);
        features.resize(POOLED, 0.0);
        let mut deviations = Vec::with_capacity(STATISTICS / 2);
        let mut layers = Vec::new();
        let mut side = self.run_stem(buffers, planes, side);
        let mut blocks = self.blocks.iter();
        for [repeats, ..] in STAGES {
            for block in blocks.by_ref().take(repeats) {
                side = block.run(self.machine, buffers, side);
            }
            let pixels = side * side;
            self.machine.run(MeansAndDeviations {
                blocks: &buffers.input,
                pixels,
                means: &mut features,
                deviations: &mut deviations,
            });
            if keeps_layers {
                layers.push((planes_of(&buffers.input, pixels), side));
            }
        }
        features.append(&mut deviations);
        let pixels = side * side;
        let mut map = vec![[0.0; BLOCK]; if keeps_layers { self.head.outputs() * pixels } else { 0 }];
        let input = self.machine.run(Quantise {
            values: &buffers.input,
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
    fn run_stem(&self, buffers: &mut Buffers, planes: &[f32], side: usize) -> usize {
        let output = stem::window(side).output();
        buffers.clear_padded(self.blocks[0].depthwise.window(output), self.stem.blocks());
        self.machine.run(stem::Run {
            layer: &self.stem,
            planes,
            side,
            places: &buffers.places,
            padded: &mut buffers.padded,
            scratch: &mut buffers.stem,
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
        let depthwise = tensors.depthwise(&format!("{name}.depthwise"), inside, [kernel, stride])?;
        let project = tensors.pointwise(&format!("{name}.project"), [inside, outputs])?;
        Ok(depthwise.zip(project).map(|(depthwise, project)| Self {
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
        buffers.filtered.resize(channels * pixels, [0; BLOCK]);
        match &self.expand {
            Some(expand) => {
                buffers.clear_padded(window, 1);
                let input = machine.run(Quantise {
                    values: &buffers.input,
                    pixels: side * side,
                    most: expand.largest_input,
                    buffer: &mut buffers.quantised,
                });
                for (panel, filtered) in buffers.filtered.chunks_exact_mut(pixels).enumerate() {
                    machine.run(Expand {
                        layer: expand,
                        input,
                        panel,
                        places: &buffers.places,
                        padded: &mut buffers.padded,
                    });
                    machine.run(self.filter(panel, window, &buffers.padded, filtered));
                }
            }
            None => {
                let planes = buffers.padded.chunks_exact(buffers.padded.len() / channels);
                let filtered = buffers.filtered.chunks_exact_mut(pixels);
                for (block, (plane, filtered)) in planes.zip(filtered).enumerate() {
                    machine.run(self.filter(block, window, plane, filtered));
                }
            }
        }
        buffers.output.resize(self.project.outputs() * pixels, [0.0; BLOCK]);
        machine.run(Project {
            layer: &self.project,
            input: Activations {
                blocks: &buffers.filtered,
                pixels,
                step: 6.0 / self.project.largest_input,
            },
            residual: self.is_residual.then_some(&buffers.input),
            output: &mut buffers.output,
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
            most: self.project.largest_input,
            padded,
            output,
        }
    }
}

impl Buffers {
    /// Makes planes of zeros for a window, and finds the places of pixels in one.
    fn clear_padded(&mut self, window: Window, planes: usize) {
        let columns = window.columns(TOGETHER);
        self.padded.clear();
        self.padded.resize(planes * window.rows() * columns, [0.0; BLOCK]);
        let before = window.before();
        self.places.clear();
        for row in 0..window.side {
            let first = ((row + before) * columns + before) as u32;
            self.places.extend((first..).take(window.side));
        }
    }
}

fn planes_of(blocks: &[Block<f32>], pixels: usize) -> Vec<f32> {
    let mut planes = Vec::with_capacity(BLOCK * blocks.len());
    append_planes(blocks, pixels, &mut planes);
    planes
}

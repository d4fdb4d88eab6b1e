//! Tests of the whole: the committed models, networks against their references, the command line.

#![allow(clippy::unwrap_used)]

mod batches;
mod command_line;
mod companions;
mod explanations;
mod golden_posts;
mod googlenet;
mod image_tower;
mod large_model;
mod model_beginning;
mod model_file;
mod model_numbers;
mod packed_image_tower;
mod packed_transformer;
mod systems;
mod transformer;
mod untrained;
#[cfg(feature = "native-webgpu")]
mod webgpu;

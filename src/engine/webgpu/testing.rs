//! Runs single steps on a device, for tests.

use std::collections::HashMap;

use super::{
    device::Gpu,
    plan::{Buffer, Plan},
};

/// Numbers from −3 to 3 that follow from a seed.
pub(super) fn noise(seed: u32, count: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 * 6.0 - 3.0
    };
    (0..count).map(|_| next()).collect()
}

/// Runs a plan on buffers with these numbers and reads one of its buffers.
pub(super) fn run(plan: &Plan, filled: &[(Buffer, Vec<f32>)], wanted: Buffer) -> Vec<f32> {
    let gpu = Gpu::open();
    let mut buffers = HashMap::new();
    for (buffer, bytes) in plan.sizes() {
        buffers.insert(buffer, gpu.allocate(bytes));
    }
    for (buffer, values) in filled {
        buffers.insert(
            *buffer,
            gpu.upload(values.iter().flat_map(|value| value.to_le_bytes()).collect()),
        );
    }
    for step in &plan.steps {
        let reads = step.reads.iter().map(|read| buffers[read].clone());
        gpu.launch(step, reads, buffers[&step.write].clone());
    }
    let handle = buffers[&wanted].clone();
    let read = cubecl::future::block_on(gpu.read(vec![(handle, plan.size(wanted))]));
    read.expect("the device reads").remove(0)
}

/// The largest difference over the largest number expected.
pub(super) fn difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    let largest = expected
        .iter()
        .fold(1e-6_f32, |largest, value| largest.max(value.abs()));
    let differences = found
        .iter()
        .zip(expected)
        .map(|(found, expected)| (found - expected).abs());
    differences.fold(0.0, f32::max) / largest
}

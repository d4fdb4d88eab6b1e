//! Means and deviations of a map's channels, which are features of the image.

use super::{convolution::Layer, images::Images};
use crate::webgpu::{
    kernel::Kernel,
    plan::{Buffer, Plan, Step},
};

/// In place of where deviations go: there are none.
const NONE: u32 = u32::MAX;

/// Where the statistics of a map are among the features, in vectors of four.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statistics {
    pub(super) features4: u32,
    pub(super) mean_at: u32,
    pub(super) deviation_at: Option<u32>,
}

impl Statistics {
    /// Adds the steps that make them, of the whole image and, where it is asked, of its cells.
    pub(super) fn plan(self, plan: &mut Plan, images: Images, layer: &Layer, cells: u32) {
        let Layer { map, side, channels4 } = layer;
        let deviation_at = self.deviation_at.unwrap_or(NONE);
        let groups = [*channels4, images.count, 1];
        plan.step(Step {
            kernel: Kernel::Moments,
            storage: images.storage,
            reads: vec![map.buffer()],
            write: Buffer::ImageFeatures,
            info: vec![side * side, *channels4, self.mean_at, deviation_at, self.features4, 0],
            groups,
        });
        if images.in_cells {
            plan.step(Step {
                kernel: Kernel::Cells,
                storage: images.storage,
                reads: vec![map.buffer(), Buffer::ImageFeatures],
                write: Buffer::Cells,
                info: vec![
                    *side,
                    *channels4,
                    cells,
                    self.mean_at,
                    deviation_at,
                    self.features4,
                    self.features4,
                    0,
                ],
                groups,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::webgpu::{
        kernel::Storage,
        testing::{difference, noise, run},
    };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn means_and_deviations_are_those_of_double_precision_and_cells_have_them_as_their_means(
            count in prop::sample::select(vec![1u32, 3, 8]),
            side in 1u32..40,
            channels4 in 1u32..12,
            offset in prop::sample::select(vec![0.0f32, 5.0, -200.0]),
            cells in 1u32..8,
            seed in any::<u32>(),
        ) {
            let cells = cells.min(side);
            let channels = 4 * channels4 as usize;
            let pixels = (side * side) as usize;
            let x: Vec<f32> = noise(seed, count as usize * pixels * channels).into_iter().map(|value| value + offset).collect();

            let mut plan = Plan::default();
            let images = Images { count, side, in_cells: true, storage: Storage::Single };
            let layer = Layer::new(&mut plan, images, side, channels4);
            let statistics = Statistics { features4: 2 * channels4, mean_at: 0, deviation_at: Some(channels4) };
            statistics.plan(&mut plan, images, &layer, cells);
            let bytes = u64::from(count * 2 * channels4) * 16;
            plan.reserve(Buffer::ImageFeatures, bytes);
            plan.reserve(Buffer::Cells, bytes * u64::from(cells * cells));
            let filled = [(layer.map.buffer(), x.clone())];
            let features = run(&plan, &filled, Buffer::ImageFeatures);
            let of_cells = run(&plan, &filled, Buffer::Cells);

            let mut expected = Vec::new();
            for image in x.chunks_exact(pixels * channels) {
                let column = |channel: usize| image.iter().skip(channel).step_by(channels).map(|value| f64::from(*value));
                let means: Vec<f64> = (0..channels).map(|channel| column(channel).sum::<f64>() / pixels as f64).collect();
                let variance = |channel: usize| column(channel).map(|value| (value - means[channel]).powi(2)).sum::<f64>();
                expected.extend(means.iter().map(|mean| *mean as f32));
                expected.extend((0..channels).map(|channel| (variance(channel) / pixels as f64).sqrt() as f32));
            }
            for (found, expected) in features.chunks_exact(channels).zip(expected.chunks_exact(channels)) {
                prop_assert!(difference(found, expected) < 1e-5, "{}", difference(found, expected));
            }
            let width = 2 * channels;
            for (image, features) in features.chunks_exact(width).enumerate() {
                let cells = (cells * cells) as usize;
                let rows = &of_cells[image * cells * width..][..cells * width];
                for (feature, expected) in features.iter().enumerate() {
                    let mean = rows.iter().skip(feature).step_by(width).sum::<f32>() / cells as f32;
                    let scale = expected.abs().max(1.0);
                    // Squares of distances from a mean that is off by a few units in its last place.
                    prop_assert!((mean - expected).abs() <= 2e-4 * scale, "{feature}: {mean}, expected {expected}");
                }
            }
        }
    }
}

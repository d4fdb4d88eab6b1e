//! EfficientNet-Lite0; see [`EfficientNetLite0`](crate::model::efficientnet_lite::EfficientNetLite0).

use emofuse_core::error::Result;

use super::{
    convolution::{Activation, Convolution, Depthwise, Layer, Stem, same_padding},
    images::Images,
    statistics::Statistics,
};
use crate::{
    bundle::Bundle,
    model::efficientnet_lite::{POOLED, STAGES, STATISTICS, STEM_CHANNELS},
    preprocessing::Preprocessing,
    webgpu::{plan::Plan, weights::Weights},
};

/// Vectors of four features, without the colours.
pub(super) const FEATURES4: u32 = ((POOLED + STATISTICS) / 4) as u32;

/// Where the weights of the network are.
#[derive(Debug)]
pub struct EfficientNetLite0 {
    stem: Stem,
    blocks: Vec<InvertedResidual>,
    head: Convolution,
}

#[derive(Debug)]
struct InvertedResidual {
    expand: Option<Convolution>,
    depthwise: Depthwise,
    project: Convolution,
    is_residual: bool,
}

/// Rows and columns of the last map of images of a side.
pub(super) fn cells(side: u32) -> u32 {
    let halved = STAGES.iter().map(|[_, _, stride, ..]| *stride as u32);
    halved.fold(side.div_ceil(2), u32::div_ceil)
}

impl EfficientNetLite0 {
    pub(super) fn load(
        bundle: &Bundle,
        prefix: &str,
        preprocessing: &Preprocessing,
        weights: &mut Weights,
    ) -> Result<Self> {
        let stem = format!("{prefix}.stem");
        let stem = Stem::load(
            bundle,
            &stem,
            [STEM_CHANNELS, 3],
            preprocessing,
            Activation::Relu6,
            weights,
        )?;
        let mut channels = STEM_CHANNELS;
        let mut blocks = Vec::new();
        for [repeats, kernel, stride, expansion, outputs] in STAGES {
            for repeat in 0..repeats {
                let stride = if repeat == 0 { stride } else { 1 };
                let name = format!("{prefix}.blocks.{}", blocks.len());
                let inside = channels * expansion;
                let expand = (expansion > 1).then(|| {
                    let layer = format!("{name}.expand");
                    Convolution::load(bundle, &layer, [channels, inside, 1], Activation::Relu6, weights)
                });
                let expand = expand.transpose()?;
                let layer = format!("{name}.depthwise");
                let depthwise = Depthwise::load(bundle, &layer, inside, [kernel, stride], weights)?;
                let layer = format!("{name}.project");
                blocks.push(InvertedResidual {
                    expand,
                    depthwise,
                    project: Convolution::load(bundle, &layer, [inside, outputs, 1], Activation::None, weights)?,
                    is_residual: stride == 1 && channels == outputs,
                });
                channels = outputs;
            }
        }
        let head = format!("{prefix}.head");
        let head = Convolution::load(bundle, &head, [channels, POOLED, 1], Activation::Relu6, weights)?;
        Ok(Self { stem, blocks, head })
    }

    pub(super) fn plan(&self, plan: &mut Plan, images: Images) {
        let cells = cells(images.side);
        let mut layer = self.stem.plan(plan, images, same_padding(images.side, 3, 2));
        let mut blocks = self.blocks.iter();
        // Of the stages, behind the features of the head: first all means, then all deviations.
        let mut mean_at = POOLED as u32 / 4;
        for [repeats, ..] in STAGES {
            for block in blocks.by_ref().take(repeats) {
                layer = block.plan(plan, images, layer);
            }
            let statistics = Statistics {
                features4: FEATURES4,
                mean_at,
                deviation_at: Some(mean_at + STATISTICS as u32 / 8),
            };
            statistics.plan(plan, images, &layer, cells);
            mean_at += layer.channels4;
        }
        let head = self.head.plan(plan, images, &layer, None);
        let statistics = Statistics {
            features4: FEATURES4,
            mean_at: 0,
            deviation_at: None,
        };
        statistics.plan(plan, images, &head, cells);
        plan.release(layer.map);
        plan.release(head.map);
    }
}

impl InvertedResidual {
    fn plan(&self, plan: &mut Plan, images: Images, input: Layer) -> Layer {
        let expanded = self
            .expand
            .as_ref()
            .map(|expand| expand.plan(plan, images, &input, None));
        let filtered = self.depthwise.plan(plan, images, expanded.as_ref().unwrap_or(&input));
        if let Some(expanded) = expanded {
            plan.release(expanded.map);
        }
        let added = self.is_residual.then_some(&input);
        let output = self.project.plan(plan, images, &filtered, added);
        plan.release(filtered.map);
        plan.release(input.map);
        output
    }
}

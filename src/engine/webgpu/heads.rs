//! What follows the towers: the ways into the common space, the classifiers of what stands alone, and the fusion.

use emofuse_core::{emotion::EMOTIONS, error::Result};

use super::{
    kernel::{Kernel, Rows, Storage, THREADS},
    plan::{Buffer, Plan, Step},
    upload::{LABELS4, Upload},
    weights::Weights,
};
use crate::bundle::{Bundle, FusionArchitecture, tensor_group};

/// Where the weights of the heads are.
#[derive(Debug)]
pub struct Heads {
    images: Projection,
    captions: Projection,
    common4: u32,
    fusion_at: u32,
    image_share: f32,
}

/// Features on their way into the common space and to the logits of what stands alone.
#[derive(Debug)]
struct Projection {
    at: u32,
    /// Vectors of four features, those of the colours included.
    k4: u32,
    /// Those without the colours.
    x4: u32,
}

/// The features of a tower.
pub struct Features {
    /// Where each feature is among the padded ones.
    pub places: Vec<usize>,
    /// Vectors of four that the tower makes.
    pub tower4: u32,
    /// Vectors of four, those of the colours included.
    pub all4: u32,
}

impl Heads {
    /// Lays out the tensors of the common space and of the classifiers.
    ///
    /// # Errors
    /// As [`Bundle::tensor`].
    pub fn load(bundle: &Bundle, images: &Features, captions: &Features, weights: &mut Weights) -> Result<Self> {
        let FusionArchitecture::CommonSpace { d_common, image_share } = bundle.manifest.architecture.fusion;
        let fusion = tensor_group::FUSION;
        let mut projection = |features: &Features, common: &str, alone: &str| {
            let ways = [
                Way::common(bundle, &format!("{fusion}.{common}"), features, d_common)?,
                Way::alone(bundle, alone, features)?,
            ];
            Ok(Projection::new(features, &ways, weights))
        };
        let images = projection(images, "image", tensor_group::STANDALONE_IMAGE)?;
        let captions = projection(captions, "caption", tensor_group::STANDALONE_CAPTION)?;
        let output = bundle.tensor(&format!("{fusion}.output.weight"), &[d_common, EMOTIONS])?;
        let priors = bundle.tensor(&format!("{fusion}.priors"), &[3, EMOTIONS])?;
        let fusion_at = weights.rows(&output, EMOTIONS, 0.0);
        weights.zeros((d_common.next_multiple_of(4) - d_common) * LABELS4 as usize);
        weights.rows(&priors[..EMOTIONS], EMOTIONS, 0.0);
        Ok(Self {
            images,
            captions,
            common4: d_common.div_ceil(4) as u32,
            fusion_at,
            image_share,
        })
    }

    /// Adds the steps from features to logits.
    pub fn plan(&self, plan: &mut Plan, upload: &Upload) {
        let shape = upload.shape;
        let n4 = self.common4 + LABELS4;
        let vectors = |rows: u32| u64::from(rows * n4) * 16;
        if shape.images > 0 {
            let cells = if shape.maps > 0 { shape.images * shape.cells } else { 0 };
            plan.reserve(Buffer::ImageVectors, vectors(shape.images + cells));
            self.project(plan, upload, Rows::Images);
            if cells > 0 {
                self.project(plan, upload, Rows::Cells);
            }
        }
        if shape.captions > 0 {
            plan.reserve(Buffer::CaptionVectors, vectors(shape.captions));
            self.project(plan, upload, Rows::Captions);
        }
        // What is not there is not read; something has to be bound in its place.
        let or = |is_there: bool, buffer: Buffer, other: Buffer| if is_there { buffer } else { other };
        let images = or(shape.images > 0, Buffer::ImageVectors, Buffer::CaptionVectors);
        let captions = or(shape.captions > 0, Buffer::CaptionVectors, Buffer::ImageVectors);
        plan.reserve(Buffer::Logits, u64::from(shape.rows() * LABELS4) * 16);
        plan.step(Step {
            kernel: Kernel::Fusion,
            storage: Storage::Single,
            reads: vec![images, captions, Buffer::Input, Buffer::HeadWeights],
            write: Buffer::Logits,
            info: vec![
                shape.rows(),
                self.common4,
                self.fusion_at,
                upload.rows_at,
                self.image_share.to_bits(),
                0,
            ],
            groups: [(shape.rows() * LABELS4).div_ceil(THREADS), 1, 1],
        });
    }

    fn project(&self, plan: &mut Plan, upload: &Upload, rows: Rows) {
        let shape = upload.shape;
        let (projection, x, features, write) = match rows {
            Rows::Images => (
                &self.images,
                Buffer::ImageFeatures,
                Buffer::ImageFeatures,
                Buffer::ImageVectors,
            ),
            Rows::Cells => (&self.images, Buffer::Cells, Buffer::ImageFeatures, Buffer::ImageVectors),
            Rows::Captions => (
                &self.captions,
                Buffer::CaptionFeatures,
                Buffer::CaptionFeatures,
                Buffer::CaptionVectors,
            ),
        };
        let (count, out_row, extra_at) = match rows {
            Rows::Images => (shape.images, 0, upload.colours_at),
            Rows::Cells => (shape.images * shape.cells, shape.images, upload.cell_colours_at),
            Rows::Captions => (shape.captions, 0, 0),
        };
        let n4 = self.common4 + LABELS4;
        plan.step(Step {
            kernel: Kernel::Projection(rows),
            storage: Storage::Single,
            reads: vec![x, features, Buffer::Input, Buffer::HeadWeights],
            write,
            info: vec![
                projection.k4,
                projection.x4,
                n4,
                self.common4,
                projection.at,
                out_row,
                extra_at,
                upload.colours_at,
                shape.cells.max(1),
                upload.windows_at,
                upload.captions_at,
                0,
            ],
            groups: [n4, count, 1],
        });
    }
}

/// A linear map of standardised features, in the file's order.
struct Way {
    mean: Vec<f32>,
    deviation: Vec<f32>,
    /// `[features, outputs]`
    matrix: Vec<f32>,
    bias: Vec<f32>,
}

impl Way {
    fn common(bundle: &Bundle, layer: &str, features: &Features, outputs: usize) -> Result<Self> {
        let inputs = features.places.len();
        Ok(Self {
            mean: bundle.tensor(&format!("{layer}.standard.mean"), &[inputs])?,
            deviation: bundle.tensor(&format!("{layer}.standard.deviation"), &[inputs])?,
            matrix: bundle.tensor(&format!("{layer}.linear.weight"), &[inputs, outputs])?,
            bias: vec![0.0; outputs],
        })
    }

    fn alone(bundle: &Bundle, group: &str, features: &Features) -> Result<Self> {
        let layer = format!("{group}.output");
        Ok(Self {
            bias: bundle.tensor(&format!("{layer}.linear.bias"), &[EMOTIONS])?,
            ..Self::common(bundle, &layer, features, EMOTIONS)?
        })
    }

    fn outputs(&self) -> usize {
        self.bias.len()
    }
}

impl Projection {
    /// Lays the ways out one beside the other, as `projection.wgsl` reads them.
    fn new(features: &Features, ways: &[Way; 2], weights: &mut Weights) -> Self {
        let at = weights.next();
        let padded = 4 * features.all4 as usize;
        let spread = |values: &[f32], filling: f32| {
            let mut all = vec![filling; padded];
            for (place, value) in features.places.iter().zip(values) {
                all[*place] = *value;
            }
            all
        };
        for way in ways {
            weights.rows(&spread(&way.mean, 0.0), padded, 0.0);
            // Of a feature that is only there to fill up: anything but 0.
            weights.rows(&spread(&way.deviation, 1.0), padded, 0.0);
        }
        for way in ways {
            weights.rows(&way.bias, way.outputs(), 0.0);
        }
        for way in ways {
            let outputs = way.outputs();
            for first in (0..outputs).step_by(4) {
                let mut columns = vec![0.0; 4 * padded];
                for (place, row) in features.places.iter().zip(way.matrix.chunks_exact(outputs)) {
                    for (output, value) in row[first..].iter().take(4).enumerate() {
                        columns[4 * place + output] = *value;
                    }
                }
                weights.rows(&columns, 4 * padded, 0.0);
            }
        }
        Self {
            at,
            k4: features.all4,
            x4: features.tower4,
        }
    }
}

//! A transformer over word pieces; see [`TransformerEncoder`](crate::model::transformer_encoder::TransformerEncoder).

use emofuse_core::error::Result;

use crate::{
    bundle::{Bundle, TransformerArchitecture},
    webgpu::{
        kernel::{Kernel, Storage, THREADS, Tile},
        plan::{Buffer, Map, Plan, Step},
        upload::Upload,
        weights::Weights,
    },
};

/// In place of where the vectors of positions are: there are none.
const NONE: u32 = u32::MAX;

/// Where the weights of the tower are.
#[derive(Debug)]
pub struct Transformer {
    width4: u32,
    heads: u32,
    epsilon: f32,
    positions_at: u32,
    norm_at: u32,
    layers: Vec<Layer>,
}

#[derive(Debug)]
struct Layer {
    attention_input: Linear,
    attention_output: Linear,
    attention_norm_at: u32,
    expand: Linear,
    contract: Linear,
    norm_at: u32,
}

#[derive(Debug)]
struct Linear {
    at: u32,
    inputs4: u32,
    outputs4: u32,
}

impl Transformer {
    pub(super) fn load(
        bundle: &Bundle,
        prefix: &str,
        network: &TransformerArchitecture,
        weights: &mut Weights,
    ) -> Result<Self> {
        let width = network.d_model;
        let positions = bundle.tensor(&format!("{prefix}.positions.weight"), &[network.max_positions, width])?;
        let positions_at = weights.rows(&positions, width, 0.0);
        let norm_at = load_norm(bundle, &format!("{prefix}.norm"), width, weights)?;
        let layers = (0..network.layers).map(|index| {
            let prefix = format!("{prefix}.layers.{index}");
            let mut linear = |name: &str, inputs: usize, outputs: usize| {
                Ok(Linear {
                    at: weights.linear(bundle, &format!("{prefix}.{name}"), [inputs, outputs])?,
                    inputs4: inputs as u32 / 4,
                    outputs4: outputs as u32 / 4,
                })
            };
            Ok(Layer {
                attention_input: linear("attention_input", width, 3 * width)?,
                attention_output: linear("attention_output", width, width)?,
                expand: linear("expand", width, network.d_hidden)?,
                contract: linear("contract", network.d_hidden, width)?,
                attention_norm_at: load_norm(bundle, &format!("{prefix}.attention_norm"), width, weights)?,
                norm_at: load_norm(bundle, &format!("{prefix}.norm"), width, weights)?,
            })
        });
        Ok(Self {
            layers: layers.collect::<Result<_>>()?,
            width4: width as u32 / 4,
            heads: network.heads as u32,
            epsilon: network.layer_norm_epsilon as f32,
            positions_at,
            norm_at,
        })
    }

    pub(super) fn width4(&self) -> u32 {
        self.width4
    }

    pub(super) fn plan(&self, plan: &mut Plan, upload: &Upload) {
        let rows = upload.shape.windows * upload.shape.tokens;
        let first = (Buffer::Input, upload.tokens_at, self.positions_at);
        let mut states = self.norm(plan, upload, first, self.norm_at);
        for layer in &self.layers {
            let heads = layer.attention_input.plan(plan, rows, &states, None, false);
            let attended = self.attend(plan, upload, &heads);
            plan.release(heads);
            let sum = layer.attention_output.plan(plan, rows, &attended, Some(&states), false);
            plan.release(attended);
            plan.release(states);
            let normal = self.norm(plan, upload, (sum.buffer(), 0, NONE), layer.attention_norm_at);
            plan.release(sum);
            let hidden = layer.expand.plan(plan, rows, &normal, None, true);
            let sum = layer.contract.plan(plan, rows, &hidden, Some(&normal), false);
            plan.release(hidden);
            plan.release(normal);
            states = self.norm(plan, upload, (sum.buffer(), 0, NONE), layer.norm_at);
            plan.release(sum);
        }
        plan.step(Step {
            kernel: Kernel::TokenMean,
            storage: Storage::Single,
            reads: vec![states.buffer(), Buffer::Input],
            write: Buffer::CaptionFeatures,
            info: vec![upload.shape.tokens, self.width4, upload.windows_at, 0],
            groups: [self.width4.div_ceil(THREADS), upload.shape.windows, 1],
        });
        plan.release(states);
    }

    /// Normalises rows of `x`, which begin at `x_at`, after the vectors of positions were added, if there are any.
    fn norm(
        &self,
        plan: &mut Plan,
        upload: &Upload,
        (x, x_at, positions_at): (Buffer, u32, u32),
        weights_at: u32,
    ) -> Map {
        let rows = upload.shape.windows * upload.shape.tokens;
        let out = plan.map(rows * self.width4, Storage::Single);
        plan.step(Step {
            kernel: Kernel::LayerNorm,
            storage: Storage::Single,
            reads: vec![x, Buffer::CaptionWeights],
            write: out.buffer(),
            info: vec![
                self.width4,
                upload.shape.tokens,
                weights_at,
                positions_at,
                x_at,
                self.epsilon.to_bits(),
            ],
            groups: [rows, 1, 1],
        });
        out
    }

    fn attend(&self, plan: &mut Plan, upload: &Upload, heads: &Map) -> Map {
        let out = plan.map(
            upload.shape.windows * upload.shape.tokens * self.width4,
            Storage::Single,
        );
        plan.step(Step {
            kernel: Kernel::Attention,
            storage: Storage::Single,
            reads: vec![heads.buffer(), Buffer::Input],
            write: out.buffer(),
            info: vec![
                upload.shape.tokens,
                self.heads,
                self.width4 / self.heads,
                upload.windows_at,
            ],
            groups: [upload.shape.tokens, self.heads, upload.shape.windows],
        });
        out
    }
}

impl Linear {
    fn plan(&self, plan: &mut Plan, rows: u32, input: &Map, added: Option<&Map>, is_gelu: bool) -> Map {
        let out = plan.map(rows * self.outputs4, Storage::Single);
        let tile = Tile::of(rows, self.outputs4);
        let mut info = vec![rows, self.inputs4, self.outputs4, self.at, self.outputs4, 0, 1];
        info.push(added.is_some().into());
        info.extend([-3e38_f32, 3e38].map(f32::to_bits));
        plan.step(Step {
            kernel: Kernel::Convolution {
                kernel: 1,
                tile,
                is_gelu,
            },
            storage: Storage::Single,
            reads: vec![input.buffer(), Buffer::CaptionWeights, added.unwrap_or(input).buffer()],
            write: out.buffer(),
            info,
            groups: tile.groups(rows, self.outputs4),
        });
        out
    }
}

/// The scale, then the offset.
fn load_norm(bundle: &Bundle, layer: &str, width: usize, weights: &mut Weights) -> Result<u32> {
    let at = weights.vector(bundle, &format!("{layer}.gamma"), width)?;
    weights.vector(bundle, &format!("{layer}.beta"), width)?;
    Ok(at)
}

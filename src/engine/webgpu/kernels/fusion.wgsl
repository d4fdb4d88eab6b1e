// The last step: logits of posts from vectors of the common space, and of what stands alone.
//
// Layouts, all in vectors of four
//   images, captions  [row][common4 + LABELS4]: a vector of the common space, then the logits of what stands alone
//   input             from `rows_at` on, a vector a row of the output: what it is of, its row of `images`, its row of `captions`
//   weights           from `weights_at` on: the matrix of the common space [common][LABELS4], then the prior of posts with both
//   out               [row][LABELS4]
// Tile: a thread makes four logits of a row.
// Limits: no workgroup memory.

struct Info { rows: u32, common4: u32, weights_at: u32, rows_at: u32, image_share: f32, unused: u32 }

@group(0) @binding(0) var<storage, read> images: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> captions: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> info: Info;

const LABELS4 = 3u;
// What a row is of.
const BOTH = 0u;
const IMAGE_ALONE = 1u;
const CAPTION_ALONE = 2u;
const CELL_OF_BOTH = 3u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let id = group.x * 64u + index;
    let row = id / LABELS4;
    if row >= info.rows { return; }
    let label = id % LABELS4;
    let what = input[info.rows_at + row];
    let kind = u32(what.x);
    let image = u32(what.y) * (info.common4 + LABELS4);
    let caption = u32(what.z) * (info.common4 + LABELS4);
    if kind == IMAGE_ALONE {
        out[id] = images[image + info.common4 + label];
        return;
    }
    if kind == CAPTION_ALONE {
        out[id] = captions[caption + info.common4 + label];
        return;
    }
    var sum = vec4<f32>(0.0);
    for (var d = 0u; d < info.common4; d += 1u) {
        var value = images[image + d] * info.image_share;
        if kind == BOTH { value += captions[caption + d]; }
        let at = info.weights_at + d * 4u * LABELS4 + label;
        sum = fma(weights[at], vec4<f32>(value.x), sum);
        sum = fma(weights[at + LABELS4], vec4<f32>(value.y), sum);
        sum = fma(weights[at + 2u * LABELS4], vec4<f32>(value.z), sum);
        sum = fma(weights[at + 3u * LABELS4], vec4<f32>(value.w), sum);
    }
    if kind == BOTH { sum += weights[info.weights_at + info.common4 * 4u * LABELS4 + label]; }
    out[id] = sum;
}

// The convolutional caption tower: for windows of each width, the largest activation of every filter over a caption's tokens, with
// bias and relu; and the mean of the tokens' vectors.
//
// Layouts, all in vectors of four
//   x        from `tokens_at` on: [caption][token][d4], zeros where a caption is shorter; from `lengths_at` on a vector a caption,
//            whose first number is how many tokens it has
//   weights  for each width, from its `weights_at` on: [place in the window][number of the token's vector][f4], then the bias
//   out      [caption][sections · f4 + d4]: the widths' filters in their order, then the mean
// Tile: a workgroup makes 16 filters of one width for one caption: 4 × 16 threads of 4 filters × 4 tokens, over the tokens in
// steps of 64. The last section in z makes the mean: 4 vectors a workgroup.
// Limits: 1 KB of workgroup memory.

struct Section { width: u32, weights_at: u32 }
struct Info {
    tokens: u32, d4: u32, f4: u32, tokens_at: u32, lengths_at: u32, sections: u32, section: array<Section>,
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> info: Info;

const NEVER_LARGEST = -1e9;

var<workgroup> best: array<vec4<f32>, 64>;

@compute @workgroup_size(4, 16)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) id: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    let length = u32(x[info.lengths_at + group.y].x);
    let first = info.tokens_at + group.y * info.tokens * info.d4;
    let is_mean = group.z == info.sections;
    let column = group.x * 4u + id.x;
    var mine = vec4<f32>(select(NEVER_LARGEST, 0.0, is_mean));
    if is_mean {
        if column < info.d4 {
            for (var token = id.y; token < length; token += 16u) { mine += x[first + token * info.d4 + column]; }
        }
    } else if column < info.f4 {
        let section = info.section[group.z];
        let reach = section.width / 2u;
        for (var token = id.y * 4u; token < length; token += 64u) {
            var sums: array<vec4<f32>, 4>;
            for (var place = 0u; place < section.width; place += 1u) {
                for (var d = 0u; d < info.d4; d += 1u) {
                    let at = section.weights_at + (place * info.d4 + d) * 4u * info.f4 + column;
                    let w0 = weights[at];
                    let w1 = weights[at + info.f4];
                    let w2 = weights[at + 2u * info.f4];
                    let w3 = weights[at + 3u * info.f4];
                    for (var t = 0u; t < 4u; t += 1u) {
                        // Below 0 it wraps round and is beyond the end.
                        let other = token + t + place - reach;
                        if other < length {
                            let values = x[first + other * info.d4 + d];
                            sums[t] = fma(w0, vec4<f32>(values.x), sums[t]);
                            sums[t] = fma(w1, vec4<f32>(values.y), sums[t]);
                            sums[t] = fma(w2, vec4<f32>(values.z), sums[t]);
                            sums[t] = fma(w3, vec4<f32>(values.w), sums[t]);
                        }
                    }
                }
            }
            for (var t = 0u; t < 4u; t += 1u) {
                if token + t < length { mine = max(mine, sums[t]); }
            }
        }
    }
    best[index] = mine;
    workgroupBarrier();
    for (var reach = 8u; reach > 0u; reach /= 2u) {
        if id.y < reach {
            let other = best[index + reach * 4u];
            if is_mean { best[index] += other; } else { best[index] = max(best[index], other); }
        }
        workgroupBarrier();
    }
    if id.y > 0u { return; }
    let row = group.y * (info.sections * info.f4 + info.d4);
    if is_mean {
        if column < info.d4 { out[row + info.sections * info.f4 + column] = best[index] / max(f32(length), 1.0); }
    } else if column < info.f4 {
        let section = info.section[group.z];
        // The bias is the same everywhere, and relu keeps the order, so both can wait until here.
        let bias = weights[section.weights_at + section.width * info.d4 * 4u * info.f4 + column];
        out[row + group.z * info.f4 + column] = max(best[index] + bias, vec4<f32>(0.0));
    }
}

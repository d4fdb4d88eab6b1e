// Standardised features times a matrix: the way into the common space and the classifiers of what stands alone, as one
// matrix-vector product for each row.
//
// Layouts, all in vectors of four
//   x         [row][x4]
//   features  [image][x4], for CELLS
//   input     from `extra_at` on: [row][extra4], which continues the rows of x; for CELLS, from `colours_at` on: [image][extra4];
//             for WINDOWS, from `windows_at` on: [window], a vector of the window's length and share; from `captions_at` on:
//             [caption], a vector of its first window and how many it has
//   weights   from `weights_at` on: two sets of [mean: k4][deviation: k4], the bias: [n4], the matrix: [n4][k], a vector for four
//             outputs; columns below `split` are of the first set's standardisation, the others of the second's
//   out       [out_row + row][n4]
// Variants: WINDOWS has captions for rows, whose features are those of their windows, each by its share. CELLS has the cells of
// images for rows, and each counts as its part of the standardised feature, the limit of six deviations included.
// Tile: a workgroup of 64 threads makes four outputs of a row; the sum over the features is shared among the threads.
// Limits: 1 KB of workgroup memory.

struct Info {
    k4: u32, x4: u32, n4: u32, split: u32, weights_at: u32, out_row: u32, extra_at: u32, colours_at: u32, cells: u32,
    windows_at: u32, captions_at: u32, unused: u32,
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> features: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> info: Info;

const CELLS = {{CELLS}}u;
const WINDOWS = {{WINDOWS}}u;
const FARTHEST = 6.0;

var<workgroup> sums: array<vec4<f32>, 64>;

fn value_at(row: u32, k: u32) -> vec4<f32> {
    if WINDOWS != 0u {
        let caption = input[info.captions_at + row];
        let first = u32(caption.x);
        var value = vec4<f32>(0.0);
        for (var window = first; window < first + u32(caption.y); window += 1u) {
            value += input[info.windows_at + window].y * x[window * info.x4 + k];
        }
        return value;
    }
    if k < info.x4 { return x[row * info.x4 + k]; }
    return input[info.extra_at + row * (info.k4 - info.x4) + k - info.x4];
}

fn feature_at(image: u32, k: u32) -> vec4<f32> {
    if k < info.x4 { return features[image * info.x4 + k]; }
    return input[info.colours_at + image * (info.k4 - info.x4) + k - info.x4];
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let column = group.x;
    let row = group.y;
    let statistics = info.weights_at + select(0u, 2u * info.k4, column >= info.split);
    let bias_at = info.weights_at + 4u * info.k4;
    let matrix = bias_at + info.n4 + column * info.k4 * 4u;
    var sum = vec4<f32>(0.0);
    for (var k = index; k < info.k4; k += 64u) {
        let mean = weights[statistics + k];
        let deviation = weights[statistics + info.k4 + k];
        var value = (value_at(row, k) - mean) / deviation;
        if CELLS != 0u {
            let feature = abs((feature_at(row / info.cells, k) - mean) / deviation);
            value *= FARTHEST / max(feature, vec4<f32>(FARTHEST)) / f32(info.cells);
        } else {
            value = clamp(value, vec4<f32>(-FARTHEST), vec4<f32>(FARTHEST));
        }
        sum = fma(weights[matrix + k * 4u], vec4<f32>(value.x), sum);
        sum = fma(weights[matrix + k * 4u + 1u], vec4<f32>(value.y), sum);
        sum = fma(weights[matrix + k * 4u + 2u], vec4<f32>(value.z), sum);
        sum = fma(weights[matrix + k * 4u + 3u], vec4<f32>(value.w), sum);
    }
    sums[index] = sum;
    workgroupBarrier();
    for (var reach = 32u; reach > 0u; reach /= 2u) {
        if index < reach { sums[index] += sums[index + reach]; }
        workgroupBarrier();
    }
    if index == 0u {
        var total = sums[0];
        if CELLS == 0u { total += weights[bias_at + column]; }
        out[(info.out_row + row) * info.n4 + column] = total;
    }
}

// A convolution of each channel by itself, with its bias and relu6.
//
// Layouts, all in vectors of four channels
//   x        [image][row][column][channels / 4]
//   weights  from `weights_at` on: [kernel row][kernel column][channels / 4], then the bias
//   out      [image][row][column][channels / 4]
// Tile: a thread makes four channels of COLUMNS neighbouring pixels of a row, a workgroup 64 of those one after another: neighbours
// in a workgroup read neighbouring channels.
// Limits: no workgroup memory; x is read (COLUMNS − 1) · STRIDE + KERNEL vectors a kernel row.

struct Info { images: u32, side: u32, out_side: u32, before: u32, c4: u32, weights_at: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4<Half>>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<Half>>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4<Half>>;
@group(0) @binding(3) var<storage, read> info: Info;

const KERNEL = {{KERNEL}}u;
const STRIDE = {{STRIDE}}u;
const COLUMNS = {{COLUMNS}}u;
const REACH = (COLUMNS - 1u) * STRIDE + KERNEL;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let id = group.x * 64u + index;
    let stretches = (info.out_side + COLUMNS - 1u) / COLUMNS;
    let channel = id % info.c4;
    let stretch = id / info.c4;
    let column0 = stretch % stretches * COLUMNS;
    let row = stretch / stretches % info.out_side;
    let image = stretch / (stretches * info.out_side);
    if image >= info.images { return; }
    let bias = vec4<f32>(weights[info.weights_at + KERNEL * KERNEL * info.c4 + channel]);
    var sums: array<vec4<f32>, COLUMNS>;
    for (var t = 0u; t < COLUMNS; t += 1u) { sums[t] = bias; }
    for (var ky = 0u; ky < KERNEL; ky += 1u) {
        // Below 0 it wraps round and is beyond the other edge.
        let y = row * STRIDE + ky - info.before;
        if y >= info.side { continue; }
        let line = (image * info.side + y) * info.side;
        var values: array<vec4<f32>, REACH>;
        for (var i = 0u; i < REACH; i += 1u) {
            let at = column0 * STRIDE + i - info.before;
            values[i] = select(vec4<f32>(0.0), vec4<f32>(x[(line + min(at, info.side - 1u)) * info.c4 + channel]), at < info.side);
        }
        for (var kx = 0u; kx < KERNEL; kx += 1u) {
            let weight = vec4<f32>(weights[info.weights_at + (ky * KERNEL + kx) * info.c4 + channel]);
            for (var t = 0u; t < COLUMNS; t += 1u) { sums[t] = fma(weight, values[t * STRIDE + kx], sums[t]); }
        }
    }
    let first = ((image * info.out_side + row) * info.out_side + column0) * info.c4 + channel;
    for (var t = 0u; t < COLUMNS; t += 1u) {
        if column0 + t >= info.out_side { break; }
        out[first + t * info.c4] = vec4<Half>(clamp(sums[t], vec4<f32>(0.0), vec4<f32>(6.0)));
    }
}

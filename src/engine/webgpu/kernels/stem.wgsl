// The first convolution of an image tower, from RGBA bytes: normalisation, bias and activation with it.
//
// Layouts
//   x        [image][row][column], red, green, blue and alpha in the bytes of a word
//   weights  from `weights_at` on, in vectors of four outputs: [row][column][colour][outputs / 4], then the bias
//   out      [image][row][column][outputs / 4]
// Tile: a thread makes four channels of one pixel, a workgroup 64 such vectors one after another.
// Limits: no workgroup memory.

struct Info {
    images: u32, side: u32, out_side: u32, before: u32, n4: u32, weights_at: u32,
    // A level from 0 to 1 becomes `level * factor - offset`.
    red_factor: f32, green_factor: f32, blue_factor: f32, red_offset: f32, green_offset: f32, blue_offset: f32,
    highest: f32, unused: u32,
}

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<Half>>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4<Half>>;
@group(0) @binding(3) var<storage, read> info: Info;

const KERNEL = {{KERNEL}}u;
const STRIDE = {{STRIDE}}u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let id = group.x * 64u + index;
    let channel = id % info.n4;
    let pixel = id / info.n4;
    let column = pixel % info.out_side;
    let row = pixel / info.out_side % info.out_side;
    let image = pixel / (info.out_side * info.out_side);
    if image >= info.images { return; }
    let factor = vec3<f32>(info.red_factor, info.green_factor, info.blue_factor);
    let offset = vec3<f32>(info.red_offset, info.green_offset, info.blue_offset);
    var sum = vec4<f32>(weights[info.weights_at + KERNEL * KERNEL * 3u * info.n4 + channel]);
    for (var ky = 0u; ky < KERNEL; ky += 1u) {
        // Below 0 it wraps round and is beyond the other edge.
        let y = row * STRIDE + ky - info.before;
        if y >= info.side { continue; }
        for (var kx = 0u; kx < KERNEL; kx += 1u) {
            let at = column * STRIDE + kx - info.before;
            if at >= info.side { continue; }
            let colour = unpack4x8unorm(x[(image * info.side + y) * info.side + at]).xyz * factor - offset;
            let first = info.weights_at + (ky * KERNEL + kx) * 3u * info.n4 + channel;
            sum = fma(vec4<f32>(weights[first]), vec4<f32>(colour.x), sum);
            sum = fma(vec4<f32>(weights[first + info.n4]), vec4<f32>(colour.y), sum);
            sum = fma(vec4<f32>(weights[first + 2u * info.n4]), vec4<f32>(colour.z), sum);
        }
    }
    out[id] = vec4<Half>(clamp(sum, vec4<f32>(0.0), vec4<f32>(info.highest)));
}

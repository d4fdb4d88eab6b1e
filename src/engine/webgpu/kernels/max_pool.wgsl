// The largest of windows of 3 × 3 pixels, as Caffe has it: what lies beyond the edges is never the largest, and with stride 2 a last
// window reaches over the edge where the side is even.
//
// Layouts, all in vectors of four channels
//   x    [image][row][column][c4]
//   out  [image][row][column][c4]
// Tile: a thread makes four channels of a pixel.
// Limits: no workgroup memory.

struct Info { images: u32, side: u32, out_side: u32, stride: u32, before: u32, c4: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4<Half>>;
@group(0) @binding(1) var<storage, read_write> out: array<vec4<Half>>;
@group(0) @binding(2) var<storage, read> info: Info;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let id = group.x * 64u + index;
    let channel = id % info.c4;
    let pixel = id / info.c4;
    let column = pixel % info.out_side;
    let row = pixel / info.out_side % info.out_side;
    let image = pixel / (info.out_side * info.out_side);
    if image >= info.images { return; }
    var largest = vec4<f32>(-6e4);
    for (var ky = 0u; ky < 3u; ky += 1u) {
        // Below 0 it wraps round and is beyond the other edge.
        let y = row * info.stride + ky - info.before;
        if y >= info.side { continue; }
        for (var kx = 0u; kx < 3u; kx += 1u) {
            let at = column * info.stride + kx - info.before;
            if at >= info.side { continue; }
            largest = max(largest, vec4<f32>(x[((image * info.side + y) * info.side + at) * info.c4 + channel]));
        }
    }
    out[id] = vec4<Half>(largest);
}

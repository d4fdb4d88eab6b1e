// Local response normalisation over five neighbouring channels: x / (1 + 1e-4 / 5 · s)^0.75, s being the sum of their squares.
// Krizhevsky, Sutskever and Hinton (2012), with the constants of GoogLeNet.
//
// Layouts: x and out are [pixel][c4], in vectors of four channels.
// Tile: a thread makes four channels of a pixel.
// Limits: no workgroup memory.

struct Info { vectors: u32, c4: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4<Half>>;
@group(0) @binding(1) var<storage, read_write> out: array<vec4<Half>>;
@group(0) @binding(2) var<storage, read> info: Info;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let id = group.x * 64u + index;
    if id >= info.vectors { return; }
    let channel = id % info.c4;
    let here = vec4<f32>(x[id]);
    var left = vec4<f32>(0.0);
    if channel > 0u { left = vec4<f32>(x[id - 1u]); }
    var right = vec4<f32>(0.0);
    if channel + 1u < info.c4 { right = vec4<f32>(x[id + 1u]); }
    let squares = here * here;
    let before = left * left;
    let after = right * right;
    let sums = vec4<f32>(
        before.z + before.w + squares.x + squares.y + squares.z,
        before.w + squares.x + squares.y + squares.z + squares.w,
        squares.x + squares.y + squares.z + squares.w + after.x,
        squares.y + squares.z + squares.w + after.x + after.y,
    );
    let root = sqrt(1.0 + 2e-5 * sums);
    out[id] = vec4<Half>(here / (root * sqrt(root)));
}

// The mean of a caption's tokens: the features of the transformer, and of FastText.
//
// Layouts, all in vectors of four
//   x      from `x_at` on: [caption][token][c4]
//   input  from `lengths_at` on a vector a caption, whose first number is how many tokens it has
//   out    [caption][c4]
// Tile: a thread makes four features of a caption.
// Limits: no workgroup memory.

struct Info { tokens: u32, c4: u32, lengths_at: u32, x_at: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> info: Info;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let column = group.x * 64u + index;
    if column >= info.c4 { return; }
    let length = u32(input[info.lengths_at + group.y].x);
    var sum = vec4<f32>(0.0);
    let first = info.x_at + group.y * info.tokens * info.c4 + column;
    for (var token = 0u; token < length; token += 1u) { sum += x[first + token * info.c4]; }
    out[group.y * info.c4 + column] = sum / max(f32(length), 1.0);
}

// Layer normalisation of each row, after the vectors of positions were added, where there are any.
//
// Layouts, all in vectors of four
//   x        [row][c4], from `x_at` on
//   weights  gamma from `weights_at` on, then beta; from `positions_at` on, unless that is NONE: [token][c4]
//   out      [row][c4]
// Tile: a workgroup of 64 threads makes a row.
// Limits: 1 KB of workgroup memory.

struct Info { c4: u32, tokens: u32, weights_at: u32, positions_at: u32, x_at: u32, epsilon: f32 }

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> info: Info;

const NONE = 0xffffffffu;

var<workgroup> part: array<vec4<f32>, 64>;

fn total(index: u32, value: vec4<f32>) -> f32 {
    part[index] = value;
    workgroupBarrier();
    for (var reach = 32u; reach > 0u; reach /= 2u) {
        if index < reach { part[index] += part[index + reach]; }
        workgroupBarrier();
    }
    let sum = part[0];
    workgroupBarrier();
    return sum.x + sum.y + sum.z + sum.w;
}

fn value_at(row: u32, column: u32) -> vec4<f32> {
    let value = x[info.x_at + row * info.c4 + column];
    if info.positions_at == NONE { return value; }
    return value + weights[info.positions_at + row % info.tokens * info.c4 + column];
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let count = f32(info.c4 * 4u);
    var sum = vec4<f32>(0.0);
    for (var column = index; column < info.c4; column += 64u) { sum += value_at(group.x, column); }
    let mean = total(index, sum) / count;
    var squares = vec4<f32>(0.0);
    for (var column = index; column < info.c4; column += 64u) {
        let distance = value_at(group.x, column) - mean;
        squares += distance * distance;
    }
    let deviation = sqrt(total(index, squares) / count + info.epsilon);
    for (var column = index; column < info.c4; column += 64u) {
        let normal = (value_at(group.x, column) - mean) / deviation;
        out[group.x * info.c4 + column] = fma(normal, weights[info.weights_at + column], weights[info.weights_at + info.c4 + column]);
    }
}

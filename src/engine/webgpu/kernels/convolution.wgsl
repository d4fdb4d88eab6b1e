// A convolution with stride 1 as a matrix product, with its bias, activation and residual. With KERNEL = 1 it is a linear
// layer for each pixel or token; with a larger one, "same" padding: what lies beyond the edges is 0.
//
// Layouts, all in vectors of four channels
//   x        [row][inputs / 4]; a row is a pixel, [image][row][column], or a token
//   weights  from `weights_at` on: [kernel row][kernel column][input][outputs / 4], then the bias
//   added    as `out`; read only where `is_residual`
//   out      [row][out4], of which columns `column_at` and following are written
// Tile: a workgroup makes TY · TM rows × TX · 4 outputs; a thread makes TM rows × 4. SLICES parts of the sum over the inputs stand
// side by side, for layers with few rows, and are added up at the end.
// Limits: workgroup memory is 16 · SLICES · DEPTH · (TY · TM + 4 · TX) bytes, at most 16 KB; TX · TY · SLICES threads, at most 256;
// TY · TM ≤ 8 · DEPTH, so that the sums of half of the slices fit where the weights were.

struct Info {
    rows: u32, k4: u32, n4: u32, weights_at: u32, out4: u32, column_at: u32, side: u32, is_residual: u32,
    lowest: f32, highest: f32,
}

@group(0) @binding(0) var<storage, read> x: array<vec4<Half>>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<Half>>;
@group(0) @binding(2) var<storage, read> added: array<vec4<Half>>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<Half>>;
@group(0) @binding(4) var<storage, read> info: Info;

const KERNEL = {{KERNEL}}u;
const TM = {{TM}}u;
const TX = {{TX}}u;
const TY = {{TY}}u;
const SLICES = {{SLICES}}u;
// Vectors of four inputs that a slice reads in a step.
const DEPTH = {{DEPTH}}u;
const GELU = {{GELU}}u;
const ROWS = TY * TM;
const THREADS = TX * TY;

var<workgroup> tile_x: array<vec4<f32>, SLICES * ROWS * DEPTH>;
var<workgroup> tile_w: array<vec4<f32>, SLICES * DEPTH * 4u * TX>;

fn input_at(row: u32, k: u32) -> vec4<f32> {
    if row >= info.rows || k >= info.k4 { return vec4<f32>(0.0); }
    if KERNEL == 1u { return vec4<f32>(x[row * info.k4 + k]); }
    let inputs = info.k4 / (KERNEL * KERNEL);
    let place = k / inputs;
    let pixels = info.side * info.side;
    // Below 0 it wraps round and is beyond the other edge.
    let y = row % pixels / info.side + place / KERNEL - KERNEL / 2u;
    let column = row % info.side + place % KERNEL - KERNEL / 2u;
    if y >= info.side || column >= info.side { return vec4<f32>(0.0); }
    return vec4<f32>(x[(row / pixels * pixels + y * info.side + column) * inputs + k % inputs]);
}

// Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: off by 1.5e-7 at most.
fn erf(value: vec4<f32>) -> vec4<f32> {
    let size = abs(value);
    let t = 1.0 / (1.0 + 0.3275911 * size);
    let series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    return sign(value) * (1.0 - series * exp(-size * size));
}

@compute @workgroup_size(TX, TY, SLICES)
fn main(@builtin(local_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
    let thread = id.y * TX + id.x;
    let row0 = group.y * ROWS;
    let column0 = group.x * TX;
    let base_x = id.z * ROWS * DEPTH;
    let base_w = id.z * DEPTH * 4u * TX;
    var sums: array<vec4<f32>, TM>;
    let steps = (info.k4 + DEPTH * SLICES - 1u) / (DEPTH * SLICES);
    for (var step = 0u; step < steps; step += 1u) {
        let k0 = (step * SLICES + id.z) * DEPTH;
        for (var i = thread; i < ROWS * DEPTH; i += THREADS) {
            tile_x[base_x + i] = input_at(row0 + i / DEPTH, k0 + i % DEPTH);
        }
        for (var i = thread; i < DEPTH * 4u * TX; i += THREADS) {
            let k = k0 * 4u + i / TX;
            let column = column0 + i % TX;
            var value = vec4<f32>(0.0);
            if k < info.k4 * 4u && column < info.n4 { value = vec4<f32>(weights[info.weights_at + k * info.n4 + column]); }
            tile_w[base_w + i] = value;
        }
        workgroupBarrier();
        for (var k = 0u; k < DEPTH; k += 1u) {
            let at = base_w + k * 4u * TX + id.x;
            let w0 = tile_w[at];
            let w1 = tile_w[at + TX];
            let w2 = tile_w[at + 2u * TX];
            let w3 = tile_w[at + 3u * TX];
            for (var r = 0u; r < TM; r += 1u) {
                let values = tile_x[base_x + (id.y * TM + r) * DEPTH + k];
                sums[r] = fma(w0, vec4<f32>(values.x), sums[r]);
                sums[r] = fma(w1, vec4<f32>(values.y), sums[r]);
                sums[r] = fma(w2, vec4<f32>(values.z), sums[r]);
                sums[r] = fma(w3, vec4<f32>(values.w), sums[r]);
            }
        }
        workgroupBarrier();
    }
    // Half of the slices leave their sums where the weights were, for the others, until one slice is left.
    for (var half = SLICES / 2u; half > 0u; half /= 2u) {
        if id.z >= half && id.z < 2u * half {
            for (var r = 0u; r < TM; r += 1u) { tile_w[((id.z - half) * THREADS + thread) * TM + r] = sums[r]; }
        }
        workgroupBarrier();
        if id.z < half {
            for (var r = 0u; r < TM; r += 1u) { sums[r] += tile_w[(id.z * THREADS + thread) * TM + r]; }
        }
        workgroupBarrier();
    }
    let column = column0 + id.x;
    if id.z > 0u || column >= info.n4 { return; }
    let bias = vec4<f32>(weights[info.weights_at + info.k4 * 4u * info.n4 + column]);
    for (var r = 0u; r < TM; r += 1u) {
        let row = row0 + id.y * TM + r;
        if row >= info.rows { break; }
        let at = row * info.out4 + info.column_at + column;
        var value = sums[r] + bias;
        if info.is_residual != 0u { value += vec4<f32>(added[at]); }
        if GELU != 0u { value = 0.5 * value * (1.0 + erf(value * 0.70710678)); }
        out[at] = vec4<Half>(clamp(value, vec4<f32>(info.lowest), vec4<f32>(info.highest)));
    }
}

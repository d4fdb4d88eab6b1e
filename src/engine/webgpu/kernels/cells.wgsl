// The means and deviations of every channel, spread over the cells of a coarser map, for explanations: the cells of a mean have the
// feature itself as their mean, and so have those of a deviation, which are squared distances over the deviation.
//
// Layouts
//   x         [image][row][column][channels / 4], in vectors of four channels
//   features  [image][features4] in vectors of four, as moments.wgsl writes them
//   out       [image][cell][out4] in vectors of four, at the features' places
// Tile: a workgroup makes four channels of an image, a thread every 64th cell. A pixel on the border of two cells counts for each
// by the share that lies in it.
// Limits: no workgroup memory.

struct Info {
    side: u32, c4: u32, cells: u32, mean_at: u32, deviation_at: u32, features4: u32, out4: u32, unused: u32,
}

@group(0) @binding(0) var<storage, read> x: array<vec4<Half>>;
@group(0) @binding(1) var<storage, read> features: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> info: Info;

const NONE = 0xffffffffu;

// How much of a pixel lies in a cell, as a share of the side: both are in units of which there are side · cells in all.
fn share(pixel: u32, cell: u32) -> f32 {
    let start = max(pixel * info.cells, cell * info.side);
    let end = min((pixel + 1u) * info.cells, (cell + 1u) * info.side);
    return f32(end - start) / f32(info.side);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let image = group.y;
    let of_image = image * info.features4 + group.x;
    let mean = features[of_image + info.mean_at];
    for (var cell = index; cell < info.cells * info.cells; cell += 64u) {
        let row = cell / info.cells;
        let column = cell % info.cells;
        var sum = vec4<f32>(0.0);
        var squares = vec4<f32>(0.0);
        for (var y = row * info.side / info.cells; y * info.cells < (row + 1u) * info.side; y += 1u) {
            for (var at = column * info.side / info.cells; at * info.cells < (column + 1u) * info.side; at += 1u) {
                let value = vec4<f32>(x[((image * info.side + y) * info.side + at) * info.c4 + group.x]);
                let weight = share(y, row) * share(at, column);
                sum += weight * value;
                squares += weight * (value - mean) * (value - mean);
            }
        }
        let place = (image * info.cells * info.cells + cell) * info.out4 + group.x;
        out[place + info.mean_at] = sum;
        if info.deviation_at != NONE {
            // Where nothing deviates, the squares are 0, which anything above 0 may divide.
            let deviation = max(features[of_image + info.deviation_at], vec4<f32>(1.2e-38));
            out[place + info.deviation_at] = squares / deviation;
        }
    }
}

// Mean and standard deviation of every channel over an image.
//
// Layouts
//   x    [image][pixel][channels / 4], in vectors of four channels
//   out  [image][out4] in vectors of four: the means from `mean_at` on, the deviations from `deviation_at` on, unless that is NONE
// Tile: a workgroup of 256 threads reads four channels of an image once. The sums are of distances from the first pixel, so that
// the square of the mean does not swallow the variance.
// Limits: 8 KB of workgroup memory, 256 threads.

struct Info { pixels: u32, c4: u32, mean_at: u32, deviation_at: u32, out4: u32, unused: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4<Half>>;
@group(0) @binding(1) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> info: Info;

const NONE = 0xffffffffu;
const THREADS = 256u;

struct Sums { first: vec4<f32>, second: vec4<f32> }

var<workgroup> sums: array<Sums, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let start = group.y * info.pixels * info.c4 + group.x;
    let origin = vec4<f32>(x[start]);
    var mine = Sums(vec4<f32>(0.0), vec4<f32>(0.0));
    for (var pixel = index; pixel < info.pixels; pixel += THREADS) {
        let distance = vec4<f32>(x[start + pixel * info.c4]) - origin;
        mine.first += distance;
        mine.second += distance * distance;
    }
    sums[index] = mine;
    workgroupBarrier();
    for (var reach = THREADS / 2u; reach > 0u; reach /= 2u) {
        if index < reach {
            sums[index].first += sums[index + reach].first;
            sums[index].second += sums[index + reach].second;
        }
        workgroupBarrier();
    }
    if index == 0u {
        let count = f32(info.pixels);
        let distance = sums[0].first / count;
        let at = group.y * info.out4 + group.x;
        out[at + info.mean_at] = origin + distance;
        if info.deviation_at != NONE {
            out[at + info.deviation_at] = sqrt(max(sums[0].second / count - distance * distance, vec4<f32>(0.0)));
        }
    }
}

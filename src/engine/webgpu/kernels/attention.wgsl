// Attention of one token in one head over all tokens of its caption: softmax of the products of its query with the keys, then
// that mixture of the values. The queries include the factor 1 / √d_head.
//
// Layouts, all in vectors of four
//   x      [caption][token][3][head][head4]: queries, keys, values
//   input  from `lengths_at` on a vector a caption, whose first number is how many tokens it has
//   out    [caption][token][head][head4]
// Tile: a workgroup of 64 threads makes one token of one head of one caption.
// Limits: 2.3 KB of workgroup memory; at most 256 tokens a caption.

struct Info { tokens: u32, heads: u32, head4: u32, lengths_at: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> info: Info;

const MOST_TOKENS = 256u;

var<workgroup> scores: array<f32, MOST_TOKENS>;
var<workgroup> part: array<f32, 64>;
var<workgroup> mixture: array<vec4<f32>, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let width = info.heads * info.head4;
    let length = min(u32(input[info.lengths_at + group.z].x), info.tokens);
    let first = group.z * info.tokens;
    let query = (first + group.x) * 3u * width + group.y * info.head4;
    var largest = -3e38;
    for (var token = index; token < length; token += 64u) {
        let key = ((first + token) * 3u + 1u) * width + group.y * info.head4;
        var score = 0.0;
        for (var d = 0u; d < info.head4; d += 1u) { score += dot(x[query + d], x[key + d]); }
        scores[token] = score;
        largest = max(largest, score);
    }
    part[index] = largest;
    workgroupBarrier();
    for (var reach = 32u; reach > 0u; reach /= 2u) {
        if index < reach { part[index] = max(part[index], part[index + reach]); }
        workgroupBarrier();
    }
    largest = part[0];
    workgroupBarrier();
    var sum = 0.0;
    for (var token = index; token < length; token += 64u) {
        let share = exp(scores[token] - largest);
        scores[token] = share;
        sum += share;
    }
    part[index] = sum;
    workgroupBarrier();
    for (var reach = 32u; reach > 0u; reach /= 2u) {
        if index < reach { part[index] += part[index + reach]; }
        workgroupBarrier();
    }
    sum = part[0];
    // Each thread has one vector of the head; the threads that are left share the tokens.
    let lanes = 64u / info.head4;
    let lane = index / info.head4;
    let d = index % info.head4;
    var mine = vec4<f32>(0.0);
    if lane < lanes {
        for (var token = lane; token < length; token += lanes) {
            mine += scores[token] * x[((first + token) * 3u + 2u) * width + group.y * info.head4 + d];
        }
    }
    mixture[index] = mine;
    workgroupBarrier();
    if index < info.head4 {
        var all = vec4<f32>(0.0);
        for (var other = 0u; other < lanes; other += 1u) { all += mixture[other * info.head4 + index]; }
        out[(first + group.x) * width + group.y * info.head4 + index] = all / max(sum, 1e-30);
    }
}

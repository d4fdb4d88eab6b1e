// A benchmark's report as lines of text, for the terminal and for the page.

const NAME = 18;
const CELL = 13;

const row = (...cells) =>
    cells
        .map((cell, index) => (index ? ` ${cell}`.padStart(CELL) : cell.padEnd(NAME)))
        .join('')
        .trimEnd();
const ms = (value, digits = 1) => (value === undefined ? '' : value.toFixed(digits));

const COUNTS = {
    dispatches: 'dispatches',
    pipelines: 'pipelines',
    bind_groups: 'bind groups',
    passes: 'passes',
    submits: 'submits',
    writes: 'writes',
    bytes_written: 'bytes written',
    read_backs: 'read-backs',
};
const RUNS = {
    first: 'start to first result',
    warm: 'one post, warm',
    first_batch: 'batch of 8, first',
    batch: 'batch of 8, warm',
};

/** @param {object} report What bench.js gives. */
export function reportLines({ backend, adapter, results, floor, captions, ratios, calls, starts, start_ratios }) {
    const where = backend === 'cpu' ? 'CPU, one thread' : `WebGPU on ${adapter?.name ?? 'no adapter'}`;
    return [
        `${where}, ${runsOf(results)} runs each, in turns`,
        'emofuse: the whole post (image and caption); the others: the image network alone',
        ...(adapter?.isSoftware ? ['This adapter is software: its times say nothing about a graphics card.'] : []),
        '',
        row('', 'minimum, ms', 'median, ms', 'first, ms', 'difference'),
        ...(floor ? [timeLine(floor)] : []),
        ...results.map(timeLine),
        ...(floor ? ['floor: an empty dispatch and a read-back of 11 KB, the least that an answer costs'] : []),
        ...(ratios.length ? ['', ...ratios.map(ratioLine)] : []),
        ...captionLines(captions),
        ...batchLines(results, ratios),
        ...callLines(calls),
        ...passLines(calls),
        ...startLines(starts, start_ratios),
    ];
}

/** Of those that did not fail. */
const runsOf = (some) => some.find(({ runs }) => runs)?.runs ?? 0;

const failure = (name, error) => `${name.padEnd(NAME)} did not run: ${error}`;

function timeLine({ name, error, minimum_ms, median_ms, first_result_ms, difference }) {
    if (error) return failure(name, error);
    return row(name, ms(minimum_ms), ms(median_ms), ms(first_result_ms, 0), difference?.toExponential(1) ?? '');
}

const ratioLine = ({ name, minimum, median }) =>
    `emofuse / ${name}: ${minimum.toFixed(2)} (minimum), ${median.toFixed(2)} (median)`;

function captionLines(captions) {
    if (captions.length === 0) return [];
    return [
        '',
        'emofuse, a caption alone',
        row('', 'minimum, ms', 'median, ms'),
        ...captions.map(({ model, words, error, minimum_ms, median_ms }) =>
            error ? failure(model, error) : row(`${model}, ${words} words`, ms(minimum_ms, 2), ms(median_ms, 2)),
        ),
    ];
}

function batchLines(results, ratios) {
    const some = results.filter(({ batch }) => batch);
    if (some.length === 0) return [];
    return [
        '',
        `Batches of ${some[0].batch.posts}, ${runsOf(some.map(({ batch }) => batch))} runs each, in turns; milliseconds a post`,
        row('', 'minimum, ms', 'median, ms'),
        ...some.map(batchLine),
        ...ratios.filter(({ batch }) => batch).map(({ name, batch }) => ratioLine({ name, ...batch })),
    ];
}

function batchLine({ name, batch: { posts, error, minimum_ms, median_ms } }) {
    if (error) return failure(name, error);
    return row(name, ms(minimum_ms / posts, 2), ms(median_ms / posts, 2));
}

function callLines(calls) {
    const some = calls.filter(({ counts }) => counts);
    if (calls.length === 0) return [];
    const table = ([run, title]) => [
        '',
        row(title, ...some.map(({ name }) => shortened(name))),
        ...Object.entries(COUNTS).map(([count, label]) =>
            row(label, ...some.map(({ counts }) => String(counts[run][count]))),
        ),
    ];
    return [
        '',
        'Calls of WebGPU',
        ...calls.flatMap(({ name, error }) => (error ? [failure(name, error)] : [])),
        ...(some.length ? Object.entries(RUNS).flatMap(table) : []),
    ];
}

/** So that it fits into a column. */
const shortened = (name) => name.replace('onnxruntime-web', 'onnxruntime').replace('tensorflow-js', 'tensorflow');

function passLines(calls) {
    const some = calls.filter(({ passes }) => passes);
    if (calls.some(({ passes }) => passes === null))
        return ['', 'Compute passes: not timed, because the adapter has no timestamp queries'];
    if (some.length === 0) return [];
    return [
        '',
        'Compute passes on the device, ms: added up, and from the first to the end of the last',
        row('one post', 'minimum', 'median', 'minimum', 'median'),
        ...some.map(({ name, passes }) => passLine(name, passes)),
        row('batch of 8', 'minimum', 'median', 'minimum', 'median'),
        ...some.map(({ name, batch_passes }) => passLine(name, batch_passes)),
        ...(some.some(({ passes }) => passes.rounded)
            ? ['The browser rounds these times to 0.07 or 0.1 ms a pass.']
            : []),
    ];
}

function passLine(name, { error, all, span }) {
    if (error) return failure(name, error);
    const times = [all.minimum_ms, all.median_ms, span.minimum_ms, span.median_ms];
    return row(name, ...times.map((time_ms) => ms(time_ms, 2)));
}

function startLines(starts, ratios) {
    if (starts.length === 0) return [];
    return [
        '',
        `From nothing to the first result, files in the HTTP cache, ${runsOf(starts)} starts each, in turns`,
        row('', 'minimum, ms', 'median, ms'),
        ...starts.map(({ name, error, minimum_ms, median_ms }) =>
            error ? failure(name, error) : row(name, ms(minimum_ms, 0), ms(median_ms, 0)),
        ),
        ...ratios.map(ratioLine),
    ];
}

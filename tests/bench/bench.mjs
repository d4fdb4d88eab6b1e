// Measures a whole post in emofuse beside the bare image network in onnxruntime-web, TensorFlow.js and LiteRT.js: the
// same weights, on one thread of the CPU each or on WebGPU, in one page of one Chromium, in turns. README.md in this
// folder says what is measured.
//
//     ./build.sh bench [--json] [--backend webgpu] [--runs 60] [--batches 20] [--starts 9] [--systems emofuse,…]
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { chromiumOptions } from '../support/chromium.mjs';
import { reportLines } from './browser/report.js';
import { systemsOn } from './browser/systems.js';
import { serve } from './serve.mjs';

const { values: options } = parseArgs({
    options: {
        networks: { type: 'string' },
        json: { type: 'boolean', default: false },
        backend: { type: 'string', default: 'cpu' },
        runs: { type: 'string', default: '60' },
        batches: { type: 'string', default: '20' },
        starts: { type: 'string', default: '9' },
        systems: { type: 'string' },
    },
});

/** Chromium rounds timestamps to 0.07 ms unless told otherwise, and a pass may take less. */
const EXACT_TIMESTAMPS = '--disable-dawn-features=timestamp_quantization';

/** One line of a terminal, which the next step replaces. */
function showStep(step) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${step}`);
}

/** The systems to measure. */
function systems() {
    const known = systemsOn(options.backend);
    const names = options.systems?.split(',') ?? known;
    const unknown = names.find((name) => !known.includes(name));
    if (unknown) throw new Error(`there is no '${unknown}' on ${options.backend}; there are ${known.join(', ')}`);
    return names;
}

async function measure(address) {
    const { backend } = options;
    const { args, ...launch } = chromiumOptions(backend);
    const browser = await chromium.launch({
        ...launch,
        args: backend === 'webgpu' ? [...args, EXACT_TIMESTAMPS] : args,
    });
    try {
        const page = await browser.newPage();
        await page.exposeFunction('showStep', showStep);
        await page.goto(address);
        const details = {
            backend,
            names: systems(),
            runs: Number(options.runs),
            batches: Number(options.batches),
            passRuns: Number(options.batches),
            rounds: Number(options.starts),
        };
        const report = await page.evaluate(async (given) => {
            const { bench } = await import('/browser/bench.js');
            return bench({ ...given, onStep: globalThis.showStep });
        }, details);
        return { browser: `Chromium ${browser.version()}`, ...report };
    } finally {
        await browser.close();
    }
}

const server = await serve(options.networks);
try {
    const report = await measure(`http://localhost:${server.address().port}/`);
    showStep('');
    if (options.json) console.log(JSON.stringify(report, null, 2));
    else console.log([report.browser, ...reportLines(report)].join('\n'));
    const failed = ({ error, batch }) => error ?? batch?.error;
    if ([...report.results, ...report.captions, ...report.calls, ...report.starts].some(failed)) process.exitCode = 1;
} finally {
    server.close();
    server.closeAllConnections();
}

// The benchmark as a page for any device: choose, start, copy the result.
import '/pkg/src/trusted-types.js';
import manifest from '/pkg/src/manifest.js';
import { adapterDetails } from '/browser/adapter.js';
import { bench } from '/browser/bench.js';
import { reportLines } from '/browser/report.js';
import { installedOn } from '/browser/systems.js';
import { adapterLine, deviceLines } from '/device.js';

/** Of every so many runs of single posts, how many are made of batches and of timed passes. */
const SINGLE_PER_BATCH = 4;
const STARTS = 3;

const element = (id) => document.getElementById(id);
const form = element('form');
const status = element('status');

/** The systems that are there, on either back end. */
let installed;

async function prepare() {
    const runs = new URLSearchParams(location.search).get('runs');
    if (runs) form.elements.namedItem('runs').value = runs;
    const adapter = await adapterDetails().catch(() => null);
    const webgpu = form.querySelector('[value="webgpu"]');
    webgpu.disabled = !adapter;
    webgpu.checked = Boolean(adapter && !adapter.isSoftware);
    element('adapter').textContent = describe(adapter);
    installed = { cpu: await installedOn('cpu'), webgpu: await installedOn('webgpu') };
    element('systems').replaceChildren(...installed.cpu.map(choice));
    element('start').disabled = false;
}

function describe(adapter) {
    if (!isSecureContext) return 'Browsers offer WebGPU on localhost and over HTTPS only.';
    if (!adapter) return 'This browser offers no graphics adapter.';
    const note = 'It is software: slow, and its times say nothing about a graphics card.';
    return `Adapter: ${adapter.name}. ${adapter.isSoftware ? note : ''}`;
}

/** A system's checkbox. */
function choice(name) {
    const input = Object.assign(document.createElement('input'), {
        type: 'checkbox',
        name: 'system',
        value: name,
        checked: true,
    });
    const label = document.createElement('label');
    label.append(input, name);
    return label;
}

/** @param {FormData} chosen */
async function run(chosen) {
    const runs = Number(chosen.get('runs'));
    const names = chosen.getAll('system');
    const some = Math.max(1, Math.ceil(runs / SINGLE_PER_BATCH));
    const blocks = [
        [
            `emofuse benchmark, package ${manifest.stamp.slice(0, 8)}, ${new Date().toISOString()}`,
            ...(await deviceLines()),
            adapterLine(await adapterDetails().catch(() => null)),
        ],
    ];
    for (const backend of chosen.getAll('backend')) {
        const title = backend === 'cpu' ? 'CPU' : 'WebGPU';
        status.textContent = `Measuring on the ${title} …`;
        const report = await bench({
            backend,
            names: installed[backend].filter((name) => names.includes(name)),
            runs,
            batches: some,
            passRuns: some,
            rounds: STARTS,
            onStep: (step) => (element('step').textContent = `${title}: ${step}`),
        }).then(reportLines, (error) => [`${title} failed: ${error.message}`]);
        blocks.push(report);
    }
    return blocks.map((lines) => lines.join('\n')).join('\n\n');
}

/** Keeps the screen on, where the browser can. */
const keptAwake = () => navigator.wakeLock?.request('screen').catch(() => null);

form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const chosen = new FormData(form);
    if (!chosen.has('backend') || !chosen.has('system')) {
        status.textContent = 'Choose a back end and a system.';
        return;
    }
    element('start').disabled = true;
    element('running').hidden = false;
    element('finished').hidden = true;
    const lock = await keptAwake();
    try {
        element('result').textContent = await run(chosen);
        element('finished').hidden = false;
        element('copy').focus();
        status.textContent = 'Finished.';
    } catch (error) {
        status.textContent = `The benchmark failed: ${error.message}`;
    } finally {
        await lock?.release();
        element('running').hidden = true;
        element('start').disabled = false;
    }
});

element('copy').addEventListener('click', async () => {
    const result = element('result');
    try {
        await navigator.clipboard.writeText(result.textContent);
        status.textContent = 'Copied.';
    } catch {
        // Without HTTPS there is no clipboard: select the text instead.
        getSelection().selectAllChildren(result);
        status.textContent = 'Selected. Copy it with your browser’s menu.';
    }
});

prepare().catch((error) => {
    status.textContent = `The page could not be prepared: ${error.message}`;
});

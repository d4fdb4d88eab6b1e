// `./build.sh soak`: what takes long or breaks things, each part with its promise; exits with 1 if one does not hold.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chart } from './chart.mjs';
import { cli } from './parts/cli.mjs';
import { device } from './parts/device.mjs';
import { disk } from './parts/disk.mjs';
import { images } from './parts/images.mjs';
import { kills } from './parts/kills.mjs';
import { posts } from './parts/posts.mjs';

/**
 * @typedef {object} Outcome
 * @property {string} line
 * @property {boolean} holds Whether the promise holds.
 * @property {string} [title]
 * @property {{ done: number, MB: number }[]} [curve] Of the memory.
 */

/** @type {Record<string, (say: (line: string) => void) => Promise<Outcome>>} */
const PARTS = { posts, images, kills, cli, disk, device };

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
    console.error(`soak: unknown part '${unknown.join("', '")}'; there are ${Object.keys(PARTS).join(', ')}`);
    process.exit(2);
}

const folder = fileURLToPath(new URL('../../dist/soak/', import.meta.url));
await mkdir(folder, { recursive: true });
let failed = 0;
for (const [name, part] of Object.entries(PARTS)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const started = performance.now();
    /** @type {Outcome} */
    let outcome;
    try {
        outcome = await part((line) => console.log(`  ${name}: ${line}`));
    } catch (error) {
        outcome = { line: error instanceof Error ? (error.stack ?? error.message) : String(error), holds: false };
    }
    const { line, holds, title, curve } = outcome;
    const seconds = Math.round((performance.now() - started) / 1000);
    if (!holds) failed += 1;
    console.log(`${holds ? 'holds' : 'FAILS'}  ${name}: ${line}; ${seconds} s`);
    await writeFile(`${folder}${name}.json`, `${JSON.stringify({ name, holds, line, seconds, curve }, null, 2)}\n`);
    if (curve) await writeFile(`${folder}${name}.svg`, chart(title ?? name, curve));
}
process.exit(failed > 0 ? 1 : 0);

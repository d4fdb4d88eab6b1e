// `emofuse label` is killed twenty times and continued each time: the file is that of a run that nobody disturbed.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as later } from 'node:timers/promises';

const KILLS = Number(process.env['SOAK_KILLS'] ?? 20);
const POSTS = 20_000;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = join(process.env['CARGO_TARGET_DIR'] ?? join(root, 'target'), 'release/emofuse');
const model = join(root, 'pkg/model/emofuse-default.emofuse');

/** @param {string[]} args */
const start = (args) => spawn(program, ['label', ...args, '--model', model], { stdio: ['ignore', 'ignore', 'pipe'] });

/**
 * @param {ReturnType<typeof start>} run
 * @returns {Promise<{ code: number | null, message: string }>}
 */
const ended = (run) =>
    new Promise((resolve, reject) => {
        let message = '';
        run.stderr.on('data', (text) => (message = String(text)));
        run.on('error', reject);
        run.on('close', (code) => resolve({ code, message }));
    });

/** @param {string} folder Where a run writes, after an interruption into another file. */
async function bytesIn(folder) {
    const names = await readdir(folder);
    const sizes = names.map(async (name) => (await stat(join(folder, name)).catch(() => null))?.size ?? 0);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** @param {(line: string) => void} say */
export async function cli(say) {
    const folder = await mkdtemp(join(tmpdir(), 'emofuse-soak-'));
    try {
        const table = join(folder, 'posts.csv');
        const lines = Array.from({ length: POSTS }, (_, index) => `${index},"What a day it was, number ${index}!"`);
        await writeFile(table, `id,text\n${lines.join('\n')}\n`);
        const whole = join(folder, 'whole.csv');
        const { code, message } = await ended(start([table, '--out', whole]));
        if (code !== 0) throw new Error(`the run that nobody disturbed ended with ${code}: ${message}`);
        const least = (await stat(whole)).size / (KILLS + 4);

        const written = join(folder, 'written');
        await mkdir(written);
        const out = join(written, 'labels.csv');
        let killed = 0;
        for (let kill = 0; kill < KILLS; kill++) {
            const before = await bytesIn(written);
            const run = start([table, '--out', out, ...(kill > 0 ? ['--resume'] : [])]);
            const end = ended(run);
            let isOver = false;
            void end.then(() => (isOver = true));
            while (!isOver && (await bytesIn(written)) < before + least) await later(1);
            if (run.kill('SIGKILL')) killed += 1;
            await end;
            if (kill % 5 === 4) say(`killed ${kill + 1} times, ${await bytesIn(written)} bytes are written`);
        }
        const last = await ended(start([table, '--out', out, '--resume']));
        const [expected, found] = (await Promise.all([whole, out].map((file) => readFile(file, 'utf8')))).map((text) =>
            text.split('\n').sort(),
        );
        const isSame = JSON.stringify(expected) === JSON.stringify(found);
        return {
            line: `label was killed ${killed} times over ${POSTS} posts and continued; its rows ${isSame ? 'are' : 'ARE NOT'} those of a run that nobody disturbed`,
            holds: isSame && last.code === 0 && killed === KILLS,
        };
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

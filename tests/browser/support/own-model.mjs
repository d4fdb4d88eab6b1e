// A model of one's own for the tests: trained by the real program from a small drawn set, with what the command line
// says of some posts.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeSet } from '../../own_model/make.mjs';

/** @typedef {import('../../../pkg/index.js').Scores} Scores */
/** @typedef {import('../../../pkg/index.js').Result} Result */
/**
 * @typedef {Pick<Result, 'emotion' | 'secondary' | 'scores' | 'image' | 'caption' | 'uncertain' | 'uncertain_because' |
 *     'model'>} Answer
 */
/** @typedef {{ name: string, image: Buffer | null, caption: string | null, expected: Answer }} Post */
/** @typedef {{ folder: string, file: string, model: Buffer, posts: Post[], remove: () => Promise<void> }} OwnModel */

/** Training itself takes seconds; the machine may have other things to do. */
export const TRAINING_MS = 300_000;
const TOLERANCE = 2e-3;
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const program = join(process.env['CARGO_TARGET_DIR'] ?? join(repository, 'target'), 'release/emofuse');

/** @param {string[]} parameters */
async function emofuse(...parameters) {
    const { stdout } = await promisify(execFile)(program, parameters, { maxBuffer: 1 << 26 });
    return stdout;
}

/** @returns {Promise<OwnModel>} */
export async function trainOwnModel() {
    await access(program).catch(() => {
        throw new Error(`${program} is missing; run cargo build --release --features cli,train`);
    });
    const folder = await mkdtemp(join(tmpdir(), 'emofuse-'));
    const unseen = (await makeSet(folder)).filter(({ split }) => split === 'test');
    const file = join(folder, 'holiday.emofuse');
    const recipe = join(repository, 'recipes/small.toml');
    await emofuse('train', '--data', folder, '--recipe', recipe, '--out', file, '--cache', join(folder, 'features'));

    /** @type {(name: string, image: string | null, caption: string | null) => Promise<Post>} */
    const classified = async (name, image, caption) => {
        const post = [
            ...(image === null ? [] : ['--image', image]),
            ...(caption === null ? [] : ['--caption', caption]),
        ];
        const expected = JSON.parse(await emofuse('classify', '--json', '--model', file, ...post));
        return { name, image: image === null ? null : await readFile(image), caption, expected };
    };
    const posts = [];
    for (const { image, caption } of unseen.slice(0, 4))
        posts.push(await classified(`${image} with its caption`, join(folder, image), caption));
    for (const { image } of unseen.slice(4, 6))
        posts.push(await classified(`${image} alone`, join(folder, image), null));
    for (const { caption } of unseen.slice(6, 8)) posts.push(await classified(`“${caption}” alone`, null, caption));
    // Features that no image of a small set has must not run away with one that is unlike them.
    const unlike = join(repository, 'tests/golden/posts/storm_and_fear/picture.png');
    posts.push(await classified('an image unlike any of the set', unlike, 'What a wonderful surprise!'));
    return {
        folder,
        file,
        model: await readFile(file),
        posts,
        remove: () => rm(folder, { recursive: true, force: true }),
    };
}

/**
 * Checks that scores are those of the command line.
 *
 * @param {Scores | null} found
 * @param {Scores | null} expected
 * @param {string} what
 */
export function compareScores(found, expected, what) {
    if (!found || !expected) return assert.equal(found, expected, what);
    for (const [emotion, score] of Object.entries(expected)) {
        const difference = Math.abs(found[/** @type {keyof Scores} */ (emotion)] - score);
        assert.ok(difference <= TOLERANCE, `${what}: ${emotion} is off by ${difference}`);
    }
}

/**
 * A file with a bit flipped in the middle.
 *
 * @param {Buffer} content
 */
export function flipped(content) {
    const changed = Buffer.from(content);
    const middle = changed.length >> 1;
    changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
    return changed;
}

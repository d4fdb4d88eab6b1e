// A model of one's own for the tests: trained by the real program from a small drawn set, with what the command line
// says of some posts.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

/** Labels of the models of {@link trainSystems}. */
export const OWN_LABELS = ['Ruhe', 'Sturm', '霧'];

/** The systems, with what each reads of a post. */
export const SYSTEMS = /** @type {const} */ ([
    { system: 'common_space', images: true, captions: true },
    { system: 'joint', images: true, captions: true },
    { system: 'early', images: true, captions: true },
    { system: 'late', images: true, captions: true },
    { system: 'image', images: true, captions: false },
    { system: 'caption', images: false, captions: true },
    { system: 'fasttext', images: false, captions: true },
]);

/** @typedef {(typeof SYSTEMS)[number]} System */
/** @typedef {System & { model: Buffer, posts: Post[] }} TrainedSystem */

/** @param {string[]} parameters */
async function emofuse(...parameters) {
    const { stdout } = await promisify(execFile)(program, parameters, { maxBuffer: 1 << 26 });
    return stdout;
}

const programExists = () =>
    access(program).catch(() => {
        throw new Error(`${program} is missing; run cargo build --release --features cli,train`);
    });

/**
 * Classifies a post on the command line.
 *
 * @param {string} model
 * @param {string} name
 * @param {string | null} image
 * @param {string | null} caption
 * @param {string[]} options
 * @returns {Promise<Post>}
 */
async function classified(model, name, image, caption, ...options) {
    const post = [...(image === null ? [] : ['--image', image]), ...(caption === null ? [] : ['--caption', caption])];
    const expected = JSON.parse(await emofuse('classify', '--json', '--model', model, ...post, ...options));
    return { name, image: image === null ? null : await readFile(image), caption, expected };
}

/**
 * Trains every system with three labels of one's own, and has the command line classify two posts with both sides, with
 * the image alone and with the caption alone, as far as the system reads them.
 *
 * @returns {Promise<TrainedSystem[]>}
 */
export async function trainSystems() {
    await programExists();
    const folder = await mkdtemp(join(tmpdir(), 'emofuse-'));
    try {
        const unseen = (await makeSet(folder, OWN_LABELS)).filter(({ split }) => split === 'test').slice(0, 2);
        const trained = [];
        for (const kind of SYSTEMS) {
            const file = join(folder, `${kind.system}.emofuse`);
            const recipe = join(repository, `tests/own_model/recipes/${kind.system}.toml`);
            const cache = join(folder, 'features');
            await emofuse('train', '--data', folder, '--recipe', recipe, '--out', file, '--cache', cache);
            const posts = [];
            for (const { image, caption } of unseen) {
                const path = join(folder, image);
                posts.push(await classified(file, `${kind.system}: both`, path, caption));
                if (kind.images) posts.push(await classified(file, `${kind.system}: image`, path, null));
                if (kind.captions) posts.push(await classified(file, `${kind.system}: caption`, null, caption));
            }
            trained.push({ ...kind, model: await readFile(file), posts });
        }
        return trained;
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/**
 * @typedef {{ name: string, scores: Scores, image: Scores | null, caption: Scores | null }} SystemAnswer
 * @typedef {Post & { systems: SystemAnswer[] }} ComparedPost
 */

/**
 * Trains a model with companions, and has the command line say what each of its systems says of a post with both sides,
 * with the image alone and with the caption alone.
 *
 * @returns {Promise<{ model: Buffer, posts: ComparedPost[] }>}
 */
export async function trainCompanions() {
    await programExists();
    const folder = await mkdtemp(join(tmpdir(), 'emofuse-'));
    try {
        const [post = assert.fail('no post')] = (await makeSet(folder, OWN_LABELS)).filter(
            ({ split }) => split === 'test',
        );
        const recipe = join(folder, 'companions.toml');
        const plain = await readFile(join(repository, 'tests/own_model/recipes/common_space.toml'), 'utf8');
        const companions = '[fusion]\ncompanions = ["joint", "early", "late", "image", "caption"]\n';
        await writeFile(recipe, plain.replace('[fusion]\n', companions));
        const file = join(folder, 'companions.emofuse');
        const cache = join(folder, 'features');
        await emofuse('train', '--data', folder, '--recipe', recipe, '--out', file, '--cache', cache);
        const path = join(folder, post.image);
        const posts = [];
        for (const [name, image, caption] of /** @type {[string, string | null, string | null][]} */ ([
            ['both', path, post.caption],
            ['image', path, null],
            ['caption', null, post.caption],
        ])) {
            const answer = await classified(file, name, image, caption, '--systems');
            posts.push(
                /** @type {ComparedPost} */ ({ ...answer, systems: /** @type {any} */ (answer.expected).systems }),
            );
        }
        return { model: await readFile(file), posts };
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/** @returns {Promise<OwnModel>} */
export async function trainOwnModel() {
    await programExists();
    const folder = await mkdtemp(join(tmpdir(), 'emofuse-'));
    const unseen = (await makeSet(folder)).filter(({ split }) => split === 'test');
    const file = join(folder, 'holiday.emofuse');
    const recipe = join(repository, 'recipes/small.toml');
    await emofuse('train', '--data', folder, '--recipe', recipe, '--out', file, '--cache', join(folder, 'features'));

    const posts = [];
    for (const { image, caption } of unseen.slice(0, 4))
        posts.push(await classified(file, `${image} with its caption`, join(folder, image), caption));
    for (const { image } of unseen.slice(4, 6))
        posts.push(await classified(file, `${image} alone`, join(folder, image), null));
    for (const { caption } of unseen.slice(6, 8))
        posts.push(await classified(file, `“${caption}” alone`, null, caption));
    // Features that no image of a small set has must not run away with one that is unlike them.
    const unlike = join(repository, 'tests/golden/posts/storm_and_fear/picture.png');
    posts.push(await classified(file, 'an image unlike any of the set', unlike, 'What a wonderful surprise!'));
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

// A table and a recipe from which `emofuse train` makes a model; docs/training.md describes both.

import { labelsInUse } from '../../shared/labels.js';
import { TimeSlice } from '../time-slice.js';
import { csvHeading, csvRow } from './csv.js';
import { writeParts } from './rows.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** The columns; each label is in its own words. */
const COLUMNS = ['image', 'caption', 'label', 'split'];

/**
 * The parts that the posts of a label take turns in, in an order that chance decides: five of seven are learnt from, one chooses,
 * one tests.
 */
const SPLITS = ['train', 'dev', 'train', 'train', 'test', 'train', 'train'];

/** @param {DeskPost} post Whether a model can be trained from it. */
export const isForTraining = ({ manualLabel, image, caption }) =>
    manualLabel !== null && (image !== null || caption !== null);

/**
 * The posts that the person has labelled, as CSV.
 *
 * @param {DeskPost[]} posts
 * @param {import('./rows.js').Context} _context
 * @param {import('./rows.js').ExportOptions} [options]
 * @returns {Promise<Blob>}
 */
export async function toTrainingTable(posts, _context, { onProgress, signal } = {}) {
    const slice = new TimeSlice(signal);
    const labelled = posts.filter(isForTraining);
    const splits = splitsOf(labelled);
    const write = (/** @type {DeskPost[]} */ some) =>
        some
            .map((post) =>
                csvRow([
                    post.image ?? '',
                    post.caption ?? '',
                    post.manualLabel?.emotion ?? '',
                    splits.get(contentOf(post)) ?? 'train',
                ]),
            )
            .join('');
    return writeParts('text/csv;charset=utf-8', labelled, write, { head: csvHeading(COLUMNS), slice, onProgress });
}

/**
 * Posts with the same image, or with the same caption and no image, come into one part.
 *
 * @param {DeskPost} post
 */
const contentOf = ({ imageSha256, image, caption }) => imageSha256 ?? image ?? `caption ${caption?.trim()}`;

/**
 * The same posts with the same labels are split in the same way.
 *
 * @param {readonly DeskPost[]} posts
 * @returns {Map<string, string>} By content.
 */
function splitsOf(posts) {
    /** @type {Map<string, Set<string>>} */
    const contents = new Map();
    const labels = new Map(posts.map((post) => [contentOf(post), post.manualLabel?.emotion ?? '']));
    for (const [content, label] of labels) contents.set(label, (contents.get(label) ?? new Set()).add(content));
    /** @type {Map<string, string>} */
    const splits = new Map();
    for (const ofLabel of contents.values()) {
        const inOrder = [...ofLabel].sort((a, b) => hash(a) - hash(b) || (a < b ? -1 : 1));
        for (const [place, content] of inOrder.entries()) splits.set(content, SPLITS[place % SPLITS.length] ?? 'train');
    }
    return splits;
}

/**
 * FNV-1a, 32 bits.
 *
 * @param {string} text
 */
function hash(text) {
    let value = 0x811c9dc5;
    for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
    return value >>> 0;
}

/**
 * The recipe for the table: the settings of recipes/small.toml, for a few hundred posts.
 *
 * @param {DeskPost[]} posts
 * @param {string} table The name of the table's file.
 * @param {string} id The model's name.
 * @returns {string} TOML.
 */
export function recipe(posts, table, id) {
    const { names, none } = labelsInUse();
    const labelled = posts.filter(isForTraining);
    const used = new Set(labelled.flatMap(({ manualLabel }) => manualLabel?.emotion ?? []));
    const hasNone = none !== null && used.has(none);
    // Only a list can say which label is that of posts to which no other applies.
    const inOrder = [...names.filter((name) => used.has(name)), ...[...used].filter((name) => !names.includes(name))];
    const labels = hasNone
        ? `{ names = [${inOrder.map(quoted).join(', ')}], none = ${quoted(none)} }`
        : quoted('from data');
    const captions = labelled.some(({ caption }) => caption !== null) ? quoted(table) : '';
    return `# Written by the labelling desk, for ${quoted(table)}. Put both into the folder of the images, then run there:
#     emofuse train --data ${quoted(table)} --recipe recipe.toml --out ${quoted(`${id}.emofuse`)}
id = ${quoted(id)}
seed = 7
labels = ${labels}

[data]
posts = [{ kind = "posts", path = ${quoted(table)} }]
captions = [${captions}]
post_label = "label"

[vocabulary]
words = 4000
max_tokens = 64

[caption]
kernels = [1, 3]
filters = 32
dropout = 0.3
batch = 16
epochs = 12
patience = 3
learning_rate = 2e-3
word_learning_rate = 1e-3
weight_decay = 1e-4
posts_repeat = 0

[fusion]
d_common = 16
image_share = 0.5
batch = 32
epochs = 30
patience = 6
refit = true
learning_rate = 4e-3
ridge = { image = 0.04, caption = 0.01 }
second_label = 0.25
class_weight_power = { caption = 0.4, image = 0.2 }
modality_weights = { both = 1.0, image = 0.5, caption = 0.2 }
auxiliary = { weight = 0.02, margin = 0.3 }
`;
}

/** @param {string} text As a string of TOML. */
const quoted = (text) => JSON.stringify(text);

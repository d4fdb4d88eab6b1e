// The file formats that the desk offers.

import { toCsv } from './csv.js';
import { toDoccano } from './doccano.js';
import { toJsonLines } from './jsonl.js';
import { toLabelStudio, toLabelStudioConfig } from './label-studio.js';
import { toManifest } from './manifest.js';
import { texts } from './texts.js';
import { recipe, toTrainingTable } from './training.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/**
 * A file that the desk writes.
 *
 * @typedef {object} OutputFile
 * @property {string} ending The end of the file's name.
 * @property {string} [name] The whole name, if it does not depend on the collection's.
 * @property {(posts: DeskPost[], context: import('./rows.js').Context, options?: import('./rows.js').ExportOptions) => Promise<Blob>} write
 */

/**
 * @typedef {OutputFile & { key: string, label: string, hint: string, companion?: OutputFile & { label: string } }} Format A companion is
 *     a second file that belongs to it.
 */

const TRAINING = '-train.csv';

/** @type {readonly Format[]} */
export const FORMATS = [
    {
        key: 'csv',
        ...texts.formats.csv,
        ending: '-labels.csv',
        write: toCsv,
    },
    {
        key: 'jsonl',
        ...texts.formats.jsonLines,
        ending: '-labels.jsonl',
        write: toJsonLines,
    },
    {
        key: 'label-studio',
        ...texts.formats.labelStudio,
        ending: '-label-studio.json',
        write: toLabelStudio,
        companion: {
            label: texts.saveConfiguration,
            ending: '-label-studio.xml',
            write: toLabelStudioConfig,
        },
    },
    {
        key: 'doccano',
        ...texts.formats.doccano,
        ending: '-doccano.jsonl',
        write: toDoccano,
    },
    {
        key: 'training',
        ...texts.formats.training,
        ending: TRAINING,
        write: toTrainingTable,
        companion: {
            label: texts.saveRecipe,
            ending: '.toml',
            name: 'recipe.toml',
            write: async (posts, { name }) => {
                const [table, id] = [fileName(name, { ending: TRAINING }), fileName(name, { ending: '-1' })];
                return new Blob([recipe(posts, table, id.replaceAll(' ', '-'))], { type: 'application/toml' });
            },
        },
    },
    {
        key: 'manifest',
        ...texts.formats.manifest,
        ending: '-run.json',
        write: toManifest,
    },
];

/**
 * @param {string} source The name of the collection.
 * @param {Pick<OutputFile, 'ending' | 'name'>} file
 */
export function fileName(source, { ending, name }) {
    if (name !== undefined) return name;
    const stem = source
        .replace(/\.[a-z]{1,6}$/i, '')
        .replace(/-labels$/, '')
        .replace(/[\p{Cc}\s\\/:*?"<>|]+/gu, ' ')
        .trim()
        .slice(0, 80);
    return `${stem || 'posts'}${ending}`;
}

// The formats that the desk writes, as a person chooses among them.

import { toCsv } from './csv.js';
import { toDoccano } from './doccano.js';
import { toJsonLines } from './jsonl.js';
import { toLabelStudio, toLabelStudioConfig } from './label-studio.js';
import { toManifest } from './manifest.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/**
 * @typedef {object} Format
 * @property {string} key
 * @property {string} label
 * @property {string} hint
 * @property {string} ending What the file's name ends in.
 * @property {(posts: DeskPost[], context: import('./rows.js').Context, options?: import('./rows.js').ExportOptions) => Promise<Blob>} write
 */

/** @type {readonly Format[]} */
export const FORMATS = [
    {
        key: 'csv',
        label: 'CSV',
        hint: 'For spreadsheets, R and pandas. The desk can open it again, with your labels.',
        ending: '-labels.csv',
        write: toCsv,
    },
    {
        key: 'jsonl',
        label: 'JSON Lines',
        hint: 'The same columns, an object a line. The desk can open it again, too.',
        ending: '-labels.jsonl',
        write: toJsonLines,
    },
    {
        key: 'label-studio',
        label: 'Label Studio',
        hint: 'Tasks with the model’s labels as predictions and yours as annotations.',
        ending: '-label-studio.json',
        write: toLabelStudio,
    },
    {
        key: 'doccano',
        label: 'doccano',
        hint: 'JSON Lines for text classification; captions only.',
        ending: '-doccano.jsonl',
        write: toDoccano,
    },
    {
        key: 'manifest',
        label: 'Run manifest',
        hint: 'What was run, to be kept beside the labels.',
        ending: '-run.json',
        write: toManifest,
    },
];

/** @type {Format} */
export const labelStudioConfig = {
    key: 'label-studio',
    label: 'Labelling configuration',
    hint: '',
    ending: '-label-studio.xml',
    write: (posts, _, options) => toLabelStudioConfig(posts, options),
};

/**
 * @param {string} source What the posts came from.
 * @param {Format} format
 */
export function fileName(source, { ending }) {
    const stem = source
        .replace(/\.[a-z]{1,6}$/i, '')
        .replace(/-labels$/, '')
        .replace(/[\p{Cc}\s\\/:*?"<>|]+/gu, ' ')
        .trim()
        .slice(0, 80);
    return `${stem || 'posts'}${ending}`;
}

// The file formats that the desk offers.

import { toCsv } from './csv.js';
import { toDoccano } from './doccano.js';
import { toJsonLines } from './jsonl.js';
import { toLabelStudio, toLabelStudioConfig } from './label-studio.js';
import { toManifest } from './manifest.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/**
 * A file that the desk writes.
 *
 * @typedef {object} OutputFile
 * @property {string} ending The end of the file's name.
 * @property {(posts: DeskPost[], context: import('./rows.js').Context, options?: import('./rows.js').ExportOptions) => Promise<Blob>} write
 */

/** @typedef {OutputFile & { key: string, label: string, hint: string }} Format */

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
    },
    {
        key: 'doccano',
        ...texts.formats.doccano,
        ending: '-doccano.jsonl',
        write: toDoccano,
    },
    {
        key: 'manifest',
        ...texts.formats.manifest,
        ending: '-run.json',
        write: toManifest,
    },
];

/** @type {OutputFile} */
export const labelStudioConfig = {
    ending: '-label-studio.xml',
    write: (posts, _, options) => toLabelStudioConfig(posts, options),
};

/**
 * @param {string} source The name of the collection.
 * @param {OutputFile} file
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

// What can be given to the desk, in words.

import { element, svgElement } from '../../shared/dom.js';
import { isTable } from './listing.js';
import { grouped } from '../words.js';

/** @typedef {import('./listing.js').Listing} Listing */

/**
 * The tables that may be meant.
 *
 * @param {Listing} listing
 * @param {number} images How many images there are.
 */
export function tablesIn({ files }, images) {
    const tables = files.filter(({ path }) => isTable(path));
    // Beside an image it is that one's caption, by itself it is a table.
    return tables.length === 0 && images === 0 ? files.filter(({ path }) => /\.json$/i.test(path)) : tables;
}

/**
 * Why nothing can be done with it, and what to do.
 *
 * @param {Listing} listing
 */
export function nothingIn({ name, files, problems }) {
    const [problem] = problems;
    const isSheet = files.some(({ path }) => /\.(?:xlsx?|ods|numbers)$/i.test(path));
    const what = isSheet
        ? 'Save the spreadsheet as “CSV UTF-8”, and give that.'
        : 'Give images (JPEG, PNG, WebP, GIF, BMP, AVIF), or a table (CSV, TSV, JSON Lines).';
    if (problem && files.length === 0) return `${problem.where}: ${problem.reason}`;
    if (files.length === 0) return `There are no files in ${name ? `“${name}”` : 'it'}. ${what}`;
    return `Among ${files.length === 1 ? 'it' : `the ${grouped(files.length)} files of “${name}”`} is neither an image nor a table. ${what}`;
}

/** A folder with an image. */
export function icon() {
    return svgElement(
        'svg',
        { viewBox: '0 0 48 40', class: 'image-icon', 'aria-hidden': 'true' },
        svgElement('path', { d: 'M3 35V6h14l5 6h23v23Z' }),
        svgElement('circle', { cx: 17, cy: 21, r: 3 }),
        svgElement('path', { d: 'm7 35 12-9 6 5 7-8 12 12' }),
    );
}

/** What each of the buttons is for. */
export function kinds() {
    const item = (/** @type {string} */ name, /** @type {string} */ text) => [
        element('dt', {}, name),
        element('dd', {}, text),
    ];
    return element(
        'dl',
        { class: 'source-kinds' },
        ...item(
            'A folder',
            'All its images, in folders below it too. Captions come from text files of the same name, or from the images’ own descriptions.',
        ),
        ...item('Files', 'Images, with their text files if there are any.'),
        ...item(
            'A table',
            'CSV, TSV or JSON Lines with a row for each post: its caption, its image’s name, or both. A table that was saved here restores your labels.',
        ),
    );
}

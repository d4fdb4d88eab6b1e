// What can be opened on the desk, in words.

import { element, svgElement } from '../../shared/dom.js';
import { isTable } from './listing.js';
import { texts } from './texts.js';

/** @typedef {import('./listing.js').Listing} Listing */

/**
 * Returns the tables that the person may mean.
 *
 * @param {Listing} listing
 * @param {number} images How many images there are.
 */
export function tablesIn({ files }, images) {
    const tables = files.filter(({ path }) => isTable(path));
    // A JSON file beside an image is its caption; on its own it is a table.
    return tables.length === 0 && images === 0 ? files.filter(({ path }) => /\.json$/i.test(path)) : tables;
}

/**
 * Explains why a listing cannot be used, and what to do.
 *
 * @param {Listing} listing
 */
export function nothingIn({ name, files, problems }) {
    const [problem] = problems;
    const isSheet = files.some(({ path }) => /\.(?:xlsx?|ods|numbers)$/i.test(path));
    if (problem && files.length === 0) return `${problem.where}: ${problem.reason}`;
    if (files.length === 0) return texts.source.noFiles(name, isSheet);
    return texts.source.nothing(name, files.length, isSheet);
}

/** An icon of a folder with an image. */
export function icon() {
    return svgElement(
        'svg',
        { viewBox: '0 0 48 40', class: 'image-icon', 'aria-hidden': 'true' },
        svgElement('path', { d: 'M3 35V6h14l5 6h23v23Z' }),
        svgElement('circle', { cx: 17, cy: 21, r: 3 }),
        svgElement('path', { d: 'm7 35 12-9 6 5 7-8 12 12' }),
    );
}

/** Explains the buttons. */
export function kinds() {
    const items = texts.source.kinds.flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, text)]);
    return element('dl', { class: 'source-kinds' }, ...items);
}

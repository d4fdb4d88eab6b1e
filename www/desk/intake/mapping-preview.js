// The first rows of a table as posts.

import { element } from '../../shared/dom.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

const { roles, preview: words } = texts.mapping;

/** A table in a box that scrolls sideways on a phone. */
export class MappingPreview {
    #head = element('tr');
    #body = element('tbody');
    container = element(
        'div',
        { class: 'mapping-preview', role: 'region', tabindex: 0, 'aria-label': words.region },
        element('table', {}, element('caption', {}, words.caption), element('thead', {}, this.#head), this.#body),
    );

    /**
     * @param {DeskPost[]} posts
     * @param {boolean[]} found Whether each one's image is there.
     * @param {{ hasCaption: boolean, hasImage: boolean, hasManualLabel: boolean }} columns
     */
    show(posts, found, { hasCaption, hasImage, hasManualLabel }) {
        const names = [
            roles.id,
            ...(hasCaption ? [roles.caption] : []),
            ...(hasImage ? [roles.image] : []),
            ...(hasManualLabel ? [roles.manualLabel] : []),
        ];
        this.#head.replaceChildren(...names.map((name) => element('th', { scope: 'col' }, name)));
        this.#body.replaceChildren(
            ...posts.map((post, index) =>
                element(
                    'tr',
                    {},
                    element('th', { scope: 'row' }, post.id),
                    ...(hasCaption ? [captionCell(post)] : []),
                    ...(hasImage ? [imageCell(post, found[index] ?? false)] : []),
                    ...(hasManualLabel ? [element('td', {}, post.manualLabel?.emotion ?? '–')] : []),
                ),
            ),
        );
    }
}

/** @param {DeskPost} post */
function captionCell({ caption }) {
    if (caption === null) return element('td', { class: 'absent' }, words.noCaption);
    return element('td', {}, element('span', { class: 'mapping-caption', title: caption }, caption));
}

/**
 * @param {DeskPost} post
 * @param {boolean} isFound
 */
function imageCell({ image }, isFound) {
    if (image === null) return element('td', { class: 'absent' }, words.noImage);
    return element(
        'td',
        {},
        element('span', { class: 'mapping-name' }, image),
        ' ',
        element('span', { class: isFound ? 'found' : 'not-found' }, isFound ? words.found : words.notFound),
    );
}

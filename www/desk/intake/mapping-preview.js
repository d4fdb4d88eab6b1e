// The first rows of a table as posts.

import { element } from '../../shared/dom.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** A table in a box that scrolls sideways on a phone. */
export class MappingPreview {
    #head = element('tr');
    #body = element('tbody');
    container = element(
        'div',
        { class: 'mapping-preview', role: 'region', tabindex: 0, 'aria-label': 'The first posts' },
        element(
            'table',
            {},
            element('caption', {}, 'The first posts, as they would be on the desk'),
            element('thead', {}, this.#head),
            this.#body,
        ),
    );

    /**
     * @param {DeskPost[]} posts
     * @param {boolean[]} found Whether each one's image is there.
     * @param {{ hasCaption: boolean, hasImage: boolean, hasManualLabel: boolean }} columns
     */
    show(posts, found, { hasCaption, hasImage, hasManualLabel }) {
        const names = [
            'Id',
            ...(hasCaption ? ['Caption'] : []),
            ...(hasImage ? ['Image'] : []),
            ...(hasManualLabel ? ['Your label'] : []),
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
    if (caption === null) return element('td', { class: 'absent' }, 'no caption');
    return element('td', {}, element('span', { class: 'mapping-caption', title: caption }, caption));
}

/**
 * @param {DeskPost} post
 * @param {boolean} isFound
 */
function imageCell({ image }, isFound) {
    if (image === null) return element('td', { class: 'absent' }, 'no image');
    return element(
        'td',
        {},
        element('span', { class: 'mapping-name' }, image),
        ' ',
        element('span', { class: isFound ? 'found' : 'not-found' }, isFound ? 'found' : 'not found'),
    );
}

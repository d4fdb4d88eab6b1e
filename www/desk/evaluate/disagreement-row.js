// A post that the person and the model label differently, as a row of a list.

import { element } from '../../shared/dom.js';
import { tint } from '../../shared/labels.js';
import { percent } from '../../shared/words.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/**
 * @param {import('../collection.js').Collection} collection
 * @param {import('../browse/thumbnails.js').Thumbnails} thumbnails
 * @returns {import('../browse/virtual-list.js').Item<DeskPost>}
 */
export function createDisagreementRow(collection, thumbnails) {
    const canvas = element('canvas', { class: 'thumbnail', 'aria-hidden': 'true' });
    const caption = element('span', { class: 'post-caption', lang: 'en' });
    const yours = element('span', { class: 'said' });
    const models = element('span', { class: 'said' });
    const score = element('span', { class: 'number' });
    const swatch = () => element('span', { class: 'swatch', 'aria-hidden': 'true' });
    const container = element(
        'div',
        { class: 'disagreement-row', role: 'option' },
        element('span', { class: 'thumbnail-frame' }, canvas),
        caption,
        element('span', { class: 'both-said' }, yours, models),
        score,
    );
    return {
        container,
        show(post) {
            thumbnails.draw(canvas, post);
            const predicted = collection.predictedLabel(post);
            caption.textContent = post.caption ?? post.id;
            caption.title = post.id;
            for (const [line, emotion, words] of /** @type {const} */ ([
                [yours, post.tableLabel, texts.yours],
                [models, predicted?.emotion, texts.models],
            ])) {
                tint(line, emotion).replaceChildren(swatch(), element('span', {}, words(emotion ?? '')));
            }
            score.textContent = predicted ? percent(predicted.confidence) : '';
        },
    };
}

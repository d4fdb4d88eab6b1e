// How a post looks in the list: as a row of a table, and as a tile.

import { element } from '../../shared/dom.js';
import { capitalised, doubts, percent } from '../../shared/words.js';
import { strongestOf } from '../labelling/prediction.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./thumbnails.js').Thumbnails} Thumbnails */
/** @typedef {import('./virtual-list.js').Item<DeskPost>} PostItem */

const HEADS = ['Post', 'Caption', 'Emotion', 'Score', 'Picture says', 'Caption says', 'Agreement'];

/** The headings of the rows. */
export const rowHead = () =>
    element(
        'div',
        { class: 'post-row list-head', role: 'row', 'aria-rowindex': 1 },
        ...HEADS.map((head) => element('span', { role: 'columnheader' }, head)),
    );

/**
 * @param {Collection} collection
 * @param {Thumbnails} thumbnails
 * @returns {PostItem}
 */
export function createRow(collection, thumbnails) {
    const canvas = element('canvas', { class: 'thumbnail', 'aria-hidden': 'true' });
    const name = element('span', { class: 'post-name' });
    const caption = element('span', { role: 'gridcell', class: 'post-caption', lang: 'en' });
    const label = new Label();
    const score = element('span', { role: 'gridcell', class: 'number' });
    const pictured = element('span', { role: 'gridcell' });
    const written = element('span', { role: 'gridcell' });
    const agreement = element('span', { role: 'gridcell', class: 'number' });
    const container = element(
        'div',
        { class: 'post-row', role: 'row' },
        element(
            'span',
            { role: 'gridcell', class: 'post-who' },
            element('span', { class: 'thumbnail-frame' }, canvas),
            name,
        ),
        caption,
        element('span', { role: 'gridcell', class: 'post-label' }, label.container),
        score,
        pictured,
        written,
        agreement,
    );
    return {
        container,
        show(post) {
            thumbnails.draw(canvas, post);
            name.textContent = fileName(post.id);
            name.title = post.id;
            caption.textContent = post.error ?? post.caption ?? '';
            caption.title = caption.textContent;
            container.dataset.state = post.state;
            container.classList.toggle('has-error', post.error !== null);
            const reading = label.show(post, collection);
            const { judgement } = post;
            score.textContent = reading ? percent(reading.confidence) : '';
            pictured.textContent = judgement?.image ? strongestOf(judgement.image)[0] : '';
            written.textContent = judgement?.caption ? strongestOf(judgement.caption)[0] : '';
            agreement.textContent = judgement && judgement.agreement !== null ? percent(judgement.agreement) : '';
        },
    };
}

/**
 * @param {Collection} collection
 * @param {Thumbnails} thumbnails
 * @returns {PostItem}
 */
export function createTile(collection, thumbnails) {
    const canvas = element('canvas', { class: 'thumbnail', 'aria-hidden': 'true' });
    const words = element('span', { class: 'tile-words', lang: 'en' });
    const frame = element('span', { class: 'thumbnail-frame' }, canvas, words);
    const label = new Label();
    const score = element('span', { class: 'number' });
    const name = element('span', { class: 'post-name' });
    const container = element(
        'div',
        { class: 'tile', role: 'option' },
        element(
            'div',
            { class: 'tile-body' },
            frame,
            element('span', { class: 'tile-label' }, label.container, score),
            name,
        ),
    );
    return {
        container,
        show(post) {
            thumbnails.draw(canvas, post);
            const reading = label.show(post, collection);
            score.textContent = reading ? percent(reading.confidence) : '';
            name.textContent = post.error ?? post.caption ?? post.id;
            name.title = `${post.id}${post.caption ? `: ${post.caption}` : ''}`;
            words.textContent = post.image === null ? post.caption : '';
            container.dataset.state = post.state;
            container.classList.toggle('has-error', post.error !== null);
        },
    };
}

/** @param {string} path */
const fileName = (path) => path.slice(path.lastIndexOf('/') + 1) || path;

/**
 * @param {DeskPost} post
 * @param {import('../types.js').Reading | null} reading
 */
function markOf({ hand }, reading) {
    if (hand) return reading && reading.emotion !== hand.emotion ? `by hand, not ${reading.emotion}` : 'by hand';
    if (reading?.uncertain) return 'not sure';
    return reading?.secondary ? `perhaps ${reading.secondary}` : '';
}

/** The label of a post: by hand or by machine, sure or not. */
class Label {
    #swatch = element('span', { class: 'swatch', 'aria-hidden': 'true' });
    #text = element('span');
    #mark = element('span', { class: 'mark' });
    container = element('span', { class: 'label' }, this.#swatch, this.#text, this.#mark);

    /**
     * @param {DeskPost} post
     * @param {Collection} collection
     */
    show(post, collection) {
        const reading = collection.read(post);
        const emotion = post.hand?.emotion ?? reading?.emotion;
        const unsure = !post.hand && reading?.uncertain ? reading : null;
        this.container.className = `label${emotion ? ` emotion-${emotion}` : ''}${unsure ? ' unsure' : ''}`;
        this.#swatch.hidden = !emotion;
        this.#text.textContent = emotion ? capitalised(emotion) : post.state === 'failed' ? 'Not read' : 'Waiting';
        this.#mark.textContent = markOf(post, reading);
        this.#mark.title = unsure ? doubts(unsure.uncertain_because) : '';
        return reading;
    }
}

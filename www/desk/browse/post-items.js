// How a post looks in the list: as a row of a table, and as a tile.

import { element } from '../../shared/dom.js';
import { capitalised, doubts, percent } from '../../shared/words.js';
import { strongestOf } from '../labelling/prediction.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./thumbnails.js').Thumbnails} Thumbnails */
/** @typedef {import('./virtual-list.js').Item<DeskPost>} PostItem */

const HEADS = ['Post', 'Caption', 'Emotion', 'Score', 'Image says', 'Caption says', 'Agreement'];

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
    const imageEmotion = element('span', { role: 'gridcell' });
    const captionEmotion = element('span', { role: 'gridcell' });
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
        imageEmotion,
        captionEmotion,
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
            const predicted = label.show(post, collection);
            const { prediction } = post;
            score.textContent = predicted ? percent(predicted.confidence) : '';
            imageEmotion.textContent = prediction?.image ? strongestOf(prediction.image)[0] : '';
            captionEmotion.textContent = prediction?.caption ? strongestOf(prediction.caption)[0] : '';
            agreement.textContent = prediction && prediction.agreement !== null ? percent(prediction.agreement) : '';
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
            const predicted = label.show(post, collection);
            score.textContent = predicted ? percent(predicted.confidence) : '';
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
 * @param {import('../types.js').PredictedLabel | null} predicted
 */
function markOf({ manualLabel }, predicted) {
    if (manualLabel)
        return predicted && predicted.emotion !== manualLabel.emotion
            ? `labelled by you, not ${predicted.emotion}`
            : 'labelled by you';
    if (predicted?.uncertain) return 'not sure';
    return predicted?.secondary ? `perhaps ${predicted.secondary}` : '';
}

/** The label of a post: the manual one or the model's, sure or not. */
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
        const predicted = collection.predictedLabel(post);
        const emotion = post.manualLabel?.emotion ?? predicted?.emotion;
        const unsure = !post.manualLabel && predicted?.uncertain ? predicted : null;
        this.container.className = `label${emotion ? ` emotion-${emotion}` : ''}${unsure ? ' unsure' : ''}`;
        this.#swatch.hidden = !emotion;
        this.#text.textContent = emotion ? capitalised(emotion) : post.state === 'failed' ? 'Not analysed' : 'Waiting';
        this.#mark.textContent = markOf(post, predicted);
        this.#mark.title = unsure ? doubts(unsure.uncertain_because) : '';
        return predicted;
    }
}

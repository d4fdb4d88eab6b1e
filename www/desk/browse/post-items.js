// A post in the list: as a table row or as a tile.

import { element } from '../../shared/dom.js';
import { tint } from '../../shared/labels.js';
import { capitalised, doubts, percent } from '../../shared/words.js';
import { strongestOf } from '../labelling/prediction.js';
import { gradeOfPost } from './filter.js';
import { texts } from './texts.js';

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('../types.js').DeskPost} DeskPost */
/** @typedef {import('./thumbnails.js').Thumbnails} Thumbnails */
/** @typedef {import('./virtual-list.js').Item<DeskPost>} PostItem */

/** As in browse.css: there is no room for the name. */
const NARROW = matchMedia('(max-width: 40rem)');

/** Post, caption and label; the others are the model's. */
const HEADS_WITHOUT_MODEL = 3;

/** The headings of the rows. */
export const rowHead = () =>
    element(
        'div',
        { class: 'post-row list-head', role: 'row', 'aria-rowindex': 1 },
        ...texts.list.heads.map((head, place) =>
            element('span', { role: 'columnheader', class: place < HEADS_WITHOUT_MODEL ? null : 'needs-model' }, head),
        ),
    );

/**
 * The place where a click selects the post. The row itself reports this to screen readers, and there is a key for it.
 */
const pick = () => element('span', { class: 'pick', 'aria-hidden': 'true', title: texts.list.select });

/**
 * @param {Collection} collection
 * @param {Thumbnails} thumbnails
 * @param {(post: DeskPost) => string} [groupOf] Describes the other posts that a row stands for; empty if there are
 *     none.
 * @returns {PostItem}
 */
export function createRow(collection, thumbnails, groupOf = () => '') {
    const canvas = element('canvas', { class: 'thumbnail', 'aria-hidden': 'true' });
    const name = element('span', { class: 'post-name' });
    const group = element('span', { class: 'post-group' });
    const caption = element('span', { role: 'gridcell', class: 'post-caption', lang: 'en' });
    const label = new Label();
    const score = element('span', { role: 'gridcell', class: 'number needs-model' });
    const imageEmotion = element('span', { role: 'gridcell', class: 'needs-model' });
    const captionEmotion = element('span', { role: 'gridcell', class: 'needs-model' });
    const disagreement = element('span', { role: 'gridcell' });
    const container = element(
        'div',
        { class: 'post-row', role: 'row' },
        element(
            'span',
            { role: 'gridcell', class: 'post-who' },
            pick(),
            element('span', { class: 'thumbnail-frame' }, canvas),
            element('span', { class: 'post-names' }, name, group),
        ),
        caption,
        element('span', { role: 'gridcell', class: 'post-label' }, label.container),
        score,
        imageEmotion,
        captionEmotion,
        disagreement,
    );
    return {
        container,
        show(post) {
            thumbnails.draw(canvas, post);
            name.textContent = fileName(post.id);
            name.title = post.id;
            group.textContent = groupOf(post);
            caption.textContent = post.error ?? post.caption ?? (NARROW.matches ? post.id : '');
            caption.title = caption.textContent;
            container.dataset.state = post.state;
            container.classList.toggle('has-error', post.error !== null);
            const predicted = label.show(post, collection);
            const { prediction } = post;
            score.textContent = predicted ? percent(predicted.confidence) : '';
            imageEmotion.textContent = prediction?.image ? strongestOf(prediction.image)[0] : '';
            captionEmotion.textContent = prediction?.caption ? strongestOf(prediction.caption)[0] : '';
            const grade = gradeOfPost(post);
            disagreement.textContent = grade === null ? '' : texts.grades[grade];
            disagreement.className = `needs-model grade-${grade}`;
        },
    };
}

/**
 * @param {Collection} collection
 * @param {Thumbnails} thumbnails
 * @param {(post: DeskPost) => string} [groupOf] See `createRow`.
 * @returns {PostItem}
 */
export function createTile(collection, thumbnails, groupOf = () => '') {
    const canvas = element('canvas', { class: 'thumbnail', 'aria-hidden': 'true' });
    const words = element('span', { class: 'tile-words', lang: 'en' });
    const group = element('span', { class: 'post-group' });
    const frame = element('span', { class: 'thumbnail-frame' }, canvas, words, group, pick());
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
            group.textContent = groupOf(post);
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
    const words = texts.label;
    if (manualLabel?.secondary) return words.also(manualLabel.secondary);
    if (manualLabel)
        return predicted && predicted.emotion !== manualLabel.emotion ? words.byYouNot(predicted.emotion) : words.byYou;
    if (predicted?.uncertain) return words.notSure;
    return predicted?.secondary ? words.perhaps(predicted.secondary) : '';
}

/** The label of a post: the manual one, or the model's with its certainty. */
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
        this.container.classList.toggle('unsure', unsure !== null);
        tint(this.container, emotion);
        this.#swatch.hidden = !emotion;
        this.#text.textContent = emotion
            ? capitalised(emotion)
            : post.state === 'failed'
              ? texts.label.failed
              : collection.hasModel
                ? texts.label.waiting
                : texts.label.none;
        this.#mark.textContent = markOf(post, predicted);
        this.#mark.title = unsure ? doubts(unsure.uncertain_because) : '';
        return predicted;
    }
}

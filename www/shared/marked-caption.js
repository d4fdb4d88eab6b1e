// A caption whose words are marked by their contribution; words beyond the model's limit are grey.

import { element } from './dom.js';
import { captionTexts } from './texts.js';
import { READ_WORDS, wordCount } from './word-limit.js';
import { points } from './words.js';

/** @typedef {import('../emofuse.js').WordContribution} WordContribution */

/** The contribution from which a word has the strongest mark. */
const STRONG = 0.3;

/** A paragraph and its legend. */
export class MarkedCaption {
    #text = element('p', { class: 'reasons-words', lang: 'en' });
    #hint = element('p', { class: 'hint' });
    container = element('div', { class: 'reasons-caption' }, this.#text, this.#hint);

    /**
     * @param {WordContribution[]} words
     * @param {string} caption
     * @param {string} emotion
     */
    show(words, caption, emotion) {
        /** @type {(Node | string)[]} */
        const parts = [];
        let end = 0;
        for (const word of words) {
            parts.push(caption.slice(end, word.start), marked(word));
            end = word.end;
        }
        const rest = caption.slice(end);
        const ignored = words.length >= READ_WORDS ? wordCount(rest) : 0;
        this.#text.replaceChildren(...parts, ignored ? element('span', { class: 'word ignored' }, rest) : rest);
        this.#hint.textContent = captionTexts.legend(emotion, ignored);
    }
}

/** @param {WordContribution} word */
function marked({ text, contribution }) {
    const label = points(contribution);
    if (label === null) return text;
    const mark = element(
        'span',
        { class: contribution > 0 ? 'word for' : 'word against', title: label },
        text,
        element('span', { class: 'visually-hidden' }, ` (${label})`),
    );
    mark.style.setProperty('--strength', Math.min(1, Math.abs(contribution) / STRONG).toFixed(2));
    return mark;
}

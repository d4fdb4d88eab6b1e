// How image and caption relate, in a sentence.

import { element } from './dom.js';
import { comparison } from './words.js';

/** Hidden unless the post has both. */
export class Comparison {
    container = element('p', { class: 'comparison' });

    /** @param {import('../emofuse.js').Result} result */
    show(result) {
        const compared = comparison(result);
        this.container.hidden = !compared;
        this.container.textContent = compared?.text ?? '';
        this.container.dataset.kind = compared?.kind ?? '';
    }
}

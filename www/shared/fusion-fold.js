// A fold that explains the fusion. What is in it is loaded when somebody opens it.

import { element } from './dom.js';
import { resultTexts } from './texts.js';

/** @typedef {import('../emofuse.js').Result} Result */
/** @typedef {(options: { signal: AbortSignal, systems: true }) => Promise<Result>} Classify */

/** Hidden unless the post has both an image and a caption. */
export class FusionFold {
    container = element(
        'details',
        { class: 'fusion-fold', hidden: true },
        element('summary', {}, resultTexts.explainFusion),
    );
    /** @type {Classify | null} */
    #classify = null;
    /** @type {Promise<import('./fusion/view.js').FusionView> | null} */
    #view = null;

    constructor() {
        this.container.addEventListener('toggle', () => void this.#fill());
    }

    /**
     * @param {Result} result
     * @param {Classify} classify Classifies the same post again.
     */
    show({ image, caption }, classify) {
        if (image === null || caption === null) return this.clear();
        this.container.hidden = false;
        this.#classify = classify;
        void this.#fill();
    }

    /** There is no post. */
    clear() {
        this.container.hidden = true;
        this.#classify = null;
        void this.#view?.then((view) => view.clear());
    }

    async #fill() {
        const classify = this.#classify;
        if (!this.container.open || !classify) return;
        this.#view ??= this.#load();
        const view = await this.#view;
        if (classify === this.#classify) await view.show(classify);
    }

    async #load() {
        const { FusionView } = await import('./fusion/view.js');
        const view = new FusionView();
        this.container.append(view.container);
        return view;
    }
}

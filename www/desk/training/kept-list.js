// The models that the person keeps on this device, each with its buttons.

import { element } from '../../shared/dom.js';
import { percent } from '../../shared/words.js';
import { saveFile } from '../export/save-file.js';
import { texts } from './texts.js';

/** @typedef {import('./kept-models.js').KeptModel} KeptModel */

const words = texts.keptModels;

/** @param {string} at In ISO 8601. */
const day = (at) => new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

/** Follows the models that are kept. */
export class KeptList {
    #list = element('ul', { class: 'kept-models' });
    container = element('div', { hidden: true }, element('h3', {}, words.title), this.#list);
    #models;
    #onUse;
    #onDeleted;

    /**
     * @param {import('./kept-models.js').KeptModels} models
     * @param {{ onUse: (file: File) => void, onDeleted: () => void }} callbacks
     */
    constructor(models, { onUse, onDeleted }) {
        this.#models = models;
        this.#onUse = onUse;
        this.#onDeleted = onDeleted;
        void this.show();
    }

    async show() {
        const models = await this.#models.all();
        this.container.hidden = models.length === 0;
        this.#list.replaceChildren(...models.map((model) => this.#row(model)));
    }

    /** @param {KeptModel} model */
    #row({ id, sha256, file, posts, accuracy, at }) {
        const button = (/** @type {string} */ text, /** @type {string} */ label, /** @type {() => void} */ run) => {
            const made = element('button', { type: 'button', class: 'quiet', 'aria-label': label }, text);
            made.addEventListener('click', run);
            return made;
        };
        return element(
            'li',
            {},
            element('span', {}, element('strong', {}, id), ' ', words.about(posts, percent(accuracy), day(at))),
            button(words.useShort, words.use(id), () => this.#onUse(new File([file], `${id}.emofuse`))),
            button(words.downloadShort, words.download(id), () => saveFile(file, `${id}.emofuse`)),
            button(words.deleteShort, words.delete(id), async () => {
                await this.#models.delete(sha256);
                await this.show();
                this.#onDeleted();
            }),
        );
    }
}

// Saves or shares a result: as JSON, or as an image that is made on this device.

import { element } from '../shared/dom.js';
import { download } from '../shared/download.js';
import { imageCard } from './image-card.js';
import { shareTexts } from './texts.js';

/** @typedef {import('../emofuse.js').Result} Result */
/** @typedef {import('../shared/explanation-view.js').ShownPost} ShownPost */

const NAME = 'emofuse-result';

/** Buttons for the result that is shown. */
export class ShareButtons {
    #json = element('button', { type: 'button', class: 'quiet' }, shareTexts.json);
    #image = element('button', { type: 'button', class: 'quiet' }, shareTexts.image);
    #share = element('button', { type: 'button', class: 'quiet', hidden: true }, shareTexts.share);
    buttons = [this.#json, this.#image, this.#share];
    /** @type {{ result: Result, post: ShownPost } | null} */
    #shown = null;

    constructor() {
        this.#json.addEventListener('click', () => {
            const text = JSON.stringify(this.#shown?.result, null, 2);
            download(new Blob([text], { type: 'application/json' }), `${NAME}.json`);
        });
        this.#image.addEventListener('click', async () => {
            const file = await this.#makeCard();
            if (file) download(file, file.name);
        });
        this.#share.addEventListener('click', async () => {
            const file = await this.#makeCard();
            if (file) await navigator.share({ files: [file], title: shareTexts.title }).catch(() => {}); // the person cancelled
        });
        const example = new File([], `${NAME}.png`, { type: 'image/png' });
        this.#share.hidden = !navigator.canShare?.({ files: [example] });
    }

    /**
     * @param {Result} result
     * @param {ShownPost} post
     */
    show(result, post) {
        this.#shown = { result, post };
        this.#image.textContent = shareTexts.image;
    }

    async #makeCard() {
        if (!this.#shown) return null;
        try {
            const card = await imageCard(this.#shown.result, this.#shown.post);
            return new File([card], `${NAME}.png`, { type: 'image/png' });
        } catch (error) {
            console.warn(error);
            this.#image.textContent = shareTexts.failed;
            return null;
        }
    }
}

// Sample posts. Their buttons are in index.html, and their results are stored, so that they appear immediately.

/** @typedef {import('../emofuse.js').Result} Result */
/** @typedef {{ image: Blob | null, caption: string, stored: Result | null }} Sample */

const FOLDER = new URL('../samples/', import.meta.url);

/** Connects the buttons: each has an image with a caption, or a caption alone. */
export class SampleList {
    #container;
    /** @type {Promise<Record<string, Result>>} By the buttons' `data-sample`. */
    #stored = fetchStored();

    /**
     * @param {HTMLElement} container Has the buttons.
     * @param {(sample: Sample) => void} onSample
     */
    constructor(container, onSample) {
        this.#container = container;
        for (const button of container.querySelectorAll('button')) void this.#prepare(button, onSample);
    }

    /**
     * Fetches an image with the page, so that no request is needed later.
     *
     * @param {HTMLButtonElement} button
     * @param {(sample: Sample) => void} onSample
     */
    async #prepare(button, onSample) {
        const { sample = '', image: file } = button.dataset;
        const caption = button.querySelector('.sample-caption')?.textContent ?? '';
        try {
            const image = file ? await fetchImage(file) : null;
            const picture = button.querySelector('img');
            if (picture && image) picture.src = URL.createObjectURL(image);
            button.addEventListener('click', async () => {
                const stored = (await this.#stored)[sample] ?? null;
                onSample({ image, caption, stored });
            });
            button.disabled = false;
        } catch (error) {
            console.warn(`the sample ${sample} is not available`, error);
            button.parentElement?.remove();
        }
    }

    /** Moves the list to another container. @param {HTMLElement} place */
    moveTo(place) {
        if (this.#container.parentElement !== place) place.append(this.#container);
    }
}

/** @param {string} file */
async function fetchImage(file) {
    const response = await fetch(new URL(file, FOLDER));
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return new File([await response.blob()], file, { type: 'image/jpeg' });
}

/**
 * @returns {Promise<Record<string, Result>>} Empty if they cannot be downloaded; the model classifies the samples then.
 */
async function fetchStored() {
    try {
        const response = await fetch(new URL('results.json', FOLDER));
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        return await response.json();
    } catch (error) {
        console.warn('the stored results of the samples are not available', error);
        return {};
    }
}

// Ready posts to try.

import { element } from '../shared/dom.js';

/** @typedef {{ image: Blob, caption: string }} Sample */

const SAMPLES = [
    { file: 'cat.jpg', name: 'Cat', caption: 'She saw the cucumber behind her... I did not expect that jump!' },
    {
        file: 'rocket.jpg',
        name: 'Rocket',
        caption: 'Three, two, one... Can’t wait to see what it will find out there! #launchday',
    },
    {
        file: 'coffee.jpg',
        name: 'Coffee',
        caption: 'I miss her so much. Her cup still stands here, so sad and lonely 😢',
    },
];

/** Buttons, each an image with its caption. */
export class SampleList {
    #buttons = element('ul', { class: 'samples', role: 'list' });
    container = element(
        'section',
        { 'aria-labelledby': 'samples-title' },
        element('h3', { id: 'samples-title' }, 'Or try one of these'),
        this.#buttons,
    );

    /** @param {(sample: Sample) => void} onSample */
    constructor(onSample) {
        for (const { file, name, caption } of SAMPLES) {
            const image = element('img', { alt: '', width: 96, height: 64 });
            const button = element(
                'button',
                { type: 'button', class: 'sample', disabled: true },
                image,
                element('span', { class: 'sample-name' }, name),
                element('span', { class: 'sample-caption' }, caption),
            );
            this.#buttons.append(element('li', {}, button));
            this.#prepare(file, image, button, (blob) => onSample({ image: blob, caption }));
        }
    }

    /**
     * Fetches an image with the page, so that no request is needed once the model is there.
     *
     * @param {string} file
     * @param {HTMLImageElement} image
     * @param {HTMLButtonElement} button
     * @param {(blob: Blob) => void} onClick
     */
    async #prepare(file, image, button, onClick) {
        try {
            const response = await fetch(new URL(`../samples/${file}`, import.meta.url));
            if (!response.ok) throw new Error(`HTTP ${response.status}`);
            const blob = await response.blob();
            image.src = URL.createObjectURL(blob);
            button.addEventListener('click', () => onClick(blob));
            button.disabled = false;
        } catch (error) {
            console.warn(`the sample ${file} is not there`, error);
            button.parentElement?.remove();
        }
    }
}

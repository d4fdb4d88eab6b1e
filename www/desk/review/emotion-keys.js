// The nine labels as buttons, each with its key.

import { EMOTIONS } from '../../emofuse.js';
import { element } from '../../shared/dom.js';
import { capitalised } from '../../shared/words.js';
import { KEY_OF } from './keys.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').Emotion} Emotion */

/** A group of buttons. The parent view listens for the keys. */
export class EmotionKeys {
    /** @type {Map<Emotion, HTMLButtonElement>} */
    #buttons = new Map();
    container = element('div', { class: 'emotion-keys', role: 'group', 'aria-label': texts.keys.set });

    /** @param {(emotion: Emotion, event: MouseEvent) => void} onEmotion */
    constructor(onEmotion) {
        for (const emotion of EMOTIONS) {
            const button = keyButton(
                capitalised(emotion),
                KEY_OF[emotion],
                emotion === 'neutral' ? '0 9' : KEY_OF[emotion],
            );
            button.classList.add(`emotion-${emotion}`);
            button.prepend(element('span', { class: 'swatch', 'aria-hidden': 'true' }));
            button.addEventListener('click', (event) => onEmotion(emotion, event));
            this.#buttons.set(emotion, button);
            this.container.append(button);
        }
        this.show(null);
    }

    /**
     * @param {Emotion | null} chosen
     * @param {Emotion | null} [second] A second label.
     */
    show(chosen, second = null) {
        for (const [emotion, button] of this.#buttons) {
            const isSecond = emotion === second;
            button.setAttribute('aria-pressed', String(emotion === chosen || isSecond));
            button.classList.toggle('second', isSecond);
            if (isSecond) button.setAttribute('aria-description', texts.keys.second);
            else button.removeAttribute('aria-description');
        }
    }
}

/**
 * A button that shows its key.
 *
 * @param {string} label
 * @param {string} key The key as it is shown.
 * @param {string} shortcuts The value of `aria-keyshortcuts`.
 */
export function keyButton(label, key, shortcuts) {
    return element(
        'button',
        { type: 'button', class: 'key-button', 'aria-keyshortcuts': shortcuts },
        element('span', { class: 'key-label' }, label),
        element('kbd', { 'aria-hidden': 'true' }, key),
    );
}

// Shows what went wrong and what to do about it.

import { element } from './dom.js';
import { errorWords } from './words.js';

/** A message with an optional button that tries again. */
export class ErrorNotice {
    container = element('div', { class: 'notice', role: 'alert' });

    /** Shows nothing. */
    clear() {
        this.container.replaceChildren();
    }

    /**
     * @param {unknown} error
     * @param {{ label: string, run: () => void } | null} [retry]
     * @param {(error: unknown) => ReturnType<typeof errorWords>} [words]
     */
    show(error, retry = null, words = errorWords) {
        const { title, remedy, detail } = words(error);
        const body = element(
            'div',
            { class: 'notice-body' },
            element('p', { class: 'notice-title' }, title),
            element('p', {}, remedy),
        );
        if (detail) body.append(element('p', { class: 'hint' }, detail));
        if (retry) {
            const button = element('button', { type: 'button' }, retry.label);
            button.addEventListener('click', retry.run);
            body.append(button);
        }
        this.container.replaceChildren(body);
    }
}

// What every system of the model file says of a post, and what it says without the image or the caption. It is loaded when
// somebody opens it.

import { element } from '../dom.js';
import { tint } from '../labels.js';
import { percent, strongest } from '../words.js';
import { fusionTexts as texts } from './texts.js';

/** @typedef {import('../../emofuse.js').Result} Result */
/** @typedef {import('../../emofuse.js').SystemAnswer} SystemAnswer */
/** @typedef {'scores' | 'image' | 'caption'} Way */

/** @type {Way[]} */
const WAYS = ['scores', 'image', 'caption'];

/** A table with a group of rows for each system. */
export class FusionView {
    #note = element('p', { class: 'hint', role: 'status' });
    #groups = element('div');
    container = element('div', { class: 'fusion' }, this.#note, this.#groups);
    #asking = new AbortController();

    constructor() {
        const href = new URL('./fusion.css', import.meta.url).href;
        if (!document.querySelector(`link[href="${href}"]`))
            document.head.append(element('link', { rel: 'stylesheet', href }));
    }

    /**
     * Shows a post; a post before it that is still being analysed is given up.
     *
     * @param {(options: { signal: AbortSignal, systems: true }) => Promise<Result>} classify
     */
    async show(classify) {
        this.#asking.abort();
        this.#asking = new AbortController();
        const { signal } = this.#asking;
        this.#note.textContent = texts.waiting;
        this.#groups.replaceChildren();
        try {
            const { systems = [] } = await classify({ signal, systems: true });
            if (signal.aborted) return;
            this.#note.textContent = texts.intro(systems.length);
            this.#groups.replaceChildren(table(systems));
        } catch {
            if (!signal.aborted) this.#note.textContent = texts.failed;
        }
    }

    /** Gives up what is being analysed. */
    clear() {
        this.#asking.abort();
        this.#note.textContent = '';
        this.#groups.replaceChildren();
    }
}

/** @param {SystemAnswer[]} systems */
function table(systems) {
    return element(
        'table',
        { class: 'scores' },
        element('caption', { class: 'visually-hidden' }, texts.table),
        element(
            'thead',
            { class: 'visually-hidden' },
            element('tr', {}, ...texts.columns.map((name) => element('th', { scope: 'col' }, name))),
        ),
        ...systems.map(group),
    );
}

/** @param {SystemAnswer} system */
function group(system) {
    const { name, how } = texts.systems[system.name] ?? { name: system.name, how: '' };
    // One that reads a single side says the same with and without the other.
    const isWhole = system.image !== null && system.caption !== null;
    const rows = WAYS.flatMap((way) => {
        const scores = system[way];
        return scores && (way !== 'scores' || isWhole) ? [row(system.name, way, scores)] : [];
    });
    return element(
        'tbody',
        { 'data-system': system.name },
        element(
            'tr',
            {},
            element('th', { scope: 'rowgroup', colspan: 4 }, name, ' ', element('span', { class: 'hint' }, how)),
        ),
        ...rows,
    );
}

/**
 * @param {string} system
 * @param {Way} way
 * @param {import('../../emofuse.js').Scores} scores
 */
function row(system, way, scores) {
    const [label, score] = strongest(scores);
    const id = `fusion-${system}-${way}`;
    return tint(
        element(
            'tr',
            { 'data-way': way },
            element('th', { scope: 'row' }, texts.ways[way]),
            element('td', { class: 'fusion-label', id }, label),
            element('td', { class: 'bar' }, element('meter', { min: 0, max: 1, value: score, 'aria-labelledby': id })),
            element('td', { class: 'number' }, percent(score)),
        ),
        label,
    );
}

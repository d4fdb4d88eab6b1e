// What could not be read, and why, folded away.

import { element } from '../../shared/dom.js';
import { counted, grouped } from '../words.js';

/** @typedef {import('../types.js').Problem} Problem */

/** More would make the page slow and nobody reads them; the rest is counted. */
const SHOWN = 200;

/** A list that opens on demand; hidden if there are no problems. */
export class ProblemList {
    #summary = element('summary');
    #list = element('ul');
    #rest = element('p', { class: 'hint' });
    container = element('details', { class: 'problem-list', hidden: true }, this.#summary, this.#list, this.#rest);

    /** @param {Problem[]} problems */
    show(problems) {
        this.container.hidden = problems.length === 0;
        this.#summary.textContent = `${counted(problems.length, 'problem')}: what could not be read`;
        this.#list.replaceChildren(
            ...problems
                .slice(0, SHOWN)
                .map(({ where, reason }) => element('li', {}, element('strong', {}, where), ` ${reason}`)),
        );
        const rest = problems.length - SHOWN;
        this.#rest.textContent = rest > 0 ? `And ${grouped(rest)} more.` : '';
    }
}

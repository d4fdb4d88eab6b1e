// A collapsed list of what could not be read, with the reasons.

import { element } from '../../shared/dom.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').Problem} Problem */

/** More would slow the page down; the rest is only counted. */
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
        this.#summary.textContent = texts.problems.title(problems.length);
        this.#list.replaceChildren(
            ...problems
                .slice(0, SHOWN)
                .map(({ where, reason }) => element('li', {}, element('strong', {}, where), ` ${reason}`)),
        );
        const rest = problems.length - SHOWN;
        this.#rest.textContent = rest > 0 ? texts.problems.more(rest) : '';
    }
}

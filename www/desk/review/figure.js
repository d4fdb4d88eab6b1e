// A figure with its name and a remark, as an item of a `dl`.

import { element } from '../../shared/dom.js';

/**
 * @param {string} name
 * @param {string} value
 * @param {string} remark
 */
export const figure = (name, value, remark) =>
    element(
        'div',
        { class: 'agreement-figure' },
        element('dt', {}, name),
        element('dd', { class: 'agreement-value' }, value),
        element('dd', { class: 'hint' }, remark),
    );

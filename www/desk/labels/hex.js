// The colour of a label as colour fields and files take it.

import { element } from '../../shared/dom.js';

const probe = element('canvas', { width: 1, height: 1 });

/**
 * @param {import('../../shared/labels.js').LabelSet} labels
 * @param {string} name
 * @returns {string} As `#rrggbb`.
 */
export function hexOf(labels, name) {
    const context = probe.getContext('2d', { willReadFrequently: true });
    if (!context) return '#888888';
    context.fillStyle = labels.colourOf(name) ?? ownColour(name);
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** @param {string} name One of Plutchik's, which the style sheet has. */
function ownColour(name) {
    const styled = element('span', { class: `emotion-${name}`, hidden: true });
    document.body.append(styled);
    const colour = getComputedStyle(styled).getPropertyValue('--emotion').trim();
    styled.remove();
    return colour;
}

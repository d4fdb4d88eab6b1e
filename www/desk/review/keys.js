// The keyboard commands of the review.

import { labelsInUse } from '../../shared/labels.js';

/** @typedef {import('../../shared/labels.js').LabelSet} LabelSet */
/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {{ do: 'set', emotion: Emotion } | { do: Action }} Command */
/** @typedef {'accept' | 'undo' | 'back' | 'on' | 'leave' | 'guess' | 'two' | 'note' | 'zoom' | 'find'} Action */

const DIGITS = '123456789';

/** Letters that are no commands, here or in the list of posts. */
const LETTERS = 'abcdefhijklmopqrtvwy';

/** Whether there are so many labels that one is found faster by its name. */
export const isSearched = (labels = labelsInUse()) => labels.primary.length > DIGITS.length;

/** @type {WeakMap<LabelSet, Map<string, string[]>>} */
const known = new WeakMap();

/**
 * The keys of labels: 1 to 9, then letters, and 0 for the label of posts to which no other applies, which also has the
 * digit of its place if that is free. Labels beyond have none; they are found by name.
 *
 * @param {LabelSet} [labels]
 * @returns {Map<string, string[]>} By label; the first key is the one to show.
 */
export function keysOf(labels = labelsInUse()) {
    const found = known.get(labels) ?? new Map();
    if (found.size > 0) return found;
    const keys = [...DIGITS, ...LETTERS];
    for (const [place, label] of labels.primary.entries()) if (keys[place]) found.set(label, [keys[place]]);
    if (labels.none !== null) {
        const own = DIGITS[labels.nonePlace] ?? '';
        found.set(labels.none, labels.nonePlace < labels.primary.length ? ['0'] : ['0', own].filter(Boolean));
    }
    known.set(labels, found);
    return found;
}

/** @param {string} key */
function labelOf(key) {
    for (const [label, keys] of keysOf()) if (keys.includes(key)) return label;
    return undefined;
}

/** @type {Record<string, Action>} */
const OTHERS = {
    ' ': 'accept',
    u: 'undo',
    g: 'guess',
    s: 'two',
    n: 'note',
    z: 'zoom',
    '/': 'find',
    ArrowLeft: 'back',
    ArrowUp: 'back',
    ArrowRight: 'on',
    ArrowDown: 'on',
    Escape: 'leave',
};

/** Types of input without text, in which keys are free for commands. */
const WITHOUT_TEXT = ['button', 'checkbox', 'radio', 'submit', 'reset'];

/**
 * @param {KeyboardEvent} event
 * @returns {Command | null} Null if the key has another meaning: in a text field, with Ctrl and similar keys, or Space
 *     on a button.
 */
export function commandOf(event) {
    if (
        event.defaultPrevented ||
        event.isComposing ||
        event.ctrlKey ||
        event.altKey ||
        event.metaKey ||
        isField(event.target)
    )
        return null;
    const emotion = labelOf(digitOf(event) || letterOf(event));
    if (emotion) return event.repeat ? null : { do: 'set', emotion }; // a key held down would label one post after another
    const isFree = !event.shiftKey || event.key === '/';
    const command = isFree ? OTHERS[event.key.length === 1 ? event.key.toLowerCase() : event.key] : undefined;
    if (command === 'find' && !isSearched()) return null;
    if (!command || (command === 'accept' && isPressedBySpace(event.target))) return null;
    const moves = command === 'back' || command === 'on';
    return event.repeat && !moves ? null : { do: command };
}

/**
 * Returns the digit on the key; some keyboards, such as French ones, require Shift for it.
 *
 * @param {KeyboardEvent} event
 */
function digitOf({ key, code, shiftKey }) {
    if (/^\d$/.test(key)) return key;
    return shiftKey ? '' : (/^Digit(\d)$/.exec(code)?.[1] ?? '');
}

/** @param {KeyboardEvent} event */
const letterOf = ({ key, shiftKey }) => (shiftKey || !/^[a-z]$/i.test(key) ? '' : key.toLowerCase());

/** @param {EventTarget | null} target */
function isField(target) {
    if (target instanceof HTMLInputElement) return !WITHOUT_TEXT.includes(target.type);
    return (
        target instanceof HTMLTextAreaElement ||
        target instanceof HTMLSelectElement ||
        (target instanceof HTMLElement && target.isContentEditable)
    );
}

/** @param {EventTarget | null} target */
const isPressedBySpace = (target) => target instanceof Element && target.closest('button, a, input, summary') !== null;

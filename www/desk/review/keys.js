// The keyboard commands of the review.

/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {{ do: 'set', emotion: Emotion } | { do: Action }} Command */
/** @typedef {'accept' | 'undo' | 'back' | 'on' | 'leave' | 'guess' | 'two' | 'note' | 'zoom'} Action */

/** Plutchik's eight emotions in their usual order, and neutral; `9` is neutral too, as the ninth label. */
export const KEY_OF = /** @type {Readonly<Record<Emotion, string>>} */ (
    Object.freeze({
        joy: '1',
        trust: '2',
        fear: '3',
        surprise: '4',
        sadness: '5',
        disgust: '6',
        anger: '7',
        anticipation: '8',
        neutral: '0',
    })
);

/** @type {Map<string, Emotion>} */
const EMOTION_OF = new Map([
    ...Object.entries(KEY_OF).map(([emotion, key]) => /** @type {const} */ ([key, /** @type {Emotion} */ (emotion)])),
    ['9', 'neutral'],
]);

/** @type {Record<string, Action>} */
const OTHERS = {
    ' ': 'accept',
    u: 'undo',
    g: 'guess',
    s: 'two',
    n: 'note',
    z: 'zoom',
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
    const emotion = EMOTION_OF.get(digitOf(event));
    if (emotion) return event.repeat ? null : { do: 'set', emotion }; // a key held down would label one post after another
    const command = event.shiftKey ? undefined : OTHERS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
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

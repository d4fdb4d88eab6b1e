// The commands of the keys while posts are reviewed.

/** @typedef {import('../types.js').Emotion} Emotion */
/** @typedef {{ do: 'set', emotion: Emotion } | { do: 'accept' | 'undo' | 'back' | 'on' | 'leave' }} Command */

/** Plutchik's eight in the order that is used everywhere, and neutral; `9` is neutral too, it is the ninth. */
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

/** @type {Record<string, 'accept' | 'undo' | 'back' | 'on' | 'leave'>} */
const OTHERS = {
    ' ': 'accept',
    u: 'undo',
    ArrowLeft: 'back',
    ArrowUp: 'back',
    ArrowRight: 'on',
    ArrowDown: 'on',
    Escape: 'leave',
};

/** Kinds of input that take no text, so that keys are free there. */
const WITHOUT_TEXT = ['button', 'checkbox', 'radio', 'submit', 'reset'];

/**
 * @param {KeyboardEvent} event
 * @returns {Command | null} Null where the key is somebody else's: in a field, with Ctrl and the like, or on a button that
 *     space presses.
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
    if (emotion) return event.repeat ? null : { do: 'set', emotion }; // a key held down would label post after post
    const command = event.shiftKey ? undefined : OTHERS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!command || (command === 'accept' && isPressedBySpace(event.target))) return null;
    const moves = command === 'back' || command === 'on';
    return event.repeat && !moves ? null : { do: command };
}

/**
 * The digit on the key; some keyboards, as the French, have it only with Shift.
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

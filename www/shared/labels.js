// The labels in use: those of the loaded model or, on the desk, a person's own.

/** @typedef {import('../emofuse.js').Label} Label */

/** Plutchik's eight, clockwise from the top; opposites face each other. */
export const AROUND_THE_WHEEL = ['joy', 'trust', 'fear', 'surprise', 'sadness', 'disgust', 'anger', 'anticipation'];

/** The default model's labels; style.css has their colours. */
export const PLUTCHIK = [...AROUND_THE_WHEEL, 'neutral'];

/** Of what stands for no label. */
const GREY = '#8b8f98';

/** So many degrees from each hue to the next spread any number of them evenly. */
const GOLDEN_ANGLE = 137.508;

/** A few names with their colours. */
export class LabelSet {
    /** @type {readonly Label[]} */
    labels;
    /** @type {readonly string[]} */
    names;
    /** @type {readonly string[]} Those that say something. */
    primary;
    /** Whether these are Plutchik's labels, which have a wheel. */
    isPlutchik;
    #ofPlutchik;

    /**
     * @param {readonly (string | Label)[]} labels
     * @param {string | null} [none] The label of posts to which no other applies.
     */
    constructor(labels, none = null) {
        this.labels = labels.map((label) => (typeof label === 'string' ? { name: label } : label));
        this.names = this.labels.map(({ name }) => name);
        this.none = none;
        this.primary = this.names.filter((name) => name !== none);
        this.#ofPlutchik = this.names.every((name) => PLUTCHIK.includes(name));
        this.isPlutchik = this.#ofPlutchik && this.names.length === PLUTCHIK.length;
    }

    /** The place of the label of posts to which no other applies; -1 if there is none. */
    get nonePlace() {
        return this.none === null ? -1 : this.names.indexOf(this.none);
    }

    /**
     * A colour that can be told from light and dark grounds.
     *
     * @param {string} name
     * @returns {string | null} Null if the style sheet has it.
     */
    colourOf(name) {
        const place = this.names.indexOf(name);
        const given = this.labels[place]?.colour;
        if (given) return given;
        if (place < 0 ? PLUTCHIK.includes(name) : this.#ofPlutchik) return null;
        if (place < 0 || name === this.none) return GREY;
        return `oklch(${[0.59, 0.555, 0.625][place % 3]} 0.15 ${Math.round(30 + place * GOLDEN_ANGLE) % 360})`;
    }
}

let inUse = new LabelSet(PLUTCHIK, 'neutral');

export const labelsInUse = () => inUse;

/** @param {LabelSet} labels */
export const useLabels = (labels) => (inUse = labels);

/** @param {Pick<import('../emofuse.js').Description, 'labels' | 'none'>} description */
export const labelsOf = ({ labels, none }) => new LabelSet(labels, none);

/**
 * Gives an element the colour of a label.
 *
 * @template {HTMLElement | SVGElement} E
 * @param {E} node
 * @param {string | null | undefined} name Without one, it loses the colour that it has.
 */
export function tint(node, name) {
    node.classList.remove(...[...node.classList].filter((one) => one.startsWith('emotion-')));
    const colour = name ? inUse.colourOf(name) : '';
    if (colour === null) node.classList.add(`emotion-${name}`);
    node.style.setProperty('--emotion', colour);
    return node;
}

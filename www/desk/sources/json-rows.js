// Objects of JSON Lines, or of one JSON array, as they come.

/**
 * @typedef {object} RawValue
 * @property {number} line Where it begins.
 * @property {string} text
 */

/** Takes text in pieces and gives the text of each value. */
export class ValueReader {
    #rest = '';
    #line = 1;
    /** @type {boolean | null} Null before the first character that is not white space. */
    #isArray = null;
    /** How far the rest was looked through, and what it was in the middle of. */
    #at = 0;
    #depth = 0;
    #inText = false;
    #isOver = false;

    /**
     * @param {string} text
     * @returns {Generator<RawValue, void, void>}
     */
    *read(text) {
        this.#rest += text;
        if (this.#isArray === null) {
            const first = /\S/.exec(this.#rest);
            if (!first) return;
            this.#isArray = first[0] === '[';
            if (this.#isArray) this.#cut(first.index + 1);
        }
        yield* this.#isArray ? this.#elements() : this.#linesOf();
    }

    /** @returns {Generator<RawValue, void, void>} */
    *end() {
        if (this.#rest.trim() !== '') yield* this.#take(this.#rest.length, 0);
    }

    /** @returns {Generator<RawValue, void, void>} */
    *#linesOf() {
        for (let end = this.#rest.indexOf('\n', this.#at); end >= 0; end = this.#rest.indexOf('\n')) {
            this.#at = 0;
            yield* this.#take(end, 1);
        }
        this.#at = this.#rest.length;
    }

    /** @returns {Generator<RawValue, void, void>} */
    *#elements() {
        while (this.#at < this.#rest.length) {
            const character = this.#rest[this.#at];
            if (this.#inText) {
                if (character === '\\') this.#at += 1;
                else if (character === '"') this.#inText = false;
            } else if (character === '"') this.#inText = true;
            else if (character === '{' || character === '[') this.#depth += 1;
            else if (this.#depth === 0 && !this.#isOver && (character === ',' || character === ']')) {
                this.#isOver = character === ']';
                const end = this.#at;
                this.#at = -1;
                yield* this.#take(end, 1);
            } else if (character === '}' || character === ']') this.#depth = Math.max(0, this.#depth - 1);
            this.#at += 1;
        }
    }

    /**
     * @param {number} end
     * @param {number} divider How many characters after it are passed over.
     * @returns {Generator<RawValue, void, void>}
     */
    *#take(end, divider) {
        const text = this.#rest.slice(0, end);
        const start = text.search(/\S/);
        if (start >= 0) yield { line: this.#line + newlines(text.slice(0, start)), text: text.slice(start) };
        this.#cut(end + divider);
    }

    /** @param {number} end */
    #cut(end) {
        this.#line += newlines(this.#rest.slice(0, end));
        this.#rest = this.#rest.slice(end);
    }
}

/** @param {string} text */
const newlines = (text) => text.split('\n').length - 1;

/**
 * A value as a table's cell.
 *
 * @param {unknown} value
 */
export function cellOf(value) {
    if (value === null || value === undefined) return '';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

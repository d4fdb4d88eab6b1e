// Rows of CSV and of its kin, as they come.

import Papa from '../../libraries/papaparse.js';

/** What cells may be divided by; the first is taken where the heading has none of them. */
const DELIMITERS = [',', ';', '\t', '|'];

/** No row is longer, in characters, unless a quotation mark is not closed. */
const LONGEST_ROW = 1_000_000;

/**
 * @typedef {object} RawRow
 * @property {number} line Where it begins.
 * @property {string[] | null} cells Null where it cannot be read.
 * @property {string} reason Why not.
 */

/** Takes text in pieces and gives rows. */
export class RowReader {
    #rest = '';
    #line = 1;
    #delimiter;
    #newline = '';

    /** @param {string | null} delimiter Null where it is to be guessed. */
    constructor(delimiter) {
        this.#delimiter = delimiter;
    }

    /**
     * The rows that the text completes.
     *
     * @param {string} text
     * @returns {Generator<RawRow, void, void>}
     */
    *read(text) {
        this.#rest += text;
        yield* this.#complete();
        if (this.#rest.length > LONGEST_ROW) yield* this.#skipLine('A quotation mark is opened here and not closed.');
    }

    /**
     * The rows that the end completes.
     *
     * @returns {Generator<RawRow, void, void>}
     */
    *end() {
        while (this.#rest !== '') {
            yield* this.#complete();
            if (this.#rest === '') return;
            const { cells, isOpen } = this.#last();
            if (isOpen) yield* this.#skipLine('A quotation mark is opened here and not closed.');
            else {
                yield { line: this.#line, cells, reason: '' };
                this.#rest = '';
            }
        }
    }

    /** @returns {Generator<RawRow, void, void>} */
    *#complete() {
        this.#guess();
        for (;;) {
            const rows = this.#parse();
            let start = 0;
            let isTorn = false;
            for (const { cells, end, isOdd } of rows) {
                const raw = this.#rest.slice(start, end);
                const lines = raw.split(this.#newline).length - 1;
                isTorn = isOdd && lines > 1;
                if (isTorn) break;
                yield { line: this.#line, cells, reason: '' };
                this.#line += lines;
                start = end;
            }
            this.#rest = this.#rest.slice(start);
            // Marks that do not fit, over several lines: the row has run into those after it, which are read by themselves.
            if (!isTorn) return;
            yield* this.#skipLine('The quotation marks do not fit together.');
        }
    }

    /** All rows but the last, which may go on. */
    #parse() {
        /** @type {{ cells: string[], end: number, isOdd: boolean }[]} */
        const rows = [];
        const step = (/** @type {import('papaparse').ParseResult<string[]>} */ { data, errors, meta }) => {
            rows.push({ cells: data[0] ?? [], end: meta.cursor, isOdd: errors.length > 0 });
        };
        parserWith({ delimiter: this.#delimiter, newline: this.#newline, step }).parse(this.#rest, 0, true);
        return rows;
    }

    /** @returns {{ cells: string[], isOpen: boolean }} */
    #last() {
        const { data, errors } = parserWith({ delimiter: this.#delimiter, newline: this.#newline }).parse(
            this.#rest,
            0,
            false,
        );
        return { cells: data[0] ?? [], isOpen: errors.some(({ code }) => code === 'MissingQuotes') };
    }

    /**
     * @param {string} reason
     * @returns {Generator<RawRow, void, void>}
     */
    *#skipLine(reason) {
        const end = this.#rest.indexOf(this.#newline);
        yield { line: this.#line, cells: null, reason };
        this.#line += 1;
        this.#rest = end < 0 ? '' : this.#rest.slice(end + this.#newline.length);
    }

    /** From the first rows: how lines end, and what divides the heading into the most cells. */
    #guess() {
        if (this.#newline !== '') return;
        const { meta } = Papa.parse(this.#rest, { delimiter: ',', preview: 1 });
        this.#newline = meta.linebreak;
        this.#delimiter ??= DELIMITERS.map((delimiter) => {
            const { data } = Papa.parse(this.#rest.trimStart(), {
                delimiter,
                newline: /** @type {'\n'} */ (this.#newline),
                preview: 1,
            });
            return { delimiter, cells: /** @type {string[][]} */ (data)[0]?.length ?? 0 };
        }).reduce((best, other) => (other.cells > best.cells ? other : best)).delimiter;
    }
}

/**
 * @typedef {{ data: string[][], errors: import('papaparse').ParseError[], meta: import('papaparse').ParseMeta }} Parsed
 */

/**
 * Papa's own parser, which takes up where a piece ends.
 *
 * @param {object} settings
 * @returns {{ parse(text: string, base: number, ignoreLastRow: boolean): Parsed }}
 */
const parserWith = (settings) =>
    new /** @type {{ Parser: new (settings: object) => any }} */ (/** @type {unknown} */ (Papa)).Parser(settings);

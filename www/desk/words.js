// Numbers and errors as the desk shows them.

const numbers = new Intl.NumberFormat('en');

/** @param {number} count */
export const grouped = (count) => numbers.format(count);

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export const counted = (count, one, many = `${one}s`) => `${grouped(count)} ${count === 1 ? one : many}`;

/** @param {unknown} error */
export const isAbort = (error) => error instanceof Error && error.name === 'AbortError';

/**
 * Words for ErrorNotice: a title, and the error's own message, which says what to do.
 *
 * @param {string} title
 * @returns {(error: unknown) => import('../shared/words.js').ErrorWords}
 */
export const titled = (title) => (error) => ({
    title,
    remedy: error instanceof Error ? error.message : String(error),
    detail: null,
});

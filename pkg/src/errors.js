// Errors with stable names, and how they travel out of the worker.

/** The root of all errors here. */
export class EmofuseError extends Error {}

/** The image cannot be decoded: not an image, a format not known here, or damaged. */
export class UnsupportedImageError extends EmofuseError {
    name = /** @type {const} */ ('UnsupportedImageError');
}

/** The image has more bytes or pixels than are allowed. */
export class ImageTooLargeError extends EmofuseError {
    name = /** @type {const} */ ('ImageTooLargeError');
}

/** Neither an image nor a caption with a word in it. */
export class EmptyPostError extends EmofuseError {
    name = /** @type {const} */ ('EmptyPostError');
}

/** The file is not an emofuse model, is truncated or too large, or needs another version. */
export class ModelFormatError extends EmofuseError {
    name = /** @type {const} */ ('ModelFormatError');
}

/** A file is damaged or was altered. */
export class IntegrityError extends EmofuseError {
    name = /** @type {const} */ ('IntegrityError');

    /**
     * @param {string} message
     * @param {{ expected?: string | null, found?: string | null }} [hashes]
     * @param {ErrorOptions} [options]
     */
    constructor(message, { expected = null, found = null } = {}, options) {
        super(message, options);
        /** SHA-256 that the file should have, in hexadecimal; null where it is not a file of the package. */
        this.expected = expected;
        /** SHA-256 that it has; null if that cannot be found out. */
        this.found = found;
    }
}

/** A file cannot be fetched. */
export class DownloadError extends EmofuseError {
    name = /** @type {const} */ ('DownloadError');
}

/** The back end cannot be used or has failed: no adapter, a failed self-test, a lost device, a crash. */
export class BackendError extends EmofuseError {
    name = /** @type {const} */ ('BackendError');
}

/** The classifier has been disposed. */
export class DisposedError extends EmofuseError {
    name = /** @type {const} */ ('DisposedError');
}

/** The call was aborted by its signal. */
export class AbortError extends EmofuseError {
    name = /** @type {const} */ ('AbortError');
}

/** @type {Record<string, new (message: string) => EmofuseError>} */
const byName = {
    UnsupportedImageError,
    ImageTooLargeError,
    EmptyPostError,
    ModelFormatError,
    DownloadError,
    BackendError,
    DisposedError,
    AbortError,
};

/**
 * An error as it travels: structured cloning would drop its class.
 *
 * @typedef {{ name: string, message: string, expected?: string | null, found?: string | null }} PlainError
 */

/**
 * @param {unknown} error
 * @returns {PlainError}
 */
export function toPlainError(error) {
    if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
    const { name, message } = error;
    return error instanceof IntegrityError
        ? { name, message, expected: error.expected, found: error.found }
        : { name, message };
}

/**
 * The error that a plain one stands for. Whatever has no name of ours, a trap for one, is the back end's failure.
 *
 * @param {PlainError} plain
 * @returns {EmofuseError}
 */
export function fromPlainError({ name, message, expected = null, found = null }) {
    if (name === 'IntegrityError') return new IntegrityError(message, { expected, found });
    const Known = byName[name];
    return Known ? new Known(message) : new BackendError(`the back end failed: ${message}`);
}

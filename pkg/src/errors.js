// Errors with stable names, and their serialised form for messages.

/**
 * The base class of all errors of this package. Each has a stable `name` and a message that tells you what to do.
 *
 * @example
 * import { EmofuseError } from 'emofuse';
 *
 * try {
 *     await classifier.classify({ caption: ' ' });
 * } catch (error) {
 *     if (!(error instanceof EmofuseError)) throw error;
 *     console.log(error.name, error.message);
 * }
 */
export class EmofuseError extends Error {}

/** The image cannot be decoded: it is not an image, has an unsupported format, or is damaged. */
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

/** The model reads images alone or captions alone, and the post lacks that. */
export class ModalityError extends EmofuseError {
    name = /** @type {const} */ ('ModalityError');
}

/** The file is not an emofuse model, is truncated or too large, or needs another version. */
export class ModelFormatError extends EmofuseError {
    name = /** @type {const} */ ('ModelFormatError');
}

/** A file is damaged or was changed. */
export class IntegrityError extends EmofuseError {
    name = /** @type {const} */ ('IntegrityError');

    /**
     * @param {string} message
     * @param {{ expected?: string | null, found?: string | null }} [hashes]
     * @param {ErrorOptions} [options]
     */
    constructor(message, { expected = null, found = null } = {}, options) {
        super(message, options);
        /** The expected SHA-256, in hexadecimal; null if the file is not one of the package. */
        this.expected = expected;
        /** The SHA-256 of the file; null if it is unknown. */
        this.found = found;
    }
}

/** A file cannot be downloaded. */
export class DownloadError extends EmofuseError {
    name = /** @type {const} */ ('DownloadError');
}

/** The back end cannot be used or has failed: no adapter, a failed self-test, a lost device, a crash. */
export class BackendError extends EmofuseError {
    name = /** @type {const} */ ('BackendError');
}

/** The post took too long in the worker, which has been replaced. */
export class TimeoutError extends EmofuseError {
    name = /** @type {const} */ ('TimeoutError');
}

/** The classifier has been disposed. */
export class DisposedError extends EmofuseError {
    name = /** @type {const} */ ('DisposedError');
}

/** The call was aborted by its signal. */
export class AbortError extends EmofuseError {
    name = /** @type {const} */ ('AbortError');
}

/** The maximum length of a reason, in characters. */
const LONGEST_REASON = 200;

/**
 * Returns the messages of a back end's error in one line, without the backtrace.
 *
 * @param {string} message
 */
export function inOneLine(message) {
    const lines = message.split('\n').map((line) => line.trim());
    const line = [...new Set(lines)].filter((part) => part && !/^caused by|backtrace/i.test(part)).join(': ');
    return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON).trimEnd()} …` : line;
}

/** @type {Record<string, new (message: string) => EmofuseError>} */
const byName = {
    UnsupportedImageError,
    ImageTooLargeError,
    EmptyPostError,
    ModalityError,
    ModelFormatError,
    DownloadError,
    BackendError,
    TimeoutError,
    DisposedError,
    AbortError,
};

/**
 * An error as it is sent: structured cloning would drop its class.
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
 * Restores an error from its plain form. An unknown error, such as a WebAssembly trap, becomes a BackendError.
 *
 * @param {PlainError} plain
 * @returns {EmofuseError}
 */
export function fromPlainError({ name, message, expected = null, found = null }) {
    if (name === 'IntegrityError') return new IntegrityError(message, { expected, found });
    const Known = byName[name];
    return Known ? new Known(message) : new BackendError(`the back end failed: ${message}`);
}

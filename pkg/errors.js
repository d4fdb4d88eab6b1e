// Errors with stable names, and how they travel out of the worker.

/** The root of all errors here. */
export class EmofuseError extends Error {}

/** The picture cannot be decoded. */
export class UnsupportedImageError extends EmofuseError {
    name = /** @type {const} */ ('UnsupportedImageError');
}

/** The picture has more bytes or pixels than are allowed. */
export class ImageTooLargeError extends EmofuseError {
    name = /** @type {const} */ ('ImageTooLargeError');
}

/** Neither a picture nor a caption with a word in it. */
export class EmptyPostError extends EmofuseError {
    name = /** @type {const} */ ('EmptyPostError');
}

/** The model file is none, is cut short, is too large, or is not one that this version reads. */
export class ModelFormatError extends EmofuseError {
    name = /** @type {const} */ ('ModelFormatError');
}

/** A fetched file is damaged or was altered. */
export class IntegrityError extends EmofuseError {
    name = /** @type {const} */ ('IntegrityError');
}

/** A file cannot be fetched. */
export class DownloadError extends EmofuseError {
    name = /** @type {const} */ ('DownloadError');
}

/** The back end cannot be used, or has failed. */
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
    IntegrityError,
    DownloadError,
    BackendError,
};

/**
 * An error as it travels: structured cloning would drop its class.
 *
 * @typedef {{ name: string, message: string }} PlainError
 */

/**
 * @param {unknown} error
 * @returns {PlainError}
 */
export function toPlainError(error) {
    return error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) };
}

/**
 * The error that a plain one stands for. Whatever has no name of ours, a trap for one, is the back end's failure.
 *
 * @param {PlainError} plain
 * @returns {EmofuseError}
 */
export function fromPlainError({ name, message }) {
    const Known = byName[name];
    return Known ? new Known(message) : new BackendError(`the back end failed: ${message}`);
}

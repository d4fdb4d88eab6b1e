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
export declare class EmofuseError extends Error {
}
/** The image cannot be decoded: it is not an image, has an unsupported format, or is damaged. */
export declare class UnsupportedImageError extends EmofuseError {
    name: 'UnsupportedImageError';
}
/** The image has more bytes or pixels than are allowed. */
export declare class ImageTooLargeError extends EmofuseError {
    name: 'ImageTooLargeError';
}
/** Neither an image nor a caption with a word in it. */
export declare class EmptyPostError extends EmofuseError {
    name: 'EmptyPostError';
}
/** The model reads images alone or captions alone, and the post lacks that. */
export declare class ModalityError extends EmofuseError {
    name: 'ModalityError';
}
/** The file is not an emofuse model, is truncated or too large, or needs another version. */
export declare class ModelFormatError extends EmofuseError {
    name: 'ModelFormatError';
}
/** A file is damaged or was changed. */
export declare class IntegrityError extends EmofuseError {
    /** The expected SHA-256, in hexadecimal; null if the file is not one of the package. */
    expected: string | null;
    /** The SHA-256 of the file; null if it is unknown. */
    found: string | null;
    name: 'IntegrityError';
    /**
     * @param {string} message
     * @param {{ expected?: string | null, found?: string | null }} [hashes]
     * @param {ErrorOptions} [options]
     */
    constructor(message: string, { expected, found }?: {
        expected?: string | null;
        found?: string | null;
    }, options?: ErrorOptions);
}
/** A file cannot be downloaded. */
export declare class DownloadError extends EmofuseError {
    name: 'DownloadError';
}
/** The back end cannot be used or has failed: no adapter, a failed self-test, a lost device, a crash. */
export declare class BackendError extends EmofuseError {
    name: 'BackendError';
}
/** The post took too long in the worker, which has been replaced. */
export declare class TimeoutError extends EmofuseError {
    name: 'TimeoutError';
}
/** The classifier has been disposed. */
export declare class DisposedError extends EmofuseError {
    name: 'DisposedError';
}
/** The call was aborted by its signal. */
export declare class AbortError extends EmofuseError {
    name: 'AbortError';
}
/**
 * Returns the messages of a back end's error in one line, without the backtrace.
 *
 * @param {string} message
 */
export declare function inOneLine(message: string): string;
export type PlainError = {
    name: string;
    message: string;
    expected?: string | null;
    found?: string | null;
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
export declare function toPlainError(error: unknown): PlainError;
/**
 * Restores an error from its plain form. An unknown error, such as a WebAssembly trap, becomes a BackendError.
 *
 * @param {PlainError} plain
 * @returns {EmofuseError}
 */
export declare function fromPlainError({ name, message, expected, found }: PlainError): EmofuseError;

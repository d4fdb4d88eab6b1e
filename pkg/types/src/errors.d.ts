/** The root of all errors here. */
export declare class EmofuseError extends Error {
}
/** The image cannot be decoded: not an image, a format not known here, or damaged. */
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
/** The file is not an emofuse model, is truncated or too large, or needs another version. */
export declare class ModelFormatError extends EmofuseError {
    name: 'ModelFormatError';
}
/** A file is damaged or was altered. */
export declare class IntegrityError extends EmofuseError {
    /** SHA-256 that the file should have, in hexadecimal; null where it is not a file of the package. */
    expected: string | null;
    /** SHA-256 that it has; null if that cannot be found out. */
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
/** A file cannot be fetched. */
export declare class DownloadError extends EmofuseError {
    name: 'DownloadError';
}
/** The back end cannot be used or has failed: no adapter, a failed self-test, a lost device, a crash. */
export declare class BackendError extends EmofuseError {
    name: 'BackendError';
}
/** The classifier has been disposed. */
export declare class DisposedError extends EmofuseError {
    name: 'DisposedError';
}
/** The call was aborted by its signal. */
export declare class AbortError extends EmofuseError {
    name: 'AbortError';
}
export type PlainError = {
    name: string;
    message: string;
    expected?: string | null;
    found?: string | null;
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
export declare function toPlainError(error: unknown): PlainError;
/**
 * The error that a plain one stands for. Whatever has no name of ours, a trap for one, is the back end's failure.
 *
 * @param {PlainError} plain
 * @returns {EmofuseError}
 */
export declare function fromPlainError({ name, message, expected, found }: PlainError): EmofuseError;

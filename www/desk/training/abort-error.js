// The error of what was cancelled.

/** Recognised by its name, as the package's own. */
export class AbortError extends Error {
    name = 'AbortError';
}

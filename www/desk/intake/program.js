// The WebAssembly program that parses tables and captions: the same code that `emofuse label` is built from.

import init, * as program from '../../wasm/posts/posts.js';
import { texts } from './texts.js';

/** @type {Promise<typeof program> | null} */
let loading = null;

/**
 * Loads the program once; after a failure the next call tries again.
 *
 * @returns {Promise<typeof program>} Rejects with an Error that says what to do.
 */
export function loadProgram() {
    loading ??= init().then(
        () => program,
        (cause) => {
            loading = null;
            throw new Error(texts.programFailed, { cause });
        },
    );
    return loading;
}

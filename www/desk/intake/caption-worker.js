// Reads captions out of metadata and sidecar files, off the page's main thread: such a file may take long to read.

import { loadProgram } from './program.js';

/** @typedef {{ id: number, sidecar: string | null, bytes: ArrayBuffer }} Asked The name of a sidecar file; null for an image. */

/**
 * A caption, if somebody wrote one, or why there is none.
 *
 * @typedef {{ id: number, text?: string | undefined, failure?: Failure }} Answer
 */

/** @typedef {{ message: string, isOfTheFile: boolean }} Failure Whether the person can do something about the file. */

const scope =
    /** @type {{ onmessage: (event: MessageEvent<Asked>) => void, postMessage: (message: Answer) => void }} */ (
        /** @type {unknown} */ (globalThis)
    );

/**
 * @param {Asked} asked
 * @returns {Promise<Answer>}
 */
async function answer({ id, sidecar, bytes }) {
    const { embeddedCaption, sidecarCaption } = await loadProgram();
    const content = new Uint8Array(bytes);
    if (sidecar === null) return { id, text: embeddedCaption(content) };
    try {
        return { id, text: sidecarCaption(sidecar, content) };
    } catch (error) {
        if (!(error instanceof Error) || error instanceof WebAssembly.RuntimeError) throw error;
        return { id, failure: { message: error.message, isOfTheFile: true } };
    }
}

scope.onmessage = async ({ data }) => {
    try {
        scope.postMessage(await answer(data));
    } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        scope.postMessage({ id: data.id, failure: { message, isOfTheFile: false } });
    }
};

// Decodes images and compares them, off the page's main thread.

import { HEIGHT, WIDTH, differenceHash, groupsOf } from './difference-hash.js';

/** @typedef {{ file: Blob } | { hashes: (import('./difference-hash.js').Hash | null)[] }} Question */

/** @typedef {{ id: number, question: { file?: Blob, hashes?: (import('./difference-hash.js').Hash | null)[] } }} Asked */

const scope =
    /** @type {{ onmessage: (event: MessageEvent<Asked>) => void, postMessage: (message: unknown) => void }} */ (
        /** @type {unknown} */ (globalThis)
    );
const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
const context = canvas.getContext('2d', { willReadFrequently: true });

/** @param {Blob} file */
async function hashOf(file) {
    const image = await createImageBitmap(file, {
        resizeWidth: WIDTH,
        resizeHeight: HEIGHT,
        resizeQuality: 'high',
    });
    context?.clearRect(0, 0, WIDTH, HEIGHT);
    context?.drawImage(image, 0, 0);
    image.close();
    return context ? differenceHash(context.getImageData(0, 0, WIDTH, HEIGHT).data) : null;
}

scope.onmessage = async ({ data: { id, question } }) => {
    const { file, hashes } = question;
    // What cannot be decoded resembles nothing; its post says what is wrong.
    const answer = hashes ? groupsOf(hashes) : file ? await hashOf(file).catch(() => null) : null;
    scope.postMessage({ id, answer });
};

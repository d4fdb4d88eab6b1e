// Has captions read by a worker.

import { texts } from './texts.js';

/** @typedef {import('./caption-worker.js').Answer} Answer */

/** The error for a sidecar file whose caption cannot be read; its message begins with a small letter and has no full stop. */
export class SidecarError extends Error {
    name = 'SidecarError';
}

/**
 * @typedef {object} Question
 * @property {string | null} sidecar
 * @property {ArrayBuffer} bytes
 * @property {(text: string | undefined) => void} resolve
 * @property {(error: Error) => void} reject
 */

/** A worker and its pending questions; started by the first question, and again by the next after a failure. */
class CaptionReader {
    /** @type {Worker | null} */
    #worker = null;
    /** @type {Map<number, Question>} */
    #waiting = new Map();
    #asked = 0;

    /**
     * @param {string | null} sidecar The name of a sidecar file; null for an image.
     * @param {ArrayBuffer} bytes
     * @returns {Promise<string | undefined>} The caption, if somebody wrote one.
     */
    read(sidecar, bytes) {
        return new Promise((resolve, reject) => this.#ask({ sidecar, bytes, resolve, reject }));
    }

    /** @param {Question} question */
    #ask(question) {
        this.#worker ??= this.#start();
        const id = ++this.#asked;
        this.#waiting.set(id, question);
        this.#worker.postMessage({ id, sidecar: question.sidecar, bytes: question.bytes });
    }

    #start() {
        const worker = new Worker(new URL('./caption-worker.js', import.meta.url), { type: 'module' });
        worker.onmessage = (/** @type {MessageEvent<Answer>} */ { data }) => this.#take(data);
        worker.onerror = (event) => {
            const error = new Error(texts.programFailed, { cause: event.message });
            for (const { reject } of this.#end()) reject(error);
        };
        return worker;
    }

    /** @param {Answer} answer */
    #take({ id, text, failure }) {
        const question = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (!failure) question?.resolve(text);
        else if (failure.isOfTheFile) question?.reject(new SidecarError(failure.message));
        else {
            question?.reject(new Error(failure.message));
            // What the program failed at may have damaged it: the other questions are for another one.
            for (const other of this.#end()) this.#ask(other);
        }
    }

    /** Ends the worker; returns the questions that it has not answered. */
    #end() {
        this.#worker?.terminate();
        this.#worker = null;
        const questions = [...this.#waiting.values()];
        this.#waiting.clear();
        return questions;
    }
}

const reader = new CaptionReader();

/** @param {ArrayBuffer} image */
export const embeddedCaption = (image) => reader.read(null, image);

/**
 * @param {string} name
 * @param {ArrayBuffer} bytes
 * @returns {Promise<string | undefined>} Rejects with a SidecarError if the file is invalid.
 */
export const sidecarCaption = (name, bytes) => reader.read(name, bytes);

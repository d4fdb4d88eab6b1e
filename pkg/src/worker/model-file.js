// Reads the caller's own model file once, wherever it is. It stays in memory, so that a restart does not read it again.

import { AbortError, DownloadError, ModelFormatError } from '../errors.js';
import { platform } from '../platform.js';

/**
 * @typedef {Blob | Response | URL} ModelSource The input of {@link readModel}; options.js creates it from the caller's
 *     option.
 */

/** A larger model would need several gigabytes of memory once its numbers are widened. */
export const MAX_MODEL_BYTES = 256 * 1024 * 1024;

/** The header of a model file: a mark, a version, the length of its description, and the length of the file. */
const MARK = 'EMOFUSE\0';
const LENGTH_OFFSET = 16;
const HEADER_BYTES = 24;

/**
 * Whether a model is the caller's own, not one published with emofuse.
 *
 * @param {ModelSource | import('../models.js').Published | null} model
 * @returns {model is ModelSource}
 */
export const isOwn = (model) => model instanceof Blob || model instanceof Response || model instanceof URL;

/**
 * @param {ModelSource} source
 * @param {(loaded: number, total: number) => void} onBytes Called with the number of bytes read and in total; 0 while
 *     unknown.
 * @param {AbortSignal | null} signal
 * @returns {Promise<Blob>} A copy in memory: a file on disk may change, a buffer may be transferred.
 */
export async function readModel(source, onBytes, signal) {
    if (signal?.aborted) throw aborted();
    if (source instanceof Blob) checkLength(source.size);
    const response = source instanceof URL ? await request(source, signal) : source;
    const reader = contentOf(response).getReader();
    // The reader is informed by the signal, or has already failed.
    const end = () => void reader.cancel().catch(() => {});
    signal?.addEventListener('abort', end);
    try {
        /** @type {Uint8Array<ArrayBuffer>[]} */
        const chunks = [];
        let loaded = 0;
        let total = 0;
        onBytes(loaded, total);
        for (let chunk = await read(reader, source, signal); chunk; chunk = await read(reader, source, signal)) {
            const isHeaderComing = loaded < HEADER_BYTES;
            chunks.push(chunk);
            loaded += chunk.length;
            if (isHeaderComing) total = await announcedLength(chunks);
            checkLength(Math.max(loaded, total));
            onBytes(loaded, total && Math.max(loaded, total));
        }
        return new Blob(chunks);
    } finally {
        signal?.removeEventListener('abort', end);
        end();
    }
}

/**
 * @param {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} reader
 * @param {ModelSource} source
 * @param {AbortSignal | null} signal
 * @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} Undefined at the end.
 */
async function read(reader, source, signal) {
    try {
        const { value } = await reader.read();
        if (!signal?.aborted) return value;
    } catch (error) {
        if (!signal?.aborted) {
            const message =
                source instanceof Blob
                    ? 'the model file cannot be read: it was changed, moved or deleted; choose it again'
                    : 'the connection broke while the model was fetched; try again';
            throw new DownloadError(message, { cause: error });
        }
    }
    throw aborted();
}

const aborted = () => new AbortError('loading was aborted');

/**
 * @param {URL} url
 * @param {AbortSignal | null} signal
 */
async function request(url, signal) {
    try {
        // Always revalidated: a retrained model has the same URL, and no manifest distinguishes the two.
        return await platform.fetch(url, { cache: 'no-cache', signal });
    } catch (error) {
        if (signal?.aborted) throw aborted();
        throw new DownloadError(
            `the model ${url} cannot be fetched; check the address and the connection, and that its server (CORS) and ` +
                'the Content-Security-Policy of this page permit it',
            { cause: error },
        );
    }
}

/**
 * @param {Blob | Response} source
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
function contentOf(source) {
    if (source instanceof Blob) return source.stream();
    const name = source.url ? `the model ${source.url}` : 'the model';
    if (!source.ok)
        throw new DownloadError(
            `${name} cannot be fetched (HTTP ${source.status}); check the address, or try again later`,
        );
    if (!source.body) throw new DownloadError(`${name} came without content; fetch it again`);
    return source.body;
}

/**
 * Returns the length in the file's header, as soon as enough bytes are there.
 *
 * @param {Uint8Array<ArrayBuffer>[]} chunks The beginning of the file.
 * @returns {Promise<number>} 0 while unknown.
 */
async function announcedLength(chunks) {
    const header = new DataView(await new Blob(chunks).slice(0, HEADER_BYTES).arrayBuffer());
    for (let index = 0; index < Math.min(MARK.length, header.byteLength); index++) {
        if (header.getUint8(index) !== MARK.charCodeAt(index)) {
            throw new ModelFormatError('this is not an emofuse model file; make one with `emofuse train`');
        }
    }
    return header.byteLength < HEADER_BYTES ? 0 : Number(header.getBigUint64(LENGTH_OFFSET, true));
}

/** @param {number} length */
function checkLength(length) {
    if (length <= MAX_MODEL_BYTES) return;
    const megabytes = Math.ceil(length / 1024 / 1024);
    const allowed = MAX_MODEL_BYTES / 1024 / 1024;
    throw new ModelFormatError(
        `the model file has ${megabytes} megabytes, more than the ${allowed} allowed; train one with fewer words or filters`,
    );
}

export type FileEntry = Pick<import('./download.js').FileEntry, 'file' | 'sha256'>;
/**
 * @param {FileEntry} entry
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>}
 */
export declare function readCached(entry: FileEntry): Promise<Uint8Array<ArrayBuffer> | null>;
/**
 * @param {FileEntry} entry
 * @param {Uint8Array<ArrayBuffer>} content
 * @returns {Promise<boolean>} Whether it is cached now.
 */
export declare function writeCached(entry: FileEntry, content: Uint8Array<ArrayBuffer>): Promise<boolean>;
/** @param {FileEntry} entry */
export declare function deleteCached(entry: FileEntry): Promise<void>;
/**
 * Whether a file is cached. Its content is not checked.
 *
 * @example
 * import { isCached, manifest } from 'emofuse/storage';
 *
 * if (!(await isCached(manifest.model))) console.log('The model has to be downloaded.');
 *
 * @param {FileEntry} entry
 * @returns {Promise<boolean>}
 */
export declare function isCached(entry: FileEntry): Promise<boolean>;

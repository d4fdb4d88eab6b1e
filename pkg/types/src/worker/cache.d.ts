export type FileEntry = import('./download.js').FileEntry;
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
 * Whether a file is there; its content is not looked at.
 *
 * @param {FileEntry} entry
 * @returns {Promise<boolean>}
 */
export declare function isCached(entry: FileEntry): Promise<boolean>;

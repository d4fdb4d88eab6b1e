export type FileEntry = {
    file: string;
    bytes: number;
    sha256: string;
    remedy?: string;
    /**
     * Beginnings of a model file with which captions can be
     * classified, the shortest first.
     */
    beginnings?: {
        bytes: number;
        sha256: string;
    }[];
};
export type PartListener = (content: Uint8Array<ArrayBuffer>, loaded: number) => void;
export type Storage = {
    /**
     * Whether the browser's Cache Storage is used.
     */
    cache: boolean;
    /**
     * Files in memory, by their SHA-256.
     */
    memory: ReadonlyMap<string, Blob>;
    /**
     * Keeps a file in memory because it could not be cached.
     */
    keep: (sha256: string, file: Blob) => void;
    /**
     * Pending writes to the cache; they never reject.
     */
    writing: Promise<void>[];
};
/**
 * @typedef {object} Storage
 * @property {boolean} cache Whether the browser's Cache Storage is used.
 * @property {ReadonlyMap<string, Blob>} memory Files in memory, by their SHA-256.
 * @property {(sha256: string, file: Blob) => void} keep Keeps a file in memory because it could not be cached.
 * @property {Promise<void>[]} writing Pending writes to the cache; they never reject.
 */
/**
 * Returns the file from memory, from the cache, or from its URL.
 *
 * @param {URL} url
 * @param {FileEntry} entry
 * @param {(loaded: number) => void} onBytes Called with how many bytes have come, uncompressed.
 * @param {Storage} storage
 * @param {PartListener} [onPart] Called while it comes from its address.
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export declare function getFile(url: URL, entry: FileEntry, onBytes: (loaded: number) => void, { cache, memory, keep, writing }: Storage, onPart?: PartListener): Promise<Uint8Array<ArrayBuffer>>;
/**
 * Rejects with an IntegrityError unless this is the file that the manifest lists.
 *
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {FileEntry} entry
 */
export declare function checkContent(content: Uint8Array<ArrayBuffer>, entry: FileEntry): Promise<void>;
/**
 * @param {Uint8Array<ArrayBuffer>} content
 * @returns {Promise<string | null>} Null without a secure context, which has no digest; the model file contains its
 *     own, which is checked on loading.
 */
export declare function sha256(content: Uint8Array<ArrayBuffer>): Promise<string | null>;

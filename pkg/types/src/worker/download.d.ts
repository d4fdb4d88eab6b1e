export type FileEntry = {
    file: string;
    bytes: number;
    sha256: string;
    remedy?: string;
};
export type Storage = {
    /**
     * Whether the browser's Cache Storage is used.
     */
    cache: boolean;
    /**
     * Files that are in memory, by their SHA-256.
     */
    memory: ReadonlyMap<string, Blob>;
    /**
     * Takes a file into memory, because the cache would not.
     */
    keep: (sha256: string, file: Blob) => void;
    /**
     * What is being written into the cache; never rejects.
     */
    writing: Promise<void>[];
};
/**
 * @typedef {object} Storage
 * @property {boolean} cache Whether the browser's Cache Storage is used.
 * @property {ReadonlyMap<string, Blob>} memory Files that are in memory, by their SHA-256.
 * @property {(sha256: string, file: Blob) => void} keep Takes a file into memory, because the cache would not.
 * @property {Promise<void>[]} writing What is being written into the cache; never rejects.
 */
/**
 * The file from memory, from the cache, or from its address.
 *
 * @param {URL} url
 * @param {FileEntry} entry
 * @param {(loaded: number) => void} onBytes Called with how many bytes have come, uncompressed.
 * @param {Storage} storage
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export declare function getFile(url: URL, entry: FileEntry, onBytes: (loaded: number) => void, { cache, memory, keep, writing }: Storage): Promise<Uint8Array<ArrayBuffer>>;
/**
 * Rejects with an IntegrityError unless this is the file that the manifest names.
 *
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {FileEntry} entry
 */
export declare function checkContent(content: Uint8Array<ArrayBuffer>, entry: FileEntry): Promise<void>;

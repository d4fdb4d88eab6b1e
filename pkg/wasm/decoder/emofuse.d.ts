/* tslint:disable */
/* eslint-disable */

/**
 * A decoded image; `free()` lets its pixels go.
 */
export class DecodedImage {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Rows of RGBA pixels, alpha not premultiplied.
     */
    readonly data: Uint8ClampedArray;
    /**
     * Rows.
     */
    readonly height: number;
    /**
     * Pixels in a row.
     */
    readonly width: number;
}

/**
 * Decodes a JPEG, PNG, WebP, GIF (its first frame) or BMP file and turns it upright as its EXIF orientation says.
 *
 * # Errors
 * An `Error` named `UnsupportedImageError` or `ImageTooLargeError`, as `emofuse_decode::decode` has them.
 */
export function decode(bytes: Uint8Array | number[]): DecodedImage;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_decodedimage_free: (a: number, b: number) => void;
    readonly __wbg_get_decodedimage_data: (a: number) => any;
    readonly __wbg_get_decodedimage_height: (a: number) => number;
    readonly __wbg_get_decodedimage_width: (a: number) => number;
    readonly decode: (a: number, b: number) => [number, number, number];
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path?: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;

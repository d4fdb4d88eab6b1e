/* tslint:disable */
/* eslint-disable */
/**
 * A row that cannot be used.
 */
export interface RowProblem {
    line: number;
    number: number;
    reason: string;
}

/**
 * How the bytes of a file became text.
 */
export type TextEncoding = "utf-8" | "damaged utf-8" | "utf-16" | "windows-1252";

/**
 * Names of all columns of a labelled table, in their order.
 */
export interface LabelledTable {
    names: string[];
    /**
     * The last cell of each row; null if the table has no column for it.
     */
    formulasEscaped: boolean | null;
}

/**
 * Names of the columns that mean something; null for what a table lacks.
 */
export interface ColumnMapping {
    caption: string | null;
    image: string | null;
    id: string | null;
    manualLabel: string | null;
}

/**
 * Rows of a table, in three lists of the same length, and the rows that cannot be used.
 */
export interface TablePart {
    /**
     * Cells of each row. A row of JSON may lack cells of columns that come only later.
     */
    rows: string[][];
    /**
     * The line in which each row begins, from 1.
     */
    lines: number[];
    /**
     * The place of each row among all rows of the file, from 1.
     */
    numbers: number[];
    problems: RowProblem[];
    isLast: boolean;
}

/**
 * The first rows of a table.
 */
export interface FirstRows {
    rows: string[][];
    columns: string[];
}


/**
 * Finds image files by what a table calls them.
 */
export class ImageFinder {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Adds files by their paths; they are numbered from 0 in the order in which they are added.
     */
    add(paths: string[]): void;
    /**
     * The number of the file that a cell names; `several` if more than one fits, undefined if none does.
     */
    find(cell: string): number | 'several' | undefined;
    /**
     * A finder without files, for a table in this folder of theirs; an empty name is the topmost folder.
     */
    constructor(folder: string);
}

/**
 * Finds the sidecar files of images among the files of one folder.
 */
export class SidecarFinder {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The places, among the names, of the sidecar files of an image, in the order of preference.
     */
    find(image: string): Uint32Array;
    /**
     * A finder among the names of a folder's files.
     */
    constructor(names: string[]);
}

/**
 * Counts files with images or videos that are not read.
 */
export class SkippedFiles {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Counts a file by its path, if its name is that of an image or a video that is not read.
     */
    add(path: string): void;
    /**
     * Counts nothing yet.
     */
    constructor();
    /**
     * A sentence for each kind: how many there are, which, and what to do.
     */
    notes(): string[];
}

/**
 * Reads a table in parts, so that the page can do other work in between.
 */
export class TableReader {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * A reader of a file; its name's ending gives the format, and CSV is the default.
     *
     * # Errors
     * An `Error` if the file is no table.
     */
    constructor(name: string, bytes: Uint8Array | number[]);
    /**
     * Reads rows until they have at least so many cells.
     *
     * # Errors
     * An `Error` if the file has too many columns.
     */
    read(cells: number): TablePart;
    /**
     * Names of the columns, each another; those of JSON are complete at the end.
     */
    readonly columns: string[];
    /**
     * How the bytes became text.
     */
    readonly encoding: TextEncoding;
    /**
     * The share of the file that was read, from 0 to 1.
     */
    readonly progress: number;
}

/**
 * Names of the columns that are added to a table for these labels, in their order; Plutchik's if they are left out.
 *
 * # Errors
 * An `Error` if these cannot be labels.
 */
export function addedColumns(labels?: string[] | null): string[];

/**
 * The name of the first column in which at least half of the filled cells are names of image files.
 */
export function columnOfImageNames(table: FirstRows): string | undefined;

/**
 * The caption in the metadata of an image file; undefined if there is none.
 */
export function embeddedCaption(image: Uint8Array | number[]): string | undefined;

/**
 * Places of a table's extra columns, which mean nothing here; `mapped` are the places of those that do. `labels` are the
 * names of the labels whose scores are no extra columns; Plutchik's if they are left out.
 *
 * # Errors
 * An `Error` if these cannot be labels.
 */
export function extraColumns(columns: string[], mapped: Uint32Array | number[], labels?: string[] | null): Uint32Array;

/**
 * The mapping that the names of the columns suggest.
 */
export function guessMapping(columns: string[]): ColumnMapping;

/**
 * Whether a file or a folder of this name is passed over: hidden ones, and thumbnails and bins of systems and programs.
 */
export function isPassedOver(name: string): boolean;

/**
 * The columns of a labelled table with these extra columns, which keep their names and their order. `labels` are the names
 * of the labels, each of which has a column of scores; Plutchik's if they are left out.
 *
 * # Errors
 * An `Error` if these cannot be labels.
 */
export function outputColumns(extra: string[], escapes_formulas: boolean, labels?: string[] | null): LabelledTable;

/**
 * The caption in a sidecar file; undefined if nobody wrote one in it.
 *
 * # Errors
 * An `Error` that says what is wrong with the file and what to do.
 */
export function sidecarCaption(name: string, bytes: Uint8Array | number[]): string | undefined;

/**
 * The caption that a text is, trimmed; undefined for a placeholder and for text that no person wrote.
 */
export function writtenCaption(text: string): string | undefined;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_imagefinder_free: (a: number, b: number) => void;
    readonly __wbg_sidecarfinder_free: (a: number, b: number) => void;
    readonly __wbg_skippedfiles_free: (a: number, b: number) => void;
    readonly __wbg_tablereader_free: (a: number, b: number) => void;
    readonly addedColumns: (a: number, b: number) => [number, number, number, number];
    readonly columnOfImageNames: (a: any) => [number, number, number, number];
    readonly embeddedCaption: (a: number, b: number) => [number, number];
    readonly extraColumns: (a: number, b: number, c: number, d: number, e: number, f: number) => [number, number, number, number];
    readonly guessMapping: (a: number, b: number) => [number, number, number];
    readonly imagefinder_add: (a: number, b: number, c: number) => void;
    readonly imagefinder_find: (a: number, b: number, c: number) => any;
    readonly imagefinder_new: (a: number, b: number) => number;
    readonly isPassedOver: (a: number, b: number) => number;
    readonly outputColumns: (a: number, b: number, c: number, d: number, e: number) => [number, number, number];
    readonly sidecarCaption: (a: number, b: number, c: number, d: number) => [number, number, number, number];
    readonly sidecarfinder_find: (a: number, b: number, c: number) => [number, number];
    readonly sidecarfinder_new: (a: number, b: number) => number;
    readonly skippedfiles_add: (a: number, b: number, c: number) => void;
    readonly skippedfiles_new: () => number;
    readonly skippedfiles_notes: (a: number) => [number, number];
    readonly tablereader_columns: (a: number) => [number, number];
    readonly tablereader_encoding: (a: number) => [number, number, number];
    readonly tablereader_new: (a: number, b: number, c: number, d: number) => [number, number, number];
    readonly tablereader_progress: (a: number) => number;
    readonly tablereader_read: (a: number, b: number) => [number, number, number];
    readonly writtenCaption: (a: number, b: number) => [number, number];
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __externref_drop_slice: (a: number, b: number) => void;
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

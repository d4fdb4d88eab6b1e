/* tslint:disable */
/* eslint-disable */

export type Emotion =
"joy" | "trust" | "fear" | "surprise" | "sadness" | "disgust" | "anger" | "anticipation" | "neutral";

/** A reason to doubt an answer. */
export type UncertainReason = "language" | "unknown_words" | "low_confidence" | "sides_disagree";

/** A probability for each label; they add up to 1. */
export type Scores = Record<Emotion, number>;

/** What a post conveys. */
export interface EngineResult {
    emotion: Emotion;
    confidence: number;
    /** The second label, if it is close and right often enough. */
    secondary: Emotion | null;
    scores: Scores;
    image: Scores | null;
    caption: Scores | null;
    agreement: number | null;
    uncertain: boolean;
    /** The reasons to doubt the answer; none if it is certain. */
    uncertain_because: UncertainReason[];
    timings_ms: { picture: number; caption: number; model: number };
    explanation: EngineExplanation | null;
}

/** What speaks for the emotion, above 0, and against it, below 0. */
export interface EngineExplanation {
    emotion: Emotion;
    /** What each part of the picture adds to the logarithm of the score, row by row; null without a picture. */
    heatmap: { width: number; height: number; values: number[]; area: Area } | null;
    /** What the score loses without each word; `start` and `end` count UTF-16 code units. */
    words: { text: string; start: number; end: number; contribution: number }[];
}

/** A part of a picture, in fractions of its width and height. */
export interface Area {
    left: number;
    top: number;
    width: number;
    height: number;
}

/** How the back end did on the post inside the model file. */
export interface SelfTestReport {
    passed: boolean;
    max_difference: number;
    tolerance: number;
}

/** What is loaded, and what it takes. */
export interface EngineDescription {
    id: string;
    sha256: string;
    labels: Emotion[];
    limits: { max_bytes: number; max_pixels: number; max_tokens: number; max_batch: number };
    /** The confidence from which on a post is sure: with a picture and a caption, a picture alone, a caption alone. */
    uncertain_below: { both: number; image: number; caption: number };
    backend: "cpu" | "webgpu";
    adapter: string | null;
}



/**
 * A loaded model on a device.
 */
export class Engine {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Says which emotion each post conveys and, where that is asked, what speaks for it. All posts go through the
     * networks in one go; `describe().limits.max_batch` is how many of them are worth it. The posts are taken away.
     *
     * # Errors
     * An `Error` named `BackendError` where the device fails, also where it is lost in the meantime.
     */
    classify(posts: PreparedPost[], explain: boolean): Promise<EngineResult[]>;
    /**
     * Says what is loaded, and what it takes.
     *
     * # Errors
     * None that is known; building an object can fail only where memory does.
     */
    describe(): EngineDescription;
    /**
     * Opens the device of this build and loads a model file onto it.
     *
     * # Errors
     * An `Error` whose `name` tells what is wrong with the device or the file.
     */
    static load(model: Uint8Array | number[]): Promise<Engine>;
    /**
     * Resizes a post's picture, whose pixels are then no longer needed, and reads its caption. `pixels` are RGBA, row
     * by row, alpha not premultiplied.
     *
     * # Errors
     * An `Error` whose `name` tells what is wrong with the post.
     */
    prepare(pixels: Uint8ClampedArray | null | undefined, width: number, height: number, caption?: string | null): PreparedPost;
    /**
     * Classifies the post inside the model file and compares the scores with those in it.
     *
     * # Errors
     * An `Error` named `BackendError` where the device fails.
     */
    selfTest(): Promise<SelfTestReport>;
}

/**
 * A post ready for the networks. `Engine.classify` takes it away; `free()` gives one up that is not classified.
 */
export class PreparedPost {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
}

/**
 * Runs once when the module is instantiated.
 */
export function start(): void;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_engine_free: (a: number, b: number) => void;
    readonly __wbg_preparedpost_free: (a: number, b: number) => void;
    readonly engine_classify: (a: number, b: number, c: number, d: number) => any;
    readonly engine_describe: (a: number) => [number, number, number];
    readonly engine_load: (a: number, b: number) => any;
    readonly engine_prepare: (a: number, b: number, c: number, d: number, e: number, f: number) => [number, number, number];
    readonly engine_selfTest: (a: number) => any;
    readonly start: () => void;
    readonly wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___js_sys_e3e65d75bcdfb580___Function_fn_wasm_bindgen_c158651c85e63e58___JsValue_____wasm_bindgen_c158651c85e63e58___sys__Undefined___js_sys_e3e65d75bcdfb580___Function_fn_wasm_bindgen_c158651c85e63e58___JsValue_____wasm_bindgen_c158651c85e63e58___sys__Undefined_______true_: (a: number, b: number, c: any, d: any) => void;
    readonly wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___wasm_bindgen_c158651c85e63e58___JsValue__core_c5930c85a12de822___result__Result_____wasm_bindgen_c158651c85e63e58___JsError___true_: (a: number, b: number, c: any) => [number, number];
    readonly wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___wasm_bindgen_c158651c85e63e58___sys__JsNullable_wgpu_ae5d5fd733acb9c___backend__webgpu__webgpu_sys__gen_GpuError__GpuError___core_c5930c85a12de822___result__Result_____wasm_bindgen_c158651c85e63e58___JsError___true_: (a: number, b: number, c: any) => [number, number];
    readonly wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___wasm_bindgen_c158651c85e63e58___sys__JsNullable_wgpu_ae5d5fd733acb9c___backend__webgpu__webgpu_sys__gen_GpuError__GpuError___core_c5930c85a12de822___result__Result_____wasm_bindgen_c158651c85e63e58___JsError___true__11: (a: number, b: number, c: any) => [number, number];
    readonly wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___wasm_bindgen_c158651c85e63e58___sys__JsNullable_wgpu_ae5d5fd733acb9c___backend__webgpu__webgpu_sys__gen_GpuError__GpuError___core_c5930c85a12de822___result__Result_____wasm_bindgen_c158651c85e63e58___JsError___true__12: (a: number, b: number, c: any) => [number, number];
    readonly wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___wgpu_ae5d5fd733acb9c___backend__webgpu__webgpu_sys__gen_GpuDeviceLostInfo__GpuDeviceLostInfo______true_: (a: number, b: number, c: any) => void;
    readonly wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___wgpu_ae5d5fd733acb9c___backend__webgpu__webgpu_sys__gen_GpuDeviceLostInfo__GpuDeviceLostInfo______true__10: (a: number, b: number, c: any) => void;
    readonly __wbindgen_malloc_command_export: (a: number, b: number) => number;
    readonly __wbindgen_realloc_command_export: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free_command_export: (a: number, b: number, c: number) => void;
    readonly __wbindgen_exn_store_command_export: (a: number) => void;
    readonly __externref_table_alloc_command_export: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_destroy_closure_command_export: (a: number, b: number) => void;
    readonly __externref_drop_slice_command_export: (a: number, b: number) => void;
    readonly __externref_table_dealloc_command_export: (a: number) => void;
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

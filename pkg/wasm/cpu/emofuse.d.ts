/* tslint:disable */
/* eslint-disable */

/** A label that has more than a name. */
export interface Label {
    name: string;
    /** For charts, as `#rrggbb`. */
    colour?: string;
    /** The heading under which it is listed. */
    group?: string;
}

/** What the networks make of a post: null for what it lacks or the model does not read. */
export interface PostFeatures {
    image: Float32Array | null;
    caption: Float32Array | null;
}


/**
 * A part of an image, in fractions of its width and height.
 */
export interface Area {
    left: number;
    top: number;
    width: number;
    height: number;
}

/**
 * A reason to doubt a result.
 */
export type UncertainReason = "language" | "unknown_words" | "low_confidence" | "sides_disagree";

/**
 * A word and what the score loses without it.
 */
export interface Word {
    text: string;
    /**
     * Where it begins in the caption, in UTF-16 code units.
     */
    start: number;
    /**
     * Where it ends.
     */
    end: number;
    contribution: number;
}

/**
 * How the back end did on the post inside the model file.
 */
export interface SelfTestReport {
    passed: boolean;
    max_difference: number;
    tolerance: number;
}

/**
 * The confidence from which on a result is sure, for posts with an image and a caption, an image alone, a caption alone.
 */
export interface UncertainBelow {
    both: number;
    image: number;
    caption: number;
}

/**
 * What a caller should check before sending pixels or text.
 */
export interface Limits {
    max_bytes: number;
    max_pixels: number;
    max_tokens: number;
    max_batch: number;
}

/**
 * What a post conveys.
 */
export interface EngineResult {
    /**
     * The label with the highest score.
     */
    emotion: string;
    confidence: number;
    /**
     * The second label, if it is close and right often enough.
     */
    secondary: string | null;
    scores: Record<string, number>;
    image: Record<string, number> | null;
    caption: Record<string, number> | null;
    agreement: number | null;
    uncertain: boolean;
    /**
     * The reasons to doubt the result; none if it is certain.
     */
    uncertain_because: UncertainReason[];
    timings_ms: Timings;
    explanation: EngineExplanation | null;
    /**
     * What each system of the model file says, the one that answers first; null unless it was asked for.
     */
    systems: EngineSystem[] | null;
}

/**
 * What a system says of a post.
 */
export interface EngineSystem {
    name: string;
    scores: Record<string, number>;
    /**
     * Without the caption; null without an image, or if the system does not read images.
     */
    image: Record<string, number> | null;
    /**
     * Without the image; null without a caption, or if the system does not read captions.
     */
    caption: Record<string, number> | null;
}

/**
 * What each part of the image adds to the logarithm of the score.
 */
export interface HeatMap {
    width: number;
    height: number;
    /**
     * Row by row.
     */
    values: number[];
    /**
     * The part of the image that the cells cover.
     */
    area: Area;
}

/**
 * What is loaded, and what it takes.
 */
export interface EngineDescription {
    id: string;
    sha256: string;
    /**
     * The labels in the order of the scores.
     */
    labels: (string | Label)[];
    /**
     * The label that says that none of the others applies.
     */
    none: string | null;
    /**
     * The system that classifies posts: `common_space`, `joint`, `early`, `late`, `image`, `caption` or `fasttext`.
     */
    system: string;
    limits: Limits;
    uncertain_below: UncertainBelow;
    backend: "cpu" | "webgpu";
    /**
     * The graphics adapter, where there is one and it has a name.
     */
    adapter: string | null;
}

/**
 * What raises the label's score, above 0, and what lowers it, below 0.
 */
export interface EngineExplanation {
    emotion: string;
    /**
     * Null without an image.
     */
    heatmap: HeatMap | null;
    /**
     * Every word of the caption, in order.
     */
    words: Word[];
}

/**
 * Where the time of a classification went, in milliseconds.
 */
export interface Timings {
    /**
     * Scaling and cropping of the image.
     */
    picture: number;
    /**
     * Tokens of the caption.
     */
    caption: number;
    /**
     * The networks.
     */
    model: number;
}


/**
 * A loaded model on a device.
 */
export class Engine {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Classifies posts and, with `explain`, attributes each score to parts of the image and words of the caption; with
     * `systems`, every system of the model file says what it makes of a post, and without either side. All posts go through the networks in one go; `describe().limits.max_batch` is how many of them are worth it. The posts are taken away.
     *
     * # Errors
     * An `Error` named `BackendError` where the device fails, also where it is lost in the meantime.
     */
    classify(posts: PreparedPost[], explain: boolean, systems: boolean): Promise<EngineResult[]>;
    /**
     * Describes what is loaded, and what it takes.
     *
     * # Errors
     * None that is known; building an object can fail only where memory does.
     */
    describe(): EngineDescription;
    /**
     * What the networks make of posts: the features that the system classifies them by. The posts are taken away.
     *
     * # Errors
     * An `Error` named `BackendError` where the device fails, also where it is lost in the meantime.
     */
    features(posts: PreparedPost[]): Promise<PostFeatures[]>;
    /**
     * Loads the first bytes of a model file of `length` bytes, for captions alone: what they need comes first. `classify`
     * rejects with an `Error` named `ModelIncompleteError` where a post needs more than that. Whether these are the right
     * bytes is for the caller to check; the self-test needs the whole file.
     *
     * # Errors
     * An `Error` whose `name` tells what is wrong with the file.
     */
    static loadBeginning(beginning: Uint8Array | number[], length: number): Promise<Engine>;
    /**
     * Opens the device of this build and loads a model file onto it. `digests`, if it is given, is SHA-256 of the file
     * without its last 32 bytes, then of the whole file; `crypto.subtle` computes them faster than they would be here.
     *
     * # Errors
     * An `Error` whose `name` tells what is wrong with the device or the file.
     */
    static load(model: Uint8Array | number[], digests?: Uint8Array | number[] | null): Promise<Engine>;
    /**
     * Resizes a post's image, whose pixels are then no longer needed, and tokenizes its caption. `pixels` are RGBA, row
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
    /**
     * Chooses the precision in which posts are fastest, by timing the post inside the model file; once is enough, and
     * the results are the same but for what back ends may differ by.
     *
     * # Errors
     * An `Error` named `BackendError` where the device fails.
     */
    tune(): Promise<void>;
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
    readonly engine_classify: (a: number, b: number, c: number, d: number, e: number) => any;
    readonly engine_describe: (a: number) => [number, number, number];
    readonly engine_features: (a: number, b: number, c: number) => any;
    readonly engine_load: (a: number, b: number, c: number, d: number) => any;
    readonly engine_loadBeginning: (a: number, b: number, c: number) => any;
    readonly engine_prepare: (a: number, b: number, c: number, d: number, e: number, f: number) => [number, number, number];
    readonly engine_selfTest: (a: number) => any;
    readonly engine_tune: (a: number) => any;
    readonly start: () => void;
    readonly wasm_bindgen_ac1a7079a96e760c___convert__closures_____invoke___js_sys_a8aef6114ce226eb___Function_fn_wasm_bindgen_ac1a7079a96e760c___JsValue_____wasm_bindgen_ac1a7079a96e760c___sys__Undefined___js_sys_a8aef6114ce226eb___Function_fn_wasm_bindgen_ac1a7079a96e760c___JsValue_____wasm_bindgen_ac1a7079a96e760c___sys__Undefined_______true_: (a: number, b: number, c: any, d: any) => void;
    readonly wasm_bindgen_ac1a7079a96e760c___convert__closures_____invoke___wasm_bindgen_ac1a7079a96e760c___JsValue__core_c5930c85a12de822___result__Result_____wasm_bindgen_ac1a7079a96e760c___JsError___true_: (a: number, b: number, c: any) => [number, number];
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_destroy_closure: (a: number, b: number) => void;
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

/* tslint:disable */
/* eslint-disable */
export const memory: WebAssembly.Memory;
export const __wbg_engine_free: (a: number, b: number) => void;
export const __wbg_preparedpost_free: (a: number, b: number) => void;
export const engine_classify: (a: number, b: number, c: number, d: number) => any;
export const engine_describe: (a: number) => [number, number, number];
export const engine_load: (a: number, b: number) => any;
export const engine_prepare: (a: number, b: number, c: number, d: number, e: number, f: number) => [number, number, number];
export const engine_selfTest: (a: number) => any;
export const start: () => void;
export const wasm_bindgen_805d2b4ae0cb47ca___convert__closures_____invoke___js_sys_cfc0e97cae1d0c11___Function_fn_wasm_bindgen_805d2b4ae0cb47ca___JsValue_____wasm_bindgen_805d2b4ae0cb47ca___sys__Undefined___js_sys_cfc0e97cae1d0c11___Function_fn_wasm_bindgen_805d2b4ae0cb47ca___JsValue_____wasm_bindgen_805d2b4ae0cb47ca___sys__Undefined_______true_: (a: number, b: number, c: any, d: any) => void;
export const wasm_bindgen_805d2b4ae0cb47ca___convert__closures_____invoke___wasm_bindgen_805d2b4ae0cb47ca___JsValue__core_c5930c85a12de822___result__Result_____wasm_bindgen_805d2b4ae0cb47ca___JsError___true_: (a: number, b: number, c: any) => [number, number];
export const __wbindgen_exn_store: (a: number) => void;
export const __externref_table_alloc: () => number;
export const __wbindgen_externrefs: WebAssembly.Table;
export const __wbindgen_free: (a: number, b: number, c: number) => void;
export const __wbindgen_malloc: (a: number, b: number) => number;
export const __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
export const __wbindgen_destroy_closure: (a: number, b: number) => void;
export const __externref_drop_slice: (a: number, b: number) => void;
export const __externref_table_dealloc: (a: number) => void;
export const __wbindgen_start: () => void;

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
export const wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___js_sys_e3e65d75bcdfb580___Function_fn_wasm_bindgen_c158651c85e63e58___JsValue_____wasm_bindgen_c158651c85e63e58___sys__Undefined___js_sys_e3e65d75bcdfb580___Function_fn_wasm_bindgen_c158651c85e63e58___JsValue_____wasm_bindgen_c158651c85e63e58___sys__Undefined_______true_: (a: number, b: number, c: any, d: any) => void;
export const wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___wasm_bindgen_c158651c85e63e58___JsValue__core_c5930c85a12de822___result__Result_____wasm_bindgen_c158651c85e63e58___JsError___true_: (a: number, b: number, c: any) => [number, number];
export const wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___wasm_bindgen_c158651c85e63e58___sys__JsNullable_wgpu_ae5d5fd733acb9c___backend__webgpu__webgpu_sys__gen_GpuError__GpuError___core_c5930c85a12de822___result__Result_____wasm_bindgen_c158651c85e63e58___JsError___true_: (a: number, b: number, c: any) => [number, number];
export const wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___wasm_bindgen_c158651c85e63e58___sys__JsNullable_wgpu_ae5d5fd733acb9c___backend__webgpu__webgpu_sys__gen_GpuError__GpuError___core_c5930c85a12de822___result__Result_____wasm_bindgen_c158651c85e63e58___JsError___true__11: (a: number, b: number, c: any) => [number, number];
export const wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___wasm_bindgen_c158651c85e63e58___sys__JsNullable_wgpu_ae5d5fd733acb9c___backend__webgpu__webgpu_sys__gen_GpuError__GpuError___core_c5930c85a12de822___result__Result_____wasm_bindgen_c158651c85e63e58___JsError___true__12: (a: number, b: number, c: any) => [number, number];
export const wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___wgpu_ae5d5fd733acb9c___backend__webgpu__webgpu_sys__gen_GpuDeviceLostInfo__GpuDeviceLostInfo______true_: (a: number, b: number, c: any) => void;
export const wasm_bindgen_c158651c85e63e58___convert__closures_____invoke___wgpu_ae5d5fd733acb9c___backend__webgpu__webgpu_sys__gen_GpuDeviceLostInfo__GpuDeviceLostInfo______true__10: (a: number, b: number, c: any) => void;
export const __wbindgen_malloc_command_export: (a: number, b: number) => number;
export const __wbindgen_realloc_command_export: (a: number, b: number, c: number, d: number) => number;
export const __wbindgen_free_command_export: (a: number, b: number, c: number) => void;
export const __wbindgen_exn_store_command_export: (a: number) => void;
export const __externref_table_alloc_command_export: () => number;
export const __wbindgen_externrefs: WebAssembly.Table;
export const __wbindgen_destroy_closure_command_export: (a: number, b: number) => void;
export const __externref_drop_slice_command_export: (a: number, b: number) => void;
export const __externref_table_dealloc_command_export: (a: number) => void;
export const __wbindgen_start: () => void;

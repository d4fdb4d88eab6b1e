// URLs of the package's files. This module is in the package's root and uses literal URLs, so that bundlers find the
// files. Bundlers that keep URLs as they are (esbuild) resolve them against their own output.

/** URLs of the programs and of the default model. */
export const files = {
    cpu: () => new URL('./wasm/cpu/emofuse_bg.wasm', import.meta.url),
    webgpu: () => new URL('./wasm/webgpu/emofuse_bg.wasm', import.meta.url),
    model: () => new URL('./model/emofuse-default.emofuse', import.meta.url),
};

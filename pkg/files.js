// Where the package's files are. In the package's root and written so that bundlers find the files: those that leave
// addresses as they are (esbuild) look for them below their own output.

/** Addresses of the programs and of the default model. */
export const files = {
    cpu: () => new URL('./wasm/cpu/emofuse_bg.wasm', import.meta.url),
    webgpu: () => new URL('./wasm/webgpu/emofuse_bg.wasm', import.meta.url),
    model: () => new URL('./model/emofuse-default.emofuse', import.meta.url),
};

import { build } from 'esbuild';

await build({
    entryPoints: {
        main: 'main.js',
        // Beside the output, under these names: esbuild does not follow new URL('./worker.js', import.meta.url).
        worker: 'emofuse/worker',
        'wasm/cpu/emofuse_bg': 'emofuse/wasm/cpu/emofuse_bg.wasm',
        'wasm/webgpu/emofuse_bg': 'emofuse/wasm/webgpu/emofuse_bg.wasm', // not with backend: 'cpu'
        'model/emofuse-default': 'emofuse/model/emofuse-default.emofuse', // not with a model of one's own
    },
    loader: { '.wasm': 'copy', '.emofuse': 'copy' },
    bundle: true,
    minify: true,
    format: 'esm', // import.meta is empty in any other
    splitting: true, // or the WebGPU program's code is in the first load
    outdir: 'www',
});

// The package `emofuse`. This is the one module of the page that knows where the package is served.

import './pkg/src/trusted-types.js';

export * from './pkg/index.js';
export { cacheCpuProgram, isCached, manifest, publishedModel } from './pkg/src/storage.js';

// The files that the desk writes.

export { toCsv } from './csv.js';
export { hasText, toDoccano } from './doccano.js';
export { toJsonLines } from './jsonl.js';
export { toLabelStudio, toLabelStudioConfig } from './label-studio.js';
export { toManifest } from './manifest.js';
export { FORMATS, fileName } from './formats.js';
export { isForTraining, recipe, toTrainingTable } from './training.js';

/** @typedef {import('./rows.js').Context} Context */
/** @typedef {import('./rows.js').ExportOptions} ExportOptions */

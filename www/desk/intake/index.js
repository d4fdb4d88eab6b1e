// The sources of the desk: folders, files and tables, and the posts made of them.

export { findCaption } from './captions.js';
export { canPickFolder, isImage, isTable, listDrop, listFiles, listHandles, pickFolder } from './listing.js';
export { columnOfImageNames, guessMapping } from './mapping.js';
export { postsOfFolder, postsOfTable } from './posts.js';
export { TableError, readTable } from './table.js';
export { TimeSlice } from '../time-slice.js';

/** @typedef {import('./listing.js').ListedFile} ListedFile */
/** @typedef {import('./listing.js').Listing} Listing */
/** @typedef {import('./mapping.js').Mapping} Mapping */
/** @typedef {import('./posts.js').Posts} Posts */
/** @typedef {import('./table.js').Table} Table */

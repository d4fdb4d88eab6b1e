// Puts the page's libraries, which npm installed, into www/libraries as modules that a browser imports as they are.
//
//     node tools/libraries.mjs
import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const target = (/** @type {string} */ name) => fileURLToPath(new URL(`../www/libraries/${name}.js`, import.meta.url));

const MODULES = { idb: 'idb/build/index.js' };

for (const [name, file] of Object.entries(MODULES)) await copyFile(require.resolve(file), target(name));

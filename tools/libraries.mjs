// Puts the page's libraries, which npm installed, into www/libraries as modules that a browser imports as they are.
//
//     node tools/libraries.mjs
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const target = (/** @type {string} */ name) => fileURLToPath(new URL(`../www/libraries/${name}.js`, import.meta.url));

/** Libraries that are modules already. */
const MODULES = { idb: 'idb/build/index.js' };

/** Libraries that take themselves for CommonJS where there is a `module`. */
const SCRIPTS = { papaparse: 'papaparse/papaparse.min.js' };

for (const [name, file] of Object.entries(MODULES)) await copyFile(require.resolve(file), target(name));
for (const [name, file] of Object.entries(SCRIPTS)) {
    const source = (await readFile(require.resolve(file), 'utf8')).replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
    await writeFile(
        target(name),
        `const module = { exports: {} };\nconst { exports } = module;\n${source}\nexport default module.exports;\n`,
    );
}

// Text never becomes markup or code.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What turns text into markup or code. */
const SINKS =
    /\b(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|parseHTMLUnsafe|srcdoc|createContextualFragment|DOMParser)\b|\bdocument\s*\.\s*write(ln)?\b|\beval\s*\(|\bnew\s+Function\s*\(|\bset(Timeout|Interval)\s*\(\s*['"`]/;

/** @param {string} code */
const sinkOf = (code) => SINKS.exec(code.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''))?.[0] ?? null;

test('nothing in page, desk, extension and package makes markup or code from text', async () => {
    let files = 0;
    for (const folder of ['www', 'pkg'])
        for (const name of await readdir(join(root, folder), { recursive: true })) {
            if (!/\.(m?js|html)$/.test(name) || name.split(sep).includes('node_modules')) continue;
            files += 1;
            const text = await readFile(join(root, folder, name), 'utf8');
            assert.equal(sinkOf(text), null, `${folder}/${name}`);
            assert.doesNotMatch(text, /\son[a-z]+\s*=\s*"/, `${folder}/${name} has no handler in its markup`);
        }
    assert.ok(files > 150, `${files} files`);
});

test('such code would be found', () => {
    for (const code of [
        'node.innerHTML = text;',
        'node.outerHTML=text',
        "node.insertAdjacentHTML('beforeend', text)",
        'document.write(text)',
        "new DOMParser().parseFromString(text, 'text/html')",
        'eval(text)',
        'new Function(text)()',
        "setTimeout('go()', 1)",
    ])
        assert.notEqual(sinkOf(code), null, code);
    for (const code of ['// innerHTML', '/* eval(text) */', 'setTimeout(() => go(), 1)', 'node.textContent = text'])
        assert.equal(sinkOf(code), null, code);
});

// The documents: the code in the README prints what its comments say, and links lead somewhere.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

test('the code in the README prints what its comments say', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const [, code = ''] = readme.match(/^```js\n([\s\S]*?)^```$/m) ?? [];
    const expected = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, output]) => output);
    assert.ok(expected.length > 0);
    const installed = new URL('../../pkg/src/node/index.js', import.meta.url).href;
    const script = code.replace("'emofuse'", JSON.stringify(installed));
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
    assert.deepEqual(stdout.trimEnd().split('\n'), expected);
});

/** The anchor that forges give a heading. @param {string} heading */
const anchorOf = (heading) =>
    heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-');

test('every link of a document leads to a file, and to a heading of it', async () => {
    const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
        cwd: root,
    });
    const documents = stdout.trimEnd().split('\n');
    assert.ok(documents.length > 10);
    let links = 0;
    for (const document of documents) {
        const text = (await readFile(join(root, document), 'utf8')).replace(/^```[\s\S]*?^```$/gm, '');
        for (const [, target = ''] of text.matchAll(/(?<!!)\[[^\]]*\]\(([^)\s]+)\)/g)) {
            if (/^[a-z]+:/i.test(target)) continue;
            links += 1;
            const [path = '', anchor] = target.split('#');
            const file = path === '' ? join(root, document) : join(root, dirname(document), path);
            assert.ok(await stat(file).catch(() => null), `${document} links to ${target}, which is not there`);
            if (!anchor) continue;
            const headings = [...(await readFile(file, 'utf8')).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
                anchorOf(heading),
            );
            assert.ok(headings.includes(anchor), `${document} links to ${target}: there is no such heading`);
        }
    }
    assert.ok(links > 20);
});

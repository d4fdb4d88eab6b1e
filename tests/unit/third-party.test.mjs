// The licences and the bill of materials of the package, for made-up crates.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { billOf, filesToPassOn, noticesOf } from '../../tools/third-party.mjs';

/**
 * @param {string} name
 * @param {string} licence
 * @param {Record<string, string>} files
 */
const crate = (name, licence, files) => ({
    name,
    version: '1.0.0+a',
    licence,
    authors: ['Somebody'],
    repository: name === 'quiet' ? null : `https://example.org/${name}`,
    sha256: 'ab'.repeat(32),
    files: Object.entries(files).map(([file, text]) => ({ name: file, text })),
});

test('the licence that is followed is passed on, and notices always', () => {
    const names = (/** @type {string} */ licence, /** @type {string[]} */ ...files) =>
        filesToPassOn(
            licence,
            files.map((name) => ({ name })),
        ).map(({ name }) => name);
    assert.deepEqual(names('MIT OR Apache-2.0', 'LICENSE-APACHE', 'LICENSE-MIT'), ['LICENSE-MIT']);
    assert.deepEqual(names('Apache-2.0', 'LICENSE-APACHE', 'LICENSE-MIT', 'NOTICE'), ['NOTICE', 'LICENSE-APACHE']);
    assert.deepEqual(names('MIT OR Apache-2.0', 'LICENSE'), ['LICENSE']);
    assert.deepEqual(names('Unlicense OR MIT', 'COPYING', 'LICENSE-MIT', 'UNLICENSE'), ['LICENSE-MIT']);
    assert.deepEqual(names('(MIT OR Apache-2.0) AND Unicode-3.0', 'LICENSE-MIT', 'LICENSE-UNICODE'), ['LICENSE-MIT']);
});

test('each text stands once, with all its crates, and what comes without one is named', () => {
    const text = noticesOf([
        crate('first', 'MIT', { LICENSE: 'Some  terms\r\n' }),
        crate('quiet', 'MIT', {}),
        crate('second', 'MIT', { LICENSE: 'Some terms' }),
    ]);
    assert.equal(text.match(/Some +terms/g)?.length, 1);
    assert.match(text, /-{80}\nfirst 1\.0\.0\+a\nsecond 1\.0\.0\+a\n\nSome {2}terms\n$/);
    assert.match(text, /quiet 1\.0\.0\+a: MIT; by Somebody\n/);
});

test('the bill names every crate once, with its hash, and which program it is in', () => {
    const [first, second] = [crate('first', 'MIT', {}), crate('second', 'Zlib', {})];
    const manifest = { name: 'package', version: '2.0.0', description: '', license: 'MIT' };
    const bill = billOf(manifest, { 'wasm/b.wasm': [second, first], 'wasm/a.wasm': [first] });
    const places = bill.components.map((component) => component['bom-ref']);
    const crates = ['pkg:cargo/first@1.0.0%2Ba', 'pkg:cargo/second@1.0.0%2Ba'];
    const programs = ['pkg:npm/package@2.0.0#wasm/a.wasm', 'pkg:npm/package@2.0.0#wasm/b.wasm'];
    assert.deepEqual(places, [...programs, ...crates]);
    assert.deepEqual(bill.dependencies.slice(0, 3), [
        { ref: 'pkg:npm/package@2.0.0', dependsOn: programs },
        { ref: programs[0], dependsOn: [crates[0]] },
        { ref: programs[1], dependsOn: crates },
    ]);
    assert.deepEqual(
        bill,
        billOf(manifest, { 'wasm/a.wasm': [first], 'wasm/b.wasm': [first, second] }),
        'in any order',
    );
});

test('the package’s own bill refers to what is in it, and has nothing that changes by itself', () => {
    const bill = JSON.parse(readFileSync(new URL('../../pkg/sbom.cdx.json', import.meta.url), 'utf8'));
    assert.equal(`${bill.bomFormat} ${bill.specVersion}`, 'CycloneDX 1.6');
    assert.ok(!('serialNumber' in bill) && !('timestamp' in bill.metadata));
    const places = new Set(bill.components.map((/** @type {{ 'bom-ref': string }} */ part) => part['bom-ref']));
    assert.equal(places.size, bill.components.length);
    for (const { ref, dependsOn = [] } of bill.dependencies.slice(1))
        for (const place of [ref, ...dependsOn]) assert.ok(places.has(place), place);
    const crates = bill.components.filter((/** @type {{ type: string }} */ { type }) => type === 'library');
    assert.ok(crates.length > 100);
    for (const { name, hashes, licenses } of crates) {
        assert.match(hashes[0].content, /^[0-9a-f]{64}$/, name);
        assert.ok(licenses[0].expression, name);
    }
});

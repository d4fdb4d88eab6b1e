// What the check of NOTICE finds, for made-up crates.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenLicences, missingIn } from '../../tools/notice.mjs';

test('of the licences that a crate offers, the project’s own are followed, else the first', () => {
    for (const [expression, chosen] of /** @type {[string, string[]][]} */ ([
        ['MIT', ['MIT']],
        ['MIT OR Apache-2.0', ['MIT']],
        ['MIT/Apache-2.0', ['MIT']],
        ['GPL-3.0-only / MIT', ['MIT']],
        ['GPL-3.0-only OR Zlib', ['GPL-3.0-only']],
        ['MIT AND Zlib', ['MIT', 'Zlib']],
        ['(MIT OR Apache-2.0) AND Unicode-3.0', ['MIT', 'Unicode-3.0']],
        ['Zlib OR MIT AND Apache-2.0', ['MIT', 'Apache-2.0']],
        ['Apache-2.0 WITH LLVM-exception', ['Apache-2.0 WITH LLVM-exception']],
        ['MIT AND MIT', ['MIT']],
    ]))
        assert.deepEqual(chosenLicences(expression), chosen, expression);
    assert.throws(() => chosenLicences('Made-Up-1.0'));
});

test('every licence has to be named, and each crate under another than the project’s own', () => {
    const crates = [
        { name: 'ours', licence: 'Zlib OR MIT' },
        { name: 'hash', licence: 'Zlib' },
        { name: 'hash-more', licence: 'Zlib' },
        { name: 'float', licence: 'Apache-2.0 WITH LLVM-exception' },
    ];
    const whole = 'Under the MIT License (MIT). hash and\nhash-more: (Zlib). float: (Apache-2.0 WITH\nLLVM-exception)';
    assert.deepEqual(missingIn(whole, crates), []);
    assert.deepEqual(missingIn(whole.replace('hash and', ''), crates), [
        'NOTICE does not name the crate hash, which is under Zlib',
    ]);
    assert.deepEqual(missingIn(whole.replace('Zlib', 'zlib-ng'), crates), ['NOTICE does not name the licence Zlib']);
    assert.deepEqual(missingIn(whole.replace('LLVM-exception', ''), crates), [
        'NOTICE does not name the licence Apache-2.0 WITH LLVM-exception',
    ]);
    assert.deepEqual(missingIn(whole, [{ name: 'mute', licence: '' }]), [
        'mute names no licence; see what its files say',
    ]);
});

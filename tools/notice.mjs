// Whether NOTICE names every licence that crates in the package's programs are under, and each crate that is under
// another than the project's own.
//
// node tools/notice.mjs [--list]
//
// Whether the licences are allowed is cargo-deny's matter (deny.toml). --list prints what each program holds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import parse from 'spdx-expression-parse';
import { PROGRAMS, linkedCrates } from './programs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The project's own licences, whose text is in the package: crates under these are not listed one by one. */
const OWN_LICENCES = ['Apache-2.0', 'MIT'];

/**
 * The licences to follow of those that an expression offers: the first alternative with the fewest that are not the
 * project's own.
 *
 * @param {string} expression In SPDX's form, or with a slash for OR as crates once wrote it.
 * @returns {string[]}
 * @throws {Error} if it is not such an expression
 */
export function chosenLicences(expression) {
    const foreign = (/** @type {string[]} */ licences) =>
        licences.filter((licence) => !OWN_LICENCES.includes(licence)).length;
    const [first = [], ...others] = alternatives(parse(expression.replaceAll(/\s*\/\s*/g, ' OR ')));
    return others.reduce((best, licences) => (foreign(licences) < foreign(best) ? licences : best), first);
}

/**
 * The sets of licences of which following one is enough.
 *
 * @param {import('spdx-expression-parse').Info} node
 * @returns {string[][]}
 */
function alternatives(node) {
    if ('license' in node) {
        const licence = node.license + (node.plus ? '+' : '');
        return [[node.exception ? `${licence} WITH ${node.exception}` : licence]];
    }
    const [left, right] = [alternatives(node.left), alternatives(node.right)];
    if (node.conjunction === 'or') return [...left, ...right];
    return left.flatMap((one) => right.map((other) => [...new Set([...one, ...other])]));
}

/**
 * What is missing in the text of NOTICE.
 *
 * @param {{ name: string, licence: string }[]} crates
 * @param {string} notice
 * @returns {string[]}
 */
export function missingIn(notice, crates) {
    const text = notice.replaceAll(/\s+/g, ' ');
    const has = (/** @type {string} */ word) =>
        new RegExp(`(?<![\\w-])${word.replaceAll(/[.+]/g, '\\$&')}(?![\\w-])`).test(text);
    const missing = new Set();
    for (const { name, licence } of crates) {
        if (!licence) {
            missing.add(`${name} names no licence; see what its files say`);
            continue;
        }
        for (const chosen of chosenLicences(licence)) {
            if (!has(chosen)) missing.add(`NOTICE does not name the licence ${chosen}`);
            if (!OWN_LICENCES.includes(chosen) && !has(name))
                missing.add(`NOTICE does not name the crate ${name}, which is under ${chosen}`);
        }
    }
    return [...missing];
}

/**
 * The crates that are linked into a program.
 *
 * @param {string} program
 */
function cratesOf(program) {
    const lines = linkedCrates(program, '{p}\t{l}');
    return lines.map((line) => {
        const [crate = '', licence = ''] = line.split('\t');
        const [name = '', version = ''] = crate.split(' ');
        return { name, version, licence };
    });
}

function main() {
    const crates = Object.keys(PROGRAMS).flatMap((program) =>
        cratesOf(program).map((crate) => ({ program, ...crate })),
    );
    if (process.argv.includes('--list')) {
        for (const { program, name, version, licence } of crates)
            console.log([program, name, version, licence].join('\t'));
        return;
    }
    const missing = missingIn(readFileSync(join(root, 'NOTICE'), 'utf8'), crates);
    for (const problem of missing) console.error(problem);
    if (missing.length > 0) process.exitCode = 1;
    else console.log('NOTICE names the licences of what is in the programs');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();

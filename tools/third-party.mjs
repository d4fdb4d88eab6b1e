// What others wrote in the WebAssembly programs: the licences that come along with it, and the list of parts.
//
//     ./build.sh third-party write    after a dependency has changed
//     ./build.sh third-party check    fails where the files are out of date
//
// pkg/THIRD-PARTY-NOTICES.txt has the texts that the crates' authors ask to pass on, each once, for all programs.
// pkg/sbom.cdx.json is the npm package's bill of materials (CycloneDX). Both follow from Cargo.lock alone and are the same
// on each machine: no time and no random number is in them.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chosenLicences } from './notice.mjs';
import { PROGRAMS, linkedCrates } from './programs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {object} Crate
 * @property {string} name
 * @property {string} version
 * @property {string} licence An expression in SPDX's form.
 * @property {string[]} authors
 * @property {string | null} repository
 * @property {string} sha256 Of the file on crates.io.
 * @property {{ name: string, text: string }[]} files Those with a licence or a notice.
 */

/** Names of files with a licence or a notice. */
const LICENCE_FILE = /^(?:.*[-_.])?(licen[cs]es?|copying|copyright|notice|unlicense)(?:[-_.].*)?$/i;

/** What the names of files say about the licence in them. */
const NAMED = { MIT: /mit/i, 'Apache-2.0': /apache/i, Zlib: /zlib/i, 'BSL-1.0': /boost|bsl/i, ISC: /isc/i };

/**
 * The files to pass on: a notice always, of licences those that are followed, all where the names do not tell.
 *
 * @template {{ name: string }} File
 * @param {string} licence
 * @param {File[]} files
 * @returns {File[]}
 */
export function filesToPassOn(licence, files) {
    const isNotice = (/** @type {File} */ { name }) => /notice/i.test(name);
    const licences = files.filter((file) => !isNotice(file));
    const chosen = chosenLicences(licence).flatMap((name) => {
        const named = /** @type {Record<string, RegExp>} */ (NAMED)[name];
        return named ? licences.filter((file) => named.test(file.name)) : [];
    });
    return [...files.filter(isNotice), ...(chosen.length ? [...new Set(chosen)] : licences)];
}

/** The text as it is compared and written: without white space at the ends of lines, and without empty lines around it. */
const plain = (/** @type {string} */ text) =>
    text
        .replace(/^\ufeff/, '')
        .replaceAll('\r', '')
        .split('\n')
        .map((line) => line.trimEnd())
        .join('\n')
        .replace(/^\n+|\n+$/g, '');

/** @param {{ name: string, version: string }} crate */
const nameOf = ({ name, version }) => `${name} ${version}`;

/** @type {(a: string, b: string) => number} */
const inOrder = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The texts of all crates, each once, with the crates that it is of.
 *
 * @param {Crate[]} crates
 * @returns {string}
 */
export function noticesOf(crates) {
    /** @type {Map<string, { text: string, crates: string[] }>} */
    const texts = new Map();
    const without = [];
    for (const crate of crates) {
        const files = filesToPassOn(crate.licence, crate.files);
        if (!files.some(({ name }) => !/notice/i.test(name))) without.push(crate);
        for (const { text } of files) {
            const key = text.replaceAll(/\s+/g, ' ').trim();
            const known = texts.get(key) ?? { text: plain(text), crates: [] };
            if (!known.crates.includes(nameOf(crate))) known.crates.push(nameOf(crate));
            texts.set(key, known);
        }
    }
    const line = '-'.repeat(80);
    const sections = [...texts.values()]
        .toSorted((a, b) => inOrder(a.crates.join(), b.crates.join()) || inOrder(a.text, b.text))
        .map(({ text, crates: names }) => `${line}\n${names.join('\n')}\n\n${text}\n`);
    const parts = crates.map((crate) => `${nameOf(crate)}: ${crate.licence}`);
    const bare = without.map(
        (crate) =>
            `${nameOf(crate)}: ${crate.licence}; by ${crate.authors.join(', ') || 'its authors'}${crate.repository ? `, ${crate.repository}` : ''}`,
    );
    return `What others wrote in the WebAssembly programs of emofuse, and under which licences; NOTICE names
the other works. tools/third-party.mjs writes this file.

${parts.join('\n')}

${bare.length ? `These come without the text of their licence; that of the Apache License, Version 2.0, and of the\nMIT License is in LICENSE-APACHE and LICENSE-MIT:\n\n${bare.join('\n')}\n\n` : ''}${sections.join('\n')}`;
}

/**
 * The bill of materials of the npm package, in CycloneDX's JSON.
 *
 * @param {{ name: string, version: string, description: string, license: string }} manifest
 * @param {Record<string, Crate[]>} programs The crates of each program, by its path in the package.
 */
export function billOf({ name, version, description, license }, programs) {
    const reference = `pkg:npm/${name}@${version}`;
    const purl = (/** @type {{ name: string, version: string }} */ crate) =>
        `pkg:cargo/${crate.name}@${crate.version.replaceAll('+', '%2B')}`;
    const crates = new Map(
        Object.values(programs)
            .flat()
            .map((crate) => [purl(crate), crate]),
    );
    const programReference = (/** @type {string} */ path) => `${reference}#${path}`;
    const components = [...crates]
        .toSorted(([a], [b]) => inOrder(a, b))
        .map(([place, crate]) => ({
            type: 'library',
            'bom-ref': place,
            name: crate.name,
            version: crate.version,
            hashes: [{ alg: 'SHA-256', content: crate.sha256 }],
            licenses: [{ expression: crate.licence }],
            purl: place,
            ...(crate.repository ? { externalReferences: [{ type: 'vcs', url: crate.repository }] } : {}),
        }));
    const paths = Object.keys(programs).toSorted();
    return {
        $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
        bomFormat: 'CycloneDX',
        specVersion: '1.6',
        version: 1,
        metadata: {
            component: {
                type: 'library',
                'bom-ref': reference,
                name,
                version,
                description,
                licenses: [{ expression: license }],
                purl: reference,
            },
        },
        components: [
            ...paths.map((path) => ({
                type: 'application',
                'bom-ref': programReference(path),
                name: path,
                version,
                licenses: [{ expression: license }],
            })),
            ...components,
        ],
        dependencies: [
            { ref: reference, dependsOn: paths.map(programReference) },
            // All that is linked into each program; which crate asks for which is in Cargo.lock.
            ...paths.map((path) => ({
                ref: programReference(path),
                dependsOn: (programs[path] ?? []).map(purl).toSorted(inOrder),
            })),
            ...components.map((component) => ({ ref: component['bom-ref'] })),
        ],
    };
}

/** SHA-256 of the crates' files on crates.io, by name and version. */
function checksums() {
    const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8');
    const packages = lock.matchAll(/^name = "(.*)"\nversion = "(.*)"\nsource = .*\nchecksum = "(.*)"$/gm);
    return new Map([...packages].map(([, name, version, sha256 = '']) => [`${name} ${version}`, sha256]));
}

/**
 * The crates of others in the programs, in the order of their names.
 *
 * @returns {Record<string, Crate[]>} By program.
 */
function cratesOfPrograms() {
    const metadata = execFileSync(
        'cargo',
        ['metadata', '--format-version', '1', '--locked', '--filter-platform', 'wasm32-unknown-unknown'],
        { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    /** @type {{ name: string, version: string, license: string | null, license_file: string | null, authors: string[], repository: string | null, manifest_path: string }[]} */
    const packages = JSON.parse(metadata).packages;
    const known = new Map(packages.map((crate) => [nameOf(crate), crate]));
    const sums = checksums();
    const crateOf = (/** @type {string} */ line) => {
        const [name = '', version = ''] = line.split(' ');
        const found = known.get(`${name} ${version.replace(/^v/, '')}`);
        if (!found) throw new Error(`cargo knows no ${line}`);
        const folder = dirname(found.manifest_path);
        const names = readdirSync(folder, { withFileTypes: true }).filter(
            (entry) => entry.isFile() && (LICENCE_FILE.test(entry.name) || entry.name === found.license_file),
        );
        const files = names.map((entry) => entry.name).toSorted(inOrder);
        return {
            name: found.name,
            version: found.version,
            licence: (found.license ?? '').replaceAll(/\s*\/\s*/g, ' OR '),
            authors: found.authors.map((author) => author.replace(/\s*<.*>/, '')),
            repository: found.repository,
            sha256: sums.get(nameOf(found)) ?? '',
            files: files.map((file) => ({ name: file, text: readFileSync(join(folder, file), 'utf8') })),
        };
    };
    return Object.fromEntries(
        Object.keys(PROGRAMS).map((program) => [
            program,
            // A crate of this repository has its folder behind its version.
            linkedCrates(program, '{p}')
                .filter((line) => !line.includes('('))
                .map(crateOf),
        ]),
    );
}

/** The files, by their place. */
function files() {
    const programs = cratesOfPrograms();
    const all = new Map(
        Object.values(programs)
            .flat()
            .map((crate) => [nameOf(crate), crate]),
    );
    const manifest = JSON.parse(readFileSync(join(root, 'pkg/package.json'), 'utf8'));
    const inPackage = Object.entries(programs).flatMap(([program, crates]) => {
        const { folder, name } = PROGRAMS[program] ?? { folder: '', name: '' };
        const path = /^pkg\/(.*)$/.exec(folder)?.[1];
        return path ? [/** @type {const} */ ([`${path}/${name}_bg.wasm`, crates])] : [];
    });
    return {
        'pkg/THIRD-PARTY-NOTICES.txt': noticesOf(
            [...all].toSorted(([a], [b]) => inOrder(a, b)).map(([, crate]) => crate),
        ),
        'pkg/sbom.cdx.json': `${JSON.stringify(billOf(manifest, Object.fromEntries(inPackage)), null, 1)}\n`,
    };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const action = process.argv[2];
    if (action === 'write') {
        for (const [path, text] of Object.entries(files())) writeFileSync(join(root, path), text);
    } else if (action === 'check') {
        const read = (/** @type {string} */ path) => {
            try {
                return readFileSync(join(root, path), 'utf8');
            } catch {
                return null;
            }
        };
        const outdated = Object.entries(files()).filter(([path, text]) => read(path) !== text);
        for (const [path] of outdated)
            console.error(`${path} is not what Cargo.lock says; run ./build.sh third-party write`);
        if (outdated.length) process.exitCode = 1;
        else console.log('licences and bill of materials of the package are up to date');
    } else {
        console.error('usage: ./build.sh third-party write, or check');
        process.exitCode = 2;
    }
}

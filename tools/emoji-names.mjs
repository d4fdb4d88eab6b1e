// Writes src/engine/text/emoji_names.rs and tests/golden/emoji.txt from the npm package unicode-emoji-json.
//
//   npm pack unicode-emoji-json@0.9.0 && tar xzf unicode-emoji-json-0.9.0.tgz
//   node tools/emoji-names.mjs package
//
// An emoji of src/engine/text/emoji_words.rs keeps its word and is left out of the table of names.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
if (!folder) {
    console.error('usage: node tools/emoji-names.mjs FOLDER_OF_unicode-emoji-json');
    process.exit(2);
}
const emoji = JSON.parse(readFileSync(join(folder, 'data-by-emoji.json'), 'utf8'));
const root = new URL('..', import.meta.url).pathname;
const words = readFileSync(join(root, 'src/engine/text/emoji_words.rs'), 'utf8');
const have = new Set([...words.matchAll(/\('(.)', "/gu)].map((match) => match[1]));

/** Words of names that describe the drawing and not the thing. */
const EMPTY = new Set(
    (
        'a an and at for from in of on the to with face button sign symbol type no. person people facing ' +
        'large medium small hollow heavy japanese latin input six eight pointed spoked track tracks up! on! not'
    ).split(' '),
);
/** Most words of a name. */
const MOST = 3;

/** A name's words: plain lower-case letters, without those that mean nothing. */
function plain(name) {
    const parts = name
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/\(.*?\)/g, ' ')
        .replace(/[’']s\b/g, ' ')
        .replace(/[’'.]/g, '')
        .split(/[^a-z0-9!]+/)
        .filter(Boolean);
    const full = parts.filter((part) => !EMPTY.has(part));
    return (full.length ? full : parts).slice(0, MOST).join(' ');
}

const PICTURE = '\u{fe0f}';
const names = new Map();
const flags = new Map();
for (const [sequence, { name }] of Object.entries(emoji)) {
    const characters = [...sequence].filter((character) => character !== PICTURE);
    const [first] = characters;
    if (first >= '\u{1f1e6}' && first <= '\u{1f1ff}') {
        const region = characters.map((letter) => String.fromCharCode(65 + letter.codePointAt(0) - 0x1f1e6)).join('');
        flags.set(region, plain(name.replace(/^flag /, '')));
    } else if (characters.length === 1 && !have.has(first)) {
        names.set(first, plain(name));
    }
}

const order = (left, right) => left[0].codePointAt(0) - right[0].codePointAt(0);
const table = [...names]
    .sort(order)
    .map(([character, name]) => character + name)
    .join('\n');
const regions = [...flags]
    .sort()
    .map(([region, name]) => region + name)
    .join('\n');
writeFileSync(
    join(root, 'src/engine/text/emoji_names.rs'),
    `\
//! Names of the emoji that [\`EMOJI_WORDS\`](super::emoji_words::EMOJI_WORDS) has no word for, and of flags.
//!
//! Written by \`tools/emoji-names.mjs\` from Unicode's short names; change that, not this file.

/// A line for each emoji: the emoji and the words of its name, ordered by code point.
pub(super) const NAMES: &str = "\\
${table}
";

/// A line for each flag: the two letters of the region and the words of its name, ordered.
pub(super) const REGIONS: &str = "\\
${regions}
";
`,
);
writeFileSync(join(root, 'tests/golden/emoji.txt'), `${Object.keys(emoji).join('\n')}\n`);
console.log(`${names.size} names, ${flags.size} flags, ${Buffer.byteLength(table + regions)} bytes`);

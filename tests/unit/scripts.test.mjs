// Captions in every script and form are classified as on the command line, which has Unicode's tables of its own, where
// the package asks its host for them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EMOTIONS, EmotionClassifier } from '../../pkg/src/node/index.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const program = join(process.env['CARGO_TARGET_DIR'] ?? join(repository, 'target'), 'release/emofuse');
/** Scores are written with six decimals. */
const TOLERANCE = 2e-5;

const plain = 'so happy and grateful, but afraid of tomorrow';
/** @param {(letter: string) => string} change */
const changed = (change) => [...plain].map(change).join('');
const isLetter = (/** @type {string} */ character) => /[a-z]/.test(character);
/** @param {number} first The code point of the letter that stands for `a`. */
const alphabet = (first) =>
    changed((letter) => (isLetter(letter) ? String.fromCodePoint(first + letter.charCodeAt(0) - 97) : letter));

const FORMS = [
    alphabet(0xff41), // wide
    alphabet(0x1d41a), // mathematical bold
    alphabet(0x1d68a), // monospace
    alphabet(0x24d0), // in circles
    changed((letter) => (isLetter(letter) ? `${letter}\u0301\u0328` : letter)),
    changed((letter) => (isLetter(letter) ? letter + '\u0336'.repeat(9) : letter)),
    changed((letter) => (letter === 'a' ? 'a\u0308' : letter)).normalize('NFC'),
    changed((letter) => (letter === 'a' ? '\u{e4}' : letter)).normalize('NFD'),
    'ﬁnally ﬂying home, eﬀortless',
    'caf&eacute; &ntilde;and&uacute; &Aring;ngstr&ouml;m, so lovely',
    'ᄒ\u1161\u11ab국 여행 너무 행복해 so happy',
    'हिन्दी में बहुत खुशी है, so happy',
    'ปีใหม่ที่มีความสุข so happy',
    'ﾊﾟｰﾃｨｰ ｶﾞﾝﾊﾞﾚ so happy ﾞﾟ',
    'I ♥\ufe0f you 1\ufe0f\u20e3 ℹ\ufe0f ™ ㊗\ufe0f Ⓜ 👩‍👩‍👧 👍🏽 🇫🇷',
    '(ಥ﹏ಥ) (╯°□°）╯︵ ┻━┻ ʕ•ᴥ•ʔ (ﾉ◕ヮ◕)ﾉ*:･ﾟ✧ (´；ω；`)',
    '\u{16d63}\u{16d67} \u{16d69} so happy',
    'ẞtraße ǅungla Ĳsselmeer K Å ſo ſad ½ ²',
    '#ÉtéEnFamille #naïve_Café r/Español',
];

test('captions in other scripts and forms have the scores of the command line', async () => {
    const languages = await readFile(join(repository, 'tests/languages/captions.tsv'), 'utf8');
    const captions = [
        ...FORMS,
        ...languages
            .split('\n')
            .filter(Boolean)
            .map((line) => line.split('\t')[1] ?? ''),
    ];
    assert.ok(captions.length > 100);
    const folder = await mkdtemp(join(tmpdir(), 'emofuse-'));
    const classifier = await EmotionClassifier.load();
    try {
        const [table, out] = [join(folder, 'captions.jsonl'), join(folder, 'labels.jsonl')];
        await writeFile(table, captions.map((caption) => JSON.stringify({ caption })).join('\n'));
        await promisify(execFile)(program, ['label', table, '--out', out], { cwd: repository });
        const rows = (await readFile(out, 'utf8'))
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line));
        assert.equal(rows.length, captions.length);
        for (const [place, caption] of captions.entries()) {
            const { scores, uncertain_because, emotion } = await classifier.classify({ caption });
            const row = rows[place];
            assert.equal(row.caption, caption);
            for (const name of EMOTIONS)
                assert.ok(
                    Math.abs(row[name] - scores[name]) <= TOLERANCE,
                    `${caption}: ${name} is ${scores[name]}, not ${row[name]}`,
                );
            assert.deepEqual(
                [row.emotion, row.uncertain_because ?? ''],
                [emotion, uncertain_because.join('|')],
                caption,
            );
        }
    } finally {
        classifier.dispose();
        await rm(folder, { recursive: true });
    }
});

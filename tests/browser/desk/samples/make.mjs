// Makes a folder of images and a table of posts for the desk's tests, the same ones each time.
//
//     node tests/browser/desk/samples/make.mjs FOLDER
//
// writes FOLDER/images and FOLDER/posts.csv.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { png, pngOf } from '../../../support/images.mjs';

const SAMPLES = ['coffee', 'cat', 'rocket'].map((name) =>
    fileURLToPath(new URL(`../../../../www/samples/${name}.jpg`, import.meta.url)),
);

/** Numbers from 0 to 1 that look random and are the same each time. */
export function generator(seed = 1) {
    let state = seed >>> 0;
    return () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
    };
}

const WORDS = [
    'happy',
    'storm',
    'lost',
    'friends',
    'morning',
    'nothing',
    'afraid',
    'again',
    'sunny',
    'late',
    'train',
    'gift',
    'broken',
    'trust',
    'waiting',
    'angry',
    'quiet',
    'surprise',
    'the',
    'a',
    'of',
    'my',
];

/** @param {() => number} random */
export const sentence = (random) =>
    Array.from({ length: 3 + Math.floor(random() * 9) }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');

/**
 * A small image of its own: two colours, a disc, some noise.
 *
 * @param {() => number} random
 */
export function image(random) {
    const [width, height] = [48 + Math.floor(random() * 48), 48 + Math.floor(random() * 48)];
    const colour = () => /** @type {[number, number, number]} */ ([random() * 255, random() * 255, random() * 255]);
    const [sky, ground, disc] = [colour(), colour(), colour()];
    const [x0, y0, radius] = [random() * width, random() * height, 6 + random() * 14];
    const horizon = height * (0.3 + 0.5 * random());
    return png(width, height, (x, y) => {
        const [r, g, b] = (x - x0) ** 2 + (y - y0) ** 2 < radius ** 2 ? disc : y < horizon ? sky : ground;
        const noise = random() * 16;
        return [Math.min(255, r + noise), Math.min(255, g + noise), Math.min(255, b + noise), 255];
    });
}

/**
 * A JPEG like another, with bytes of its own: a comment is put in after its mark.
 *
 * @param {Buffer} jpeg
 * @param {string} comment
 */
export function withComment(jpeg, comment) {
    const body = Buffer.from(comment);
    const head = Buffer.from([0xff, 0xfe, 0, 0]);
    head.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

/**
 * Ten ways in which a file with an image's name is none.
 *
 * @type {Record<string, { ending: string, bytes: (image: { png: Buffer, jpeg: Buffer }) => Buffer }>}
 */
const BREAKAGES = {
    empty: { ending: 'jpg', bytes: () => Buffer.alloc(0) },
    text: { ending: 'jpg', bytes: () => Buffer.from('this is a note, not an image\n') },
    page: { ending: 'png', bytes: () => Buffer.from('<!doctype html><title>404</title><p>Not found</p>') },
    'cut-in-its-head': { ending: 'jpg', bytes: ({ jpeg }) => jpeg.subarray(0, 20) },
    'cut-before-its-pixels': { ending: 'png', bytes: (given) => given.png.subarray(0, 33) },
    'wrong-mark': {
        ending: 'png',
        bytes: (given) => Buffer.concat([Buffer.from('\x89PNX\r\n\x1a\n', 'latin1'), given.png.subarray(8)]),
    },
    bomb: { ending: 'png', bytes: () => pngOf(60_000, 60_000) },
    'no-size': { ending: 'png', bytes: () => pngOf(0, 0) },
    tiff: {
        ending: 'jpg',
        bytes: () => Buffer.from('49492a00080000000100000103000100000001000000' + '00000000', 'hex'),
    },
    'wrong-pixels': { ending: 'png', bytes: () => pngOf(40, 40, Buffer.from('no deflate stream')) },
};

export const WAYS_OF_BREAKING = Object.keys(BREAKAGES);

/**
 * What a folder holds.
 *
 * @typedef {object} MadeFolder
 * @property {number} images How many files have an image's name.
 * @property {number} broken How many of them are none.
 * @property {number} repeated How many of the others have the same bytes as one before them, in the order of the paths.
 * @property {Record<string, string>} captions By path, of those that have a sidecar file.
 * @property {string[]} brokenPaths
 * @property {string[]} badSidecars Paths of good images whose sidecar file cannot be read.
 */

/**
 * Images in three folders: most are PNGs of their own, some JPEGs; every twentieth of the good ones is a copy of the
 * one before it.
 *
 * @param {string} folder It is made.
 * @param {{ images?: number, broken?: number }} [sizes]
 * @returns {Promise<MadeFolder>}
 */
export async function makeFolder(folder, { images = 500, broken = 20 } = {}) {
    const random = generator(7);
    const jpegs = await Promise.all(SAMPLES.map((path) => readFile(path)));
    const good = { png: image(random), jpeg: /** @type {Buffer} */ (jpegs[0]) };
    const folders = ['2023', '2024/spring', '2024/summer'];
    for (const name of folders) await mkdir(join(folder, name), { recursive: true });
    await mkdir(join(folder, '.thumbnails'));
    await writeFile(join(folder, '.thumbnails', 'hidden.png'), good.png);
    await writeFile(join(folder, '.hidden.png'), good.png);
    await mkdir(join(folder, 'no-file.png')); // a folder with an image's name
    await writeFile(join(folder, 'notes.md'), 'no image and no table\n');
    /** @type {MadeFolder} */
    const made = { images, broken, repeated: 0, captions: {}, brokenPaths: [], badSidecars: [] };
    for (let index = 0; index < images - broken; index++) {
        const isJpeg = index % 10 === 9;
        const path = `${folders[index % 3]}/${String(index).padStart(4, '0')}.${isJpeg ? 'jpg' : 'png'}`;
        const stem = path.replace(/\.[^.]*$/, '');
        if (index % 20 === 18) {
            // Three before it is the last one in the same folder.
            await copyFile(
                join(folder, `${folders[index % 3]}/${String(index - 3).padStart(4, '0')}.png`),
                join(folder, path),
            );
            made.repeated += 1;
        } else
            await writeFile(
                join(folder, path),
                isJpeg
                    ? withComment(/** @type {Buffer} */ (jpegs[((index / 10) % 3) | 0]), `no. ${index}`)
                    : image(random),
            );
        if (index % 7 === 0) {
            made.captions[path] = sentence(random);
            await writeFile(join(folder, `${stem}.txt`), `${made.captions[path]}\n`);
        } else if (index % 31 === 1) {
            made.captions[path] = `“${sentence(random)}” 🌦`;
            await writeFile(
                join(folder, `${stem}.json`),
                JSON.stringify({ title: 'not this', caption: made.captions[path] }),
            );
        } else if (index === 5) {
            made.badSidecars.push(path);
            await writeFile(join(folder, `${stem}.json`), '{"caption": ');
        }
    }
    for (let index = 0; index < broken; index++) {
        const way = WAYS_OF_BREAKING[index % WAYS_OF_BREAKING.length] ?? '';
        const breakage = BREAKAGES[way];
        if (!breakage) continue;
        const path = `${folders[index % 3]}/broken-${way}-${index}.${breakage.ending}`;
        const bytes = breakage.bytes(good);
        // Each with bytes of its own, but for the empty ones.
        await writeFile(
            join(folder, path),
            bytes.length === 0 ? bytes : Buffer.concat([bytes, Buffer.from(`#${index}`)]),
        );
        made.brokenPaths.push(path);
    }
    return made;
}

/**
 * What a table holds.
 *
 * @typedef {object} MadeTable
 * @property {number} rows How many can be read.
 * @property {number} malformed How many cannot.
 * @property {number} captions How many of the rows have one.
 * @property {number} images How many of the rows name an image.
 * @property {number} missing How many of those name one that is in no folder.
 * @property {number} manualLabels How many have a manual label.
 * @property {string[]} columns
 */

/**
 * A table with awkward captions; images are named as `makeFolder` names them.
 *
 * @param {string} path Of a CSV file, which is made.
 * @param {{ rows?: number, malformed?: number }} [sizes]
 * @returns {Promise<MadeTable>}
 */
export async function makeTable(path, { rows = 2000, malformed = 5 } = {}) {
    const random = generator(11);
    const columns = ['id', 'text', 'picture', 'hand_emotion', 'source', 'likes'];
    const lines = [columns.join(',')];
    /** @type {MadeTable} */
    const made = { rows, malformed, captions: 0, images: 0, missing: 0, manualLabels: 0, columns };
    for (let index = 0; index < rows; index++) {
        const isMissing = index % 50 === 49;
        // The good images of makeFolder that are PNGs.
        const number = (index * 3) % 480;
        const image =
            index % 4 === 1 && number % 10 !== 9
                ? `${['2023', '2024/spring', '2024/summer'][number % 3]}/${String(number).padStart(4, '0')}.png`
                : isMissing
                  ? `lost/${index}.jpg`
                  : '';
        const caption = image !== '' && index % 8 === 5 ? '' : awkward(sentence(random), index);
        const manualLabel = index % 25 === 0 ? (['joy', 'fear', 'Neutral'][index % 3] ?? '') : '';
        if (image !== '') made.images += 1;
        if (image.startsWith('lost/')) made.missing += 1;
        if (caption !== '') made.captions += 1;
        if (manualLabel !== '') made.manualLabels += 1;
        lines.push(
            [`post-${index}`, caption, image, manualLabel, index % 2 ? 'flickr' : 'reddit', String(index * 3)]
                .map(quoted)
                .join(','),
        );
        if (index % 300 === 299 && index / 300 < malformed) lines.push(`bad-${index},two,cells,,too,many,1,2`);
    }
    made.malformed = lines.length - 1 - rows;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${lines.join('\n')}\n`);
    return made;
}

/**
 * @param {string} text
 * @param {number} index
 */
function awkward(text, index) {
    if (index % 40 === 3) return `=HYPERLINK("https://example.org")`;
    if (index % 40 === 13) return `${text},\nand “more” of it 🎈`;
    return index % 40 === 23 ? `she said "${text}"` : text;
}

/** @param {string} cell */
const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [, , folder] = process.argv;
    if (!folder) throw new Error('name the folder to write to');
    console.log(await makeFolder(join(folder, 'images')));
    console.log(await makeTable(join(folder, 'posts.csv')));
}

// Makes a small labelled set to train a model of one's own from: pictures drawn here, captions put together from word
// lists.
//
//     node tests/own_model/make.mjs FOLDER [LABEL…]
//
// Writes posts.csv, text.csv and images/. The same set each time. With labels of one's own, as many emotions as there are
// labels are drawn and called by them, in the columns `image_mood` and `mood`.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { png } from '../support/images.mjs';

const SIDE = 96;
/** How much brighter or darker a pixel may be than it is drawn: no photograph is without grain. */
const GRAIN = 40;

const SPLITS = /** @type {const} */ ({ train: 28, dev: 12, test: 10 });

/** @typedef {(number: () => number) => (x: number, y: number) => [number, number, number]} Drawing */

/**
 * What conveys an emotion here. The words are chosen to be plain, not to be true of posts.
 *
 * @type {Record<string, { second: string, draw: Drawing, words: string[] }>}
 */
const EMOTIONS = {
    joy: {
        second: 'trust',
        draw: sun,
        words: ['happy', 'wonderful', 'lovely', 'smiling', 'sunshine', 'celebrate', 'laughing', 'delighted'],
    },
    sadness: {
        second: 'fear',
        draw: rain,
        words: ['sad', 'lonely', 'crying', 'tears', 'grief', 'miserable', 'mourning', 'heartbroken'],
    },
    anger: {
        second: 'disgust',
        draw: flames,
        words: ['angry', 'furious', 'outrage', 'hate', 'rage', 'unfair', 'shouting', 'insulted'],
    },
    neutral: {
        second: '',
        draw: wall,
        words: ['meeting', 'table', 'schedule', 'report', 'office', 'number', 'list', 'station'],
    },
};
const FRAMES = [
    'what a day, {} and {}',
    'so {} here, {} again',
    'it was {} and {} today',
    '{} morning, then {} until the evening',
    'we are {} about this: {}',
];

/** @type {Drawing} */
function sun(number) {
    const [left, top, size] = [20 + 56 * number(), 16 + 30 * number(), 120 + 200 * number()];
    return (x, y) => {
        if ((x - left) ** 2 + (y - top) ** 2 < size) return [255, 235, 120];
        return y > 62 ? [120 + (x & 7) * 4, 200, 80] : [250, 190 + (y >> 1), 110 + y];
    };
}

/** @type {Drawing} */
function rain(number) {
    const [slant, step] = [1 + Math.floor(3 * number()), 7 + Math.floor(6 * number())];
    return (x, y) => ((x * slant + y) % step === 0 ? [70, 80, 105] : [18 + (y >> 3), 24 + (y >> 3), 48 + (y >> 2)]);
}

/** @type {Drawing} */
function flames(number) {
    const [width, phase] = [4 + 5 * number(), 7 * number()];
    return (x, y) => (Math.sin(x / width + phase) * 24 + 46 > y ? [30, 0, 0] : [225, 30 + ((x * y) & 31), 20]);
}

/** @type {Drawing} */
function wall(number) {
    const [shade, brick] = [140 + Math.floor(50 * number()), 10 + Math.floor(8 * number())];
    return (x, y) => {
        const joint = y % brick === 0 || (x + (Math.floor(y / brick) % 2) * brick) % (2 * brick) === 0;
        return joint ? [shade - 30, shade - 30, shade - 30] : [shade, shade, shade];
    };
}

/**
 * Numbers from 0 to 1 that are the same each time (mulberry32).
 *
 * @param {number} seed
 */
function numbersFrom(seed) {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}

/**
 * How often an image conveys something else than its post, is labelled wrongly, and how often a word conveys something
 * else than its caption: real posts are not clean either.
 */
const STRAY = { picture: 0.2, label: 0.1, word: 0.15 };

/** @typedef {{ image: string, caption: string, split: string, imageEmotion: string, postEmotion: string }} Post */

/**
 * @param {string} postEmotion
 * @param {string[]} names The emotions that may be drawn.
 * @param {() => number} number
 * @returns {{ picture: Buffer, caption: string, imageEmotion: string }}
 */
function makePost(postEmotion, names, number) {
    const among = (/** @type {string[]} */ choices) => choices[Math.floor(number() * choices.length)] ?? '';
    const strayed = (/** @type {string} */ emotion, /** @type {number} */ share) =>
        number() < share ? among(names) : emotion;
    const drawn = strayed(postEmotion, STRAY.picture);
    const colour = EMOTIONS[drawn]?.draw(number);
    const grain = GRAIN * number();
    const picture = png(SIDE, SIDE, (x, y) => {
        const [red, green, blue] = (colour?.(x, y) ?? [0, 0, 0]).map((value) =>
            Math.max(0, Math.min(255, Math.round(value + grain * (2 * number() - 1)))),
        );
        return [red ?? 0, green ?? 0, blue ?? 0, 255];
    });
    const caption = among(FRAMES).replaceAll('{}', () =>
        among(EMOTIONS[strayed(postEmotion, STRAY.word)]?.words ?? []),
    );
    return { picture, caption, imageEmotion: strayed(drawn, STRAY.label) };
}

/** @param {string[]} cells */
const row = (cells) =>
    `${cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;

/**
 * @param {string} folder
 * @param {string[]} [labels] Labels for the first of the emotions, in place of all.
 * @returns {Promise<Post[]>} The posts, as they stand in posts.csv.
 */
export async function makeSet(folder, labels = []) {
    await mkdir(join(folder, 'images'), { recursive: true });
    const names = Object.keys(EMOTIONS).slice(0, labels.length || undefined);
    const named = (/** @type {string} */ emotion) =>
        labels.length === 0 ? emotion : (labels[names.indexOf(emotion)] ?? '');
    const number = numbersFrom(7);
    /** @type {Post[]} */
    const posts = [];
    for (const [split, count] of Object.entries(SPLITS)) {
        for (let index = 0; index < count; index++) {
            for (const postEmotion of names) {
                const image = `images/${split}-${postEmotion}-${index}.png`;
                const { picture, caption, imageEmotion } = makePost(postEmotion, names, number);
                await writeFile(join(folder, image), picture);
                posts.push({ image, caption, split, imageEmotion, postEmotion });
            }
        }
    }
    const second = (/** @type {string} */ emotion, /** @type {number} */ index) =>
        index % 3 === 0 ? (EMOTIONS[emotion]?.second ?? '') : '';
    const postRows = posts.map(({ image, caption, split, imageEmotion, postEmotion }, index) =>
        row([
            image,
            caption,
            split,
            ...[imageEmotion, second(imageEmotion, index), postEmotion, second(postEmotion, index)].map(named),
        ]),
    );
    const captionRows = posts.map(({ caption, split, postEmotion }, index) =>
        row(['own', split, caption, [postEmotion, second(postEmotion, index)].map(named).filter(Boolean).join('|')]),
    );
    const columns =
        labels.length === 0
            ? 'image_emotion,image_emotion_2,post_emotion,post_emotion_2'
            : 'image_mood,image_mood_2,mood,mood_2';
    await writeFile(join(folder, 'posts.csv'), `image,caption,split,${columns}\n${postRows.join('')}`);
    await writeFile(join(folder, 'text.csv'), `source,split,caption,labels\n${captionRows.join('')}`);
    return posts.map((post) => ({
        ...post,
        imageEmotion: named(post.imageEmotion),
        postEmotion: named(post.postEmotion),
    }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [folder, ...labels] = process.argv.slice(2);
    if (folder) await makeSet(folder, labels);
    else {
        console.error('usage: node tests/own_model/make.mjs FOLDER [LABEL…]');
        process.exitCode = 2;
    }
}

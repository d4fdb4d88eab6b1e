// What the tests of checking and correcting share: a page with made-up posts and the desk's components on it.
import { address, openBlank, openContext } from '../support/harness.mjs';

/** @typedef {import('../support/harness.mjs').Page} Page */
/** @typedef {import('../../../www/desk/types.js').Emotion} Emotion */

/** The made-up model's SHA-256. */
export const MODEL_SHA256 = '5eed'.repeat(16);

/**
 * A made-up post.
 *
 * @typedef {object} MadeUp
 * @property {Partial<Record<Emotion, number>>} [scores] Absent: not read yet.
 * @property {'cat.jpg' | 'coffee.jpg' | 'rocket.jpg' | 'gone' | 'no image'} [image] Absent: there is none.
 * @property {string} [caption]
 * @property {boolean} [uncertain] For want of confidence.
 * @property {Emotion} [secondary]
 * @property {Emotion} [manualLabel]
 * @property {'review' | 'blind' | 'post' | 'import'} [how]
 */

/**
 * Opens an empty page with the desk's styles and, as `globalThis.desk`, a collection of these posts and the component
 * that is asked for.
 *
 * @param {import('playwright-core').BrowserContextOptions} options
 * @param {'ReviewView' | 'BlindSampleView' | 'CorrectionPanel'} component
 * @param {MadeUp[]} posts
 */
export async function openDesk(options, component, posts) {
    const context = await openContext('cpu', { reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(10_000);
    const page = await openBlank(context);
    await page.addStyleTag({ url: `${address}shared/style.css` });
    await page.addStyleTag({ url: `${address}desk/review/review.css` });
    await page.evaluate(
        async ({ component, posts, sha256 }) => {
            document.documentElement.lang = 'en';
            document.title = 'The desk';
            const load = (/** @type {string} */ path) => import(path);
            const { EMOTIONS } = await load('/pkg/index.js');
            const { Collection } = await load('/desk/collection.js');
            const toPost = (
                /** @type {MadeUp} */ { scores, image, caption, uncertain = false, secondary, manualLabel, how },
                /** @type {number} */ index,
            ) => {
                const array =
                    scores &&
                    Float32Array.from(EMOTIONS, (emotion) => scores[/** @type {Emotion} */ (emotion)] ?? 0.001);
                const open = async () => {
                    desk.opened.push(index);
                    if (image === 'gone') throw new Error('the file is not there any more; add the folder again');
                    if (image === 'no image') return new File(['not an image'], 'broken.jpg');
                    return new File([await (await fetch(`/samples/${image}`)).blob()], image ?? '');
                };
                return {
                    index,
                    id: `post ${index + 1}`,
                    image: image ? `holiday/${image}` : null,
                    caption: caption ?? null,
                    open: image ? open : null,
                    findCaption: null,
                    own: null,
                    state: scores ? 'done' : 'waiting',
                    error: null,
                    imageSha256: null,
                    key: scores ? `key ${index}` : null,
                    prediction: array
                        ? {
                              ...{
                                  scores: array,
                                  image: image ? array : null,
                                  caption: caption ? array : null,
                                  agreement: null,
                                  backend: 'cpu',
                              },
                              ...{
                                  secondary: secondary ?? null,
                                  uncertain,
                                  uncertain_because: uncertain ? ['low_confidence'] : [],
                              },
                          }
                        : null,
                    manualLabel: manualLabel
                        ? { emotion: manualLabel, at: '2024-05-01T10:00:00.000Z', how: how ?? 'review' }
                        : null,
                    repeated: false,
                };
            };
            /** @type {any} */
            const desk = { opened: [], saved: [], left: 0, corrections: [], toPost };
            Object.assign(globalThis, { desk });
            desk.collection = new Collection((/** @type {any} */ post) =>
                desk.saved.push([post.index, post.manualLabel?.emotion ?? null]),
            );
            desk.collection.description = {
                model: { id: 'made-up', sha256 },
                uncertain_below: { both: 0.4, image: 0.4, caption: 0.4 },
            };
            desk.collection.posts = posts.map(toPost);
            desk.collection.name = 'holiday';
            const path = {
                ReviewView: 'review/review-view',
                BlindSampleView: 'review/blind-sample-view',
                CorrectionPanel: 'calibration/correction-panel',
            }[component];
            const Component = (await load(`/desk/${path}.js`))[component];
            desk.view = new Component(desk.collection, {
                onLeave: () => desk.left++,
                onSave: (/** @type {unknown} */ correction) => desk.corrections.push(correction),
            });
            const heading = document.createElement('h1');
            heading.textContent = 'The desk';
            const main = document.createElement('main');
            main.append(heading, desk.view.container);
            document.body.append(main);
            desk.view.open();
        },
        { component, posts, sha256: MODEL_SHA256 },
    );
    return { context, page };
}

/**
 * What is in `globalThis.desk`, by an expression.
 *
 * @param {Page} page
 * @param {string} expression
 * @returns {Promise<any>}
 */
export const look = (page, expression) => page.evaluate(expression);

/** @param {Page} page */
export const progress = (page) => page.innerText('.check-progress');

/** @param {Page} page */
export const told = (page) => page.innerText('[role="status"].visually-hidden');

/** @param {Page} page */
export const overflow = (page) =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** A generator of numbers from 0 to below 1. */
export function numbers(/** @type {number} */ seed) {
    let state = seed;
    return () => {
        state = (state * 16807) % 2147483647;
        return state / 2147483647;
    };
}

/** @type {Emotion[]} */
export const LABELS = ['joy', 'trust', 'fear', 'surprise', 'sadness', 'disgust', 'anger', 'anticipation', 'neutral'];

/**
 * Posts with scores at random.
 *
 * @param {number} count
 * @param {number} seed
 * @returns {(MadeUp & { scores: Record<Emotion, number> })[]}
 */
export function madeUpPosts(count, seed) {
    const random = numbers(seed);
    const images = /** @type {const} */ (['cat.jpg', 'coffee.jpg', 'rocket.jpg']);
    const captions = [
        'Her cup still stands here, so sad and lonely',
        'Three, two, one... Can’t wait!',
        'She saw the cucumber behind her',
    ];
    return Array.from({ length: count }, (_, index) => {
        const powers = LABELS.map(() => Math.exp(5 * random()));
        const sum = powers.reduce((total, power) => total + power, 0);
        const scores = /** @type {Record<Emotion, number>} */ (
            Object.fromEntries(LABELS.map((label, place) => [label, (powers[place] ?? 0) / sum]))
        );
        const caption = captions[index % 3] ?? '';
        return {
            scores,
            uncertain: Math.max(...Object.values(scores)) < 0.4,
            ...(index % 4 === 3 ? { caption } : { image: images[index % 3] ?? 'cat.jpg', caption }),
        };
    });
}

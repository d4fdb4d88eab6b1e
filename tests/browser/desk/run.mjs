// What the tests of the desk's run share: images by the hundred, posts of them, and a page that has the run's
// modules.
import { openBlank } from '../support/harness.mjs';

/** @typedef {import('../support/harness.mjs').BrowserContext} BrowserContext */
/** @typedef {import('../../../www/desk/types.js').DeskPost} DeskPost */
/** @typedef {import('../../../www/desk/labelling/run.js').Progress} Progress */

/**
 * What pages under test have as globals.
 *
 * @typedef {object} Desk
 * @property {typeof import('../../../pkg/index.js')} emofuse
 * @property {typeof import('../../../www/desk/labelling/journal.js').Journal} Journal
 * @property {typeof import('../../../www/desk/labelling/pool.js').ClassifierPool} ClassifierPool
 * @property {typeof import('../../../www/desk/labelling/run.js').Run} Run
 * @property {typeof import('../../../www/desk/labelling/hash.js')} hash
 * @property {string} fileName Of the label log.
 * @property {(number: number) => Promise<File>} image The same number gives the same bytes, in any page.
 * @property {(given: Partial<DeskPost>[]) => DeskPost[]} postsOf
 * @property {(files: (File | (() => Promise<File>))[]) => DeskPost[]} filePosts
 * @property {(options: { ahead?: number, classify?: (post: { image: ArrayBuffer | null, caption: string | null },
 *     signal: AbortSignal) => Promise<unknown> }) => import('../../../www/desk/labelling/pool.js').ClassifierPool & {
 *     asked: number, underWay: number, most: number }} fakePool One that answers at once, or as `classify` lets it.
 * @property {(pool: import('../../../www/desk/labelling/pool.js').ClassifierPool) => { asked: number }} counting Counts what a
 *     pool is asked.
 * @property {(options: { posts: DeskPost[], pool: import('../../../www/desk/labelling/pool.js').ClassifierPool,
 *     journal: import('../../../www/desk/labelling/journal.js').Journal }) => { run: import('../../../www/desk/labelling/run.js').Run,
 *     told: Progress[], changed: DeskPost[] }} begin Starts a run and notes what it tells.
 */

/**
 * A page with nothing on it and the run's modules as globals.
 *
 * @param {BrowserContext} context
 */
export async function openDesk(context) {
    const page = await openBlank(context);
    await page.evaluate(setUp);
    return page;
}

/** Runs in a page that has the package as `emofuse`. */
export async function setUp() {
    const desk = /** @type {Desk} */ (/** @type {unknown} */ (globalThis));
    const load = (/** @type {string} */ path) => import(path);
    const [journal, pool, run, hash, log] = await Promise.all(
        ['journal', 'pool', 'run', 'hash', 'label-log'].map((name) => load(`/desk/labelling/${name}.js`)),
    );
    Object.assign(desk, journal, pool, run, { hash, fileName: log.FILE_NAME });

    desk.image = async (number) => {
        const canvas = new OffscreenCanvas(64, 48);
        const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
        context.fillStyle = `rgb(${number & 255} ${(number >> 8) & 255} 90)`;
        context.fillRect(0, 0, 64, 48);
        context.fillStyle = `hsl(${(number * 37) % 360} 80% 60%)`;
        context.fillRect(8 + (number % 20), 8, 24, 24);
        return new File([await canvas.convertToBlob({ type: 'image/png' })], `${number}.png`);
    };
    desk.postsOf = (given) =>
        given.map((post, index) => {
            /** @type {DeskPost} */
            const whole = {
                index,
                id: String(index),
                image: null,
                caption: null,
                open: null,
                findCaption: null,
                own: null,
                state: 'waiting',
                error: null,
                imageSha256: null,
                key: null,
                prediction: null,
                manualLabel: null,
                repeated: false,
                ...post,
            };
            return whole;
        });
    desk.filePosts = (files) =>
        desk.postsOf(
            files.map((file, index) => ({
                image: `${index}.png`,
                open: typeof file === 'function' ? file : async () => file,
            })),
        );
    desk.fakePool = ({ ahead = 4, classify = async () => {} }) => {
        const scores = Object.fromEntries(desk.emofuse.EMOTIONS.map((emotion) => [emotion, 1 / 9]));
        const result = {
            scores,
            image: scores,
            caption: null,
            agreement: null,
            secondary: null,
            uncertain: true,
            uncertain_because: ['low_confidence'],
            backend: 'cpu',
        };
        const fake = {
            ahead,
            asked: 0,
            underWay: 0,
            most: 0,
            describe: () => ({
                model: { id: 'fake', sha256: 'f'.repeat(64) },
                labels: [...desk.emofuse.EMOTIONS],
                none: 'neutral',
                limits: { max_bytes: 1024 * 1024, max_batch: 1 },
                backend: 'cpu',
            }),
            /**
             * @type {(post: { image: ArrayBuffer | null, caption: string | null }, options: { signal: AbortSignal }) =>
             *     Promise<unknown>}
             */
            async classify(post, { signal }) {
                fake.asked += 1;
                fake.most = Math.max(fake.most, ++fake.underWay);
                try {
                    await classify(post, signal);
                    signal.throwIfAborted();
                    return result;
                } finally {
                    fake.underWay -= 1;
                }
            },
        };
        return /** @type {ReturnType<Desk['fakePool']>} */ (/** @type {unknown} */ (fake));
    };
    desk.counting = (counted) => {
        const counts = { asked: 0 };
        const classify = counted.classify.bind(counted);
        counted.classify = (...given) => {
            counts.asked += 1;
            return classify(...given);
        };
        return counts;
    };
    desk.begin = ({ posts, pool: used, journal: usedJournal }) => {
        /** @type {Progress[]} */
        const told = [];
        /** @type {DeskPost[]} */
        const changed = [];
        const begun = new desk.Run({
            posts,
            pool: used,
            journal: usedJournal,
            onPost: (post) => changed.push(post),
            onProgress: (progress) => told.push(progress),
        });
        begun.start();
        return { run: begun, told, changed };
    };
}

/**
 * Runs a function in the page with its globals.
 *
 * @template A, R
 * @param {import('../support/harness.mjs').Page} page
 * @param {(desk: Desk, argument: A) => R | Promise<R>} run
 * @param {A} argument
 * @returns {Promise<R>}
 */
export function inDesk(page, run, argument) {
    return page.evaluate(`(${run})(globalThis, ${JSON.stringify(argument)})`);
}

/**
 * Deletes what the desk has stored.
 *
 * @param {import('../support/harness.mjs').Page} page
 */
export function clearJournal(page) {
    return inDesk(
        page,
        async ({ Journal }) => {
            const journal = await Journal.open();
            await journal.clear();
            journal.close();
        },
        null,
    );
}

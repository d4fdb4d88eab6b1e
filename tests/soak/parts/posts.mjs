// Ten thousand posts in one tab, in one call of classifyAll: the memory after the first five hundred stays.
import { growthOf, memoryOf, openClassifier } from '../browser.mjs';
import { png } from '../../support/images.mjs';

const POSTS = Number(process.env['SOAK_POSTS'] ?? 10_000);
const SETTLED = Math.min(500, POSTS / 4);
const MEASURED_EVERY = Math.min(250, POSTS / 20);

/** @typedef {{ results: AsyncGenerator<unknown>, done: number }} Soaked */

/** @param {(line: string) => void} say */
export async function posts(say) {
    const { page, close } = await openClassifier('cpu');
    try {
        const images = [
            png(120, 90, (x, y) => [x & 255, y & 255, 90, 255]),
            png(96, 128, (x, y) => [(x * y) & 255, x & 255, 9, 200]),
            png(160, 120, (x, y) => [y & 255, 7, x & 255, 255]),
        ];
        await page.evaluate(
            ({ files, count }) => {
                const encoded = files.map((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
                function* source() {
                    for (let index = 0; index < count; index++)
                        yield {
                            image: index % 4 === 3 ? null : new Blob([encoded[index % 3] ?? '']),
                            caption: index % 5 === 0 && index % 4 !== 3 ? null : `post number ${index} is a lovely one`,
                        };
                }
                const { classifier } = /** @type {any} */ (globalThis);
                Object.assign(globalThis, { results: classifier.classifyAll(source()), done: 0 });
            },
            { files: images.map((file) => file.toString('base64')), count: POSTS },
        );
        /** @type {{ done: number, MB: number }[]} */
        const curve = [];
        const started = performance.now();
        for (let wanted = MEASURED_EVERY; wanted <= POSTS; wanted += MEASURED_EVERY) {
            const done = await page.evaluate(async (until) => {
                const soaked = /** @type {Soaked} */ (/** @type {unknown} */ (globalThis));
                while (soaked.done < until && !(await soaked.results.next()).done) soaked.done += 1;
                return soaked.done;
            }, wanted);
            curve.push({ done, MB: await memoryOf(page) });
            const s = (performance.now() - started) / 1000;
            if (wanted % (MEASURED_EVERY * 4) === 0)
                say(`${done} posts after ${Math.round(s)} s, ${curve.at(-1)?.MB.toFixed(1)} MB`);
        }
        const done = curve.at(-1)?.done ?? 0;
        const { first, last, growth, holds } = growthOf(curve, SETTLED);
        return {
            line: `${done} of ${POSTS} posts in one tab; memory ${first.toFixed(1)} MB after ${SETTLED}, ${last.toFixed(1)} MB at the end (${((growth - 1) * 100).toFixed(1)} %)`,
            holds: holds && done === POSTS,
            title: `Memory of ${POSTS} posts in one tab`,
            curve,
        };
    } finally {
        await close();
    }
}

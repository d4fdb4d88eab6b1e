// Two hundred photographs of 12 megapixels, one after another and a few at once: the memory after the first stays.
import { growthOf, memoryOf, openClassifier } from '../browser.mjs';

const IMAGES = Number(process.env['SOAK_IMAGES'] ?? 200);
const MEASURED_EVERY = 10;
const SETTLED = 20;

/** @param {(line: string) => void} say */
export async function images(say) {
    const { page, close } = await openClassifier('cpu');
    try {
        await page.evaluate(async () => {
            const photographs = [];
            for (const [width, height] of /** @type {const} */ ([
                [4000, 3000],
                [3000, 4000],
            ])) {
                const canvas = new OffscreenCanvas(width, height);
                const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
                for (let stripe = 0; stripe < 400; stripe++) {
                    context.fillStyle = `hsl(${stripe * 31} 70% ${20 + (stripe % 60)}%)`;
                    context.fillRect((stripe * 397) % width, (stripe * 261) % height, 600, 420);
                }
                photographs.push(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 }));
                canvas.width = canvas.height = 0;
            }
            Object.assign(globalThis, { photographs });
        });
        /** @type {{ done: number, MB: number }[]} */
        const curve = [];
        for (let done = 0; done < IMAGES; ) {
            done += await page.evaluate(async (count) => {
                const { classifier, photographs } = /** @type {any} */ (globalThis);
                let read = 0;
                const given = Array.from({ length: count }, (_, index) => ({ image: photographs[index % 2] }));
                for await (const { image } of classifier.classifyAll(given)) read += image ? 1 : 0;
                return read;
            }, MEASURED_EVERY);
            curve.push({ done, MB: await memoryOf(page) });
            if (done % 50 === 0) say(`${done} images, ${curve.at(-1)?.MB.toFixed(1)} MB`);
        }
        const { first, last, growth, holds } = growthOf(curve, SETTLED);
        return {
            line: `${curve.at(-1)?.done} images of 12 megapixels; memory ${first.toFixed(1)} MB after ${SETTLED}, ${last.toFixed(1)} MB at the end (${((growth - 1) * 100).toFixed(1)} %)`,
            holds,
            title: `Memory of ${IMAGES} images of 12 megapixels`,
            curve,
        };
    } finally {
        await close();
    }
}

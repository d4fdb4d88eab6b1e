// The graphics device is destroyed twenty times while posts are classified: each has its result, from a new device.
import { openClassifier } from '../browser.mjs';
import { REMEMBER_DEVICE, webGpuWorker } from '../../browser/support/adapter.mjs';

const LOSSES = Number(process.env['SOAK_LOSSES'] ?? 20);
const TOGETHER = 3;

/** @param {(line: string) => void} say */
export async function device(say) {
    const { page, close } = await openClassifier('webgpu', `\n${REMEMBER_DEVICE}`);
    try {
        const classify = (/** @type {number} */ round) =>
            page.evaluate(
                async ([from, count]) => {
                    const { classifier } = /** @type {any} */ (globalThis);
                    const captions = Array.from({ length: count }, (_, index) => `post number ${from + index}`);
                    const results = await Promise.all(
                        captions.map((caption) =>
                            classifier.classify({ caption }).catch((/** @type {Error} */ error) => error.message),
                        ),
                    );
                    return results.filter(({ backend }) => backend === 'webgpu').length;
                },
                /** @type {const} */ ([round * TOGETHER, TOGETHER]),
            );
        let answered = 0;
        for (let loss = 0; loss < LOSSES; loss++) {
            const worker = await webGpuWorker(page);
            // Lost while posts are under way the odd times, and while nothing is the even ones.
            const early = loss % 2 === 1 ? classify(loss) : null;
            await worker.evaluate('self.device.destroy()');
            answered += await (early ?? classify(loss));
            say(`device ${loss + 1} was destroyed, ${answered} posts are answered`);
        }
        const asked = LOSSES * TOGETHER;
        return {
            line: `the device was destroyed ${LOSSES} times; ${answered} of ${asked} posts were answered`,
            holds: answered === asked,
        };
    } finally {
        await close();
    }
}

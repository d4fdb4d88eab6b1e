// Checks a page with axe-core.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

const axe = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/**
 * @param {import('./harness.mjs').Page} page
 * @param {string} state
 */
export async function checkWithAxe(page, state) {
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
        const { axe } = /** @type {{ axe: typeof import('axe-core') }} */ (/** @type {unknown} */ (globalThis));
        const results = await axe.run(document, { resultTypes: ['violations'] });
        return results.violations.map(
            ({ id, nodes }) =>
                `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`,
        );
    });
    assert.deepEqual(violations, [], state);
}

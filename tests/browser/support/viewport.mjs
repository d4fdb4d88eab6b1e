// What a person sees without scrolling.
import { expect } from '@playwright/test';
import { PATIENCE } from './harness.mjs';

/** @typedef {import('playwright-core').Locator} Locator */

/** The screens that views are made for. */
export const SCREENS = {
    desktop: { width: 1440, height: 900 },
    laptop: { width: 1366, height: 768 },
    tablet: { width: 1024, height: 768 },
    phone: { width: 390, height: 844 },
};

/**
 * Waits until an element is on the screen as it is scrolled now, with its middle covered by nothing else.
 *
 * @param {Locator} locator
 * @param {string} what
 */
export const isInView = (locator, what) =>
    expect
        .poll(
            () =>
                locator.evaluate((node) => {
                    const { left, top, right, bottom } = node.getBoundingClientRect();
                    const isWhole = left >= 0 && top >= 0 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
                    const middle = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
                    // What lets clicks through lies over the first that does not.
                    let solid = node;
                    while (solid.parentElement && getComputedStyle(solid).pointerEvents === 'none')
                        solid = solid.parentElement;
                    return isWhole && middle !== null && (solid.contains(middle) || middle.contains(solid));
                }),
            { message: `${what} is in view`, timeout: PATIENCE.cpu },
        )
        .toBe(true);

// A result as an image, drawn on this device.

import { element } from '../shared/dom.js';
import { tint } from '../shared/labels.js';
import { capitalised, explanation, headline, percent, ranked } from '../shared/words.js';
import { shareTexts } from './texts.js';

/** @typedef {import('../emofuse.js').Result} Result */
/** @typedef {import('../shared/explanation-view.js').ShownPost} ShownPost */

const WIDTH = 1200;
const HEIGHT = 630;
const MARGIN = 48;
const IMAGE_WIDTH = 480;
const BARS = 3;
const INK = '#1f2027';
const SOFT = '#5a5c66';
const TRACK = '#e9e7e2';
const GROUND = '#ffffff';
const SERIF = 'ui-serif, Georgia, serif';
const SANS = 'system-ui, sans-serif';

/**
 * @param {Result} result
 * @param {ShownPost} post
 * @returns {Promise<Blob>} PNG.
 */
export async function imageCard(result, { image, caption }) {
    const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('the browser has no canvas');
    const colours = coloursOf(Object.keys(result.scores));
    context.fillStyle = GROUND;
    context.fillRect(0, 0, WIDTH, HEIGHT);
    context.fillStyle = colours[result.emotion] ?? SOFT;
    context.fillRect(0, 0, WIDTH, 12);
    let left = MARGIN;
    if (image) {
        await drawImage(context, image);
        left += IMAGE_WIDTH + MARGIN;
    }
    const width = WIDTH - left - MARGIN;
    context.textBaseline = 'top';
    let top = MARGIN + 12;
    top += drawText(context, headline(result), { left, top, width, font: `600 60px ${SERIF}`, line: 66, lines: 3 });
    top += 12;
    top += drawText(context, explanation(result), {
        left,
        top,
        width,
        font: `24px ${SANS}`,
        line: 32,
        lines: 3,
        colour: SOFT,
    });
    if (caption) {
        const text = shareTexts.quoted(caption.trim());
        top +=
            20 +
            drawText(context, text, { left, top: top + 20, width, font: `italic 28px ${SERIF}`, line: 38, lines: 3 });
    }
    drawBars(context, result, colours, { left, top: Math.max(top + 28, HEIGHT - 230), width });
    drawText(context, shareTexts.footer, {
        left,
        top: HEIGHT - MARGIN - 8,
        width,
        font: `18px ${SANS}`,
        line: 22,
        lines: 1,
        colour: SOFT,
    });
    return canvas.convertToBlob({ type: 'image/png' });
}

/**
 * Draws the image, cropped to the left side of the card.
 *
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {Blob} image
 */
async function drawImage(context, image) {
    const bitmap = await createImageBitmap(image);
    const height = HEIGHT - 2 * MARGIN - 12;
    const scale = Math.max(IMAGE_WIDTH / bitmap.width, height / bitmap.height);
    const [across, down] = [IMAGE_WIDTH / scale, height / scale];
    const [x, y] = [(bitmap.width - across) / 2, (bitmap.height - down) / 2];
    context.drawImage(bitmap, x, y, across, down, MARGIN, MARGIN + 12, IMAGE_WIDTH, height);
    bitmap.close();
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {Result} result
 * @param {Record<string, string>} colours
 * @param {{ left: number, top: number, width: number }} place
 */
function drawBars(context, { scores }, colours, { left, top, width }) {
    for (const [index, [emotion, score]] of ranked(scores).slice(0, BARS).entries()) {
        const y = top + 44 * index;
        context.font = `22px ${SANS}`;
        context.fillStyle = INK;
        context.fillText(capitalised(emotion), left, y, 142);
        context.fillStyle = TRACK;
        context.fillRect(left + 150, y + 4, width - 240, 16);
        context.fillStyle = colours[emotion] ?? SOFT;
        context.fillRect(left + 150, y + 4, (width - 240) * score, 16);
        context.fillStyle = INK;
        context.fillText(percent(score), left + width - 74, y);
    }
}

/**
 * Draws text in lines that fit; text that does not fit ends in an ellipsis.
 *
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {string} text
 * @param {{ left: number, top: number, width: number, font: string, line: number, lines: number, colour?: string }}
 *     place
 * @returns {number} The height that it takes.
 */
function drawText(context, text, { left, top, width, font, line, lines, colour = INK }) {
    context.font = font;
    context.fillStyle = colour;
    /** @type {string[]} */
    const rows = [''];
    for (const word of text.split(/\s+/)) {
        const last = rows.at(-1) ?? '';
        const longer = last ? `${last} ${word}` : word;
        if (last && context.measureText(longer).width > width) rows.push(word);
        else rows[rows.length - 1] = longer;
    }
    const shown = rows.slice(0, lines);
    if (rows.length > lines) shown[lines - 1] = `${shown[lines - 1]} …`;
    for (const [index, row] of shown.entries()) context.fillText(row, left, top + index * line, width);
    return shown.length * line;
}

/** @param {string[]} labels */
function coloursOf(labels) {
    const probe = element('span', { hidden: true });
    document.body.append(probe);
    const colours = Object.fromEntries(
        labels.map((label) => [label, getComputedStyle(tint(probe, label)).getPropertyValue('--emotion').trim()]),
    );
    probe.remove();
    return colours;
}

// A curve as SVG.

const WIDTH = 720;
const HEIGHT = 320;
const LEFT = 60;
const BOTTOM = 40;
const TOP = 36;

/**
 * @param {string} title
 * @param {{ done: number, MB: number }[]} curve
 * @returns {string}
 */
export function chart(title, curve) {
    const most = { done: Math.max(...curve.map(({ done }) => done)), MB: Math.max(...curve.map(({ MB }) => MB)) * 1.1 };
    const x = (/** @type {number} */ done) => Math.round(LEFT + (done / most.done) * (WIDTH - LEFT - 20));
    const y = (/** @type {number} */ MB) => Math.round(HEIGHT - BOTTOM - (MB / most.MB) * (HEIGHT - BOTTOM - TOP));
    const line = curve.map(({ done, MB }) => `${x(done)},${y(MB)}`).join(' ');
    const ticks = [0, 0.25, 0.5, 0.75, 1];
    const texts = [
        ...ticks.map((part) => {
            const done = Math.round(part * most.done);
            return `<text x="${x(done)}" y="${HEIGHT - 18}" text-anchor="middle">${done}</text>`;
        }),
        ...ticks.map((part) => {
            const MB = part * most.MB;
            return `<line x1="${LEFT}" x2="${WIDTH - 20}" y1="${y(MB)}" y2="${y(MB)}" stroke="#ddd"/><text x="${LEFT - 8}" y="${y(MB) + 4}" text-anchor="end">${Math.round(MB)} MB</text>`;
        }),
    ];
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${LEFT}" y="22" font-size="15">${title}</text>
${texts.join('\n')}
<polyline points="${line}" fill="none" stroke="#1b6ac9" stroke-width="2"/>
</svg>
`;
}

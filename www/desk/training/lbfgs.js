// Minimises a smooth convex function by L-BFGS (Liu and Nocedal, On the Limited Memory BFGS Method for Large Scale
// Optimization, 1989) with a backtracking line search.

/** How many steps the method remembers. */
const HISTORY = 12;

/** The share of the expected decrease that a step must bring. */
const ENOUGH = 1e-4;

const SHORTEST_STEP = 1e-10;

/**
 * @param {(at: Float64Array, gradient: Float64Array) => number} evaluate Returns the value and fills in the gradient.
 * @param {Float64Array} start It is not modified.
 * @param {{ tolerance: number, steps: number }} limits It ends when a step lowers the value by less than this share of
 *     it, or after so many steps.
 * @returns {{ at: Float64Array, value: number, steps: number }}
 */
export function minimise(evaluate, start, { tolerance, steps: mostSteps }) {
    const size = start.length;
    let at = start.slice();
    let gradient = new Float64Array(size);
    let value = evaluate(at, gradient);
    let next = new Float64Array(size);
    let nextGradient = new Float64Array(size);
    const direction = new Float64Array(size);
    /** @type {{ moved: Float64Array, turned: Float64Array, scale: number }[]} */
    const history = [];
    let steps = 0;
    while (steps < mostSteps) {
        steps += 1;
        followHistory(history, gradient, direction);
        let slope = dot(direction, gradient);
        if (!(slope < 0)) {
            // Rounding has spoilt what it remembers.
            history.length = 0;
            for (let index = 0; index < size; index++) direction[index] = -gradient[index];
            slope = dot(direction, gradient);
            if (!(slope < 0)) break; // the gradient is 0
        }
        let length = 1;
        let found = Infinity;
        for (; length > SHORTEST_STEP; length /= 2) {
            for (let index = 0; index < size; index++) next[index] = at[index] + length * direction[index];
            found = evaluate(next, nextGradient);
            if (found <= value + ENOUGH * length * slope) break;
        }
        if (length <= SHORTEST_STEP) break; // the rest is rounding
        remember(history, at, next, gradient, nextGradient);
        const gained = value - found;
        [at, next] = [next, at];
        [gradient, nextGradient] = [nextGradient, gradient];
        value = found;
        if (gained <= tolerance * Math.abs(value)) break;
    }
    return { at, value, steps };
}

/**
 * The direction in which the function is expected to fall, by the two-loop recursion.
 *
 * @param {readonly { moved: Float64Array, turned: Float64Array, scale: number }[]} history
 * @param {Float64Array} gradient
 * @param {Float64Array} direction To be filled.
 */
function followHistory(history, gradient, direction) {
    for (let index = 0; index < gradient.length; index++) direction[index] = -gradient[index];
    const shares = new Float64Array(history.length);
    for (let place = history.length - 1; place >= 0; place--) {
        const { moved, turned, scale } = history[place];
        shares[place] = scale * dot(moved, direction);
        add(direction, turned, -shares[place]);
    }
    const last = history.at(-1);
    if (last) {
        const factor = 1 / (last.scale * dot(last.turned, last.turned));
        for (let index = 0; index < direction.length; index++) direction[index] *= factor;
    }
    for (const [place, { moved, turned, scale }] of history.entries())
        add(direction, moved, shares[place] - scale * dot(turned, direction));
}

/**
 * @param {{ moved: Float64Array, turned: Float64Array, scale: number }[]} history
 * @param {Float64Array} at
 * @param {Float64Array} next
 * @param {Float64Array} gradient
 * @param {Float64Array} nextGradient
 */
function remember(history, at, next, gradient, nextGradient) {
    // The oldest entry's memory is used again.
    const entry =
        history.length < HISTORY
            ? { moved: new Float64Array(at.length), turned: new Float64Array(at.length), scale: 0 }
            : /** @type {typeof history[number]} */ (history.shift());
    for (let index = 0; index < at.length; index++) {
        entry.moved[index] = next[index] - at[index];
        entry.turned[index] = nextGradient[index] - gradient[index];
    }
    const curvature = dot(entry.moved, entry.turned);
    if (curvature <= Number.EPSILON * dot(entry.turned, entry.turned)) return;
    entry.scale = 1 / curvature;
    history.push(entry);
}

/**
 * @param {Float64Array} one
 * @param {Float64Array} other
 */
function dot(one, other) {
    let sum = 0;
    for (let index = 0; index < one.length; index++) sum += one[index] * other[index];
    return sum;
}

/**
 * @param {Float64Array} target
 * @param {Float64Array} values
 * @param {number} factor
 */
function add(target, values, factor) {
    for (let index = 0; index < target.length; index++) target[index] += factor * values[index];
}

// Eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to three diagonals, then the implicit QL
// method (the procedures tred2 and tql2 of Bowdler, Martin, Reinsch and Wilkinson, Handbook for Automatic Computation
// II, 1971). Vectors are kept as rows, so that all loops run along the memory.

/** As many steps as an eigenvalue may take; two are usual. */
const MOST_STEPS = 60;

/**
 * @typedef {object} Eigen
 * @property {Float64Array} values Largest first.
 * @property {Float64Array} vectors `[count, size]`: a row for each value, of length 1.
 */

/**
 * @param {Float64Array} matrix `[size, size]`, symmetric.
 * @param {number} size
 * @param {number} count How many of the largest are wanted.
 * @returns {Eigen}
 */
export function symmetricEigen(matrix, size, count) {
    const reduced = toThreeDiagonals(matrix.slice(), size);
    const { diagonal, rows } = diagonalise(reduced, size);
    const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b] - diagonal[a] || a - b);
    const kept = order.slice(0, count);
    const vectors = new Float64Array(kept.length * size);
    for (const [place, index] of kept.entries())
        vectors.set(rows.subarray(index * size, (index + 1) * size), place * size);
    return { values: Float64Array.from(kept, (index) => diagonal[index]), vectors };
}

/**
 * Reduces the matrix to three diagonals by reflections, which it gathers.
 *
 * @param {Float64Array} a The matrix; its lower triangle is replaced by the reflections.
 * @param {number} size
 */
function toThreeDiagonals(a, size) {
    const diagonal = new Float64Array(size);
    const off = new Float64Array(size);
    const halves = new Float64Array(size); // half the squared length of each reflection's vector
    const product = new Float64Array(size);
    for (let i = size - 1; i > 0; i--) {
        const row = a.subarray(i * size, i * size + i);
        let scale = 0;
        for (let k = 0; k < i; k++) scale += Math.abs(row[k]);
        if (i === 1 || scale === 0) {
            off[i] = row[i - 1];
            continue;
        }
        let half = 0;
        for (let k = 0; k < i; k++) {
            row[k] /= scale;
            half += row[k] * row[k];
        }
        const last = row[i - 1];
        const length = last >= 0 ? -Math.sqrt(half) : Math.sqrt(half);
        off[i] = scale * length;
        half -= last * length;
        row[i - 1] = last - length;
        halves[i] = half;
        // product = A · row / half; of A the lower triangle is read.
        product.fill(0, 0, i);
        for (let j = 0; j < i; j++) {
            const line = j * size;
            const factor = row[j];
            let sum = a[line + j] * factor;
            for (let k = 0; k < j; k++) {
                const value = a[line + k];
                sum += value * row[k];
                product[k] += value * factor;
            }
            product[j] += sum;
        }
        let projection = 0;
        for (let j = 0; j < i; j++) {
            product[j] /= half;
            projection += product[j] * row[j];
        }
        const share = projection / (half + half);
        for (let j = 0; j < i; j++) product[j] -= share * row[j];
        for (let j = 0; j < i; j++) {
            const line = j * size;
            const [f, g] = [row[j], product[j]];
            for (let k = 0; k <= j; k++) a[line + k] -= f * product[k] + g * row[k];
        }
    }
    for (let i = 0; i < size; i++) diagonal[i] = a[i * size + i];
    return { diagonal, off, vectors: gathered(a, halves, size) };
}

/**
 * The product of the reflections, its columns as rows.
 *
 * @param {Float64Array} a
 * @param {Float64Array} halves
 * @param {number} size
 */
function gathered(a, halves, size) {
    const q = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
        const row = a.subarray(i * size, i * size + i);
        if (halves[i] > 0)
            for (let j = 0; j < i; j++) {
                const column = j * size; // a column of the product is a row here
                let sum = 0;
                for (let k = 0; k < i; k++) sum += row[k] * q[column + k];
                sum /= halves[i];
                for (let k = 0; k < i; k++) q[column + k] -= sum * row[k];
            }
        q[i * size + i] = 1;
    }
    return q;
}

/**
 * @param {{ diagonal: Float64Array, off: Float64Array, vectors: Float64Array }} reduced
 * @param {number} size
 * @returns {{ diagonal: Float64Array, rows: Float64Array }}
 */
function diagonalise({ diagonal, off, vectors }, size) {
    off.copyWithin(0, 1);
    off[size - 1] = 0;
    for (let l = 0; l < size; l++) {
        for (let step = 0; step < MOST_STEPS; step++) {
            let m = l;
            for (; m < size - 1; m++) {
                const around = Math.abs(diagonal[m]) + Math.abs(diagonal[m + 1]);
                if (Math.abs(off[m]) <= Number.EPSILON * around) break;
            }
            if (m === l) break;
            let g = (diagonal[l + 1] - diagonal[l]) / (2 * off[l]);
            const root = Math.hypot(g, 1);
            g = diagonal[m] - diagonal[l] + off[l] / (g + (g >= 0 ? root : -root));
            let [sine, cosine, shift] = [1, 1, 0];
            let i = m - 1;
            for (; i >= l; i--) {
                const f = sine * off[i];
                const b = cosine * off[i];
                const length = Math.sqrt(f * f + g * g);
                off[i + 1] = length;
                if (length === 0) {
                    diagonal[i + 1] -= shift;
                    off[m] = 0;
                    break;
                }
                sine = f / length;
                cosine = g / length;
                g = diagonal[i + 1] - shift;
                const turned = (diagonal[i] - g) * sine + 2 * cosine * b;
                shift = sine * turned;
                diagonal[i + 1] = g + shift;
                g = cosine * turned - b;
                rotate(vectors, i * size, (i + 1) * size, size, sine, cosine);
            }
            if (i >= l) continue; // a rotation was without an angle
            diagonal[l] -= shift;
            off[l] = g;
            off[m] = 0;
        }
    }
    return { diagonal, rows: vectors };
}

/**
 * @param {Float64Array} vectors
 * @param {number} one Where a row begins.
 * @param {number} other Where the next one does.
 * @param {number} size
 * @param {number} sine
 * @param {number} cosine
 */
function rotate(vectors, one, other, size, sine, cosine) {
    for (let k = 0; k < size; k++) {
        const below = vectors[other + k];
        const above = vectors[one + k];
        vectors[other + k] = sine * above + cosine * below;
        vectors[one + k] = cosine * above - sine * below;
    }
}

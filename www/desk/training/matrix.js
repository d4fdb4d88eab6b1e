// Products of matrices whose numbers stand row by row in one array. The loops take two rows or four at a time, so that
// each number that is read serves several sums. All numbers are of one type: for a second one, the browser's compiler would
// make the loops slower.

/**
 * The products of each row of one matrix with each row of another.
 *
 * @param {Float64Array} left `[rows, width]`
 * @param {Float64Array} right `[columns, width]`
 * @param {number} rows
 * @param {number} columns
 * @param {number} width
 * @param {Float64Array} target `[rows, columns]`, to be filled.
 */
export function rowProducts(left, right, rows, columns, width, target) {
    for (let row = 0; row < rows; row += 2) {
        const hasTwo = row + 1 < rows;
        const one = row * width;
        const two = hasTwo ? one + width : one;
        for (let column = 0; column < columns; column += 2) {
            const hasNext = column + 1 < columns;
            const first = column * width;
            const second = hasNext ? first + width : first;
            let [a, b, c, d] = [0, 0, 0, 0];
            for (let index = 0; index < width; index++) {
                const x = left[one + index];
                const y = left[two + index];
                const u = right[first + index];
                const v = right[second + index];
                a += x * u;
                b += x * v;
                c += y * u;
                d += y * v;
            }
            target[row * columns + column] = a;
            if (hasNext) target[row * columns + column + 1] = b;
            if (!hasTwo) continue;
            target[(row + 1) * columns + column] = c;
            if (hasNext) target[(row + 1) * columns + column + 1] = d;
        }
    }
}

/**
 * The products of each row of a matrix with each of its rows.
 *
 * @param {Float64Array} matrix `[rows, width]`
 * @param {number} rows
 * @param {number} width
 * @returns {Float64Array} `[rows, rows]`, symmetric.
 */
export function gram(matrix, rows, width) {
    const products = new Float64Array(rows * rows);
    for (let row = 0; row < rows; row += 2) {
        const height = Math.min(2, rows - row);
        // From the pair's own columns on: the other half is the same.
        const columns = rows - row;
        const part = new Float64Array(height * columns);
        rowProducts(
            matrix.subarray(row * width, (row + height) * width),
            matrix.subarray(row * width, rows * width),
            height,
            columns,
            width,
            part,
        );
        for (let line = 0; line < height; line++)
            for (let column = 0; column < columns; column++) {
                const value = part[line * columns + column];
                products[(row + line) * rows + row + column] = value;
                products[(row + column) * rows + row + line] = value;
            }
    }
    return products;
}

/**
 * Adds, for each column of a factor, the sum of a matrix's rows weighted by it.
 *
 * @param {Float64Array} factors `[rows, columns]`
 * @param {Float64Array} matrix `[rows, width]`
 * @param {number} rows
 * @param {number} columns
 * @param {number} width
 * @param {Float64Array} target `[columns, width]`, to be added to.
 */
export function addWeightedRows(factors, matrix, rows, columns, width, target) {
    let row = 0;
    for (; row + 3 < rows; row += 4) {
        const [one, two, three, four] = [row * width, (row + 1) * width, (row + 2) * width, (row + 3) * width];
        for (let column = 0; column < columns; column++) {
            const a = factors[row * columns + column];
            const b = factors[(row + 1) * columns + column];
            const c = factors[(row + 2) * columns + column];
            const d = factors[(row + 3) * columns + column];
            const first = column * width;
            for (let index = 0; index < width; index++)
                target[first + index] +=
                    a * matrix[one + index] +
                    b * matrix[two + index] +
                    c * matrix[three + index] +
                    d * matrix[four + index];
        }
    }
    for (; row < rows; row++)
        for (let column = 0; column < columns; column++) {
            const factor = factors[row * columns + column];
            const first = column * width;
            for (let index = 0; index < width; index++) target[first + index] += factor * matrix[row * width + index];
        }
}

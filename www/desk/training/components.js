// Principal components of a side's features: the few coordinates in which posts differ most. A ridge-penalised layer
// depends on the features by their products alone, so with as many components as posts nothing is lost, and a fit takes
// hundreds of numbers a post instead of thousands.

import { symmetricEigen } from './eigen.js';
import { addWeightedRows, gram, rowProducts } from './matrix.js';

/** The components are found from at most this many posts; the others are mapped onto them. */
const MOST_LANDMARKS = 500;

/** More components than this hold little but noise, and make each fit slower. */
export const MOST_COMPONENTS = 200;

/** A component with less than this share of the largest one's variance is rounding. */
const LEAST_SHARE = 1e-6;

/**
 * @typedef {object} Components
 * @property {number} count
 * @property {Float64Array} coordinates `[posts, count]`; the mean squared length of a row is about 1.
 * @property {(weights: Float64Array, classes: number) => Float32Array} onFeatures Turns weights of coordinates,
 *     `[classes, count]`, into weights of features, `[features, classes]`.
 */

/**
 * @param {Float32Array} features `[posts, width]`, standardised.
 * @param {number} posts
 * @param {number} width
 * @returns {Components}
 */
export function componentsOf(features, posts, width) {
    const landmarks = evenly(posts, Math.min(posts, MOST_LANDMARKS));
    const chosen = rowsOf(features, landmarks, width);
    const products = gram(chosen, landmarks.length, width);
    let trace = 0;
    for (let row = 0; row < landmarks.length; row++) trace += products[row * landmarks.length + row];
    const scale = Math.sqrt(trace / Math.max(1, landmarks.length));
    if (!(scale > 0)) return { count: 0, coordinates: new Float64Array(0), onFeatures: () => new Float32Array(0) };
    const { values, vectors } = symmetricEigen(products, landmarks.length, MOST_COMPONENTS);
    const count = values.filter((value) => value > LEAST_SHARE * values[0]).length;
    // Rows: the directions, as sums of landmarks' features.
    const mixing = new Float64Array(landmarks.length * count);
    for (let component = 0; component < count; component++)
        for (let row = 0; row < landmarks.length; row++)
            mixing[row * count + component] =
                vectors[component * landmarks.length + row] / Math.sqrt(values[component]);
    const coordinates = new Float64Array(posts * count);
    if (landmarks.length === posts) {
        for (let row = 0; row < posts; row++)
            for (let component = 0; component < count; component++)
                coordinates[row * count + component] =
                    (vectors[component * posts + row] * Math.sqrt(values[component])) / scale;
    } else {
        const directions = new Float64Array(count * width);
        addWeightedRows(mixing, chosen, landmarks.length, count, width, directions);
        for (let first = 0; first < posts; first += MOST_LANDMARKS) {
            const size = Math.min(MOST_LANDMARKS, posts - first);
            const part = Float64Array.from(features.subarray(first * width, (first + size) * width));
            const target = coordinates.subarray(first * count, (first + size) * count);
            rowProducts(part, directions, size, count, width, target);
        }
        for (let index = 0; index < coordinates.length; index++) coordinates[index] /= scale;
    }
    return {
        count,
        coordinates,
        onFeatures: (weights, classes) => {
            const shares = new Float64Array(landmarks.length * classes);
            rowProducts(mixing, weights, landmarks.length, classes, count, shares);
            const byClass = new Float64Array(classes * width);
            addWeightedRows(shares, chosen, landmarks.length, classes, width, byClass);
            const target = new Float32Array(width * classes);
            for (let label = 0; label < classes; label++)
                for (let index = 0; index < width; index++)
                    target[index * classes + label] = byClass[label * width + index] / scale;
            return target;
        },
    };
}

/**
 * Places that are evenly spread.
 *
 * @param {number} all
 * @param {number} wanted
 */
const evenly = (all, wanted) => Array.from({ length: wanted }, (_, index) => Math.floor((index * all) / wanted));

/**
 * @param {Float32Array} features
 * @param {readonly number[]} places
 * @param {number} width
 */
function rowsOf(features, places, width) {
    const rows = new Float64Array(places.length * width);
    for (const [row, place] of places.entries())
        rows.set(features.subarray(place * width, (place + 1) * width), row * width);
    return rows;
}

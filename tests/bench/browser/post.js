// The post that is measured, and what its image's features should be.
import manifest from '/pkg/src/manifest.js';

const PICTURE = '/golden/shapes.rgb.png';
const EXPECTED = '/golden/shapes.f32';

const CAPTION = 'what a lovely evening with old friends by the sea';
const LONG_CAPTION = `we drove to the coast before sunrise and waited on the cold sand until the first light came over the
    water my sister brought hot coffee and the dog ran in circles around us nobody said much for a while but all of us
    were smiling and when the sun was up we danced like children and promised to return`;

/** Captions by their number of words. */
export const CAPTIONS = { 10: CAPTION, 60: LONG_CAPTION.replace(/\s+/g, ' ') };

/**
 * What a worker loads.
 *
 * @param {'default' | 'large'} model
 */
export async function loadedPost(model) {
    const { file } = model === 'large' ? manifest.large : manifest.model;
    return { picture: await pixels(PICTURE), caption: CAPTION, model: `/pkg/${file}` };
}

/** The image as a file. */
export const imageFile = async () => (await fetch(PICTURE)).blob();

export { CAPTION };

async function pixels(address) {
    const blob = await (await fetch(address)).blob();
    const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
    const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { data, width, height };
}

/** How far each image's features are from the golden ones at most, ‖found − expected‖ ∕ ‖expected‖. */
export async function featureDifference(features, posts) {
    const expected = new Float32Array(await (await fetch(EXPECTED)).arrayBuffer());
    const norm = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    const differences = Array.from({ length: posts }, (_, post) => {
        const found = features.subarray(post * expected.length, (post + 1) * expected.length);
        return norm(expected.map((value, index) => found[index] - value)) / norm(expected);
    });
    return Math.max(...differences); // a NaN does not get lost
}

// Twenty posts to try the desk with.

import { NEW_POST } from './posts.js';
import { texts } from './texts.js';

/** @typedef {import('../types.js').DeskPost} DeskPost */

/** @type {readonly { image?: string, caption?: string }[]} Images by their addresses from this module. */
const SAMPLES = [
    { image: '../../samples/cat.jpg', caption: 'She saw the cucumber behind her... I did not expect that jump!' },
    { image: '../samples/cat-close.jpg', caption: 'Best nap buddy in the world, I love her' },
    { image: '../samples/cat-close.jpg', caption: 'The vet says there is nothing more they can do for her' },
    { image: '../../samples/coffee.jpg', caption: 'I miss her so much. Her cup still stands here, so sad and lonely' },
    { image: '../samples/cup.jpg', caption: 'Good morning! Fresh coffee and a whole free day ahead' },
    { image: '../samples/cup.jpg', caption: 'There was a hair in my coffee. Disgusting, never again' },
    { image: '../../samples/rocket.jpg', caption: 'Three, two, one... Can’t wait to see what it will find out there!' },
    { image: '../samples/launch-1.jpg' },
    { image: '../samples/launch-2.jpg' },
    { image: '../samples/launch-3.jpg', caption: 'I was so afraid it would explode' },
    { image: '../samples/astronaut.jpg', caption: 'So proud of our commander' },
    { image: '../samples/galaxies.jpg', caption: 'Every dot is a galaxy. I had no idea there were so many!' },
    { image: '../samples/photographer.jpg', caption: 'He waits for hours for one good picture' },
    { image: '../samples/grass.jpg' },
    { caption: 'We won!!! Best day of my life' },
    { caption: 'They cancelled my flight again and nobody says why. I am furious' },
    { caption: 'Someone followed me home tonight. I am still shaking' },
    { caption: 'The shop opens at nine and closes at six' },
    { caption: 'You have always been there for me. I know I can count on you' },
    { caption: 'He left without a word. The house is so quiet now' },
];

export const SAMPLE_COUNT = SAMPLES.length;

/** @returns {import('./posts.js').Posts} */
export function postsOfSamples() {
    /** @type {DeskPost[]} */
    const posts = SAMPLES.map(({ image, caption }, index) => {
        const name = image?.slice(image.lastIndexOf('/') + 1) ?? null;
        return {
            ...NEW_POST,
            index,
            id: `sample ${String(index + 1).padStart(2, '0')}`,
            image: name,
            caption: caption ?? null,
            open: image && name ? () => fetchImage(new URL(image, import.meta.url), name) : null,
        };
    });
    return { posts, problems: [], missing: 0 };
}

/**
 * @param {URL} address
 * @param {string} name
 */
async function fetchImage(address, name) {
    const response = await fetch(address).catch(() => null);
    if (!response?.ok) throw new Error(texts.samples.cannotLoad(name));
    return new File([await response.blob()], name, { type: 'image/jpeg' });
}

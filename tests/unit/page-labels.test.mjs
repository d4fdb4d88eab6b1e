// The labels that a person set on the page become labelled posts of the desk.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import './page-modules.mjs';

const { findImages, pageLabelsOf, postsOfPageLabels, storePageLabels } = await import(
    '../../www/desk/intake/page-labels.js'
);
const { contentKey } = await import('../../www/desk/labelling/hash.js');

/** @typedef {import('../../www/desk/types.js').ManualLabel} ManualLabel */

/** @param {string} content */
const digest = (content) => createHash('sha256').update(content).digest('hex');

const ROWS = [
    { id: 'We won!', image: null, caption: 'We won!', hand_emotion: 'joy', image_sha256: null },
    { id: 'cat.jpg', image: 'cat.jpg', caption: null, hand_emotion: 'trust', image_sha256: digest('a cat') },
    { id: 'a', image: null, caption: 'Never again', hand_emotion: 'disgust', image_sha256: digest('a coffee') },
];

/** A journal with these labels. @param {Record<string, ManualLabel>} [labels] */
const journalOf = (labels = {}) => ({
    labels: new Map(Object.entries(labels)),
    async manualLabel(/** @type {string} */ key) {
        return this.labels.get(key) ?? null;
    },
    async saveManualLabel(/** @type {string} */ key, /** @type {ManualLabel | null} */ label) {
        if (label) this.labels.set(key, label);
        else this.labels.delete(key);
    },
});

/**
 * @param {string} path
 * @param {string} content
 */
const fileOf = (path, content) => ({ path, open: async () => new File([content], path) });

test('rows are read with their captions, digests and labels; others are counted', () => {
    const { labels, unusable } = pageLabelsOf([
        ...ROWS,
        { ...ROWS[0], caption: 'Aah', id: 'b', hand_emotion: 'bliss' },
        { ...ROWS[0], hand_emotion: ' ' },
        { ...ROWS[0], caption: '   ' },
        { ...ROWS[1], image_sha256: 'not a digest' },
        /** @type {any} */ (null),
        {},
    ]);
    assert.equal(unusable, 5);
    assert.deepEqual(
        labels.map(({ id, caption, emotion }) => [id, caption, emotion]),
        [
            ['We won!', 'We won!', 'joy'],
            ['cat.jpg', null, 'trust'],
            ['a', 'Never again', 'disgust'],
            ['b', 'Aah', 'bliss'],
        ],
    );
});

test('images are found by their content, those of the same name first, and no more is read than needed', async () => {
    const { labels } = pageLabelsOf(ROWS);
    /** @type {string[]} */
    const opened = [];
    const watched = (/** @type {string} */ path, /** @type {string} */ content) => {
        const file = fileOf(path, content);
        const open = () => {
            opened.push(path);
            return file.open();
        };
        return { path, open };
    };
    const found = await findImages(labels, [
        watched('1.png', 'something else'),
        watched('2.png', 'a coffee'),
        watched('3.png', 'never opened'),
        watched('notes.txt', 'a cat'),
        watched('pets/cat.jpg', 'a cat'),
        { path: 'gone.png', open: () => Promise.reject(new Error('it is gone')) },
    ]);
    assert.deepEqual(opened, ['pets/cat.jpg', '1.png', '2.png']);
    assert.deepEqual(
        [...found].map(([sha256, { path }]) => [sha256, path]),
        [
            [digest('a cat'), 'pets/cat.jpg'],
            [digest('a coffee'), '2.png'],
        ],
    );
});

test('a search that is aborted rejects', async () => {
    const { labels } = pageLabelsOf(ROWS);
    const aborted = AbortSignal.abort();
    await assert.rejects(findImages(labels, [fileOf('1.png', 'x')], { signal: aborted }), { name: 'AbortError' });
});

test('posts have their labels, captions and images; those without their image are left and said', async () => {
    const { labels } = pageLabelsOf(ROWS);
    const images = new Map([[digest('a coffee'), fileOf('set/2.png', 'a coffee')]]);
    const { posts, problems, missing, left } = await postsOfPageLabels(labels, images, journalOf());
    assert.deepEqual(
        posts.map(({ index, id, image, caption, manualLabel }) => [index, id, image, caption, manualLabel?.emotion]),
        [
            [0, 'We won!', null, 'We won!', 'joy'],
            [1, 'a', 'set/2.png', 'Never again', 'disgust'],
        ],
    );
    assert.equal(await (await posts[1]?.open?.())?.text(), 'a coffee');
    assert.equal(posts[0]?.open, null);
    assert.deepEqual([...new Set(posts.map(({ manualLabel }) => manualLabel?.how))], ['page']);
    assert.equal(missing, 1);
    assert.deepEqual(
        left.map(({ id }) => id),
        ['cat.jpg'],
    );
    assert.deepEqual(
        problems.map(({ where }) => where),
        ['cat.jpg'],
    );
});

test('a label that was set on the desk stays, and an older one from the page does not', async () => {
    const { labels } = pageLabelsOf(ROWS.slice(0, 1));
    const key = await contentKey(null, 'We won!');
    const fear = /** @type {const} */ ({ emotion: 'fear', at: '2026-01-01' });
    const desk = await postsOfPageLabels(labels, new Map(), journalOf({ [key]: { ...fear, how: 'review' } }));
    assert.equal(desk.posts[0]?.manualLabel?.emotion, 'fear');
    assert.match(desk.problems[0]?.reason ?? '', /joy on the page and fear on the desk/);
    const page = await postsOfPageLabels(labels, new Map(), journalOf({ [key]: { ...fear, how: 'page' } }));
    assert.equal(page.posts[0]?.manualLabel?.emotion, 'joy');
    assert.deepEqual(page.problems, []);
});

test('labels that are left wait in the journal for the same image and caption', async () => {
    const { labels } = pageLabelsOf(ROWS.slice(1));
    const [cat = '', coffee = ''] = await Promise.all([
        contentKey(digest('a cat'), null),
        contentKey(digest('a coffee'), 'Never again'),
    ]);
    const journal = journalOf({ [coffee]: { emotion: 'anger', at: '2026-01-01', how: 'post' } });
    await storePageLabels(labels, journal);
    assert.equal(journal.labels.get(cat)?.emotion, 'trust');
    assert.equal(journal.labels.get(coffee)?.emotion, 'anger');
});

// Brings desk and journal to the same state after the journal could not be written or read for a while.

/** @typedef {import('../collection.js').Collection} Collection */
/** @typedef {import('./journal.js').Journal} Journal */

/**
 * Saves the scores and labels of all posts on the desk once more, and takes over labels and notes that could not be read
 * before.
 *
 * @param {Collection} collection
 * @param {Journal} journal
 */
export async function saveAgain(collection, journal) {
    const model = collection.description?.model.sha256;
    for (const { key, prediction } of collection.posts)
        if (key && model && prediction) journal.savePrediction(model, key, prediction);
    for (const post of collection.posts) {
        if (!post.key) continue;
        const [label, note] = await Promise.all([journal.manualLabel(post.key), journal.note(post.key)]);
        if (!label && post.manualLabel && post.manualLabel.how !== 'import')
            await journal.saveManualLabel(post.key, post.manualLabel);
        if (!note && post.note) await journal.saveNote(post.key, post.note);
        post.manualLabel ??= label;
        post.note ??= note;
    }
    collection.changed('labels');
}

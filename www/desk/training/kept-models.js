// Trained models that a person keeps in the browser.

import { openDB } from '../../libraries/idb.js';

const NAME = 'emofuse-trained';
const STORE = 'models';

/**
 * @typedef {object} KeptModel
 * @property {string} id The model's name.
 * @property {string} sha256
 * @property {Blob} file
 * @property {number} posts The number of posts that it was trained on.
 * @property {number} accuracy Cross-validated.
 * @property {string} at When, as ISO 8601.
 */

/** Rejects where the browser stores nothing. */
const open = () =>
    openDB(NAME, 1, {
        upgrade: (database) => void database.createObjectStore(STORE, { keyPath: 'sha256' }),
    });

/**
 * @template T
 * @param {(database: Awaited<ReturnType<typeof open>>) => Promise<T>} use
 * @returns {Promise<T>}
 */
async function inDatabase(use) {
    const database = await open();
    try {
        return await use(database);
    } finally {
        database.close();
    }
}

/** All of them, by their SHA-256. */
export class KeptModels {
    /** Called after each change. */
    onChange = () => {};

    /** @returns {Promise<KeptModel[]>} The newest first; none if the browser stores nothing. */
    async all() {
        const models = await inDatabase((database) => database.getAll(STORE)).catch(() => []);
        return models.sort((/** @type {KeptModel} */ a, /** @type {KeptModel} */ b) => (a.at < b.at ? 1 : -1));
    }

    /** @param {KeptModel} model Rejects if there is no room. */
    async keep(model) {
        await inDatabase((database) => database.put(STORE, model));
        this.onChange();
    }

    /** @param {string} sha256 */
    async delete(sha256) {
        await inDatabase((database) => database.delete(STORE, sha256));
        this.onChange();
    }

    async clear() {
        await inDatabase((database) => database.clear(STORE)).catch(() => {}); // then there are none
        this.onChange();
    }
}

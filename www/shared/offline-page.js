// What all views of the page share: offline use, the list of network requests, and updates.

import { PrivacyPanel } from './privacy-panel.js';
import { UpdateNotice } from './update-notice.js';
import { byId } from './dom.js';
import { Offline } from './offline.js';
import { manifest } from '../emofuse.js';

/** @typedef {import('../emofuse.js').ModelName} ModelName */
/** @typedef {import('./model.js').ModelSource} ModelSource */

/** The privacy panel in `#privacy`, and a bar at the bottom when there is a new version. */
export class OfflinePage {
    #privacy;
    #offline;
    /** @type {(name: ModelName) => void} */
    #onModel = () => {};

    /**
     * @param {object} view
     * @param {string} [view.stored] One or two sentences about which of the person's data is stored.
     * @param {() => string | null} view.atStake One or two sentences about what a reload would interrupt; null if
     *     nothing.
     * @param {(facts: import('./privacy-panel.js').Facts) => void} [view.onFacts] Called whenever they change.
     */
    constructor({ stored, atStake, onFacts }) {
        this.#privacy = new PrivacyPanel(stored, onFacts);
        const update = new UpdateNotice(() => this.#offline.update.apply(), atStake);
        this.#offline = new Offline((state) => {
            this.#privacy.showOffline(state);
            if (state.state === 'update') update.show();
        });
        byId('privacy', HTMLDivElement).append(this.#privacy.container);
        document.body.append(update.container);
        void this.#offline.begin(new Promise((resolve) => (this.#onModel = resolve)));
    }

    /**
     * @param {ModelName} name What is in use.
     * @param {ModelSource} source
     */
    modelIsThere(name, source) {
        this.#privacy.show(name);
        // The person's own file is gone after a reload.
        this.#offline.needs(source === 'large' ? manifest.large : manifest.model);
        this.#onModel(name);
    }
}

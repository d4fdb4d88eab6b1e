// The status of the model. The analysis panel shows it too while posts wait.

import { EngineStatus } from '../shared/engine-status.js';

export class ModelStatus extends EngineStatus {
    /**
     * Called while the model loads, with a text and the share that is loaded, from 0 to 1; null while unknown.
     *
     * @type {(text: string, share: number | null) => void}
     */
    onText = () => {};

    /**
     * @override
     * @param {import('../emofuse.js').LoadProgress} progress
     * @param {(() => void) | null} cancel
     */
    loading(progress, cancel) {
        super.loading(progress, cancel);
        const { phase, loaded, total } = progress;
        const text = this.container.querySelector('.engine-text')?.textContent ?? '';
        this.onText(text, phase === 'download' && total > 0 ? loaded / total : null);
    }
}

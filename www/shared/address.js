// Keeps the person's choices in the page's URL, so that a reload or a bookmark restores them.

/**
 * Returns the model in the URL. A person's own file is never in it.
 *
 * @returns {'default' | 'large'}
 */
export const chosenModel = () => (new URLSearchParams(location.search).get('model') === 'large' ? 'large' : 'default');

/**
 * The back end in the address.
 *
 * @returns {import('./engine-status.js').Choice}
 */
export function chosenBackend() {
    const requested = new URLSearchParams(location.search).get('backend');
    return requested === 'cpu' || requested === 'webgpu' ? requested : 'auto';
}

/**
 * Whose labels the address asks for: the model's, or the person's own.
 *
 * @returns {'model' | 'own'}
 */
export const chosenLabels = () => (new URLSearchParams(location.search).get('labels') === 'own' ? 'own' : 'model');

/**
 * Other views of the page are opened with the same model.
 *
 * @param {import('../shared/model.js').ModelSource} source
 */
export function keepModelInAddress(source) {
    const value = source === 'large' ? source : null;
    keepInAddress('model', value);
    const views = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.views a'));
    for (const view of views) view.href = addressWith(view.href, 'model', value);
}

/**
 * @param {'backend' | 'model' | 'labels'} name
 * @param {string | null} value Null removes it.
 */
export function keepInAddress(name, value) {
    history.replaceState(null, '', addressWith(location.href, name, value));
}

/**
 * @param {string} address
 * @param {string} name
 * @param {string | null} value
 */
function addressWith(address, name, value) {
    const changed = new URL(address);
    if (value === null) changed.searchParams.delete(name);
    else changed.searchParams.set(name, value);
    return changed.href;
}

// Accepts drops on the whole page: a file dropped beside a field must not replace the page.

/** The beginning of a model file. */
const MODEL_MARK = 'EMOFUSE\0';

/**
 * @param {(files: File[], dataTransfer: DataTransfer) => void} onFiles Called with everything that is dropped on the
 *     page, including folders.
 */
export function listenForDrops(onFiles) {
    const target = document.documentElement;
    let depth = 0; // dragenter and dragleave fire for each element on the way
    const mark = (/** @type {number} */ change) => {
        depth = Math.max(0, depth + change);
        target.classList.toggle('dragging', depth > 0);
    };
    const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') ?? false;
    target.addEventListener('dragenter', (event) => hasFiles(event) && mark(+1));
    target.addEventListener('dragleave', (event) => hasFiles(event) && mark(-1));
    target.addEventListener('dragover', (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    });
    target.addEventListener('drop', (event) => {
        if (!hasFiles(event)) return;
        const isTaken = event.defaultPrevented; // by the field that it fell on
        event.preventDefault();
        mark(-depth);
        if (event.dataTransfer && !isTaken) onFiles([...event.dataTransfer.files], event.dataTransfer);
    });
}

/** @param {string} name */
export const isModelName = (name) => /\.emofuse$/i.test(name);

/**
 * Whether a file is a model, or is meant to be one.
 *
 * @param {File} file
 * @returns {Promise<boolean>}
 */
export async function isModel(file) {
    if (isModelName(file.name)) return true;
    try {
        return (await file.slice(0, MODEL_MARK.length).text()) === MODEL_MARK;
    } catch {
        return false; // it cannot be read; the image field reports that
    }
}

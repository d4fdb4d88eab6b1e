// The text of a file, a piece at a time.

/** Small enough to be parsed in a moment. */
const PIECE_BYTES = 128 * 1024;

/** A table that cannot be used, with what to do about it. */
export class TableError extends Error {
    name = 'TableError';
}

/**
 * @param {File} file
 * @param {((share: number) => void) | undefined} onProgress
 * @returns {AsyncGenerator<string, void, void>} Rejects with a TableError where it is not UTF-8.
 */
export async function* textOf(file, onProgress) {
    const decoder = new TextDecoder('utf-8', { fatal: true }); // takes a byte order mark away
    for (let start = 0; start < file.size; start += PIECE_BYTES) {
        const bytes = await bytesOf(file, start);
        let text;
        try {
            text = decoder.decode(bytes, { stream: start + PIECE_BYTES < file.size });
        } catch {
            throw new TableError(
                `“${file.name}” is not UTF-8 text. Save it once more as “CSV UTF-8”, which spreadsheets offer, and give that.`,
            );
        }
        if (text.includes('\0'))
            throw new TableError(`“${file.name}” is no text. Give a table as CSV, TSV or JSON Lines.`);
        onProgress?.(Math.min(1, (start + bytes.byteLength) / file.size));
        yield text;
    }
}

/**
 * @param {File} file
 * @param {number} start
 */
async function bytesOf(file, start) {
    try {
        return await file.slice(start, start + PIECE_BYTES).arrayBuffer();
    } catch (error) {
        throw new TableError(
            `“${file.name}” could not be read. It may have been changed or moved; give it once more.`,
            { cause: error },
        );
    }
}

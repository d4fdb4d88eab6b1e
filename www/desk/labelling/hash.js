// Identifies images and posts by their content.

/**
 * @param {BufferSource} content
 * @returns {Promise<string>} SHA-256 in hexadecimal.
 */
export async function sha256(content) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The journal's key of a post: the same image with the same caption is the same post.
 *
 * @param {string | null} imageSha256
 * @param {string | null} caption
 * @returns {Promise<string>} SHA-256 in hexadecimal.
 */
export function contentKey(imageSha256, caption) {
    return sha256(new TextEncoder().encode(JSON.stringify([imageSha256, caption])));
}

// Which requests the extension makes for an image, and with what.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { fetchImage } from '../../www/extension/pixels.js';

const ADDRESS = 'https://photos.example/1.png';
const { fetch } = globalThis;
afterEach(() => {
    globalThis.fetch = fetch;
});

const image = () => new Response(new Blob([new Uint8Array(4)], { type: 'image/png' }));
const refused = (/** @type {number} */ status) => () => new Response('', { status });
/** What a browser hands over of a redirect that it does not follow. */
const redirected = () =>
    Object.defineProperties(Response.error(), { type: { value: 'opaqueredirect' }, status: { value: 0 } });

/**
 * Answers one request after another.
 *
 * @param {(() => Response)[]} answers
 */
async function requestsFor(...answers) {
    /** @type {Record<string, string | undefined>[]} */
    const requests = [];
    globalThis.fetch = async (address, options = {}) => {
        const { credentials, redirect, referrerPolicy } = options;
        requests.push({ address: String(address), credentials, redirect, referrerPolicy });
        return answers[requests.length - 1]?.() ?? assert.fail('a request too many');
    };
    const outcome = await fetchImage(ADDRESS, new AbortController().signal).then(
        (blob) => blob.type,
        (error) => error.message,
    );
    return { outcome, requests };
}

test('an image is downloaded without cookies', async () => {
    const { outcome, requests } = await requestsFor(image);
    assert.equal(outcome, 'image/png');
    assert.deepEqual(requests, [
        { address: ADDRESS, credentials: 'omit', redirect: 'follow', referrerPolicy: 'no-referrer' },
    ]);
    assert.match((await requestsFor(refused(404))).outcome, /404/);
});

test('a site that wants a sign-in gets its cookies, and no other site does', async () => {
    for (const status of [401, 403]) {
        const { outcome, requests } = await requestsFor(refused(status), image);
        assert.equal(outcome, 'image/png');
        assert.equal(requests.length, 2);
        assert.deepEqual(requests[1], {
            address: ADDRESS,
            credentials: 'include',
            redirect: 'manual',
            referrerPolicy: 'no-referrer',
        });
        const elsewhere = await requestsFor(refused(status), redirected);
        assert.match(elsewhere.outcome, new RegExp(String(status)), 'the first answer is told');
        assert.equal(elsewhere.requests.length, 2);
    }
});

// The benchmark's page and workers, served without the other systems that it measures.
import { fileURLToPath } from 'node:url';
import { serve } from '../../../server/serve.mjs';

const folder = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

export const serveBench = () =>
    serve(0, {
        roots: {
            '/': folder('../../bench/page'),
            '/browser/': folder('../../bench/browser'),
            '/workers/': folder('../../bench/workers'),
            '/golden/': folder('../../golden/image_features'),
            '/pkg/': folder('../../../pkg'),
        },
    });

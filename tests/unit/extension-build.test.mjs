// The two builds: what they ask of the browser, and that the browsers' own checker finds no error.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildExtension, manifestFor } from '../../tools/extension.mjs';

const webExt = fileURLToPath(new URL('../../node_modules/.bin/web-ext', import.meta.url));

/** What only Chrome has, and code asks for before it uses it. */
const KNOWN_WARNINGS = {
    chrome: [
        'BACKGROUND_SERVICE_WORKER_IGNORED',
        'KEY_FIREFOX_ANDROID_UNSUPPORTED_BY_MIN_VERSION',
        'MANIFEST_PERMISSIONS',
        'UNSUPPORTED_API',
    ],
    firefox: ['KEY_FIREFOX_ANDROID_UNSUPPORTED_BY_MIN_VERSION', 'UNSUPPORTED_API'],
};

for (const browser of /** @type {const} */ (['chrome', 'firefox'])) {
    describe(browser, () => {
        /** @type {string} */
        let folder;
        before(async () => {
            folder = await mkdtemp(join(tmpdir(), 'emofuse-build-'));
            await buildExtension(browser, folder);
        });
        after(() => rm(folder, { recursive: true, force: true }));

        test('it asks for no more than it needs', async () => {
            const manifest = /** @type {any} */ (await manifestFor(browser));
            const chromeOnly = browser === 'chrome' ? ['offscreen', 'sidePanel'] : [];
            assert.deepEqual(
                [...manifest.permissions].sort(),
                ['activeTab', 'contextMenus', 'scripting', ...chromeOnly].sort(),
            );
            assert.equal(manifest.host_permissions, undefined);
            assert.equal(manifest.content_scripts, undefined);
            assert.equal(manifest.externally_connectable, undefined);
            assert.equal(manifest.web_accessible_resources, undefined);
            const policy = Object.fromEntries(
                manifest.content_security_policy.extension_pages
                    .split('; ')
                    .map((/** @type {string} */ rule) => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ')]),
            );
            assert.equal(policy['default-src'], "'none'");
            assert.equal(policy['script-src'], "'self' 'wasm-unsafe-eval'");
            assert.equal(policy['worker-src'], "'self'");
            assert.equal(policy['require-trusted-types-for'], "'script'");
            assert.deepEqual(manifest.browser_specific_settings.gecko.data_collection_permissions, {
                required: ['none'],
            });
        });

        test('nothing is in it that names another place to get code from', async () => {
            for (const file of (await readdir(folder, { recursive: true })).filter((name) =>
                /\.(js|html)$/.test(name),
            )) {
                const text = await readFile(join(folder, file), 'utf8');
                assert.doesNotMatch(text, /\b(?:import|from|src=|importScripts)\s*\(?["'`]https?:/, file);
                // The package's own cache is left unused, as tests/browser/extension/host.test.mjs checks.
                const storage =
                    file === join('pkg', 'src/worker/cache.js')
                        ? /localStorage|indexedDB|chrome\.storage|document\.cookie/
                        : /localStorage|indexedDB|chrome\.storage|document\.cookie|caches\./;
                assert.doesNotMatch(text, storage, file);
            }
        });

        test('web-ext finds no error, and warns of nothing new', async () => {
            const { stdout } = await promisify(execFile)(webExt, ['lint', '--source-dir', folder, '--output', 'json'], {
                maxBuffer: 1 << 24,
            });
            const { errors, notices, warnings } = JSON.parse(stdout);
            assert.deepEqual(errors, []);
            assert.deepEqual(notices, []);
            assert.deepEqual(
                [...new Set(warnings.map((/** @type {{ code: string }} */ { code }) => code))].sort(),
                KNOWN_WARNINGS[browser],
            );
        });
    });
}

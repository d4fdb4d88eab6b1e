// The extension in the package's README works as it stands there.
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { EMOTIONS } from '../../../pkg/src/emotions.js';
import { Installed, until } from './extension.mjs';

const readme = await readFile(new URL('../../../pkg/README.md', import.meta.url), 'utf8');
const block = (/** @type {string} */ language, /** @type {string} */ part) =>
    [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))]
        .map(([, code = '']) => code)
        .find((code) => code.includes(part)) ?? assert.fail(`no ${language} with ${part}`);

test('ten lines say which emotion the selected text conveys', async () => {
    const extension = await Installed.open({
        change: () => JSON.parse(block('json', 'manifest_version')),
        prepare: async (folder) => {
            await writeFile(join(folder, 'background.js'), block('js', 'emofuse/extension.js'));
            await cp(join(folder, 'pkg'), join(folder, 'emofuse'), { recursive: true });
        },
    });
    try {
        await extension.inWorker(() => {
            /** @type {{ dispatch(...args: unknown[]): void }} */ (
                /** @type {unknown} */ (chrome.contextMenus.onClicked)
            ).dispatch({ menuItemId: 'read', selectionText: 'What a wonderful, happy day!' }, {});
        }, null);
        const text = await until('the badge has text', () =>
            extension.inWorker(() => chrome.action.getBadgeText({}), null),
        );
        assert.ok(['?', ...EMOTIONS.map((emotion) => emotion.slice(0, 4))].includes(text), text);
    } finally {
        await extension.close();
    }
});

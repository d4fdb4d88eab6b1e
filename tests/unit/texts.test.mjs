// The texts of page, desk and extension stand in one place for each view, its texts.js, so that they can be translated.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';

const www = fileURLToPath(new URL('../../www', import.meta.url));

/** Files with texts, and files of others. */
const NOT_CHECKED = /(?:^|\/)texts\.js$|^(?:wasm|libraries|pkg)\//;

/** Files whose strings are no texts to translate. */
const EXEMPT = {
    'page-files.js': 'generated: addresses and checksums',
    'service-worker.js': 'a classic script, which cannot import texts; its errors name a mistake of the server',
    'extension/alternative-text.js': 'patterns of alternative texts that other sites have',
    'desk/export/training.js': 'a recipe, as “emofuse train” reads it',
    'desk/intake/sample-posts.js': 'captions, in the language that the model reads',
    'desk/training/self-test.js': 'a caption, in the language that the model reads',
};

/** Strings that look like texts and are none. */
const ALLOWED = [
    ['shared/label-columns.js', 'score ()', 'the name of a column'],
    [
        'desk/labelling/journal.js',
        'the browser has closed the database',
        'handled by the journal, which says it in words',
    ],
    ['desk/labelling/label-log-worker.js', 'the file could not be written to its end', 'handled by the label log'],
    ['desk/labelling/label-log-worker.js', 'Error', 'the name of an error'],
    ['desk/labelling/label-log.js', 'emofuse-desk ', 'the beginning of keys in storage'],
    ['desk/labelling/label-log.js', 'the worker of the label log did not start', 'handled by the journal'],
    ['desk/export/label-studio.js', ' corrected', 'part of a version in a file'],
    ['desk/export/label-studio.js', ' hotkey=""', 'part of a file'],
    ['page/image-card.js', 'ui-serif, Georgia, serif', 'a font'],
    ['page/image-card.js', 'system-ui, sans-serif', 'a font'],
    ['page/image-card.js', 'the browser has no canvas', 'for the console'],
    ['page/sample-list.js', 'HTTP ', 'for the console'],
    ['shared/dom.js', 'the page has no  #', 'a mistake of the page itself'],
    ['shared/model.js', 'another load has begun since', 'never shown: the later load reports'],
];

/** Attributes and properties that nobody reads. */
const UNREAD = new Set([
    ...['class', 'className', 'id', 'for', 'accept', 'd', 'viewBox', 'transform', 'font'],
    ...['aria-controls', 'aria-describedby', 'aria-keyshortcuts', 'aria-labelledby', 'cause'],
]);

/** Functions whose arguments nobody reads. */
const UNREAD_ARGUMENTS = new Set([
    ...['matchMedia', 'closest', 'matches', 'querySelector', 'querySelectorAll', 'setProperty', 'includes'],
    ...['startsWith', 'endsWith', 'warn', 'error', 'RangeError', 'TypeError'],
]);

/** Properties and functions whose strings people read, even single words. */
const READ = new Set([
    ...['textContent', 'title', 'placeholder', 'alt', 'label', 'hint', 'remedy', 'ariaLabel'],
    ...['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext'],
]);
const READ_ARGUMENTS = new Map([
    ['element', 2],
    ['svgElement', 2],
    ['append', 0],
    ['prepend', 0],
    ['replaceChildren', 0],
    ['Option', 0],
    ['titled', 0],
]);

const KEY_NAMES = /^(?:(?:Arrow(?:Up|Down|Left|Right)|Escape|Space|Enter|Shift|Home|End)(?: |$))+$/;
const UNIT = /^(?:< 1)? ?(?:kB|MB|ms|s|min|%)$/;
const ERROR_NAME = /^[A-Z][A-Za-z]+Error$/;
const MARKUP = /^\s*</;

/** Words with spaces between them, a capital, or quotation marks. @param {string} text */
const isProse = (text) => /\p{L}\s|\s\p{L}|^\p{Lu}\p{Ll}|[“”]/u.test(text);

/** @param {string} text */
const isWord = (text) => /\p{L}{2}/u.test(text);

/** @param {string} text */
const isCode = (text) => [KEY_NAMES, UNIT, ERROR_NAME, MARKUP].some((pattern) => pattern.test(text));

/** @typedef {{ type: string, start: number, [property: string]: any }} Node */

/**
 * The name of what is called or assigned to.
 *
 * @param {Node} node
 * @returns {string}
 */
function nameOf(node) {
    if (node.type === 'MemberExpression' && !node['computed']) return nameOf(node['property']);
    return String(node['name'] ?? node['value'] ?? '');
}

/**
 * The strings that a person may see.
 *
 * @param {string} code
 * @returns {{ text: string, line: number }[]}
 */
function visibleStrings(code) {
    /** @type {{ text: string, line: number }[]} */
    const found = [];

    /**
     * @param {Node} node
     * @param {string} text
     * @param {boolean} isRead Whether it certainly is, even as a single word.
     */
    const add = (node, text, isRead) => {
        if (isCode(text) || !(isProse(text) || (isRead && isWord(text)))) return;
        found.push({ text, line: code.slice(0, node.start).split('\n').length });
    };

    /**
     * @param {Node} node
     * @param {boolean} isRead
     */
    const visitAll = (node, isRead) => {
        for (const child of Object.values(node).flat())
            if (typeof child?.type === 'string') visit(/** @type {Node} */ (child), isRead);
    };

    /**
     * @param {Node} node
     * @param {boolean} isRead
     */
    const visit = (node, isRead) => {
        switch (node.type) {
            case 'ImportDeclaration':
            case 'ExportAllDeclaration':
            case 'TaggedTemplateExpression': // patterns
                return;
            case 'Literal':
                if (typeof node['value'] === 'string') add(node, node['value'], isRead);
                return;
            case 'TemplateLiteral':
                add(node, node['quasis'].map((/** @type {Node} */ part) => part['value'].cooked).join(''), isRead);
                for (const expression of node['expressions']) visit(expression, false);
                return;
            case 'ConditionalExpression':
                visit(node['test'], false);
                visit(node['consequent'], isRead);
                visit(node['alternate'], isRead);
                return;
            case 'BinaryExpression':
                if (node['operator'] === '+') return visitAll(node, isRead);
                for (const side of [node['left'], node['right']]) if (!/Literal$/.test(side.type)) visit(side, false);
                return;
            case 'LogicalExpression':
            case 'ArrayExpression':
            case 'SpreadElement':
                return visitAll(node, isRead);
            case 'SwitchCase':
                for (const statement of node['consequent']) visit(statement, false);
                return;
            case 'Property':
            case 'PropertyDefinition':
            case 'AssignmentExpression': {
                const name = nameOf(node['key'] ?? node['left']);
                const value = node['value'] ?? node['right'];
                if (value && !UNREAD.has(name)) visit(value, READ.has(name));
                return;
            }
            case 'CallExpression':
            case 'NewExpression': {
                const name = nameOf(node['callee']);
                visit(node['callee'], false);
                if (UNREAD_ARGUMENTS.has(name)) return;
                const first = READ_ARGUMENTS.get(name) ?? Infinity;
                for (const [index, argument] of node['arguments'].entries()) visit(argument, index >= first);
                return;
            }
            default:
                visitAll(node, false);
        }
    };

    visit(
        /** @type {Node} */ (/** @type {unknown} */ (parse(code, { ecmaVersion: 'latest', sourceType: 'module' }))),
        false,
    );
    return found;
}

/** @param {string} code */
const textsIn = (code) => visibleStrings(code).map(({ text }) => text);

/** @returns {Promise<string[]>} */
async function scripts() {
    const names = await readdir(www, { recursive: true });
    return names
        .map((name) => name.split(sep).join('/'))
        .filter((name) => name.endsWith('.js') && !NOT_CHECKED.test(name))
        .sort();
}

test('strings that people see stand in texts.js, not in code', async () => {
    const files = await scripts();
    assert.ok(files.length > 100, `only ${files.length} files`);
    const isAllowed = new Set(ALLOWED.map(([file, text]) => `${file}: ${text}`));
    const found = [];
    for (const file of files.filter((name) => !Object.hasOwn(EXEMPT, name)))
        for (const { text, line } of visibleStrings(await readFile(join(www, file), 'utf8')))
            if (!isAllowed.has(`${file}: ${text}`)) found.push(`www/${file}:${line}: ${text}`);
    assert.deepEqual(found, []);
});

test('what is exempt is still there', async () => {
    const files = new Set(await scripts());
    const generated = 'page-files.js';
    assert.deepEqual(
        Object.keys(EXEMPT).filter((file) => file !== generated && !files.has(file)),
        [],
    );
    for (const [file = '', text = ''] of ALLOWED)
        assert.ok(textsIn(await readFile(join(www, file), 'utf8')).includes(text), `${file}: ${text}`);
});

test('a text in code is found wherever it would be shown', () => {
    const seen = /** @type {const} */ ([
        ["element('p', {}, 'No posts yet')", 'No posts yet'],
        ["element('td', { class: 'absent' }, isFound ? 'found' : texts.missing)", 'found'],
        ["element('button', { 'aria-label': 'close' })", 'close'],
        ["this.status.textContent = 'Saved'", 'Saved'],
        ["button.title = 'undo'", 'undo'],
        [`this.count.textContent = \`\${count} posts\``, ' posts'],
        ["throw new Error('the file cannot be read; choose it again')", 'the file cannot be read; choose it again'],
        [`const parts = [\`\${count} left\`, 'none']`, ' left'],
        ["const what = isOne ? 'one post' : 'several posts'", 'one post'],
        ["say('Ready')", 'Ready'],
        ["new Option('none', '')", 'none'],
        ["collection.replace({ name: 'Sample posts' })", 'Sample posts'],
        [`const quoted = \`“\${name}”\``, '“”'],
    ]);
    for (const [code, text] of seen) assert.ok(textsIn(code).includes(text), code);
});

test('what nobody reads is left alone', () => {
    const unseen = [
        "import { texts } from './a file.js'",
        "element('p', { class: 'hint wide', id: 'a-hint', 'aria-describedby': 'one two' }, texts.hint)",
        "element('p', { class: isWide ? 'hint wide' : 'hint' })",
        "if (event.key === 'Enter') go('fast')",
        "if (error.name === 'AbortError') show('idle')",
        "matchMedia('(min-width: 60rem) and (min-height: 20rem)')",
        "document.querySelector('.card button')",
        "console.warn('the label cannot be kept', error)",
        "throw new RangeError('the count is not a number')",
        "keyButton(texts.back, '←', 'ArrowLeft ArrowUp')",
        `const size = \`\${bytes} kB\``,
        `context.font = \`22px \${SANS}\`; line.className = \`said emotion-\${emotion}\``,
        'const pattern = String.raw`photo of (?:the |a )?`',
        "class TableError extends Error { name = 'TableError' }",
    ];
    for (const code of unseen) assert.deepEqual(textsIn(code), [], code);
});

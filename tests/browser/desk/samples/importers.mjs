// The tools that the desk's exports are for, as far as they say whether they take a file.
//
//     node tests/browser/desk/samples/importers.mjs
//
// installs them into ~/.cache/emofuse (80 MB), which the tests do too.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const cache = join(process.env['EMOFUSE_CACHE'] ?? join(homedir(), '.cache/emofuse'), 'desk');
const libraries = join(cache, 'importers-1');
const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
const script = fileURLToPath(new URL('importers.py', import.meta.url));

/** Only its importer is kept: the rest is a website. */
const DOCCANO = 'doccano==1.8.4';

const OUTPUT_BYTES = 256 * 1024 * 1024;

/** Installs the tools where they are not yet. */
export async function installImporters() {
    if (
        await stat(libraries).then(
            () => true,
            () => false,
        )
    )
        return;
    await mkdir(cache, { recursive: true });
    const fresh = await mkdtemp(join(cache, 'new-'));
    const pip = (/** @type {string[]} */ ...options) =>
        run('python3', ['-m', 'pip', ...options, '--quiet', '--no-deps', '--disable-pip-version-check']);
    try {
        await pip('install', '--target', join(fresh, 'python'), '--requirement', requirements);
        await pip('download', '--dest', join(fresh, 'wheels'), DOCCANO);
        const [wheel = ''] = await readdir(join(fresh, 'wheels'));
        await run('python3', ['-m', 'zipfile', '-e', join(fresh, 'wheels', wheel), join(fresh, 'doccano')]);
        await cp(join(fresh, 'doccano/backend/data_import/pipeline'), join(fresh, 'python/doccano_pipeline'), {
            recursive: true,
        });
        await rename(join(fresh, 'python'), libraries).catch((error) => {
            if (error.code !== 'ENOTEMPTY') throw error; // another test was faster
        });
    } finally {
        await rm(fresh, { recursive: true, force: true });
    }
}

/**
 * @param {'csv' | 'jsonl' | 'label-studio' | 'doccano'} kind
 * @param {...string} files
 */
export async function importAs(kind, ...files) {
    await installImporters();
    const { stdout } = await run('python3', ['-I', '-S', script, libraries, kind, ...files], {
        maxBuffer: OUTPUT_BYTES,
    });
    return JSON.parse(stdout);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await installImporters();

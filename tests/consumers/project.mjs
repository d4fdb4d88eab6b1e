// A consumer's project as its developer has it: a folder outside of this repository, with the packed package installed.
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, readFile, readdir, realpath, symlink } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pack } from '../../tools/pack.mjs';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const repository = fileURLToPath(new URL('../..', import.meta.url));

/** All projects lie in it. */
const workplace = await realpath(await mkdtemp(join(tmpdir(), 'emofuse-consumers-')));
process.once('exit', () => rmSync(workplace, { recursive: true }));

/** The package as npm would publish it. */
export const packed = pack(workplace);
/** The package with the large model. */
export const packedLarge = () => pack(workplace, './pkg/large');
// Node.js looks in the folders above too: the bundlers are found as if each project had installed them.
await symlink(join(here, 'node_modules'), join(workplace, 'node_modules'));

/** What is told of a machine by the files that are made on it. */
const PLACES = [workplace, repository, `${homedir()}/`];

/**
 * @param {string} name A folder beside this file.
 * @param {import('../../tools/pack.mjs').Packed[]} [others] What is installed beside the package.
 * @returns {Promise<Project>}
 */
export async function createProject(name, others = []) {
    const folder = await mkdtemp(join(workplace, `${name}-`));
    await cp(join(here, name), folder, { recursive: true });
    await run(
        'npm',
        [
            'install',
            '--offline',
            '--no-save',
            '--no-package-lock',
            '--no-fund',
            '--no-audit',
            ...[packed, ...others].map(({ path }) => path),
        ],
        { cwd: folder },
    );
    return new Project(folder);
}

export class Project {
    /** @param {string} folder */
    constructor(folder) {
        /** @readonly */
        this.folder = folder;
    }

    /**
     * Runs a script of the project's package.json.
     *
     * @param {string} script
     * @param {string[]} [args]
     * @returns {Promise<string>} What it printed.
     */
    async run(script, args = []) {
        try {
            const { stdout } = await run('npm', ['run', '--silent', script, '--', ...args], { cwd: this.folder });
            return stdout;
        } catch (error) {
            const { stdout, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error);
            throw new Error(`npm run ${script} failed:\n${stdout}${stderr}`, { cause: error });
        }
    }

    /**
     * @param {string} path A folder in the project.
     * @returns {Promise<{ name: string, content: Buffer }[]>} Its files.
     */
    async files(path) {
        const folder = join(this.folder, path);
        const entries = await readdir(folder, { recursive: true, withFileTypes: true });
        const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
        return Promise.all(
            paths.map(async (file) => ({ name: file.slice(folder.length + 1), content: await readFile(file) })),
        );
    }
}

/**
 * @param {Buffer} content
 * @returns {string | undefined} The place on this machine that a file names.
 */
export const placeIn = (content) => PLACES.find((place) => content.includes(place));

// The tests that need a browser: `./build.sh test browser`, or `npx playwright test FILE` for some of them.
//
// Three groups, by tags in the tests' titles: those on the CPU and those on WebGPU, two files at a time, and those that
// measure times, frames or memory (`@measures`), which have the machine for themselves. `@slow` takes minutes.
import { defineConfig } from '@playwright/test';

export default defineConfig({
    testDir: 'tests',
    testMatch: ['browser/*/*.test.mjs', 'consumers/*.test.mjs'],
    testIgnore: '**/node_modules/**',
    outputDir: 'node_modules/.cache/test-results',
    fullyParallel: false,
    workers: 2,
    forbidOnly: true,
    reporter: 'list',
    // Tests wait for what they expect for as long as it takes; this ends one that waits in vain.
    timeout: 30 * 60_000,
    // The files run as they are, as they do in Node.js.
    build: { external: ['**/*'] },
    projects: [
        { name: 'cpu', grepInvert: /@webgpu|@measures/ },
        { name: 'webgpu', grep: /@webgpu/, grepInvert: /@measures/ },
        { name: 'measures', grep: /@measures/, workers: 1 },
    ],
});

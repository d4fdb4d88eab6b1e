// Lets Node.js import the page's modules. On the page, `pkg` and the desk's libraries are beside them; here they are
// elsewhere.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { after } from 'node:test';

register('./page-hooks.mjs', import.meta.url);

// The desk's program is fetched from beside its module, which Node.js does for the network alone.
const fetchFromNetwork = globalThis.fetch;
globalThis.fetch = async (input, init) =>
    input instanceof URL && input.protocol === 'file:'
        ? new Response(await readFile(input), { headers: { 'Content-Type': 'application/wasm' } })
        : fetchFromNetwork(input, init);

// A channel that the page keeps would keep Node.js from ending.
/** @type {MessageChannel[]} */
const channels = [];
globalThis.MessageChannel = class extends MessageChannel {
    constructor() {
        super();
        channels.push(this);
    }
};
after(() => {
    for (const { port1 } of channels) port1.close();
});

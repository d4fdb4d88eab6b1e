// For documents under `require-trusted-types-for 'script'`: lets workers be started from scripts of the document's own
// origin, and nothing else. Bundlers find a worker only where its address is written in place, so this is the default
// policy.

/** @typedef {{ createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown }} TrustedTypes */

const { trustedTypes } = /** @type {{ trustedTypes?: TrustedTypes }} */ (globalThis);

trustedTypes?.createPolicy('default', {
    createScriptURL(address) {
        const { href } = new URL(address, location.href); // that of a blob begins with another scheme
        if (!href.startsWith(`${location.origin}/`)) throw new TypeError(`${href} may not run here`);
        return address;
    },
});

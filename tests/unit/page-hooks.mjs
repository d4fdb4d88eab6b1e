// What page-modules.mjs registers; it runs in a thread of its own.

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
    if (!specifier.startsWith('.') || !context.parentURL) return nextResolve(specifier, context);
    const url = new URL(specifier, context.parentURL).href;
    const [, library] = /\/www\/libraries\/([^/]+)\.js$/.exec(url) ?? [];
    return nextResolve(library ?? url.replace('/www/pkg/', '/pkg/'), context);
}

// What this device and browser call themselves.

/** @returns {Promise<string[]>} Lines of text. */
export async function deviceLines() {
    const { userAgentData, userAgent, hardwareConcurrency, deviceMemory } = navigator;
    const wanted = ['model', 'platform', 'platformVersion', 'architecture', 'fullVersionList'];
    // A browser may refuse some of them, or all.
    const hints = await userAgentData?.getHighEntropyValues(wanted).catch(() => null);
    const cores = `${hardwareConcurrency ?? 'unknown number of'} cores`;
    const memory = deviceMemory ? `, ${deviceMemory} GB or more` : '';
    if (!hints) return [`Browser: ${userAgent}`, `Device: ${cores}${memory}`];
    const system = [hints.platform, hints.platformVersion].filter(Boolean).join(' ');
    const brands = (hints.fullVersionList ?? hints.brands ?? []).filter(({ brand }) => !/not.?a.?brand/i.test(brand));
    const device = [hints.model || 'model not given', system, hints.architecture, cores].filter(Boolean).join(', ');
    return [
        `Device: ${device}${memory}`,
        `Browser: ${brands.map(({ brand, version }) => `${brand} ${version}`).join(', ') || userAgent}`,
    ];
}

/** @param {Awaited<ReturnType<import('../browser/adapter.js').adapterDetails>>} adapter */
export function adapterLine(adapter) {
    if (!adapter) return 'WebGPU: none';
    const has = (name, isThere) => `${name} ${isThere ? 'yes' : 'no'}`;
    const { name, isSoftware, hasTimestamps, hasF16, hasSubgroups } = adapter;
    return [
        `WebGPU: ${name}`,
        ...(isSoftware ? ['software'] : []),
        has('timestamps', hasTimestamps),
        has('f16', hasF16),
        has('subgroups', hasSubgroups),
    ].join(', ');
}

// The sites that you have allowed the extension to download images from.

/** @param {string} address */
const patternOf = (address) => {
    const { protocol, hostname } = new URL(address);
    return `${protocol}//${hostname}/*`; // without a port, which patterns in Firefox cannot have
};

/** @param {string} address */
const permissionFor = (address) => ({ origins: [patternOf(address)] });

/** @param {string} address */
export const isAllowed = (address) => chrome.permissions.contains(permissionFor(address));

/**
 * The browser asks you. Must be called synchronously in the handler of a click.
 *
 * @param {string} address
 */
export const requestPermission = (address) => chrome.permissions.request(permissionFor(address));

/** @returns {Promise<string[]>} The patterns that you have allowed. */
export async function allowedSites() {
    const always = chrome.runtime.getManifest().host_permissions ?? [];
    const { origins = [] } = await chrome.permissions.getAll();
    return origins.filter((origin) => !always.includes(origin)).sort();
}

/** @param {string} pattern */
export const forget = (pattern) => chrome.permissions.remove({ origins: [pattern] });

/** @param {() => void} listener */
export function onChange(listener) {
    chrome.permissions.onAdded.addListener(listener);
    chrome.permissions.onRemoved.addListener(listener);
}

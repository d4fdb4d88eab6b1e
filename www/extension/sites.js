// The sites whose images the person has allowed to be fetched.

/** @param {string} address */
const patternOf = (address) => {
    const { protocol, hostname } = new URL(address);
    return `${protocol}//${hostname}/*`; // without a port, which Firefox does not know in patterns
};

/** @param {string} address */
const permissionFor = (address) => ({ origins: [patternOf(address)] });

/** @param {string} address */
export const isAllowed = (address) => chrome.permissions.contains(permissionFor(address));

/**
 * The browser asks the person. Has to be called at once in the handler of a click.
 *
 * @param {string} address
 */
export const requestPermission = (address) => chrome.permissions.request(permissionFor(address));

/** @returns {Promise<string[]>} The patterns that the person has allowed. */
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

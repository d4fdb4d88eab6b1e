// Whether the device should save resources: on battery, or with data saving switched on.

/**
 * @typedef {object} Hints What browsers may report about this.
 * @property {{ saveData?: boolean }} [connection]
 * @property {() => Promise<{ charging: boolean }>} [getBattery]
 */

/**
 * @param {Hints | undefined} device
 * @returns {Promise<string | null>} The reason not to download large files; null if there is none.
 */
export async function reasonToSave(device = /** @type {Hints | undefined} */ (globalThis.navigator)) {
    if (device?.connection?.saveData) return 'the browser is asked to save data';
    try {
        const battery = await device?.getBattery?.();
        if (battery && !battery.charging) return 'the device runs on battery';
    } catch {
        // the page is not allowed to know
    }
    return null;
}

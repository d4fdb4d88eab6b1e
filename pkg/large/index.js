// The large model of emofuse, for `EmotionClassifier.load({ model })`; tools/package-manifest.mjs writes this file.
export default {
    file: 'large/emofuse-large.emofuse',
    url: new URL('./emofuse-large.emofuse', import.meta.url),
    bytes: 23541480,
    sha256: 'f4e48231a47b6ca68b90bf2ea7598bdf6d1a1e46c7554aba39f57cbad5270449',
};

// The large model of emofuse, for `EmotionClassifier.load({ model })`; tools/package-manifest.mjs writes this file.
export default {
    file: 'large/emofuse-large.emofuse',
    url: new URL('./emofuse-large.emofuse', import.meta.url),
    bytes: 23541488,
    sha256: '0284ddfd920492f0382161fe8f2138388e35a1df0327b7b1b925035e18030954',
};

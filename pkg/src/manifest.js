// What the package consists of; tools/package-manifest.mjs writes it.
export default {
    "stamp": "048f6e4a727a8f83d9339d525b7cad38dc9bd7e85a6d4994307fbf375342b7f3",
    "model": {
        "file": "model/emofuse-default.emofuse",
        "bytes": 8123232,
        "sha256": "f108e312ac38121214bc169efb4de7302450c3913e43e695579514e7c96916c0"
    },
    "large": {
        "file": "large/emofuse-large.emofuse",
        "bytes": 23541488,
        "sha256": "0284ddfd920492f0382161fe8f2138388e35a1df0327b7b1b925035e18030954"
    },
    "wasm": {
        "cpu": {
            "file": "wasm/cpu/emofuse_bg.wasm",
            "bytes": 2847998,
            "sha256": "e2fbd6fe1bfa218486b109155c56dc9d1b02306a68d8d19291069fd476ea4368",
            "glue": {
                "file": "wasm/cpu/emofuse.js",
                "bytes": 22917,
                "sha256": "3bd5eeb4d1c0647537c81d30da8eaed7281ff4e5ef8515dbc2f0da3b53f8eea2"
            },
            "sources": "c23dc52ca8340cd8002efb02dda315ebdeee7baadce410fe5e2f2cfd1a4ed77a"
        },
        "webgpu": {
            "file": "wasm/webgpu/emofuse_bg.wasm",
            "bytes": 9038075,
            "sha256": "f463212ef3dbd171685f3ab11ccb7a4eee7399122ff97cb78a8b3b765ae5494a",
            "glue": {
                "file": "wasm/webgpu/emofuse.js",
                "bytes": 61687,
                "sha256": "0df5d3eb2393a3f5624a769ae118dc074ffe165c8bf35674313a8a7d110f72c1"
            },
            "sources": "a81f084e93b3e737816afd99d3a648fbde74dc13e405a339d07d319c3acd1b3c"
        },
        "decoder": {
            "file": "wasm/decoder/emofuse_bg.wasm",
            "bytes": 545981,
            "sha256": "a99b98d25a9eaf15af104d2ba5a28f04e94c3a10471e1f5a082dce1d1e4bc167",
            "glue": {
                "file": "wasm/decoder/emofuse.js",
                "bytes": 8190,
                "sha256": "7d03b262722fecfa93ab07753179a89c9d55a35015ec76a43613677e310eb8f3"
            },
            "sources": "a8e2736fba77955a1176d98f24af07e47d5635a9b1565ebc382490def74a152e"
        }
    }
};

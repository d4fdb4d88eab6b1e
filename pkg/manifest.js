// What the package consists of; tools/package-manifest.mjs writes it.
export default {
    "stamp": "156942babd5bdf31fe59ee9326a754ea009a33f55c95d2868eed9fb4d90c7de8",
    "model": {
        "file": "model/emofuse-default.emofuse",
        "bytes": 8123232,
        "sha256": "bbb30bf465ab425fb97c96c167895124838434722f0208d76f82bb5a45a7191b"
    },
    "large": {
        "file": "large/emofuse-large.emofuse",
        "bytes": 23541480,
        "sha256": "f4e48231a47b6ca68b90bf2ea7598bdf6d1a1e46c7554aba39f57cbad5270449"
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
            "bytes": 492076,
            "sha256": "b58d844d55c471e3f0b1b9ae38d8bb00ab7ef064ae9a714a5ac8280b760e8876",
            "glue": {
                "file": "wasm/decoder/emofuse.js",
                "bytes": 7802,
                "sha256": "b8f056a78af1ecec4d774d238a840bc678aac560020bf99d58f6e20b3908c96c"
            },
            "sources": "ffd672f162ce556222b44e9bc0ee0340156d63e262f1908a3416e8315d4dbdee"
        }
    }
};

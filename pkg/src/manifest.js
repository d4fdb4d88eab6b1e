// What the package consists of; tools/package-manifest.mjs writes it.
export default {
    "stamp": "8bc76063777893d911678700ed909d9fe64ff7dce6721d79f49746e8355903ee",
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
            "bytes": 602744,
            "sha256": "6fd8dd4276342e2d838aeb7b9258670833a7dc68d3048f7c1f7c5b1cfea58668",
            "glue": {
                "file": "wasm/decoder/emofuse.js",
                "bytes": 7802,
                "sha256": "b8f056a78af1ecec4d774d238a840bc678aac560020bf99d58f6e20b3908c96c"
            },
            "sources": "d1ccecc3265276b72152e67a65d17c568f8dc33733cb5ae1513c41ac35ab8ac4"
        }
    }
};

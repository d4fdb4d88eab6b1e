// What the package consists of; tools/package-manifest.mjs writes it.
export default {
    "stamp": "8b2f3f2e1fb8504731ec1e49410a6da50d46872412a585cd04110e9ba30510b6",
    "model": {
        "file": "model/emofuse-default.emofuse",
        "bytes": 8367808,
        "sha256": "c7fdc5a0672c09b68f51164b417d69db025797132a280c8d17f336452b0a8378"
    },
    "wasm": {
        "cpu": {
            "file": "wasm/cpu/emofuse_bg.wasm",
            "bytes": 2625377,
            "sha256": "822ba17ff985fed25053b4dce13bc74eb765ea46fc5806cef87f78b990716dd4",
            "glue": {
                "file": "wasm/cpu/emofuse.js",
                "bytes": 22917,
                "sha256": "c399eeb67244abdb7f410cb0b31ba465e859791834ff31dcf300c6d2fbaae18c"
            },
            "sources": "01265f5f182e0005ab647cf1209ccc86db2383d0215e26f61778d3a86d1e4868"
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
            "sources": "c8ed16aee7be27d9d703fdfaa52cdf60b34a405c619d4546bf19ca674c89893d"
        }
    }
};

// What the package consists of; tools/package-manifest.mjs writes it.
export default {
    "stamp": "d88da57abb8326a5fccc73c551f9134bfa4f48f96a09b19d88ab2ae0b44e6ca1",
    "model": {
        "file": "model/emofuse-default.emofuse",
        "bytes": 7898864,
        "sha256": "1e326a628b2d6116cb310600ec341b201b3aba1f514ff554078c9812f17b957c"
    },
    "wasm": {
        "cpu": {
            "file": "wasm/cpu/emofuse_bg.wasm",
            "bytes": 2625024,
            "sha256": "26a6a394423fb1d2d763a2413c43f05b4cbc7691c817da7dd34401cf4335949c",
            "glue": {
                "file": "wasm/cpu/emofuse.js",
                "bytes": 22917,
                "sha256": "c399eeb67244abdb7f410cb0b31ba465e859791834ff31dcf300c6d2fbaae18c"
            },
            "sources": "1842be31891d4eda6609583aa47ef343fa2224339a711179b46e9e9222a0ea7f"
        },
        "webgpu": {
            "file": "wasm/webgpu/emofuse_bg.wasm",
            "bytes": 8839168,
            "sha256": "e7bd7802fa77ea9a0274046e81207548e664ae531b1574cbc1c571b7e80fb485",
            "glue": {
                "file": "wasm/webgpu/emofuse.js",
                "bytes": 61687,
                "sha256": "773e0dda08437578f966334524ebc3dcbf57ae7c43e00a41df494745bfe5572e"
            },
            "sources": "edabbbc159ce14cbd794f951cca5a70d89c4398d0de9193db136031eba7e834f"
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
            "sources": "96049b4f86201cbe7e5ebd630ba91b52c2a1da690598344aa4d2cc6b34a85ead"
        }
    }
};

// What the package consists of; tools/package-manifest.mjs writes it.
export default {
    "stamp": "a509d5b00a98512bf76f4fd946787b4f46237a4999af10a1f4d0898395ec3516",
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
            "bytes": 8847050,
            "sha256": "797def0ff7903ed1ebf37b92305d084d8ba73a2e994779951984907fc314e2f5",
            "glue": {
                "file": "wasm/webgpu/emofuse.js",
                "bytes": 61687,
                "sha256": "2769a65a52a0785d9a1c1d0ff94a679ec7c9e848d8e24d9df5b7075fe8f07814"
            },
            "sources": "c44fd10471e099b3a0b14895360162f7968acc2d0bd43775441156f37eea0723"
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

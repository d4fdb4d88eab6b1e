// What the package consists of; tools/package-manifest.mjs writes it.
export default {
    "stamp": "50856b70fcb607d895afb3d70cf431034d9c6e43157a039a580f0f75ebca58a9",
    "model": {
        "file": "model/emofuse-default.emofuse",
        "bytes": 8123232,
        "sha256": "29e5e913566b2b52f627e8f60350ddfb6836581cc23c4c6ac297ff0fc6d2c8d1",
        "beginnings": [
            {
                "bytes": 1977088,
                "sha256": "32bf3c03f06223bf8d4fe51030e7ca67ca975bed0b6dedac596e24e33ff82c85"
            },
            {
                "bytes": 2377088,
                "sha256": "ec8da8ae2bfe11d8ee8493eea2cf21f41ce1a9b3adc098a0dcd0036eeaf37076"
            },
            {
                "bytes": 2777088,
                "sha256": "86de2a8ea4dcf5c1ca9b9ad63a7a0a7225c4fd25c9a993a8223c468a2238ad93"
            },
            {
                "bytes": 3177088,
                "sha256": "498a572300f73c8033b103557ebfc789dbfb3c4c88704a9373fe615d3a2dbda1"
            },
            {
                "bytes": 3977288,
                "sha256": "292ffd206255749329723ef1f480c75b32e09a833dd08aa2b89a9e484dd53e46"
            }
        ]
    },
    "large": {
        "file": "large/emofuse-large.emofuse",
        "bytes": 23541488,
        "sha256": "0284ddfd920492f0382161fe8f2138388e35a1df0327b7b1b925035e18030954"
    },
    "wasm": {
        "cpu": {
            "file": "wasm/cpu/emofuse_bg.wasm",
            "bytes": 1930354,
            "sha256": "22c30219dd17c33381a51501d03a116314b3bbdb32d299ed15a522c4b0e8467d",
            "glue": {
                "file": "wasm/cpu/emofuse.js",
                "bytes": 25426,
                "sha256": "d274708d8aae3b002f35b98c63e89947da9d280dbd4b0b07ee9097efc6099e2e"
            },
            "sources": "7d6601f7edb608b352f306244a305b8b3b9c59da2d305c7af0e01b1d846e9f77"
        },
        "webgpu": {
            "file": "wasm/webgpu/emofuse_bg.wasm",
            "bytes": 4297274,
            "sha256": "81bd6a05d3bb2569bbb933b45dac4c9402f53dfe62e4ccb3bf1c05bb418a7f7d",
            "glue": {
                "file": "wasm/webgpu/emofuse.js",
                "bytes": 63306,
                "sha256": "3a5c9d861f04b50864d48a8561cbcf040c02883ad4d2cb4d6bdf9ae192297311"
            },
            "sources": "f12892cb289218dac3505b3c0cb597c5dbab83edee51fd1e18715444c5c537ca"
        },
        "decoder": {
            "file": "wasm/decoder/emofuse_bg.wasm",
            "bytes": 503239,
            "sha256": "a233bb906053c2543836e8a38beed21bc8684bc276b1438dbb2db9ab97baff89",
            "glue": {
                "file": "wasm/decoder/emofuse.js",
                "bytes": 8190,
                "sha256": "7d03b262722fecfa93ab07753179a89c9d55a35015ec76a43613677e310eb8f3"
            },
            "sources": "b91850376cda60a893eafce1fbbb6cc0ba410e75372de0f18008773c8394a899"
        }
    }
};

// What the package consists of; tools/package-manifest.mjs writes it.
export default {
    "stamp": "c377bd7c7b2e44cb84e80e3ac7fcd6faba2197c587faa9de0925c0f48536b477",
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
            "bytes": 1887457,
            "sha256": "ea549f835a41f7e3a3632227808bed2e12d8d57a431c41d7fd8288dbca528fec",
            "glue": {
                "file": "wasm/cpu/emofuse.js",
                "bytes": 25426,
                "sha256": "740303043460b66450095446ff2369f051e7795a8f429cdb915199b72983ac0e"
            },
            "sources": "3f46f234ce2d2192069575a848cf1b74722f6823447d619192b938536d02afef"
        },
        "webgpu": {
            "file": "wasm/webgpu/emofuse_bg.wasm",
            "bytes": 4292948,
            "sha256": "dbf1effcb2f068a1d2b1e649236ab3ce08c6548afda298bbd8e01af6664098fd",
            "glue": {
                "file": "wasm/webgpu/emofuse.js",
                "bytes": 63306,
                "sha256": "78d5462a5b5175dc93a6522027ad5bcbfc73d959c6e4ed7400c70c73bc62e305"
            },
            "sources": "77366632261768cc98b2f78a59e2580c5db7518142677bb0952861d2b52e83b0"
        },
        "decoder": {
            "file": "wasm/decoder/emofuse_bg.wasm",
            "bytes": 544176,
            "sha256": "566727cba67cf4b7f173e8fc7c74fa2c1648783dc6c281edd46b30426293ca83",
            "glue": {
                "file": "wasm/decoder/emofuse.js",
                "bytes": 8190,
                "sha256": "7d03b262722fecfa93ab07753179a89c9d55a35015ec76a43613677e310eb8f3"
            },
            "sources": "32cbaa4870aed60f1393e4f304bca31d42a988bea36d97aff5c4f57a5ba353c2"
        }
    }
};

// What the package consists of; tools/package-manifest.mjs writes it.
export default {
    "stamp": "dccc1f8a09af72b1bba12802c355e3e85f3042f011f86d6f20285a69d894f9ca",
    "model": {
        "file": "model/emofuse-default.emofuse",
        "bytes": 8215232,
        "sha256": "85ce888f9bf3899860314e11053c0dbeb03f895a9d2c35c7eecd2888fe8786e5",
        "beginnings": [
            {
                "bytes": 1978424,
                "sha256": "af5cf5a498c3ce0c2f0c99d6363f892fb48ed6f282d544089c357e35cc7d095f"
            },
            {
                "bytes": 2378424,
                "sha256": "d2f2d3d6563a949049cd339a5586b405146ddc5420da617b406457f8ec3a2391"
            },
            {
                "bytes": 2778424,
                "sha256": "06281f5f1f25a7d4d3db6e6a5d63b3a24357847dcdcfba63e5b17435179694d4"
            },
            {
                "bytes": 3178424,
                "sha256": "8e5713edd4661c904a14dd617c4a0dab2e67627e5b30a5ebccc033483b028f66"
            },
            {
                "bytes": 3978624,
                "sha256": "b23c0ff768961d5978e67ddcd62a17e3b47ae072447d32aa87fc0610267bf0c7"
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
            "bytes": 1945626,
            "sha256": "2ab35aacebb144134c5295dfcf7819c8c816e37c081c423106f37c578f2bcb15",
            "glue": {
                "file": "wasm/cpu/emofuse.js",
                "bytes": 27567,
                "sha256": "29b665c5025150b4e2ab718c0b4dc81125ab7ded7344c6306af457ebfb147d9a"
            },
            "sources": "93041c37f0844c2c4d76e4c7da0a11b2972e77eef636e4c3606dc8d2328415e6"
        },
        "webgpu": {
            "file": "wasm/webgpu/emofuse_bg.wasm",
            "bytes": 4357092,
            "sha256": "401a833429eabb8a067386b8e7b5e898efed6d087d6d89fc78a704baddcd62ed",
            "glue": {
                "file": "wasm/webgpu/emofuse.js",
                "bytes": 64967,
                "sha256": "a8de23acc7b4da48b3ab520e98bc5d95ab8786a7fb8b4b9e34f1d63660f8118e"
            },
            "sources": "7b37966fb0baf384fc5e94c8c228b2fab0a44c952dada598cd4e449f3dacc602"
        },
        "decoder": {
            "file": "wasm/decoder/emofuse_bg.wasm",
            "bytes": 503444,
            "sha256": "572e073a2c1c81095230e7de2bda010986b3a60f82ce7d8ed81cbee36c66bfcb",
            "glue": {
                "file": "wasm/decoder/emofuse.js",
                "bytes": 8190,
                "sha256": "7d03b262722fecfa93ab07753179a89c9d55a35015ec76a43613677e310eb8f3"
            },
            "sources": "58e28ebe471f547006f179e726c2936115678b48bb2194ee9dee622b7ce923b8"
        }
    }
};

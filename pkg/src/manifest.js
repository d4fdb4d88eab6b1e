// What the package consists of; tools/package-manifest.mjs writes it.
export default {
    "stamp": "b8f12371742a38c908905609b985a4fd1db0970ecbe6affb791be439d2f6fa0f",
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
            "bytes": 3049074,
            "sha256": "bedc5d171ab754b356752ee043d435ce188e382051fad4c1140572fbbec8ce23",
            "glue": {
                "file": "wasm/cpu/emofuse.js",
                "bytes": 22528,
                "sha256": "ac9b657b3acc16a93d8dbc6acada42836962960aa25c94ad2e83f08398b9abf1"
            },
            "sources": "5dd07a33a8465f83a31d6e4a9b97e5fedec36628d0c9df0fc567f1f16dc41fd7"
        },
        "webgpu": {
            "file": "wasm/webgpu/emofuse_bg.wasm",
            "bytes": 8768647,
            "sha256": "ee1135e4e7b0dfd25e3f1df363b9600c045734f9be8ddb86f815d928f5b6ecff",
            "glue": {
                "file": "wasm/webgpu/emofuse.js",
                "bytes": 60759,
                "sha256": "bebdfa9720d48b3c7118866ea8a6ad52f1818b6feaaac32b7a1641071cc4e896"
            },
            "sources": "eb2f1168b010e438cb536f9125295caa943dcb76a411b9da64237f76540bb788"
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
            "sources": "6fcbb779e05deecde1b234fcf4e9142d315c9007f29ca098b07ac07292b1cc68"
        }
    }
};

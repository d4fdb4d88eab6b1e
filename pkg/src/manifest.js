// What the package consists of; tools/package-manifest.mjs writes it.
export default {
    "stamp": "dea60b7acc5e9ff99a0d4e1b3fe4b1bb971bed908f33ef0407c94c32e0191775",
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
            "bytes": 2244155,
            "sha256": "1614325306a57543aa250d7448b92a9eca4192622fb6bfea654c1e5b28824d2d",
            "glue": {
                "file": "wasm/cpu/emofuse.js",
                "bytes": 23140,
                "sha256": "cb21a911700f526275257b1be40e4b6176c9ed12402aee020ecee820134d1b3e"
            },
            "sources": "7d3ab31e75d8b8031975f2b83201fd6b24af458784d2f9e242679ac4691f6c98"
        },
        "webgpu": {
            "file": "wasm/webgpu/emofuse_bg.wasm",
            "bytes": 8739402,
            "sha256": "13c1503c384d3eac7fd492533772cf98b53215d6f884203c85108ea32337eb74",
            "glue": {
                "file": "wasm/webgpu/emofuse.js",
                "bytes": 61416,
                "sha256": "70f67897b7804b1743c5cc7578d19e6fca330e2c3606065ffcd9bc4e98fcab31"
            },
            "sources": "7545f8c86cca74db58cbf457ca07db8a97ff7cb8350aa9b98aa22f10eb8de709"
        },
        "decoder": {
            "file": "wasm/decoder/emofuse_bg.wasm",
            "bytes": 543333,
            "sha256": "daf68e38a647c994a2912b78eba8c7f4d8b1b697c9381ba21ca6b6c7f37880b5",
            "glue": {
                "file": "wasm/decoder/emofuse.js",
                "bytes": 8190,
                "sha256": "7d03b262722fecfa93ab07753179a89c9d55a35015ec76a43613677e310eb8f3"
            },
            "sources": "6fcbb779e05deecde1b234fcf4e9142d315c9007f29ca098b07ac07292b1cc68"
        }
    }
};

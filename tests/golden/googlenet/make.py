#!/usr/bin/env python3
"""Writes what GoogLeNet makes of a picture, computed from the paper's and Caffe's definitions with NumPy alone.

Usage: make.py

Neither weights nor picture are real, and neither is stored: every number of a tensor follows from the tensor's name and
the number's place (`numbers` below; tests/rust/googlenet.rs has the same formula). Beside this script it writes
features.f32, the 1024 features after the average pooling, little-endian.
"""
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent

# Inputs, 1 x 1, reduction and outputs of 3 x 3 and of 5 x 5, and the projection after pooling.
INCEPTIONS = {
    "3a": (192, 64, 96, 128, 16, 32, 32),
    "3b": (256, 128, 128, 192, 32, 96, 64),
    "4a": (480, 192, 96, 208, 16, 48, 64),
    "4b": (512, 160, 112, 224, 24, 64, 64),
    "4c": (512, 128, 128, 256, 24, 64, 64),
    "4d": (512, 112, 144, 288, 32, 64, 64),
    "4e": (528, 256, 160, 320, 32, 128, 128),
    "5a": (832, 256, 160, 320, 32, 128, 128),
    "5b": (832, 384, 192, 384, 48, 128, 128),
}


def numbers(name, shape, bound):
    """Numbers between -bound and bound: a hash (FNV-1a) of the name, plus the place, mixed by "lowbias32"."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = (seed ^ byte) * 0x01000193 & 0xFFFFFFFF
    mixed = np.arange(np.prod(shape), dtype=np.uint32) + np.uint32(seed)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        mixed ^= mixed >> np.uint32(shift)
        mixed *= np.uint32(factor)
    mixed ^= mixed >> np.uint32(16)
    unit = mixed.astype(np.float64) / 2**31 - 1
    return (unit * bound).astype(np.float32).reshape(shape)


def windows(planes, side, stride, padding, outputs, filler):
    """[channels, side, side, outputs, outputs]; beyond the padding, too, there is the filler."""
    channels, height, width = planes.shape
    reach = (outputs - 1) * stride + side
    padded = np.full((channels, max(reach, height + 2 * padding), max(reach, width + 2 * padding)), filler)
    padded[:, padding : padding + height, padding : padding + width] = planes
    result = np.empty((channels, side, side, outputs, outputs))
    for row in range(side):
        for column in range(side):
            end = (outputs - 1) * stride + 1
            result[:, row, column] = padded[:, row : row + end : stride, column : column + end : stride]
    return result


def convolve(planes, name, outputs, side=1, stride=1):
    """A convolution that keeps the size, or halves it with stride 2, and the ReLU after it."""
    channels, height, _ = planes.shape
    # He et al. (2015): activations neither vanish nor explode.
    weight = numbers(f"{name}.weight", (outputs, channels, side, side), np.sqrt(6 / (channels * side * side)))
    bias = numbers(f"{name}.bias", (outputs,), 0.1)
    result = -(-height // stride)
    columns = windows(planes, side, stride, side // 2, result, 0.0).reshape(-1, result * result)
    answers = weight.reshape(outputs, -1).astype(np.float64) @ columns + bias[:, None]
    return np.maximum(answers, 0).reshape(outputs, result, result)


def max_pool(planes, stride, padding):
    # Caffe rounds up.
    outputs = -(-(planes.shape[1] + 2 * padding - 3) // stride) + 1
    return windows(planes, 3, stride, padding, outputs, -np.inf).max(axis=(1, 2))


def local_response_norm(planes):
    squares = np.pad(planes**2, ((2, 2), (0, 0), (0, 0)))
    sums = sum(squares[offset : offset + len(planes)] for offset in range(5))
    return planes / (1 + 1e-4 / 5 * sums) ** 0.75


def inception(planes, name):
    _, one, reduce_three, three, reduce_five, five, projection = INCEPTIONS[name]
    assert len(planes) == INCEPTIONS[name][0]
    name = f"inception_{name}."
    reduced_three = convolve(planes, name + "conv_3x3_reduce", reduce_three)
    reduced_five = convolve(planes, name + "conv_5x5_reduce", reduce_five)
    return np.concatenate(
        [
            convolve(planes, name + "conv_1x1", one),
            convolve(reduced_three, name + "conv_3x3", three, 3),
            convolve(reduced_five, name + "conv_5x5", five, 5),
            convolve(max_pool(planes, 1, 1), name + "pool_proj", projection),
        ]
    )


def main():
    hidden = numbers("planes", (3, 224, 224), 128.0).astype(np.float64)
    hidden = local_response_norm(max_pool(convolve(hidden, "conv1", 64, 7, 2), 2, 0))
    hidden = convolve(convolve(hidden, "conv2_reduce", 64), "conv2", 192, 3)
    hidden = max_pool(local_response_norm(hidden), 2, 0)
    for name in INCEPTIONS:
        hidden = inception(hidden, name)
        if name in ("3b", "4e"):
            hidden = max_pool(hidden, 2, 0)
    assert hidden.shape == (1024, 7, 7)
    features = hidden.mean(axis=(1, 2))
    print("mean", features.mean(), "deviation", features.std(), "zeros", (features == 0).sum())
    (HERE / "features.f32").write_bytes(features.astype("<f4").tobytes())


main()

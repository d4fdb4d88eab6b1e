"""Reads a model file (.emofuse), which src/engine/bundle describes, with 8-bit numbers widened."""

import json
import struct

import numpy as np
import torch


def read(path):
    """The manifest and the tensors of a model file."""
    content = path.read_bytes()
    length = struct.unpack_from("<I", content, 12)[0]
    document = json.loads(content[24 : 24 + length])
    place = -(-(24 + length) // 8) * 8
    tensors = {}
    for entry in document["tensors"]:
        shape, encoding = entry["shape"], entry["encoding"]
        count = int(np.prod(shape))
        if encoding in ("int8", "int8_last_axis"):
            channels = shape[0] if encoding == "int8" else shape[-1]
            scales = np.frombuffer(content, "<f4", channels, place)
            place += 4 * channels
            values = np.frombuffer(content, "i1", count, place).reshape(shape).astype("f4")
            place += count
            values = values * (scales.reshape([-1] + [1] * (len(shape) - 1)) if encoding == "int8" else scales)
        else:
            kind = {"f16": "<f2", "f32": "<f4"}[encoding]
            values = np.frombuffer(content, kind, count, place).reshape(shape).astype("f4")
            place += count * np.dtype(kind).itemsize
        place = -(-place // 8) * 8
        tensors[entry["name"]] = torch.from_numpy(values.copy())
    return document["manifest"], tensors

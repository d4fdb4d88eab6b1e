"""Writes LiteRT model files (.tflite) with the few operators that convolutional networks need."""
import collections

import flatbuffers
import numpy as np
import tflite

TYPES = {"float32": tflite.TensorType.FLOAT32, "int8": tflite.TensorType.INT8, "int32": tflite.TensorType.INT32}
# The oldest version of each operator that has what is used here.
VERSIONS = {"CONV_2D": (1, 3), "DEPTHWISE_CONV_2D": (1, 3), "ADD": (1, 2), "MEAN": (1, 2), "QUANTIZE": (1, 1), "DEQUANTIZE": (2, 2)}


Tensor = collections.namedtuple("Tensor", "name shape type buffer scale zero axis")


class ModelFile:
    """A model with one graph, collected and then written at once."""

    def __init__(self, quantised):
        self.builder = flatbuffers.Builder(16 << 20)
        self.quantised = quantised
        self.buffers, self.tensors, self.operators = [b""], [], []
        self.codes = []

    def tensor(self, name, shape, dtype="float32", data=None, scale=None, zero=None, axis=0):
        """Adds a tensor and gives its index; `scale` and `zero` are lists, one number for each channel of `axis`."""
        buffer = 0
        if data is not None:
            buffer = len(self.buffers)
            self.buffers.append(np.ascontiguousarray(data).tobytes())
        self.tensors.append(Tensor(name, shape, TYPES[dtype], buffer, scale, zero, axis))
        return len(self.tensors) - 1

    def operator(self, name, inputs, output, options=0, kind=tflite.BuiltinOptions.NONE):
        """Adds an operator; `options` is a finished table."""
        if name not in self.codes:
            self.codes.append(name)
        self.operators.append((self.codes.index(name), inputs, [output], options, kind))
        return output

    def options(self, kind, **values):
        """A table of options, such as `Conv2DOptions` with `StrideW`."""
        getattr(tflite, f"{kind}Start")(self.builder)
        for name, value in values.items():
            getattr(tflite, f"{kind}Add{name}")(self.builder, value)
        return getattr(tflite, f"{kind}End")(self.builder)

    def written(self, inputs, outputs):
        builder, table, vector = self.builder, self.options, self._vector
        buffers = [table("Buffer", Data=self._bytes(data)) if data else table("Buffer") for data in self.buffers]
        codes = [
            table("OperatorCode", DeprecatedBuiltinCode=code, BuiltinCode=code, Version=VERSIONS[name][self.quantised])
            for name, code in ((name, getattr(tflite.BuiltinOperator, name)) for name in self.codes)
        ]
        tensors = []
        for name, shape, kind, buffer, scale, zero, axis in self.tensors:
            values = dict(Shape=self._numbers(shape), Name=builder.CreateString(name), Type=kind, Buffer=buffer)
            if scale is not None:
                scales, zeros = builder.CreateNumpyVector(np.float32(scale)), builder.CreateNumpyVector(np.int64(zero))
                values["Quantization"] = table("QuantizationParameters", Scale=scales, ZeroPoint=zeros, QuantizedDimension=axis)
            tensors.append(table("Tensor", **values))
        operators = [
            table("Operator", OpcodeIndex=code, Inputs=self._numbers(taken), Outputs=self._numbers(given), BuiltinOptionsType=kind, BuiltinOptions=options)
            for code, taken, given, options, kind in self.operators
        ]
        graph = table(
            "SubGraph", Tensors=vector(tensors), Inputs=self._numbers(inputs), Outputs=self._numbers(outputs), Operators=vector(operators)
        )
        model = table(
            "Model", Version=3, OperatorCodes=vector(codes), Subgraphs=vector([graph]), Description=builder.CreateString("efficientnet_lite0"),
            Buffers=vector(buffers),
        )
        builder.Finish(model, file_identifier=b"TFL3")
        return bytes(builder.Output())

    def _numbers(self, numbers):
        return self.builder.CreateNumpyVector(np.int32(numbers))

    def _vector(self, offsets):
        self.builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            self.builder.PrependUOffsetTRelative(offset)
        return self.builder.EndVector()

    def _bytes(self, data):
        """LiteRT wants the weights aligned to 16 bytes, which the schema's Python code cannot ask for."""
        builder = self.builder
        builder.StartVector(1, len(data), 16)
        builder.head -= len(data)
        builder.Bytes[builder.head : builder.head + len(data)] = data
        return builder.EndVector()

    def convolution(self, layer, inputs, output):
        common = dict(
            Padding=tflite.Padding.SAME, StrideW=layer["stride"], StrideH=layer["stride"],
            FusedActivationFunction=tflite.ActivationFunctionType.RELU6 if layer["relu6"] else tflite.ActivationFunctionType.NONE,
        )
        if layer["depthwise"]:
            options = self.options("DepthwiseConv2DOptions", DepthMultiplier=1, **common)
            return self.operator("DEPTHWISE_CONV_2D", inputs, output, options, tflite.BuiltinOptions.DepthwiseConv2DOptions)
        options = self.options("Conv2DOptions", **common)
        return self.operator("CONV_2D", inputs, output, options, tflite.BuiltinOptions.Conv2DOptions)

    def sum(self, inputs, output):
        options = self.options("AddOptions", FusedActivationFunction=tflite.ActivationFunctionType.NONE)
        return self.operator("ADD", inputs, output, options, tflite.BuiltinOptions.AddOptions)

    def mean(self, taken, output):
        axes = self.tensor("axes", [2], "int32", np.int32([1, 2]))
        options = self.options("ReducerOptions", KeepDims=False)
        return self.operator("MEAN", [taken, axes], output, options, tflite.BuiltinOptions.ReducerOptions)

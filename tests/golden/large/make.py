#!/usr/bin/env python3
"""Writes what PyTorch makes of captions with the weights in pkg/large/emofuse-large.emofuse.

    python3 tests/golden/large/make.py

The 8-bit numbers are widened as src/engine/bundle describes them, and PyTorch's own transformer layers run on them. Beside this
script it writes expected.json: for each caption its ids by the tokenizers package, and the probabilities of the nine
labels. tests/rust/large_model.rs holds the Rust network to them.

Needs torch, safetensors and tokenizers.
"""

import json
import sys
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "tools/teacher"))
from model_file import read  # noqa: E402
from prune import tokenizer_of  # noqa: E402
from text import clean  # noqa: E402

MODEL = HERE.parents[2] / "pkg/large/emofuse-large.emofuse"
CAPTIONS = [
    "I'm not happy",
    "My dog passed away this morning.",
    "There's someone in my house",
    "I found a cockroach in my salad",
    "The meeting is at 10 am",
    "not sad",
    "Great, another Monday. Just what I needed.",
    "Thank you all so much for the birthday wishes!!!",
    "I can't wait for the concert on Friday",
    "Unbelievable. They cancelled it again without telling anyone.",
    "We trusted her with the keys, and she was there when it mattered.",
    "Quarterly figures are attached",
    "Two children playing chess in a park",
    "what a plot twist, did not see that coming",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "The room was quiet. " * 8 + "Then the lights went out and somebody screamed.",
]


def layer(config, tensors, name):
    """One of PyTorch's own layers. In the file, queries include the factor of attention, which PyTorch applies itself."""
    width, heads = config["d_model"], config["heads"]
    part = nn.TransformerEncoderLayer(width, heads, config["d_hidden"], 0, "gelu", config["layer_norm_epsilon"], batch_first=True)
    scale = torch.ones(3 * width)
    scale[:width] = (width // heads) ** 0.5
    part.self_attn.in_proj_weight.data = (tensors[f"{name}.attention_input.weight"] * scale).T.contiguous()
    part.self_attn.in_proj_bias.data = tensors[f"{name}.attention_input.bias"] * scale
    for ours, theirs in {"attention_output": part.self_attn.out_proj, "expand": part.linear1, "contract": part.linear2}.items():
        theirs.weight.data = tensors[f"{name}.{ours}.weight"].T.contiguous()
        theirs.bias.data = tensors[f"{name}.{ours}.bias"]
    for ours, theirs in {"attention_norm": part.norm1, "norm": part.norm2}.items():
        theirs.weight.data = tensors[f"{name}.{ours}.gamma"]
        theirs.bias.data = tensors[f"{name}.{ours}.beta"]
    return part


@torch.no_grad()
def main():
    torch.set_num_threads(1)
    manifest, tensors = read(MODEL)
    config = manifest["architecture"]["text"]
    pieces = tokenizer_of(["[PAD]", "[UNK]", *manifest["vocabulary"]])
    norm = nn.LayerNorm(config["d_model"], eps=config["layer_norm_epsilon"])
    norm.weight.data, norm.bias.data = tensors["caption.norm.gamma"], tensors["caption.norm.beta"]
    layers = [layer(config, tensors, f"caption.layers.{index}").train() for index in range(config["layers"])]
    cases = []
    for caption in CAPTIONS:
        ids = pieces.encode(clean(caption)).ids
        states = norm(tensors["words"][ids] + tensors["caption.positions.weight"][: len(ids)])[None]
        for part in layers:
            states = part(states)
        logits = states.mean(1)[0] @ tensors["caption_emotion.weight"] + tensors["caption_emotion.bias"]
        cases.append({"caption": caption, "ids": ids, "emotion": torch.softmax(logits, 0).tolist()})
    text = json.dumps(cases, ensure_ascii=False).replace('{"caption"', '\n{"caption"')
    (HERE / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

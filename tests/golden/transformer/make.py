#!/usr/bin/env python3
"""Writes a tiny caption tower with random weights, and what PyTorch's own transformer makes of captions with it.

Usage: make.py

Beside this script it writes tower.safetensors, as tools/teacher/prune.py does for a finetuned encoder, and
expected.json: for each caption its ids by the tokenizers package, its features, and the logits of both outputs.

Needs torch, safetensors and tokenizers.
"""

import json
import sys
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "tools/teacher"))
import prune  # noqa: E402
from text import clean  # noqa: E402

WIDTH, LAYERS, HEADS, HIDDEN, POSITIONS = 32, 2, 4, 64, 40
EPSILON = 1e-12
PIECES = """
[CLS] [SEP] ! ' , . ? - a i s t the my love cat dog un ##believ ##able ##s ##ing day happy don so ##o what
face with tears of joy 1 0 ##0 cafe
""".split()
EMOJI_NAMES = {"😂": "face with tears of joy"}
CAPTIONS = [
    "Unbelievable!",
    "I don't love the cat, so what?",
    "my café cats... a HAPPY day",
    "a 100-dog day zebra",
    "So happy 😂😂 what a #HappyDay https://example.org",
    "love " * 30,
]


def main():
    torch.manual_seed(7)
    torch.set_num_threads(1)
    rows = ["[PAD]", "[UNK]", *PIECES]
    words, places = torch.randn(len(rows), WIDTH), torch.randn(POSITIONS, WIDTH)
    norm = nn.LayerNorm(WIDTH, eps=EPSILON)
    layers = nn.ModuleList(
        nn.TransformerEncoderLayer(WIDTH, HEADS, HIDDEN, 0, "gelu", EPSILON, batch_first=True) for _ in range(LAYERS)
    )
    labels, emotion = nn.Linear(WIDTH, 8), nn.Linear(WIDTH, 9)
    for module in (norm, layers, labels, emotion):
        for parameter in module.parameters():
            # Large enough that nothing is near zero, where a mistake would hide.
            parameter.data = torch.randn_like(parameter) * 0.4 + (1 if parameter.dim() == 1 and module is norm else 0)

    state = {"words.weight": words, "places": places}

    def add(name, module):
        state.update({f"{name}.{kind}": value for kind, value in module.state_dict().items()})

    add("norm", norm)
    add("labels", labels)
    add("emotion", emotion)
    for index, layer in enumerate(layers):
        attention = layer.self_attn
        for part, name in enumerate(("query", "key", "value")):
            state[f"layers.{index}.{name}.weight"] = attention.in_proj_weight.data.chunk(3)[part]
            state[f"layers.{index}.{name}.bias"] = attention.in_proj_bias.data.chunk(3)[part]
        add(f"layers.{index}.output", attention.out_proj)
        add(f"layers.{index}.attention_norm", layer.norm1)
        add(f"layers.{index}.expand", layer.linear1)
        add(f"layers.{index}.contract", layer.linear2)
        add(f"layers.{index}.norm", layer.norm2)
    prune.write(
        HERE / "tower.safetensors", state, list(range(len(rows))), PIECES, EMOJI_NAMES, HEADS, EPSILON, "random weights"
    )

    cases = []
    for caption in CAPTIONS:
        ids = prune.tokenizer_of(rows).encode(clean(caption)).ids
        with torch.no_grad():
            states = norm(words[ids] + places[: len(ids)])[None]
            for layer in layers.train():  # the plain path, not the fused one of inference
                states = layer(states)
            features = states.mean(1)[0]
            outputs = {"features": features, "labels": labels(features), "emotion": emotion(features)}
        cases.append({"caption": caption, "ids": ids, **{name: row.tolist() for name, row in outputs.items()}})
    text = json.dumps(cases, ensure_ascii=False).replace('{"caption"', '\n{"caption"')
    (HERE / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

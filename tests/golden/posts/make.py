#!/usr/bin/env python3
"""Makes the golden posts: a folder each with picture.png, caption.txt, or both, and what is expected of both models,
expected.json and expected-large.json.

The pictures are drawn here with integer arithmetic; what is expected is what the native command line says, run at the
top of the repository:

    python3 tests/golden/posts/make.py [COMMAND]

COMMAND is the emofuse command line, by default `target/release/emofuse`.
"""
import json
import pathlib
import shlex
import struct
import subprocess
import sys
import zlib

HERE = pathlib.Path(__file__).parent
MODELS = {"expected.json": [], "expected-large.json": ["--model", "large"]}


def png(width, height, pixel):
    """An RGBA PNG from `pixel(x, y) -> (r, g, b, a)`."""
    rows = b"".join(b"\0" + bytes(v for x in range(width) for v in pixel(x, y)) for y in range(height))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def meadow(x, y):
    """Blue sky, a sun and a green meadow, 320 × 240."""
    if (x - 250) ** 2 + (y - 50) ** 2 < 900:
        return 255, 220, 60, 255
    if y > 150 + (x * x) // 3000:
        return 60 + x // 8, 160 - y // 4, 50, 255
    return 110 + y // 3, 170 + y // 4, 240, 255


def storm(x, y):
    """Dark clouds with a flash, 224 × 224."""
    grain = (x * 7919 + y * 104729 + (x * y) % 97) % 23
    if abs(x - 112 - (y % 40) + 20) < 4 and y > 40:
        return 250, 250, 200, 255
    shade = 30 + grain + y // 8
    return shade, shade, shade + 15, 255


def badge(x, y):
    """A red disc on a transparent ground, 150 × 400."""
    distance = (x - 75) ** 2 + (y - 200) ** 2
    if distance < 3600:
        return 210, 30, 40, 255
    if distance < 4900:
        return 210, 30, 40, 128
    return 0, 0, 0, 0


POSTS = {
    "meadow_and_thanks": (png(320, 240, meadow), "What a beautiful morning, so grateful for this! #happy 🌞"),
    "meadow_alone": (png(320, 240, meadow), None),
    "storm_and_fear": (png(224, 224, storm), "I can't sleep, this thunder is terrifying 😱"),
    "badge_and_loss": (png(150, 400, badge), "RT @club: So sad... we lost him today, rest in peace :( https://example.org/x"),
    "anger_alone": (None, "This is outrageous!!! I'm soooo angry, they lied to us again 😡"),
    "plain_words_alone": (None, "The meeting is on Tuesday at ten."),
}


def main():
    command = shlex.split(sys.argv[1] if len(sys.argv) > 1 else "target/release/emofuse")
    for name, (picture, caption) in POSTS.items():
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        arguments = ["classify", "--json"]
        if picture is not None:
            (folder / "picture.png").write_bytes(picture)
            arguments += ["--image", str(folder / "picture.png")]
        if caption is not None:
            (folder / "caption.txt").write_text(caption, encoding="utf-8")
            arguments += ["--caption", caption]
        for file, model in MODELS.items():
            answer = json.loads(subprocess.run(command + arguments + model, check=True, capture_output=True).stdout)
            kept = {key: answer[key] for key in ("emotion", "scores", "image", "caption", "uncertain")}
            (folder / file).write_text(json.dumps(kept, indent=1) + "\n")
            print(name, file, kept["emotion"])


if __name__ == "__main__":
    main()

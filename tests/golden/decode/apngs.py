"""Animated PNG files."""

import struct

import profiles
from drawing import CARD, card, encoded, save, with_alpha
from PIL import Image, ImageOps
from pngs import SIGNATURE, SRGB, chunk, chunks, gamma, profile_chunk


def frame(sequence: int, size: tuple[int, int], at: tuple[int, int] = (0, 0), blend: int = 0, dispose: int = 0) -> tuple[bytes, bytes]:
    return b"fcTL", struct.pack(">IIIIIHHBB", sequence, *size, *at, 1, 10, dispose, blend)


def apng(*, default_in_animation: bool, first: Image.Image, at: tuple[int, int] = (0, 0), blend: int = 0, added: tuple = ()) -> bytes:
    """Two frames: a card and its negative; or the one given, with the card as a still image for others."""
    still = CARD.quantize(30) if first.mode == "P" else CARD.convert(first.mode)
    header, *rest = chunks(encoded(still, "PNG"))
    data = [part for part in rest if part[0] == b"IDAT"]
    other = b"".join(content for name, content in chunks(encoded(ImageOps.mirror(still), "PNG")) if name == b"IDAT")
    before = [part for part in rest if part[0] in (b"PLTE", b"tRNS")]
    parts = [header, *added, *before, (b"acTL", struct.pack(">II", 2, 0))]
    if default_in_animation:
        parts += [frame(0, CARD.size), *data]
        sequence = 1
    else:
        own = b"".join(content for name, content in chunks(encoded(first, "PNG")) if name == b"IDAT")
        parts += [*data, frame(0, first.size, at, blend), (b"fdAT", struct.pack(">I", 1) + own)]
        sequence = 2
    parts += [frame(sequence, CARD.size), (b"fdAT", struct.pack(">I", sequence + 1) + other), (b"IEND", b"")]
    return SIGNATURE + b"".join(chunk(*part) for part in parts)


def apngs() -> None:
    negative = Image.eval(CARD, lambda level: 255 - level)
    small = card(16, 12)
    save("apng-default-in-animation.png", apng(default_in_animation=True, first=CARD))
    save("apng-default-apart.png", apng(default_in_animation=False, first=negative))
    save("apng-default-apart-small.png", apng(default_in_animation=False, first=small, at=(9, 6)))
    save("apng-default-apart-alpha.png", apng(default_in_animation=False, first=with_alpha(small), at=(9, 6)))
    save("apng-default-apart-over.png", apng(default_in_animation=False, first=with_alpha(small), at=(9, 6), blend=1))
    one = apng(default_in_animation=False, first=negative)
    parts = chunks(one)
    save("apng-one-frame-apart.png", SIGNATURE + b"".join(chunk(name, content if name != b"acTL" else struct.pack(">II", 1, 0)) for name, content in [*parts[:-3], parts[-1]]))
    save("apng-palette.png", apng(default_in_animation=False, first=CARD.quantize(30)))
    save("apng-cut-second.png", apng(default_in_animation=False, first=small, at=(9, 6))[:-300])
    save("apng-gamma.png", apng(default_in_animation=False, first=negative, added=(gamma(1.0), SRGB)))
    save("apng-icc.png", apng(default_in_animation=False, first=small, at=(9, 6), added=(profile_chunk(profiles.display_p3()),)))

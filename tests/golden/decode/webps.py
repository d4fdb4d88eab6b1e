"""WebP files."""

import struct

import profiles
from drawing import CARD, card, encoded, oriented, save, with_alpha
from PIL import Image


def riff(*parts: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2) for name, content in parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def riff_parts(webp: bytes) -> list[tuple[bytes, bytes]]:
    found, place = [], 12
    while place < len(webp):
        length = struct.unpack("<I", webp[place + 4 : place + 8])[0]
        found.append((webp[place : place + 4], webp[place + 8 : place + 8 + length]))
        place += 8 + length + length % 2
    return found


def animated_webp(canvas: tuple[int, int], frames: list[tuple[Image.Image, tuple[int, int], int]], background: bytes, *before: tuple[bytes, bytes], flags: int = 0x12, **options: object) -> bytes:
    def uint24(value: int) -> bytes:
        return struct.pack("<I", value)[:3]

    parts = [(b"VP8X", bytes([flags, 0, 0, 0]) + uint24(canvas[0] - 1) + uint24(canvas[1] - 1)), *before, (b"ANIM", background + b"\0\0")]
    for picture, (x, y), bits in frames:
        image = b"".join(name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2) for name, content in riff_parts(encoded(picture, "WEBP", **options)) if name in (b"VP8 ", b"VP8L", b"ALPH"))
        parts.append((b"ANMF", uint24(x // 2) + uint24(y // 2) + uint24(picture.width - 1) + uint24(picture.height - 1) + uint24(100) + bytes([bits]) + image))
    return riff(*parts)


def webps() -> None:
    negative, small = Image.eval(CARD, lambda level: 255 - level), card(16, 12)
    save("webp-lossy.webp", encoded(CARD, "WEBP", quality=80))
    save("webp-lossy-poor.webp", encoded(CARD, "WEBP", quality=10))
    save("webp-lossless.webp", encoded(CARD, "WEBP", lossless=True))
    save("webp-lossy-alpha.webp", encoded(with_alpha(CARD), "WEBP", quality=80))
    save("webp-lossless-alpha.webp", encoded(with_alpha(CARD), "WEBP", lossless=True, exact=True))
    save("webp-lossy-icc.webp", encoded(CARD, "WEBP", quality=80, icc_profile=profiles.display_p3()))
    save("webp-lossless-icc.webp", encoded(CARD, "WEBP", lossless=True, icc_profile=profiles.display_p3()))
    save("webp-lut-icc.webp", encoded(CARD, "WEBP", lossless=True, icc_profile=profiles.tables()))
    save("webp-alpha-icc.webp", encoded(with_alpha(CARD), "WEBP", lossless=True, icc_profile=profiles.display_p3()))
    save("webp-inks-icc.webp", encoded(CARD, "WEBP", lossless=True, icc_profile=profiles.inks()))
    save("webp-oriented.webp", encoded(card(20, 13), "WEBP", lossless=True, exif=oriented(6)))
    both = [(CARD, (0, 0), 0), (negative, (0, 0), 0)]
    red, clear = bytes([0, 0, 255, 255]), bytes(4)
    save("webp-animated.webp", animated_webp(CARD.size, both, clear, lossless=True))
    save("webp-animated-lossy.webp", animated_webp(CARD.size, both, clear, quality=80))
    save("webp-animated-small.webp", animated_webp(CARD.size, [(small, (10, 6), 0), *both], red, lossless=True))
    save("webp-animated-small-clear.webp", animated_webp(CARD.size, [(small, (10, 6), 0), *both], clear, lossless=True))
    save("webp-animated-small-opaque.webp", animated_webp(CARD.size, [(small, (10, 6), 0), *both], red, flags=0x02, lossless=True))
    save("webp-animated-alpha.webp", animated_webp(CARD.size, [(with_alpha(small), (10, 6), 0), *both], red, lossless=True))
    save("webp-animated-alpha-no-blend.webp", animated_webp(CARD.size, [(with_alpha(small), (10, 6), 2), *both], red, lossless=True))
    save("webp-animated-alpha-lossy.webp", animated_webp(CARD.size, [(with_alpha(CARD), (0, 0), 0), *both], red, quality=80))
    save("webp-animated-disposed.webp", animated_webp(CARD.size, [(small, (10, 6), 1), *both], red, lossless=True))
    save("webp-animated-icc.webp", animated_webp(CARD.size, both, clear, (b"ICCP", profiles.display_p3()), flags=0x32, lossless=True))
    whole = encoded(CARD, "WEBP", quality=80)
    save("webp-grey-icc.webp", encoded(CARD, "WEBP", lossless=True, icc_profile=profiles.grey(1.0)))
    save("webp-cut-second.webp", animated_webp(CARD.size, both, clear, lossless=True)[:-300])
    save("webp-cut-after-image.webp", encoded(CARD, "WEBP", lossless=True, exif=oriented(6))[:-6])
    save("webp-more-behind.webp", encoded(CARD, "WEBP", lossless=True) + b"more")
    save("webp-odd.webp", encoded(card(21, 15), "WEBP", quality=60))
    save("webp-cut.webp", whole[: len(whole) // 2])

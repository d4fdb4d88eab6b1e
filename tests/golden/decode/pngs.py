"""PNG files."""

import random
import struct
import zlib

import profiles
from drawing import CARD, HEIGHT, WIDTH, card, encoded, oriented, save, with_alpha
from PIL import Image


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    found, place = [], 8
    while place < len(png):
        length = struct.unpack(">I", png[place : place + 4])[0]
        found.append((png[place + 4 : place + 8], png[place + 8 : place + 8 + length]))
        place += 12 + length
    return found


def with_chunks(png: bytes, *added: tuple[bytes, bytes]) -> bytes:
    """The same with chunks after its header."""
    header, *rest = chunks(png)
    return SIGNATURE + b"".join(chunk(*part) for part in [header, *added, *rest])


def png_of(width: int, height: int, depth: int, colour: int, rows: list[bytes], *added: tuple[bytes, bytes], interlaced: bool = False) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return SIGNATURE + b"".join(chunk(*part) for part in [(b"IHDR", header), *added, (b"IDAT", data), (b"IEND", b"")])


def packed(levels: list[int], depth: int) -> bytes:
    bits = "".join(f"{level:0{depth}b}" for level in levels)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8))


def adam7(picture: Image.Image) -> bytes:
    rows = []
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        for y in range(y0, picture.height, dy):
            pixels = [picture.getpixel((x, y)) for x in range(x0, picture.width, dx)]
            if pixels:
                rows.append(bytes(level for pixel in pixels for level in pixel))
    return png_of(picture.width, picture.height, 8, 2, rows, interlaced=True)


def wide_rows(channels: int, alpha: bool = False) -> list[bytes]:
    """Rows of 16 bits whose low bytes are anything."""
    chance = random.Random(5)
    picture = with_alpha(CARD) if alpha else CARD
    if channels < 3:
        picture = picture.convert("LA" if alpha else "L")
    rows = []
    for y in range(HEIGHT):
        row = b""
        for x in range(WIDTH):
            pixel = picture.getpixel((x, y))
            for level in pixel if isinstance(pixel, tuple) else (pixel,):
                row += bytes([level, chance.randrange(256)])
        rows.append(row)
    return rows


def gamma(value: float) -> tuple[bytes, bytes]:
    return b"gAMA", struct.pack(">I", round(value * 100000))


def primaries(white: tuple, red: tuple, green: tuple, blue: tuple) -> tuple[bytes, bytes]:
    return b"cHRM", b"".join(struct.pack(">I", round(value * 100000)) for point in (white, red, green, blue) for value in point)


D65 = (0.3127, 0.329)
SRGB = primaries(D65, (0.64, 0.33), (0.3, 0.6), (0.15, 0.06))
P3 = primaries(D65, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
PROPHOTO = primaries((0.3457, 0.3585), (0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001))
FLAT = primaries(D65, (0.3, 0.3), (0.4, 0.4), (0.5, 0.5))
WILD = primaries(D65, (1.5, 0.33), (0.3, 0.6), (0.15, 0.06))
NO_PRIMARIES = primaries((0.3127, 0), (0.64, 0.33), (0.3, 0.6), (0.15, 0.06))


def profile_chunk(profile: bytes) -> tuple[bytes, bytes]:
    return b"iCCP", b"profile\0\0" + zlib.compress(profile)


def pngs() -> None:
    plain = encoded(CARD, "PNG")
    grey = encoded(CARD.convert("L"), "PNG")
    palette = CARD.quantize(60)
    transparent = encoded(with_alpha(CARD), "PNG")
    save("png-rgb.png", plain)
    save("png-rgba.png", transparent)
    save("png-grey.png", grey)
    save("png-grey-alpha.png", encoded(with_alpha(CARD).convert("LA"), "PNG"))
    save("png-interlaced.png", adam7(CARD))
    for depth in (1, 2, 4):
        levels = [[CARD.convert("L").getpixel((x, y)) >> (8 - depth) for x in range(WIDTH)] for y in range(HEIGHT)]
        rows = [packed(row, depth) for row in levels]
        save(f"png-grey-{depth}.png", png_of(WIDTH, HEIGHT, depth, 0, rows))
        save(f"png-grey-{depth}-key.png", png_of(WIDTH, HEIGHT, depth, 0, rows, (b"tRNS", b"\0\1")))
        colours = bytes(level for index in range(1 << depth) for level in ((index * 37) % 256, (index * 91) % 256, (index * 150 + 40) % 256))
        save(f"png-palette-{depth}.png", png_of(WIDTH, HEIGHT, depth, 3, rows, (b"PLTE", colours)))
    save("png-palette-8.png", encoded(palette, "PNG"))
    save("png-palette-key.png", encoded(palette, "PNG", transparency=bytes([0, 60, 120, 180, 240])))
    red = struct.pack(">HHH", 235, 60, 30)
    save("png-rgb-key.png", png_of(WIDTH, HEIGHT, 8, 2, [CARD.crop((0, y, WIDTH, y + 1)).tobytes() for y in range(HEIGHT)], (b"tRNS", red)))
    save("png-rgb-16.png", png_of(WIDTH, HEIGHT, 16, 2, wide_rows(3)))
    save("png-rgba-16.png", png_of(WIDTH, HEIGHT, 16, 6, wide_rows(3, alpha=True)))
    save("png-grey-16.png", png_of(WIDTH, HEIGHT, 16, 0, wide_rows(1)))
    save("png-grey-alpha-16.png", png_of(WIDTH, HEIGHT, 16, 4, wide_rows(1, alpha=True)))
    save("png-rgb-16-gamma.png", png_of(WIDTH, HEIGHT, 16, 2, wide_rows(3), gamma(1.0), SRGB))
    save("png-rgb-16-icc.png", png_of(WIDTH, HEIGHT, 16, 2, wide_rows(3), profile_chunk(profiles.display_p3())))
    save("png-background.png", with_chunks(transparent, (b"bKGD", struct.pack(">HHH", 255, 0, 0))))
    save("png-significant-bits.png", with_chunks(plain, (b"sBIT", bytes([5, 6, 5]))))
    for value in (0.0, 0.3, 0.4, 0.42, 0.43, 0.432, 0.434, 0.44, 0.45455, 0.46, 0.47, 0.475, 0.477, 0.48, 0.49, 0.5, 0.55, 1.0, 2.0, 20000.0):
        save(f"png-gamma-{value}.png", with_chunks(plain, gamma(value)))
    save("png-gamma-grey.png", with_chunks(grey, gamma(1.0)))
    save("png-gamma-primaries-grey.png", with_chunks(grey, gamma(1.0), SRGB))
    save("png-gamma-primaries-palette.png", with_chunks(encoded(palette, "PNG"), gamma(1.0), SRGB))
    save("png-gamma-palette.png", with_chunks(encoded(palette, "PNG"), gamma(1.0)))
    save("png-gamma-alpha.png", with_chunks(transparent, gamma(1.0)))
    save("png-gamma-primaries-alpha.png", with_chunks(transparent, gamma(1.0), P3))
    save("png-primaries.png", with_chunks(plain, P3))
    for name, chosen in {"srgb": SRGB, "p3": P3, "prophoto": PROPHOTO, "none": NO_PRIMARIES, "wild": WILD, "flat": FLAT}.items():
        for value in (0.45455, 1.0):
            save(f"png-primaries-{name}-gamma-{value}.png", with_chunks(plain, gamma(value), chosen))
    save("png-primaries-p3-gamma-0.0.png", with_chunks(plain, gamma(0.0), P3))
    srgb, profile = (b"sRGB", b"\0"), profile_chunk(profiles.display_p3())
    save("png-srgb-gamma-primaries.png", with_chunks(plain, srgb, gamma(1.0), P3))
    save("png-icc.png", with_chunks(plain, profile))
    save("png-icc-gamma-primaries.png", with_chunks(plain, profile, gamma(1.0), PROPHOTO))
    save("png-icc-srgb.png", with_chunks(plain, profile, srgb))
    save("png-srgb-icc.png", with_chunks(plain, srgb, profile))
    save("png-icc-damaged-gamma-primaries.png", with_chunks(plain, profile_chunk(profiles.display_p3()[:200]), gamma(1.0), SRGB))
    save("png-icc-not-compressed.png", with_chunks(plain, (b"iCCP", b"profile\0\0 this is not compressed"), gamma(1.0), SRGB))
    save("png-icc-alpha.png", with_chunks(transparent, profile))
    save("png-icc-palette.png", with_chunks(encoded(palette, "PNG"), profile))
    save("png-icc-lut.png", with_chunks(plain, profile_chunk(profiles.tables())))
    save("png-icc-inks.png", with_chunks(plain, profile_chunk(profiles.inks())))
    save("png-icc-grey-on-grey.png", with_chunks(grey, profile_chunk(profiles.grey(1.0))))
    save("png-icc-grey-on-rgb.png", with_chunks(plain, profile_chunk(profiles.grey(1.0))))
    save("png-icc-rgb-on-grey.png", with_chunks(grey, profile_chunk(profiles.adobe_rgb(1.0))))
    for transfer in range(1, 20):
        save(f"png-cicp-transfer-{transfer}.png", with_chunks(plain, (b"cICP", bytes([1, transfer, 0, 1]))))
    for code in (*range(1, 14), 22):
        save(f"png-cicp-primaries-{code}.png", with_chunks(plain, (b"cICP", bytes([code, 13, 0, 1]))))
    ramp = encoded(Image.frombytes("L", (64, 4), bytes(range(256))), "PNG")
    for transfer in (16, 18):
        save(f"png-cicp-ramp-{transfer}.png", with_chunks(ramp, (b"cICP", bytes([9, transfer, 0, 1]))))
    save("png-cicp-p3-pq.png", with_chunks(plain, (b"cICP", bytes([12, 16, 0, 1]))))
    save("png-cicp-hdr10.png", with_chunks(plain, (b"cICP", bytes([9, 16, 0, 1]))))
    save("png-cicp-hlg.png", with_chunks(plain, (b"cICP", bytes([9, 18, 0, 1]))))
    for name, code in {"unknown": (2, 2, 0, 1), "narrow": (1, 8, 0, 0), "matrix": (1, 8, 1, 1)}.items():
        save(f"png-cicp-{name}-icc.png", with_chunks(plain, (b"cICP", bytes(code)), profile))
        save(f"png-cicp-{name}-gamma.png", with_chunks(plain, (b"cICP", bytes(code)), gamma(1.0)))
    save("png-icc-inks-gamma.png", with_chunks(plain, profile_chunk(profiles.inks()), gamma(1.0)))
    save("png-cicp-grey.png", with_chunks(grey, (b"cICP", bytes([12, 8, 0, 1]))))
    save("png-oriented.png", encoded(card(20, 13), "PNG", exif=oriented(6)))
    save("png-cut.png", plain[: len(plain) * 2 // 3])
    save("png-no-end.png", plain[:-12])
    save("png-cut-end.png", plain[:-5])
    save("png-cut-check.png", plain[:-14])
    save("png-cut-checksum.png", plain[:-18])
    save("png-more-behind.png", plain + b"more")
    data = b"".join(content for name, content in chunks(plain) if name == b"IDAT")
    wrong = SIGNATURE + chunk(b"IHDR", chunks(plain)[0][1]) + chunk(b"IDAT", data[:-1] + bytes([data[-1] ^ 1])) + chunk(b"IEND", b"")
    save("png-wrong-checksum.png", wrong)
    at_gamma = with_chunks(plain, gamma(1.0)).replace(chunk(*gamma(1.0)), chunk(*gamma(1.0))[:-1] + b"!")
    save("png-gamma-wrong-check.png", at_gamma)
    light_level = (b"cLLI", struct.pack(">II", 4000_0000, 400_0000))
    save("png-cicp-light-level.png", with_chunks(plain, (b"cICP", bytes([9, 16, 0, 1])), light_level))
    no_crc = bytearray(plain)
    no_crc[-20] ^= 0x55
    save("png-wrong-check.png", bytes(no_crc))

"""Makes the images that the decoder is held to, one for each way in which a format can be written.

    pip install -r tests/golden/decode/requirements.txt
    python3 tests/golden/decode/make.py
    node tests/golden/decode/make.mjs

The second writes tests/golden/decode/images/*; the third writes the pixels that Chromium has for them.
"""

import random
import struct
import zlib
from io import BytesIO
from pathlib import Path

import profiles
import simplejpeg
from PIL import Image, ImageOps

FOLDER = Path(__file__).parent / "images"
WIDTH, HEIGHT = 26, 19


def card(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """Every hue at several levels of light, a grey ramp below, and a hard edge."""
    picture = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            if y >= height - 5:
                level = x * 255 // (width - 1)
                pixel = (level, level, level)
            else:
                hue = (x * 6 / width) % 6
                light = (y + 1) / (height - 4)
                part = hue % 1
                rgb = [(1, part, 0), (1 - part, 1, 0), (0, 1, part), (0, 1 - part, 1), (part, 0, 1), (1, 0, 1 - part)][int(hue)]
                pixel = tuple(round(255 * light * (0.15 + 0.85 * level)) for level in rgb)
            if (x - 10) ** 2 + (y - 10) ** 2 < 20:
                pixel = (235, 60, 30)
            picture.putpixel((x, y), pixel)
    return picture


def with_alpha(picture: Image.Image) -> Image.Image:
    """Transparent on the left, half in the middle, opaque on the right."""
    alpha = Image.new("L", picture.size)
    for y in range(picture.height):
        for x in range(picture.width):
            alpha.putpixel((x, y), max(0, min(255, (x - 4) * 13)))
    picture = picture.copy()
    picture.putalpha(alpha)
    return picture


CARD = card()


def save(name: str, content: bytes) -> None:
    (FOLDER / name).write_bytes(content)


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


# JPEG


def segments(jpeg: bytes) -> list[bytes]:
    """The segments before the scan, and all the rest as the last."""
    found, place = [jpeg[:2]], 2
    while jpeg[place + 1] != 0xDA:
        end = place + 2 + struct.unpack(">H", jpeg[place + 2 : place + 4])[0]
        found.append(jpeg[place:end])
        place = end
    return [*found, jpeg[place:]]


def without_adobe(jpeg: bytes) -> bytes:
    return b"".join(part for part in segments(jpeg) if part[:2] != b"\xff\xee")


def with_transform(jpeg: bytes, transform: int) -> bytes:
    """The same with another transform in Adobe's segment."""
    return b"".join(part[:-1] + bytes([transform]) if part[:2] == b"\xff\xee" else part for part in segments(jpeg))


def with_component_ids(jpeg: bytes, ids: bytes) -> bytes:
    """The same with other names for its components."""
    parts = segments(jpeg)
    for place, part in enumerate(parts):
        header = {b"\xff\xc0": (10, 3), b"\xff\xc2": (10, 3), b"\xff\xda": (5, 2)}.get(part[:2])
        if header:
            changed = bytearray(part)
            for index, name in enumerate(ids):
                changed[header[0] + header[1] * index] = name
            parts[place] = bytes(changed)
    return b"".join(parts)


def with_segment(jpeg: bytes, mark: int, content: bytes) -> bytes:
    return jpeg[:2] + bytes([0xFF, mark]) + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def oriented(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def inks(picture: Image.Image) -> Image.Image:
    """The picture in four inks, a part of the dark in black."""
    inked = Image.new("CMYK", picture.size)
    for y in range(picture.height):
        for x in range(picture.width):
            inks = [255 - level for level in picture.getpixel((x, y))]
            black = min(inks) * 3 // 4
            scale = 255 - black
            inked.putpixel((x, y), (*((ink - black) * 255 // scale for ink in inks), black))
    return inked


def ycck(inked: Image.Image) -> bytes:
    """Cyan, magenta and yellow turned into luma and chroma, as Adobe's programs do; Pillow inverts all four as it writes."""
    cyan, magenta, yellow, black = inked.split()
    converted = Image.merge("RGB", [cyan, magenta, yellow]).convert("YCbCr").split()
    luma = [Image.eval(channel, lambda level: 255 - level) for channel in converted]
    return with_transform(encoded(Image.merge("CMYK", [*luma, black]), "JPEG", quality=90), 2)


def jpegs() -> None:
    def jpeg(picture: Image.Image = CARD, **options: object) -> bytes:
        return encoded(picture, "JPEG", **{"quality": 85, "subsampling": "4:2:0", **options})

    pixels = memoryview(CARD.tobytes()).cast("B", (HEIGHT, WIDTH, 3))
    for name, subsampling in {"420": "4:2:0", "422": "4:2:2", "444": "4:4:4"}.items():
        save(f"jpeg-{name}.jpg", jpeg(subsampling=subsampling))
    for name in ("440", "411"):
        save(f"jpeg-{name}.jpg", simplejpeg.encode_jpeg(pixels, quality=85, colorsubsampling=name))
    save("jpeg-progressive.jpg", jpeg(progressive=True))
    save("jpeg-progressive-444.jpg", jpeg(progressive=True, subsampling="4:4:4"))
    save("jpeg-low-quality.jpg", jpeg(quality=10))
    save("jpeg-restart.jpg", jpeg(restart_marker_blocks=2))
    save("jpeg-grey.jpg", jpeg(CARD.convert("L")))
    save("jpeg-grey-progressive.jpg", jpeg(CARD.convert("L"), progressive=True))
    for orientation in range(1, 9):
        save(f"jpeg-orientation-{orientation}.jpg", jpeg(card(20, 13), exif=oriented(orientation)))
    save("jpeg-one-pixel.jpg", jpeg(card(8, 8).crop((3, 3, 4, 4))))
    adobe = b"Adobe\0\x64\0\0\0\0"
    as_rgb = jpeg(subsampling="4:4:4", keep_rgb=True)
    save("jpeg-rgb-adobe.jpg", as_rgb)
    save("jpeg-rgb-names.jpg", with_component_ids(without_adobe(as_rgb), b"RGB"))
    save("jpeg-ycc-adobe-transform-1.jpg", with_segment(jpeg(), 0xEE, adobe + b"\x01"))
    save("jpeg-ycc-other-names.jpg", with_component_ids(without_adobe(jpeg()), b"\x00\x01\x02"))

    inked = inks(CARD)
    cmyk = encoded(inked, "JPEG", quality=90)
    save("jpeg-cmyk-adobe.jpg", cmyk)
    save("jpeg-cmyk-plain.jpg", without_adobe(cmyk))
    save("jpeg-cmyk-progressive.jpg", encoded(inked, "JPEG", quality=90, progressive=True))
    save("jpeg-ycck-adobe.jpg", ycck(inked))
    save("jpeg-cmyk-adobe-icc.jpg", encoded(inked, "JPEG", quality=90, icc_profile=profiles.inks()))
    save("jpeg-cmyk-plain-icc.jpg", without_adobe(encoded(inked, "JPEG", quality=90, icc_profile=profiles.inks())))
    profile_segment = b"ICC_PROFILE\0\x01\x01" + profiles.inks()
    save("jpeg-ycck-adobe-icc.jpg", with_segment(ycck(inked), 0xE2, profile_segment))
    save("jpeg-cmyk-oriented.jpg", encoded(inked, "JPEG", quality=90, exif=oriented(6)))
    save("jpeg-cmyk-rgb-profile.jpg", encoded(inked, "JPEG", quality=90, icc_profile=profiles.display_p3()))
    save("jpeg-rgb-cmyk-profile.jpg", jpeg(icc_profile=profiles.inks()))

    for name, profile in {
        "p3": profiles.display_p3(),
        "adobe-rgb": profiles.adobe_rgb(),
        "table-curve": profiles.table_curve(),
        "swapped": profiles.swapped(),
        "lut": profiles.tables(),
        "lut-16": profiles.tables(wide=True),
        "lut-v4": profiles.version_4(),
        "lut-and-primaries": profiles.tables_and_primaries(),
        "lut-relative": profiles.relative_tables(),
        "lut-xyz": profiles.tables_to_xyz(),
        "cicp-pq": profiles.with_code_points(12, 16),
        "cicp-linear": profiles.with_code_points(12, 8),
        "cicp-other-primaries": profiles.with_code_points(1, 13),
        "cicp-other-white": profiles.with_code_points(11, 13),
        "cicp-unknown": profiles.with_code_points(2, 8),
        "cicp-narrow": profiles.with_code_points(1, 8, 0),
        "curves": profiles.curve_kinds(),
        "curves-impossible": profiles.curve_kinds(0.1),
        "lut-v4-xyz": profiles.version_4(b"XYZ "),
        "srgb": profiles.srgb(),
        "cut": profiles.display_p3()[:200],
        "grey-profile": profiles.grey(1.0),
    }.items():
        save(f"jpeg-icc-{name}.jpg", jpeg(icc_profile=profile))
    save("jpeg-grey-icc-grey.jpg", jpeg(CARD.convert("L"), icc_profile=profiles.grey(1.0)))
    save("jpeg-grey-icc-rgb.jpg", jpeg(CARD.convert("L"), icc_profile=profiles.adobe_rgb(1.0)))
    profile = profiles.display_p3()
    halves = profile[:250], profile[250:]
    in_two = jpeg()
    for index in (1, 0):
        in_two = with_segment(in_two, 0xE2, b"ICC_PROFILE\0" + bytes([index + 1, 2]) + halves[index])
    save("jpeg-icc-in-two.jpg", in_two)
    save("jpeg-cut.jpg", jpeg()[:-200])


# PNG


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


# Animations


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


def lzw(indices: list[int]) -> bytes:
    """GIF's compression without any: a clear code before the codes grow."""
    codes = []
    for place, index in enumerate(indices):
        if place % 100 == 0:
            codes.append(128)
        codes.append(index)
    codes.append(129)
    bits = 0
    for place, code in enumerate(codes):
        bits |= code << (8 * place)
    data = bits.to_bytes(len(codes), "little")
    blocks = b"".join(bytes([len(data[place : place + 255])]) + data[place : place + 255] for place in range(0, len(data), 255))
    return b"\x07" + blocks + b"\0"


def gif(canvas: tuple[int, int], frames: list[dict], background: int = 3, colours: bool = True) -> bytes:
    palette = bytes(level for index in range(128) for level in ((index * 2), (index * 53) % 256, (255 - index * 2)))
    flags = 0xF6 if colours else 0x70
    file = b"GIF89a" + struct.pack("<HHBBB", *canvas, flags, background, 0)
    file += palette if colours else b""
    for one in frames:
        width, height = one["size"]
        key = one.get("key")
        file += b"\x21\xf9\x04" + bytes([(one.get("dispose", 0) << 2) | (key is not None), 10, 0, key or 0, 0])
        own = one.get("colours", not colours)
        interlaced = one.get("interlaced", False)
        file += b"," + struct.pack("<HHHHB", *one.get("at", (0, 0)), width, height, (0x86 if own else 0) | (0x40 if interlaced else 0))
        file += palette[::-1] if own else b""
        rows = [[(x * 3 + y * 5) % 128 for x in range(width)] for y in range(height)]
        if interlaced:
            rows = [rows[y] for start, step in ((0, 8), (4, 8), (2, 4), (1, 2)) for y in range(start, height, step)]
        file += lzw([index for row in rows for index in row])
    return file + b";"


def gifs() -> None:
    whole, part = {"size": (WIDTH, HEIGHT)}, {"size": (16, 12), "at": (9, 6)}
    save("gif.gif", gif((WIDTH, HEIGHT), [whole]))
    save("gif-own-colours.gif", gif((WIDTH, HEIGHT), [{**whole, "colours": True}]))
    save("gif-no-common-colours.gif", gif((WIDTH, HEIGHT), [whole], colours=False))
    save("gif-interlaced.gif", gif((WIDTH, HEIGHT), [{**whole, "interlaced": True}]))
    save("gif-key.gif", gif((WIDTH, HEIGHT), [{**whole, "key": 30}]))
    save("gif-animated.gif", gif((WIDTH, HEIGHT), [whole, {**whole, "colours": True}]))
    save("gif-small-first.gif", gif((WIDTH, HEIGHT), [part, whole]))
    save("gif-small-first-key.gif", gif((WIDTH, HEIGHT), [{**part, "key": 30}, whole]))
    save("gif-small-still.gif", gif((WIDTH, HEIGHT), [part]))
    save("gif-disposed.gif", gif((WIDTH, HEIGHT), [{**part, "dispose": 2}, whole]))
    save("gif-beyond-canvas.gif", gif((20, 15), [part]))
    save("gif-larger-than-canvas.gif", gif((20, 15), [whole]))
    save("gif-larger-second.gif", gif((20, 15), [{"size": (20, 15)}, whole]))
    save("gif-canvas-zero.gif", gif((0, 0), [whole]))
    save("gif-wider-than-canvas.gif", gif((20, 30), [whole]))
    save("gif-outside.gif", gif((20, 15), [{"size": (16, 12), "at": (30, 30)}]))
    save("gif-pillow.gif", encoded(CARD.quantize(200), "GIF"))
    whole_file = gif((WIDTH, HEIGHT), [whole])
    save("gif-cut.gif", whole_file[: len(whole_file) // 2])
    save("gif-cut-second.gif", gif((WIDTH, HEIGHT), [whole, whole])[:-100])
    save("gif-87a.gif", whole_file.replace(b"GIF89a", b"GIF87a"))
    save("gif-more-behind.gif", whole_file + b"more")
    save("gif-no-end.gif", whole_file[:-1])


# WebP


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


# BMP


def bmp(header: bytes, rows: bytes, palette: bytes = b"", after: bytes = b"") -> bytes:
    start = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(rows) + len(after), 0, 0, start) + header + palette + rows + after


def info(bits: int, compression: int = 0, size: int = 40, height: int = HEIGHT, image_size: int = 0, colours: int = 0) -> bytes:
    return struct.pack("<IiiHHIIiiII", size, WIDTH, height, 1, bits, compression, image_size, 2835, 2835, colours, 0)


def bmp_rows(pixel: object) -> bytes:
    rows = b""
    for y in reversed(range(HEIGHT)):
        row = b"".join(pixel(x, y) for x in range(WIDTH))
        rows += row + b"\0" * (-len(row) % 4)
    return rows


def bmps() -> None:
    alpha = with_alpha(CARD)

    def bgr(x: int, y: int) -> bytes:
        return bytes(reversed(CARD.getpixel((x, y))))

    def bgra(x: int, y: int) -> bytes:
        red, green, blue, part = alpha.getpixel((x, y))
        return bytes([blue, green, red, part])

    def bgrx(x: int, y: int) -> bytes:
        return bgr(x, y) + b"\0"

    def short(shifts: tuple[int, int, int], bits: tuple[int, int, int]) -> object:
        def pixel(x: int, y: int) -> bytes:
            levels = zip(CARD.getpixel((x, y)), shifts, bits)
            return struct.pack("<H", sum((level >> (8 - bits)) << shift for level, shift, bits in levels))

        return pixel

    save("bmp-24.bmp", bmp(info(24), bmp_rows(bgr)))
    upside = bmp_rows(bgr)
    stride = len(upside) // HEIGHT
    save("bmp-top-down.bmp", bmp(info(24, height=-HEIGHT), b"".join(upside[place : place + stride] for place in reversed(range(0, len(upside), stride)))))
    save("bmp-core.bmp", bmp(struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, 24), bmp_rows(bgr)))
    save("bmp-32-empty.bmp", bmp(info(32), bmp_rows(bgrx)))
    save("bmp-32-alpha.bmp", bmp(info(32), bmp_rows(bgra)))
    save("bmp-16-555.bmp", bmp(info(16), bmp_rows(short((10, 5, 0), (5, 5, 5)))))
    masks_565 = struct.pack("<III", 0xF800, 0x07E0, 0x1F)
    save("bmp-16-565.bmp", bmp(info(16, 3) + masks_565, bmp_rows(short((11, 5, 0), (5, 6, 5)))))
    masks = struct.pack("<III", 0xFF0000, 0xFF00, 0xFF)
    save("bmp-32-masks.bmp", bmp(info(32, 3) + masks, bmp_rows(bgra)))
    with_mask = masks + struct.pack("<I", 0xFF000000)

    def extended(size: int, space: bytes, alpha_mask: bool = True, more: bytes = b"") -> bytes:
        mask = with_mask if alpha_mask else masks + bytes(4)
        return (info(32, 3, size) + mask + space + more).ljust(size, b"\0")

    save("bmp-info-v2.bmp", bmp(info(32, 3, 52) + masks, bmp_rows(bgra)))
    save("bmp-info-v3.bmp", bmp(info(32, 3, 56) + with_mask, bmp_rows(bgra)))
    save("bmp-info-v3-empty.bmp", bmp(info(32, 3, 56) + with_mask, bmp_rows(bgrx)))

    def calibrated(exponent: float) -> bytes:
        points = [(0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)]
        numbers = b"".join(struct.pack("<i", round(value * (1 << 30))) for point in points for value in point)
        return struct.pack("<I", 0) + numbers + struct.pack("<III", *[round(exponent * 65536)] * 3)

    srgb = b"BGRs"
    save("bmp-v4.bmp", bmp(extended(108, srgb), bmp_rows(bgra)))
    save("bmp-v4-no-mask.bmp", bmp(extended(108, srgb, False), bmp_rows(bgra)))
    save("bmp-v4-empty.bmp", bmp(extended(108, srgb), bmp_rows(bgrx)))
    save("bmp-v4-calibrated.bmp", bmp(extended(108, calibrated(1.0)), bmp_rows(bgra)))
    save("bmp-v4-calibrated-2.2.bmp", bmp(extended(108, calibrated(2.2)), bmp_rows(bgra)))
    save("bmp-v5.bmp", bmp(extended(124, srgb), bmp_rows(bgra)))
    rows, profile = bmp_rows(bgra), profiles.display_p3()
    embedded = b"DEBM" + bytes(48) + struct.pack("<IIII", 4, 124 + len(rows), len(profile), 0)
    save("bmp-v5-profile.bmp", bmp(extended(124, embedded), rows, after=profile))
    save("bmp-v4-24.bmp", bmp((info(24, 0, 108) + bytes(16) + calibrated(1.0)).ljust(108, b"\0"), bmp_rows(bgr)))

    palette_image = CARD.quantize(16)
    colours = palette_image.getpalette()[: 16 * 3]
    palette = b"".join(bytes([*reversed(colours[place : place + 3]), 0]) for place in range(0, 48, 3))

    def indices(bits: int) -> bytes:
        rows = b""
        for y in reversed(range(HEIGHT)):
            row = packed([palette_image.getpixel((x, y)) % (1 << bits) for x in range(WIDTH)], bits)
            rows += row + b"\0" * (-len(row) % 4)
        return rows

    save("bmp-8.bmp", bmp(info(8, colours=16), indices(8), palette))
    save("bmp-4.bmp", bmp(info(4, colours=16), indices(4), palette))
    save("bmp-1.bmp", bmp(info(1, colours=2), indices(1), palette[:8]))
    runs, runs_4 = b"", b""
    for y in reversed(range(HEIGHT)):
        for x in range(WIDTH):
            index = palette_image.getpixel((x, y))
            runs += bytes([1, index])
            runs_4 += bytes([1, index << 4])
        runs, runs_4 = runs + b"\0\0", runs_4 + b"\0\0"
    save("bmp-rle-8.bmp", bmp(info(8, 1, image_size=len(runs) + 2, colours=16), runs + b"\0\1", palette))
    save("bmp-rle-4.bmp", bmp(info(4, 2, image_size=len(runs_4) + 2, colours=16), runs_4 + b"\0\1", palette))
    # A jump of five pixels and two rows, and an early end: what is left out is transparent.
    jump = bytes([9, 3, 0, 2, 5, 2, 12, 4, 0, 0, 20, 5, 0, 1])
    save("bmp-rle-gaps.bmp", bmp(info(8, 1, image_size=len(jump), colours=16), jump, palette))
    absolute = b""
    for y in reversed(range(HEIGHT)):
        row = bytes(palette_image.getpixel((x, y)) for x in range(WIDTH))
        absolute += bytes([0, WIDTH]) + row + b"\0" * (WIDTH % 2) + b"\0\0"
    save("bmp-rle-absolute.bmp", bmp(info(8, 1, image_size=len(absolute) + 2, colours=16), absolute + b"\0\1", palette))
    save("bmp-8-all-colours.bmp", bmp(info(8), indices(8), palette + bytes(4 * 240)))
    save("bmp-8-beyond-colours.bmp", bmp(info(8, colours=5), indices(8), palette[:20]))
    masks_30 = struct.pack("<III", 0x3FF00000, 0xFFC00, 0x3FF)

    def deep(x: int, y: int) -> bytes:
        red, green, blue = (level << 2 | level >> 6 for level in CARD.getpixel((x, y)))
        return struct.pack("<I", red << 20 | green << 10 | blue)

    save("bmp-30.bmp", bmp(info(32, 3) + masks_30, bmp_rows(deep)))
    save("bmp-os2.bmp", bmp(info(24, 0, 64).ljust(64, b"\0"), bmp_rows(bgr)))
    save("bmp-no-padding-at-end.bmp", bmp(info(24), bmp_rows(bgr)[:-2]))
    save("bmp-last-pixel-cut.bmp", bmp(info(24), bmp_rows(bgr)[:-3]))
    save("bmp-more-behind.bmp", bmp(info(24), bmp_rows(bgr)) + b"more")
    save("bmp-16-1555.bmp", bmp((info(16, 3, 56) + struct.pack("<IIII", 0x7C00, 0x3E0, 0x1F, 0x8000)), bmp_rows(short((10, 5, 0), (5, 5, 5)))))
    whole = bmp(info(24), bmp_rows(bgr))
    save("bmp-cut.bmp", whole[: len(whole) // 2])


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for make in (jpegs, pngs, apngs, gifs, webps, bmps):
        make()


main()

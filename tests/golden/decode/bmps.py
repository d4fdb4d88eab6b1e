"""Windows bitmaps."""

import struct

import profiles
from drawing import CARD, HEIGHT, WIDTH, save, with_alpha
from pngs import packed


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

"""ICC profiles, as ICC.1 has them: numbers are 16.16, light is relative to D50."""

import struct
from collections.abc import Callable

D50 = (0.9642, 1.0, 0.8249)
DISPLAY_P3 = ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141))
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def fixed(*numbers: float) -> bytes:
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def xyz(light: tuple) -> bytes:
    return b"XYZ \0\0\0\0" + fixed(*light)


def parametric(*parameters: float) -> bytes:
    kind = {1: 0, 3: 1, 4: 2, 5: 3, 7: 4}[len(parameters)]
    return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + fixed(*parameters)


def exponent(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def profile(space: bytes, fields: dict[str, bytes], connection: bytes = b"XYZ ", kind: bytes = b"mntr", version: int = 2) -> bytes:
    fields = {"wtpt": xyz(D50), **fields}
    start = 128 + 4 + 12 * len(fields)
    table, body = b"", b""
    for name, field in fields.items():
        field += b"\0" * (-len(field) % 4)
        table += name.encode() + struct.pack(">II", start + len(body), len(field))
        body += field
    size = struct.pack(">I", start + len(body))
    header = size + b"\0\0\0\0" + bytes([version, 0, 0, 0]) + kind + space + connection + bytes(12) + b"acsp" + bytes(28) + fixed(*D50)
    return header.ljust(128, b"\0") + struct.pack(">I", len(fields)) + table + body


def of_primaries(primaries: tuple, curve: bytes) -> bytes:
    fields = {name: xyz(light) for name, light in zip(("rXYZ", "gXYZ", "bXYZ"), primaries)}
    return profile(b"RGB ", fields | dict.fromkeys(("rTRC", "gTRC", "bTRC"), curve))


def display_p3() -> bytes:
    return of_primaries(DISPLAY_P3, parametric(*SRGB_CURVE))


def srgb() -> bytes:
    return of_primaries(SRGB, parametric(*SRGB_CURVE))


def adobe_rgb(value: float = 2 + 51 / 256) -> bytes:
    return of_primaries(ADOBE_RGB, exponent(value))


def table_curve() -> bytes:
    """A curve of 64 points."""
    points = [round(65535 * (index / 63) ** 1.5) for index in range(64)]
    return of_primaries(SRGB, b"curv\0\0\0\0" + struct.pack(f">I{len(points)}H", len(points), *points))


def swapped() -> bytes:
    """Red for green and green for blue, so that nobody overlooks it."""
    return of_primaries((SRGB[1], SRGB[2], SRGB[0]), parametric(*SRGB_CURVE))


def grey(value: float) -> bytes:
    return profile(b"GRAY", {"kTRC": exponent(value)})


def lab(red: float, green: float, blue: float) -> tuple[float, float, float]:
    """L*a*b* of light of sRGB's primaries."""
    light = [sum(part * primary[axis] for part, primary in zip((red, green, blue), SRGB)) / D50[axis] for axis in range(3)]
    x, y, z = (value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116 for value in light)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def grid(inputs: int, points: int, colour: Callable, wide: bool, version: int = 2) -> bytes:
    """The colours of every mixture, as a table holds them."""
    table = b""
    for index in range(points**inputs):
        mixture = [(index // points**place) % points / (points - 1) for place in reversed(range(inputs))]
        lightness, a, b = lab(*colour(*mixture))
        # Version 2 in 16 bits has 100 at 0xFF00, and 8 bits before the point.
        if wide:
            scale = 65280 if version == 2 else 65535
            unit = 256 if version == 2 else 257
            numbers = [lightness / 100 * scale, (a + 128) * unit, (b + 128) * unit]
            table += struct.pack(">HHH", *(max(0, min(65535, round(number))) for number in numbers))
        else:
            table += bytes(max(0, min(255, round(number))) for number in (lightness * 2.55, a + 128, b + 128))
    return table


def xyz_grid(points: int, colour: Callable) -> bytes:
    """The same in XYZ, of which 1 is half of the numbers."""
    table = b""
    for index in range(points**3):
        levels = colour(*[(index // points**place) % points / (points - 1) for place in (2, 1, 0)])
        values = [sum(part * primary[axis] for part, primary in zip(levels, SRGB)) for axis in range(3)]
        table += struct.pack(">HHH", *(round(value * 32768) for value in values))
    return table


def lut(inputs: int, points: int, colour: Callable, wide: bool) -> bytes:
    """The table kinds lut8Type and lut16Type."""
    head = (b"mft2" if wide else b"mft1") + bytes(4) + bytes([inputs, 3, points, 0]) + fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    if wide:
        straight = struct.pack(">HH", 0, 65535)
        return head + struct.pack(">HH", 2, 2) + straight * inputs + grid(inputs, points, colour, True) + straight * 3
    straight = bytes(range(256))
    return head + straight * inputs + grid(inputs, points, colour, False) + straight * 3


def faded(red: float, green: float, blue: float) -> tuple[float, float, float]:
    """Light of a scanner that has red and green a little mixed."""
    light = [level**1.8 for level in (red, green, blue)]
    return 0.85 * light[0] + 0.1 * light[1], 0.9 * light[1] + 0.05 * light[2], 0.7 * light[2] + 0.2 * light[0]


def tables(wide: bool = False) -> bytes:
    return profile(b"RGB ", {"A2B0": lut(3, 7, faded, wide)}, connection=b"Lab ", kind=b"scnr")


def version_4(space: bytes = b"Lab ") -> bytes:
    """The table kind lutAToBType, with all of its parts."""
    curve, straight = parametric(1.4), parametric(1.0)
    body = grid(3, 5, faded, True, version=4) if space == b"Lab " else xyz_grid(5, faded)
    clut = bytes([5, 5, 5]).ljust(16, b"\0") + b"\2\0\0\0" + body
    clut += b"\0" * (-len(clut) % 4)
    matrix = fixed(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0)
    start_b = 32
    start_matrix = start_b + 3 * len(straight)
    start_m = start_matrix + len(matrix)
    start_clut = start_m + 3 * len(straight)
    start_a = start_clut + len(clut)
    head = b"mAB \0\0\0\0" + bytes([3, 3, 0, 0]) + struct.pack(">IIIII", start_b, start_matrix, start_m, start_clut, start_a)
    field = head + straight * 3 + matrix + straight * 3 + clut + curve * 3
    return profile(b"RGB ", {"A2B0": field}, connection=space, kind=b"scnr", version=4)


def tables_and_primaries() -> bytes:
    """Both ways at once, which say different things."""
    fields = {name: xyz(light) for name, light in zip(("rXYZ", "gXYZ", "bXYZ"), DISPLAY_P3)}
    fields |= dict.fromkeys(("rTRC", "gTRC", "bTRC"), parametric(*SRGB_CURVE))
    return profile(b"RGB ", {**fields, "A2B0": lut(3, 7, faded, True)}, connection=b"Lab ")


def relative_tables() -> bytes:
    """Tables for relative colours alone."""
    return profile(b"RGB ", {"A2B1": lut(3, 7, faded, False)}, connection=b"Lab ", kind=b"scnr")


def tables_to_xyz() -> bytes:
    """Tables whose colours are XYZ, of which 1 is half of the numbers."""
    points = 9
    straight = struct.pack(">HH", 0, 65535)
    head = b"mft2" + bytes(4) + bytes([3, 3, points, 0]) + fixed(1, 0, 0, 0, 1, 0, 0, 0, 1) + struct.pack(">HH", 2, 2)
    return profile(b"RGB ", {"A2B0": head + straight * 3 + xyz_grid(points, faded) + straight * 3}, kind=b"scnr")


def with_code_points(primaries: int, transfer: int, full: int = 1) -> bytes:
    """Display P3 with the tag `cicp`."""
    fields = {name: xyz(light) for name, light in zip(("rXYZ", "gXYZ", "bXYZ"), DISPLAY_P3)}
    fields |= dict.fromkeys(("rTRC", "gTRC", "bTRC"), parametric(*SRGB_CURVE))
    return profile(b"RGB ", {**fields, "cicp": b"cicp\0\0\0\0" + bytes([primaries, transfer, 0, full])}, version=4)


def curve_kinds(start: float = -0.05) -> bytes:
    """Another kind of curve for each channel."""
    fields = {name: xyz(light) for name, light in zip(("rXYZ", "gXYZ", "bXYZ"), SRGB)}
    none = b"curv\0\0\0\0" + struct.pack(">I", 0)
    curves = {"rTRC": parametric(2.0, 1.05, start, 0.02), "gTRC": parametric(2.2, 0.95, 0.05, 0.9, 0.03, 0.01, 0.0), "bTRC": none}
    return profile(b"RGB ", fields | curves)


def inks() -> bytes:
    """A printer: inks that are not pure, on paper that is not white."""

    def colour(cyan: float, magenta: float, yellow: float, black: float) -> tuple[float, float, float]:
        light = 1 - 0.97 * black
        red = light * (1 - 0.92 * cyan) * (1 - 0.1 * magenta) * (1 - 0.02 * yellow)
        green = light * (1 - 0.35 * cyan) * (1 - 0.88 * magenta) * (1 - 0.08 * yellow)
        blue = light * (1 - 0.15 * cyan) * (1 - 0.3 * magenta) * (1 - 0.93 * yellow) * 0.97
        return red, green, blue

    return profile(b"CMYK", {"A2B0": lut(4, 4, colour, False)}, connection=b"Lab ", kind=b"prtr")

"""Makes the images that the command line and browsers must decode alike.

    python3 tests/browser/desk/samples/images.py

writes tests/browser/desk/samples/images/*, from the sample of the page, as cameras and programs write JPEG. It needs Pillow. The three gamma-*.png, one photograph (CC0)
with `gAMA` and `cHRM`, with neither and with a `gAMA` of 1, are kept as they are.
"""

import struct
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
FOLDER = HERE / "images"
SAMPLE = HERE / "../../../../www/samples/coffee.jpg"
# The fields of an ICC profile, as ICC.1 has them: numbers are 16.16, light is relative to D50.
DISPLAY_P3 = {"rXYZ": (0.51512, 0.2412, -0.00105), "gXYZ": (0.29198, 0.69225, 0.04189), "bXYZ": (0.1571, 0.06657, 0.78407)}
D50 = (0.9642, 1.0, 0.8249)
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def fixed(*numbers: float) -> bytes:
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def display_p3() -> bytes:
    """The profile of a phone's images: Display P3's primaries with sRGB's curve."""
    fields = {"wtpt": b"XYZ \0\0\0\0" + fixed(*D50)}
    fields |= {name: b"XYZ \0\0\0\0" + fixed(*light) for name, light in DISPLAY_P3.items()}
    curve = b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + fixed(*SRGB_CURVE)
    fields |= {name: curve for name in ("rTRC", "gTRC", "bTRC")}
    start = 128 + 4 + 12 * len(fields)
    table, body = b"", b""
    for name, field in fields.items():
        table += name.encode() + struct.pack(">II", start + len(body), len(field))
        body += field
    size = struct.pack(">I", start + len(body))
    header = size + b"\0\0\0\0\x04\0\0\0mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28) + fixed(*D50)
    return header.ljust(128, b"\0") + struct.pack(">I", len(fields)) + table + body


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    image = Image.open(SAMPLE).convert("RGB").resize((121, 83))
    turned = Image.Exif()
    turned[0x0112] = 6
    profile = display_p3()
    for name, options in {
        "half": {"subsampling": "4:2:0"},
        "wide": {"subsampling": "4:2:2"},
        "full": {"subsampling": "4:4:4"},
        "progressive": {"progressive": True},
        "turned": {"exif": turned},
        "phone": {"icc_profile": profile, "exif": turned},
    }.items():
        image.save(FOLDER / f"{name}.jpg", quality=80, **options)
    image.convert("L").save(FOLDER / "grey.jpg", quality=80)
    image.convert("CMYK").save(FOLDER / "inks.jpg", quality=80)
    image.resize((60, 41)).save(FOLDER / "phone.png", icc_profile=profile)
    whole = (FOLDER / "half.jpg").read_bytes()
    (FOLDER / "cut.jpg").write_bytes(whole[: len(whole) // 2])


main()

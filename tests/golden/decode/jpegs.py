"""JPEG files."""

import struct

import profiles
import simplejpeg
from drawing import CARD, HEIGHT, WIDTH, card, encoded, oriented, save
from PIL import Image


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

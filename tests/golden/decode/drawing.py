"""The drawing that all images show, and how it is written."""

from io import BytesIO
from pathlib import Path

from PIL import Image

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


def oriented(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif

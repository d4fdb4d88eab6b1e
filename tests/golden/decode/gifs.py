"""GIF files."""

import struct

from drawing import CARD, HEIGHT, WIDTH, encoded, save


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

#!/usr/bin/env python3
"""Makes the caption cases: a folder each with a small picture, its sidecar files if any, and expected.json.

    python3 tests/golden/captions/make.py

`emofuse label` and the labelling desk read the same folders; docs/labels.md says where captions come from. expected.json has
`caption` (null if there is none), `from` ("sidecar", "metadata" or null), and `error` (whether a sidecar file is bad).
The images are drawn here, except those of COPIED, which are scikit-image's cat (CC0) with what a camera and Google Takeout
write. Needs Pillow, for JPEG, WebP, GIF and AVIF; it decodes every image that is written.
"""
import io
import json
import pathlib
import shutil
import struct
import zlib

from PIL import Image

HERE = pathlib.Path(__file__).parent

GREEK = "Καλημέρα από τη θάλασσα"
RUSSIAN = "Рассвет над рекой"
JAPANESE = "雨の日の猫"
ARABIC = "غروب الشمس على البحر"
GERMAN = "Grüße vom Gipfel"
EMOJI = "Best day ever 🎉 with naïve friends"


def drawn(width=24, height=16):
    """A meadow below a sky."""
    picture = Image.new("RGB", (width, height))
    picture.putdata(
        [(110 + y, 170 + y, 240) if 2 * y < height else (60 + x, 160 - y, 50) for y in range(height) for x in range(width)]
    )
    return picture


def encoded(kind, **options):
    stream = io.BytesIO()
    drawn().save(stream, kind, **options)
    return stream.getvalue()


def xmp(*descriptions):
    """A packet with dc:description in these (language, text)."""
    items = "".join(f'<rdf:li xml:lang="{language}">{text}</rdf:li>' for language, text in descriptions)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">A title is no description'
        f"</rdf:li></rdf:Alt></dc:title><dc:description><rdf:Alt>{items}</rdf:Alt></dc:description></rdf:Description>"
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def iptc(text, charset=None):
    """Records of the application record with a caption; `charset` goes into 1:90."""

    def record(number, dataset, body):
        return struct.pack(">BBBH", 0x1C, number, dataset, len(body)) + body

    records = b"" if charset is None else record(1, 90, charset)
    return records + record(2, 0, b"\0\4") + record(2, 5, b"An object name") + record(2, 120, text)


def resources(records):
    """Photoshop's image resources: one that is no IPTC, then the IPTC one."""

    def resource(identifier, body):
        padding = b"\0" * (len(body) % 2)
        return b"8BIM" + struct.pack(">H", identifier) + b"\0\0" + struct.pack(">I", len(body)) + body + padding

    return resource(0x03ED, b"\0\x48\0\0\0\1\0\1\0\x48\0\0\0\1\0\1") + resource(0x0404, records)


def exif(text, order=">"):
    """A TIFF structure with the maker and ImageDescription."""
    head = b"MM\0*" if order == ">" else b"II*\0"
    values = [(0x010E, text + b"\0"), (0x010F, b"A maker of cameras\0")]
    place = 8 + 2 + 12 * len(values) + 4
    entries, data = b"", b""
    for tag, value in values:
        entries += struct.pack(order + "HHII", tag, 2, len(value), place + len(data))
        data += value + b"\0" * (len(value) % 2)
    return head + struct.pack(order + "IH", 8, len(values)) + entries + struct.pack(order + "I", 0) + data


def jpeg(xmp=None, iptc=None, exif=None, second_exif=None):
    """A JPEG with these segments after its first; a list for `iptc` has the parts of the resources."""
    plain = encoded("JPEG", quality=80)
    segments = []
    for structure in (exif, second_exif):
        if structure is not None:
            segments.append((0xE1, b"Exif\0\0" + structure))
    if xmp is not None:
        segments.append((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp))
    parts = iptc if isinstance(iptc, list) else [] if iptc is None else [resources(iptc)]
    segments += [(0xED, b"Photoshop 3.0\0" + part) for part in parts]
    first = 4 + struct.unpack(">H", plain[4:6])[0]
    written = b"".join(bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body for marker, body in segments)
    return plain[:first] + written + plain[first:]


def png(before=(), after=()):
    """A PNG with these chunks before and after its pixels."""
    plain = encoded("PNG")

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    pixels, end = plain.index(b"IDAT") - 4, plain.index(b"IEND") - 4
    return plain[:pixels] + b"".join(chunk(*each) for each in before) + plain[pixels:end] + b"".join(
        chunk(*each) for each in after
    ) + plain[end:]


def international_text(packet):
    """An iTXt chunk with an XMP packet, uncompressed as XMP has to be."""
    return b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet


def compressed_text(packet):
    """An iTXt chunk with a compressed XMP packet, as some programs write it all the same."""
    return b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(packet, 9)


def raw_profile(name, data, is_compressed=True):
    """Metadata as ImageMagick puts it into a PNG: in hexadecimal."""
    digits = data.hex()
    lines = "\n".join(digits[start : start + 72] for start in range(0, len(digits), 72))
    text = f"\n{name}\n{len(data):8}\n{lines}\n".encode()
    keyword = b"Raw profile type " + name.encode() + b"\0"
    return (b"zTXt", keyword + b"\0" + zlib.compress(text, 9)) if is_compressed else (b"tEXt", keyword + text)


def gif(packet):
    """A GIF with an XMP packet in an application extension, before the trailer's byte."""
    magic = b"\1" + bytes(range(255, -1, -1)) + b"\0"
    plain = encoded("GIF")
    return plain[:-1] + b"\x21\xff\x0bXMP DataXMP" + packet + magic + plain[-1:]


def takeout(**keys):
    """A file of Google Takeout."""
    taken = {"timestamp": "1258375918", "formatted": "16 Nov 2009, 12:51:58 UTC"}
    return json.dumps({"imageViews": "3", **keys, "photoTakenTime": taken}).encode()


DESCRIBED = jpeg(xmp=xmp(("x-default", "From the picture itself")))
UTF_8 = b"\x1b%G"

# Name of the case: files, caption, where it is from, whether a sidecar file is bad.
CASES = {
    "none": ({"picture.jpg": jpeg()}, None, None, False),
    # Sidecar files
    "sidecar_txt": ({"picture.jpg": jpeg(), "picture.txt": f" \n{GERMAN},\r\nwie jedes Jahr.\t\n".encode()}, f"{GERMAN},\r\nwie jedes Jahr.", "sidecar", False),
    "sidecar_txt_with_byte_order_mark": ({"picture.png": png(), "picture.txt": b"\xef\xbb\xbf" + ARABIC.encode()}, ARABIC, "sidecar", False),
    "sidecar_txt_after_whole_name": ({"picture.jpg": jpeg(), "picture.jpg.txt": JAPANESE.encode()}, JAPANESE, "sidecar", False),
    "sidecar_txt_twice": ({"picture.jpg": jpeg(), "picture.txt": b"The short name comes first", "picture.jpg.txt": b"The whole name comes second"}, "The short name comes first", "sidecar", False),
    "sidecar_txt_over_json_and_metadata": ({"picture.jpg": DESCRIBED, "picture.jpg.txt": b"From the text file", "picture.json": b'{"caption": "From the JSON file"}'}, "From the text file", "sidecar", False),
    "sidecar_json": ({"picture.jpg": jpeg(), "picture.json": json.dumps({"id": 7, "caption": EMOJI, "title": "Another"}).encode()}, EMOJI, "sidecar", False),
    "sidecar_json_first_key_with_text": ({"picture.webp": encoded("WEBP"), "picture.json": json.dumps({"text": "The last", "title": f" {RUSSIAN} ", "description": " \n", "caption": ["no text"]}, ensure_ascii=False).encode()}, RUSSIAN, "sidecar", False),
    "sidecar_json_after_whole_name": ({"picture.png": png(), "picture.png.json": json.dumps({"description": GREEK}, ensure_ascii=False).encode()}, GREEK, "sidecar", False),
    "sidecar_json_without_caption": ({"picture.jpg": DESCRIBED, "picture.json": b'{"photographer": "nobody"}'}, "From the picture itself", "metadata", False),
    "sidecar_json_that_is_a_list": ({"picture.jpg": DESCRIBED, "picture.json": b'["caption"]'}, "From the picture itself", "metadata", False),
    "sidecar_txt_of_white_space": ({"picture.jpg": DESCRIBED, "picture.txt": b" \r\n\t\xc2\xa0\n"}, "From the picture itself", "metadata", False),
    "sidecar_txt_empty": ({"picture.jpg": DESCRIBED, "picture.txt": b"", "picture.jpg.json": b'{"title": "After an empty text file"}'}, "After an empty text file", "sidecar", False),
    # A bad sidecar file ends the search: the person meant it to have the caption, and another one may be wrong.
    "bad_txt": ({"picture.jpg": DESCRIBED, "picture.txt": b"\x7fELF\2\1\1\0\0\0\0\0"}, None, None, True),
    "bad_json": ({"picture.jpg": jpeg(), "picture.json": b'{"caption": "no end'}, None, None, True),
    "bad_json_over_metadata": ({"picture.jpg": DESCRIBED, "picture.json": b"{}{}"}, None, None, True),
    # Sidecar files of other encodings and names
    "sidecar_txt_windows_1252": ({"picture.jpg": jpeg(), "picture.txt": b"Un caf\xe9 \x93\xe0 deux\x94"}, "Un café “à deux”", "sidecar", False),
    "sidecar_json_windows_1252": ({"picture.png": png(), "picture.json": b'{"caption": "caf\xe9"}'}, "café", "sidecar", False),
    "sidecar_txt_utf_16": ({"picture.jpg": jpeg(), "picture.txt": f"\ufeff{RUSSIAN}\r\n".encode("utf-16-le")}, RUSSIAN, "sidecar", False),
    "sidecar_json_utf_16_big_endian": ({"picture.jpg": jpeg(), "picture.json": f'\ufeff{{"text": "{JAPANESE}"}}'.encode("utf-16-be")}, JAPANESE, "sidecar", False),
    "sidecar_json_with_half_a_pair": ({"picture.jpg": jpeg(), "picture.json": b'{"caption": "so \\ud83d happy"}'}, "so \ufffd happy", "sidecar", False),
    "sidecar_json_empty": ({"picture.jpg": DESCRIBED, "picture.json": b""}, "From the picture itself", "metadata", False),
    "sidecar_txt_in_capitals": ({"PICTURE.JPG": jpeg(), "PICTURE.TXT": b"so tired of all this"}, "so tired of all this", "sidecar", False),
    "sidecar_json_in_mixed_case": ({"picture.jpg": jpeg(), "Picture.JPG.Json": b'{"text": "what a day"}'}, "what a day", "sidecar", False),
    # Sidecar files in which nobody wrote a caption
    "sidecar_txt_with_boxes": ({"picture.jpg": jpeg(), "picture.txt": b"0 0.512 0.433 0.2 0.31\n15 0.1 0.2 0.05 0.07\n"}, None, None, False),
    "sidecar_txt_with_boxes_over_metadata": ({"picture.jpg": DESCRIBED, "picture.txt": b"0 0.512 0.433 0.2 0.31\n"}, "From the picture itself", "metadata", False),
    "sidecar_txt_with_polygons": ({"picture.jpg": jpeg(), "picture.txt": b"imagesource:GoogleEarth\ngsd:0.146\n2753 2408 2861 2385 2888 2468 2805 2502 plane 0\n"}, None, None, False),
    "sidecar_txt_with_a_countdown": ({"picture.jpg": jpeg(), "picture.txt": b"5 4 3 2 1"}, "5 4 3 2 1", "sidecar", False),
    "sidecar_txt_placeholder": ({"picture.jpg": DESCRIBED, "picture.txt": b"N/A\n"}, "From the picture itself", "metadata", False),
    "sidecar_json_placeholders": ({"picture.jpg": jpeg(), "picture.json": b'{"caption": "null", "description": "[deleted]", "title": "untitled", "text": "at last"}'}, "at last", "sidecar", False),
    "sidecar_json_title_is_the_name": ({"picture.jpg": jpeg(), "picture.json": b'{"title": "Picture.JPG"}', "picture.jpg.json": b'{"title": "picture"}'}, None, None, False),
    "sidecar_json_title_is_a_file": ({"picture.jpg": jpeg(), "picture.json": b'{"title": "DSC_0042", "text": "my first race"}'}, "my first race", "sidecar", False),
    # Google Takeout
    "takeout_title_alone": ({"picture.jpg": jpeg(), "picture.jpg.json": takeout(title="A walk in the park", description="")}, None, None, False),
    "takeout_description": ({"picture.jpg": jpeg(), "picture.jpg.supplemental-metadata.json": takeout(title="picture.jpg", description=EMOJI)}, EMOJI, "sidecar", False),
    "takeout_cut": ({"a_picture_with_quite_a_long_name.jpg": jpeg(), "a_picture_with_quite_a_long_name.jpg.supplemen.json": takeout(title="a", description="lost without you")}, "lost without you", "sidecar", False),
    "takeout_number": ({"picture(1).jpg": jpeg(), "picture.jpg.supplemental-metadata(1).json": takeout(title="picture.jpg", description="the second of that name"), "picture.jpg.supplemental-metadata.json": takeout(title="picture.jpg", description="the first of that name")}, "the second of that name", "sidecar", False),
    "takeout_edited": ({"picture-edited.jpg": jpeg(), "picture.jpg.supplemental-metadata.json": takeout(title="picture.jpg", description="miss this place")}, "miss this place", "sidecar", False),
    # The picture's own description
    "jpeg_xmp": ({"picture.jpg": jpeg(xmp=xmp(("de", GERMAN), ("x-default", f" {RUSSIAN}\n")))}, RUSSIAN, "metadata", False),
    "jpeg_xmp_without_default": ({"picture.jpg": jpeg(xmp=xmp(("el", f"{GREEK} &amp; more"), ("de", GERMAN)))}, f"{GREEK} & more", "metadata", False),
    "jpeg_iptc_utf_8": ({"picture.jpg": jpeg(iptc=iptc(JAPANESE.encode(), UTF_8))}, JAPANESE, "metadata", False),
    "jpeg_iptc_utf_8_unmarked": ({"picture.jpg": jpeg(iptc=iptc(GREEK.encode()))}, GREEK, "metadata", False),
    "jpeg_iptc_latin_1": ({"picture.jpg": jpeg(iptc=iptc("Café à la plage".encode("latin-1")))}, "Café à la plage", "metadata", False),
    "jpeg_exif": ({"picture.JPG": jpeg(exif=exif(ARABIC.encode()))}, ARABIC, "metadata", False),
    "jpeg_exif_little_endian": ({"picture.jpeg": jpeg(exif=exif(f"{EMOJI}  ".encode(), "<"))}, EMOJI, "metadata", False),
    "jpeg_all_three": ({"picture.jpg": jpeg(xmp(("x-default", "XMP before IPTC")), iptc(b"IPTC before EXIF"), exif(b"EXIF last"))}, "XMP before IPTC", "metadata", False),
    "jpeg_iptc_and_exif": ({"picture.jpg": jpeg(iptc=iptc(b"IPTC before EXIF"), exif=exif(b"EXIF last"))}, "IPTC before EXIF", "metadata", False),
    "jpeg_blank_xmp_and_exif": ({"picture.jpg": jpeg(xmp=xmp(("x-default", " ")), exif=exif(b"EXIF after a blank XMP"))}, "EXIF after a blank XMP", "metadata", False),
    "jpeg_broken_xmp_and_exif": ({"picture.jpg": jpeg(xmp=b"<x:xmpmeta><rdf:RDF", exif=exif(b"EXIF after a broken XMP"))}, "EXIF after a broken XMP", "metadata", False),
    "jpeg_broken_metadata": ({"picture.jpg": jpeg(b"\xff\xfe<", b"\x1c\x02\x78\x7f\xff", b"MM\0*\xff\xff\xff\xff")}, None, None, False),
    "png_xmp": ({"picture.png": png(before=[international_text(xmp(("x-default", ARABIC)))])}, ARABIC, "metadata", False),
    "png_xmp_after_the_pixels": ({"picture.png": png(after=[international_text(xmp(("x-default", JAPANESE)))])}, JAPANESE, "metadata", False),
    "png_iptc": ({"picture.png": png(before=[raw_profile("iptc", resources(iptc(RUSSIAN.encode(), UTF_8)))])}, RUSSIAN, "metadata", False),
    "png_exif": ({"picture.png": png(before=[(b"eXIf", exif(GREEK.encode()))])}, GREEK, "metadata", False),
    "jpeg_iptc_windows_1252": ({"picture.jpg": jpeg(iptc=iptc(b"\x93Je t\x92aime\x94"))}, "“Je t’aime”", "metadata", False),
    "jpeg_iptc_over_two_segments": ({"picture.jpg": jpeg(iptc=[resources(iptc(GERMAN.encode()))[:50], resources(iptc(GERMAN.encode()))[50:]])}, GERMAN, "metadata", False),
    "jpeg_two_exif": ({"picture.jpg": jpeg(exif=exif(b"SONY DSC"), second_exif=exif(b"From the second segment"))}, None, None, False),
    "jpeg_path_on_a_card": ({"picture.jpg": jpeg(exif=exif(rb"DCIM\100GOPRO\GOPR0001.JPG"))}, None, None, False),
    "jpeg_mode_of_a_phone": ({"picture.jpg": jpeg(exif=exif(b"hdrpl"))}, None, None, False),
    "jpeg_signature_then_caption": ({"picture.jpg": jpeg(iptc=iptc(b"Processed with VSCO with a6 preset"), exif=exif(b"can not stop crying"))}, "can not stop crying", "metadata", False),
    "jpeg_xmp_placeholder": ({"picture.jpg": jpeg(xmp=xmp(("x-default", "Default")), exif=exif(b"<Digimax i5, Samsung #1>"))}, None, None, False),
    "jpeg_caption_with_a_maker": ({"picture.jpg": jpeg(exif=exif(b"Samsung is dead to me"))}, "Samsung is dead to me", "metadata", False),
    "jpeg_file_name_with_spaces": ({"picture.jpg": jpeg(exif=exif(b"my holiday in rome.jpg"))}, None, None, False),
    "jpeg_that_is_named_png": ({"picture.png": DESCRIBED}, "From the picture itself", "metadata", False),
    "png_xmp_compressed": ({"picture.png": png(before=[compressed_text(xmp(("x-default", GREEK)))])}, GREEK, "metadata", False),
    "png_raw_exif": ({"picture.png": png(before=[raw_profile("exif", b"Exif\0\0" + exif(EMOJI.encode()))])}, EMOJI, "metadata", False),
    "png_raw_xmp": ({"picture.png": png(after=[raw_profile("xmp", xmp(("x-default", ARABIC)), is_compressed=False)])}, ARABIC, "metadata", False),
    "gif_xmp": ({"picture.gif": gif(xmp(("x-default", RUSSIAN)))}, RUSSIAN, "metadata", False),
    "avif_xmp": ({"picture.avif": encoded("AVIF", xmp=xmp(("x-default", GERMAN)))}, GERMAN, "metadata", False),
    "avif_exif": ({"picture.avif": encoded("AVIF", exif=exif(JAPANESE.encode()))}, JAPANESE, "metadata", False),
    "webp_xmp": ({"picture.webp": encoded("WEBP", xmp=xmp(("x-default", EMOJI)))}, EMOJI, "metadata", False),
    "webp_exif": ({"picture.webp": encoded("WEBP", exif=exif(GERMAN.encode()))}, GERMAN, "metadata", False),
}


# Cases whose files are not written here: caption and where it is from.
COPIED = {
    "camera_olympus": (None, None),
    "takeout_name_as_title": (None, None),
    "takeout_supplemental_metadata": ("my dog died today", "sidecar"),
}


def expect(folder, caption, origin, error=False):
    expected = {"caption": caption, "from": origin, "error": error}
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
    for file in folder.iterdir():
        if file.suffix.lower() not in (".txt", ".json"):
            Image.open(file).load()


def main():
    for folder in HERE.iterdir():
        if folder.is_dir() and folder.name not in COPIED:
            shutil.rmtree(folder)
    for name, (files, caption, origin, error) in CASES.items():
        folder = HERE / name
        folder.mkdir()
        for file, content in files.items():
            (folder / file).write_bytes(content)
        expect(folder, caption, origin, error)
    for name, (caption, origin) in COPIED.items():
        expect(HERE / name, caption, origin)


if __name__ == "__main__":
    main()

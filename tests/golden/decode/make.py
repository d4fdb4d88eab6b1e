"""Makes the images that the decoder is held to, one for each way in which a format can be written.

    pip install -r tests/golden/decode/requirements.txt
    python3 tests/golden/decode/make.py
    node tests/golden/decode/make.mjs

The second writes tests/golden/decode/images/*; the third writes the pixels that Chromium has for them.
"""

from apngs import apngs
from bmps import bmps
from drawing import FOLDER
from gifs import gifs
from jpegs import jpegs
from pngs import pngs
from webps import webps


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for make in (jpegs, pngs, apngs, gifs, webps, bmps):
        make()


main()

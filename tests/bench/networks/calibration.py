"""The range of every layer's output, which the int8 network needs.

Taken from images drawn here, so that the network can be made without a data set: noise whose power falls with the
frequency, as in photographs, with rectangles and discs on top. The images decide how exact the int8 network is; they do
not change how fast it is.
"""
import numpy as np
from efficientnet_lite0 import SIDE, forward

IMAGES = 16
SEED = 20


def drawn(random):
    """An image of 224 x 224, RGB from 0 to 1."""
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.fftfreq(SIDE)[None, :])
    frequency[0, 0] = 1
    spectrum = np.fft.fft2(random.standard_normal((SIDE, SIDE, 3)), axes=(0, 1)) / frequency[..., None] ** random.uniform(0.8, 1.6)
    image = np.real(np.fft.ifft2(spectrum, axes=(0, 1)))
    image = random.uniform(0.2, 0.8, 3) + random.uniform(0.05, 0.3) * image / image.std()
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    for _ in range(random.integers(0, 9)):
        (row, column), (height, width) = random.uniform(0, SIDE, 2), random.uniform(8, 90, 2)
        down, across = (rows - row) / height, (columns - column) / width
        inside = down**2 + across**2 < 1 if random.random() < 0.5 else np.maximum(abs(down), abs(across)) < 1
        image[inside] = random.uniform(0, 1, 3)
    return np.clip(image, 0, 1)


def calibrated_ranges(network):
    """{layer: (least, greatest)}, with 0 in every range, as int8 needs it."""
    random, ranges = np.random.default_rng(SEED), {}
    for _ in range(IMAGES):
        image = ((drawn(random) - 0.498) / 0.502).astype(np.float32)
        for name, output in forward(network, image):
            least, greatest = ranges.get(name, (0.0, 0.0))
            ranges[name] = (min(least, float(output.min())), max(greatest, float(output.max())))
            features = output
        least, greatest = ranges.get("features", (0.0, 0.0))
        features = features.mean(axis=(0, 1))
        ranges["features"] = (min(least, float(features.min())), max(greatest, float(features.max())))
    return ranges

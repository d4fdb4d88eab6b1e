//! What decoding JPEG files at a reduced size would change: the largest difference of a score from full decoding, and
//! the share of the time that is left.
//!
//! Pictures of 12 megapixels are made of those in FOLDER: enlarged with Lanczos's filter, with the grain that a camera's
//! sensor leaves, saved as JPEG at a quality of 90. `libjpeg` then leaves out what is finer than a half or a quarter of
//! the size, so that the short side still has at least twice the pixels that the network's input is made from.
//!
//!     cargo run --release --features cli,train --example reduced_decoding -- FOLDER [PICTURES]

use std::{
    env, fs,
    hint::black_box,
    time::{Duration, Instant},
};

use burn::tensor::Device;
use emofuse::{Image, classifier::Classifier};
use image::{
    ImageReader, RgbImage,
    codecs::jpeg::JpegEncoder,
    imageops::{FilterType, resize},
};
use mozjpeg::Decompress;
use rand::{Rng, SeedableRng, rngs::SmallRng};

const MODEL: &str = "pkg/model/emofuse-default.emofuse";
const MEGAPIXELS: f64 = 12e6;
const QUALITY: u8 = 90;
/// The most that a level moves.
const GRAIN: i16 = 6;
/// Eighths of the full size.
const SCALES: [u8; 3] = [4, 2, 1];

fn photograph(small: &RgbImage, random: &mut SmallRng) -> Vec<u8> {
    let factor = (MEGAPIXELS / f64::from(small.width()) / f64::from(small.height())).sqrt();
    let [width, height] = [small.width(), small.height()].map(|side| (f64::from(side) * factor) as u32);
    let mut large = resize(small, width, height, FilterType::Lanczos3);
    for level in large.iter_mut() {
        *level = (i16::from(*level) + random.random_range(-GRAIN..=GRAIN)).clamp(0, 255) as u8;
    }
    let mut encoded = vec![];
    JpegEncoder::new_with_quality(&mut encoded, QUALITY)
        .encode_image(&large)
        .expect("an image of RGB");
    encoded
}

fn decode(encoded: &[u8], eighths: u8) -> Image {
    let mut header = Decompress::builder().from_mem(encoded).expect("a JPEG file");
    header.scale(eighths);
    let mut decoder = header.rgba().expect("RGB");
    let pixels = decoder.read_scanlines().expect("a whole file");
    Image::from_rgba(decoder.width() as u32, decoder.height() as u32, pixels).expect("pixels that fit the size")
}

fn main() {
    let mut arguments = env::args().skip(1);
    let folder = arguments.next().expect("a folder of pictures");
    let pictures = arguments.next().map_or(200, |count| count.parse().expect("a number"));
    let classifier = Classifier::load(&fs::read(MODEL).expect("the model"), &Device::flex()).expect("a model file");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("a folder that can be read")
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    let mut random = SmallRng::seed_from_u64(1);
    let mut differences = [(); SCALES.len()].map(|()| Vec::with_capacity(pictures));
    let mut changed = [0; SCALES.len()];
    let mut times = [Duration::ZERO; SCALES.len() + 1];
    let readable = files
        .iter()
        .filter_map(|file| Some(ImageReader::open(file).ok()?.decode().ok()?.into_rgb8()));
    for small in readable.take(pictures) {
        let encoded = photograph(&small, &mut random);
        let mut timed = |place: usize, eighths| {
            let start = Instant::now();
            let image = black_box(decode(&encoded, eighths));
            times[place] += start.elapsed();
            let prediction = classifier.classify_blocking(Some(&image), None).expect("an answer");
            (prediction.label, prediction.scores)
        };
        let (emotion, full) = timed(SCALES.len(), 8);
        for (place, eighths) in SCALES.into_iter().enumerate() {
            let (found, scores) = timed(place, eighths);
            let difference = full.iter().zip(scores).map(|(full, score)| (full - score).abs());
            differences[place].push(difference.fold(0.0, f32::max));
            changed[place] += u32::from(found != emotion);
        }
    }
    for (place, mut differences) in differences.into_iter().enumerate() {
        differences.sort_by(f32::total_cmp);
        let count = differences.len();
        println!(
            "{}/8 of the size: scores move by {:.4} (median) and {:.4} (most) over {count} pictures, above 0.002 in {}; \
             {} other answers; {:.2} of the time of full decoding ({:.0} ms)",
            SCALES[place],
            differences[count / 2],
            differences[count - 1],
            differences.iter().filter(|difference| **difference > 2e-3).count(),
            changed[place],
            times[place].as_secs_f64() / times[SCALES.len()].as_secs_f64(),
            times[SCALES.len()].as_secs_f64() * 1e3 / count as f64,
        );
    }
}

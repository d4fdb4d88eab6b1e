//! Times the image tower of a model file on one thread of the CPU, in turns: the packed network, the layers with 32-bit
//! weights, and a whole classification of an image with a caption.
//!
//!     cargo run --release --features cli,train --example image_tower -- MODEL [RUNS]

use std::{
    env, fs,
    hint::black_box,
    time::{Duration, Instant},
};

use burn::tensor::Device;
use emofuse::{
    bundle::{Bundle, tensor_group},
    classifier::Classifier,
    model::{
        efficientnet_lite::{EfficientNetLite0Config, PackedEfficientNetLite0},
        image_features::Layers,
    },
    preprocessing::{Preprocessing, test_card},
};

const CAPTION: &str = "what a lovely evening with old friends by the sea";

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

fn main() {
    let mut arguments = env::args().skip(1);
    let file = arguments.next().expect("the path of a model file");
    let runs = arguments
        .next()
        .map_or(60, |runs| runs.parse().expect("a number of runs"));
    let device = Device::flex();
    let bytes = fs::read(file).expect("a file that can be read");
    let bundle = Bundle::from_bytes(&bytes).expect("a model file");
    let network = bundle
        .load_module(
            tensor_group::IMAGE,
            EfficientNetLite0Config::new().init(&device),
            &device,
        )
        .expect("EfficientNet-Lite0");
    let preprocessing = Preprocessing::efficientnet_lite();
    let packed = PackedEfficientNetLite0::load(&bundle, tensor_group::IMAGE, &preprocessing)
        .expect("EfficientNet-Lite0")
        .expect("8-bit weights");
    let classifier = Classifier::load(&bytes, &device).expect("a model file");

    let card = test_card(640);
    let square = preprocessing.square(&card);
    let planes = preprocessing.planes_of(&square);
    let mut times = [(); 5].map(|()| Vec::with_capacity(runs));
    for _ in 0..runs {
        let [layers, own, post, prepare, load] = &mut times;
        layers.push(time(|| {
            let seen = network.features(planes.clone(), preprocessing.crop, &device, Layers::Drop);
            seen.features.into_data()
        }));
        own.push(time(|| {
            let seen = packed.features(std::slice::from_ref(&square), &device, Layers::Drop);
            seen.features.into_data()
        }));
        post.push(time(|| classifier.classify_blocking(Some(&card), Some(CAPTION))));
        prepare.push(time(|| classifier.prepare(Some(&card), Some(CAPTION))));
        load.push(time(|| Classifier::load(&bytes, &device).map(drop)));
    }
    let mut least = [0.0; 5];
    let names = ["layers, 32 bits", "packed", "whole post", "its preparation", "loading"];
    for ((name, times), least) in names.iter().zip(&mut times).zip(&mut least) {
        times.sort();
        let [minimum, median] = [times[0], times[runs / 2]].map(|time| time.as_secs_f64() * 1e3);
        *least = minimum;
        println!("{name:18} {minimum:8.2} ms minimum {median:8.2} ms median");
    }
    println!("packed / layers: {:.3}", least[1] / least[0]);
    println!("beside the network: {:.2} ms", least[2] - least[1]);

    let features = |data: burn::tensor::TensorData| data.try_to_vec::<f32>().expect("32-bit floats");
    let of_layers = features(
        network
            .features(planes.clone(), 224, &device, Layers::Drop)
            .features
            .into_data(),
    );
    let of_packed = features(packed.features(&[square], &device, Layers::Drop).features.into_data());
    for (name, range) in [("pooled", 0..1280), ("statistics", 1280..2848), ("colours", 2848..2854)] {
        let (found, expected) = (&of_packed[range.clone()], &of_layers[range]);
        let squares = |values: &mut dyn Iterator<Item = f32>| values.map(|value| value * value).sum::<f32>();
        let off = squares(&mut found.iter().zip(expected).map(|(found, expected)| found - expected));
        println!(
            "{name}: off by {:.2e}",
            (off / squares(&mut expected.iter().copied())).sqrt()
        );
    }
}

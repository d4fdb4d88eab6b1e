//! Times a post on one thread of the CPU, in turns: as it is, and with what every system of the model file says of it.
//!
//!     cargo run --release --features cli,train --example systems -- MODEL [RUNS]

use std::{
    env, fs,
    hint::black_box,
    time::{Duration, Instant},
};

use burn::tensor::Device;
use emofuse::{classifier::Classifier, explanation::Wanted, preprocessing::test_card};

const CAPTION: &str = "what a lovely evening with old friends by the sea";

fn main() {
    let mut arguments = env::args().skip(1);
    let file = arguments.next().expect("the path of a model file");
    let runs = arguments
        .next()
        .map_or(60, |runs| runs.parse().expect("a number of runs"));
    let bytes = fs::read(file).expect("a file that can be read");
    let classifier = Classifier::load(&bytes, &Device::flex()).expect("a model file");
    let card = test_card(640);
    let mut times = [(); 2].map(|()| Vec::with_capacity(runs));
    for _ in 0..runs {
        for (times, systems) in times.iter_mut().zip([false, true]) {
            let wanted = Wanted {
                systems,
                ..Wanted::default()
            };
            let posts = vec![classifier.prepare(Some(&card), Some(CAPTION)).expect("a post")];
            let start = Instant::now();
            black_box(classifier.classify_all_blocking(posts, wanted).expect("predictions"));
            times.push(start.elapsed());
        }
    }
    for (name, times) in ["a post", "with all systems"].iter().zip(&mut times) {
        times.sort_unstable();
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let [least, median] = [times[0], times[runs / 2]].map(ms);
        println!("{name:<20} least {least:.2} ms, median {median:.2} ms");
    }
}

//! Sidecar files are found in linear time. Alone in its file, so that no other test takes time from it.

use std::time::{Duration, Instant};

use emofuse_posts::SidecarFinder;

const IMAGES: usize = 500;
const TIMES_AS_MANY: usize = 16;
/// Quadratic time would be 256 times as long.
const TIMES_AS_LONG: u32 = 80;
const ROUNDS: usize = 3;

fn names(index: usize) -> [String; 3] {
    [
        format!("IMG_{index}.jpg"),
        format!("img_{index}.TXT"),
        format!("IMG_{index}.jpg.json"),
    ]
}

fn time(images: usize) -> Duration {
    let rounds = (0..ROUNDS).map(|_| {
        let began = Instant::now();
        let finder = SidecarFinder::new((0..images).flat_map(names));
        let is_found = |index: usize| finder.find(&names(index)[0]) == [3 * index + 1, 3 * index + 2];
        assert!((0..images).all(is_found));
        began.elapsed()
    });
    rounds.min().expect("rounds")
}

#[test]
fn sidecar_files_of_sixteen_times_the_images_take_about_sixteen_times_as_long() {
    let (few, many) = (time(IMAGES), time(IMAGES * TIMES_AS_MANY));
    assert!(many <= few * TIMES_AS_LONG, "{few:?}, then {many:?}");
}

//! The fuzz targets' functions on a bounded, seeded loop of changed inputs, without a fuzzer.

use std::panic::{self, AssertUnwindSafe};

use emofuse_inputs::{KINDS, seeds};
use rand::{Rng, SeedableRng, rngs::SmallRng};

/// Inputs of each kind.
const INPUTS: usize = 5_500;
const SEED: u64 = 16_045;
/// A changed input is no longer.
const LONGEST: usize = 1 << 18;

/// What lengths, counts and sides are at their ends.
const EDGES: [u8; 9] = [0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF, b'"', b'\n'];

/// An input that is changed in one to four places.
fn changed(seeds: &[Vec<u8>], random: &mut SmallRng) -> Vec<u8> {
    let mut input = seeds[random.random_range(0..seeds.len())].clone();
    for _ in 0..random.random_range(1..=4) {
        // Most of what decides stands at the beginning.
        let end = if random.random_bool(0.5) {
            input.len().min(128)
        } else {
            input.len()
        };
        let place = random.random_range(0..=end);
        let length = random.random_range(0..=(input.len() - place).min(64));
        match random.random_range(0..7) {
            0 => input
                .iter_mut()
                .skip(place)
                .take(1)
                .for_each(|byte| *byte ^= 1 << random.random_range(0..8)),
            1 => input
                .iter_mut()
                .skip(place)
                .take(1)
                .for_each(|byte| *byte = random.random()),
            2 => {
                let edge = EDGES[random.random_range(0..EDGES.len())];
                input[place..place + length.min(4)].fill(edge);
            }
            3 => drop(input.drain(place..place + length)),
            4 => {
                let part = input[place..place + length].to_vec();
                input.splice(place..place, part.repeat(random.random_range(1..4)));
            }
            5 => input.truncate(place),
            _ => {
                let other = &seeds[random.random_range(0..seeds.len())];
                let from = random.random_range(0..=other.len());
                input.truncate(place);
                input.extend(&other[from..]);
            }
        }
    }
    input.truncate(LONGEST);
    input
}

#[test]
fn no_input_breaks_a_promise() {
    let mut count = 0;
    for (kind, hold) in KINDS.iter().copied() {
        let seeds = seeds::of(kind);
        assert!(seeds.len() >= 3, "{kind}: {} seeds", seeds.len());
        let mut random = SmallRng::seed_from_u64(SEED);
        let began = std::time::Instant::now();
        let inputs = seeds
            .iter()
            .cloned()
            .chain((0..INPUTS).map(|_| changed(&seeds, &mut random)));
        for (number, input) in inputs.enumerate() {
            let held = panic::catch_unwind(AssertUnwindSafe(|| hold(&input)));
            assert!(
                held.is_ok(),
                "{kind}, input {number} of {} bytes: {:02x?}",
                input.len(),
                &input[..input.len().min(2_000)]
            );
            count += 1;
        }
        println!("{kind}: {count} inputs so far, {:?}", began.elapsed());
    }
    assert!(count >= 20_000, "{count}");
}

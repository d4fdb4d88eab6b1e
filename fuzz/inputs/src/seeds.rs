//! Inputs to begin with: files of the golden tests, and hostile ones that are small.

use std::{fs, path::Path};

use crate::hostile;

/// Larger files are left out: what is found in them is found in smaller ones, and faster.
const MAX_SEED: usize = 32_768;

/// The inputs of a kind; none of a kind that is unknown.
#[must_use]
pub fn of(kind: &str) -> Vec<Vec<u8>> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let mut seeds = Vec::new();
    match kind {
        "image" => {
            add_files(&golden.join("decode/images"), &mut seeds);
            seeds.extend(hostile::image::SMALL.map(|make| make()));
        }
        "metadata" => {
            add_files(&golden.join("captions"), &mut seeds);
            seeds.extend(hostile::metadata::small());
        }
        "table" => add_files(&golden.join("tables"), &mut seeds),
        #[cfg(feature = "train")]
        "model" => seeds.extend(crate::model::models()),
        #[cfg(feature = "train")]
        "recipe" => seeds.extend(crate::model::recipes()),
        "caption" | "tokens" => {
            add_files(&golden.join("captions"), &mut seeds);
            seeds.retain(|seed| str::from_utf8(seed).is_ok());
            let captions = hostile::table::captions();
            seeds.extend(
                captions
                    .iter()
                    .map(|text| text.chars().take(200).collect::<String>().into_bytes()),
            );
        }
        _ => {}
    }
    seeds.retain(|seed| seed.len() <= MAX_SEED);
    seeds
}

/// Adds the files of a folder and of those in it, in the order of their names.
fn add_files(folder: &Path, seeds: &mut Vec<Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add_files(&path, seeds);
        } else if let Ok(bytes) = fs::read(&path) {
            seeds.push(bytes);
        }
    }
}

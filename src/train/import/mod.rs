//! Pretrained weights: reads what `./build.sh parts` fetched into the crate's own modules.

pub mod efficientnet;
pub mod glove;
pub mod googlenet;
pub mod image_tower;
pub mod transformer;
pub mod vocabulary;
mod weights;

use std::{env, path::PathBuf};

/// Where `./build.sh parts` puts the pretrained weights: `$EMOFUSE_PARTS`, or else `~/.cache/emofuse/parts`.
#[must_use]
pub fn pretrained_folder() -> PathBuf {
    env::var_os("EMOFUSE_PARTS").map_or_else(
        || {
            env::home_dir()
                .unwrap_or_else(|| PathBuf::from("."))
                .join(".cache/emofuse/parts")
        },
        PathBuf::from,
    )
}

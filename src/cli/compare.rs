//! `emofuse compare`: every system of the paper on the same split.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use emofuse::train::compare::{Cnn, CompareOptions, compare};

/// Train and compare every system: one side alone, early, late and joint fusion, common space
#[derive(Args)]
pub struct Arguments {
    /// A folder with posts.csv, text.csv and the pictures that posts.csv names; reddit.csv is used where it is there
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// How often each system is trained, from as many seeds
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// The recipe, a TOML file [default: that of the default model]
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// What reads the pictures
    #[arg(long, value_enum, default_value_t = Network::EfficientnetLite0)]
    cnn: Network,
    /// Take the caption tower of this model file instead of training one
    #[arg(long, value_name = "MODEL")]
    caption_tower: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Where to write tables (Markdown, CSV, JSON) and charts (SVG)
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Where features of pictures are kept between runs [default: ~/.cache/emofuse/features]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
}

/// What reads the pictures.
#[derive(Clone, Copy, ValueEnum)]
enum Network {
    /// EfficientNet-Lite0, as the default model has it
    #[value(name = "efficientnet_lite0")]
    EfficientnetLite0,
    /// GoogLeNet, as the paper has it
    #[value(name = "googlenet")]
    Googlenet,
}

pub fn run(arguments: Arguments) -> Result<()> {
    let comparison = compare(&CompareOptions {
        data: arguments.data,
        seeds: arguments.seeds,
        recipe: arguments.recipe,
        cnn: match arguments.cnn {
            Network::EfficientnetLite0 => Cnn::EfficientnetLite0,
            Network::Googlenet => Cnn::Googlenet,
        },
        caption_tower: arguments.caption_tower,
        cache: super::train::cache_folder(arguments.cache)?,
    })?;
    if let Some(folder) = &arguments.out {
        comparison.write(folder)?;
    }
    super::print(&if arguments.json {
        serde_json::to_string(&comparison)?
    } else {
        comparison.to_markdown()
    })
}

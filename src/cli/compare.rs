//! `emofuse compare`: every system of the paper on the same split.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use emofuse::train::compare::{CompareOptions, compare, default_googlenet};

use super::{model::default_model, train::kept};

/// Train and compare every system: one side alone, early, late and joint fusion, common space
///
/// The tables have 95 % intervals. The modality-importance figure shows accuracy by the share of posts whose caption, or
/// whose image, is missing. A recipe of a system that reads one side alone compares the systems of that side.
#[derive(Args)]
pub struct Arguments {
    /// The folder with posts.csv, text.csv and the images, or with what else the recipe's [data] names; the text systems
    /// are compared on the titles of its reddit.csv too, where it has one
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// How often each system is trained, from as many seeds
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// The recipe, a TOML file, with any labels and any system [default: that of the default model]
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// GoogLeNet's weights, to compare it with the recipe's image tower
    /// [default: DIR/../weights/googlenet-bvlc.safetensors, where that is a file]
    #[arg(long, value_name = "FILE")]
    googlenet: Option<PathBuf>,
    /// Leave GoogLeNet out, which takes four times as long as the recipe's image tower
    #[arg(long, conflicts_with = "googlenet")]
    no_googlenet: bool,
    /// Take the caption tower of this model file instead of training one
    /// [default: the default model's, where no recipe is named]
    #[arg(long, value_name = "MODEL")]
    caption_tower: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Where to write tables (Markdown, CSV, JSON) and charts (SVG)
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Where features of images are kept between runs [default: ~/.cache/emofuse/features]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// The teacher's embeddings of the captions, where the recipe has a teacher; see tools/teacher/
    /// [default: ~/.cache/emofuse/teacher.embeddings]
    #[arg(long, value_name = "FILE")]
    teacher: Option<PathBuf>,
}

pub fn run(arguments: Arguments) -> Result<()> {
    // Its tower was trained by the recipe that is taken where none is named.
    let of_default_model = || default_model().ok().filter(|_| arguments.recipe.is_none());
    let comparison = compare(&CompareOptions {
        caption_tower: arguments.caption_tower.or_else(of_default_model),
        googlenet: arguments
            .googlenet
            .or_else(|| default_googlenet(&arguments.data).filter(|_| !arguments.no_googlenet)),
        data: arguments.data,
        seeds: arguments.seeds,
        recipe: arguments.recipe,
        cache: kept(arguments.cache, "features")?,
        teacher: kept(arguments.teacher, "teacher.embeddings")?,
    })?;
    if let Some(folder) = &arguments.out {
        comparison.write(folder)?;
    }
    if arguments.json {
        return super::print_data(&serde_json::to_string(&comparison)?);
    }
    super::print(&comparison.to_markdown())
}

//! `emofuse train`: from a folder of labelled posts to a model file.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use emofuse::train::{TrainOptions, train};

/// Train a model by a recipe
#[derive(Args)]
pub struct Arguments {
    /// The folder with posts.csv, text.csv and the images, or with what else the recipe's [data] names
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The recipe, a TOML file; see recipes/
    #[arg(long, value_name = "FILE")]
    recipe: PathBuf,
    /// The model file to write
    #[arg(long, value_name = "MODEL")]
    out: PathBuf,
    /// Where features of images are kept between runs [default: ~/.cache/emofuse/features]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// The folder with what tools/teacher/ made: its answers to the captions, if the recipe has a teacher, or the
    /// caption tower that the recipe names
    /// [default: ~/.cache/emofuse/teacher]
    #[arg(long, value_name = "DIR")]
    teacher: Option<PathBuf>,
}

pub fn run(arguments: Arguments) -> Result<()> {
    let report = train(&TrainOptions {
        data: arguments.data,
        recipe: arguments.recipe,
        out: arguments.out,
        cache: kept(arguments.cache, "features")?,
        teacher: kept(arguments.teacher, "teacher")?,
    })?;
    super::print_data(&serde_json::to_string_pretty(&report)?)
}

/// Where something is kept between runs: where it was said, or else below the home folder's cache.
pub fn kept(given: Option<PathBuf>, name: &str) -> Result<PathBuf> {
    match given {
        Some(path) => Ok(path),
        None => std::env::home_dir()
            .map(|home| home.join(".cache/emofuse").join(name))
            .with_context(|| format!("there is no home folder for the {name}; name another place")),
    }
}

//! `emofuse train`: from a folder of labelled posts to a model file.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use emofuse::train::{TrainOptions, train};

/// Train a model by a recipe
#[derive(Args)]
pub struct Arguments {
    /// A folder with posts.csv, text.csv and the pictures that posts.csv names
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The recipe, a TOML file; see recipes/
    #[arg(long, value_name = "FILE")]
    recipe: PathBuf,
    /// The model file to write
    #[arg(long, value_name = "MODEL")]
    out: PathBuf,
    /// Where features of pictures are kept between runs [default: ~/.cache/emofuse/features]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
}

pub fn run(arguments: Arguments) -> Result<()> {
    let report = train(&TrainOptions {
        data: arguments.data,
        recipe: arguments.recipe,
        out: arguments.out,
        cache: cache_folder(arguments.cache)?,
    })?;
    super::print(&serde_json::to_string_pretty(&report)?)
}

/// Where features of pictures are kept, unless somewhere else is named.
pub fn cache_folder(named: Option<PathBuf>) -> Result<PathBuf> {
    match named {
        Some(folder) => Ok(folder),
        None => Ok(std::env::home_dir()
            .context("there is no home folder; name one with --cache")?
            .join(".cache/emofuse/features")),
    }
}

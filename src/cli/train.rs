//! `emofuse train`: from a folder of labelled posts to a model file.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use emofuse::train::{TrainOptions, train};

/// Train a model by a recipe
#[derive(Args)]
pub struct Arguments {
    /// The folder with posts.csv, text.csv and the pictures, or with what else the recipe's [data] names
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
    let cache = match arguments.cache {
        Some(cache) => cache,
        None => std::env::home_dir()
            .context("there is no home folder; name one with --cache")?
            .join(".cache/emofuse/features"),
    };
    let report = train(&TrainOptions {
        data: arguments.data,
        recipe: arguments.recipe,
        out: arguments.out,
        cache,
    })?;
    super::print(&serde_json::to_string_pretty(&report)?)
}

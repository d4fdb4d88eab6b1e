//! `emofuse train`: from a folder of labelled posts to a model file.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use emofuse::train::{AddOptions, TrainOptions, add_companions, train};

/// Train a model by a recipe
#[derive(Args)]
pub struct Arguments {
    /// The folder with posts.csv, text.csv and the images, or with what else the recipe's [data] names; or a table (CSV,
    /// JSON Lines) that the labelling desk or `emofuse label` wrote, or any with a column `label`
    #[arg(long, value_name = "DIR|TABLE")]
    data: PathBuf,
    /// The folder with the images of a table [default: the table's own folder]
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// The recipe, a TOML file; see recipes/ [default for a table: recipes/desk.toml]
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// The model file to write
    #[arg(long, value_name = "MODEL")]
    out: PathBuf,
    /// Train no model, but the recipe's `fusion.companions` over the networks of this model file, and write the file with
    /// them to --out
    #[arg(long, value_name = "MODEL", requires = "recipe")]
    add_to: Option<PathBuf>,
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
    if let Some(model) = arguments.add_to {
        let Some(recipe) = arguments.recipe else {
            bail!("--add-to needs a recipe; name one with --recipe");
        };
        let report = add_companions(&AddOptions {
            model,
            data: arguments.data,
            images: arguments.images,
            recipe,
            out: arguments.out,
        })?;
        return super::print_data(&serde_json::to_string_pretty(&report)?);
    }
    let report = train(&TrainOptions {
        data: arguments.data,
        images: arguments.images,
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

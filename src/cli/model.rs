//! Finding and loading the model.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use clap::Args;
use emofuse::{Error, classifier::Classifier};
use serde::Serialize;

const IN_PACKAGE: &str = "pkg/model/emofuse-default.emofuse";
const BESIDE_PROGRAM: &str = "emofuse-default.emofuse";

/// Which model answers.
#[derive(Args)]
pub struct ModelArguments {
    /// The model file [default: pkg/model/emofuse-default.emofuse, or emofuse-default.emofuse beside the program]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
}

impl ModelArguments {
    /// Loads the model onto the CPU.
    pub fn load(&self) -> Result<Classifier> {
        let path = match &self.model {
            Some(path) => path.clone(),
            None => default_model()?,
        };
        let bytes = fs::read(&path).map_err(Error::io(&path))?;
        Classifier::load(&bytes, &Device::default()).with_context(|| path.display().to_string())
    }
}

/// The default model, where it is found.
pub fn default_model() -> Result<PathBuf> {
    let program = env::current_exe().ok();
    let beside = program
        .as_deref()
        .and_then(Path::parent)
        .map(|folder| folder.join(BESIDE_PROGRAM));
    let candidates: Vec<PathBuf> = [Some(PathBuf::from(IN_PACKAGE)), beside]
        .into_iter()
        .flatten()
        .collect();
    match candidates.iter().find(|path| path.is_file()) {
        Some(path) => Ok(path.clone()),
        None => {
            let places: Vec<String> = candidates.iter().map(|path| path.display().to_string()).collect();
            bail!(
                "there is no model file at {}; name one with --model",
                places.join(" or ")
            )
        }
    }
}

/// Which model answered, as it stands in results.
#[derive(Serialize)]
pub struct ModelIdentity {
    id: String,
    sha256: String,
}

impl ModelIdentity {
    pub fn of(classifier: &Classifier) -> Self {
        Self {
            id: classifier.manifest().id.clone(),
            sha256: classifier.sha256().into(),
        }
    }
}

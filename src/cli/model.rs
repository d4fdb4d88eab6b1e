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

/// A model that is found by its name.
struct Named {
    in_package: &'static str,
    beside_program: &'static str,
    /// What to do if it is missing.
    remedy: &'static str,
}

const DEFAULT: Named = Named {
    in_package: "pkg/model/emofuse-default.emofuse",
    beside_program: "emofuse-default.emofuse",
    remedy: "name one with --model",
};

/// The word for the larger model.
const LARGE_NAME: &str = "large";
const LARGE: Named = Named {
    in_package: "pkg/large/emofuse-large.emofuse",
    beside_program: "emofuse-large.emofuse",
    remedy: "run emofuse at the top of the repository, put the file of the npm package emofuse-large beside the program, \
             or leave --model out to use the default model",
};

/// Which model answers.
#[derive(Args)]
pub struct ModelArguments {
    /// The model file, or `large` for the larger model, which reads captions better and takes longer
    /// [default: pkg/model/emofuse-default.emofuse, or emofuse-default.emofuse beside the program]
    #[arg(long, value_name = "FILE|large")]
    model: Option<PathBuf>,
}

impl ModelArguments {
    /// Loads the model onto the CPU.
    pub fn load(&self) -> Result<Classifier> {
        let path = match &self.model {
            Some(name) if name == Path::new(LARGE_NAME) => LARGE.find()?,
            Some(path) => path.clone(),
            None => default_model()?,
        };
        let bytes = fs::read(&path).map_err(Error::io(&path))?;
        Classifier::load(&bytes, &Device::default()).with_context(|| path.display().to_string())
    }
}

/// The default model, where it is found.
pub fn default_model() -> Result<PathBuf> {
    DEFAULT.find()
}

impl Named {
    /// The file: in the package, or beside the program.
    fn find(&self) -> Result<PathBuf> {
        let program = env::current_exe().ok();
        let beside = program
            .as_deref()
            .and_then(Path::parent)
            .map(|folder| folder.join(self.beside_program));
        let candidates: Vec<PathBuf> = [Some(PathBuf::from(self.in_package)), beside]
            .into_iter()
            .flatten()
            .collect();
        match candidates.iter().find(|path| path.is_file()) {
            Some(path) => Ok(path.clone()),
            None => {
                let places: Vec<String> = candidates.iter().map(|path| path.display().to_string()).collect();
                bail!("there is no model file at {}; {}", places.join(" or "), self.remedy)
            }
        }
    }
}

/// The model that made a prediction.
#[derive(Clone, Serialize)]
pub struct ModelIdentity {
    pub id: String,
    pub sha256: String,
}

impl ModelIdentity {
    pub fn of(classifier: &Classifier) -> Self {
        Self {
            id: classifier.manifest().id.clone(),
            sha256: classifier.sha256().into(),
        }
    }
}

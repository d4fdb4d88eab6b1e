//! A comparison as files: tables, figures of every seed, and charts.

use std::path::Path;

use emofuse_core::error::{Error, Result};
use emofuse_dataset::files::write_atomically;

use super::{charts, report::Comparison};

impl Comparison {
    /// Writes `comparison.md`, `comparison.csv`, `comparison.json` and three charts into a folder.
    ///
    /// # Errors
    /// [`Error::Io`] where a file cannot be written, [`Error::Data`] where one cannot be made.
    pub fn write(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
        let json = serde_json::to_string_pretty(self).map_err(|error| Error::Data {
            path: folder.join("comparison.json"),
            reason: error.to_string(),
        })?;
        for (name, text) in [
            ("comparison.md", self.to_markdown() + "\n"),
            ("comparison.csv", self.to_csv(folder)?),
            ("comparison.json", json + "\n"),
            ("confusion.svg", charts::confusion(&self.best, folder)?),
            ("reliability.svg", charts::reliability(&self.best, folder)?),
            ("f1_by_label.svg", charts::f1_by_label(&self.best, folder)?),
        ] {
            let path = folder.join(name);
            write_atomically(&path, |file| file.write_all(text.as_bytes()))?;
        }
        Ok(())
    }

    /// A row for each figure that went into a table: by table, system, network, what it saw, and seed.
    fn to_csv(&self, folder: &Path) -> Result<String> {
        let path = folder.join("comparison.csv");
        let failed = |reason: String| Error::Data {
            path: path.clone(),
            reason,
        };
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header = ["table", "system", "network", "sees", "seed", "accuracy", "macro_f1"];
        writer.write_record(header).map_err(|error| failed(error.to_string()))?;
        let titles = self.titles.as_deref().unwrap_or_default();
        for (table, outcomes) in [
            ("systems", self.systems.as_slice()),
            ("taken_away", &self.taken_away),
            ("pooling", &self.pooling),
            ("auxiliary", &self.auxiliary),
            ("networks", &self.networks),
            ("titles", titles),
        ] {
            for outcome in outcomes {
                let figures = outcome.accuracy.by_seed.iter().zip(&outcome.macro_f1.by_seed);
                for (seed, (accuracy, macro_f1)) in self.seeds.iter().zip(figures) {
                    let network = outcome.network.as_deref().unwrap_or(&self.network);
                    writer
                        .serialize((table, &outcome.system, network, outcome.sees, seed, accuracy, macro_f1))
                        .map_err(|error| failed(error.to_string()))?;
                }
            }
        }
        let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
    }
}

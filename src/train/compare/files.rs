//! A comparison as files: tables, figures of every seed, and charts.

use std::path::Path;

use emofuse_core::error::{Error, Result};
use emofuse_dataset::files::write_atomically;

use super::{charts, importance::Importance, importance_chart, report::Comparison};

impl Comparison {
    /// Writes `comparison.md`, `comparison.csv`, `comparison.json` and charts into a folder. With systems that fuse both sides,
    /// `modality_importance.svg` and `modality_importance.csv` are among them.
    ///
    /// # Errors
    /// [`Error::Io`] where a file cannot be written, [`Error::Data`] where one cannot be made.
    pub fn write(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
        let json = serde_json::to_string_pretty(self).map_err(|error| Error::Data {
            path: folder.join("comparison.json"),
            reason: error.to_string(),
        })?;
        let mut files = vec![
            ("comparison.md", self.to_markdown() + "\n"),
            ("comparison.csv", self.to_csv(folder)?),
            ("comparison.json", json + "\n"),
            ("confusion.svg", charts::confusion(&self.best, folder)?),
            ("reliability.svg", charts::reliability(&self.best, folder)?),
            ("f1_by_label.svg", charts::f1_by_label(&self.best, folder)?),
        ];
        if let Some(importance) = &self.importance {
            files.push(("modality_importance.svg", importance_chart::draw(importance, folder)?));
            files.push(("modality_importance.csv", self.importance_to_csv(importance, folder)?));
        }
        for (name, text) in files {
            let path = folder.join(name);
            write_atomically(&path, |file| file.write_all(text.as_bytes()))?;
        }
        Ok(())
    }

    /// A row for each figure that went into a table: by table, system, network, what it saw, and seed.
    fn to_csv(&self, folder: &Path) -> Result<String> {
        let header = ["table", "system", "network", "sees", "seed", "accuracy", "macro_f1"];
        let titles = self.titles.as_deref().unwrap_or_default();
        let tables = [
            ("systems", self.systems.as_slice()),
            ("taken_away", &self.taken_away),
            ("pooling", &self.pooling),
            ("auxiliary", &self.auxiliary),
            ("networks", &self.networks),
            ("titles", titles),
        ];
        csv(&folder.join("comparison.csv"), &header, |writer| {
            for (table, outcomes) in tables {
                for outcome in outcomes {
                    let figures = outcome.accuracy.by_seed.iter().zip(&outcome.macro_f1.by_seed);
                    for (seed, (accuracy, macro_f1)) in self.seeds.iter().zip(figures) {
                        let network = outcome.network.as_ref().or(self.network.as_ref());
                        writer.serialize((table, &outcome.system, network, outcome.sees, seed, accuracy, macro_f1))?;
                    }
                }
            }
            Ok(())
        })
    }

    /// A row for each point of each curve and each seed.
    fn importance_to_csv(&self, importance: &Importance, folder: &Path) -> Result<String> {
        let header = [
            "missing",
            "percent",
            "posts",
            "system",
            "modality_dropout",
            "seed",
            "accuracy",
            "macro_f1",
        ];
        csv(&folder.join("modality_importance.csv"), &header, |writer| {
            for curve in &importance.curves {
                for point in &curve.points {
                    let figures = point.accuracy.by_seed.iter().zip(&point.macro_f1.by_seed);
                    for (seed, (accuracy, macro_f1)) in self.seeds.iter().zip(figures) {
                        let place = (curve.missing, point.percent, point.posts, &curve.system);
                        writer.serialize((place, curve.modality_dropout, seed, accuracy, macro_f1))?;
                    }
                }
            }
            Ok(())
        })
    }
}

/// A table with a header; `path` is named if it cannot be made.
fn csv(
    path: &Path,
    header: &[&str],
    rows: impl FnOnce(&mut csv::Writer<Vec<u8>>) -> csv::Result<()>,
) -> Result<String> {
    let failed = |reason: String| Error::Data {
        path: path.into(),
        reason,
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(header)
        .and_then(|()| rows(&mut writer))
        .map_err(|error| failed(error.to_string()))?;
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

//! Captions that stand alone, each with one of the labels, or with the labels that a reader would accept.

use std::{collections::BTreeMap, fmt::Write, path::Path};

use anyhow::{Result, bail};
use emofuse::{
    Error,
    classifier::{Classifier, Prediction},
    dataset::{Row, Table},
    metrics::{LabelScore, accuracy, expected_calibration_error, macro_f1, per_label},
};
use serde::Serialize;

use super::{
    Arguments,
    labels::Labels,
    selective::{Secondary, Selective},
    skipped::{Skip, Skipped},
};
use crate::cli::{model::ModelIdentity, ordered_map, scores::ByLabel};

/// The captions that can be measured, and why others cannot.
pub struct StandaloneCaptions {
    rows: Vec<Caption>,
    skipped: Skipped,
}

struct Caption {
    text: String,
    expected: Expected,
    group: Option<String>,
}

/// What an answer is measured against.
#[derive(Clone, Debug, Default, PartialEq)]
struct Expected {
    label: Option<usize>,
    second: Option<usize>,
    accept: Vec<usize>,
    reject: Vec<usize>,
}

/// The columns that a label may stand in, where none is named.
const LABEL_COLUMNS: [&str; 3] = ["label", "emotion", "labels"];

/// Reads the rows of the split and the source.
pub fn read(path: &Path, arguments: &Arguments, labels: &Labels) -> Result<StandaloneCaptions> {
    let table = Table::read(path)?;
    let split = table.filter("split", arguments.split.as_deref())?;
    let source = table.filter("source", arguments.source.as_deref())?;
    let caption = table.required_column(arguments.caption_column())?;
    let label = match &arguments.target_column {
        Some(name) => Some(table.required_column(name)?),
        None => LABEL_COLUMNS.into_iter().find_map(|name| table.column(name)),
    };
    let [second, accept, reject] = ["second", "accept", "reject"].map(|name| table.column(name));
    if label.is_none() && accept.is_none() {
        bail!(
            "{}: there is no column `label` or `accept`; name the column with the label by --target-column",
            path.display()
        );
    }
    let by = match &arguments.by {
        Some(name) => Some(table.required_column(name)?),
        None => None,
    };
    let mut captions = StandaloneCaptions {
        rows: vec![],
        skipped: Skipped::new(),
    };
    for row in table.rows() {
        let row = row?;
        let several = row.cell(label).contains('|');
        let expected = Expected {
            label: if several { None } else { row.label(label, labels.set())? },
            second: row.label(second, labels.set())?,
            accept: joined(row, accept, labels)?,
            reject: joined(row, reject, labels)?,
        };
        if !(row.passes(split) && row.passes(source)) {
            continue;
        }
        match expected.label {
            _ if several => captions.skip(Skip::SeveralLabels),
            None if expected.accept.is_empty() && expected.reject.is_empty() => captions.skip(Skip::NoTarget),
            Some(label) if !labels.contain(label) => captions.skip(Skip::OtherLabel),
            _ => captions.rows.push(Caption {
                text: row.cell(Some(caption)).into(),
                expected,
                group: by.map(|by| row.cell(Some(by)).into()),
            }),
        }
    }
    if captions.rows.is_empty() {
        bail!(
            "{}: no row is left to measure; check --split, --source and --labels",
            path.display()
        );
    }
    Ok(captions)
}

/// Labels joined by `|`.
fn joined(row: Row<'_>, column: Option<usize>, labels: &Labels) -> Result<Vec<usize>> {
    let names = row
        .cell(column)
        .split('|')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let find = |name: &str| labels.set().find(name).map_err(|error| row.error(error).into());
    names.map(find).collect()
}

impl StandaloneCaptions {
    fn skip(&mut self, reason: Skip) {
        *self.skipped.entry(reason).or_default() += 1;
    }
}

/// Classifies the captions and measures the answers.
pub fn evaluate(
    classifier: &Classifier,
    labels: &Labels,
    captions: &StandaloneCaptions,
    arguments: &Arguments,
) -> Result<StandaloneCaptionsReport> {
    let predictions = ordered_map::collect(&captions.rows, |row, _| {
        match classifier.classify_blocking(None, Some(&row.text)) {
            // Nothing to go by: blank, or only a link.
            Err(Error::EmptyPost) => Ok(None),
            prediction => prediction.map(|prediction| Some(labels.restrict(prediction))),
        }
    })?;
    let mut skipped = captions.skipped.clone();
    let mut measured: Vec<(&Caption, Prediction)> = Vec::new();
    for (row, prediction) in captions.rows.iter().zip(predictions) {
        match prediction {
            Some(prediction) => measured.push((row, prediction)),
            None => *skipped.entry(Skip::NoCaption).or_default() += 1,
        }
    }
    if measured.is_empty() {
        bail!("no row is left to measure: no caption has a word in it");
    }
    let mut groups: BTreeMap<String, Vec<(&Expected, &Prediction)>> = BTreeMap::new();
    for (row, prediction) in &measured {
        if let Some(group) = &row.group {
            groups
                .entry(group.clone())
                .or_default()
                .push((&row.expected, prediction));
        }
    }
    let all: Vec<(&Expected, &Prediction)> = measured.iter().map(|(row, answer)| (&row.expected, answer)).collect();
    let (truths, answers) = labelled(&all);
    let of_truths: Vec<Prediction> = all
        .iter()
        .filter(|(expected, _)| expected.label.is_some())
        .map(|(_, prediction)| (*prediction).clone())
        .collect();
    let confidences: Vec<(f32, bool)> = truths
        .iter()
        .zip(&of_truths)
        .map(|(truth, prediction)| (prediction.confidence, prediction.label == *truth))
        .collect();
    let has_labels = !truths.is_empty();
    Ok(StandaloneCaptionsReport {
        figures: Figures::new(&all, labels.set().none()),
        ece: has_labels.then(|| expected_calibration_error(&confidences)),
        per_class: has_labels.then(|| ByLabel::new(labels.set(), per_label(&truths, &answers, labels.set().len()))),
        selective: has_labels.then(|| Selective::new(&truths, &of_truths, &classifier.manifest().calibration)),
        secondary: Secondary::new(all.iter().filter_map(|(expected, prediction)| {
            let label = expected.label?;
            Some((
                std::iter::once(label).chain(expected.second).collect(),
                prediction.secondary,
            ))
        })),
        by: groups
            .into_iter()
            .map(|(name, rows)| (name, Figures::new(&rows, labels.set().none())))
            .collect(),
        skipped,
        labels: arguments.labels.clone(),
        source: arguments.source.clone(),
        split: arguments.split.clone(),
        model: ModelIdentity::of(classifier),
    })
}

/// Labels and answers of the rows that have a label.
fn labelled(rows: &[(&Expected, &Prediction)]) -> (Vec<usize>, Vec<usize>) {
    rows.iter()
        .filter_map(|(expected, prediction)| Some((expected.label?, prediction.label)))
        .unzip()
}

/// What was found of captions that stand alone.
#[derive(Serialize)]
pub struct StandaloneCaptionsReport {
    #[serde(flatten)]
    figures: Figures,
    /// `None` where no row has a label, as of the next two.
    ece: Option<f64>,
    pub per_class: Option<ByLabel<LabelScore>>,
    selective: Option<Selective>,
    secondary: Secondary,
    /// The same by the values of a column, where one was named.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    by: BTreeMap<String, Figures>,
    pub skipped: Skipped,
    pub labels: Option<Vec<String>>,
    source: Option<String>,
    split: Option<String>,
    model: ModelIdentity,
}

/// Figures of some rows; each `None` where no row has what it is measured against.
#[derive(Serialize)]
struct Figures {
    n: usize,
    accuracy: Option<f64>,
    macro_f1: Option<f64>,
    /// Answers that are the first or the second label.
    first_or_second: Option<f64>,
    /// Answers that are among the labels to accept.
    accepted: Option<f64>,
    /// Answers that are not uncertain and among the labels to reject.
    sure_and_wrong: Option<f64>,
    /// Answers that are marked as uncertain.
    uncertain: f64,
    /// Answers that are the `none` label (Plutchik's `neutral`) or marked as uncertain.
    neutral_or_uncertain: f64,
}

impl Figures {
    fn new(rows: &[(&Expected, &Prediction)], none: Option<usize>) -> Self {
        let (truths, answers) = labelled(rows);
        let share = |counts: &dyn Fn(&Expected) -> bool, hit: &dyn Fn(&Expected, &Prediction) -> bool| {
            let counted: Vec<_> = rows.iter().filter(|(expected, _)| counts(expected)).collect();
            let hits = counted
                .iter()
                .filter(|(expected, prediction)| hit(expected, prediction))
                .count();
            (!counted.is_empty()).then(|| hits as f64 / counted.len() as f64)
        };
        let all = |hit: &dyn Fn(&Expected, &Prediction) -> bool| share(&|_| true, hit).unwrap_or_default();
        Self {
            n: rows.len(),
            accuracy: (!truths.is_empty()).then(|| accuracy(&truths, &answers)),
            macro_f1: (!truths.is_empty()).then(|| macro_f1(&truths, &answers)),
            first_or_second: share(&|expected| expected.label.is_some(), &|expected, prediction| {
                [expected.label, expected.second].contains(&Some(prediction.label))
            }),
            accepted: share(&|expected| !expected.accept.is_empty(), &|expected, prediction| {
                expected.accept.contains(&prediction.label)
            }),
            sure_and_wrong: share(
                &|expected| !expected.accept.is_empty() || !expected.reject.is_empty(),
                &|expected, prediction| !prediction.uncertain && expected.reject.contains(&prediction.label),
            ),
            uncertain: all(&|_, prediction| prediction.uncertain),
            neutral_or_uncertain: all(&|_, prediction| prediction.uncertain || Some(prediction.label) == none),
        }
    }

    fn cells(&self) -> String {
        let cell =
            |figure: Option<f64>| figure.map_or_else(|| format!("{:>12}", "–"), |figure| format!("{figure:>12.3}"));
        [
            self.accuracy,
            self.macro_f1,
            self.first_or_second,
            self.accepted,
            self.sure_and_wrong,
            Some(self.uncertain),
        ]
        .map(cell)
        .concat()
    }
}

impl StandaloneCaptionsReport {
    /// The figures as a table, a line for each group.
    pub fn for_people(&self) -> String {
        let mut text = format!(
            "{:<24}{:>6}{:>12}{:>12}{:>12}{:>12}{:>12}{:>12}\n",
            "", "rows", "accuracy", "macro-F1", "1st or 2nd", "accepted", "sure+wrong", "uncertain"
        );
        let groups = self.by.iter().map(|(name, figures)| (name.as_str(), figures));
        for (name, figures) in groups.chain([("all captions", &self.figures)]) {
            let _ = writeln!(text, "{name:<24}{:>6}{}", figures.n, figures.cells());
        }
        if let (Some(ece), Some(selective)) = (self.ece, &self.selective) {
            let _ = writeln!(
                text,
                "calibration error   {ece:.3}\nwhere it is sure    {}",
                selective.for_people()
            );
        }
        let _ = writeln!(text, "second labels       {}", self.secondary.for_people());
        text
    }
}

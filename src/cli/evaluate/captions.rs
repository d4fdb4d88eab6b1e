//! Captions, each of which may have several labels, or none.

use std::path::Path;

use anyhow::{Result, bail};
use emofuse::{
    Error, LabelSet,
    classifier::Classifier,
    dataset::Table,
    metrics::{multi_label_macro_f1, multi_label_scores},
};

use super::{
    Arguments,
    report::{CaptionsReport, Report},
    skipped::{Skip, Skipped},
};
use crate::cli::{model::ModelIdentity, ordered_map, scores::ByLabel};

/// The captions that can be measured, and why others cannot.
pub struct Captions {
    /// Each with whether each label but the `none` label holds.
    captions: Vec<(String, Vec<bool>)>,
    skipped: Skipped,
}

/// Reads the rows of the split and the source.
pub fn read(path: &Path, arguments: &Arguments, model_labels: &LabelSet) -> Result<Captions> {
    let table = Table::read(path)?;
    let split = table.filter("split", arguments.split.as_deref())?;
    let source = table.filter("source", arguments.source.as_deref())?;
    let caption = table.required_column(arguments.caption_column())?;
    let labels = table.required_column("labels")?;

    let mut captions = Captions {
        captions: vec![],
        skipped: Skipped::new(),
    };
    for row in table.rows() {
        let row = row?;
        let truth = row.labels(Some(labels), model_labels)?;
        if !(row.passes(split) && row.passes(source)) {
            continue;
        }
        match truth {
            None => captions.skip(Skip::NoTarget),
            Some(truth) => captions.captions.push((row.cell(Some(caption)).into(), truth)),
        }
    }
    if captions.captions.is_empty() {
        bail!(
            "{}: no row is left to measure; look at --split and --source",
            table.path().display()
        );
    }
    Ok(captions)
}

impl Captions {
    fn skip(&mut self, reason: Skip) {
        *self.skipped.entry(reason).or_default() += 1;
    }
}

/// Asks for the labels of every caption and measures the answers with the model's own thresholds.
pub fn evaluate(classifier: &Classifier, captions: &Captions, arguments: &Arguments) -> Result<Report> {
    let thresholds = &classifier.manifest().caption_thresholds;
    if thresholds.is_empty() {
        bail!("this model gives each caption one label; measure it with --captions");
    }
    let answers = ordered_map::collect(&captions.captions, |(caption, _), _| {
        match classifier.caption_labels_blocking(caption) {
            Ok(scores) => Ok(scores.map(|scores| -> Vec<bool> {
                let scores = scores.iter().zip(thresholds);
                scores.map(|(score, threshold)| score >= threshold).collect()
            })),
            // Nothing to go by: blank, or only a link.
            Err(Error::EmptyPost) => Ok(None),
            Err(error) => Err(error),
        }
    })?;

    let mut skipped = captions.skipped.clone();
    let (mut truths, mut predictions) = (vec![], vec![]);
    for ((_, truth), answer) in captions.captions.iter().zip(answers) {
        match answer {
            Some(prediction) => {
                truths.push(truth.clone());
                predictions.push(prediction);
            }
            None => *skipped.entry(Skip::NoCaption).or_default() += 1,
        }
    }
    if truths.is_empty() {
        bail!("no row is left to measure: no caption has a word in it");
    }
    Ok(Report::Captions(Box::new(CaptionsReport {
        n: truths.len(),
        macro_f1: multi_label_macro_f1(&truths, &predictions),
        per_class: ByLabel::new(classifier.labels(), multi_label_scores(&truths, &predictions)),
        skipped,
        source: arguments.source.clone(),
        split: arguments.split.clone(),
        model: ModelIdentity::of(classifier),
    })))
}

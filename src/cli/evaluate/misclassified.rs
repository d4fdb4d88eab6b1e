//! Misclassified posts: their names and scores, never their images or captions.

use std::{fmt::Write, path::PathBuf};

use anyhow::{Result, bail};
use emofuse::{LabelSet, metrics::most_likely};
use emofuse_dataset::files::write_atomically;
use emofuse_posts::csv_row;
use serde::Serialize;

use crate::cli::{
    prediction_json::PredictionJson,
    scores::{ByLabel, percent},
};

/// The most instructive posts.
#[derive(Serialize)]
pub struct Misclassified {
    #[serde(skip)]
    labels: LabelSet,
    /// The surest mistakes, the surest first.
    pub confident: Vec<Case>,
    /// Every post whose prediction is neither that of its image nor that of its caption, right or wrong, the
    /// surest first.
    pub unlike_both: Vec<Case>,
}

/// A post with its label and the model's prediction.
#[derive(Clone, Serialize)]
pub struct Case {
    id: String,
    line: u64,
    truth: String,
    #[serde(flatten)]
    prediction: PredictionJson,
}

impl Case {
    pub fn new(id: &str, line: u64, truth: &str, prediction: PredictionJson) -> Self {
        Self {
            id: id.into(),
            line,
            truth: truth.into(),
            prediction,
        }
    }

    fn is_unlike_both(&self) -> bool {
        let PredictionJson {
            emotion,
            image,
            caption,
            ..
        } = &self.prediction;
        match (image, caption) {
            (Some(image), Some(caption)) => [image, caption].iter().all(|scores| likeliest(scores).0 != emotion),
            _ => false,
        }
    }
}

impl Misclassified {
    /// The first `limit` mistakes, and all posts answered unlike both of their halves.
    pub fn new(labels: &LabelSet, cases: impl Iterator<Item = Case>, limit: usize) -> Self {
        let mut cases: Vec<Case> = cases.collect();
        // The sort is stable, so that equal confidences stay in the table's order.
        cases.sort_by(|a, b| b.prediction.confidence.total_cmp(&a.prediction.confidence));
        let mistakes = cases.iter().filter(|case| case.prediction.emotion != case.truth);
        Self {
            labels: labels.clone(),
            confident: mistakes.take(limit).cloned().collect(),
            unlike_both: cases.into_iter().filter(Case::is_unlike_both).collect(),
        }
    }

    fn lists(&self) -> [(&'static str, &[Case]); 2] {
        [("confident", &self.confident), ("unlike_both", &self.unlike_both)]
    }

    /// Two tables for reading.
    pub fn for_people(&self) -> String {
        let titles = ["the surest mistakes", "answers unlike the image's and the caption's"];
        let tables: Vec<String> = titles
            .into_iter()
            .zip(self.lists())
            .map(|(title, (_, cases))| table(title, cases))
            .collect();
        tables.join("\n")
    }

    fn to_csv(&self) -> String {
        let start = ["list", "id", "line", "truth", "emotion", "confidence", "uncertain"];
        let scores = ["", "image_", "caption_"]
            .into_iter()
            .flat_map(|of| self.labels.names().map(move |name| format!("{of}{name}")));
        let header = start.map(String::from).into_iter().chain(scores);
        let mut text = csv_row(header);
        for (list, cases) in self.lists() {
            for case in cases {
                let prediction = &case.prediction;
                let start = [
                    list.into(),
                    case.id.clone(),
                    case.line.to_string(),
                    case.truth.clone(),
                    prediction.emotion.clone(),
                    prediction.confidence.to_string(),
                    prediction.uncertain.to_string(),
                ];
                let sides = [
                    Some(&prediction.scores),
                    prediction.image.as_ref(),
                    prediction.caption.as_ref(),
                ];
                let scores = sides.into_iter().flat_map(|scores| match scores {
                    Some(scores) => scores.values.iter().map(f32::to_string).collect(),
                    None => vec![String::new(); self.labels.len()],
                });
                text += &csv_row(start.into_iter().chain(scores));
            }
        }
        text
    }
}

/// The name with the highest score, and the score.
fn likeliest(scores: &ByLabel<f32>) -> (&str, f32) {
    let label = most_likely(&scores.values);
    (scores.labels.name(label), scores.values[label])
}

fn table(title: &str, cases: &[Case]) -> String {
    let mut text = format!("{title}: {}\n", cases.len());
    if cases.is_empty() {
        return text;
    }
    let width = cases
        .iter()
        .map(|case| case.id.chars().count())
        .max()
        .unwrap_or(0)
        .max(4);
    let mut line = |cells: [&str; 5]| {
        let [id, truth, answer, image, caption] = cells;
        let _ = writeln!(text, "{id:<width$}  {truth:<13} {answer:<19} {image:<19} {caption}");
    };
    line(["post", "label", "answer", "image", "caption"]);
    for case in cases {
        let most = |scores: Option<&ByLabel<f32>>| {
            scores.map_or_else(String::new, |scores| {
                let (name, score) = likeliest(scores);
                format!("{name} {}", percent(score))
            })
        };
        line([
            &case.id,
            &case.truth,
            &most(Some(&case.prediction.scores)),
            &most(case.prediction.image.as_ref()),
            &most(case.prediction.caption.as_ref()),
        ]);
    }
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// A file for the posts, in the format that its name ends with.
#[derive(Clone, Debug)]
pub struct File {
    path: PathBuf,
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Format {
    Csv,
    Json,
}

/// Takes the format from the name's ending.
pub fn parse_file(name: &str) -> Result<File, String> {
    let path = PathBuf::from(name);
    let format = match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        _ => return Err("the file's name must end with .csv or .json".into()),
    };
    Ok(File { path, format })
}

impl File {
    /// Refuses what cannot be written, before any work is done.
    pub fn check(&self) -> Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.is_some_and(|folder| !folder.is_dir()) || self.path.is_dir() {
            bail!(
                "{}: the file cannot be written; name one in a folder that exists",
                self.path.display()
            );
        }
        Ok(())
    }

    pub fn write(&self, errors: &Misclassified) -> Result<()> {
        let bytes = match self.format {
            Format::Csv => errors.to_csv().into_bytes(),
            Format::Json => serde_json::to_vec_pretty(errors)?,
        };
        Ok(write_atomically(&self.path, |file| file.write_all(&bytes))?)
    }
}

#[cfg(test)]
mod tests {
    use emofuse::classifier::Prediction;

    use super::*;
    use crate::cli::model::ModelIdentity;

    const JOY: usize = 0;
    const FEAR: usize = 2;
    const SADNESS: usize = 4;
    const LABELS: usize = 9;

    fn scores(label: usize, score: f32) -> Vec<f32> {
        let mut scores = vec![(1.0 - score) / 8.0; LABELS];
        scores[label] = score;
        scores
    }

    fn case(id: &str, truth: usize, answer: (usize, f32), parts: Option<[usize; 2]>) -> Case {
        let labels = LabelSet::plutchik();
        let truth = labels.name(truth).to_owned();
        let prediction = Prediction {
            labels,
            label: answer.0,
            confidence: answer.1,
            scores: scores(answer.0, answer.1),
            image: parts.map(|[image, _]| scores(image, 0.5)),
            caption: parts.map(|[_, caption]| scores(caption, 0.5)),
            agreement: None,
            uncertain: false,
            uncertain_below: 0.0,
            secondary: None,
            secondary_from: 1.0,
            uncertain_because: vec![],
            explanation: None,
            systems: None,
        };
        let model = ModelIdentity {
            id: "untrained".into(),
            sha256: "5a5a".into(),
        };
        Case::new(id, 2, &truth, PredictionJson::new(&prediction, "", model))
    }

    fn errors(limit: usize) -> Misclassified {
        let cases = [
            case("right.jpg", JOY, (JOY, 0.9), Some([JOY, FEAR])),
            case("wrong.jpg", JOY, (FEAR, 0.6), Some([FEAR, JOY])),
            case("alone.jpg", JOY, (FEAR, 0.7), None),
            case("unlike.jpg", SADNESS, (SADNESS, 0.4), Some([JOY, FEAR])),
        ];
        Misclassified::new(&LabelSet::plutchik(), cases.into_iter(), limit)
    }

    fn ids(cases: &[Case]) -> Vec<&str> {
        cases.iter().map(|case| case.id.as_str()).collect()
    }

    #[test]
    fn the_surest_mistakes_come_first_and_right_answers_are_none() {
        assert_eq!(ids(&errors(9).confident), ["alone.jpg", "wrong.jpg"]);
        assert_eq!(ids(&errors(1).confident), ["alone.jpg"]);
        assert_eq!(ids(&errors(0).unlike_both), ["unlike.jpg"]);
    }

    #[test]
    fn people_read_a_table_of_each() {
        let text = errors(9).for_people();
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["the", "surest", "mistakes:", "2"]);
        assert_eq!(
            lines[3],
            [
                "wrong.jpg",
                "joy",
                "fear",
                "60",
                "%",
                "fear",
                "50",
                "%",
                "joy",
                "50",
                "%"
            ]
        );
        assert_eq!(lines[4], [""; 0]);
        assert!(text.ends_with("fear 50 %\n"), "{text}");
        assert!(errors(0).for_people().starts_with("the surest mistakes: 0\n\n"));
    }

    #[test]
    fn a_csv_has_every_score_and_blanks_for_a_half_that_is_not_there() {
        let csv = errors(9).to_csv();
        let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
        assert!(rows.iter().all(|row| row.len() == 7 + 3 * LABELS), "{csv}");
        assert_eq!(
            rows[0][..9],
            [
                "list",
                "id",
                "line",
                "truth",
                "emotion",
                "confidence",
                "uncertain",
                "joy",
                "trust"
            ]
        );
        assert_eq!(rows[0][16], "image_joy");
        assert_eq!(
            rows[1][..7],
            ["confident", "alone.jpg", "2", "joy", "fear", "0.7", "false"]
        );
        assert_eq!((rows[1][16], rows[2][18]), ("", "0.5"));
        assert_eq!(rows[3][..2], ["unlike_both", "unlike.jpg"]);
    }

    #[test]
    fn the_ending_of_a_file_is_its_format() {
        assert_eq!(parse_file("a/b.json").expect("JSON").format, Format::Json);
        assert_eq!(parse_file("b.csv").expect("CSV").format, Format::Csv);
        assert!(parse_file("b.txt").is_err() && parse_file("csv").is_err());
    }
}

//! A comparison as tables for people.

use std::fmt::Write;

use emofuse_core::emotion::Emotion;
use emofuse_engine::model::fusion::Modality;

use super::{
    bootstrap::{Interval, RESAMPLES},
    outcome::{Outcome, Spread},
    report::Comparison,
};

impl Comparison {
    /// All tables in Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let seeds = match self.seeds.as_slice() {
            [seed] => format!("one seed ({seed})"),
            [first, .., last] => format!(
                "{} seeds ({first} to {last}), mean ± standard deviation",
                self.seeds.len()
            ),
            [] => "no seed".into(),
        };
        let mut text = format!(
            "# Comparison of systems\n\nOn {} test posts, against the label of the post as a whole; trained on {} posts, chosen on {}. {}; images by {}; recipe `{}`, emofuse {}.\n",
            self.rows.test,
            self.rows.train,
            self.rows.dev,
            capitalised(&seeds),
            self.network,
            self.recipe,
            self.emofuse
        );
        let mut systems = vec![vec![
            format!("always {}", self.most_frequent.emotion),
            String::new(),
            figure(self.most_frequent.accuracy),
            figure(self.most_frequent.macro_f1),
        ]];
        systems.extend(
            self.systems
                .iter()
                .map(|row| with_figures([row.system.clone(), modality_name(row.sees).into()], row)),
        );
        table(
            &mut text,
            "Systems",
            &["system", "sees", "accuracy", "macro-F1"],
            &systems,
        );

        let against: Vec<Vec<String>> = self
            .against_best_unimodal
            .differences
            .iter()
            .map(|(system, difference)| {
                vec![
                    system.clone(),
                    interval(difference.accuracy),
                    interval(difference.macro_f1),
                ]
            })
            .collect();
        table(
            &mut text,
            &format!("Against the best of one side, {}", self.against_best_unimodal.system),
            &["system", "accuracy", "macro-F1"],
            &against,
        );
        let _ = writeln!(
            text,
            "\nDifference and 95 % interval of the paired bootstrap over the test posts ({RESAMPLES} resamples), the seeds of each system answering together.",
        );

        let taken: Vec<Vec<String>> = rows(&self.taken_away, |row| {
            [row.system.clone(), taken_away(row.sees).into()]
        });
        table(
            &mut text,
            "With a side taken away",
            &["system", "taken away", "accuracy", "macro-F1"],
            &taken,
        );
        let by_name = |rows_of: &[Outcome]| rows(rows_of, |row| [row.system.clone()]);
        let header = |name| [name, "accuracy", "macro-F1"];
        table(
            &mut text,
            "Joint fusion by pooling",
            &header("pooling"),
            &by_name(&self.pooling),
        );
        table(
            &mut text,
            "Common space by auxiliary task",
            &header("auxiliary task"),
            &by_name(&self.auxiliary),
        );
        let networks: Vec<Vec<String>> = rows(&self.networks, |row| {
            [row.network.clone().unwrap_or_default(), row.system.clone()]
        });
        table(
            &mut text,
            "By image network",
            &["network", "system", "accuracy", "macro-F1"],
            &networks,
        );
        if let Some(titles) = &self.titles {
            table(
                &mut text,
                "Reddit titles (joy, fear, disgust, anger)",
                &header("system"),
                &by_name(titles),
            );
        }
        self.best(&mut text);
        text.trim_end().to_owned()
    }

    fn best(&self, text: &mut String) {
        let best = &self.best;
        let labels: Vec<Vec<String>> = Emotion::ALL
            .into_iter()
            .zip(best.per_class)
            .map(|(emotion, score)| {
                vec![
                    emotion.to_string(),
                    figure(score.precision),
                    figure(score.recall),
                    figure(score.f1),
                    score.support.to_string(),
                ]
            })
            .collect();
        table(
            text,
            &format!("The best on dev, its seeds together: {}", best.system),
            &["label", "precision", "recall", "F1", "posts"],
            &labels,
        );
        let _ = writeln!(
            text,
            "\nAccuracy {}, macro-F1 {}, expected calibration error {} (without a temperature).",
            figure(best.accuracy),
            figure(best.macro_f1),
            figure(best.ece)
        );
    }
}

fn rows<const N: usize>(outcomes: &[Outcome], names: impl Fn(&Outcome) -> [String; N]) -> Vec<Vec<String>> {
    outcomes.iter().map(|row| with_figures(names(row), row)).collect()
}

fn with_figures<const N: usize>(names: [String; N], row: &Outcome) -> Vec<String> {
    let figures = [spread(&row.accuracy), spread(&row.macro_f1)];
    names.into_iter().chain(figures).collect()
}

fn table(text: &mut String, title: &str, header: &[&str], rows: &[Vec<String>]) {
    let _ = write!(text, "\n## {title}\n\n| {} |\n|", header.join(" | "));
    let _ = writeln!(text, "{}", " --- |".repeat(header.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
}

fn figure(value: f64) -> String {
    format!("{value:.3}")
}

fn spread(spread: &Spread) -> String {
    match spread.deviation {
        Some(deviation) => format!("{:.3} ± {deviation:.3}", spread.mean),
        None => figure(spread.mean),
    }
}

fn interval(interval: Interval) -> String {
    format!(
        "{:+.3} [{:+.3}, {:+.3}]",
        interval.difference, interval.low, interval.high
    )
}

fn modality_name(kind: Modality) -> &'static str {
    match kind {
        Modality::Both => "image, caption",
        Modality::Image => "image",
        Modality::Caption => "caption",
    }
}

fn taken_away(seen: Modality) -> &'static str {
    match seen {
        Modality::Both => "nothing",
        Modality::Image => "caption",
        Modality::Caption => "image",
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

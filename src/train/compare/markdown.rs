//! A comparison as tables for people.

use std::fmt::Write;

use emofuse_engine::model::fusion::Modality;

use super::{
    bootstrap::{Interval, RESAMPLES},
    importance::{Curve, Importance, SHARES},
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
        let images = self
            .network
            .as_ref()
            .map_or_else(String::new, |network| format!(" images by {network};"));
        let mut text = format!(
            "# Comparison of systems\n\nOn {} test posts, against the label of the post as a whole; trained on {} posts, chosen on {}. {};{images} recipe `{}`, emofuse {}.\n\nIn brackets: 95 % interval of the bootstrap over the test posts ({RESAMPLES} resamples).\n",
            self.rows.test,
            self.rows.train,
            self.rows.dev,
            capitalised(&seeds),
            self.recipe,
            self.emofuse
        );
        let mut systems = vec![vec![
            format!("always {}", self.most_frequent.label),
            String::new(),
            figure(self.most_frequent.accuracy),
            figure(self.most_frequent.macro_f1),
        ]];
        systems.extend(rows(&self.systems, |row| {
            [row.system.clone(), modality_name(row.sees).into()]
        }));
        table(
            &mut text,
            "Systems",
            &["system", "sees", "accuracy", "macro-F1"],
            &systems,
        );

        let against: Vec<Vec<String>> = self
            .systems
            .iter()
            .filter(|row| row.against_best_unimodal.is_some())
            .map(|row| std::iter::once(row.system.clone()).chain(differences(row)).collect())
            .collect();
        if !against.is_empty() {
            table(
                &mut text,
                &format!("Against the best of one side, {}", self.best_unimodal),
                &["system", "accuracy", "macro-F1"],
                &against,
            );
            let _ = writeln!(
                text,
                "\nPaired differences: both systems are measured on the same resamples."
            );
        }

        self.of_fusions(&mut text);
        let networks: Vec<Vec<String>> = rows(&self.networks, |row| {
            [row.network.clone().unwrap_or_default(), row.system.clone()]
        });
        if !networks.is_empty() {
            table(
                &mut text,
                "By image network",
                &["network", "system", "accuracy", "macro-F1"],
                &networks,
            );
        }
        if let Some(titles) = &self.titles {
            table(
                &mut text,
                &format!("Reddit titles ({})", self.title_labels.join(", ")),
                &["system", "accuracy", "macro-F1"],
                &rows(titles, |row| [row.system.clone()]),
            );
        }
        self.best(&mut text);
        text.trim_end().to_owned()
    }

    /// The tables of systems that fuse both sides, if there are any.
    fn of_fusions(&self, text: &mut String) {
        let Some(importance) = &self.importance else { return };
        let against = ["accuracy", "macro-F1", "accuracy against it", "macro-F1 against it"];
        let with_differences = |outcomes: &[Outcome], names: fn(&Outcome) -> Vec<String>| -> Vec<Vec<String>> {
            let of_row = |row| {
                names(row)
                    .into_iter()
                    .chain(spreads(row))
                    .chain(differences(row))
                    .collect()
            };
            outcomes.iter().map(of_row).collect()
        };
        let header = |names: &[&'static str]| [names, &against[..]].concat();
        let name = |row: &Outcome| vec![row.system.clone()];
        table(
            text,
            "With a side taken away",
            &header(&["system", "taken away"]),
            &with_differences(&self.taken_away, |row| {
                vec![row.system.clone(), taken_away(row.sees).into()]
            }),
        );
        let _ = writeln!(
            text,
            "\n“Against it”, here and below: the paired difference to {}.",
            self.best_unimodal
        );
        table(
            text,
            "Joint fusion by pooling",
            &header(&["pooling"]),
            &with_differences(&self.pooling, name),
        );
        table(
            text,
            "Common space by auxiliary task",
            &header(&["auxiliary task"]),
            &with_differences(&self.auxiliary, name),
        );
        importance.write(text);
    }

    fn best(&self, text: &mut String) {
        let best = &self.best;
        let labels: Vec<Vec<String>> = best
            .per_class
            .iter()
            .map(|(label, score)| {
                vec![
                    label.clone(),
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

impl Importance {
    /// The numbers of the figure, and what modality dropout changes.
    fn write(&self, text: &mut String) {
        for missing in [Modality::Caption, Modality::Image] {
            let curves = || self.curves.iter().filter(move |curve| curve.missing == missing);
            let names: Vec<String> = std::iter::once("missing".to_owned())
                .chain(curves().map(Curve::name))
                .collect();
            let header: Vec<&str> = names.iter().map(String::as_str).collect();
            let of_share = |(index, percent): (usize, &usize)| -> Vec<String> {
                let points = curves().filter_map(|curve| curve.points.get(index));
                let cells = points.map(|point| {
                    let Interval { value, low, high } = point.interval;
                    format!("{value:.3} [{low:.3}, {high:.3}]")
                });
                std::iter::once(format!("{percent} %")).chain(cells).collect()
            };
            let rows: Vec<Vec<String>> = SHARES.iter().enumerate().map(of_share).collect();
            let side = modality_name(missing);
            table(
                text,
                &format!("Accuracy by the share of posts whose {side} is missing"),
                &header,
                &rows,
            );
        }
        let effects: Vec<Vec<String>> = self
            .modality_dropout
            .iter()
            .filter(|effect| [0, 50, 100].contains(&effect.percent))
            .map(|effect| {
                vec![
                    effect.system.clone(),
                    modality_name(effect.missing).into(),
                    format!("{} %", effect.percent),
                    interval(effect.accuracy),
                ]
            })
            .collect();
        table(
            text,
            "What modality dropout changes",
            &[
                "system",
                "missing",
                "share of posts",
                "accuracy with it less without it",
            ],
            &effects,
        );
    }
}

fn rows<const N: usize>(outcomes: &[Outcome], names: impl Fn(&Outcome) -> [String; N]) -> Vec<Vec<String>> {
    outcomes.iter().map(|row| with_figures(names(row), row)).collect()
}

fn with_figures<const N: usize>(names: [String; N], row: &Outcome) -> Vec<String> {
    let figures = [
        with_interval(&row.accuracy, row.intervals.accuracy),
        with_interval(&row.macro_f1, row.intervals.macro_f1),
    ];
    names.into_iter().chain(figures).collect()
}

fn spreads(row: &Outcome) -> [String; 2] {
    [spread(&row.accuracy), spread(&row.macro_f1)]
}

fn with_interval(figure: &Spread, interval: Interval) -> String {
    format!("{} [{:.3}, {:.3}]", spread(figure), interval.low, interval.high)
}

/// By how much it is better than the best system of one side.
fn differences(row: &Outcome) -> [String; 2] {
    row.against_best_unimodal.map_or_else(
        || [String::new(), String::new()],
        |difference| [interval(difference.accuracy), interval(difference.macro_f1)],
    )
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
    format!("{:+.3} [{:+.3}, {:+.3}]", interval.value, interval.low, interval.high)
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

//! An explanation as text for people.

use std::fmt::Write;

use emofuse::{
    LabelSet,
    explanation::{Explanation, HeatMap, Word},
};

use super::{scores::bar, terminal::line};

const BAR_WIDTH: usize = 16;

/// The words, then the map.
pub fn for_people(explanation: &Explanation, labels: &LabelSet) -> String {
    let label = labels.name(explanation.label);
    let mut parts = Vec::new();
    if !explanation.words.is_empty() {
        let title = format!("what each word adds to {label}, in points of a hundred");
        parts.push(format!("{title}\n{}", words(&explanation.words)));
    }
    if let Some(map) = &explanation.heat_map {
        let title = format!("what each part of the image adds to {label}: █ much, · little, - speaks against it");
        parts.push(format!("{title}\n{}", heat_map(map)));
    }
    parts.join("\n\n")
}

fn words(words: &[Word]) -> String {
    let shown: Vec<_> = words.iter().map(|word| line(&word.text)).collect();
    let width = shown.iter().map(|word| word.chars().count()).max().unwrap_or(0);
    let largest = largest(words.iter().map(|word| word.contribution));
    let mut text = String::new();
    for (word, shown) in words.iter().zip(&shown) {
        let padding = " ".repeat(width - shown.chars().count());
        let points = word.contribution * 100.0;
        let _ = write!(text, "{shown}{padding}  {points:>+6.1}");
        if word.contribution > 0.0 {
            let _ = write!(text, "  {}", bar(word.contribution / largest, BAR_WIDTH));
        }
        text.push('\n');
    }
    text.trim_end().to_owned()
}

/// Two characters a cell, about as wide as they are high.
fn heat_map(map: &HeatMap) -> String {
    let largest = largest(map.values.iter().copied());
    let cell = |value: &f32| match value / largest {
        share if share > 0.8 => "██",
        share if share > 0.6 => "▓▓",
        share if share > 0.4 => "▒▒",
        share if share > 0.2 => "░░",
        share if share < -0.2 => "--",
        _ => "··",
    };
    let rows = map.values.chunks_exact(map.width);
    rows.map(|row| row.iter().map(cell).collect::<String>())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The largest size; never 0, so that it can be divided by.
fn largest(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(f32::MIN_POSITIVE, |largest, value| largest.max(value.abs()))
}

#[cfg(test)]
mod tests {
    use emofuse::preprocessing::Area;

    use super::*;

    fn explanation() -> Explanation {
        let word = |text: &str, start: usize, contribution: f32| Word {
            text: text.into(),
            source: start..start + text.len(),
            contribution,
        };
        Explanation {
            label: 0,
            heat_map: Some(HeatMap {
                width: 2,
                height: 2,
                values: vec![1.0, 0.0, -0.5, 0.5],
                area: Area {
                    left: 0.25,
                    top: 0.0,
                    width: 0.5,
                    height: 1.0,
                },
            }),
            words: vec![word("naïve", 0, -0.02), word("joy", 7, 0.4)],
        }
    }

    #[test]
    fn people_read_words_in_their_order_and_see_the_map() {
        let expected = [
            "what each word adds to joy, in points of a hundred",
            "naïve    -2.0",
            "joy     +40.0  ████████████████",
            "",
            "what each part of the image adds to joy: █ much, · little, - speaks against it",
            "██··",
            "--▒▒",
        ];
        assert_eq!(for_people(&explanation(), &LabelSet::plutchik()), expected.join("\n"));
    }
}

//! A row of the output, and its cells in the order of the columns.

use emofuse::{Emotion, classifier::UncertainReason, emotion::EMOTIONS};

use super::stored_prediction::{Label, StoredPrediction};

/// A post with all that is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub id: String,
    pub image: Option<String>,
    pub caption: Option<String>,
    pub prediction: Option<StoredPrediction>,
    pub manual_label: Option<Emotion>,
    pub error: Option<String>,
    pub image_sha256: Option<String>,
    /// Cells of the table's extra columns.
    pub extra: Vec<String>,
}

/// A value as the formats write it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Absent,
    Text(&'a str),
    Number(f32),
    Truth(bool),
    Reasons(&'a [UncertainReason]),
}

impl<'a> Cell<'a> {
    fn text(text: Option<&'a str>) -> Self {
        text.filter(|text| !text.is_empty()).map_or(Self::Absent, Self::Text)
    }

    /// A number that is finite; the others have no place in a file.
    fn number(number: Option<f32>) -> Self {
        number
            .filter(|number| number.is_finite())
            .map_or(Self::Absent, Self::Number)
    }
}

impl Row {
    /// The cells of [`emofuse_posts::COLUMNS`], then those of the table's extra columns.
    pub fn cells<'a>(&'a self, model_sha256: &'a str) -> Vec<Cell<'a>> {
        let prediction = self.prediction.as_ref();
        let label = |label: Option<Label>| {
            [
                Cell::text(label.map(|label| label.emotion.name())),
                Cell::number(label.map(|label| label.confidence)),
            ]
        };
        let mut cells = vec![
            Cell::text(Some(&self.id)),
            Cell::text(self.image.as_deref()),
            Cell::text(self.caption.as_deref()),
        ];
        cells.extend(label(prediction.map(|prediction| prediction.label)));
        cells.push(Cell::text(
            prediction
                .and_then(|prediction| prediction.secondary)
                .map(Emotion::name),
        ));
        cells.push(prediction.map_or(Cell::Absent, |prediction| Cell::Truth(prediction.uncertain)));
        cells.push(prediction.map_or(
            Cell::Absent,
            |prediction| match prediction.uncertain_because.as_slice() {
                [] => Cell::Absent,
                reasons => Cell::Reasons(reasons),
            },
        ));
        cells.extend(prediction.map_or([Cell::Absent; EMOTIONS], |prediction| {
            prediction.scores.map(Cell::Number)
        }));
        cells.extend(label(prediction.and_then(|prediction| prediction.image)));
        cells.extend(label(prediction.and_then(|prediction| prediction.caption)));
        cells.push(Cell::number(prediction.and_then(|prediction| prediction.agreement)));
        cells.push(Cell::text(self.manual_label.map(Emotion::name)));
        cells.extend(label(prediction.and_then(|prediction| prediction.corrected)));
        cells.push(Cell::text(self.error.as_deref()));
        cells.push(Cell::text(self.image_sha256.as_deref()));
        cells.push(Cell::text(prediction.map(|_| model_sha256)));
        cells.push(Cell::text(prediction.map(|prediction| prediction.backend)));
        cells.extend(self.extra.iter().map(|cell| Cell::Text(cell)));
        cells
    }
}

#[cfg(test)]
mod tests {
    use emofuse_posts::COLUMNS;

    use super::*;

    #[test]
    fn the_scores_have_the_names_of_the_labels_in_their_order() {
        assert_eq!(COLUMNS[8..8 + EMOTIONS], Emotion::ALL.map(Emotion::name));
    }

    #[test]
    fn a_row_has_a_cell_for_each_column() {
        let label = |emotion, confidence| Label { emotion, confidence };
        let row = Row {
            id: "7".into(),
            prediction: Some(StoredPrediction {
                label: label(Emotion::Joy, 0.5),
                secondary: Some(Emotion::Trust),
                uncertain: true,
                uncertain_because: vec![UncertainReason::Language, UncertainReason::LowConfidence],
                scores: [0.125; EMOTIONS],
                image: Some(label(Emotion::Fear, 0.25)),
                caption: None,
                agreement: Some(0.75),
                corrected: None,
                backend: "cpu",
            }),
            extra: vec!["mine".into()],
            ..Row::default()
        };
        let cells = row.cells("digest");
        assert_eq!(cells.len(), COLUMNS.len() + 1);
        let cell = |name: &str| cells[COLUMNS.iter().position(|column| *column == name).expect("a column")];
        assert_eq!(cell("image"), Cell::Absent);
        assert_eq!(cell("emotion"), Cell::Text("joy"));
        assert_eq!(cell("secondary"), Cell::Text("trust"));
        assert_eq!(cell("uncertain"), Cell::Truth(true));
        assert!(matches!(cell("uncertain_because"), Cell::Reasons([_, _])));
        assert_eq!(cell("neutral"), Cell::Number(0.125));
        assert_eq!(cell("image_emotion"), Cell::Text("fear"));
        assert_eq!(cell("caption_confidence"), Cell::Absent);
        assert_eq!(cell("agreement"), Cell::Number(0.75));
        assert_eq!(cell("model_sha256"), Cell::Text("digest"));
        assert_eq!(cell("backend"), Cell::Text("cpu"));
        assert_eq!(cells.last(), Some(&Cell::Text("mine")));
        assert_eq!(Row::default().cells("digest"), [Cell::Absent; COLUMNS.len()]);
    }
}

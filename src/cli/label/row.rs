//! A row of the output, and its cells in the order of the columns.

use emofuse::{LabelSet, classifier::UncertainReason};

use super::stored_prediction::{Label, StoredPrediction};

/// A post with all that is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub id: String,
    pub image: Option<String>,
    pub caption: Option<String>,
    pub prediction: Option<StoredPrediction>,
    /// The index of the label that a person gave.
    pub manual_label: Option<usize>,
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
    /// The cells of [`emofuse_posts::added_columns`], then those of the table's extra columns.
    pub fn cells<'a>(&'a self, labels: &'a LabelSet, model_sha256: &'a str) -> Vec<Cell<'a>> {
        let prediction = self.prediction.as_ref();
        let name = |label: Option<usize>| Cell::text(label.map(|label| labels.name(label)));
        let label = |label: Option<Label>| {
            [
                name(label.map(|label| label.index)),
                Cell::number(label.map(|label| label.confidence)),
            ]
        };
        let mut cells = vec![
            Cell::text(Some(&self.id)),
            Cell::text(self.image.as_deref()),
            Cell::text(self.caption.as_deref()),
        ];
        cells.extend(label(prediction.map(|prediction| prediction.label)));
        cells.push(name(prediction.and_then(|prediction| prediction.secondary)));
        cells.push(prediction.map_or(Cell::Absent, |prediction| Cell::Truth(prediction.uncertain)));
        cells.push(prediction.map_or(
            Cell::Absent,
            |prediction| match prediction.uncertain_because.as_slice() {
                [] => Cell::Absent,
                reasons => Cell::Reasons(reasons),
            },
        ));
        match prediction {
            Some(prediction) => cells.extend(prediction.scores.iter().copied().map(Cell::Number)),
            None => cells.extend(vec![Cell::Absent; labels.len()]),
        }
        cells.extend(label(prediction.and_then(|prediction| prediction.image)));
        cells.extend(label(prediction.and_then(|prediction| prediction.caption)));
        cells.push(Cell::number(prediction.and_then(|prediction| prediction.agreement)));
        cells.push(name(self.manual_label));
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
    use emofuse_posts::added_columns;

    use super::*;

    #[test]
    fn a_row_has_a_cell_for_each_column() {
        let labels = LabelSet::from_names(["calm", "tense", "image"], None).expect("labels");
        let columns = added_columns(&labels);
        let label = |index, confidence| Label { index, confidence };
        let row = Row {
            id: "7".into(),
            prediction: Some(StoredPrediction {
                label: label(0, 0.5),
                secondary: Some(1),
                uncertain: true,
                uncertain_because: vec![UncertainReason::Language, UncertainReason::LowConfidence],
                scores: vec![0.5, 0.375, 0.125],
                image: Some(label(2, 0.25)),
                caption: None,
                agreement: Some(0.75),
                corrected: None,
                backend: "cpu",
            }),
            manual_label: Some(1),
            extra: vec!["mine".into()],
            ..Row::default()
        };
        let cells = row.cells(&labels, "digest");
        assert_eq!(cells.len(), columns.len() + 1);
        let cell = |name: &str| cells[columns.iter().position(|column| column == name).expect("a column")];
        assert_eq!(cell("image"), Cell::Absent);
        assert_eq!(cell("emotion"), Cell::Text("calm"));
        assert_eq!(cell("secondary"), Cell::Text("tense"));
        assert_eq!(cell("uncertain"), Cell::Truth(true));
        assert!(matches!(cell("uncertain_because"), Cell::Reasons([_, _])));
        assert_eq!(cell("tense"), Cell::Number(0.375));
        assert_eq!(cell("score (image)"), Cell::Number(0.125));
        assert_eq!(cell("image_emotion"), Cell::Text("image"));
        assert_eq!(cell("caption_confidence"), Cell::Absent);
        assert_eq!(cell("agreement"), Cell::Number(0.75));
        assert_eq!(cell("hand_emotion"), Cell::Text("tense"));
        assert_eq!(cell("model_sha256"), Cell::Text("digest"));
        assert_eq!(cell("backend"), Cell::Text("cpu"));
        assert_eq!(cells.last(), Some(&Cell::Text("mine")));
        assert_eq!(
            Row::default().cells(&labels, "digest"),
            vec![Cell::Absent; columns.len()]
        );
    }
}

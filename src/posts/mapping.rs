//! Which column of a table is what.

use crate::{LabelColumns, images::is_image_name, row::Row};

/// Names of a column of captions, in the order of preference.
const CAPTION: [&str; 3] = ["caption", "text", "title"];
const IMAGE: [&str; 6] = ["image", "picture", "file", "filename", "file_name", "path"];
const ID: [&str; 1] = ["id"];
const MANUAL_LABEL: [&str; 1] = ["hand_emotion"];

/// Rows that are looked at to find out what a column holds.
const SAMPLED_ROWS: usize = 100;

/// Places of the columns that mean something; `None` for what a table lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The caption of a post.
    pub caption: Option<usize>,
    /// The name of a post's image file.
    pub image: Option<usize>,
    /// The name of a post.
    pub id: Option<usize>,
    /// The label that a person gave.
    pub manual_label: Option<usize>,
}

impl Mapping {
    /// The mapping that the names of the columns suggest. A labelled table has its captions in the column that was written
    /// for them, whatever its extra columns are called.
    #[must_use]
    pub fn guess(columns: &[String]) -> Self {
        let labelled = LabelColumns::find(columns);
        let first = |names: &[&str]| {
            let written = labelled.as_ref().and_then(|columns| columns.place(names[0]));
            written.or_else(|| names.iter().find_map(|name| Self::find(columns, name)))
        };
        Self {
            caption: first(&CAPTION),
            image: first(&IMAGE),
            id: first(&ID),
            manual_label: first(&MANUAL_LABEL),
        }
    }

    /// The column of a name, or else the first whose name differs only in letter case.
    #[must_use]
    pub fn find(columns: &[String], name: &str) -> Option<usize> {
        let exact = columns.iter().position(|column| column == name);
        let lower = name.to_lowercase();
        exact.or_else(|| columns.iter().position(|column| column.to_lowercase() == lower))
    }

    /// The places of all its columns, in no certain order.
    #[must_use]
    pub fn places(&self) -> [Option<usize>; 4] {
        [self.caption, self.image, self.id, self.manual_label]
    }
}

/// The first column in which at least half of the cells that are filled are names of image files.
#[must_use]
pub fn column_of_image_names(rows: &[Row], columns: usize) -> Option<usize> {
    (0..columns).find(|&column| {
        let cells = rows.iter().take(SAMPLED_ROWS).filter_map(|row| row.cells.get(column));
        let filled: Vec<&str> = cells.map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        let images = filled.iter().filter(|cell| is_image_name(cell)).count();
        images > 0 && 2 * images >= filled.len()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn columns_are_known_by_the_first_of_their_names_in_any_letter_case() {
        let mapping = Mapping::guess(&columns(&[
            "Title",
            "text",
            "Path",
            "File",
            "ID",
            "mood",
            "Hand_Emotion",
        ]));
        let expected = Mapping {
            caption: Some(1),
            image: Some(3),
            id: Some(4),
            manual_label: Some(6),
        };
        assert_eq!(mapping, expected);
        assert_eq!(Mapping::guess(&columns(&["mood"])), Mapping::default());
        assert_eq!(Mapping::find(&columns(&["CAPTION", "caption"]), "caption"), Some(1));
    }

    #[test]
    fn a_column_of_image_names_is_found_by_its_cells() {
        let row = |cells: &[&str]| Row {
            number: 1,
            line: 2,
            cells: columns(cells),
        };
        let rows = [row(&["a cat.", "x/a.jpg"]), row(&["b", ""]), row(&["c", "b.PNG"])];
        assert_eq!(column_of_image_names(&rows, 2), Some(1));
        assert_eq!(column_of_image_names(&rows[1..2], 2), None);
    }
}

//! Columns of labelled tables: what `emofuse label` and the labelling desk add to the columns that a table has.
//!
//! No column of a table is lost or overwritten. Where a table has a column of the name of one of [`COLUMNS`], that one is
//! written under the next name of its series: `emotion`, `emofuse_emotion`, `emofuse_emotion 2`, `emofuse_emotion 3`, and
//! so on. It is always the last of its series in the file, so that [`LabelColumns::find`] knows it again wherever it stands.

use crate::csv_writer::unescape_formula;

/// Names of the columns that are added, in their order; the table's extra columns come behind them.
pub const COLUMNS: [&str; 29] = [
    "id",
    "image",
    "caption",
    "emotion",
    "confidence",
    "secondary",
    "uncertain",
    "uncertain_because",
    "joy",
    "trust",
    "fear",
    "surprise",
    "sadness",
    "disgust",
    "anger",
    "anticipation",
    "neutral",
    "image_emotion",
    "image_confidence",
    "caption_emotion",
    "caption_confidence",
    "agreement",
    "hand_emotion",
    "corrected_emotion",
    "corrected_confidence",
    "error",
    "image_sha256",
    "model_sha256",
    "backend",
];

/// The column, behind all others, that is `true` in each row of a file whose cells are escaped against formulas.
pub const FORMULAS_ESCAPED: &str = "formulas_escaped";

/// Columns that hold a person's own words, also in a labelled table.
const INPUTS: [&str; 4] = ["id", "image", "caption", "hand_emotion"];

/// Columns that a labelled table always has.
const REQUIRED: [&str; 2] = ["hand_emotion", "model_sha256"];

const PREFIX: &str = "emofuse_";

/// The place of a name among [`COLUMNS`] and, last, [`FORMULAS_ESCAPED`].
fn place_of(name: &str) -> Option<usize> {
    let mut names = COLUMNS.iter().chain([&FORMULAS_ESCAPED]);
    names.position(|column| *column == name)
}

/// Which column's series a name is of, and which of its names it is, from 0.
fn series_of(name: &str) -> Option<(usize, u32)> {
    if let Some(column) = place_of(name) {
        return Some((column, 0));
    }
    let prefixed = name.strip_prefix(PREFIX)?;
    if let Some(column) = place_of(prefixed) {
        return Some((column, 1));
    }
    let (column, digits) = prefixed.rsplit_once(' ')?;
    let number: u32 = digits.parse().ok()?;
    let is_written_so = number > 1 && number < u32::MAX && !digits.starts_with(['0', '+']);
    Some((place_of(column)?, number)).filter(|_| is_written_so)
}

/// A name of a series.
fn name_in_series(column: &str, number: u32) -> String {
    match number {
        0 => column.to_owned(),
        1 => format!("{PREFIX}{column}"),
        _ => format!("{PREFIX}{column} {number}"),
    }
}

/// Of each series the last name that a table has: which it is, and its place in the table.
fn last_of_series<S: AsRef<str>>(columns: &[S]) -> [Option<(u32, usize)>; COLUMNS.len() + 1] {
    let mut last = [None; COLUMNS.len() + 1];
    for (place, name) in columns.iter().enumerate() {
        let Some((column, number)) = series_of(name.as_ref()) else {
            continue;
        };
        if last[column].is_none_or(|(before, _)| before < number) {
            last[column] = Some((number, place));
        }
    }
    last
}

/// Whether cells are written as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Formulas {
    /// Every cell is written as it is.
    #[default]
    Raw,
    /// Cells that a spreadsheet would take for a formula are escaped; see [`crate::escape_formula`].
    Escaped,
}

/// The columns of a labelled table that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputColumns {
    /// Names of all columns, in their order.
    pub names: Vec<String>,
    /// The last cell of each row; `None` where the table has no column [`FORMULAS_ESCAPED`].
    pub formulas_escaped: Option<bool>,
}

impl OutputColumns {
    /// Columns of a table with these extra columns, which keep their names and their order.
    #[must_use]
    pub fn new(extra_columns: &[String], formulas: Formulas) -> Self {
        let last = last_of_series(extra_columns);
        let name = |place: usize, column: &str| {
            let number = last[place].map_or(0, |(number, _): (u32, usize)| number + 1);
            name_in_series(column, number)
        };
        let ours = COLUMNS.iter().enumerate().map(|(place, column)| name(place, column));
        let mut names: Vec<String> = ours.chain(extra_columns.iter().cloned()).collect();
        // A person's column of that name must not be taken for ours.
        let is_needed = formulas == Formulas::Escaped || last[COLUMNS.len()].is_some();
        if is_needed {
            names.push(name(COLUMNS.len(), FORMULAS_ESCAPED));
        }
        Self {
            names,
            formulas_escaped: is_needed.then_some(formulas == Formulas::Escaped),
        }
    }
}

/// Places of the columns of a labelled table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelColumns([Option<usize>; COLUMNS.len() + 1]);

impl LabelColumns {
    /// Places of the columns in a table with these names; `None` where it is not a labelled table, which has at least
    /// `hand_emotion` and `model_sha256`.
    #[must_use]
    pub fn find<S: AsRef<str>>(columns: &[S]) -> Option<Self> {
        let found = Self(last_of_series(columns).map(|last| last.map(|(_, place)| place)));
        REQUIRED.iter().all(|name| found.place(name).is_some()).then_some(found)
    }

    /// The place of one of [`COLUMNS`] or of [`FORMULAS_ESCAPED`].
    #[must_use]
    pub fn place(&self, column: &str) -> Option<usize> {
        self.0[place_of(column)?]
    }

    /// Whether the column at a place is what the program added, and not a person's.
    #[must_use]
    pub fn is_added(&self, place: usize) -> bool {
        let mut columns = COLUMNS.iter().chain([&FORMULAS_ESCAPED]).zip(self.0);
        columns.any(|(name, found)| found == Some(place) && !INPUTS.contains(name))
    }

    /// Whether a row's cells are escaped; spreadsheets write `TRUE`.
    #[must_use]
    pub fn is_escaped<S: AsRef<str>>(&self, cells: &[S]) -> bool {
        let cell = self.place(FORMULAS_ESCAPED).and_then(|place| cells.get(place));
        cell.is_some_and(|cell| cell.as_ref().trim().eq_ignore_ascii_case("true"))
    }
}

/// Takes the escape out of a cell that has one.
pub(crate) fn unescape(cell: &mut String) {
    let plain = unescape_formula(cell);
    if plain.len() < cell.len() {
        *cell = plain.into_owned();
    }
}

/// Places of the extra columns: those that mean nothing to the program, in their order.
///
/// `mapped` are the places of the columns of ids, images, captions and labels.
#[must_use]
pub fn extra_columns<S: AsRef<str>>(columns: &[S], mapped: &[Option<usize>]) -> Vec<usize> {
    let labelled = LabelColumns::find(columns);
    let is_extra = |place: &usize| {
        let is_added = labelled.as_ref().is_some_and(|ours| ours.is_added(*place));
        !is_added && !mapped.contains(&Some(*place))
    };
    (0..columns.len()).filter(is_extra).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn only_names_that_are_written_so_are_of_a_series() {
        assert_eq!(series_of("emotion"), Some((3, 0)));
        assert_eq!(series_of("emofuse_emotion"), Some((3, 1)));
        assert_eq!(series_of("emofuse_emotion 12"), Some((3, 12)));
        for other in [
            "Emotion",
            "emotion 2",
            "emofuse_",
            "emofuse_mood",
            "emofuse_emotion 1",
            "emofuse_emotion 02",
            "emofuse_emotion +2",
            "emofuse_emotion 4294967295",
            "emofuse_emofuse_emotion",
        ] {
            assert_eq!(series_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_labelled_table_is_known_in_any_order_and_with_columns_missing() {
        let columns = ["emotion", "emofuse_model_sha256", "model_sha256", "hand_emotion"];
        let ours = LabelColumns::find(&columns).expect("a labelled table");
        assert_eq!((ours.place("emotion"), ours.place("model_sha256")), (Some(0), Some(1)));
        assert_eq!((ours.place("joy"), ours.place("mood")), (None, None));
        assert_eq!(extra_columns(&columns, &[Some(3)]), [2]);
        assert_eq!(
            extra_columns(&columns, &[]),
            [2, 3],
            "a person's labels are never left out"
        );
        assert_eq!(LabelColumns::find(&["emotion", "hand_emotion"]), None);
        assert_eq!(extra_columns(&["emotion", "hand_emotion"], &[Some(1)]), [0]);
    }

    fn extra() -> impl Strategy<Value = Vec<String>> {
        let base = prop::sample::select([&COLUMNS[..], &[FORMULAS_ESCAPED, "mood", "="]].concat());
        let name = (base, 0..5_u32).prop_map(|(base, number)| name_in_series(base, number));
        prop::collection::btree_set(name, 0..12)
            .prop_map(|names| names.into_iter().collect::<Vec<_>>())
            .prop_shuffle()
    }

    proptest! {
        #[test]
        fn columns_are_found_again_in_whatever_order_and_no_name_comes_twice(
            extra in extra(),
            is_escaped in any::<bool>(),
            turn in any::<prop::sample::Index>(),
        ) {
            let formulas = if is_escaped { Formulas::Escaped } else { Formulas::Raw };
            let columns = OutputColumns::new(&extra, formulas);
            let unique: std::collections::BTreeSet<&String> = columns.names.iter().collect();
            prop_assert_eq!(unique.len(), columns.names.len());
            prop_assert_eq!(&columns.names[COLUMNS.len()..][..extra.len()], &extra[..]);

            let turn = turn.index(columns.names.len());
            let mut turned = columns.names.clone();
            turned.rotate_left(turn);
            let ours = LabelColumns::find(&turned).expect("a labelled table");
            for (column, name) in COLUMNS.iter().zip(&columns.names) {
                prop_assert_eq!(ours.place(column).map(|place| &turned[place]), Some(name));
            }
            let marker = columns.formulas_escaped.and(columns.names.last());
            prop_assert_eq!(ours.place(FORMULAS_ESCAPED).map(|place| &turned[place]), marker);
            let mapped = INPUTS.map(|name| ours.place(name));
            let mut again: Vec<String> = extra_columns(&turned, &mapped).into_iter().map(|place| turned[place].clone()).collect();
            let mut expected = extra;
            again.sort();
            expected.sort();
            prop_assert_eq!(again, expected);
        }
    }

    #[test]
    fn a_person_s_own_column_of_that_name_is_not_taken_for_the_mark() {
        let columns = OutputColumns::new(&owned(&["formulas_escaped"]), Formulas::Raw);
        assert_eq!(columns.formulas_escaped, Some(false));
        assert_eq!(columns.names.last().expect("a name"), "emofuse_formulas_escaped");
        let plain = OutputColumns::new(&[], Formulas::Raw);
        assert_eq!((plain.names.len(), plain.formulas_escaped), (COLUMNS.len(), None));
    }
}

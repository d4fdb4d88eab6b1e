//! Columns of labelled tables: what `emofuse label` and the labelling desk add to the columns that a table has.
//!
//! They are [`FIRST_COLUMNS`], a column of scores for each label, and [`LAST_COLUMNS`]. No column of a table is lost or
//! overwritten. Where a table has a column of the name of one of these, that one is written under the next name of its series:
//! `emotion`, `emofuse_emotion`, `emofuse_emotion 2`, `emofuse_emotion 3`, and so on. It is always the last of its series in
//! the file, so that [`LabelColumns::find`] knows it again wherever it stands.

use emofuse_core::LabelSet;

use crate::csv_writer::unescape_formula;

/// Names of the columns that are added before those of the scores, in their order.
pub const FIRST_COLUMNS: [&str; 8] = [
    "id",
    "image",
    "caption",
    "emotion",
    "confidence",
    "secondary",
    "uncertain",
    "uncertain_because",
];

/// Names of the columns that are added behind those of the scores, in their order; the table's extra columns come behind them.
pub const LAST_COLUMNS: [&str; 12] = [
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

const FIXED: usize = FIRST_COLUMNS.len() + LAST_COLUMNS.len() + 1;

/// The columns of every labelled table: those before the scores, those behind, and [`FORMULAS_ESCAPED`].
fn fixed_columns() -> impl Iterator<Item = &'static str> {
    let columns = FIRST_COLUMNS.iter().chain(&LAST_COLUMNS).copied();
    columns.chain([FORMULAS_ESCAPED])
}

/// The name of a label's column of scores: the label's own, or `score (LABEL)` if that could be taken for another column.
fn score_column(label: &str) -> String {
    const WRAPPED: &str = "score (";
    let has_number = label
        .rsplit_once(' ')
        .is_some_and(|(_, end)| end.bytes().all(|byte| byte.is_ascii_digit()));
    let is_like_another = has_number || label.starts_with(PREFIX) || label.starts_with(WRAPPED);
    if is_like_another || fixed_columns().any(|column| column == label) {
        [WRAPPED, label, ")"].concat()
    } else {
        label.to_owned()
    }
}

/// Names of the columns that are added for a set of labels, in their order.
#[must_use]
pub fn added_columns(labels: &LabelSet) -> Vec<String> {
    let owned = |column: &&str| (*column).to_owned();
    let mut columns: Vec<String> = FIRST_COLUMNS.iter().map(owned).collect();
    columns.extend(labels.names().map(score_column));
    columns.extend(LAST_COLUMNS.iter().map(owned));
    columns
}

/// Columns by name, of which each begins a series.
struct Series(Vec<String>);

impl Series {
    /// Of the columns of every labelled table.
    fn fixed() -> Self {
        Self(fixed_columns().map(str::to_owned).collect())
    }

    /// With the columns of scores behind them.
    fn with_scores(labels: &LabelSet) -> Self {
        let mut series = Self::fixed();
        series.0.extend(labels.names().map(score_column));
        series
    }

    /// The place of a name among these.
    fn place_of(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|column| column == name)
    }

    /// Which column's series a name is of, and which of its names it is, from 0.
    fn series_of(&self, name: &str) -> Option<(usize, u32)> {
        if let Some(column) = self.place_of(name) {
            return Some((column, 0));
        }
        let prefixed = name.strip_prefix(PREFIX)?;
        if let Some(column) = self.place_of(prefixed) {
            return Some((column, 1));
        }
        let (column, digits) = prefixed.rsplit_once(' ')?;
        let number: u32 = digits.parse().ok()?;
        let is_written_so = number > 1 && number < u32::MAX && !digits.starts_with(['0', '+']);
        Some((self.place_of(column)?, number)).filter(|_| is_written_so)
    }

    /// Of each series the last name that a table has: which it is, and its place in the table.
    fn last<S: AsRef<str>>(&self, columns: &[S]) -> Vec<Option<(u32, usize)>> {
        let mut last = vec![None; self.0.len()];
        for (place, name) in columns.iter().enumerate() {
            let Some((column, number)) = self.series_of(name.as_ref()) else {
                continue;
            };
            if last[column].is_none_or(|(before, _)| before < number) {
                last[column] = Some((number, place));
            }
        }
        last
    }
}

/// A name of a series.
fn name_in_series(column: &str, number: u32) -> String {
    match number {
        0 => column.to_owned(),
        1 => format!("{PREFIX}{column}"),
        _ => format!("{PREFIX}{column} {number}"),
    }
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
    /// Columns of a table that is labelled with these labels and has these extra columns, which keep their names and their
    /// order.
    #[must_use]
    pub fn new(labels: &LabelSet, extra_columns: &[String], formulas: Formulas) -> Self {
        let series = Series::with_scores(labels);
        let last = series.last(extra_columns);
        let next = |column: &str| {
            let place = series.place_of(column);
            let last = place.and_then(|place| last[place]);
            name_in_series(column, last.map_or(0, |(number, _)| number + 1))
        };
        let mut names: Vec<String> = added_columns(labels).iter().map(|column| next(column)).collect();
        names.extend(extra_columns.iter().cloned());
        // A person's column of that name must not be taken for ours.
        let marker = next(FORMULAS_ESCAPED);
        let is_needed = formulas == Formulas::Escaped || marker != FORMULAS_ESCAPED;
        if is_needed {
            names.push(marker);
        }
        Self {
            names,
            formulas_escaped: is_needed.then_some(formulas == Formulas::Escaped),
        }
    }
}

/// Places of the columns of a labelled table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelColumns {
    fixed: [Option<usize>; FIXED],
    /// Of the scores of each label, as far as the labels were known.
    scores: Vec<Option<usize>>,
}

impl LabelColumns {
    /// Places of the columns in a table with these names, but for those of scores; `None` where it is not a labelled table,
    /// which has at least `hand_emotion` and `model_sha256`.
    #[must_use]
    pub fn find<S: AsRef<str>>(columns: &[S]) -> Option<Self> {
        Self::of(&Series::fixed(), columns)
    }

    /// The same with the columns of these labels' scores.
    #[must_use]
    pub fn find_with_scores<S: AsRef<str>>(columns: &[S], labels: &LabelSet) -> Option<Self> {
        Self::of(&Series::with_scores(labels), columns)
    }

    fn of<S: AsRef<str>>(series: &Series, columns: &[S]) -> Option<Self> {
        let last = series.last(columns).into_iter();
        let mut places = last.map(|last| last.map(|(_, place)| place));
        let mut fixed = [None; FIXED];
        for (place, found) in fixed.iter_mut().zip(places.by_ref()) {
            *place = found;
        }
        let found = Self {
            fixed,
            scores: places.collect(),
        };
        REQUIRED.iter().all(|name| found.place(name).is_some()).then_some(found)
    }

    /// The place of one of [`FIRST_COLUMNS`], of [`LAST_COLUMNS`] or of [`FORMULAS_ESCAPED`].
    #[must_use]
    pub fn place(&self, column: &str) -> Option<usize> {
        self.fixed[fixed_columns().position(|name| name == column)?]
    }

    /// The place of the scores of a label, by its index.
    #[must_use]
    pub fn place_of_scores(&self, label: usize) -> Option<usize> {
        self.scores.get(label).copied().flatten()
    }

    /// Whether the column at a place is what the program added, and not a person's.
    #[must_use]
    pub fn is_added(&self, place: usize) -> bool {
        let mut columns = fixed_columns().zip(self.fixed);
        columns.any(|(name, found)| found == Some(place) && !INPUTS.contains(&name))
            || self.scores.contains(&Some(place))
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
/// `mapped` are the places of the columns of ids, images, captions and labels. Scores of other labels than these are extra
/// columns: they may be a person's.
#[must_use]
pub fn extra_columns<S: AsRef<str>>(columns: &[S], mapped: &[Option<usize>], labels: &LabelSet) -> Vec<usize> {
    let labelled = LabelColumns::find_with_scores(columns, labels);
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
        let series = Series::fixed();
        let series_of = |name: &str| series.series_of(name);
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
        assert_eq!((ours.place("agreement"), ours.place("mood")), (None, None));
        let extra = |columns: &[&str], mapped: &[Option<usize>]| extra_columns(columns, mapped, &LabelSet::plutchik());
        assert_eq!(extra(&columns, &[Some(3)]), [2]);
        assert_eq!(extra(&columns, &[]), [2, 3], "a person's labels are never left out");
        assert_eq!(LabelColumns::find(&["emotion", "hand_emotion"]), None);
        assert_eq!(extra(&["emotion", "hand_emotion"], &[Some(1)]), [0]);
    }

    #[test]
    fn the_scores_have_the_names_of_the_labels_unless_these_are_like_other_columns() {
        let plutchik = added_columns(&LabelSet::plutchik());
        let scores = &plutchik[FIRST_COLUMNS.len()..][..9];
        assert!(LabelSet::plutchik().names().eq(scores.iter().map(String::as_str)));
        assert_eq!(plutchik.len(), 29);
        let odd = [
            "image",
            "calm",
            "emofuse_calm",
            "calm 2",
            "score (calm)",
            "formulas_escaped",
        ];
        let labels = LabelSet::from_names(odd, None).expect("labels");
        let added = added_columns(&labels);
        assert_eq!(
            added[FIRST_COLUMNS.len()..][..odd.len()],
            [
                "score (image)",
                "calm",
                "score (emofuse_calm)",
                "score (calm 2)",
                "score (score (calm))",
                "score (formulas_escaped)"
            ]
        );
    }

    #[test]
    fn scores_of_other_labels_are_extra_columns() {
        let columns = ["hand_emotion", "model_sha256", "joy", "calm"];
        let labels = LabelSet::from_names(["calm", "tense"], None).expect("labels");
        assert_eq!(extra_columns(&columns, &[Some(0)], &labels), [2]);
        assert_eq!(extra_columns(&columns, &[Some(0)], &LabelSet::plutchik()), [3]);
        let found = LabelColumns::find_with_scores(&columns, &labels).expect("a labelled table");
        assert_eq!((found.place_of_scores(0), found.place_of_scores(1)), (Some(3), None));
    }

    fn labels() -> impl Strategy<Value = LabelSet> {
        let sets = [
            LabelSet::plutchik(),
            LabelSet::from_names(
                ["image", "calm", "emofuse_calm", "calm 2", "calm 3", "score (calm)"],
                None,
            )
            .expect("labels"),
        ];
        prop::sample::select(sets.to_vec())
    }

    fn extra() -> impl Strategy<Value = Vec<String>> {
        let mut bases = owned(&["mood", "=", "joy", "calm", "score (calm 2)", "calm 2", "score (image)"]);
        bases.extend(fixed_columns().map(str::to_owned));
        let base = prop::sample::select(bases);
        let name = (base, 0..5_u32).prop_map(|(base, number)| name_in_series(&base, number));
        prop::collection::btree_set(name, 0..12)
            .prop_map(|names| names.into_iter().collect::<Vec<_>>())
            .prop_shuffle()
    }

    proptest! {
        #[test]
        fn columns_are_found_again_in_whatever_order_and_no_name_comes_twice(
            labels in labels(),
            extra in extra(),
            is_escaped in any::<bool>(),
            turn in any::<prop::sample::Index>(),
        ) {
            let formulas = if is_escaped { Formulas::Escaped } else { Formulas::Raw };
            let added = added_columns(&labels);
            let columns = OutputColumns::new(&labels, &extra, formulas);
            let unique: std::collections::BTreeSet<&String> = columns.names.iter().collect();
            prop_assert_eq!(unique.len(), columns.names.len());
            prop_assert_eq!(&columns.names[added.len()..][..extra.len()], &extra[..]);

            let turn = turn.index(columns.names.len());
            let mut turned = columns.names.clone();
            turned.rotate_left(turn);
            let ours = LabelColumns::find_with_scores(&turned, &labels).expect("a labelled table");
            let scores = FIRST_COLUMNS.len()..FIRST_COLUMNS.len() + labels.len();
            for (index, (column, name)) in added.iter().zip(&columns.names).enumerate() {
                let place = if scores.contains(&index) {
                    ours.place_of_scores(index - scores.start)
                } else {
                    ours.place(column)
                };
                prop_assert_eq!(place.map(|place| &turned[place]), Some(name));
            }
            let marker = columns.formulas_escaped.and(columns.names.last());
            prop_assert_eq!(ours.place(FORMULAS_ESCAPED).map(|place| &turned[place]), marker);
            let mapped = INPUTS.map(|name| ours.place(name));
            let mut again: Vec<String> = extra_columns(&turned, &mapped, &labels).into_iter().map(|place| turned[place].clone()).collect();
            let mut expected = extra;
            again.sort();
            expected.sort();
            prop_assert_eq!(again, expected);
        }
    }

    #[test]
    fn a_person_s_own_column_of_that_name_is_not_taken_for_the_mark() {
        let labels = LabelSet::plutchik();
        let columns = OutputColumns::new(&labels, &owned(&["formulas_escaped"]), Formulas::Raw);
        assert_eq!(columns.formulas_escaped, Some(false));
        assert_eq!(columns.names.last().expect("a name"), "emofuse_formulas_escaped");
        let plain = OutputColumns::new(&labels, &[], Formulas::Raw);
        assert_eq!((plain.names, plain.formulas_escaped), (added_columns(&labels), None));
    }
}

//! The labels that a model tells apart: Plutchik's emotions, another ready-made set, or any of your own.

mod json;

use std::sync::Arc;

use crate::{
    emotion::Emotion,
    error::{Error, Result},
    unicode::{Form, normalise},
};

/// The fewest labels of a set.
pub const FEWEST_LABELS: usize = 2;

/// The most labels of a set.
pub const MOST_LABELS: usize = 64;

/// The most characters of a label's name, and of a group's.
pub const LONGEST_NAME: usize = 64;

/// Probabilities, one for each label of a [`LabelSet`] in its order.
pub type Scores = Vec<f32>;

/// A label: its name, and optionally how to show it.
///
/// In files and JSON it is a plain string, or an object if it has more than a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its name, in any language; in Unicode's form NFC, without white space around it.
    pub name: String,
    /// Its colour in charts, as `#rrggbb`.
    pub colour: Option<String>,
    /// The heading under which it is listed.
    pub group: Option<String>,
}

impl Label {
    /// A label with a name alone.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            colour: None,
            group: None,
        }
    }
}

/// From 2 to 64 labels with distinct names. A copy costs next to nothing.
///
/// A label's index in the set is its index in every vector of scores. One of the labels may be the `none` label, which
/// says that none of the others applies, as `neutral` does among Plutchik's.
///
/// In files and JSON a set is the list of its labels, or `{"labels": […], "none": "…"}` if it has a `none` label. The
/// list of Plutchik's nine labels has `neutral` for its `none` label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelSet(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    labels: Vec<Label>,
    none: Option<usize>,
}

/// Ekman's six basic emotions, and what stands for none of them.
const EKMAN: [&str; 7] = ["anger", "disgust", "fear", "joy", "sadness", "surprise", NEUTRAL];

/// The eight emotions of Mikels et al. (2005), which the Flickr data set has.
const MIKELS: [&str; 8] = [
    "amusement",
    "anger",
    "awe",
    "contentment",
    "disgust",
    "excitement",
    "fear",
    "sadness",
];

/// The labels of MVSA.
const SENTIMENT: [&str; 3] = ["positive", NEUTRAL, "negative"];

const NEUTRAL: &str = "neutral";

impl LabelSet {
    /// A set of labels, of which the one named `none`, if any, says that none of the others applies.
    ///
    /// White space around names is removed, and names are brought to Unicode's form NFC.
    ///
    /// # Errors
    /// [`Error::Labels`] for fewer than 2 or more than 64 labels, a name that is empty, too long or occurs twice, a name
    /// with a control character, a colour that is not `#rrggbb`, or if no label is named `none`.
    pub fn new(labels: Vec<Label>, none: Option<&str>) -> Result<Self> {
        let labels = labels.into_iter().map(checked).collect::<Result<Vec<Label>>>()?;
        if labels.len() < FEWEST_LABELS {
            return Err(wrong("there must be at least two"));
        }
        if labels.len() > MOST_LABELS {
            return Err(wrong("there may be at most 64"));
        }
        for (index, label) in labels.iter().enumerate() {
            if labels[..index].iter().any(|earlier| earlier.name == label.name) {
                return Err(wrong(&["`", &label.name, "` occurs twice"].concat()));
            }
        }
        let set = Self(Arc::new(Inner { labels, none: None }));
        let Some(none) = none else { return Ok(set) };
        let Some(index) = set.index(none) else {
            return Err(wrong(&["the `none` label `", none, "` is not among them"].concat()));
        };
        Ok(set.with_none(index))
    }

    /// A set of labels by their names.
    ///
    /// # Errors
    /// As [`LabelSet::new`].
    pub fn from_names<S: AsRef<str>>(names: impl IntoIterator<Item = S>, none: Option<&str>) -> Result<Self> {
        let labels = names.into_iter().map(|name| Label::new(name.as_ref()));
        Self::new(labels.collect(), none)
    }

    /// Plutchik's eight primary emotions and `neutral`, in the order of [`Emotion::ALL`]: the default.
    #[must_use]
    pub fn plutchik() -> Self {
        Self::ready(&Emotion::ALL.map(Emotion::name), Some(Emotion::Neutral.index()))
    }

    /// Ekman's six basic emotions, and `neutral` for none of them.
    #[must_use]
    pub fn ekman() -> Self {
        Self::ready(&EKMAN, Some(EKMAN.len() - 1))
    }

    /// The eight emotions of Mikels et al., which the Flickr data set has.
    #[must_use]
    pub fn mikels() -> Self {
        Self::ready(&MIKELS, None)
    }

    /// `positive`, `neutral` and `negative`.
    #[must_use]
    pub fn sentiment() -> Self {
        Self::ready(&SENTIMENT, None)
    }

    /// The ready-made set of a name: `plutchik`, `ekman`, `mikels` or `sentiment`.
    #[must_use]
    pub fn ready_made(name: &str) -> Option<Self> {
        match name {
            "plutchik" => Some(Self::plutchik()),
            "ekman" => Some(Self::ekman()),
            "mikels" => Some(Self::mikels()),
            "sentiment" => Some(Self::sentiment()),
            _ => None,
        }
    }

    fn ready(names: &[&str], none: Option<usize>) -> Self {
        let labels = names.iter().map(|name| Label::new(name)).collect();
        Self(Arc::new(Inner { labels, none }))
    }

    fn with_none(&self, index: usize) -> Self {
        let labels = self.0.labels.clone();
        Self(Arc::new(Inner {
            labels,
            none: Some(index),
        }))
    }

    /// How many labels there are: 2 to 64.
    #[expect(clippy::len_without_is_empty, reason = "no set is empty")]
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.labels.len()
    }

    /// The labels, in order.
    #[must_use]
    pub fn labels(&self) -> &[Label] {
        &self.0.labels
    }

    /// The label of an index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Label> {
        self.0.labels.get(index)
    }

    /// The names, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.labels.iter().map(|label| label.name.as_str())
    }

    /// The name of a label.
    ///
    /// # Panics
    /// If there is no label of this index.
    #[must_use]
    pub fn name(&self, index: usize) -> &str {
        &self.0.labels[index].name
    }

    /// The index of a name; white space around it and its Unicode form do not matter.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<usize> {
        let find = |name: &str| self.names().position(|other| other == name);
        find(name).or_else(|| find(&normalise(name.trim(), Form::Nfc)))
    }

    /// The index of a name, for callers that need one.
    ///
    /// # Errors
    /// [`Error::UnknownLabel`] if no label has the name.
    pub fn find(&self, name: &str) -> Result<usize> {
        self.index(name).ok_or_else(|| Error::UnknownLabel {
            name: name.into(),
            expected: self.list(),
        })
    }

    /// The names with commas between them.
    #[must_use]
    pub fn list(&self) -> String {
        let names: Vec<&str> = self.names().collect();
        names.join(", ")
    }

    /// The index of the label that says that none of the others applies.
    #[must_use]
    pub fn none(&self) -> Option<usize> {
        self.0.none
    }

    /// The indices of all labels but the `none` label, in order.
    pub fn primary(&self) -> impl Iterator<Item = usize> + use<> {
        let none = self.0.none;
        (0..self.len()).filter(move |index| Some(*index) != none)
    }

    /// Whether these are Plutchik's nine labels in the order of [`Emotion::ALL`].
    #[must_use]
    pub fn is_plutchik(&self) -> bool {
        self.has_names(&Emotion::ALL.map(Emotion::name))
    }

    /// Whether these are `positive`, `neutral` and `negative`, in this order.
    #[must_use]
    pub fn is_sentiment(&self) -> bool {
        self.has_names(&SENTIMENT)
    }

    fn has_names(&self, names: &[&str]) -> bool {
        self.names().eq(names.iter().copied())
    }

    /// How a label counts towards the valence of a post: +1, −1 or 0; `None` if the set is neither Plutchik's nor
    /// sentiment's.
    #[must_use]
    pub fn valence(&self, index: usize) -> Option<f32> {
        if self.is_plutchik() {
            return Emotion::ALL.get(index).map(|emotion| emotion.valence());
        }
        if self.is_sentiment() {
            return [1.0, 0.0, -1.0].get(index).copied();
        }
        None
    }

    /// The `none` label of a plain list of these labels.
    fn implied_none(&self) -> Option<usize> {
        self.is_plutchik().then_some(Emotion::Neutral.index())
    }
}

impl Default for LabelSet {
    fn default() -> Self {
        Self::plutchik()
    }
}

/// A label as it is kept.
fn checked(label: Label) -> Result<Label> {
    let Label { name, colour, group } = label;
    let name = checked_name(&name)?;
    if let Some(colour) = &colour
        && !is_colour(colour)
    {
        return Err(wrong(
            &["the colour of `", &name, "` is not of the form `#rrggbb`"].concat(),
        ));
    }
    Ok(Label {
        group: group.as_deref().map(checked_name).transpose()?,
        name,
        colour,
    })
}

fn checked_name(name: &str) -> Result<String> {
    let name = normalise(name.trim(), Form::Nfc);
    if name.is_empty() {
        return Err(wrong("a name is empty"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(wrong("a name has more than 64 characters"));
    }
    if name.chars().any(char::is_control) {
        return Err(wrong("a name has a control character"));
    }
    if name == "__proto__" {
        return Err(wrong("JavaScript does not let `__proto__` be the name of a label"));
    }
    Ok(name)
}

fn is_colour(colour: &str) -> bool {
    let digits = colour.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

fn wrong(reason: &str) -> Error {
    Error::Labels { reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> Result<LabelSet> {
        LabelSet::from_names(names, None)
    }

    fn reason(result: Result<LabelSet>) -> String {
        match result {
            Err(Error::Labels { reason }) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_default_set_is_plutchiks_in_the_order_of_the_emotions() {
        let set = LabelSet::plutchik();
        assert!(set.is_plutchik());
        for emotion in Emotion::ALL {
            assert_eq!(set.name(emotion.index()), emotion.name());
            assert_eq!(set.index(emotion.name()), Some(emotion.index()));
            assert_eq!(set.valence(emotion.index()), Some(emotion.valence()));
        }
        assert_eq!(set.none(), Some(Emotion::Neutral.index()));
        let primary = Emotion::PRIMARY.map(Emotion::index);
        assert_eq!(set.primary().collect::<Vec<usize>>(), primary);
        assert_eq!(LabelSet::default(), set);
    }

    #[test]
    fn ready_made_sets_have_their_names_and_none_labels() {
        for (name, labels, none) in [
            ("plutchik", 9, Some("neutral")),
            ("ekman", 7, Some("neutral")),
            ("mikels", 8, None),
            ("sentiment", 3, None),
        ] {
            let set = LabelSet::ready_made(name).expect("a ready-made set");
            assert_eq!(set.len(), labels, "{name}");
            assert_eq!(set.none().map(|none| set.name(none)), none, "{name}");
            let checked = LabelSet::new(set.labels().to_vec(), none).expect("it passes its own checks");
            assert_eq!(checked, set);
            let json = serde_json::to_string(&set).expect("JSON");
            assert_eq!(serde_json::from_str::<LabelSet>(&json).expect("it is read back"), set);
        }
        assert_eq!(LabelSet::ready_made("mine"), None);
        let sentiment = LabelSet::sentiment();
        let valence: Vec<Option<f32>> = (0..4).map(|label| sentiment.valence(label)).collect();
        assert_eq!(valence, [Some(1.0), Some(0.0), Some(-1.0), None]);
        assert_eq!(LabelSet::ekman().valence(0), None);
    }

    #[test]
    fn names_are_trimmed_and_composed_and_found_however_they_are_written() {
        let set = set(&[" caf\u{65}\u{301} ", "悲しみ", "joie de vivre"]).expect("distinct names");
        assert_eq!(
            set.names().collect::<Vec<&str>>(),
            ["caf\u{e9}", "悲しみ", "joie de vivre"]
        );
        assert_eq!(set.index("cafe\u{301}"), Some(0));
        assert_eq!(set.index(" 悲しみ"), Some(1));
        assert!(matches!(
            set.find("tea"),
            Err(Error::UnknownLabel { name, expected }) if name == "tea" && expected == "caf\u{e9}, 悲しみ, joie de vivre"
        ));
    }

    #[test]
    fn sets_that_cannot_be_are_refused_with_a_reason() {
        let many: Vec<String> = (0..65).map(|label| format!("label {label}")).collect();
        let long = "x".repeat(65);
        assert!(reason(set(&[])).contains("at least two"));
        assert!(reason(set(&["one"])).contains("at least two"));
        assert!(reason(LabelSet::from_names(&many, None)).contains("at most 64"));
        assert!(LabelSet::from_names(&many[..64], None).is_ok());
        assert!(reason(set(&["a", "b", " a"])).contains("`a` occurs twice"));
        assert!(reason(set(&["caf\u{e9}", "cafe\u{301}"])).contains("twice"));
        assert!(reason(set(&["a", " "])).contains("empty"));
        assert!(reason(set(&["a", &long])).contains("more than 64"));
        assert!(set(&["a", &"é".repeat(64)]).is_ok());
        assert!(reason(set(&["a", "b\u{7}c"])).contains("control"));
        assert!(reason(set(&["a", "__proto__"])).contains("`__proto__`"));
        assert!(reason(LabelSet::from_names(["a", "b"], Some("c"))).contains("`c` is not among"));
        for colour in ["red", "#ff", "#ff00zz", "ff0000", "#ff00001", ""] {
            let label = Label {
                colour: Some(colour.into()),
                ..Label::new("a")
            };
            assert!(reason(LabelSet::new(vec![label, Label::new("b")], None)).contains("#rrggbb"));
        }
    }
}

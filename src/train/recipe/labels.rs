//! The labels that a recipe names.

use emofuse_core::labels::{Label, LabelSet};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use toml::Value;

/// What stands for the labels that occur in the data.
const FROM_DATA: &str = "from data";

const READY_MADE: [&str; 4] = ["plutchik", "ekman", "mikels", "sentiment"];

/// The labels that a model learns.
///
/// In a recipe: the name of a ready-made set, `"from data"`, a list of labels (names, or tables with `name`, `colour` and
/// `group`), or a table with `names`, which is any of these, and `none`, the label that says that none of the others
/// applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelsRecipe {
    /// These.
    Set {
        /// The labels.
        labels: LabelSet,
        /// Whether they are not those of a ready-made set: then each must occur in the data.
        is_of_its_own: bool,
    },
    /// Those that occur in the data.
    FromData {
        /// The label that says that none of the others applies.
        none: Option<String>,
    },
}

impl LabelsRecipe {
    /// Whether the recipe lists labels that are not those of a ready-made set.
    #[must_use]
    pub fn is_of_its_own(&self) -> bool {
        matches!(
            self,
            Self::Set {
                is_of_its_own: true,
                ..
            }
        )
    }

    fn listed(labels: Vec<Label>, none: Option<&str>) -> Result<Self, String> {
        let labels = LabelSet::new(labels, none).map_err(|error| error.to_string())?;
        let is_ready_made =
            |name: &&str| LabelSet::ready_made(name).is_some_and(|ready_made| ready_made.names().eq(labels.names()));
        Ok(Self::Set {
            is_of_its_own: !READY_MADE.iter().any(|name| is_ready_made(&name)),
            labels,
        })
    }

    fn named(name: &str, none: Option<&str>) -> Result<Self, String> {
        if name == FROM_DATA {
            return Ok(Self::FromData {
                none: none.map(String::from),
            });
        }
        let Some(labels) = LabelSet::ready_made(name) else {
            return Err(format!(
                "`{name}` is not a ready-made set of labels; write one of {}, or \"{FROM_DATA}\", or list your labels",
                READY_MADE.join(", ")
            ));
        };
        match none {
            Some(none) => Self::listed(labels.labels().to_vec(), Some(none)),
            None => Ok(Self::Set {
                labels,
                is_of_its_own: false,
            }),
        }
    }

    fn read(value: Value, none: Option<&str>) -> Result<Self, String> {
        match value {
            Value::String(name) => Self::named(&name, none),
            Value::Array(labels) => {
                let labels = labels.into_iter().map(Label::deserialize);
                let labels: Result<Vec<Label>, _> = labels.collect();
                Self::listed(labels.map_err(|error| error.message().to_owned())?, none)
            }
            Value::Table(mut table) if none.is_none() => {
                let names = table
                    .remove("names")
                    .ok_or("the table `labels` needs the key `names`")?;
                let none = match table.remove("none") {
                    Some(Value::String(none)) => Some(none),
                    None => None,
                    Some(_) => return Err("`labels.none` must be the name of a label".into()),
                };
                match table.keys().next() {
                    Some(key) => Err(format!("unknown key `labels.{key}`; the table has `names` and `none`")),
                    None if names.is_table() => {
                        Err("`labels.names` must be a list of labels, or the name of a set".into())
                    }
                    None => Self::read(names, none.as_deref()),
                }
            }
            _ => Err("`labels` must be a list of labels, or the name of a set".into()),
        }
    }
}

impl Default for LabelsRecipe {
    fn default() -> Self {
        Self::Set {
            labels: LabelSet::plutchik(),
            is_of_its_own: false,
        }
    }
}

impl<'de> Deserialize<'de> for LabelsRecipe {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(Value::deserialize(deserializer)?, None).map_err(D::Error::custom)
    }
}

impl Serialize for LabelsRecipe {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set { labels, .. } => labels.serialize(serializer),
            Self::FromData { .. } => serializer.serialize_str(FROM_DATA),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Holder {
        #[serde(default)]
        labels: LabelsRecipe,
    }

    fn read(text: &str) -> Result<LabelsRecipe, String> {
        let holder: Result<Holder, toml::de::Error> = toml::from_str(text);
        holder.map(|holder| holder.labels).map_err(|error| error.to_string())
    }

    fn set(text: &str) -> (LabelSet, bool) {
        match read(text) {
            Ok(LabelsRecipe::Set { labels, is_of_its_own }) => (labels, is_of_its_own),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn labels_are_plutchiks_those_of_another_set_or_listed() {
        assert_eq!(set(""), (LabelSet::plutchik(), false));
        assert_eq!(set("labels = \"ekman\""), (LabelSet::ekman(), false));
        assert_eq!(
            set("labels = [\"positive\", \"neutral\", \"negative\"]").0,
            LabelSet::sentiment()
        );
        let (labels, is_of_its_own) = set("labels = [\"Ruhe\", { name = \"Sturm\", colour = \"#203040\" }, \"霧\"]");
        assert_eq!(labels.list(), "Ruhe, Sturm, 霧");
        assert_eq!(labels.labels()[1].colour.as_deref(), Some("#203040"));
        assert!(is_of_its_own && labels.none().is_none());
        let (labels, _) = set("labels = { names = [\"Ruhe\", \"Sturm\", \"sonst\"], none = \"sonst\" }");
        assert_eq!(labels.none(), Some(2));
        assert_eq!(
            read("labels = \"from data\""),
            Ok(LabelsRecipe::FromData { none: None })
        );
        let none = Some("sonst".to_owned());
        assert_eq!(
            read("labels = { names = \"from data\", none = \"sonst\" }"),
            Ok(LabelsRecipe::FromData { none })
        );
    }

    #[test]
    fn labels_that_cannot_be_are_refused_with_a_reason() {
        for (text, reason) in [
            ("labels = [\"Ruhe\"]", "at least two"),
            ("labels = []", "at least two"),
            ("labels = [\"Ruhe\", \"Sturm\", \"Ruhe\"]", "`Ruhe` occurs twice"),
            ("labels = \"basic\"", "`basic` is not a ready-made set"),
            ("labels = { names = [\"a\", \"b\"], none = \"c\" }", "`c` is not among"),
            ("labels = { none = \"c\" }", "needs the key `names`"),
            (
                "labels = { names = [\"a\", \"b\"], colour = \"c\" }",
                "unknown key `labels.colour`",
            ),
            ("labels = [1, 2]", "label"),
            ("labels = 3", "must be a list of labels"),
        ] {
            let message = read(text).expect_err(text);
            assert!(message.contains(reason), "{text}: {message}");
        }
    }
}

//! Labels in files and JSON: a plain string where a name is all that there is.
//!
//! The visitors are written by hand: derived ones that take a string or an object would make the programs for browsers
//! larger.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};

use super::{Label, LabelSet};

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.colour.is_none() && self.group.is_none() {
            return serializer.serialize_str(&self.name);
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.name)?;
        for (key, value) in [("colour", &self.colour), ("group", &self.group)] {
            if let Some(value) = value {
                map.serialize_entry(key, value)?;
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LabelVisitor)
    }
}

struct LabelVisitor;

impl<'de> Visitor<'de> for LabelVisitor {
    type Value = Label;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a label: its name, or an object with `name`, `colour` and `group`")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Label, E> {
        Ok(Label::new(name))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Label, A::Error> {
        let (mut name, mut colour, mut group) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "name" => name = Some(map.next_value::<String>()?),
                "colour" => colour = map.next_value::<Option<String>>()?,
                "group" => group = map.next_value::<Option<String>>()?,
                _ => return Err(unknown(&key, "a label has `name`, `colour` and `group`")),
            }
        }
        let name = name.ok_or_else(|| A::Error::missing_field("name"))?;
        Ok(Label { name, colour, group })
    }
}

impl Serialize for LabelSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.none() == self.implied_none() {
            return self.0.labels.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("labels", &self.0.labels)?;
        if let Some(none) = self.none() {
            map.serialize_entry("none", self.name(none))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for LabelSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LabelSetVisitor)
    }
}

struct LabelSetVisitor;

impl<'de> Visitor<'de> for LabelSetVisitor {
    type Value = LabelSet;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of labels, or an object with `labels` and `none`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<LabelSet, A::Error> {
        let mut labels = Vec::new();
        while let Some(label) = list.next_element::<Label>()? {
            labels.push(label);
        }
        let set = LabelSet::new(labels, None).map_err(A::Error::custom)?;
        Ok(match set.implied_none() {
            Some(none) => set.with_none(none),
            None => set,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LabelSet, A::Error> {
        let (mut labels, mut none) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "labels" => labels = Some(map.next_value::<Vec<Label>>()?),
                "none" => none = map.next_value::<Option<String>>()?,
                _ => return Err(unknown(&key, "a set of labels has `labels` and `none`")),
            }
        }
        let labels = labels.ok_or_else(|| A::Error::missing_field("labels"))?;
        LabelSet::new(labels, none.as_deref()).map_err(A::Error::custom)
    }
}

fn unknown<E: serde::de::Error>(key: &str, known: &str) -> E {
    E::custom(["unknown field `", key, "`: ", known].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> serde_json::Result<LabelSet> {
        serde_json::from_str(json)
    }

    fn written(set: &LabelSet) -> String {
        serde_json::to_string(set).expect("JSON")
    }

    #[test]
    fn a_file_with_the_default_labels_is_read_and_written_alike() {
        let json = r#"["joy","trust","fear","surprise","sadness","disgust","anger","anticipation","neutral"]"#;
        let set = read(json).expect("the labels of every older file");
        assert_eq!(set, LabelSet::plutchik());
        assert_eq!(written(&set), json);
    }

    #[test]
    fn labels_are_strings_or_objects_and_a_none_label_is_named() {
        for json in [
            r#"["cat","dog"]"#,
            r##"["cat",{"name":"dog","colour":"#00ff7F"},{"name":"fox","group":"wild"}]"##,
            r#"{"labels":["cat","dog","neither"],"none":"neither"}"#,
            r##"[{"name":"a","colour":"#000000","group":"letters"},"b"]"##,
            // Plutchik's labels without a `none` label.
            r#"{"labels":["joy","trust","fear","surprise","sadness","disgust","anger","anticipation","neutral"]}"#,
        ] {
            assert_eq!(written(&read(json).expect(json)), json);
        }
        let named = read(r#"{"none":"b","labels":["a","b"]}"#).expect("keys in any order");
        assert_eq!(
            (named.none(), named.primary().collect::<Vec<usize>>()),
            (Some(1), vec![0])
        );
        assert_eq!(
            read(r#"{"labels":["a","b"],"none":null}"#)
                .expect("no none label")
                .none(),
            None
        );
    }

    #[test]
    fn json_that_is_no_set_of_labels_is_refused() {
        for json in [
            "[]",
            r#"["a"]"#,
            r#"["a","a"]"#,
            r#"["a",1]"#,
            r#""joy""#,
            "null",
            "{}",
            r#"{"labels":["a","b"],"none":"c"}"#,
            r#"{"labels":["a","b"],"nothing":"b"}"#,
            r##"[{"colour":"#000000"},"b"]"##,
            r#"[{"name":"a","size":3},"b"]"#,
            r#"[{"name":"a","colour":"blue"},"b"]"#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }
}

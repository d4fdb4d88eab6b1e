//! JSON Lines: an object a line.

use std::{collections::HashMap, fmt, fs, path::Path};

use anyhow::Result;
use emofuse::Error;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

use super::table::Sheet;

/// Reads the objects; their keys, in the order in which they first come, are the columns.
pub fn read(path: &Path) -> Result<Sheet> {
    let bytes = fs::read(path).map_err(Error::io(path))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut columns: Vec<String> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut rows = Vec::new();
    for (line, bytes) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        rows.push(match serde_json::from_slice(bytes) {
            Ok(Object(entries)) => {
                let mut row: Vec<String> = vec![String::new(); columns.len()];
                for (key, value) in entries {
                    let place = *places.entry(key).or_insert_with_key(|key| {
                        columns.push(key.clone());
                        columns.len() - 1
                    });
                    row.resize(columns.len(), String::new());
                    row[place] = text(value);
                }
                Ok(row)
            }
            Err(error) => Err(format!("line {}: it is no JSON object: {error}", line + 1)),
        });
    }
    for row in rows.iter_mut().flatten() {
        row.resize(columns.len(), String::new());
    }
    Ok(Sheet {
        path: path.into(),
        columns,
        rows,
    })
}

/// A value as a table's cell.
fn text(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// An object whose keys stay in their order, which `serde_json::Map` forgets.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Object;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object with names and values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Object(entries))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_columns_in_their_order_and_values_text() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("posts.jsonl");
        let lines = "\u{feff}{\"z\":\"a\",\"b\":1.5}\r\n\n{\"b\":null,\"a\":[1,{\"x\":true}],\"z\":false}\n7\n{\"z\":\n{\"z\":\"\\ud83d\\ude00\"}";
        fs::write(&path, lines).expect("written");
        let sheet = read(&path).expect("a table");
        assert_eq!(sheet.columns, ["z", "b", "a"]);
        let row = |index: usize| sheet.rows[index].as_ref().expect("a row").join("|");
        assert_eq!([row(0), row(1), row(4)], ["a|1.5|", "false||[1,{\"x\":true}]", "😀||"]);
        for (index, line) in [(2, "line 4: it is no JSON object"), (3, "line 5: it is no JSON object")] {
            let reason = sheet.rows[index].as_ref().expect_err("no row");
            assert!(reason.starts_with(line), "{reason}");
        }
    }
}

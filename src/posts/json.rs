//! JSON Lines, JSON arrays, and objects that simply follow one another.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// The text of a value and where it begins.
#[derive(Debug, PartialEq)]
pub struct Value<'a> {
    /// From 1.
    pub line: u64,
    pub text: &'a str,
}

/// Finds the values of a file one by one: the elements of an array, or what follows one another.
///
/// A value ends where its brackets close. One that is broken ends with its line, or where an object would begin in place
/// of a key, so that it does not swallow those behind it. The parser holds a place in a text that its caller holds.
pub struct ValueParser {
    /// Where the rest of the text begins, in bytes.
    place: usize,
    line: u64,
}

impl ValueParser {
    /// A parser at the first value of a text.
    pub fn new(text: &str) -> Self {
        let start = text.trim_start();
        let mut parser = Self { place: 0, line: 1 };
        if start.starts_with('[') && is_array_of_rows(start) {
            parser.advance(text, text.len() - start.len() + 1);
        }
        parser
    }

    /// Where the rest of the text begins, in bytes.
    pub fn place(&self) -> usize {
        self.place
    }

    /// The next value of the text; `None` at its end.
    pub fn next<'a>(&mut self, text: &'a str) -> Option<Value<'a>> {
        // A closing bracket between values is the array's.
        let blank = |character: char| character.is_whitespace() || matches!(character, ',' | ']');
        let start = text[self.place..].find(|character| !blank(character))?;
        self.advance(text, start);
        let length = value_length(&text[self.place..]);
        let value = Value {
            line: self.line,
            text: text[self.place..self.place + length].trim_end(),
        };
        self.advance(text, length);
        Some(value)
    }

    fn advance(&mut self, text: &str, length: usize) {
        let end = self.place + length;
        self.line += text[self.place..end].matches('\n').count() as u64;
        self.place = end;
    }
}

/// Whether the array's elements are rows; an array of numbers that is the first line of JSON Lines is a value.
fn is_array_of_rows(text: &str) -> bool {
    let (first, behind) = text.split_once('\n').unwrap_or((text, ""));
    behind.trim().is_empty()
        || !first.trim_end().ends_with(']')
        || first.trim_start_matches(['[', ' ', '\t']).starts_with('{')
}

/// How many bytes the value takes that a text begins with.
fn value_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut open: Vec<u8> = Vec::new();
    let mut in_text = false;
    let mut place = 0;
    while let Some(&byte) = bytes.get(place) {
        match byte {
            b'\\' if in_text && bytes.get(place + 1) != Some(&b'\n') => place += 1,
            b'"' => in_text = !in_text,
            // A text does not go over lines.
            b'\n' => {
                in_text = false;
                let behind = bytes[place + 1..].trim_ascii_start();
                let is_row = open.last() == Some(&b'{') && behind.first() == Some(&b'{');
                if open.is_empty() || is_row {
                    return place;
                }
            }
            _ if in_text => {}
            b'{' | b'[' => open.push(byte),
            b'}' | b']' => {
                open.pop();
                if open.is_empty() {
                    return place + 1;
                }
            }
            b',' if open.is_empty() => return place,
            _ => {}
        }
        place += 1;
    }
    bytes.len()
}

/// The names and values of an object in their order, as cells: the text of a text, nothing for null, and anything else as
/// it is written.
///
/// # Errors
/// What is wrong with it.
pub fn cells(text: &str) -> Result<Vec<(String, String)>, String> {
    let text = with_whole_surrogates(text);
    let object: Object = serde_json::from_str(&text).map_err(|error| {
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        if is_json {
            "it is not an object with names and values".to_owned()
        } else {
            format!("it is not JSON: {}", without_place(&error))
        }
    })?;
    let cells = object.0.into_iter().map(|(name, value)| {
        let cell = match value.get() {
            "null" => String::new(),
            raw => serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned()),
        };
        (name, cell)
    });
    Ok(cells.collect())
}

/// The message without the place, which counts from the value's own start.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(end) => format!("{} at character {} of the value", &message[..end], error.column()),
        None => message,
    }
}

/// The text with U+FFFD for each half of a surrogate pair that stands alone, which is no character.
pub fn with_whole_surrogates(text: &str) -> Cow<'_, str> {
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return text.into();
    }
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('\\') {
        whole.push_str(&rest[..place]);
        rest = &rest[place..];
        let (written, length) = match (surrogate(rest), rest.get(6..).and_then(surrogate)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (&rest[..12], 12),
            (Some(_), _) => ("\\ufffd", 6),
            (None, _) => {
                let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                (&rest[..length], length)
            }
        };
        whole.push_str(written);
        rest = &rest[length..];
    }
    whole.push_str(rest);
    whole.into()
}

/// The half of a surrogate pair that a text begins with as an escape.
fn surrogate(text: &str) -> Option<u32> {
    let code = u32::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()?;
    (0xd800..=0xdfff).contains(&code).then_some(code)
}

/// An object whose names stay in their order and whose values stay as they are written.
struct Object(Vec<(String, Box<RawValue>)>);

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

    fn values(text: &str) -> Vec<(u64, &str)> {
        let mut parser = ValueParser::new(text);
        let values = std::iter::from_fn(|| parser.next(text));
        values.map(|value| (value.line, value.text)).collect()
    }

    #[test]
    fn lines_arrays_and_objects_over_several_lines_are_all_values() {
        let one = (1, "{\"a\":1}");
        assert_eq!(values("{\"a\":1}\r\n\n{\"a\":2}"), [one, (3, "{\"a\":2}")]);
        assert_eq!(
            values("[{\"a\":1},\n {\"a\":[1,{}]}\n]\n"),
            [one, (2, "{\"a\":[1,{}]}")]
        );
        assert_eq!(values(" [\n{\n\"a\": \"]}\"\n}\n]"), [(2, "{\n\"a\": \"]}\"\n}")]);
        assert_eq!(values("[1,2]\n{\"a\":1}"), [(1, "[1,2]"), (2, "{\"a\":1}")]);
        assert_eq!(values("[7, {\"a\":1}]"), [(1, "7"), (1, "{\"a\":1}")]);
        assert_eq!(values(" \n[]\n"), []);
    }

    #[test]
    fn a_broken_value_does_not_swallow_the_next() {
        for broken in [
            "{\"a\": \"never closed}",
            "{\"a\": 1",
            "{\"a\": NaN}",
            "7",
            "{\"a\": \"x\\",
            "{\"a\": {\"b\": 1",
        ] {
            let behind = "{\"a\":2}";
            let text = format!("{broken}\n{behind}\n");
            assert_eq!(values(&text), [(1, broken), (2, behind)], "{broken}");
            let text = format!("[\n{broken},\n{behind}\n]\n");
            assert_eq!(values(&text).last(), Some(&(3, behind)), "{broken}");
        }
    }

    #[test]
    fn cells_keep_digits_order_and_what_is_half_a_pair() {
        let cells = |text| {
            cells(text).map(|cells| {
                cells
                    .into_iter()
                    .map(|(name, cell)| format!("{name}={cell}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
        };
        assert_eq!(
            cells("{\"z\":1669700650467246081,\"a\":1.50,\"n\":null}").as_deref(),
            Ok("z=1669700650467246081 a=1.50 n=")
        );
        assert_eq!(
            cells("{\"o\":{\"z\":1,\"a\":[true]}}").as_deref(),
            Ok("o={\"z\":1,\"a\":[true]}")
        );
        assert_eq!(
            cells(r#"{"t":"a \ud83d b \ude02 \ud83d\ude00 \\ud83d"}"#).as_deref(),
            Ok("t=a \u{fffd} b \u{fffd} 😀 \\ud83d")
        );
        assert_eq!(cells("7"), Err("it is not an object with names and values".into()));
        let not_json = cells("{\"a\": NaN}").expect_err("not JSON");
        assert_eq!(not_json, "it is not JSON: expected value at character 7 of the value");
    }
}

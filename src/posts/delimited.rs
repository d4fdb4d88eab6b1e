//! Separated values: CSV (RFC 4180), TSV, and what spreadsheets and people make of them.
//!
//! Lines end with CR, LF or CRLF, in any mixture. In TSV a quotation mark is a letter unless marks enclose a cell. In the
//! other formats a cell that begins with a mark must end with one; where it does not, the line is parsed again by itself,
//! with marks as letters where they come in pairs. What is left is reported, and parsing goes on with the next line.

use std::borrow::Cow;

use crate::LabelColumns;

/// What may separate cells; the first is taken of those that the heading has equally often.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// No cell is longer, unless a quotation mark is not closed. In bytes.
const LONGEST_CELL: usize = 1_000_000;

/// A record of the file.
#[derive(Debug, PartialEq)]
pub struct Record {
    /// Where it begins, from 1.
    pub line: u64,
    /// Its cells, or why it has none.
    pub cells: Result<Vec<String>, String>,
}

/// Parses separated values record by record, without blank lines; the first record is the heading.
///
/// It holds a place in a text that its caller holds, so that a long text can be parsed in pieces.
pub struct RecordParser {
    /// Where the rest of the text begins, in bytes.
    place: usize,
    line: u64,
    delimiter: Option<u8>,
    /// How many cells the heading has.
    columns: Option<usize>,
    /// Whether a program wrote the quotation marks, as those of a labelled table: captions of several lines, which may
    /// look like rows, are whole.
    is_labelled: bool,
    /// Bytes of records over several lines that may still be looked at in vain: each line may begin one that goes on for as
    /// many lines as there are columns. After these a record ends with its line.
    in_vain: usize,
}

/// So many bytes, and as many times the length of the text.
const IN_VAIN: (usize, usize) = (1_000_000, 4);

impl RecordParser {
    /// A parser at the start of a text; the delimiter is the one that the heading has most of, unless it is given.
    /// `sep=;` in the first line, as Excel has it, gives it too. If the heading has no delimiter, each line is one cell.
    pub fn new(text: &str, delimiter: Option<u8>) -> Self {
        let mut parser = Self {
            place: 0,
            line: 1,
            delimiter,
            columns: None,
            is_labelled: false,
            in_vain: IN_VAIN.0 + IN_VAIN.1 * text.len(),
        };
        let (first, behind) = split_line(text);
        let named = first.strip_prefix("sep=").or_else(|| first.strip_prefix("SEP="));
        if let Some(&[named]) = named.map(str::as_bytes) {
            parser.delimiter = Some(named);
            parser.place = text.len() - behind.len();
            parser.line = 2;
        } else if delimiter.is_none() {
            parser.delimiter = most_frequent(text);
        }
        parser
    }

    /// Where the rest of the text begins, in bytes.
    pub fn place(&self) -> usize {
        self.place
    }

    /// The next record of the text; `None` at its end.
    pub fn next(&mut self, text: &str) -> Option<Record> {
        let mut rest = &text[self.place..];
        while !rest.is_empty() {
            let (line, behind) = split_line(rest);
            if !self.is_blank(line) {
                let begin = self.line;
                let (cells, length) = self.record(rest);
                self.line += line_ends(&rest[..length]);
                self.place = text.len() - rest.len() + length;
                if let (None, Ok(heading)) = (self.columns, &cells) {
                    self.columns = Some(heading.len());
                    self.is_labelled = LabelColumns::find(heading).is_some();
                }
                return Some(Record { line: begin, cells });
            }
            rest = behind;
            self.line += 1;
        }
        self.place = text.len();
        None
    }

    /// The cells of the record at the start of the rest, and how many bytes it takes with its line's end.
    fn record(&mut self, rest: &str) -> (Result<Vec<String>, String>, usize) {
        let (line, behind) = split_line(rest);
        let line_length = rest.len() - behind.len();
        let Some(delimiter) = self.delimiter else {
            // There is nothing to enclose, but programs enclose cells with commas all the same.
            return match strict(rest, b',', Some(1), false, &mut 0) {
                Some((cells, length)) if cells.len() == 1 && length > 0 => (Ok(cells), length),
                _ => (self.checked(vec![line.to_owned()]), line_length),
            };
        };
        let mut looked_at = 0;
        let reach = if self.in_vain > 0 { rest } else { &rest[..line_length] };
        if let Some((cells, length)) = strict(reach, delimiter, self.columns, self.is_labelled, &mut looked_at) {
            return (self.checked(cells), length);
        }
        self.in_vain = self.in_vain.saturating_sub(looked_at.saturating_sub(line_length));
        let parsed = [with_marks_inside, with_marks_as_letters].map(|parse| parse(line, delimiter));
        let cells = match parsed.into_iter().flatten().find(|cells| self.fits(cells)) {
            Some(cells) => self.checked(cells),
            None if self.columns.is_none() => Ok(line.split(char::from(delimiter)).map(str::to_owned).collect()),
            None => Err("a quotation mark is opened and not closed; close it, or write it twice inside a cell".into()),
        };
        (cells, line_length)
    }

    /// Whether the cells are as many as the heading's, but for empty ones.
    fn fits(&self, cells: &[String]) -> bool {
        self.columns
            .is_none_or(|columns| cells.iter().skip(columns).all(|cell| cell.trim().is_empty()))
    }

    /// The cells, as many as the heading has.
    fn checked(&self, mut cells: Vec<String>) -> Result<Vec<String>, String> {
        let Some(columns) = self.columns else { return Ok(cells) };
        if !self.fits(&cells) {
            return Err(format!("it has {} cells, the heading has {columns}", cells.len()));
        }
        // The end of a cell that began in a line before.
        let is_rest = |cell: &String| cell.ends_with('"') && cell.matches('"').count() % 2 == 1;
        if cells.len() < columns && cells.iter().any(is_rest) {
            return Err(format!(
                "it has {} of the heading's {columns} cells, and its quotation marks do not fit together",
                cells.len()
            ));
        }
        cells.truncate(columns);
        Ok(cells)
    }

    fn is_blank(&self, line: &str) -> bool {
        line.trim().is_empty()
            && !self
                .delimiter
                .is_some_and(|delimiter| line.as_bytes().contains(&delimiter))
    }
}

/// The first line without its end, and all that comes behind.
fn split_line(text: &str) -> (&str, &str) {
    let Some(end) = text.bytes().position(|byte| matches!(byte, b'\r' | b'\n')) else {
        return (text, "");
    };
    (&text[..end], &text[end + line_end(&text.as_bytes()[end..])..])
}

/// How many bytes the line's end takes that a text begins with.
fn line_end(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"\r\n") { 2 } else { 1 }
}

fn line_ends(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let ends = (0..bytes.len()).filter(|place| match bytes[*place] {
        b'\n' => true,
        b'\r' => bytes.get(place + 1) != Some(&b'\n'),
        _ => false,
    });
    ends.count() as u64
}

/// The delimiter that the heading has most of outside of quotation marks; `None` where it has none.
fn most_frequent(text: &str) -> Option<u8> {
    let (heading, _) = split_line(text.trim_start_matches(['\r', '\n', ' ']));
    let mut counts = [0; DELIMITERS.len()];
    let mut is_enclosed = false;
    for byte in heading.bytes() {
        is_enclosed ^= byte == b'"';
        if let Some(place) = DELIMITERS
            .iter()
            .position(|delimiter| *delimiter == byte && !is_enclosed)
        {
            counts[place] += 1;
        }
    }
    let most = (0..counts.len()).rev().max_by_key(|place| counts[*place])?;
    (counts[most] > 0).then_some(DELIMITERS[most])
}

/// The cells of the record that a text begins with, and how many bytes it takes; `None` where a cell begins with a
/// quotation mark and does not end with one, and where a record over several lines has run into others: it has more cells
/// than there are columns, or its lines look like rows and not like the text of a labelled table.
/// `looked_at` is how far it came in either case.
fn strict(
    text: &str,
    delimiter: u8,
    columns: Option<usize>,
    is_labelled: bool,
    looked_at: &mut usize,
) -> Option<(Vec<String>, usize)> {
    let bytes = text.as_bytes();
    let mut cells = Vec::new();
    let mut place = 0;
    let mut has_lines = false;
    loop {
        let (cell, end) = match bytes.get(place) {
            Some(b'"') => match enclosed(text, place, delimiter) {
                Some(found) => found,
                // In TSV the mark is a letter.
                None if delimiter == b'\t' => bare(text, place, delimiter),
                None => return None,
            },
            _ => bare(text, place, delimiter),
        };
        *looked_at = end;
        has_lines |= cell.contains(['\r', '\n']);
        let is_surplus = columns.is_some_and(|columns| cells.len() >= columns) && !cell.trim().is_empty();
        if has_lines && is_surplus {
            return None;
        }
        cells.push(cell.into_owned());
        match bytes.get(end) {
            Some(byte) if *byte == delimiter => place = end + 1,
            _ if has_lines && !is_labelled && has_rows(&cells[0], &text[..end], delimiter, columns) => return None,
            Some(_) => return Some((cells, end + line_end(&bytes[end..]))),
            None => return Some((cells, end)),
        }
    }
}

/// Whether the lines of a record over several lines are rows, into which a quotation mark has run that closes by chance:
/// most of those behind the first, and at least two, begin with a key, as the record does, and have no more cells than
/// there are columns.
fn has_rows(first: &str, record: &str, delimiter: u8, columns: Option<usize>) -> bool {
    let Some(columns) = columns.filter(|columns| *columns > 1 && is_key(first)) else {
        return false;
    };
    let (mut lines, mut rows) = (0, 0);
    let (_, mut rest) = split_line(record);
    while !rest.is_empty() {
        let (line, behind) = split_line(rest);
        let mut cells = line.split(char::from(delimiter));
        let is_row = cells.next().is_some_and(is_key) && (1..columns).contains(&cells.count());
        lines += 1;
        rows += usize::from(is_row);
        rest = behind;
    }
    rows > 1 && 2 * rows > lines
}

/// Whether a cell may name a row, by a number or a file: it has a digit and no white space.
fn is_key(cell: &str) -> bool {
    cell.contains(|character: char| character.is_ascii_digit()) && !cell.contains(char::is_whitespace)
}

/// The cell without quotation marks around it that begins at a place, and where it ends.
fn bare(text: &str, start: usize, delimiter: u8) -> (Cow<'_, str>, usize) {
    let rest = &text.as_bytes()[start..];
    let length = rest
        .iter()
        .position(|byte| *byte == delimiter || matches!(byte, b'\r' | b'\n'));
    let end = start + length.unwrap_or(rest.len());
    (text[start..end].into(), end)
}

/// The cell that quotation marks enclose, the first of which is at `start`; marks inside it are written twice.
fn enclosed(text: &str, start: usize, delimiter: u8) -> Option<(Cow<'_, str>, usize)> {
    let bytes = text.as_bytes();
    let longest = bytes.len().min(start + LONGEST_CELL);
    let mut place = start + 1;
    let mut has_marks = false;
    loop {
        place += bytes[place..longest].iter().position(|byte| *byte == b'"')?;
        match bytes.get(place + 1) {
            Some(b'"') => {
                has_marks = true;
                place += 2;
                if place >= longest {
                    return None;
                }
            }
            Some(byte) if *byte != delimiter && !matches!(byte, b'\r' | b'\n') => return None,
            _ => break,
        }
    }
    let cell = &text[start + 1..place];
    // A mark that is a letter must not reach for one in another row.
    if delimiter == b'\t' && cell.contains('\t') && cell.contains(['\r', '\n']) {
        return None;
    }
    let cell = if has_marks {
        cell.replace("\"\"", "\"").into()
    } else {
        cell.into()
    };
    Some((cell, place + 1))
}

/// The cells of a line in which quotation marks inside an enclosed cell are not written twice: a cell ends with a mark
/// before a delimiter or the line's end.
fn with_marks_inside(line: &str, delimiter: u8) -> Option<Vec<String>> {
    let bytes = line.as_bytes();
    let mut cells = Vec::new();
    let mut place = 0;
    loop {
        let (cell, end) = if bytes.get(place) == Some(&b'"') {
            let closes = |end: &usize| bytes[*end] == b'"' && bytes.get(end + 1).is_none_or(|byte| *byte == delimiter);
            let end = (place + 1..bytes.len()).find(closes)?;
            (line[place + 1..end].replace("\"\"", "\""), end + 1)
        } else {
            let (cell, end) = bare(line, place, delimiter);
            (cell.into_owned(), end)
        };
        cells.push(cell);
        if end >= bytes.len() {
            return Some(cells);
        }
        place = end + 1;
    }
}

/// The cells of a line in which quotation marks are letters where they do not enclose a cell; `None` where one has an odd
/// number of them.
fn with_marks_as_letters(line: &str, delimiter: u8) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut place = 0;
    loop {
        let in_marks = (line.as_bytes().get(place) == Some(&b'"'))
            .then(|| enclosed(line, place, delimiter))
            .flatten();
        let (cell, end) = match in_marks {
            Some(found) => found,
            None => {
                let (cell, end) = bare(line, place, delimiter);
                if cell.starts_with('"') && cell.matches('"').count() % 2 == 1 {
                    return None;
                }
                (cell, end)
            }
        };
        cells.push(cell.into_owned());
        if end >= line.len() {
            return Some(cells);
        }
        place = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn records(text: &str, delimiter: Option<u8>) -> Vec<Record> {
        let mut parser = RecordParser::new(text, delimiter);
        std::iter::from_fn(|| parser.next(text)).collect()
    }

    /// The cells of each record joined by `·`, or its line if it has none.
    fn joined(text: &str, delimiter: Option<u8>) -> Vec<String> {
        let join = |record: Record| match record.cells {
            Ok(cells) => cells.join("·"),
            Err(_) => format!("line {}", record.line),
        };
        records(text, delimiter).into_iter().map(join).collect()
    }

    #[test]
    fn lines_end_in_any_way_and_are_counted_once() {
        let text = "a,b\r\n1,2\n3,\"x\r\ny\"\r4,5\n\r\n6,7,8\r\n";
        let lines: Vec<u64> = records(text, None).iter().map(|record| record.line).collect();
        assert_eq!(lines, [1, 2, 3, 5, 7]);
        assert_eq!(joined(text, None), ["a·b", "1·2", "3·x\r\ny", "4·5", "line 7"]);
    }

    #[test]
    fn the_heading_decides_the_delimiter_outside_of_quotation_marks() {
        assert_eq!(joined("\"a,b,c\";d\n1;2\n", None), ["a,b,c·d", "1·2"]);
        assert_eq!(
            joined("a|b,c\n", None),
            ["a|b·c"],
            "the first of those that are as frequent"
        );
        assert_eq!(joined("sep=|\r\na,b|c\n", None), ["a,b·c"]);
        assert_eq!(
            joined("caption\nHello, world\n\"a, b\"\n\"no\" she said\n", None),
            ["caption", "Hello, world", "a, b", "\"no\" she said"]
        );
    }

    #[test]
    fn a_quotation_mark_costs_at_most_its_own_row() {
        for (row, parsed) in [
            ("1,\"never closed", "line 2"),
            ("1,\"Hello\" she said", "1·\"Hello\" she said"),
            ("1,5\" tall", "1·5\" tall"),
            ("1,\"a \"quoted\" word, yes\"", "1·a \"quoted\" word, yes"),
            ("1,\"a \"\"quoted\"\" word\"", "1·a \"quoted\" word"),
            ("\"1,x", "line 2"),
            ("1,x\"", "1·x\""),
        ] {
            for behind in ["2,so happy", "2,\"so happy\"", "2,\"so, happy\""] {
                let happy = behind.replace(',', "·").replace('"', "").replace("so·", "so,");
                assert_eq!(
                    joined(&format!("id,caption\n{row}\n{behind}\n"), None),
                    ["id·caption", parsed, &happy],
                    "{row}"
                );
            }
        }
    }

    #[test]
    fn a_row_that_runs_into_others_by_a_stray_mark_is_reported_alone() {
        let text = "id,caption,mood\n1,\"oops,a\n2,so sad,\"blue\"\n3,\"a\nb\",\n";
        assert_eq!(
            joined(text, None),
            ["id·caption·mood", "line 2", "2·so sad·blue", "3·a\nb·"]
        );
    }

    #[test]
    fn a_mark_that_closes_by_chance_many_rows_later_costs_its_own_row() {
        let rows: String = (2..9).map(|number| format!("{number},so happy\n")).collect();
        let text = format!("id,caption\n1,\"never closed\n{rows}9,he is 6'2\"\n");
        let parsed = joined(&text, None);
        assert_eq!(parsed.len(), 10);
        assert_eq!(
            (&*parsed[1], &*parsed[2], &*parsed[9]),
            ("line 2", "2·so happy", "9·he is 6'2\"")
        );
        let poem = "Roses are red,\nviolets are blue,\n5 is a number,\nand so is 2";
        assert_eq!(
            joined(&format!("id,caption\n1,\"{poem}\"\n"), None)[1],
            format!("1·{poem}")
        );
    }

    #[test]
    fn empty_cells_may_be_missing_or_too_many() {
        assert_eq!(
            joined("a,b,c\n1\n1,2,3,, \n1,2,3,4\n", None),
            ["a·b·c", "1", "1·2·3", "line 4"]
        );
    }

    #[test]
    fn marks_are_letters_in_tsv_unless_they_enclose_a_cell() {
        let text = "id\tcaption\n1\tshe said \"no\"\n2\t\"Hello\" she said\n3\t\"tab\there\"\n4\t\"unbalanced\n5\tangry\"\n6\t\"two\nlines\"\n";
        assert_eq!(
            joined(text, Some(b'\t')),
            [
                "id·caption",
                "1·she said \"no\"",
                "2·\"Hello\" she said",
                "3·tab\there",
                "4·\"unbalanced",
                "5·angry\"",
                "6·two\nlines"
            ]
        );
    }

    proptest! {
        #[test]
        fn whatever_is_written_by_the_rules_is_read_as_it_was(
            rows in prop::collection::vec(prop::collection::vec("[a\",;\t\r\n é]{0,6}", 3), 1..6)
        ) {
            let cell = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
            let mut text = "x,y,z\n".to_owned();
            for row in &rows {
                text += &row.iter().map(cell).collect::<Vec<_>>().join(",");
                text += "\n";
            }
            let read: Vec<Vec<String>> = records(&text, None).into_iter().skip(1).map(|record| record.cells.expect("cells")).collect();
            prop_assert_eq!(read, rows);
        }

        #[test]
        fn no_text_is_lost_or_read_twice(text in "[ab\",;\t\r\n]{0,60}") {
            let mut parser = RecordParser::new(&text, None);
            let mut lines = 0;
            while let Some(record) = parser.next(&text) {
                prop_assert!(record.line > lines, "records begin in lines of their own");
                lines = record.line;
            }
            prop_assert_eq!(parser.place, text.len());
        }

        #[test]
        fn rows_beside_one_that_is_broken_are_all_there(broken in "[a\", ]{0,12}", place in 0_usize..5) {
            let mut lines = vec!["id,caption".to_owned()];
            lines.extend((0..5).map(|number| format!("{number},\"so happy, {number}\"")));
            lines.insert(place + 1, format!("x,\"{broken}"));
            let read = joined(&lines.join("\n"), None);
            for number in 0..5 {
                prop_assert!(read.contains(&format!("{number}·so happy, {number}")), "{read:?}");
            }
        }
    }
}

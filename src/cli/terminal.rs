//! What people read: names and messages as text that cannot steer the terminal.
//!
//! A file's name or a caption may hold what moves the cursor, changes the window's title or turns the direction of
//! writing. What is data (CSV, JSON) is not changed.

use std::{
    borrow::Cow,
    fmt::Write as _,
    io::{self, Write},
};

/// The text in one line: control characters and those that change the direction of writing are shown as `\u{…}`.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_control(character) {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    shown.into()
}

/// The same for a text of several lines.
pub fn lines(text: &str) -> String {
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(line).collect();
    lines.join("\n")
}

/// Whether a character does something else than stand where it is: C0, DEL, C1, the ends of lines and paragraphs, and the
/// marks, embeddings, overrides and isolates of bidirectional text.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// Stderr for what is logged.
pub struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(lines(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown_and_all_else_stays() {
        let steering = "a\u{1b}[2J\u{7}\r\t\u{7f}\u{9b}1m\u{202e}\u{2066}\u{200f}\u{2028}b";
        assert_eq!(
            line(steering),
            "a\\u{1b}[2J\\u{7}\\u{d}\\u{9}\\u{7f}\\u{9b}1m\\u{202e}\\u{2066}\\u{200f}\\u{2028}b"
        );
        assert_eq!(line("x\ny"), "x\\u{a}y");
        assert_eq!(lines("x\ny\u{1b}"), "x\ny\\u{1b}");
        let plain = "naïve 😀 👩\u{200d}🚀 שלום é % \\";
        assert_eq!((line(plain).as_ref(), lines(plain).as_str()), (plain, plain));
    }
}

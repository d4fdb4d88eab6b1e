//! Finds the image files that a table names, wherever and by whatever system it was written.

use std::collections::HashMap;

use emofuse_core::unicode::{Form, normalise};

/// Endings of the names of image files that are looked at.
pub const IMAGE_ENDINGS: [&str; 8] = ["jpg", "jpeg", "jfif", "png", "webp", "gif", "bmp", "avif"];

/// What a name in a table leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// One file, by its place among those that were given.
    One(usize),
    /// Several files that the name fits equally well, or several names.
    Several,
    /// No file.
    None,
}

/// The image files that a table may name.
#[derive(Debug, Default)]
pub struct ImageFinder {
    /// The folder of the table, as the paths have it.
    folder: String,
    /// Regardless of letter case: most names are of one file, so the few are compared one by one.
    by_name: HashMap<String, Vec<usize>>,
    paths: Vec<String>,
}

impl ImageFinder {
    /// A finder of files by their paths from the folder of the table, with `/`.
    #[must_use]
    pub fn new(paths: impl IntoIterator<Item = String>) -> Self {
        let mut finder = Self::default();
        for path in paths {
            finder.add(&path);
        }
        finder
    }

    /// A finder without files, for paths among which the table is in this folder.
    #[must_use]
    pub fn in_folder(folder: &str) -> Self {
        Self {
            folder: plain(folder),
            ..Self::default()
        }
    }

    /// Adds a file by its path; files are numbered in the order in which they are added.
    pub fn add(&mut self, path: &str) {
        let path = plain(path);
        let name = file_name(&path).to_lowercase();
        self.by_name.entry(name).or_default().push(self.paths.len());
        self.paths.push(path);
    }

    /// The file that a cell names: by its whole path, from the table's folder first, or else the one whose path has the longest end in common with it.
    ///
    /// A name may be a path of Windows or of another computer or a `file:` address, percent-encoded, in quotation marks, in
    /// another Unicode normalisation, or in other letter case, in this order of preference.
    #[must_use]
    pub fn find(&self, cell: &str) -> Found {
        let named = unwrapped(cell);
        if is_web_address(named) {
            return Found::None;
        }
        let decoded = percent_decoded(named);
        let ways = [Some(named), decoded.as_deref()];
        if !self.folder.is_empty() {
            let from_folder = ways.into_iter().flatten().find_map(|name| self.exactly(name));
            if let Some(index) = from_folder {
                return Found::One(index);
            }
        }
        for ignores_case in [false, true] {
            for name in ways.into_iter().flatten() {
                let found = self.nearest(&plain(name), ignores_case);
                if found != Found::None {
                    return if names_several(name) { Found::Several } else { found };
                }
            }
        }
        Found::None
    }

    /// The file at a path from the folder of the table.
    fn exactly(&self, name: &str) -> Option<usize> {
        let path = plain(&format!("{}/{name}", self.folder));
        let namesakes = self.by_name.get(&file_name(&path).to_lowercase())?;
        namesakes.iter().copied().find(|&index| self.paths[index] == path)
    }

    fn nearest(&self, path: &str, ignores_case: bool) -> Found {
        let (mut nearest, mut most) = (Found::None, 0);
        for &index in self.by_name.get(&file_name(path).to_lowercase()).into_iter().flatten() {
            let other = &self.paths[index];
            let is_same = if ignores_case {
                other.to_lowercase() == path.to_lowercase()
            } else {
                other == path
            };
            if is_same && !ignores_case {
                return Found::One(index);
            }
            let shared = if is_same {
                usize::MAX
            } else {
                shared_end(path, other, ignores_case)
            };
            if shared > most {
                (nearest, most) = (Found::One(index), shared);
            } else if shared == most && shared > 0 {
                nearest = Found::Several;
            }
        }
        nearest
    }
}

/// Whether a name ends as those of image files do.
#[must_use]
pub fn is_image_name(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| IMAGE_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Whether a cell is an address of the web, which is not looked for among files.
#[must_use]
pub fn is_web_address(cell: &str) -> bool {
    unwrapped(cell).contains("://")
}

/// Whether a cell lists several files.
fn names_several(cell: &str) -> bool {
    [';', '|', '\n', ','].iter().any(|separator| {
        let names: Vec<&str> = cell.split(*separator).map(str::trim).collect();
        names.len() > 1 && names.iter().all(|name| is_image_name(name))
    })
}

/// Without white space, quotation marks and `file:` around it.
fn unwrapped(cell: &str) -> &str {
    let is_wrapping =
        |character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '“' | '”' | '‘' | '’' | '`');
    let name = cell.trim_matches(is_wrapping);
    let Some(address) = name.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("file:")) else {
        return name;
    };
    name[address.len()..].trim_start_matches('/')
}

/// The text that percent-encoding stands for; `None` where there is none, or what comes out is not UTF-8.
fn percent_decoded(name: &str) -> Option<String> {
    if !name.contains('%') {
        return None;
    }
    let bytes = name.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while let Some(&byte) = bytes.get(place) {
        let code = (byte == b'%')
            .then(|| name.get(place + 1..place + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(code.unwrap_or(byte));
        place += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).ok().filter(|decoded| decoded != name)
}

/// A path as paths are compared: with `/`, without steps to and fro, composed characters and plain spaces.
fn plain(path: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => {
                let space = |character: char| if character.is_whitespace() { ' ' } else { character };
                parts.push(normalise(part, Form::Nfc).chars().map(space).collect());
            }
        }
    }
    parts.join("/")
}

fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// How many parts two paths have in common, counted from their ends.
fn shared_end(one: &str, other: &str, ignores_case: bool) -> usize {
    let is_same =
        |(one, other): &(&str, &str)| one == other || (ignores_case && one.to_lowercase() == other.to_lowercase());
    one.rsplit('/').zip(other.rsplit('/')).take_while(is_same).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 8] = [
        "pics/cat.jpg",
        "pics/my cat.jpg",
        "pics/café.jpg",
        "pics/IMG_1.JPG",
        "pics/Sub/rocket.jpg",
        "other/dog.jpg",
        "more/dog.jpg",
        "100%.png",
    ];

    fn found(cell: &str) -> Result<&'static str, Found> {
        let finder = ImageFinder::new(FILES.map(str::to_owned));
        match finder.find(cell) {
            Found::One(index) => Ok(FILES[index]),
            other => Err(other),
        }
    }

    #[test]
    fn a_path_counts_from_the_folder_of_the_table_first() {
        let mut finder = ImageFinder::in_folder("set");
        for path in ["cat.jpg", "set/cat.jpg", "set/pics/dog one.jpg", "pics/rocket.jpg"] {
            finder.add(path);
        }
        assert_eq!(finder.find("cat.jpg"), Found::One(1));
        assert_eq!(finder.find("../cat.jpg"), Found::One(0));
        assert_eq!(finder.find("pics/dog%20one.jpg"), Found::One(2));
        assert_eq!(finder.find("pics/rocket.jpg"), Found::One(3));
    }

    #[test]
    fn files_are_found_by_the_names_that_tables_have_for_them() {
        for (cell, file) in [
            ("pics/cat.jpg", "pics/cat.jpg"),
            ("cat.jpg", "pics/cat.jpg"),
            ("./pics/../pics/cat.jpg", "pics/cat.jpg"),
            ("pics/cafe\u{301}.jpg", "pics/café.jpg"),
            (r"C:\Users\someone\Pictures\pics\Sub\rocket.jpg", "pics/Sub/rocket.jpg"),
            ("/photos/pics/cat.jpg", "pics/cat.jpg"),
            ("pics/img_1.jpg", "pics/IMG_1.JPG"),
            ("pics/my%20cat.jpg", "pics/my cat.jpg"),
            ("pics/caf%C3%A9.jpg", "pics/café.jpg"),
            ("100%.png", "100%.png"),
            ("pics/my\u{a0}cat.jpg", "pics/my cat.jpg"),
            ("\"pics/cat.jpg\"", "pics/cat.jpg"),
            (" pics/cat.jpg\u{a0}", "pics/cat.jpg"),
            ("file:///photos/pics/cat.jpg", "pics/cat.jpg"),
            ("FILE:///C:/pics/my%20cat.jpg", "pics/my cat.jpg"),
            ("set/other/dog.jpg", "other/dog.jpg"),
        ] {
            assert_eq!(found(cell), Ok(file), "{cell}");
        }
    }

    #[test]
    fn a_name_that_fits_several_files_or_none_finds_none_of_them() {
        assert_eq!(found("dog.jpg"), Err(Found::Several));
        assert_eq!(found("pics/cat.jpg;pics/my cat.jpg"), Err(Found::Several));
        for cell in ["bird.jpg", "pics", "", "cat", "jpg", "https://example.org/cat.jpg"] {
            assert_eq!(found(cell), Err(Found::None), "{cell}");
        }
    }

    #[test]
    fn letter_case_decides_only_between_files_that_differ_in_nothing_else() {
        let finder = ImageFinder::new(["a/Cat.jpg", "a/cat.jpg", "a/DOG.jpg"].map(str::to_owned));
        assert_eq!(finder.find("a/cat.jpg"), Found::One(1));
        assert_eq!(finder.find("a/CAT.jpg"), Found::Several);
        assert_eq!(finder.find("a/dog.jpg"), Found::One(2));
    }
}

//! Names of sidecar files.

use std::collections::{HashMap, HashSet};

use emofuse_core::unicode::{Form, normalise};

/// What Google Takeout puts between an image's name and `.json`; it cuts the whole to 46 characters.
const TAKEOUT_SUFFIX: &str = ".supplemental-metadata";
const TAKEOUT_LENGTH: usize = 46;

/// What Google Photos puts behind the name of an image that was edited there, in its languages.
const EDITED: [&str; 14] = [
    "-edited",
    "-bearbeitet",
    "-modifi\u{e9}",
    "-modificato",
    "-editado",
    "-ha editado",
    "-editat",
    "-bewerkt",
    "-edytowane",
    "-redigeret",
    "-redigerad",
    "-muokattu",
    "-\u{7de8}\u{96c6}\u{6e08}\u{307f}",
    "-\u{438}\u{437}\u{43c}\u{435}\u{43d}\u{435}\u{43d}\u{43e}",
];

/// Names that the sidecar files of an image may have, in the order of preference, for an image's file name without folders.
///
/// Of `cat.jpg` these are `cat.txt`, `cat.jpg.txt`, `cat.json`, `cat.jpg.json`, `cat.jpg.supplemental-metadata.json` and what
/// Google Takeout leaves of that (`cat.jpg.suppl.json`). Of `cat(1).jpg` there is `cat.jpg.supplemental-metadata(1).json` too,
/// and of `cat-edited.jpg` the JSON files of `cat.jpg`.
///
/// ```
/// let names = emofuse_posts::sidecar_names("cat.jpg");
/// assert_eq!(names[..4], ["cat.txt", "cat.jpg.txt", "cat.json", "cat.jpg.json"]);
/// ```
#[must_use]
pub fn sidecar_names(image: &str) -> Vec<String> {
    let (stem, ending) = split(image);
    let mut names: Vec<String> = [".txt", ".json"]
        .iter()
        .flat_map(|kind| [format!("{stem}{kind}"), format!("{image}{kind}")])
        .collect();
    takeout_names(image, "", &mut names);
    if let Some((plain, number)) = numbered(stem) {
        takeout_names(&format!("{plain}{ending}"), number, &mut names);
    }
    // The number may stand behind "-edited" or before it.
    let (unnumbered, number) = numbered(stem).unwrap_or((stem, ""));
    for original in EDITED.iter().filter_map(|edited| unnumbered.strip_suffix(edited)) {
        let (plain, inner) = numbered(original).unwrap_or((original, number));
        takeout_names(&format!("{original}{number}{ending}"), "", &mut names);
        takeout_names(&format!("{plain}{ending}"), inner, &mut names);
    }
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// Google Takeout's names for a number in brackets, which may be empty.
fn takeout_names(image: &str, number: &str, names: &mut Vec<String>) {
    names.push(format!("{image}{number}.json"));
    let whole = format!("{image}{TAKEOUT_SUFFIX}");
    names.push(format!("{whole}{number}.json"));
    let cut: String = whole.chars().take(TAKEOUT_LENGTH).collect();
    names.push(format!("{cut}{number}.json"));
    let shorter = (1..TAKEOUT_SUFFIX.len()).rev();
    names.extend(shorter.map(|length| format!("{image}{}{number}.json", &TAKEOUT_SUFFIX[..length])));
    // Before there was the suffix, the image's name alone was cut.
    let cut: String = image.chars().take(TAKEOUT_LENGTH).collect();
    names.push(format!("{cut}{number}.json"));
}

/// The name before its ending, and the ending with its dot.
fn split(image: &str) -> (&str, &str) {
    match image.rfind('.') {
        Some(place) if place > 0 => image.split_at(place),
        _ => (image, ""),
    }
}

/// The name before a number in brackets at its end, and the number with the brackets.
fn numbered(stem: &str) -> Option<(&str, &str)> {
    let digits = stem.strip_suffix(')')?;
    let place = digits.rfind('(')?;
    let number = &digits[place + 1..];
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| stem.split_at(place))
}

/// The files of a folder, in which the sidecar files of its images are found.
///
/// ```
/// use emofuse_posts::SidecarFinder;
///
/// let finder = SidecarFinder::new(["cat.jpg", "CAT.TXT", "dog.jpg"].map(String::from));
/// assert_eq!(finder.find("cat.jpg"), [1]);
/// assert!(finder.find("dog.jpg").is_empty());
/// ```
#[derive(Debug, Default)]
pub struct SidecarFinder {
    names: Vec<String>,
    by_key: HashMap<String, Vec<usize>>,
}

impl SidecarFinder {
    /// Takes the names of a folder's files, in any order. The time is linear in their number.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let mut finder = Self::default();
        for (place, name) in names.into_iter().enumerate() {
            let is_kind = name
                .rsplit_once('.')
                .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("txt") || ending.eq_ignore_ascii_case("json"));
            if is_kind {
                finder.by_key.entry(key(&name)).or_default().push(place);
            }
            finder.names.push(name);
        }
        finder
    }

    /// The places of an image's sidecar files among the names, in the order of preference of [`sidecar_names`]. Letter case and
    /// Unicode normalisation do not count, except between files that differ in nothing else: the exact name goes first.
    #[must_use]
    pub fn find(&self, image: &str) -> Vec<usize> {
        let mut found = Vec::new();
        for name in sidecar_names(image) {
            let Some(places) = self.by_key.get(&key(&name)) else {
                continue;
            };
            let is_exact = |place: &&usize| self.names[**place] == name;
            let exact = places.iter().filter(is_exact);
            for place in exact.chain(places.iter().filter(|place| !is_exact(place))) {
                if !found.contains(place) {
                    found.push(*place);
                }
            }
        }
        found
    }
}

/// A name as names are compared.
fn key(name: &str) -> String {
    normalise(name, Form::Nfc).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(image: &str, files: &[&'a str]) -> Vec<&'a str> {
        let finder = SidecarFinder::new(files.iter().map(|name| (*name).to_owned()));
        finder.find(image).into_iter().map(|place| files[place]).collect()
    }

    #[test]
    fn files_are_found_in_the_order_of_preference() {
        let files = [
            "a.jpg.supplemental-metadata.json",
            "a.jpg.json",
            "a.json",
            "a.jpg",
            "a.jpg.txt",
            "a.txt",
            "b.txt",
        ];
        assert_eq!(
            found("a.jpg", &files),
            [
                "a.txt",
                "a.jpg.txt",
                "a.json",
                "a.jpg.json",
                "a.jpg.supplemental-metadata.json"
            ]
        );
    }

    #[test]
    fn letter_case_and_normalisation_do_not_count() {
        assert_eq!(
            found("IMG_1.jpg", &["img_1.TXT", "IMG_1.JPG.Json"]),
            ["img_1.TXT", "IMG_1.JPG.Json"]
        );
        assert_eq!(found("caf\u{e9}.jpg", &["cafe\u{301}.txt"]), ["cafe\u{301}.txt"]);
        assert_eq!(found("a.jpg", &["A.txt", "a.txt"]), ["a.txt", "A.txt"]);
    }

    #[test]
    fn names_that_google_takeout_gives_are_found() {
        for (image, sidecar) in [
            ("IMG_1.JPG", "IMG_1.JPG.supplemental-metadata.json"),
            ("IMG_1.JPG", "IMG_1.JPG.supplemental-met.json"),
            ("IMG_1.JPG", "IMG_1.JPG.s.json"),
            ("IMG_1.JPG", "IMG_1.JPG..json"),
            ("IMG_1(2).JPG", "IMG_1.JPG.supplemental-metadata(2).json"),
            ("IMG_1(2).JPG", "IMG_1.JPG.suppl(2).json"),
            ("IMG_1(2).JPG", "IMG_1.JPG(2).json"),
            ("IMG_1(2).JPG", "IMG_1(2).JPG.json"),
            ("IMG_1-edited.JPG", "IMG_1.JPG.json"),
            ("IMG_1-edited.JPG", "IMG_1.JPG.supplemental-metadata.json"),
            ("IMG_1-edited(2).JPG", "IMG_1.JPG.supplemental-metadata(2).json"),
            ("IMG_1(2)-edited.JPG", "IMG_1.JPG.supplemental-metadata(2).json"),
            ("IMG_1-bearbeitet.jpg", "IMG_1.jpg.supplemental-metadata.json"),
            (
                "a_name_of_more_than_forty_six_characters_of_text.jpg",
                "a_name_of_more_than_forty_six_characters_of_te.json",
            ),
            (
                "a_name_of_some_forty_characters_text.jpg",
                "a_name_of_some_forty_characters_text.jpg.suppl.json",
            ),
        ] {
            assert_eq!(found(image, &[sidecar]), [sidecar], "{image}");
        }
    }

    #[test]
    fn files_of_other_images_are_left_alone() {
        let files = [
            "a(1).txt",
            "a.jpg.supplemental-metadata(1).json",
            "ab.txt",
            "a.jpg",
            "a.jpg.md",
            "a.jpg.supplementary.json",
        ];
        assert!(found("a.jpg", &files).is_empty());
        assert_eq!(found("a(1).jpg", &["a.txt", "a.jpg.json"]), <[&str; 0]>::default());
        assert_eq!(found("a-edited.jpg", &["a.txt"]), <[&str; 0]>::default());
        assert_eq!(found(".jpg", &[".txt"]), <[&str; 0]>::default());
    }
}

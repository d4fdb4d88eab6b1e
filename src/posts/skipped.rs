//! Files of a folder that are images or videos, and are not read.

use std::collections::BTreeMap;

use crate::files::kind_of_unsupported;

/// How many files of a kind are named.
const NAMED: usize = 3;

/// Counts files with images or videos that are not read, by their kind.
///
/// ```
/// let mut skipped = emofuse_posts::SkippedFiles::default();
/// skipped.add("IMG_1.HEIC");
/// skipped.add("notes.md");
/// let notes: Vec<String> = skipped.notes().collect();
/// assert_eq!(notes, ["1 HEIC image was skipped (IMG_1.HEIC); convert it to JPEG or PNG"]);
/// ```
#[derive(Debug, Default)]
pub struct SkippedFiles(BTreeMap<&'static str, Files>);

#[derive(Debug, Default)]
struct Files {
    count: usize,
    first: Vec<String>,
}

impl SkippedFiles {
    /// Counts a file by its path, if its name is that of an image or a video that is not read ([`kind_of_unsupported`]).
    pub fn add(&mut self, path: &str) {
        let Some(kind) = kind_of_unsupported(path) else { return };
        let files = self.0.entry(kind).or_default();
        files.count += 1;
        // The first names, whatever the order in which the system lists them.
        let place = files.first.partition_point(|other| other.as_str() < path);
        if place < NAMED {
            files.first.insert(place, path.to_owned());
        }
        files.first.truncate(NAMED);
    }

    /// A sentence for each kind: how many there are, which, and what to do.
    pub fn notes(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(kind, Files { count, first })| {
            let (plural, were, they) = if *count == 1 {
                ("", "was", "it")
            } else {
                ("s", "were", "them")
            };
            let more = if *count > first.len() { ", …" } else { "" };
            let advice = match *kind {
                "video" => "only images are labelled".to_owned(),
                _ => format!("convert {they} to JPEG or PNG"),
            };
            format!(
                "{count} {kind}{plural} {were} skipped ({}{more}); {advice}",
                first.join(", ")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_note_with_its_first_names() {
        let mut skipped = SkippedFiles::default();
        for name in [
            "d.heic",
            "b.heic",
            "c.heic",
            "a/IMG_1.HEIC",
            "clip.mov",
            "x.nef",
            "y.nef",
            "a.jpg",
            "a.md",
        ] {
            skipped.add(name);
        }
        assert_eq!(
            skipped.notes().collect::<Vec<_>>(),
            [
                "4 HEIC images were skipped (a/IMG_1.HEIC, b.heic, c.heic, …); convert them to JPEG or PNG",
                "2 raw images were skipped (x.nef, y.nef); convert them to JPEG or PNG",
                "1 video was skipped (clip.mov); only images are labelled",
            ]
        );
    }
}

//! Files of a folder that are images or videos, and are not read.

use std::collections::BTreeMap;

/// How many files of a kind are named.
const NAMED: usize = 3;

/// Files that are not read, by their kind.
#[derive(Default)]
pub struct Skipped(BTreeMap<&'static str, Files>);

#[derive(Default)]
struct Files {
    count: usize,
    first: Vec<String>,
}

impl Skipped {
    /// Counts a file of a kind that [`emofuse_posts::kind_of_unsupported`] names.
    pub fn add(&mut self, kind: &'static str, name: String) {
        let files = self.0.entry(kind).or_default();
        files.count += 1;
        // The first names, whatever the order in which the system lists them.
        let place = files.first.partition_point(|other| *other < name);
        files.first.insert(place, name);
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
        let mut skipped = Skipped::default();
        for name in ["d.heic", "b.heic", "c.heic", "a/IMG_1.HEIC"] {
            skipped.add("HEIC image", name.into());
        }
        skipped.add("video", "clip.mov".into());
        skipped.add("raw image", "x.nef".into());
        skipped.add("raw image", "y.nef".into());
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

//! The golden captions of tests/golden, which the labelling desk is held to as well.

use std::{
    fs,
    path::{Path, PathBuf},
};

use emofuse_core::caption::written_caption;
use emofuse_posts::{SidecarFinder, embedded_caption, is_image_name, sidecar_caption};
use serde_json::Value;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/golden")
        .join(name)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("read")).expect("JSON")
}

/// The caption of a case's image, and where it is from.
fn find(case: &Path) -> Result<Option<(String, &'static str)>, String> {
    let names: Vec<String> = fs::read_dir(case)
        .expect("files")
        .map(|file| file.expect("a file").file_name().into_string().expect("UTF-8"))
        .filter(|name| name != "expected.json")
        .collect();
    let image = names.iter().find(|name| is_image_name(name)).expect("an image");
    for place in SidecarFinder::new(names.clone()).find(image) {
        let name = &names[place];
        let bytes = fs::read(case.join(name)).expect("read");
        if let Some(caption) = sidecar_caption(name, &bytes)? {
            return Ok(Some((caption, "sidecar")));
        }
    }
    let bytes = fs::read(case.join(image)).expect("read");
    Ok(embedded_caption(&bytes).map(|caption| (caption, "metadata")))
}

#[test]
fn captions_come_from_where_the_golden_cases_say() {
    let mut count = 0;
    for case in fs::read_dir(golden("captions")).expect("the cases") {
        let case = case.expect("an entry").path();
        if !case.is_dir() {
            continue;
        }
        let expected = json(&case.join("expected.json"));
        let found = find(&case);
        assert_eq!(
            found.is_err(),
            expected["error"] == true,
            "{}: {found:?}",
            case.display()
        );
        let (caption, from) = found.unwrap_or_default().unzip();
        assert_eq!(caption.as_deref(), expected["caption"].as_str(), "{}", case.display());
        assert_eq!(from, expected["from"].as_str(), "{}", case.display());
        count += 1;
    }
    assert!(count >= 70, "{count} cases");
}

#[test]
fn texts_that_nobody_wrote_are_no_captions_and_those_that_somebody_wrote_are() {
    let texts = json(&golden("texts_nobody_wrote.json"));
    let list = |name: &str| -> Vec<String> {
        let texts = texts[name].as_array().expect("a list").iter();
        texts.map(|text| text.as_str().expect("a text").to_owned()).collect()
    };
    let (nobody, somebody) = (list("nobody"), list("somebody"));
    assert!(nobody.len() >= 100 && somebody.len() >= 100);
    let taken: Vec<&String> = nobody.iter().filter(|text| written_caption(text).is_some()).collect();
    assert!(taken.is_empty(), "taken for captions: {taken:#?}");
    let dropped: Vec<&String> = somebody
        .iter()
        .filter(|text| written_caption(text).as_ref() != Some(text))
        .collect();
    assert!(dropped.is_empty(), "dropped: {dropped:#?}");
}

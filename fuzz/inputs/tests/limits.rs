//! Headers are refused where the package's JavaScript refuses them: `tests/unit/dimensions.test.mjs` reads the same cases.

use std::{fs, path::Path};

use emofuse_core::Error;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    /// In hexadecimal.
    file: String,
    too_large: bool,
}

fn bytes(file: &str) -> Vec<u8> {
    let byte = |place: usize| u8::from_str_radix(&file[2 * place..2 * place + 2], 16).expect("hexadecimal");
    (0..file.len() / 2).map(byte).collect()
}

#[test]
fn headers_above_the_limit_are_refused_and_others_are_not() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/limits.json");
    let cases: Vec<Case> = serde_json::from_slice(&fs::read(path).expect("cases")).expect("cases");
    assert!(cases.len() > 20);
    for Case { name, file, too_large } in cases {
        match emofuse_decode::needs(&bytes(&file)) {
            Ok(needs) => assert!(!too_large, "{name}: {needs:?}"),
            Err(error) => assert_eq!(
                matches!(error, Error::ImageTooLarge { .. }),
                too_large,
                "{name}: {error}"
            ),
        }
    }
}

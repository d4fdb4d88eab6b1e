//! docs/json.md is true: its example is what the program prints, and misclassified posts and rows have the same names.

use std::{collections::BTreeSet, fs, path::Path};

use super::program::{emofuse, folder_with_model, json_of, label, objects};
use serde_json::{Value, json};

/// As much as scores may differ between machines, beside the rounding of the example.
const TOLERANCE: f64 = 2e-3;

/// As much as a cell of the heat map or a word may.
const EXPLANATION_TOLERANCE: f64 = 5e-4;

fn document() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md")).unwrap()
}

/// Asserts the same fields, texts and counts, and numbers within a tolerance.
fn assert_same(found: &Value, expected: &Value, path: &str) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            let names = |object: &serde_json::Map<String, Value>| object.keys().cloned().collect::<BTreeSet<_>>();
            assert_eq!(names(found), names(expected), "{path}");
            for (name, value) in expected {
                assert_same(&found[name], value, &format!("{path}.{name}"));
            }
        }
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len(), "{path}");
            for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
                assert_same(found, expected, &format!("{path}[{place}]"));
            }
        }
        (Value::Number(number), Value::Number(_)) => {
            let difference = (found.as_f64().unwrap() - expected.as_f64().unwrap()).abs();
            let is_count = number.is_u64();
            let tolerance = match path {
                _ if is_count => 0.0,
                _ if path.contains(".explanation.") => EXPLANATION_TOLERANCE,
                _ => TOLERANCE,
            };
            assert!(difference <= tolerance, "{path}: {found}, the document has {expected}");
        }
        _ => assert_eq!(found, expected, "{path}"),
    }
}

#[test]
fn the_example_is_what_the_program_prints() {
    let text = document();
    let (_, example) = text.split_once("```json\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let example: Value = serde_json::from_str(example).unwrap();

    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let caption = fs::read_to_string(repository.join("tests/golden/posts/meadow_and_thanks/caption.txt")).unwrap();
    let image = "tests/golden/posts/meadow_and_thanks/picture.png";
    let arguments = [
        "classify",
        "--json",
        "--explain",
        "--image",
        image,
        "--caption",
        &caption,
    ];
    assert_same(&json_of(&emofuse(repository, &arguments)), &example, "");
}

/// The fields of a table of the document behind a heading.
fn fields<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let (_, section) = text.split_once(heading).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split_once('`').unwrap().0).collect()
}

#[test]
fn a_misclassified_post_has_the_fields_of_a_prediction_and_its_own() {
    let folder = folder_with_model();
    let posts = "image,caption,post_emotion\ndrawn.png,a lovely day,joy\ndrawn.png,nothing works,fear\n";
    fs::write(folder.path().join("posts.csv"), posts).unwrap();
    let post = [
        "classify",
        "--json",
        "--image",
        "drawn.png",
        "--caption",
        "a lovely day",
    ];
    let prediction = json_of(&emofuse(folder.path(), &post));
    let evaluate = ["evaluate", "--posts", "posts.csv", "--errors", "9", "--json"];
    let report = json_of(&emofuse(folder.path(), &evaluate));
    let text = document();
    let own = fields(&text, "\n## Misclassified posts");
    assert_eq!(own, ["id", "line", "truth"]);
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let expected: BTreeSet<String> = names(&prediction)
        .into_iter()
        .chain(own.into_iter().map(str::to_owned))
        .collect();
    let mistakes = report["errors"]["confident"].as_array().unwrap();
    assert!(!mistakes.is_empty(), "two posts with different labels");
    for mistake in mistakes {
        assert_eq!(names(mistake), expected);
    }
    if let Some(first) = mistakes.iter().find(|mistake| mistake["line"] == 2) {
        for (name, value) in prediction.as_object().unwrap() {
            assert_same(&first[name], value, name);
        }
    }
}

#[test]
fn a_row_has_the_same_names_and_values_flat() {
    let folder = folder_with_model();
    let posts = "image,caption\ndrawn.png,a lovely day\n";
    fs::write(folder.path().join("posts.csv"), posts).unwrap();
    let post = [
        "classify",
        "--json",
        "--image",
        "drawn.png",
        "--caption",
        "a lovely day",
    ];
    let prediction = json_of(&emofuse(folder.path(), &post));
    let (written, _) = label(folder.path(), "posts.csv", "labels.jsonl", &[]);
    let row = &objects(&written)[0];

    for field in [
        "emotion",
        "confidence",
        "secondary",
        "agreement",
        "uncertain",
        "backend",
    ] {
        assert_same(&row[field], &prediction[field], field);
    }
    let reasons = prediction["uncertain_because"].as_array().unwrap();
    let joined: Vec<&str> = reasons.iter().map(|reason| reason.as_str().unwrap()).collect();
    assert_eq!(row["uncertain_because"], json!(joined.join("|")));
    for (emotion, score) in prediction["scores"].as_object().unwrap() {
        assert_same(&row[emotion], score, emotion);
    }
    for side in ["image", "caption"] {
        let emotion = row[format!("{side}_emotion")].as_str().unwrap();
        assert_same(&row[format!("{side}_confidence")], &prediction[side][emotion], side);
    }
    assert_eq!(row["model_sha256"], prediction["model"]["sha256"]);
}

//! `emofuse compare` on the generated set, with recipes of every kind of system and labels of one's own.

use std::{fs, path::Path};

use serde_json::Value;

use super::training::{draw_labelled_set, emofuse, json, repository};

const LABELS: [&str; 3] = ["Ruhe", "Sturm", "霧"];

/// Compares the systems of a recipe in `folder`, and returns the JSON that is printed.
fn compare(folder: &Path, recipe: &str, arguments: &[&str]) -> Value {
    let recipe = repository(&format!("tests/own_model/recipes/{recipe}.toml"));
    let own = ["compare", "--json", "--data", ".", "--cache", "features", "--recipe"];
    let recipe = [recipe.to_str().unwrap()];
    json(&emofuse(&[&own[..], &recipe, arguments].concat(), folder))
}

fn names(rows: &Value) -> Vec<&str> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["system"].as_str().unwrap()).collect()
}

#[test]
fn a_recipe_of_any_labels_gives_the_tables_and_the_modality_importance_figure() {
    let folder = tempfile::tempdir().unwrap();
    draw_labelled_set(folder.path(), &LABELS);
    let found = compare(folder.path(), "common_space", &["--seeds", "2", "--out", "results"]);
    assert_eq!(found["labels"], Value::from(LABELS.to_vec()));
    assert_eq!(found["seeds"], Value::from(vec![7, 8]));
    assert_eq!(found["rows"]["test"], 30);
    assert_eq!(found["systems"].as_array().unwrap().len(), 4 + 6);
    let early = found["systems"].as_array().unwrap().iter();
    let early = early.clone().find(|row| row["system"] == "early fusion").unwrap();
    for interval in [
        &early["intervals"]["accuracy"],
        &early["against_best_unimodal"]["accuracy"],
    ] {
        let [low, value, high] = ["low", "value", "high"].map(|key| interval[key].as_f64().unwrap());
        assert!(low <= value && value <= high && low < high, "{interval}");
    }

    let curves = found["importance"]["curves"].as_array().unwrap();
    assert_eq!(curves.len(), 2 * 9);
    for curve in curves {
        let points = curve["points"].as_array().unwrap();
        let posts: Vec<u64> = points.iter().map(|point| point["posts"].as_u64().unwrap()).collect();
        assert_eq!(posts, [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30]);
        // With both sides it is the figure of the table, if the system stands there as it is trained here.
        let in_table = found["systems"].as_array().unwrap().iter();
        let in_table = in_table.clone().find(|row| row["system"] == curve["system"]).unwrap();
        let is_dropout_of_table = match curve["system"].as_str().unwrap() {
            name if name.starts_with("common space") => curve["modality_dropout"] == true,
            _ => curve["modality_dropout"] != true,
        };
        if is_dropout_of_table {
            assert_eq!(points[0]["accuracy"], in_table["accuracy"], "{}", curve["system"]);
        }
    }
    assert!(curves.iter().any(|curve| curve["modality_dropout"] == false));

    let read = |name: &str| fs::read_to_string(folder.path().join("results").join(name)).unwrap();
    let written: Value = serde_json::from_str(&read("comparison.json")).unwrap();
    assert_eq!(written, found);
    let markdown = read("comparison.md");
    assert!(
        markdown.contains("Accuracy by the share of posts whose caption is missing"),
        "{markdown}"
    );
    assert!(read("modality_importance.svg").contains("% of posts whose image is missing"));
    let table = read("modality_importance.csv");
    let mut table = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(&table.headers().unwrap()[1], "percent");
    assert_eq!(table.records().map(Result::unwrap).count(), 2 * 2 * 9 * 11);

    // The same seeds give the same figures.
    let again = compare(folder.path(), "common_space", &["--seeds", "2"]);
    assert_eq!(again, found);
}

#[test]
fn a_recipe_of_a_system_of_one_side_compares_those_of_that_side() {
    let folder = tempfile::tempdir().unwrap();
    draw_labelled_set(folder.path(), &LABELS);
    let image = compare(folder.path(), "image", &[]);
    assert_eq!(names(&image["systems"]), ["image features, linear"]);
    assert_eq!(image["best"]["system"], "image features, linear");
    let fasttext = compare(folder.path(), "fasttext", &[]);
    assert_eq!(names(&fasttext["systems"]), ["FastText-style baseline"]);
    assert_eq!(fasttext["network"], Value::Null);
    for (recipe, found) in [("image", &image), ("fasttext", &fasttext)] {
        assert_eq!(found["importance"], Value::Null, "{recipe}");
        assert_eq!(found["rows"]["test"], 30, "{recipe}");
        assert!(
            found["systems"][0]["accuracy"]["mean"].as_f64().unwrap() > 0.4,
            "{recipe}"
        );
    }

    // Without images, as labels of captions come.
    fs::remove_dir_all(folder.path().join("images")).unwrap();
    let caption = compare(folder.path(), "caption", &["--out", "results"]);
    assert_eq!(
        names(&caption["systems"]),
        ["FastText-style baseline", "caption features, linear"]
    );
    assert_eq!(caption["rows"]["test"], 30);
    assert!(folder.path().join("results/comparison.md").is_file());
    assert!(!folder.path().join("results/modality_importance.svg").exists());
}

#[test]
fn a_caption_tower_that_no_system_reads_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = repository("tests/own_model/recipes/image.toml");
    let arguments = ["compare", "--data", ".", "--caption-tower", "x.emofuse", "--recipe"];
    let refused = emofuse(&[&arguments[..], &[recipe.to_str().unwrap()]].concat(), folder.path());
    let message = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{message}");
    assert!(
        message.contains("--caption-tower has no use with `fusion.system = \"image\"`"),
        "{message}"
    );
}

//! From a folder of labelled posts to a model, by the command line: the way that docs/training.md describes.
//!
//! The set is small and drawn; `own_model/make.mjs` makes it, here and for the browser's tests.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    sync::OnceLock,
};

use assert_cmd::Command;
use emofuse_dataset::files::OutputLock;
use serde_json::Value;

/// The set has four labels, as many posts of each.
const CHANCE: f64 = 0.25;

pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Draws the set into a folder.
fn draw_set(folder: &Path) {
    draw_labelled_set(folder, &[]);
}

/// Draws the set into a folder, with these labels in place of its own.
pub fn draw_labelled_set(folder: &Path, labels: &[&str]) {
    let made = Command::new("node")
        .arg(repository("tests/own_model/make.mjs"))
        .arg(folder)
        .args(labels)
        .output()
        .unwrap_or_else(|error| panic!("Node.js draws the images; install it ({error})"));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

pub fn emofuse(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::cargo_bin("emofuse").unwrap();
    command.current_dir(folder).args(arguments).output().unwrap()
}

/// Trains from `folder` into its `trained/own.emofuse`.
fn train(folder: &Path, recipe: &Path, cache: &Path) -> Output {
    let [recipe, cache] = [recipe, cache].map(|path| path.to_str().unwrap());
    let paths = ["--out", "trained/own.emofuse", "--recipe", recipe, "--cache", cache];
    emofuse(&[&["train", "--data", "."], &paths[..]].concat(), folder)
}

pub fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A folder with the set and the model that was trained from it, and what training reported.
fn trained() -> &'static (PathBuf, Value) {
    static TRAINED: OnceLock<(PathBuf, Value)> = OnceLock::new();
    TRAINED.get_or_init(|| {
        // Not a temporary folder: nothing would remove it, because statics are not dropped.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own_model");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        draw_set(&folder);
        let report = json(&train(
            &folder,
            &repository("recipes/small.toml"),
            Path::new("features"),
        ));
        (folder, report)
    })
}

fn evaluate(arguments: &[&str]) -> Value {
    let table = [
        "evaluate",
        "--json",
        "--model",
        "trained/own.emofuse",
        "--split",
        "test",
    ];
    json(&emofuse(&[&table, arguments].concat(), &trained().0))
}

#[test]
fn a_folder_of_posts_becomes_a_model_file_whose_report_is_about_that_file() {
    let (folder, report) = trained();
    let file = fs::read(folder.join("trained/own.emofuse")).unwrap();
    assert_eq!(report["id"], "small-1");
    assert_eq!(report["bytes"], file.len());
    assert!(file.len() < 8_000_000, "{} bytes", file.len());
    let measured = evaluate(&["--posts", "posts.csv"]);
    assert_eq!(measured["model"]["sha256"], report["sha256"]);
    for kind in ["both", "image", "caption"] {
        assert!(
            report["dev_quantised"][kind][0].as_f64().unwrap() > 2.0 * CHANCE,
            "{report}"
        );
    }
}

#[test]
fn the_model_reads_images_and_captions_it_has_not_seen() {
    for (modality, target) in [("both", "post"), ("caption", "post"), ("image", "image")] {
        let measured = evaluate(&["--posts", "posts.csv", "--modality", modality, "--target", target]);
        let accuracy = measured["accuracy"].as_f64().unwrap();
        assert_eq!(measured["n"], 40, "{modality}");
        assert!(accuracy > 2.0 * CHANCE, "{modality}: {accuracy}");
    }
    let captions = evaluate(&["--text", "text.csv", "--source", "own"]);
    assert!(
        captions["per_class"]["sadness"]["f1"].as_f64().unwrap() > 0.5,
        "{captions}"
    );
}

#[test]
fn the_same_folder_and_recipe_give_the_same_model() {
    let (first, report) = trained();
    let second = tempfile::tempdir().unwrap();
    draw_set(second.path());
    // Only the features of the images are taken over, which depend on the images alone.
    let cache = first.join("features");
    let again = train(second.path(), &repository("recipes/small.toml"), &cache);
    assert_eq!(json(&again)["sha256"], report["sha256"]);
}

#[test]
fn what_keeps_a_model_from_being_trained_is_named_and_no_file_is_left() {
    let folder = tempfile::tempdir().unwrap();
    draw_set(folder.path());
    let small = fs::read_to_string(repository("recipes/small.toml")).unwrap();
    let recipe = folder.path().join("recipe.toml");
    let refused = |what: &str| {
        let output = train(folder.path(), &recipe, Path::new("features"));
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(what), "{message} does not say {what}");
        assert!(!folder.path().join("trained").exists());
    };

    fs::write(&recipe, small.replace("posts_repeat", "post_repeat")).unwrap();
    refused("unknown field `post_repeat`");
    fs::write(&recipe, &small).unwrap();

    let posts = folder.path().join("posts.csv");
    let rows = fs::read_to_string(&posts).unwrap();
    fs::write(&posts, rows.replacen(",joy,", ",bliss,", 1)).unwrap();
    refused("posts.csv, line 2: `bliss` is not a label; the labels are joy, trust");
    fs::write(&posts, rows.replacen(",test,", ",validation,", 1)).unwrap();
    refused("is not a split; the splits are train, dev, test");
    fs::write(&posts, &rows).unwrap();

    fs::remove_file(folder.path().join("text.csv")).unwrap();
    refused("text.csv: No such file");
}

#[test]
fn a_second_training_into_the_same_file_is_refused_before_its_work_begins() {
    let folder = tempfile::tempdir().unwrap();
    draw_set(folder.path());
    fs::create_dir(folder.path().join("trained")).unwrap();
    let held = OutputLock::take(&folder.path().join("trained/own.emofuse")).unwrap();
    let output = train(folder.path(), &repository("recipes/small.toml"), Path::new("features"));
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(
        message.contains("trained/own.emofuse: another run is writing this file"),
        "{message}"
    );
    assert!(!folder.path().join("features").exists());
    drop(held);
}

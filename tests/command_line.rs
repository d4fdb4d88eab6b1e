//! The command line as a person meets it: the real program, its output and its exit codes.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod untrained;

use std::{fs, path::Path, sync::LazyLock};

use assert_cmd::Command;
use emofuse::Emotion;
use image::{Rgb, RgbImage};
use serde_json::{Value, json};

/// The program, run in a folder.
fn emofuse(folder: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::cargo_bin("emofuse").unwrap();
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    Outcome {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

struct Outcome {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Outcome {
    /// A clear message, the exit code for bad input, and nothing half-written.
    fn is_refused_with(&self, message: &str) {
        assert_eq!(self.code, 2, "{}", self.stderr);
        assert_eq!(self.stdout, "");
        assert!(self.stderr.contains(message), "{} does not say {message}", self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn an_empty_post_is_refused() {
    let folder = folder();
    for arguments in [
        &["classify"][..],
        &["classify", "--caption", ""],
        &["classify", "--caption", " \n", "--json"],
    ] {
        emofuse(folder.path(), arguments).is_refused_with("the post is empty");
    }
}

#[test]
fn unknown_options_and_subcommands_are_refused() {
    let folder = folder();
    emofuse(folder.path(), &["classify", "--captoin", "hi"]).is_refused_with("unexpected argument '--captoin'");
    emofuse(folder.path(), &["clasify"]).is_refused_with("unrecognized subcommand 'clasify'");
    emofuse(folder.path(), &["evaluate", "--posts", "a.csv", "--modality", "smell"]).is_refused_with("invalid value");
    emofuse(folder.path(), &["evaluate", "--posts", "a.csv", "--text", "b.csv"]).is_refused_with("cannot be used with");
    emofuse(folder.path(), &["evaluate", "--text", "b.csv", "--target", "post"]).is_refused_with("cannot be used with");
    emofuse(folder.path(), &["evaluate"]).is_refused_with("required");
}

#[test]
fn a_picture_that_is_not_there_is_named() {
    let folder = folder();
    emofuse(folder.path(), &["classify", "--image", "absent.jpg"]).is_refused_with("absent.jpg: No such file");
}

#[test]
fn a_picture_that_cannot_be_read_is_named_with_what_to_do() {
    let folder = folder();
    fs::write(folder.path().join("note.txt"), "this is no picture").unwrap();
    let outcome = emofuse(
        folder.path(),
        &["classify", "--image", "note.txt", "--caption", "hello"],
    );
    outcome.is_refused_with("note.txt: the picture cannot be read");
    outcome.is_refused_with("use a JPEG, PNG, WebP, GIF or BMP file");
}

#[test]
fn a_missing_model_says_where_it_was_looked_for() {
    let folder = folder();
    let outcome = emofuse(folder.path(), &["classify", "--caption", "hello"]);
    outcome.is_refused_with("there is no model file at pkg/model/emofuse-default.emofuse");
    outcome.is_refused_with("--model");
    emofuse(folder.path(), &["classify", "--caption", "hello", "--model", "absent"]).is_refused_with("absent: No such");
}

#[test]
fn a_file_that_is_no_model_is_refused() {
    let folder = folder();
    fs::write(folder.path().join("model"), "EMOFUSE? no").unwrap();
    let outcome = emofuse(folder.path(), &["classify", "--caption", "hello", "--model", "model"]);
    outcome.is_refused_with("model: this is not an emofuse model file");
    fs::write(folder.path().join("model"), b"EMOFUSE\0\x01\0\0\0 cut off").unwrap();
    emofuse(folder.path(), &["classify", "--caption", "hello", "--model", "model"]).is_refused_with("should have");
}

#[test]
fn a_bad_row_is_named_by_file_and_line_before_any_work_is_done() {
    let folder = folder();
    let posts = |text: &str| {
        fs::write(folder.path().join("posts.csv"), text).unwrap();
        emofuse(folder.path(), &["evaluate", "--posts", "posts.csv", "--split", "test"])
    };
    posts("image,caption,split,post_emotion\na.jpg,hi,test,joy\nb.jpg,ho,test,bliss\n")
        .is_refused_with("posts.csv, line 3: `bliss` is not an emotion");
    posts("image,caption,split,post_emotion\na.jpg,\"two\nlines\",test,joy\nb.jpg,ho,test\n")
        .is_refused_with("posts.csv, line 4: it has 3 cells, the header has 4");
    posts("image,caption,split,post_emotion,human_valence\na.jpg,hi,test,joy,much\n")
        .is_refused_with("posts.csv, line 2: the human valence `much` is not a number");
    posts("image,caption,split\na.jpg,hi,test\n")
        .is_refused_with("posts.csv, line 1: there is no column `post_emotion`");
    posts("image,caption,post_emotion\na.jpg,hi,joy\n")
        .is_refused_with("posts.csv, line 1: there is no column `split`");
    posts("image,caption,split,post_emotion\na.jpg,hi,train,joy\n").is_refused_with("no row is left");
    posts("").is_refused_with("posts.csv, line 1: there is no column");

    fs::write(
        folder.path().join("text.csv"),
        "source,split,caption,labels\na,dev,x,joy|bliss\n",
    )
    .unwrap();
    emofuse(folder.path(), &["evaluate", "--text", "text.csv"]).is_refused_with("text.csv, line 2: `bliss`");
    fs::write(
        folder.path().join("latin.csv"),
        b"source,split,caption,labels\na,dev,\xe9t\xe9,joy\n",
    )
    .unwrap();
    emofuse(folder.path(), &["evaluate", "--text", "latin.csv"]).is_refused_with("latin.csv, line 2: it is not UTF-8");
    emofuse(folder.path(), &["evaluate", "--text", "absent.csv"]).is_refused_with("absent.csv: No such file");
}

#[cfg(feature = "train")]
#[test]
fn a_comparison_that_cannot_be_made_is_refused_before_any_work_is_done() {
    let folder = folder();
    let compare = |arguments: &[&str]| emofuse(folder.path(), &[&["compare"], arguments].concat());
    compare(&[]).is_refused_with("--data <DIR>");
    compare(&["--data", "absent", "--seeds", "0"]).is_refused_with("invalid value '0'");
    compare(&["--data", "absent", "--cnn", "eyes"]).is_refused_with("efficientnet_lite0, googlenet");
    compare(&["--data", "absent", "--cache", "cache"]).is_refused_with("posts.csv: No such file");
    fs::write(folder.path().join("recipe.toml"), "id = 1").unwrap();
    compare(&["--data", "absent", "--cache", "cache", "--recipe", "recipe.toml"]).is_refused_with("recipe.toml: ");
}

#[test]
fn help_and_version_are_there() {
    let folder = folder();
    let help = emofuse(folder.path(), &["--help"]);
    assert_eq!(help.code, 0);
    assert!(
        help.stdout.contains("classify") && help.stdout.contains("evaluate"),
        "{}",
        help.stdout
    );
    let version = emofuse(folder.path(), &["--version"]);
    assert_eq!(
        (version.code, version.stdout.trim()),
        (0, concat!("emofuse ", env!("CARGO_PKG_VERSION")))
    );
}

/// A folder with a model where the program looks for it, and a drawn picture.
fn folder_with_model() -> tempfile::TempDir {
    static MODEL: LazyLock<Vec<u8>> = LazyLock::new(untrained::model);
    let folder = folder();
    fs::create_dir_all(folder.path().join("pkg/model")).unwrap();
    fs::write(folder.path().join("pkg/model/emofuse-default.emofuse"), &*MODEL).unwrap();
    let drawn = RgbImage::from_fn(96, 64, |x, y| Rgb([x as u8 * 2, y as u8 * 3, 120]));
    drawn.save(folder.path().join("drawn.png")).unwrap();
    folder
}

fn json_of(outcome: &Outcome) -> Value {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(outcome.stdout.lines().count(), 1, "one object: {}", outcome.stdout);
    serde_json::from_str(&outcome.stdout).unwrap()
}

fn assert_probabilities(scores: &Value) {
    let scores = scores.as_object().unwrap();
    assert_eq!(scores.len(), Emotion::ALL.len());
    let sum: f64 = Emotion::ALL
        .iter()
        .map(|emotion| scores[emotion.name()].as_f64().unwrap())
        .sum();
    assert!((sum - 1.0).abs() < 1e-4, "{scores:?}");
}

#[test]
fn a_post_is_classified_by_picture_by_caption_and_by_both() {
    let folder = folder_with_model();
    let classify =
        |arguments: &[&str]| json_of(&emofuse(folder.path(), &[&["classify", "--json"], arguments].concat()));
    let both = classify(&["--image", "drawn.png", "--caption", "What a lovely day"]);
    for scores in ["scores", "image", "caption"] {
        assert_probabilities(&both[scores]);
    }
    let best = both["scores"]
        .as_object()
        .unwrap()
        .values()
        .filter_map(Value::as_f64)
        .fold(0.0, f64::max);
    assert_eq!(both["confidence"].as_f64().unwrap(), best);
    assert_eq!(
        both["scores"][both["emotion"].as_str().unwrap()].as_f64().unwrap(),
        best
    );
    assert!((0.0..=1.0).contains(&both["agreement"].as_f64().unwrap()));
    assert_eq!(both["backend"], "cpu");
    assert_eq!(both["model"]["id"], "untrained");
    assert_eq!(both["model"]["sha256"].as_str().unwrap().len(), 64);

    let picture = classify(&["--image", "drawn.png", "--caption", ""]);
    assert_probabilities(&picture["scores"]);
    assert_eq!(
        (&picture["caption"], &picture["agreement"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        picture["image"], both["image"],
        "the picture says the same with and without a caption"
    );
    let caption = classify(&["--caption", "What a lovely day"]);
    assert_eq!(
        (&caption["image"], &caption["caption"]),
        (&Value::Null, &both["caption"])
    );
}

#[test]
fn a_caption_that_is_only_a_link_is_an_empty_post() {
    let folder = folder_with_model();
    let link = "https://example.org/a";
    emofuse(folder.path(), &["classify", "--caption", link]).is_refused_with("the post is empty");
}

#[test]
fn people_get_a_table_of_the_nine_labels() {
    let folder = folder_with_model();
    let outcome = emofuse(
        folder.path(),
        &["classify", "--image", "drawn.png", "--caption", "Nothing works today"],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    // Nothing is sure enough for a threshold of 1.
    assert!(
        outcome.stdout.starts_with("not sure; most likely "),
        "{}",
        outcome.stdout
    );
    for word in Emotion::ALL
        .map(Emotion::name)
        .into_iter()
        .chain(["both", "picture", "caption", "%"])
    {
        assert!(outcome.stdout.contains(word), "{word} in {}", outcome.stdout);
    }
}

/// Posts of every sort, each labelled with what the model says to it.
fn write_posts(folder: &Path) {
    fs::write(folder.join("broken.jpg"), "no picture").unwrap();
    let emotion = |arguments: &[&str]| {
        let answer = json_of(&emofuse(folder, &[&["classify", "--json"], arguments].concat()));
        answer["emotion"].as_str().unwrap().to_owned()
    };
    let both = emotion(&["--image", "drawn.png", "--caption", "a lovely day"]);
    let picture = emotion(&["--image", "drawn.png"]);
    let caption = emotion(&["--caption", "nothing works"]);
    let rows = [
        format!("drawn.png,a lovely day,test,{both},,5.5"),
        format!("drawn.png,,test,{picture},,2"),
        format!(",nothing works,test,{caption},,"),
        "drawn.png,a lovely day,test,,joy,".into(),
        "drawn.png,a lovely day,train,joy,,".into(),
        ",,test,joy,,".into(),
        ",https://example.org,test,joy,,".into(),
        "absent.png,a lovely day,test,joy,,".into(),
        "broken.jpg,,test,joy,,".into(),
    ];
    let header = "image,caption,split,post_emotion,image_emotion,human_valence";
    fs::write(folder.join("posts.csv"), format!("{header}\n{}\n", rows.join("\n"))).unwrap();
}

#[test]
fn posts_are_measured_and_rows_that_cannot_be_are_counted() {
    let folder = folder_with_model();
    write_posts(folder.path());
    let evaluate = |arguments: &[&str]| {
        let start = ["evaluate", "--json", "--posts", "posts.csv", "--split", "test"];
        emofuse(folder.path(), &[&start, arguments].concat())
    };

    let outcome = evaluate(&[]);
    let both = json_of(&outcome);
    assert_eq!(
        (&both["n"], &both["accuracy"], &both["macro_f1"]),
        (&json!(3), &json!(1.0), &json!(1.0))
    );
    assert_eq!(
        both["skipped"],
        json!({"no_target": 1, "empty": 2, "missing_picture": 1, "unreadable_picture": 1})
    );
    let support: u64 = Emotion::ALL
        .iter()
        .map(|emotion| both["per_class"][emotion.name()]["support"].as_u64().unwrap())
        .sum();
    assert_eq!(support, 3);
    assert!((0.0..=1.0).contains(&both["ece"].as_f64().unwrap()));
    assert_eq!(both["valence_n"], 2);
    assert!(
        outcome.stderr.contains("absent.png") && outcome.stderr.contains("broken.jpg"),
        "{}",
        outcome.stderr
    );

    let image = json_of(&evaluate(&["--modality", "image"]));
    assert_eq!(image["n"], 2);
    assert_eq!(
        image["skipped"],
        json!({"no_target": 1, "no_picture": 3, "missing_picture": 1, "unreadable_picture": 1})
    );
    let caption = json_of(&evaluate(&["--modality", "caption"]));
    assert_eq!(caption["n"], 3, "the missing picture is not needed");
    assert_eq!(caption["skipped"], json!({"no_target": 1, "no_caption": 4}));
    let target = json_of(&evaluate(&["--target", "image"]));
    assert_eq!((&target["n"], &target["valence_r"]), (&json!(1), &Value::Null));

    let all = ["evaluate", "--posts", "posts.csv"];
    let people = emofuse(folder.path(), &all);
    assert_eq!(people.code, 0, "{}", people.stderr);
    assert!(
        people.stdout.starts_with("posts               4\n"),
        "{}",
        people.stdout
    );
    assert!(
        people.stdout.contains("skipped: 1 without a label"),
        "{}",
        people.stdout
    );
}

#[test]
fn captions_are_measured_with_the_thresholds_of_the_model() {
    let folder = folder_with_model();
    let text = "source,split,caption,labels\na,dev,a lovely day,joy|trust\na,dev,nothing works,neutral\n\
                b,dev,what a day,joy\na,train,today,fear\na,dev,https://example.org,joy\na,dev,today,\n";
    fs::write(folder.path().join("text.csv"), text).unwrap();
    let evaluate = |arguments: &[&str]| {
        json_of(&emofuse(
            folder.path(),
            &[&["evaluate", "--json", "--text", "text.csv"], arguments].concat(),
        ))
    };
    let dev = evaluate(&["--split", "dev", "--source", "a"]);
    assert_eq!(dev["n"], 2);
    assert_eq!(dev["skipped"], json!({"no_target": 1, "no_caption": 1}));
    assert_eq!(dev["per_class"].as_object().unwrap().len(), 8);
    assert_eq!(dev["per_class"]["joy"]["support"], 1);
    assert_eq!(dev["per_class"]["sadness"]["support"], 0);
    assert!((0.0..=1.0).contains(&dev["macro_f1"].as_f64().unwrap()));
    assert_eq!(evaluate(&[])["n"], 4);
}

/// Captions that name their emotion: a smoke test of the whole way, not a measure of the model.
#[test]
fn the_default_model_tells_plain_captions_apart() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (caption, emotion) in [
        ("What a wonderful day, we are so happy!", "joy"),
        ("I am so angry, I hate this", "anger"),
        ("I am so sad and lonely, I cry every day", "sadness"),
    ] {
        let answer = json_of(&emofuse(repository, &["classify", "--json", "--caption", caption]));
        assert_eq!(answer["emotion"], emotion, "{caption}: {answer}");
    }
}

#[test]
fn the_default_model_reads_a_drawn_picture_beside_a_caption() {
    let folder = folder_with_model();
    let picture = folder.path().join("drawn.png");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let post = [
        "--image",
        picture.to_str().unwrap(),
        "--caption",
        "What a wonderful day, we are so happy!",
    ];
    let answer = json_of(&emofuse(repository, &[&["classify", "--json"], &post[..]].concat()));
    for scores in ["scores", "image", "caption"] {
        assert_probabilities(&answer[scores]);
    }
    assert_ne!(answer["image"], answer["caption"]);
    let people = emofuse(repository, &[&["classify"], &post[..]].concat());
    assert!(
        people.stdout.contains(answer["emotion"].as_str().unwrap()),
        "{}",
        people.stdout
    );
}

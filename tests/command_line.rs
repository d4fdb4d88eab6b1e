//! The command line as a person meets it: the real program, its output and its exit codes.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use assert_cmd::Command;

/// The program, in a folder without a model.
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

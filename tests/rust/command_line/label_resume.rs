//! `emofuse label` that is stopped and goes on: nothing is lost, nothing is done twice, and the file is the one that it would have been.

use crate::untrained;
use std::{
    fs,
    path::Path,
    process::{self, Stdio},
    thread,
    time::Duration,
};

use super::program::{Outcome, emofuse, folder_with_model, set_by_hand};
use emofuse::bundle::ImageArchitecture;
use image::{Rgb, RgbImage};

/// A folder `images` with a model beside it; each image has a caption.
fn folder_with_images(count: u8) -> tempfile::TempDir {
    let folder = folder_with_model();
    fs::create_dir(folder.path().join("images")).unwrap();
    for shade in 0..count {
        draw(folder.path(), &format!("{shade:03}"), shade);
    }
    folder
}

fn draw(folder: &Path, name: &str, shade: u8) {
    let drawn = RgbImage::from_fn(32, 32, |x, y| Rgb([x as u8 * 7, y as u8 * 7, shade]));
    drawn.save(folder.join(format!("images/{name}.png"))).unwrap();
    fs::write(
        folder.join(format!("images/{name}.txt")),
        format!("a lovely day,\nnumber {shade}"),
    )
    .unwrap();
}

fn label(folder: &Path, out: &str, options: &[&str]) -> Outcome {
    let outcome = emofuse(folder, &[&["label", "images", "--out", out], options].concat());
    assert!(matches!(outcome.code, 0 | 1), "{}", outcome.stderr);
    outcome
}

fn says(outcome: &Outcome, told: &str) {
    assert!(outcome.stderr.contains(told), "{} does not say {told}", outcome.stderr);
}

/// The files in a folder whose names begin with this.
fn beginning_with(folder: &Path, start: &str) -> Vec<String> {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with(start)).collect();
    names.sort();
    names
}

#[test]
fn a_file_that_was_cut_off_anywhere_becomes_the_file_that_it_would_have_been() {
    let folder = folder_with_images(5);
    for name in ["labels.csv", "labels.jsonl"] {
        label(folder.path(), name, &[]);
        let path = folder.path().join(name);
        let whole = fs::read(&path).unwrap();
        let torn = whole.len() / 2;
        let after_a_row = torn + whole[torn..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for length in [0, 7, torn, after_a_row, whole.len() - 1, whole.len()] {
            fs::write(&path, &whole[..length]).unwrap();
            let outcome = label(folder.path(), name, &["--resume"]);
            assert_eq!(fs::read(&path).unwrap(), whole, "{name}, {length}");
            if length >= torn {
                says(&outcome, " of them by an earlier run");
            }
            if length == whole.len() {
                says(&outcome, "5 posts labelled (5 of them by an earlier run)");
            }
            assert_eq!(beginning_with(folder.path(), name), [name], "nothing else is left");
        }
        fs::remove_file(&path).unwrap();
        says(&label(folder.path(), name, &["--resume"]), "5 posts labelled\n");
        assert_eq!(fs::read(&path).unwrap(), whole, "there was nothing to resume");
    }
}

#[test]
fn a_run_that_goes_on_and_is_stopped_again_loses_nothing_of_either() {
    let folder = folder_with_images(6);
    label(folder.path(), "labels.csv", &[]);
    let path = folder.path().join("labels.csv");
    let whole = fs::read_to_string(&path).unwrap();
    // Rows of two lines each, after the heading. The first run had two of them, the second the first alone, the third three others.
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    fs::write(&path, lines[..5].concat()).unwrap();
    fs::write(
        folder.path().join("labels.csv.resume-1"),
        format!("{}{}", lines[..3].concat(), "001.png,001.p"),
    )
    .unwrap();
    let third = [&lines[..1], &lines[5..11], &["004.png,torn"]].concat().concat();
    fs::write(folder.path().join("labels.csv.resume-2"), third).unwrap();
    says(
        &label(folder.path(), "labels.csv", &["--resume"]),
        "6 posts labelled (5 of them by an earlier run)",
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    assert_eq!(beginning_with(folder.path(), "labels.csv"), ["labels.csv"]);
}

#[test]
fn a_killed_run_goes_on_where_it_was() {
    let folder = folder_with_images(60);
    label(folder.path(), "whole.csv", &[]);
    let path = folder.path().join("labels.csv");
    let mut child = process::Command::new(assert_cmd::cargo::cargo_bin("emofuse"))
        .current_dir(folder.path())
        .args(["label", "images", "--out", "labels.csv"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while fs::read_to_string(&path).unwrap_or_default().lines().count() < 7 {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it could be killed"
        );
        thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = fs::read_to_string(&path).unwrap();
    assert!(kept.lines().count() >= 7);
    says(
        &label(folder.path(), "labels.csv", &["--resume"]),
        " of them by an earlier run)",
    );
    assert_eq!(
        fs::read(&path).unwrap(),
        fs::read(folder.path().join("whole.csv")).unwrap()
    );
}

#[test]
fn the_same_image_with_the_same_caption_is_classified_once() {
    let folder = folder_with_images(3);
    for name in ["a", "b", "c"] {
        draw(folder.path(), name, 1);
    }
    fs::write(folder.path().join("images/c.txt"), "nothing works").unwrap();
    let outcome = label(folder.path(), "labels.csv", &[]);
    says(
        &outcome,
        "6 posts labelled (2 with the same image and caption as one before)",
    );
    let mut reader = csv::Reader::from_path(folder.path().join("labels.csv")).unwrap();
    let rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(
        (&rows[1][2..], &rows[1][2..]),
        (&rows[3][2..], &rows[4][2..]),
        "all but id and name is the same"
    );
    assert_ne!(rows[1][2..], rows[5][2..]);
}

#[test]
fn what_has_changed_is_read_again_and_what_could_not_be_read_is_tried_again() {
    let folder = folder_with_images(4);
    fs::write(folder.path().join("images/000.png"), "broken").unwrap();
    label(folder.path(), "labels.csv", &[]);
    draw(folder.path(), "000", 0);
    draw(folder.path(), "001", 99); // another image and another caption
    fs::write(folder.path().join("images/002.txt"), "nothing works").unwrap();
    fs::remove_file(folder.path().join("images/003.png")).unwrap();
    draw(folder.path(), "004", 4);
    let outcome = label(folder.path(), "labels.csv", &["--resume"]);
    says(&outcome, "4 posts labelled\n");
    label(folder.path(), "anew.csv", &[]);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("labels.csv"), read("anew.csv"));
}

#[test]
fn another_model_labels_everything_again_and_leaves_hand_set_labels_alone() {
    let folder = folder_with_images(3);
    label(folder.path(), "labels.csv", &[]);
    let path = folder.path().join("labels.csv");
    let first = fs::read_to_string(&path).unwrap();
    let by_hand = set_by_hand(&first, &["joy", "", "fear"]);
    fs::write(&path, &by_hand).unwrap();
    fs::write(
        folder.path().join("another"),
        untrained::model(ImageArchitecture::Googlenet),
    )
    .unwrap();

    let outcome = label(folder.path(), "labels.csv", &["--resume", "--model", "another"]);
    says(&outcome, "3 posts labelled\n");
    label(folder.path(), "anew.csv", &["--model", "another"]);
    let anew = fs::read_to_string(folder.path().join("anew.csv")).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        set_by_hand(&anew, &["joy", "", "fear"])
    );
    assert_ne!(anew, first);
}

#[test]
fn hand_set_labels_of_posts_that_are_gone_are_kept_in_a_file_of_their_own() {
    let folder = folder_with_images(3);
    label(folder.path(), "labels.csv", &[]);
    let path = folder.path().join("labels.csv");
    let by_hand = set_by_hand(&fs::read_to_string(&path).unwrap(), &["joy", "", "fear"]);
    fs::write(&path, &by_hand).unwrap();
    fs::remove_file(folder.path().join("images/002.png")).unwrap();
    let outcome = label(folder.path(), "labels.csv", &["--resume"]);
    says(
        &outcome,
        "1 label of yours belongs to posts that are gone or have changed",
    );
    says(&outcome, "labels.csv.before-1");
    assert_eq!(
        fs::read_to_string(folder.path().join("labels.csv.before-1")).unwrap(),
        by_hand
    );
    assert!(fs::read_to_string(&path).unwrap().contains(",joy,"));
}

#[test]
fn a_file_of_something_else_is_not_gone_on_with() {
    let folder = folder_with_images(1);
    for (name, text) in [
        ("a.csv", "id,image\n1,a.jpg\n"),
        ("b.csv", "a note"),
        ("c.jsonl", "{\"id\":1}\n"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
        let outcome = emofuse(folder.path(), &["label", "images", "--resume", "--out", name]);
        outcome.is_refused_with("cannot be resumed: its columns are not those");
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), text);
    }
}

#[test]
fn a_table_with_columns_of_our_names_is_resumed_escaped_or_not() {
    let folder = folder_with_model();
    let posts =
        "id,caption,emotion,=note,joy\n=a,a lovely day,mine,-1,9\nb,'=nothing works,,\"2,\n3\",9\nc,today,x,,\n";
    fs::write(folder.path().join("posts.csv"), posts).unwrap();
    for options in [&[][..], &["--escape-formulas"]] {
        let run = |more: &[&str]| {
            let start = ["label", "posts.csv", "--out", "labels.csv"];
            emofuse(folder.path(), &[&start[..], options, more].concat())
        };
        assert_eq!(run(&[]).code, 0);
        let path = folder.path().join("labels.csv");
        let whole = fs::read_to_string(&path).unwrap();
        let labelled = set_by_hand(&whole, &["", "fear", ""]);
        let last_row = labelled.trim_end().rfind('\n').unwrap();
        fs::write(&path, &labelled[..last_row + 20]).unwrap();
        let outcome = run(&["--resume"]);
        says(&outcome, "3 rows: 3 posts labelled (2 of them by an earlier run)");
        assert_eq!(fs::read_to_string(&path).unwrap(), labelled, "{options:?}");
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_resumed_file_may_be_escaped_from_then_on() {
    let folder = folder_with_images(2);
    label(folder.path(), "labels.csv", &[]);
    let outcome = label(folder.path(), "labels.csv", &["--resume", "--escape-formulas"]);
    says(&outcome, "2 posts labelled (2 of them by an earlier run)");
    let text = fs::read_to_string(folder.path().join("labels.csv")).unwrap();
    assert!(text.lines().next().unwrap().ends_with(",formulas_escaped"), "{text}");
    emofuse(
        folder.path(),
        &["label", "images", "--out", "labels.jsonl", "--escape-formulas"],
    )
    .is_refused_with("--escape-formulas is for CSV, and labels.jsonl is JSON Lines");
}

//! The files of a run: one run for each output, links that stay, names that are no text, files that change meanwhile, and
//! names that steer a terminal.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::symlink},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use super::program::{draw, emofuse, folder_with_model, ids, label, objects};

/// More images than are read ahead of the rows that are written.
fn many() -> usize {
    thread::available_parallelism().map_or(1, usize::from) * 16 + 60
}

/// A folder with so many images that a run can be stopped within them.
fn folder_with_many() -> tempfile::TempDir {
    let folder = folder_with_model();
    for index in 0..many() {
        draw(
            &folder.path().join(format!("images/{index:05}.png")),
            (index % 251) as u8,
        );
    }
    folder
}

/// A run that has written some rows and does not go on until it is told to.
struct Halted(Child);

impl Halted {
    fn start(folder: &Path, input: &str, out: &Path) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("emofuse"))
            .current_dir(folder)
            .args([
                OsStr::new("label"),
                OsStr::new(input),
                OsStr::new("--out"),
                out.as_os_str(),
            ])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while fs::read_to_string(folder.join(out)).unwrap_or_default().lines().count() < 4 {
            assert!(
                child.try_wait().unwrap().is_none(),
                "it ended before it could be halted"
            );
            thread::sleep(Duration::from_millis(1));
        }
        let halted = Self(child);
        halted.signal("STOP");
        halted
    }

    fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Goes on to the end; its exit code and what it told.
    fn end(self) -> (Option<i32>, String) {
        self.signal("CONT");
        let output = self.0.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_second_run_on_the_same_output_is_refused_and_the_first_ends_as_if_alone() {
    let folder = folder_with_many();
    let out = Path::new("labels.csv");
    let (alone, _) = label(folder.path(), "images", "alone.csv", &[]);
    symlink("labels.csv", folder.path().join("link.csv")).unwrap();
    let halted = Halted::start(folder.path(), "images", out);
    for (name, options) in [
        ("labels.csv", &["--resume"][..]),
        ("labels.csv", &[]),
        ("link.csv", &["--resume"]),
    ] {
        let second = emofuse(folder.path(), &[&["label", "images", "--out", name], options].concat());
        second.is_refused_with("another run is writing this file; wait until it has ended, or name another file");
    }
    label(folder.path(), "images", "other.csv", &[]);
    assert_eq!(halted.end().0, Some(0));
    assert_eq!(fs::read_to_string(folder.path().join(out)).unwrap(), alone);
    let found = names(folder.path());
    let expected = [
        "alone.csv",
        "drawn.png",
        "images",
        "labels.csv",
        "link.csv",
        "other.csv",
        "pkg",
    ];
    assert_eq!(found, expected, "no lock is left");
}

#[test]
fn a_run_that_was_killed_locks_nobody_out() {
    let folder = folder_with_many();
    let (alone, _) = label(folder.path(), "images", "alone.csv", &[]);
    let mut halted = Halted::start(folder.path(), "images", Path::new("labels.csv"));
    halted.0.kill().unwrap();
    halted.0.wait().unwrap();
    assert!(folder.path().join(".labels.csv.lock").exists());
    let (labels, _) = label(folder.path(), "images", "labels.csv", &["--resume"]);
    assert_eq!(labels, alone);
    assert!(!folder.path().join(".labels.csv.lock").exists());
}

#[test]
fn an_output_that_is_a_link_stays_one_whether_its_file_is_there_or_not() {
    let folder = folder_with_model();
    let at = |name: &str| folder.path().join(name);
    draw(&at("images/a.png"), 1);
    fs::create_dir(at("far")).unwrap();
    symlink("far/labels.csv", at("labels.csv")).unwrap();
    let (first, _) = label(folder.path(), "images", "labels.csv", &[]);
    assert_eq!(fs::read_to_string(at("far/labels.csv")).unwrap(), first);
    draw(&at("images/b.png"), 2);
    let (second, _) = label(folder.path(), "images", "labels.csv", &["--resume"]);
    assert_eq!(second.lines().count(), 3);
    assert_eq!(
        fs::read_link(at("labels.csv")).unwrap(),
        PathBuf::from("far/labels.csv")
    );
    assert!(!at("far/labels.csv").is_symlink());
    assert_eq!(fs::read_to_string(at("far/labels.csv")).unwrap(), second);
    assert_eq!(names(&at("far")), ["labels.csv"]);
    let again = emofuse(folder.path(), &["label", "images", "--out", "labels.csv"]);
    again.is_refused_with("labels.csv exists already");
    symlink("nowhere/labels.csv", at("astray.csv")).unwrap();
    let astray = emofuse(folder.path(), &["label", "images", "--out", "astray.csv"]);
    astray.is_refused_with("astray.csv: the file cannot be written; name one in a folder that exists");
}

#[cfg(target_os = "linux")] // other systems refuse such names
#[test]
fn names_that_are_no_text_have_ids_of_their_own_by_which_a_table_finds_them() {
    let folder = folder_with_model();
    let images = folder.path().join("images");
    draw(&images.join("drawn.png"), 1);
    let image = fs::read(images.join("drawn.png")).unwrap();
    fs::remove_file(images.join("drawn.png")).unwrap();
    let names: [&[u8]; 4] = [
        b"caf\xe9.png",
        b"caf\xe8.png",
        "caf\u{fffd}.png".as_bytes(),
        b"caf\\xe9.png",
    ];
    for name in names {
        fs::write(images.join(OsStr::from_bytes(name)), &image).unwrap();
    }
    fs::write(images.join(OsStr::from_bytes(b"caf\xe9.txt")), "so happy").unwrap();
    let (lines, outcome) = label(folder.path(), "images", "labels.jsonl", &[]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let rows = objects(&lines);
    let mut found = ids(&rows);
    found.sort_unstable();
    assert_eq!(
        found,
        ["caf\\x5cxe9.png", "caf\\xe8.png", "caf\\xe9.png", "caf\u{fffd}.png"]
    );
    let happy = rows.iter().find(|row| row["caption"] == "so happy").unwrap();
    assert_eq!(happy["id"], "caf\\xe9.png");

    let (again, _) = label(folder.path(), "images", "labels.jsonl", &["--resume"]);
    assert_eq!(again, lines);
}

#[test]
fn an_image_or_a_table_that_changes_during_the_run_is_noticed_and_counted() {
    let folder = folder_with_many();
    let last = folder.path().join(format!("images/{:05}.png", many() - 1));
    let halted = Halted::start(folder.path(), "images", Path::new("labels.jsonl"));
    draw(&last, 252);
    fs::write(&last, [fs::read(&last).unwrap(), vec![0]].concat()).unwrap();
    let (code, told) = halted.end();
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("1 row could not be read:"), "{told}");
    let rows = objects(&fs::read_to_string(folder.path().join("labels.jsonl")).unwrap());
    assert_eq!(rows.len(), many());
    let row = rows.last().unwrap();
    assert_eq!(row["emotion"], serde_json::Value::Null);
    assert!(
        row["error"]
            .as_str()
            .unwrap()
            .contains("it changed during the run; run again"),
        "{row}"
    );
    let (_, outcome) = label(folder.path(), "images", "labels.jsonl", &["--resume"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);

    let table: String = (0..many())
        .map(|index| format!("{index},images/{index:05}.png\n"))
        .collect();
    let path = folder.path().join("posts.csv");
    fs::write(&path, format!("id,image\n{table}")).unwrap();
    let halted = Halted::start(folder.path(), "posts.csv", Path::new("posts.jsonl"));
    fs::write(&path, format!("id,image\n{table}x,drawn.png\n")).unwrap();
    let (code, told) = halted.end();
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("posts.csv changed during the run"), "{told}");
    let lines = fs::read_to_string(folder.path().join("posts.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), many());
}

#[test]
fn names_and_messages_cannot_steer_the_terminal() {
    let folder = folder_with_model();
    let steering = "a\u{1b}[2J\u{9b}1m\u{202e}\r\nerror: not this.png";
    let path = folder.path().join("images").join(steering);
    draw(&folder.path().join("images/b.png"), 1);
    fs::write(&path, "no image").unwrap();
    let (lines, outcome) = label(folder.path(), "images", "labels.jsonl", &[]);
    let is_plain = |text: &str| {
        !text
            .chars()
            .any(|character| character.is_control() && character != '\n')
    };
    assert!(
        is_plain(&outcome.stderr) && !outcome.stderr.contains('\u{202e}'),
        "{:?}",
        outcome.stderr
    );
    let shown = "a\\u{1b}[2J\\u{9b}1m\\u{202e}\\u{d}\\u{a}error: not this.png: ";
    assert!(outcome.stderr.contains(shown), "{}", outcome.stderr);
    assert_eq!(ids(&objects(&lines))[0], steering, "data stay as they are");

    for arguments in [
        &["label", steering, "--out", "x.csv"][..],
        &["label", "images", "--out", steering],
        &["classify", "--image", steering],
        &["classify", "--model", steering, "--caption", "a"],
        &["evaluate", "--posts", steering],
    ] {
        let refused = emofuse(folder.path(), arguments);
        assert_eq!(refused.code, 2, "{}", refused.stderr);
        assert!(
            is_plain(&refused.stderr) && !refused.stderr.contains('\u{202e}'),
            "{:?}",
            refused.stderr
        );
        assert!(!refused.stderr.contains("\nerror: not this"), "{}", refused.stderr);
    }
    let explained = emofuse(
        folder.path(),
        &["classify", "--explain", "--caption", "so\u{1b}[2J happy\u{7} day"],
    );
    assert!(is_plain(&explained.stdout), "{:?}", explained.stdout);
}

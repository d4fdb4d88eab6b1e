//! The command line as a person meets it: the real program, its output and its exit codes.

use std::{fs, path::Path, sync::LazyLock};

use assert_cmd::Command;
use emofuse::bundle::ImageArchitecture;
use image::{Rgb, RgbImage};
use serde_json::Value;

use crate::untrained;

/// The program, run in a folder.
pub fn emofuse(folder: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::cargo_bin("emofuse").unwrap();
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    Outcome {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    /// A clear message, the exit code for bad input, and nothing half-written.
    pub fn is_refused_with(&self, message: &str) {
        assert_eq!(self.code, 2, "{}", self.stderr);
        assert_eq!(self.stdout, "");
        assert!(self.stderr.contains(message), "{} does not say {message}", self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
    }
}

pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A folder with a model where the program looks for it, and a drawn image.
pub fn folder_with_model() -> tempfile::TempDir {
    static MODEL: LazyLock<Vec<u8>> = LazyLock::new(|| untrained::model(ImageArchitecture::EfficientnetLite0));
    let folder = folder();
    fs::create_dir_all(folder.path().join("pkg/model")).unwrap();
    fs::write(folder.path().join("pkg/model/emofuse-default.emofuse"), &*MODEL).unwrap();
    let drawn = RgbImage::from_fn(96, 64, |x, y| Rgb([x as u8 * 2, y as u8 * 3, 120]));
    drawn.save(folder.path().join("drawn.png")).unwrap();
    folder
}

/// The one object that a command printed.
pub fn json_of(outcome: &Outcome) -> Value {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(outcome.stdout.lines().count(), 1, "one object: {}", outcome.stdout);
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// A table with these labels in its column `hand_emotion`.
pub fn set_by_hand(table: &str, labels: &[&str]) -> String {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header = reader.headers().unwrap().clone();
    let hand = header.iter().position(|name| name == "hand_emotion").unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for (record, label) in reader.records().zip(labels) {
        let record = record.unwrap();
        let cells = record
            .iter()
            .enumerate()
            .map(|(index, cell)| if index == hand { label } else { cell });
        writer.write_record(cells).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Runs to the end and gives what is written, with what is told.
pub fn label(folder: &Path, input: &str, out: &str, options: &[&str]) -> (String, Outcome) {
    let outcome = emofuse(folder, &[&["label", input, "--out", out], options].concat());
    let has_read_all = !outcome.stderr.contains("could not be read");
    assert_eq!(outcome.code, i32::from(!has_read_all), "{}", outcome.stderr);
    assert_eq!(outcome.stdout, "");
    (fs::read_to_string(folder.join(out)).unwrap(), outcome)
}

/// What lines of JSON hold.
pub fn objects(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["id"].as_str().unwrap()).collect()
}

/// An image that is like no other of another shade.
pub fn draw(path: &Path, shade: u8) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let drawn = RgbImage::from_fn(40, 30, |x, y| Rgb([x as u8 * 5, y as u8 * 5, shade]));
    drawn.save(path).unwrap();
}

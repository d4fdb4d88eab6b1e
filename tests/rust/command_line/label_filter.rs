//! `emofuse label -`: a filter between other programs.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use super::program::{emofuse, folder_with_model, label, objects};

fn filter(folder: &Path, options: &[&str]) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin("emofuse"))
        .current_dir(folder)
        .args(["label", "-", "--format", "jsonl"])
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What becomes of these lines: the rows, the exit code and what is said beside them.
fn filtered(folder: &Path, lines: &str, options: &[&str]) -> (Vec<Value>, i32, String) {
    let mut run = filter(folder, options);
    let mut input = run.stdin.take().unwrap();
    let lines = lines.to_owned();
    let writing = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let output = run.wait_with_output().unwrap();
    writing.join().unwrap();
    (
        objects(&String::from_utf8(output.stdout).unwrap()),
        output.status.code().unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn rows_are_those_of_the_same_table_in_its_order() {
    let folder = folder_with_model();
    let posts: String = (0..700)
        .map(|index| {
            let image = (index % 50 == 0).then_some("drawn.png");
            let caption = format!("what a lovely day, number {index}");
            format!(
                "{}\n",
                json!({ "id": format!("post {index}"), "image": image, "caption": caption, "likes": index })
            )
        })
        .collect();
    fs::write(folder.path().join("posts.jsonl"), &posts).unwrap();
    let (table, _) = label(folder.path(), "posts.jsonl", "labels.jsonl", &[]);
    for options in [&[][..], &["--threads", "1"]] {
        let (rows, code, message) = filtered(folder.path(), &posts, options);
        assert_eq!((code, message.as_str()), (0, ""));
        assert_eq!(rows, objects(&table));
    }
}

#[test]
fn a_row_is_written_before_the_next_post_is_waited_for() {
    let folder = folder_with_model();
    let mut run = filter(folder.path(), &[]);
    let mut input = run.stdin.take().unwrap();
    let mut output = BufReader::new(run.stdout.take().unwrap()).lines();
    for caption in ["so happy", "so sad", "nothing works"] {
        writeln!(input, "{}", json!({ "text": caption })).unwrap();
        let row: Value = serde_json::from_str(&output.next().unwrap().unwrap()).unwrap();
        assert_eq!(row["caption"], caption);
    }
    drop(input);
    assert!(output.next().is_none());
    assert_eq!(run.wait().unwrap().code(), Some(0));
}

#[test]
fn every_line_has_a_row_and_its_own_columns_and_what_is_wrong_is_said_in_it() {
    let folder = folder_with_model();
    let lines = [
        r#"{"caption":"so happy","mine":1}"#,
        "",
        r#"{"caption":"so sad","#,
        r#"[{"caption":"a"},{"caption":"b"}]"#,
        r#"{"mood":"low"}"#,
        r#"{"image":"absent.png"}"#,
        r#"  {"Text":"what a day","id":"x","other":"y"}  "#,
    ];
    let (rows, code, message) = filtered(folder.path(), &lines.join("\n"), &[]);
    assert_eq!(code, 0);
    let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["1", "3", "4", "5", "absent.png", "x"]);
    let is_labelled: Vec<bool> = rows.iter().map(|row| row["emotion"].is_string()).collect();
    assert_eq!(is_labelled, [true, false, false, false, false, true]);
    assert_eq!((&rows[0]["mine"], &rows[5]["other"]), (&json!("1"), &json!("y")));
    for (row, reason) in [
        (1, "line 3:"),
        (2, "line 4: it is no JSON object"),
        (3, "line 5: it has neither caption nor image"),
        (4, "there is no image absent.png"),
    ] {
        let error = rows[row]["error"].as_str().unwrap();
        assert!(error.contains(reason), "{error}");
    }
    assert!(message.contains("4 rows could not be read"), "{message}");
}

#[test]
fn a_reader_that_has_enough_ends_the_run_in_peace() {
    let folder = folder_with_model();
    let mut run = filter(folder.path(), &[]);
    let mut input = run.stdin.take().unwrap();
    let mut output = BufReader::new(run.stdout.take().unwrap());
    writeln!(input, r#"{{"caption":"so happy"}}"#).unwrap();
    output.read_line(&mut String::new()).unwrap();
    drop(output);
    // It ends at the next row, and then nobody reads any more.
    while writeln!(input, r#"{{"caption":"so happy"}}"#).is_ok() {}
    let output = run.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn what_does_not_go_together_is_refused() {
    let folder = folder_with_model();
    for (arguments, message) in [
        (
            &["label", "-", "--out", "rows.jsonl"][..],
            "give --format jsonl and no --out",
        ),
        (&["label", ".", "--format", "jsonl"], "--format is for `-`"),
        (&["label", "-"], "--out"),
        (&["label", "-", "--format", "csv"], "jsonl"),
        (&["label", "-", "--format", "jsonl", "--resume"], "--resume"),
        (&["label", "-", "--format", "jsonl", "--threads", "0"], "--threads"),
    ] {
        emofuse(folder.path(), arguments).is_refused_with(message);
    }
}

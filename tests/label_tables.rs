//! `emofuse label` over tables: their formats, their bad rows, and what they become.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod program;
mod untrained;

use std::{collections::HashMap, fs};

use program::{draw, folder_with_model, ids, label, objects, set_by_hand};
use serde_json::{Value, json};

/// Rows of CSV by the names of their cells.
fn rows(csv: &str) -> Vec<HashMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes())
        .into_deserialize()
        .map(|row| row.unwrap())
        .collect()
}

#[test]
fn tables_of_all_three_formats_give_the_same_rows() {
    let folder = folder_with_model();
    draw(&folder.path().join("set/p/a.png"), 1);
    let header = ["ID", "Text", "file", "mood", "joy"];
    let posts = [
        ["x1", " a lovely day ", "p/a.png", "=fine", "9"],
        ["x2", "", "p\\a.png", "", "9"],
        ["", "nothing, works", "", "so \"so\"", "9"],
        ["x4", "today", "p/absent.png", "low", "9"],
        ["x5", "", "https://example.org/a.png", "low", "9"],
        ["x6", "https://example.org", "", "low", "9"],
    ];
    let separated = |separator: u8| {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(separator)
            .from_writer(b"\xef\xbb\xbf".to_vec());
        writer.write_record(header).unwrap();
        posts.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.into_inner().unwrap()
    };
    let lines: String = posts
        .iter()
        .map(|row| {
            let entries: Vec<String> = header
                .iter()
                .zip(row)
                .map(|(key, cell)| format!("{}:{}", json!(key), json!(cell)))
                .collect();
            format!("{{{}}}\n", entries.join(","))
        })
        .collect();
    for (name, bytes) in [
        ("comma.csv", separated(b',')),
        ("semicolon.csv", separated(b';')),
        ("tab.tsv", separated(b'\t')),
        ("lines.jsonl", lines.into_bytes()),
    ] {
        fs::write(folder.path().join("set").join(name), bytes).unwrap();
    }
    let (expected, outcome) = label(folder.path(), "set/comma.csv", "comma.jsonl", &[]);
    let rows = objects(&expected);
    assert_eq!(ids(&rows), ["x1", "x2", "3", "x4", "x5", "x6"]);
    assert_eq!(
        (&rows[0]["caption"], &rows[0]["image"]),
        (&json!("a lovely day"), &json!("p/a.png"))
    );
    assert_eq!(
        (&rows[1]["caption"], &rows[1]["image_sha256"]),
        (&Value::Null, &rows[0]["image_sha256"])
    );
    assert_eq!(
        (&rows[2]["mood"], &rows[2]["image"]),
        (&json!("so \"so\""), &Value::Null)
    );
    assert_ne!(
        rows[0]["joy"],
        json!("9"),
        "a column with the name of one of ours is left out"
    );
    for (row, reason) in rows[3..].iter().zip([
        "there is no picture p/absent.png",
        "nothing is fetched",
        "the post is empty",
    ]) {
        assert!(row["error"].as_str().unwrap().contains(reason), "{row}");
        assert_eq!(row["emotion"], Value::Null);
    }
    assert!(
        outcome.stderr.contains("3 posts labelled, 3 could not be read:"),
        "{}",
        outcome.stderr
    );
    for input in ["semicolon.csv", "tab.tsv", "lines.jsonl"] {
        let (written, _) = label(folder.path(), &format!("set/{input}"), &format!("{input}.jsonl"), &[]);
        assert_eq!(written, expected, "{input}");
    }
}

#[test]
fn malformed_rows_are_told_by_number_and_line_and_the_others_are_labelled() {
    let folder = folder_with_model();
    fs::write(
        folder.path().join("a.csv"),
        "id,caption,mood\r\na,\"a lovely\r\nday\",low\r\nb,so, very, sad\r\nc,\"never closed,low\r\nd,today,low\r\ne,today\r\n",
    )
    .unwrap();
    fs::write(
        folder.path().join("b.jsonl"),
        "{\"id\":1,\"caption\":\"a lovely day\"}\n\n[1]\n{\"id\":\n{\"text\":\"today\"}\n",
    )
    .unwrap();
    let (written, outcome) = label(folder.path(), "a.csv", "a-labels.csv", &[]);
    let table = rows(&written);
    let errors: Vec<(&str, &str)> = table
        .iter()
        .map(|row| (row["id"].as_str(), row["error"].as_str()))
        .collect();
    assert_eq!(
        errors,
        [
            ("a", ""),
            ("2", "line 4: it has 4 cells, the heading has 3"),
            (
                "3",
                "line 5: a quotation mark is opened and not closed; close it, or write it twice inside a cell"
            ),
            ("d", ""),
            ("e", "")
        ]
    );
    assert_eq!((&*table[1]["mood"], &*table[3]["mood"]), ("", "low"));
    assert!(
        outcome
            .stderr
            .contains(", 2 could not be read:\n  2: line 4: it has 4 cells, the heading has 3\n  3: line 5: "),
        "{}",
        outcome.stderr
    );
    let (written, _) = label(
        folder.path(),
        "b.jsonl",
        "b-labels.jsonl",
        &["--caption-column", "caption"],
    );
    let lines = objects(&written);
    assert_eq!(ids(&lines), ["1", "2", "3", "4"]);
    for (line, reason) in [
        (1, "line 3: it is not an object with names and values"),
        (2, "line 4: it is not JSON: "),
        (3, "the post is empty"),
    ] {
        assert!(
            lines[line]["error"].as_str().unwrap().starts_with(reason),
            "{}",
            lines[line]
        );
    }
}

#[test]
fn no_cell_is_a_formula_and_a_table_of_ours_comes_back_as_it_was_with_its_hand_labels() {
    let folder = folder_with_model();
    let posts = "id,caption,+note,emotion\n=1+1,@home today,-5,mine\nb,'=a lovely day,\t=tab,mine\n";
    fs::write(folder.path().join("posts.csv"), posts).unwrap();
    let (first, _) = label(folder.path(), "posts.csv", "first.csv", &[]);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(first.as_bytes());
    for record in reader.records() {
        for cell in &record.unwrap() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell} in {first}");
        }
    }
    let table = rows(&first);
    assert_eq!(
        (&*table[0]["id"], &*table[0]["caption"], &*table[0]["'+note"]),
        ("'=1+1", "'@home today", "'-5")
    );
    assert_eq!(
        (&*table[1]["caption"], &*table[1]["'+note"]),
        ("''=a lovely day", "'\t=tab")
    );

    let by_hand = set_by_hand(&first, &["disgust", "joy"]);
    // What the model says is its own to say.
    let spoilt = by_hand.replace("true", "perhaps").replace(",0.", ",7.");
    fs::write(folder.path().join("by-hand.csv"), spoilt).unwrap();
    let (second, _) = label(folder.path(), "by-hand.csv", "second.csv", &[]);
    assert_eq!(second, by_hand, "all but the hand-set labels is as it was");
    let (lines, _) = label(folder.path(), "by-hand.csv", "second.jsonl", &[]);
    let lines = objects(&lines);
    assert_eq!(
        (&lines[0]["id"], &lines[0]["+note"], &lines[1]["caption"]),
        (&json!("=1+1"), &json!("-5"), &json!("'=a lovely day"))
    );
    let (third, _) = label(folder.path(), "second.jsonl", "third.csv", &[]);
    assert_eq!(third, second, "by way of JSON Lines too");
}

#[test]
fn a_quotation_mark_that_is_never_closed_costs_its_own_row() {
    let folder = folder_with_model();
    let mut table: Vec<String> = (0..2000).map(|number| format!("{number},so happy {number}")).collect();
    table[100] = "100,\"so happy 100".into();
    fs::write(
        folder.path().join("lost.csv"),
        format!("id,caption\n{}\n", table.join("\n")),
    )
    .unwrap();
    let (written, outcome) = label(folder.path(), "lost.csv", "labels.csv", &[]);
    let rows = rows(&written);
    assert_eq!(rows.len(), 2000);
    let without_label: Vec<&str> = rows
        .iter()
        .filter(|row| row["emotion"].is_empty())
        .map(|row| row["error"].as_str())
        .collect();
    assert_eq!(
        without_label,
        ["line 102: a quotation mark is opened and not closed; close it, or write it twice inside a cell"]
    );
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("1999 posts labelled"), "{}", outcome.stderr);
}

#[test]
fn images_are_found_by_the_names_that_tables_from_elsewhere_have_for_them() {
    let folder = folder_with_model();
    for (shade, name) in [
        "cat.png",
        "my cat.png",
        "café.png",
        "IMG_1.PNG",
        "sub/dog.png",
        "other/dog.png",
    ]
    .into_iter()
    .enumerate()
    {
        draw(&folder.path().join("set/pics").join(name), shade as u8 + 1);
    }
    let names = [
        "cat.png",
        "pics/cafe\u{301}.png",
        r"C:\Users\someone\pics\sub\dog.png",
        "/photos/pics/cat.png",
        "pics/img_1.png",
        "pics/my%20cat.png",
        "pics/my\u{a0}cat.png",
        "\"\"\"pics/cat.png\"\"\"",
        "file:///photos/pics/cat.png",
        "dog.png",
        "pics/cat.png;pics/my cat.png",
        "pics/bird.png",
    ];
    let table = names.map(|name| format!("{name},\n")).concat();
    fs::write(
        folder.path().join("set/posts.csv"),
        format!("file_name,caption\n{table}"),
    )
    .unwrap();
    let (written, _) = label(folder.path(), "set/posts.csv", "labels.jsonl", &[]);
    let rows = objects(&written);
    let digests: Vec<&Value> = rows.iter().map(|row| &row["image_sha256"]).collect();
    assert!(digests[..9].iter().all(|digest| digest.is_string()), "{written}");
    assert_eq!([0, 3, 7, 8].map(|row| digests[row]), [digests[0]; 4]);
    assert_eq!(digests[5], digests[6]);
    for (row, reason) in [
        (9, "the image `dog.png` fits more than one file"),
        (10, "fits more than one file"),
        (11, "there is no picture pics/bird.png"),
    ] {
        let error = rows[row]["error"].as_str().unwrap();
        assert!(error.contains(reason), "{error} does not say {reason}");
    }
}

#[test]
fn notes_tell_how_a_table_was_read() {
    let folder = folder_with_model();
    fs::write(
        folder.path().join("old.csv"),
        b"caption,photo_of_it\nquel \xe9t\xe9,a.jpg\n",
    )
    .unwrap();
    let (written, outcome) = label(folder.path(), "old.csv", "labels.csv", &[]);
    assert_eq!(rows(&written)[0]["caption"], "quel \u{e9}t\u{e9}");
    for note in ["read as Windows-1252", "the column `photo_of_it` seems to name images"] {
        assert!(outcome.stderr.contains(note), "{}", outcome.stderr);
    }
}

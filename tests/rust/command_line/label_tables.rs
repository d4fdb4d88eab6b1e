//! `emofuse label` over tables: their formats, their bad rows, and what they become.

use std::{collections::HashMap, fs};

use super::program::{draw, folder_with_model, ids, label, objects, set_by_hand};
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
    assert_eq!(
        (&rows[0]["joy"], rows[0]["emofuse_joy"].is_number()),
        (&json!("9"), true),
        "a column of the name of one of ours keeps its name and its cells"
    );
    for (row, reason) in rows[3..].iter().zip([
        "there is no image p/absent.png",
        "nothing is fetched",
        "the post is empty",
    ]) {
        assert!(row["error"].as_str().unwrap().contains(reason), "{row}");
        assert_eq!(row["emotion"], Value::Null);
    }
    assert!(
        outcome
            .stderr
            .contains("6 rows: 3 posts labelled, 3 rows could not be read:"),
        "{}",
        outcome.stderr
    );
    for input in ["semicolon.csv", "tab.tsv", "lines.jsonl"] {
        let (written, _) = label(folder.path(), &format!("set/{input}"), &format!("{input}.jsonl"), &[]);
        assert_eq!(written, expected, "{input}");
    }
}

#[test]
fn malformed_rows_are_reported_by_number_and_line_and_the_others_are_labelled() {
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
            .contains("5 rows: 3 posts labelled (1 with the same image and caption as one before), 2 rows could not be read:\n  2: line 4: it has 4 cells, the heading has 3\n  3: line 5: "),
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

/// Cells that go wrong where somebody is careless, with a column of the name of one of ours.
const CARELESS: &str = "id,caption,+note,emotion,emofuse_joy\n=1+1,@home today,-5,mine,1\nb,'=a lovely day,\t=tab,\"so \"\"so\"\"\",\"2\r3\n4\"\n";

/// The cells of the columns that a person has, by the names that they have in the table.
fn own_cells<'a>(rows: &'a [HashMap<String, String>], names: &[&str]) -> Vec<Vec<&'a str>> {
    let cells = |row: &'a HashMap<String, String>| names.iter().map(|name| row[*name].as_str()).collect();
    rows.iter().map(cells).collect()
}

#[test]
fn a_person_s_cells_are_written_as_they_are() {
    let folder = folder_with_model();
    fs::write(folder.path().join("posts.csv"), CARELESS).unwrap();
    let (first, _) = label(folder.path(), "posts.csv", "first.csv", &[]);
    let heading = first.lines().next().unwrap();
    assert!(
        heading.starts_with("id,image,caption,emofuse_emotion,confidence,"),
        "{heading}"
    );
    assert!(heading.ends_with(",backend,+note,emotion,emofuse_joy"), "{heading}");
    assert!(heading.contains(",emofuse_joy 2,"), "{heading}");
    let table = rows(&first);
    let names = ["id", "caption", "+note", "emotion", "emofuse_joy"];
    assert_eq!(
        own_cells(&table, &names),
        [
            ["=1+1", "@home today", "-5", "mine", "1"],
            ["b", "'=a lovely day", "\t=tab", "so \"so\"", "2\r3\n4"]
        ]
    );
    assert!(table.iter().all(|row| !row["emofuse_emotion"].is_empty()), "{first}");
}

#[test]
fn a_labelled_table_comes_back_as_it_was_with_its_labels_escaped_or_not() {
    let folder = folder_with_model();
    fs::write(folder.path().join("posts.csv"), CARELESS).unwrap();
    let (raw, _) = label(folder.path(), "posts.csv", "raw.csv", &[]);
    let (escaped, _) = label(folder.path(), "posts.csv", "escaped.csv", &["--escape-formulas"]);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(escaped.as_bytes());
    for record in reader.records() {
        for cell in &record.unwrap() {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell} in {escaped}"
            );
        }
    }
    let table = rows(&escaped);
    let names = ["id", "caption", "'+note", "formulas_escaped"];
    assert_eq!(
        own_cells(&table, &names),
        [
            ["'=1+1", "'@home today", "'-5", "true"],
            ["b", "''=a lovely day", "'\t'=tab", "true"]
        ]
    );

    let with_labels = |table: &str| set_by_hand(table, &["disgust", "joy"]);
    // The model's columns of an earlier run are computed anew.
    let spoilt = |table: &str| with_labels(table).replace(",0.", ",7.");
    fs::write(folder.path().join("raw-mine.csv"), spoilt(&raw)).unwrap();
    fs::write(folder.path().join("escaped-mine.csv"), spoilt(&escaped)).unwrap();
    for (input, out, options, expected) in [
        ("raw-mine.csv", "a.csv", &[][..], &raw),
        ("escaped-mine.csv", "b.csv", &[], &raw),
        ("raw-mine.csv", "c.csv", &["--escape-formulas"], &escaped),
        ("escaped-mine.csv", "d.csv", &["--escape-formulas"], &escaped),
    ] {
        let (again, _) = label(folder.path(), input, out, options);
        assert_eq!(again, with_labels(expected), "{input}, {options:?}");
    }
    let (lines, _) = label(folder.path(), "escaped-mine.csv", "mine.jsonl", &[]);
    let objects = objects(&lines);
    assert_eq!(
        (&objects[0]["id"], &objects[0]["+note"], &objects[1]["caption"]),
        (&json!("=1+1"), &json!("-5"), &json!("'=a lovely day"))
    );
    assert_eq!(
        (&objects[0]["emotion"], &objects[0]["hand_emotion"]),
        (&json!("mine"), &json!("disgust"))
    );
    let (by_way_of_lines, _) = label(folder.path(), "mine.jsonl", "e.csv", &[]);
    assert_eq!(by_way_of_lines, with_labels(&raw));
}

#[test]
fn an_escaped_table_has_no_formula_for_spreadsheets_with_other_separators_either() {
    let folder = folder_with_model();
    let captions = [
        "a lovely day;=1+1",
        "a lovely day;\"=1+1",
        "=1+1",
        "a lovely\t@day",
        "a lovely day\n+1\n-1",
        "＝1+1",
        "a;;＠day\r\n=1",
    ];
    let posts: String = captions
        .iter()
        .map(|caption| emofuse_posts::csv_row([*caption, "=\n=;=\t="]))
        .collect();
    fs::write(folder.path().join("posts.csv"), format!("caption,note\n{posts}")).unwrap();
    let (escaped, _) = label(folder.path(), "posts.csv", "escaped.csv", &["--escape-formulas"]);
    for delimiter in [b',', b';', b'\t'] {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(escaped.as_bytes());
        let mut cells = 0;
        for record in reader.records() {
            for cell in &record.unwrap() {
                cells += 1;
                let is_formula = cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
                assert!(!is_formula, "{cell} in {escaped}, read by {:?}", char::from(delimiter));
            }
        }
        assert!(cells > captions.len());
    }
    fs::write(folder.path().join("again.csv"), &escaped).unwrap();
    let (raw, _) = label(folder.path(), "again.csv", "raw.csv", &[]);
    let rows = rows(&raw);
    let found: Vec<String> = own_cells(&rows, &["caption"])
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .collect();
    assert_eq!(found, captions);
}

#[test]
fn other_columns_of_captions_and_ids_may_be_chosen_and_none_is_lost() {
    let folder = folder_with_model();
    let posts = "id,caption,words,tweet\n1,mine,a lovely day,t1\n2,yours,nothing works,t2\n";
    fs::write(folder.path().join("posts.csv"), posts).unwrap();
    let chosen = ["--caption-column", "words", "--id-column", "tweet"];
    let (first, _) = label(folder.path(), "posts.csv", "first.csv", &chosen);
    let table = rows(&first);
    let names = ["emofuse_id", "emofuse_caption", "id", "caption"];
    assert_eq!(
        own_cells(&table, &names),
        [
            ["t1", "a lovely day", "1", "mine"],
            ["t2", "nothing works", "2", "yours"]
        ]
    );
    let (second, _) = label(folder.path(), "first.csv", "second.csv", &[]);
    assert_eq!(second, first, "its captions are those that were written");
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
    assert!(
        outcome
            .stderr
            .contains("2,000 rows: 1,999 posts labelled, 1 row could not be read:\n  101: line 102: "),
        "{}",
        outcome.stderr
    );
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
        (11, "there is no image pics/bird.png"),
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

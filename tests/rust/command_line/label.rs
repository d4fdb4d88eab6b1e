//! `emofuse label` as a person meets it: a folder, what cannot be read, what is refused.

use std::{fs, path::Path};

use super::program::{draw, emofuse, folder, folder_with_model, ids, json_of, label, objects};
use emofuse::Emotion;
use serde_json::{Value, json};

#[test]
fn a_folder_is_labelled_with_its_captions_in_the_order_of_its_paths() {
    let folder = folder_with_model();
    let images = folder.path().join("images");
    draw(&images.join("b.png"), 1);
    draw(&images.join("a/z.PNG"), 2);
    draw(&images.join("a/told.bmp"), 3);
    draw(&images.join(".hidden/c.png"), 4);
    fs::write(images.join("b.txt"), " a lovely day\n").unwrap();
    fs::write(images.join("a/told.bmp.json"), r#"{"title": "nothing works"}"#).unwrap();
    fs::write(images.join("note.md"), "no post").unwrap();

    let (written, outcome) = label(folder.path(), "images", "labels.jsonl", &[]);
    let rows = objects(&written);
    assert_eq!(ids(&rows), ["a/told.bmp", "a/z.PNG", "b.png"]);
    let captions = [&rows[0]["caption"], &rows[1]["caption"], &rows[2]["caption"]];
    assert_eq!(
        captions,
        [&json!("nothing works"), &Value::Null, &json!("a lovely day")]
    );
    assert!(
        outcome.stderr.contains("3 rows: 3 posts labelled\n"),
        "{}",
        outcome.stderr
    );

    let post = [
        "classify",
        "--json",
        "--image",
        "images/b.png",
        "--caption",
        "a lovely day",
    ];
    let alone = json_of(&emofuse(folder.path(), &post));
    let row = &rows[2];
    assert_eq!(
        (&row["emotion"], &row["uncertain"]),
        (&alone["emotion"], &alone["uncertain"])
    );
    for emotion in Emotion::ALL.map(Emotion::name) {
        let difference = row[emotion].as_f64().unwrap() - alone["scores"][emotion].as_f64().unwrap();
        assert!(difference.abs() < 1e-6, "{emotion}: {difference}");
    }
    let highest = |scores: &Value| {
        scores
            .as_object()
            .unwrap()
            .values()
            .filter_map(Value::as_f64)
            .fold(0.0, f64::max)
    };
    for (side, name) in [("image", "image_confidence"), ("caption", "caption_confidence")] {
        assert!(
            (row[name].as_f64().unwrap() - highest(&alone[side])).abs() < 1e-6,
            "{name}"
        );
    }
    assert!((row["agreement"].as_f64().unwrap() - alone["agreement"].as_f64().unwrap()).abs() < 1e-6);
    assert_eq!(
        (&row["model_sha256"], &row["backend"]),
        (&alone["model"]["sha256"], &json!("cpu"))
    );
    assert_eq!(row["image_sha256"].as_str().map(str::len), Some(64));
    assert_eq!(
        (&rows[1]["caption_emotion"], &rows[1]["agreement"]),
        (&Value::Null, &Value::Null)
    );
    for absent in ["hand_emotion", "corrected_emotion", "corrected_confidence", "error"] {
        assert_eq!(row[absent], Value::Null);
    }
}

#[test]
fn what_cannot_be_read_is_a_row_with_its_reason_and_ends_nothing() {
    let folder = folder_with_model();
    let images = folder.path().join("images");
    draw(&images.join("good.png"), 1);
    let good = fs::read(images.join("good.png")).unwrap();
    let mut large = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    large.extend([20_000_u32.to_le_bytes(), 20_000_u32.to_le_bytes()].concat());
    large.extend([&[1, 0, 24, 0][..], &[0; 24]].concat());
    let broken: [(&str, &[u8], &str); 7] = [
        ("1-empty.jpg", b"", "its file is empty"),
        (
            "2-text.jpg",
            b"Dear diary",
            "its first bytes are those of no known format",
        ),
        ("3-cut-off.png", &good[..good.len() / 2], "it is damaged"),
        ("4-a-head-alone.png", &good[..20], "it is damaged"),
        (
            "5-too-large.bmp",
            &large,
            "400000000 pixels, more than the 100000000 allowed",
        ),
        (
            "6-camera.avif",
            b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
            "this is an AVIF image, which cannot be decoded",
        ),
        ("7-junk.webp", b"RIFF\xff\xff\0\0WEBPVP8 junk", "it is damaged"),
    ];
    for (name, bytes, _) in broken {
        fs::write(images.join(name), bytes).unwrap();
    }
    fs::create_dir(images.join("8-folder.png")).unwrap();
    draw(&images.join("9-bad-sidecar.png"), 2);
    fs::write(images.join("9-bad-sidecar.txt"), b"no text\0\x01").unwrap();

    let (written, outcome) = label(folder.path(), "images", "labels.jsonl", &[]);
    let rows = objects(&written);
    assert_eq!(rows.len(), broken.len() + 2);
    for (row, (name, bytes, reason)) in rows.iter().zip(broken) {
        let error = row["error"].as_str().unwrap();
        assert!(
            row["id"] == name && error.contains(reason),
            "{name}: {error} does not say {reason}"
        );
        assert_eq!(
            (&row["emotion"], &row["joy"], &row["model_sha256"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        assert_eq!(row["image_sha256"].is_null(), bytes.is_empty(), "{name}");
    }
    let sidecar = &rows[7];
    assert_eq!(
        sidecar["error"],
        "the caption in 9-bad-sidecar.txt cannot be read: it is not a text file; save the caption as UTF-8 text, or remove the file"
    );
    assert!(
        sidecar["emotion"].is_string() && sidecar["caption"].is_null(),
        "{sidecar}"
    );
    assert_eq!((&rows[8]["id"], &rows[8]["error"]), (&json!("good.png"), &Value::Null));
    for told in [
        "9 rows: 2 posts labelled, 7 rows could not be read:\n  1-empty.jpg: the image cannot be read: its file is empty",
        "\n  and 2 more; see the column `error`",
        "\n1 post labelled without something that could not be read:\n  9-bad-sidecar.png: ",
    ] {
        assert!(outcome.stderr.contains(told), "{} does not say {told}", outcome.stderr);
    }
}

#[test]
fn captions_that_nobody_wrote_are_none_and_skipped_files_are_counted() {
    let folder = folder_with_model();
    let images = folder.path().join("images");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/captions");
    for (case, name) in [
        ("camera_olympus", "olympus.jpg"),
        ("takeout_name_as_title", "IMG_3397.JPG"),
        ("takeout_name_as_title", "IMG_3397.JPG.json"),
        ("takeout_supplemental_metadata", "IMG_3398.JPG"),
        (
            "takeout_supplemental_metadata",
            "IMG_3398.JPG.supplemental-metadata.json",
        ),
    ] {
        fs::create_dir_all(&images).unwrap();
        fs::copy(golden.join(case).join(name), images.join(name)).unwrap();
    }
    draw(&images.join("boxes.png"), 1);
    fs::write(images.join("boxes.txt"), "0 0.5 0.5 0.25 0.25\n").unwrap();
    draw(&images.join("old.png"), 2);
    fs::write(images.join("OLD.TXT"), b"caf\xe9 closed, so sad").unwrap();
    draw(&images.join("@eaDir/old.png/SYNOPHOTO_THUMB_M.png"), 3);
    fs::write(images.join("IMG_1.HEIC"), "").unwrap();
    fs::write(images.join("IMG_2.heic"), "").unwrap();

    let (written, outcome) = label(folder.path(), "images", "labels.jsonl", &[]);
    let rows = objects(&written);
    let captions: Vec<(&str, Option<&str>)> = rows
        .iter()
        .map(|row| (row["id"].as_str().unwrap(), row["caption"].as_str()))
        .collect();
    assert_eq!(
        captions,
        [
            ("IMG_3397.JPG", None),
            ("IMG_3398.JPG", Some("my dog died today")),
            ("boxes.png", None),
            ("old.png", Some("caf\u{e9} closed, so sad")),
            ("olympus.jpg", None),
        ]
    );
    let note = "note: 2 HEIC images were skipped (IMG_1.HEIC, IMG_2.heic); convert them to JPEG or PNG\n";
    assert!(outcome.stderr.contains(note), "{}", outcome.stderr);
}

#[test]
fn what_is_asked_wrongly_is_refused_before_any_work_is_done() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("posts.csv"), "caption\nhello\n").unwrap();
    fs::write(path.join("mood.csv"), "mood\nhello\n").unwrap();
    fs::write(path.join("empty.csv"), "").unwrap();
    fs::write(path.join("heading.csv"), "caption\n").unwrap();
    fs::write(path.join("there.csv"), "precious").unwrap();
    fs::write(path.join("note.txt"), "").unwrap();
    fs::create_dir(path.join("none")).unwrap();
    let label = |arguments: &[&str]| emofuse(path, &[&["label"], arguments].concat());
    label(&["posts.csv"]).is_refused_with("--out <FILE>");
    label(&["posts.csv", "--out", "labels.txt"]).is_refused_with("must end with .csv or .jsonl");
    label(&["posts.csv", "--out", "posts.csv"]).is_refused_with("posts.csv is the input; give --out another name");
    label(&["posts.csv", "--out", "none/../posts.csv", "--resume"]).is_refused_with("is the input");
    label(&["posts.csv", "--out", "absent/labels.csv"])
        .is_refused_with("absent/labels.csv: the file cannot be written");
    label(&["posts.csv", "--out", "there.csv"]).is_refused_with("there.csv exists already; continue it with --resume");
    label(&["absent", "--out", "labels.csv"]).is_refused_with("absent: there is no such file or folder");
    label(&["note.txt", "--out", "labels.csv"]).is_refused_with("note.txt: give a folder, or a table");
    label(&["none", "--out", "labels.csv"]).is_refused_with("there is no image in none");
    label(&["none", "--out", "labels.csv", "--id-column", "a"]).is_refused_with("--id-column is for tables");
    label(&["mood.csv", "--out", "labels.csv"])
        .is_refused_with("say which it is with --caption-column or --image-column");
    label(&["posts.csv", "--out", "labels.csv", "--image-column", "file"])
        .is_refused_with("there is no column `file`; the columns are caption");
    label(&["heading.csv", "--out", "labels.csv"]).is_refused_with("the table has no rows");
    label(&["empty.csv", "--out", "labels.csv"]).is_refused_with("the table has no rows");
    label(&["posts.csv", "--out", "labels.csv"]).is_refused_with("there is no model file");
    assert!(!path.join("labels.csv").exists());
    assert_eq!(fs::read(path.join("there.csv")).unwrap(), b"precious");
}

/// As much as a probability may differ between back ends.
const TOLERANCE: f64 = 2e-3;

#[test]
fn the_golden_posts_are_labelled_as_when_they_were_made() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder();
    let mut table = csv::Writer::from_path(folder.path().join("posts.csv")).unwrap();
    table.write_record(["id", "image", "caption"]).unwrap();
    for entry in fs::read_dir(repository.join("tests/golden/posts")).unwrap() {
        let case = entry.unwrap().path();
        if case.is_dir() {
            let image = Some(case.join("picture.png"))
                .filter(|path| path.exists())
                .unwrap_or_default();
            let caption = fs::read_to_string(case.join("caption.txt")).unwrap_or_default();
            table
                .write_record([case.to_str().unwrap(), image.to_str().unwrap(), &caption])
                .unwrap();
        }
    }
    table.flush().unwrap();
    let model = repository.join("pkg/model/emofuse-default.emofuse");
    let (written, _) = label(
        folder.path(),
        "posts.csv",
        "labels.jsonl",
        &["--model", model.to_str().unwrap()],
    );
    let rows = objects(&written);
    assert!(rows.len() >= 6);
    for row in rows {
        let case = Path::new(row["id"].as_str().unwrap());
        let expected: Value = serde_json::from_slice(&fs::read(case.join("expected.json")).unwrap()).unwrap();
        assert_eq!(
            (&row["emotion"], &row["uncertain"]),
            (&expected["emotion"], &expected["uncertain"]),
            "{row}"
        );
        for emotion in Emotion::ALL.map(Emotion::name) {
            let difference = row[emotion].as_f64().unwrap() - expected["scores"][emotion].as_f64().unwrap();
            assert!(
                difference.abs() <= TOLERANCE,
                "{}, {emotion}: {difference}",
                case.display()
            );
        }
        for side in ["image", "caption"] {
            let alone = expected[side].as_object();
            let highest = alone.map(|scores| scores.values().filter_map(Value::as_f64).fold(0.0, f64::max));
            let found = row[format!("{side}_confidence")].as_f64();
            assert_eq!(found.is_some(), highest.is_some(), "{row}");
            assert!(
                (found.unwrap_or_default() - highest.unwrap_or_default()).abs() <= TOLERANCE,
                "{row}"
            );
        }
    }
}

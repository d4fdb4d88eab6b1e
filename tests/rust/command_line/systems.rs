//! Every system as a model file, with labels of one's own: trained by the real program, loaded, and asked about posts.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use burn::tensor::Device;
use emofuse::{Error, Image, bundle::Bundle, classifier::Classifier, decode::decode, metrics::most_likely};
use serde_json::Value;

use super::training::{draw_labelled_set, emofuse, json, repository};

const LABELS: [&str; 3] = ["Ruhe", "Sturm", "霧"];

/// The systems, with what they read of a post.
const SYSTEMS: [(&str, bool, bool); 7] = [
    ("common_space", true, true),
    ("joint", true, true),
    ("early", true, true),
    ("late", true, true),
    ("image", true, false),
    ("caption", false, true),
    ("fasttext", false, true),
];

/// The folder with the set; the features of its images are kept beside it.
fn set() -> &'static Path {
    static SET: OnceLock<PathBuf> = OnceLock::new();
    SET.get_or_init(|| {
        // Not a temporary folder: nothing would remove it, because statics are not dropped.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own_labels");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        draw_labelled_set(&folder, &LABELS);
        folder
    })
}

fn train(data: &Path, recipe: Option<&Path>, out: &Path) -> std::process::Output {
    let [data, out] = [data, out].map(|path| path.to_str().unwrap());
    let mut arguments = vec!["train", "--data", data, "--out", out, "--cache", "features"];
    arguments.extend(recipe.iter().flat_map(|recipe| ["--recipe", recipe.to_str().unwrap()]));
    emofuse(&arguments, set())
}

/// A post of the test split.
struct Post {
    image: Image,
    caption: String,
    label: usize,
}

fn test_posts() -> Vec<Post> {
    let mut table = csv::Reader::from_path(set().join("posts.csv")).unwrap();
    let rows = table.records().map(Result::unwrap).filter(|row| &row[2] == "test");
    rows.map(|row| Post {
        image: decode(&fs::read(set().join(&row[0])).unwrap()).unwrap(),
        caption: row[1].to_owned(),
        label: LABELS.iter().position(|label| *label == &row[5]).unwrap(),
    })
    .collect()
}

/// Checks that scores are probabilities of the three labels.
fn assert_probabilities(scores: &[f32], what: &str) {
    assert_eq!(scores.len(), LABELS.len(), "{what}");
    assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{what}: {scores:?}");
}

#[test]
fn every_system_is_trained_with_labels_of_ones_own_written_and_loaded() {
    let posts = test_posts();
    for (system, reads_images, reads_captions) in SYSTEMS {
        let recipe = repository(&format!("tests/own_model/recipes/{system}.toml"));
        let file = set().join(format!("{system}.emofuse"));
        let report = json(&train(set(), Some(&recipe), &file));
        assert_eq!(report["system"], system);
        assert_eq!(report["labels"], Value::from(LABELS.to_vec()));

        let classifier = Classifier::load(&fs::read(&file).unwrap(), &Device::flex()).unwrap();
        let manifest = classifier.manifest();
        assert!(manifest.labels.names().eq(LABELS), "{system}");
        assert_eq!(manifest.architecture.system(), system);
        let mut right = 0;
        for Post { image, caption, label } in &posts {
            let both = classifier.classify_blocking(Some(image), Some(caption)).unwrap();
            assert_probabilities(&both.scores, system);
            right += usize::from(most_likely(&both.scores) == *label);
            let image = classifier.classify_blocking(Some(image), None);
            let caption = classifier.classify_blocking(None, Some(caption));
            for (alone, is_read) in [(image, reads_images), (caption, reads_captions)] {
                match alone {
                    Ok(alone) => assert_probabilities(&alone.scores, system),
                    Err(error) => assert!(
                        !is_read && matches!(error, Error::ModalityMissing { .. }),
                        "{system}: {error}"
                    ),
                }
            }
        }
        // Of 30 posts, 10 of each label.
        let least = if system == "image" { 13 } else { 16 };
        assert!(right > least, "{system}: {right} of {} right", posts.len());
        // What the file says of dev is what training measured, but for the rounding of its numbers.
        for kind in ["both", "image", "caption"] {
            let [trained, written] =
                ["dev_after_refit", "dev_quantised"].map(|score| report[score][kind][0].as_f64().unwrap());
            assert!((trained - written).abs() < 0.09, "{system}, {kind}: {report}");
        }
        let bundle = Bundle::from_bytes(&fs::read(&file).unwrap()).unwrap();
        assert_eq!(
            bundle.names().any(|name| name.starts_with("image.")),
            reads_images,
            "{system}"
        );
        let has_tower = bundle.names().any(|name| name.starts_with("caption."));
        assert_eq!(has_tower, reads_captions && system != "fasttext", "{system}");
    }
}

#[test]
fn without_a_side_a_system_answers_by_the_other_and_not_by_zeros() {
    let posts = test_posts();
    for system in ["joint", "early"] {
        let file = set().join(format!("{system}-alone.emofuse"));
        let recipe = repository(&format!("tests/own_model/recipes/{system}.toml"));
        json(&train(set(), Some(&recipe), &file));
        let classifier = Classifier::load(&fs::read(&file).unwrap(), &Device::flex()).unwrap();
        let alone = posts.iter().map(|post| {
            let image = classifier.classify_blocking(Some(&post.image), None).unwrap();
            (image.scores, post.label)
        });
        let alone: Vec<(Vec<f32>, usize)> = alone.collect();
        let answers: std::collections::BTreeSet<usize> = alone.iter().map(|(scores, _)| most_likely(scores)).collect();
        assert!(answers.len() > 1, "{system} gives every image alone the same answer");
        let right = alone.iter().filter(|(scores, label)| most_likely(scores) == *label);
        assert!(right.count() > 12, "{system}");
    }
}

#[test]
fn bad_recipes_are_refused_with_a_reason_and_nothing_is_written() {
    let good = fs::read_to_string(repository("tests/own_model/recipes/early.toml")).unwrap();
    let labels = "labels = [\"Ruhe\", \"Sturm\", \"霧\"]";
    let folder = tempfile::tempdir().unwrap();
    let recipe = folder.path().join("recipe.toml");
    for (from, to, reason) in [
        (
            "system = \"early\"",
            "system = \"mid\"",
            "unknown variant `mid`, expected one of `common_space`",
        ),
        (
            "system = \"early\"",
            "system = \"early\"\npooling = \"max\"",
            "`fusion.pooling` has no use with",
        ),
        (
            "system = \"early\"",
            "system = \"joint\"\nweighting = \"mean\"",
            "`fusion.weighting` has no use with",
        ),
        (
            "system = \"early\"",
            "system = \"early\"\nd_common = 4",
            "`fusion.d_common` has no use with",
        ),
        (labels, "labels = [\"Ruhe\"]", "there must be at least two"),
        (
            labels,
            "labels = [\"Ruhe\", \"Sturm\", \"霧\", \"Sturm\"]",
            "`Sturm` occurs twice",
        ),
        (labels, "labels = \"weather\"", "`weather` is not a ready-made set"),
        (
            labels,
            "labels = [\"Ruhe\", \"Sturm\", \"霧\", \"Regen\"]",
            "no row of the train split has the label `Regen`",
        ),
        (
            labels,
            "labels = [\"Ruhe\", \"Sturm\"]",
            "`霧` is not a label; the labels are Ruhe, Sturm",
        ),
        (
            "post_label = \"mood\"",
            "post_label = \"moood\"",
            "posts.csv, line 1: there is no column `moood`",
        ),
    ] {
        assert!(good.contains(from), "{from}");
        fs::write(&recipe, good.replacen(from, to, 1)).unwrap();
        let out = folder.path().join("out/refused.emofuse");
        let output = train(set(), Some(&recipe), &out);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{to}: {message}");
        assert!(message.contains(reason), "{to}: {message}");
        assert!(!out.exists());
    }
    let output = train(set(), None, &folder.path().join("x.emofuse"));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        message.contains("a folder needs a recipe; name one with --recipe"),
        "{message}"
    );
}

/// The recipe of the common space with these companions, under a name.
fn recipe_with(companions: &str, name: &str) -> PathBuf {
    let recipe = fs::read_to_string(repository("tests/own_model/recipes/common_space.toml")).unwrap();
    let path = set().join(name);
    let with = format!("[fusion]\ncompanions = {companions}\n");
    fs::write(&path, recipe.replace("[fusion]\n", &with)).unwrap();
    path
}

const COMPANIONS: &str = r#"["joint", "early", "late", "image", "caption"]"#;

#[test]
fn companions_are_trained_with_a_model_or_added_to_it_and_all_else_stays() {
    let plain = set().join("plain.emofuse");
    json(&train(
        set(),
        Some(&repository("tests/own_model/recipes/common_space.toml")),
        &plain,
    ));
    let recipe = recipe_with(COMPANIONS, "companions.toml");
    let trained = set().join("companions.emofuse");
    let report = json(&train(set(), Some(&recipe), &trained));
    let added = set().join("added.emofuse");
    let [recipe, plain_path, added_path] = [&recipe, &plain, &added].map(|path| path.to_str().unwrap());
    let add = |model: &str, out: &str| {
        let arguments = [
            "train", "--add-to", model, "--data", ".", "--recipe", recipe, "--out", out,
        ];
        json(&emofuse(&arguments, set()))
    };
    let added_report = add(plain_path, added_path);
    let names = ["caption", "early", "image", "joint", "late"];
    for report in [&report, &added_report] {
        let companions = report["companions"].as_object().unwrap();
        assert!(companions.keys().eq(names), "{report}");
        for name in ["early", "joint", "late"] {
            let accuracy = companions[name]["both"][0].as_f64().unwrap();
            assert!(accuracy > 0.5, "{name}: {report}");
        }
        assert_eq!(companions["image"]["caption"], Value::from(vec![0.0, 0.0]));
        assert!(companions["late"]["passes"].is_null());
    }
    let bytes = |key: &str| added_report[key].as_u64().unwrap();
    let file = fs::read(&added).unwrap();
    assert_eq!(bytes("bytes"), file.len() as u64);
    assert_eq!(bytes("bytes_before"), fs::metadata(&plain).unwrap().len());
    assert!(bytes("bytes") - bytes("bytes_before") < 100_000, "{added_report}");

    let [before, after] = [&plain, &added].map(|path| Bundle::from_bytes(&fs::read(path).unwrap()).unwrap());
    let others = |bundle: &Bundle| -> Vec<String> {
        let names = bundle.names().filter(|name| !name.starts_with("companions."));
        names.map(String::from).collect()
    };
    assert_eq!(others(&before), others(&after));
    let mut manifest = after.manifest.clone();
    manifest.companions.clear();
    assert_eq!(manifest, before.manifest);
    let [before, after] =
        [&plain, &added].map(|path| Classifier::load(&fs::read(path).unwrap(), &Device::flex()).unwrap());
    for Post { image, caption, .. } in test_posts().iter().take(4) {
        let [before, after] =
            [&before, &after].map(|model| model.classify_blocking(Some(image), Some(caption)).unwrap());
        assert_eq!(before, after);
    }
    // Once more takes the place of those that are there.
    let again = set().join("again.emofuse");
    add(added_path, again.to_str().unwrap());
    assert_eq!(fs::read(&again).unwrap(), file);
}

#[test]
fn the_command_line_shows_what_each_system_says_and_without_either_side() {
    let recipe = recipe_with(r#"["late", "image", "caption"]"#, "late.toml");
    let model = set().join("late-beside.emofuse");
    json(&train(set(), Some(&recipe), &model));
    let mut table = csv::Reader::from_path(set().join("posts.csv")).unwrap();
    let row = table
        .records()
        .map(Result::unwrap)
        .find(|row| &row[2] == "test")
        .unwrap();
    let model = model.to_str().unwrap();
    let classify = |more: &[&str]| emofuse(&[&["classify", "--model", model], more].concat(), set());
    let both = ["--image", &row[0], "--caption", &row[1]];
    let found = json(&classify(&[&both[..], &["--json", "--systems"]].concat()));
    let systems = found["systems"].as_array().unwrap();
    let names: Vec<&str> = systems.iter().map(|system| system["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["common_space", "late", "image", "caption"]);
    assert_eq!(systems[0]["scores"], found["scores"]);
    for system in systems {
        let keys: Vec<&String> = system.as_object().unwrap().keys().collect();
        assert_eq!(keys.len(), 4, "{keys:?}");
        assert!(system["scores"].as_object().unwrap().keys().count() == LABELS.len());
    }
    assert!(systems[2]["caption"].is_null() && systems[3]["image"].is_null());
    let without = json(&classify(&[&both[..], &["--json"]].concat()));
    assert!(without.get("systems").is_none());
    let alone = json(&classify(&["--caption", &row[1], "--json", "--systems"]));
    assert_eq!(alone["systems"].as_array().unwrap().len(), 3);

    let text = classify(&[&both[..], &["--systems"]].concat());
    let text = String::from_utf8(text.stdout).unwrap();
    for line in ["system ", "common_space ", "late ", "image ", "caption "] {
        assert!(text.lines().any(|found| found.starts_with(line)), "{line}: {text}");
    }
    assert!(
        text.contains("without caption") && text.contains("without image"),
        "{text}"
    );
}

#[test]
fn companions_that_cannot_be_are_refused_with_a_reason_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.emofuse");
    let refused = |output: std::process::Output, reason: &str| {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{reason}: {message}");
        assert!(message.contains(reason), "{reason}: {message}");
        assert!(!out.exists());
    };
    for (companions, reason) in [
        (
            r#"["late"]"#,
            "combines what \"image\" and \"caption\" decide; add these two",
        ),
        (r#"["early", "early"]"#, "names \"early\" twice"),
        (r#"["fasttext"]"#, "unknown variant `fasttext`, expected one of `joint`"),
    ] {
        refused(
            train(set(), Some(&recipe_with(companions, "refused.toml")), &out),
            reason,
        );
    }
    let early = fs::read_to_string(repository("tests/own_model/recipes/early.toml")).unwrap();
    let itself = folder.path().join("early.toml");
    fs::write(
        &itself,
        early.replace("[fusion]\n", "[fusion]\ncompanions = [\"early\"]\n"),
    )
    .unwrap();
    refused(
        train(set(), Some(&itself), &out),
        "which is `fusion.system` already; remove it",
    );

    let model = set().join("early-plain.emofuse");
    let recipe = repository("tests/own_model/recipes/early.toml");
    json(&train(set(), Some(&recipe), &model));
    let add = |recipe: &Path| {
        let [model, recipe, out] = [model.as_path(), recipe, &out].map(|path| path.to_str().unwrap());
        emofuse(
            &[
                "train", "--add-to", model, "--data", ".", "--recipe", recipe, "--out", out,
            ],
            set(),
        )
    };
    refused(add(&recipe), "`fusion.companions` is missing");
    refused(
        add(&recipe_with(COMPANIONS, "other.toml")),
        "`fusion.system` is \"common_space\", and the model file's is \"early\"",
    );
    let labels = early
        .replace("[fusion]\n", "[fusion]\ncompanions = [\"joint\"]\n")
        .replace("\"Ruhe\", \"Sturm\"", "\"Sturm\", \"Ruhe\"");
    fs::write(&itself, labels).unwrap();
    refused(add(&itself), "its labels are not those of the model file");
}

#[test]
fn metadata_is_a_third_side_of_posts_that_the_model_file_does_without() {
    let mut table = csv::Reader::from_path(set().join("posts.csv")).unwrap();
    let mut writer = csv::Writer::from_path(set().join("hours.csv")).unwrap();
    let mut header = table.headers().unwrap().clone();
    header.push_field("hour");
    writer.write_record(&header).unwrap();
    for (index, row) in table.records().enumerate() {
        let mut row = row.unwrap();
        // The hour tells the label, as far as it is known.
        let label = LABELS.iter().position(|label| *label == &row[5]).unwrap();
        let hour = if index % 10 == 0 {
            String::new()
        } else {
            format!("{}", 2 + 8 * label)
        };
        row.push_field(&hour);
        writer.write_record(&row).unwrap();
    }
    writer.flush().unwrap();
    for system in ["common_space", "joint", "early", "late"] {
        let recipe = fs::read_to_string(repository(&format!("tests/own_model/recipes/{system}.toml"))).unwrap();
        let recipe = recipe.replace(
            "[data]\n",
            "[data]\nposts = [{ kind = \"posts\", path = \"hours.csv\" }]\n",
        );
        let path = set().join(format!("{system}-hours.toml"));
        fs::write(&path, recipe + "\n[metadata]\ncolumns = [\"hour\", \"emoji\"]\n").unwrap();
        let file = set().join(format!("{system}-hours.emofuse"));
        let report = json(&train(set(), Some(&path), &file));
        let accuracy = |score: &str, kind: &str| report[score][kind][0].as_f64().unwrap();
        // Rows without an hour are not among those that are measured with it.
        assert!(accuracy("dev", "with_metadata") > 0.7, "{system}: {report}");
        assert!(accuracy("dev_quantised", "both") > 0.6, "{system}: {report}");
        Classifier::load(&fs::read(&file).unwrap(), &Device::flex()).unwrap();
    }
}

/// The train and dev posts as the labelling desk exports them.
fn desk_rows() -> Vec<[String; 5]> {
    let mut table = csv::Reader::from_path(set().join("posts.csv")).unwrap();
    let rows = table.records().map(Result::unwrap).filter(|row| &row[2] != "test");
    rows.take(60)
        .enumerate()
        .map(|(id, row)| {
            // The desk names files by their path in the folder that was given to it; another folder holds it now.
            let image = row[0].replace("images/", "C:\\photos\\");
            [
                id.to_string(),
                image,
                row[1].to_owned(),
                row[5].to_owned(),
                "0".repeat(64),
            ]
        })
        .collect()
}

#[test]
fn a_table_of_the_desk_trains_a_model_without_a_recipe_and_without_editing_a_file() {
    let columns = ["id", "image", "caption", "hand_emotion", "model_sha256"];
    let [csv_file, lines_file] = ["labelled.csv", "labelled.jsonl"].map(|name| set().join(name));
    let mut writer = csv::Writer::from_path(&csv_file).unwrap();
    writer.write_record(columns).unwrap();
    let mut lines = String::new();
    for row in desk_rows() {
        writer.write_record(&row).unwrap();
        let object: serde_json::Map<String, Value> = columns
            .iter()
            .zip(row)
            .map(|(column, cell)| ((*column).to_owned(), cell.into()))
            .collect();
        lines += &format!("{}\n", Value::from(object));
    }
    writer.flush().unwrap();
    fs::write(&lines_file, lines).unwrap();
    let files = [csv_file, lines_file].map(|table| {
        let out = table.with_extension("emofuse");
        let report = json(&train(&table, None, &out));
        assert_eq!(
            report["labels"],
            Value::from(LABELS.to_vec()),
            "in the order of their names"
        );
        assert_eq!(report["system"], "common_space");
        fs::read(out).unwrap()
    });
    assert_eq!(files[0], files[1], "the format of the table does not matter");
    let classifier = Classifier::load(&files[0], &Device::flex()).unwrap();
    let posts = test_posts();
    let right = posts.iter().filter(|post| {
        let found = classifier
            .classify_blocking(Some(&post.image), Some(&post.caption))
            .unwrap();
        most_likely(&found.scores) == post.label
    });
    let right = right.count();
    assert!(right > 16, "{right} of {} right", posts.len());
}

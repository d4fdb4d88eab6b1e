//! The command line as a person meets it: the real program, its output and its exit codes.

use std::{fs, path::Path};

use assert_cmd::Command;
use emofuse::{Emotion, bundle::VERSION};
use serde_json::{Value, json};

use super::program::{Outcome, emofuse, folder, folder_with_model, json_of};

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
fn an_image_that_is_not_there_is_named() {
    let folder = folder();
    emofuse(folder.path(), &["classify", "--image", "absent.jpg"]).is_refused_with("absent.jpg: No such file");
}

#[test]
fn an_image_that_cannot_be_read_is_named_with_what_to_do() {
    let folder = folder();
    fs::write(folder.path().join("note.txt"), "this is no image").unwrap();
    let outcome = emofuse(
        folder.path(),
        &["classify", "--image", "note.txt", "--caption", "hello"],
    );
    outcome.is_refused_with("note.txt: the image cannot be read");
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
fn a_missing_large_model_says_how_to_get_it() {
    let folder = folder();
    let outcome = emofuse(folder.path(), &["classify", "--caption", "hello", "--model", "large"]);
    outcome.is_refused_with("there is no model file at pkg/large/emofuse-large.emofuse");
    outcome.is_refused_with("emofuse-large");
}

#[test]
fn a_file_that_is_no_model_is_refused() {
    let folder = folder();
    fs::write(folder.path().join("model"), "EMOFUSE? no").unwrap();
    let outcome = emofuse(folder.path(), &["classify", "--caption", "hello", "--model", "model"]);
    outcome.is_refused_with("model: this is not an emofuse model file");
    let cut_off = [b"EMOFUSE\0", &VERSION.to_le_bytes()[..], b" cut off"].concat();
    fs::write(folder.path().join("model"), cut_off).unwrap();
    emofuse(folder.path(), &["classify", "--caption", "hello", "--model", "model"]).is_refused_with("should have");
}

#[test]
fn a_bad_row_is_named_by_file_and_line_before_any_post_is_classified() {
    let folder = folder_with_model();
    let posts = |text: &str| {
        fs::write(folder.path().join("posts.csv"), text).unwrap();
        emofuse(folder.path(), &["evaluate", "--posts", "posts.csv", "--split", "test"])
    };
    posts("image,caption,split,post_emotion\na.jpg,hi,test,joy\nb.jpg,ho,test,bliss\n")
        .is_refused_with("posts.csv, line 3: `bliss` is not a label");
    posts("image,caption,split,post_emotion\na.jpg,\"two\nlines\",test,joy\nb.jpg,ho,test,joy,fear\n")
        .is_refused_with("posts.csv, line 4: it has 5 cells, the heading has 4");
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
    emofuse(folder.path(), &["evaluate", "--text", "absent.csv"]).is_refused_with("absent.csv: No such file");
}

#[test]
fn a_comparison_that_cannot_be_made_is_refused_before_any_work_is_done() {
    let folder = folder();
    let compare = |arguments: &[&str]| emofuse(folder.path(), &[&["compare"], arguments].concat());
    compare(&[]).is_refused_with("--data <DIR>");
    compare(&["--data", "absent", "--seeds", "0"]).is_refused_with("invalid value '0'");
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
fn a_post_is_classified_by_image_by_caption_and_by_both() {
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

    let image = classify(&["--image", "drawn.png", "--caption", ""]);
    assert_probabilities(&image["scores"]);
    assert_eq!((&image["caption"], &image["agreement"]), (&Value::Null, &Value::Null));
    assert_eq!(
        image["image"], both["image"],
        "the image says the same with and without a caption"
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
        .chain(["both", "image", "caption", "%"])
    {
        assert!(outcome.stdout.contains(word), "{word} in {}", outcome.stdout);
    }
}

#[test]
fn an_explanation_is_printed_on_request() {
    let folder = folder_with_model();
    let post = ["classify", "--image", "drawn.png", "--caption", "a lovely day"];
    let answer = |more: &[&str]| json_of(&emofuse(folder.path(), &[&post[..], &["--json"], more].concat()));
    let plain = answer(&[]);
    assert!(plain.get("explanation").is_none(), "{plain}");
    let explained = answer(&["--explain"]);
    assert_eq!(explained["scores"], plain["scores"]);
    let explanation = &explained["explanation"];
    assert_eq!(explanation["emotion"], explained["emotion"]);
    let heatmap = &explanation["heatmap"];
    assert_eq!((&heatmap["width"], &heatmap["height"]), (&json!(7), &json!(7)));
    let values = heatmap["values"].as_array().unwrap();
    assert!(values.len() == 49 && values.iter().all(Value::is_number), "{values:?}");
    let words = explanation["words"].as_array().unwrap();
    let texts: Vec<&str> = words.iter().filter_map(|word| word["text"].as_str()).collect();
    assert_eq!(texts, ["a", "lovely", "day"]);
    assert_eq!(
        (&words[1]["start"], &words[1]["end"]),
        (&Value::from(2), &Value::from(8))
    );

    let people = emofuse(folder.path(), &[&post[..], &["--explain"]].concat());
    assert_eq!(people.code, 0, "{}", people.stderr);
    for part in [
        "what each word adds to ",
        "lovely",
        "what each part of the image adds to ",
    ] {
        assert!(people.stdout.contains(part), "{part} in {}", people.stdout);
    }
}

/// Posts of every sort, each labelled with what the model says to it.
fn write_posts(folder: &Path) {
    fs::write(folder.join("broken.jpg"), "no image").unwrap();
    let emotion = |arguments: &[&str]| {
        let answer = json_of(&emofuse(folder, &[&["classify", "--json"], arguments].concat()));
        answer["emotion"].as_str().unwrap().to_owned()
    };
    let both = emotion(&["--image", "drawn.png", "--caption", "a lovely day"]);
    let image = emotion(&["--image", "drawn.png"]);
    let caption = emotion(&["--caption", "nothing works"]);
    let rows = [
        format!("drawn.png,a lovely day,test,{both},,5.5"),
        format!("drawn.png,,test,{image},,2"),
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
    assert_eq!(caption["n"], 3, "the missing image is not needed");
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

#[test]
fn painting_over_what_speaks_most_for_an_answer_lowers_its_score_more_than_what_speaks_least() {
    let folder = folder_with_model();
    fs::write(
        folder.path().join("posts.csv"),
        "image,caption,post_emotion\ndrawn.png,a lovely day,joy\ndrawn.png,,joy\n,so sad,sadness\n",
    )
    .unwrap();
    let arguments = ["evaluate", "--json", "--posts", "posts.csv", "--occlusion", "3"];
    let occlusion = &json_of(&emofuse(folder.path(), &arguments))["occlusion"];
    assert_eq!(
        (&occlusion["n"], &occlusion["cells"]),
        (&json!(2), &json!(3)),
        "those with an image"
    );
    assert!(
        occlusion["highest"]["mean"].as_f64() > occlusion["lowest"]["mean"].as_f64(),
        "{occlusion}"
    );
    for share in [
        &occlusion["highest"]["share"],
        &occlusion["lowest"]["share"],
        &occlusion["highest_above_lowest"],
    ] {
        assert!((0.0..=1.0).contains(&share.as_f64().unwrap()));
    }
    let none = ["evaluate", "--posts", "posts.csv", "--occlusion", "0"];
    emofuse(folder.path(), &none).is_refused_with("--occlusion");
}

#[test]
fn the_image_alone_is_asked_about_its_post_only_where_a_caption_is_taken_away() {
    let folder = folder_with_model();
    let mut rows = "id,image,caption,post_emotion,image_emotion\n".to_owned();
    for emotion in Emotion::ALL {
        rows += &format!("captioned,drawn.png,a lovely day,{emotion},{emotion}\nbare,drawn.png,,{emotion},{emotion}\n");
    }
    fs::write(folder.path().join("posts.csv"), rows).unwrap();
    // The answers to the two questions come from two classifiers.
    let asks_about_the_post = |target: &str, id: &str| {
        let arguments = ["evaluate", "--json", "--posts", "posts.csv", "--modality", "image"];
        let more = ["--target", target, "--errors", "18"];
        let report = json_of(&emofuse(folder.path(), &[&arguments[..], &more].concat()));
        let mistakes = report["errors"]["confident"].as_array().unwrap();
        let case = mistakes.iter().find(|case| case["id"] == id).unwrap();
        case["scores"] != case["image"]
    };
    assert!(asks_about_the_post("post", "captioned"));
    assert!(!asks_about_the_post("post", "bare"), "the image is the whole post");
    assert!(!asks_about_the_post("image", "captioned"));
}

#[test]
fn answers_given_without_not_sure_are_measured_apart() {
    let folder = folder_with_model();
    write_posts(folder.path());
    let report = json_of(&emofuse(folder.path(), &["evaluate", "--json", "--posts", "posts.csv"]));
    // Nothing is sure enough for a threshold of 1.
    assert_eq!(
        report["selective"],
        json!({"coverage": 0.0, "accuracy": null, "uncertain_below": {"both": 1.0, "image": 1.0, "caption": 1.0, "standalone_image": 1.0, "standalone_caption": 1.0}})
    );
    assert_eq!(
        (&report["target"], &report["target_column"], &report["labels"]),
        (&json!("post"), &json!("post_emotion"), &Value::Null)
    );
    assert_eq!(report.get("errors"), None, "nobody asked");
}

/// Titles with an id, a label in a column of another name, and no images.
fn write_titles(folder: &Path) {
    let rows = "id,title,url,emotion,split\na1,what a lovely day,,joy,test\na2,nothing works today,,anger,test\n\
                a3,today,,fear,train\na4,lovely,,,test\na5,a secret wish,,trust,test\n";
    fs::write(folder.join("titles.csv"), rows).unwrap();
}

#[test]
fn columns_can_be_named_and_answers_restricted_to_some_labels() {
    let folder = folder_with_model();
    write_titles(folder.path());
    let start = ["evaluate", "--posts", "titles.csv", "--split", "test"];
    let columns = ["--caption-column", "title", "--target-column", "emotion"];
    let evaluate = |arguments: &[&str]| emofuse(folder.path(), &[&start[..], &columns, arguments].concat());

    let report = json_of(&evaluate(&[
        "--json",
        "--modality",
        "caption",
        "--labels",
        "joy,fear,anger",
    ]));
    assert_eq!(report["n"], 2);
    assert_eq!(report["skipped"], json!({"no_target": 1, "other_label": 1}));
    assert_eq!(report["labels"], json!(["joy", "fear", "anger"]));
    assert_eq!(
        (&report["target"], &report["target_column"]),
        (&Value::Null, &json!("emotion"))
    );
    assert_eq!(report["per_class"]["joy"]["support"], 1);
    assert_eq!(
        json_of(&evaluate(&["--json"]))["n"],
        3,
        "captions alone will do without a column of images"
    );

    let people = evaluate(&["--labels", "joy,anger"]);
    assert!(
        people.stdout.contains("joy ") && !people.stdout.contains("trust "),
        "{}",
        people.stdout
    );
    evaluate(&["--labels", "joy,bliss"]).is_refused_with("`bliss` is not a label; the labels are joy, trust");
    evaluate(&["--labels", "joy"]).is_refused_with("--labels must name at least two labels");
    evaluate(&["--labels", "sadness,disgust"]).is_refused_with("no row is left to measure");
    evaluate(&["--target", "post"]).is_refused_with("cannot be used with");
    let wrong = [
        &start[..],
        &["--caption-column", "headline", "--target-column", "emotion"],
    ]
    .concat();
    emofuse(folder.path(), &wrong).is_refused_with("titles.csv, line 1: there is no column `headline`");
    let wrong = [&start[..], &["--target-column", "mood"]].concat();
    emofuse(folder.path(), &wrong).is_refused_with("titles.csv, line 1: there is no column `mood`");
}

#[test]
fn mistakes_are_listed_by_name_and_scores_without_a_word_of_a_caption() {
    let folder = folder_with_model();
    let captions = ["a lovely day", "nothing works", "what today"];
    let mut posts = "image,caption,post_emotion\n".to_owned();
    for emotion in Emotion::ALL {
        fs::copy(
            folder.path().join("drawn.png"),
            folder.path().join(format!("{emotion}.png")),
        )
        .unwrap();
        for caption in captions {
            posts += &format!("{emotion}.png,{caption},{emotion}\n");
        }
    }
    fs::write(folder.path().join("posts.csv"), posts).unwrap();
    let evaluate = |arguments: &[&str]| {
        let start = ["evaluate", "--posts", "posts.csv", "--errors", "5"];
        emofuse(folder.path(), &[&start, arguments].concat())
    };

    let json = evaluate(&["--json", "--errors-out", "errors.csv"]);
    let report = json_of(&json);
    let mistakes = report["errors"]["confident"].as_array().unwrap();
    assert_eq!(mistakes.len(), 5);
    let mut before = 1.0;
    for mistake in mistakes {
        assert_ne!(mistake["truth"], mistake["emotion"]);
        assert_eq!(mistake["id"], format!("{}.png", mistake["truth"].as_str().unwrap()));
        assert!(mistake["line"].as_u64().unwrap() > 1);
        assert_probabilities(&mistake["scores"]);
        assert_probabilities(&mistake["image"]);
        assert_probabilities(&mistake["caption"]);
        assert_eq!(mistake["model"], report["model"]);
        assert_eq!((&mistake["backend"], mistake.get("explanation")), (&json!("cpu"), None));
        let confidence = mistake["confidence"].as_f64().unwrap();
        assert!(confidence <= before, "the surest come first");
        before = confidence;
    }
    let unlike = report["errors"]["unlike_both"].as_array().unwrap();
    let csv = fs::read_to_string(folder.path().join("errors.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + mistakes.len() + unlike.len());

    let people = evaluate(&[]);
    assert!(people.stdout.contains("the surest mistakes: 5\n"), "{}", people.stdout);
    let quiet = evaluate(&["--errors-out", "errors.json"]);
    assert!(
        !quiet.stdout.contains("mistakes"),
        "they are in the file: {}",
        quiet.stdout
    );
    let file = fs::read_to_string(folder.path().join("errors.json")).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&file).unwrap()["confident"],
        report["errors"]["confident"]
    );
    for caption in captions {
        for output in [&json.stdout, &people.stdout, &csv, &file] {
            assert!(!output.contains(caption), "{caption} in {output}");
        }
    }
}

#[test]
fn a_file_for_mistakes_that_cannot_be_written_is_refused_before_any_work_is_done() {
    let folder = folder();
    let evaluate = |arguments: &[&str]| emofuse(folder.path(), &[&["evaluate"], arguments].concat());
    evaluate(&["--posts", "p.csv", "--errors", "3", "--errors-out", "e.txt"])
        .is_refused_with("must end with .csv or .json");
    evaluate(&["--posts", "p.csv", "--errors-out", "e.csv"]).is_refused_with("--errors <N>");
    evaluate(&["--text", "t.csv", "--errors", "3"]).is_refused_with("cannot be used with");
    evaluate(&["--posts", "p.csv", "--errors", "3", "--errors-out", "absent/e.csv"])
        .is_refused_with("absent/e.csv: the file cannot");
}

#[test]
fn a_post_with_an_id_is_listed_by_it() {
    let folder = folder_with_model();
    write_titles(folder.path());
    let columns = ["--caption-column", "title", "--target-column", "emotion"];
    let start = ["evaluate", "--json", "--posts", "titles.csv", "--errors", "9"];
    let report = json_of(&emofuse(folder.path(), &[&start[..], &columns].concat()));
    let mistakes = report["errors"]["confident"].as_array().unwrap();
    assert!(mistakes.len() >= 3, "four posts, four labels, one model: {report}");
    for mistake in mistakes {
        assert!(mistake["id"].as_str().unwrap().starts_with('a'), "{mistake}");
        assert_eq!(mistake["image"], Value::Null);
    }
    assert_eq!(report["errors"]["unlike_both"], json!([]), "there is one half alone");
}

mod training {
    use super::*;

    const RECIPE: &str = include_str!("../../../recipes/small.toml");

    /// Trains in a folder without pretrained parts, so that it ends as soon as the data is read.
    fn train(folder: &Path, recipe: &str) -> Outcome {
        fs::write(folder.join("recipe.toml"), recipe).unwrap();
        let mut command = Command::cargo_bin("emofuse").unwrap();
        let arguments = [
            "train",
            "--data",
            ".",
            "--recipe",
            "recipe.toml",
            "--out",
            "model",
            "--cache",
            "cache",
        ];
        let output = command
            .current_dir(folder)
            .args(arguments)
            .env("EMOFUSE_PARTS", folder.join("no-parts"))
            .env_remove("RUST_LOG")
            .output()
            .unwrap();
        assert!(!folder.join("model").exists());
        Outcome {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn data() -> tempfile::TempDir {
        let folder = folder();
        let posts = "image,caption,split,post_emotion\np.jpg,hi,train,joy\np.jpg,ho,dev,bliss\nabsent.jpg,ho,train,fear\n\
                     p.jpg,hi,train,joy,fear\np.jpg,hey,dev,joy\n";
        for (name, text) in [
            ("p.jpg", ""),
            ("posts.csv", posts),
            (
                "text.csv",
                "source,split,caption,labels\na,train,x,joy|fear\na,dve,y,joy\na,dev,z,neutral\n",
            ),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn a_malformed_row_ends_a_training_with_its_file_and_line() {
        let folder = data();
        train(folder.path(), RECIPE).is_refused_with("posts.csv, line 3: `bliss` is not a label");
        let text = fs::read_to_string(folder.path().join("posts.csv")).unwrap();
        fs::write(folder.path().join("posts.csv"), text.replace("bliss", "joy")).unwrap();
        train(folder.path(), RECIPE).is_refused_with("posts.csv, line 5: it has 5 cells, the heading has 4");
        fs::remove_file(folder.path().join("posts.csv")).unwrap();
        train(folder.path(), RECIPE).is_refused_with("posts.csv: No such file");
    }

    #[test]
    fn malformed_rows_and_missing_images_are_named_and_counted_where_the_recipe_skips_them() {
        let folder = data();
        let outcome = train(folder.path(), &format!("{RECIPE}\n[data]\nmalformed_rows = \"skip\"\n"));
        for told in [
            "posts.csv, line 3: `bliss` is not a label",
            "posts.csv, line 5: it has 5 cells",
            "text.csv, line 3: `dve` is not a split; the splits are train, dev, test",
            "posts.csv: 3 read, 2 malformed, 1 without their image, 0 without a label; train 2: joy 1, fear 1; dev 1: joy 1",
            "text.csv: 2 read, 1 malformed",
        ] {
            assert!(outcome.stderr.contains(told), "{told} is not in {}", outcome.stderr);
        }
        outcome.is_refused_with("no-parts");
    }

    #[test]
    fn other_sources_take_the_place_of_posts_and_text() {
        let folder = data();
        fs::create_dir_all(folder.path().join("flickr/awe")).unwrap();
        // Ids that fall into train and dev.
        for id in ["a", "f"] {
            fs::write(folder.path().join("flickr/awe").join(format!("{id}.jpg")), "").unwrap();
        }
        let tables = [
            ("happy.csv", "id,url,title,subreddit\nx,,So glad,happy\n"),
            (
                "titles.csv",
                "id,title,description\na,Above the clouds,\nf,Below them,\n",
            ),
        ];
        for (name, text) in tables {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let sources = "captions = []\nposts = [{ kind = \"reddit\", path = \"happy.csv\" }, \
                       { kind = \"flickr\", path = \"flickr\", table = \"titles.csv\" }]\n";
        let recipe = format!("{RECIPE}\n[data]\n{sources}");
        train(folder.path(), &recipe).is_refused_with("name a table of captions in `data.captions`");
        let outcome = train(folder.path(), &recipe.replace("posts_repeat = 0", "posts_repeat = 1"));
        for told in [
            "happy.csv: 1 read, 0 malformed, 1 without",
            "flickr: 2 read",
            "surprise 1; dev 1: surprise 1",
        ] {
            assert!(outcome.stderr.contains(told), "{told} is not in {}", outcome.stderr);
        }
        outcome.is_refused_with("no-parts");
    }

    #[test]
    fn a_recipe_that_names_an_unknown_source_is_refused() {
        let folder = data();
        let recipe = format!("{RECIPE}\n[data]\nposts = [{{ kind = \"twitter\", path = \"t.csv\" }}]\n");
        train(folder.path(), &recipe).is_refused_with("recipe.toml: ");
        train(folder.path(), &recipe).is_refused_with("unknown variant `twitter`");
    }

    #[test]
    fn a_split_without_a_whole_post_is_named() {
        let folder = data();
        fs::write(
            folder.path().join("posts.csv"),
            "image,caption,split,post_emotion\np.jpg,hi,train,joy\n",
        )
        .unwrap();
        train(folder.path(), &format!("{RECIPE}\n[data]\nmalformed_rows = \"skip\"\n"))
            .is_refused_with("no post of the dev split has its image, a caption and a label");
    }
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
fn the_default_model_reads_a_drawn_image_beside_a_caption() {
    let folder = folder_with_model();
    let image = folder.path().join("drawn.png");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let post = [
        "--image",
        image.to_str().unwrap(),
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

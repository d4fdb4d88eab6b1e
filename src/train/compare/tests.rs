//! The whole comparison on a generated data set, and the layout of its tables on fixed numbers.

use std::{fmt::Write, fs, path::Path};

use emofuse_core::{Emotion, metrics::LabelScore};
use emofuse_engine::text::Vocabulary;
use image::{Rgb, RgbImage};

use super::{data::SplitData, *};
use crate::{
    features::FeatureCache,
    fusion::{FusionExample, Side, Target},
    import::image_tower::PretrainedImageTower,
};

const D_WORD: usize = 8;

/// Emotions with a word and a colour that tell them.
const TOLD: [(Emotion, &str, [u8; 3]); 4] = [
    (Emotion::Joy, "happy", [250, 220, 40]),
    (Emotion::Fear, "dark", [20, 20, 60]),
    (Emotion::Disgust, "rotten", [90, 120, 20]),
    (Emotion::Anger, "hate", [200, 10, 10]),
];

/// Draws an image for each emotion and writes tables of posts, captions and titles.
fn write_data(folder: &Path) {
    let mut posts = "image,caption,split,image_emotion,image_emotion_2,post_emotion,post_emotion_2\n".to_owned();
    let mut captions = "source,split,caption,labels\n".to_owned();
    let mut titles = "id,title,url,emotion,split\n".to_owned();
    for (emotion, word, colour) in TOLD {
        let image = RgbImage::from_fn(24, 24, |x, y| {
            let shade = ((x * 3 + y * 5) % 16) as u8;
            Rgb(colour.map(|value| value.saturating_add(shade)))
        });
        image.save(folder.join(format!("{emotion}.png"))).unwrap();
        let splits = ["train", "train", "train", "dev", "test", "test"];
        for (row, split) in splits.into_iter().enumerate() {
            writeln!(posts, "{emotion}.png,a {word} day {row},{split},{emotion},,{emotion},").unwrap();
            writeln!(titles, "t{row},so {word} today,http://x,{emotion},{split}").unwrap();
        }
        // An image alone, which some systems learn from, and a post that not all of them can answer.
        writeln!(posts, "{emotion}.png,,train,{emotion},,,").unwrap();
        writeln!(posts, "{emotion}.png,,test,{emotion},,{emotion},").unwrap();
        for split in ["train", "train", "dev"] {
            writeln!(captions, "made,{split},a {word} day,{emotion}").unwrap();
        }
    }
    for (name, text) in [("posts.csv", posts), ("text.csv", captions), ("reddit.csv", titles)] {
        fs::write(folder.join(name), text).unwrap();
    }
}

fn small_recipe() -> Recipe {
    let mut recipe = Recipe::default_model().unwrap();
    recipe.data.captions = Some(vec!["text.csv".into()]);
    let CaptionRecipe::Trained(caption) = &mut recipe.caption else {
        panic!("the default recipe trains its caption tower");
    };
    caption.filters = 4;
    caption.teacher = None;
    caption.balance.sources.clear();
    caption.kernels = vec![1, 3];
    caption.epochs = 1;
    recipe.fusion.epochs = 3;
    recipe.fusion.batch = 8;
    recipe.fusion.d_common = 8;
    recipe.fusion.auxiliary.negatives = Some(2);
    recipe.fasttext.epochs = 3;
    recipe.fasttext.buckets = 32;
    recipe
}

/// The comparison on generated data, with an untrained image network and random word vectors.
fn compare_generated(folder: &Path, seeds: u64) -> Comparison {
    write_data(folder);
    let device = Device::flex();
    let recipe = small_recipe();
    let data = recipe.read_data(folder).unwrap();
    let titles = read_titles(&folder.join("reddit.csv"), &Labelling::new(data.labels.clone())).unwrap();
    let words = ["a", "day", "so", "today", "happy", "dark", "rotten", "hate"];
    let vocabulary = Vocabulary::new(words.map(String::from).to_vec()).unwrap();
    let values = (0..vocabulary.len() * D_WORD)
        .map(|value| (value as f32).sin())
        .collect();
    let vectors = WordVectors::new(values, D_WORD);
    let tokenizer = Tokenizer::new(vocabulary, 16);
    let CaptionRecipe::Trained(caption) = &recipe.caption else {
        panic!("the small recipe trains its caption tower");
    };
    let place = Path::new("small.toml");
    let captions = crate::captions_of(&recipe, place, &tokenizer, &data, Path::new("no teacher")).unwrap();
    let tower = crate::caption_tower(
        &recipe,
        caption,
        &tokenizer,
        vectors.clone(),
        &captions,
        &data.labels,
        &device,
    );

    let architecture = ImageArchitecture::EfficientnetLite0;
    let network = PretrainedImageTower {
        architecture,
        network: architecture.init(&device),
        preprocessing: architecture.preprocessing(),
        origin: "random".into(),
        sha256: "untrained".into(),
    };
    let paths: Vec<PathBuf> = data.posts.iter().map(|post| post.image.clone()).collect();
    let rows = FeatureCache::new(&folder.join("cache"), &network)
        .unwrap()
        .features(&paths, &network, &device)
        .unwrap();
    let first_numbers = |row: &Option<Vec<f32>>| row.as_ref().map(|row| row[..8].to_vec());
    let images = [
        ImageFeatures {
            name: "untrained".into(),
            rows: rows.clone(),
        },
        ImageFeatures {
            name: "another".into(),
            rows: rows.iter().map(first_numbers).collect(),
        },
    ];
    let run = ComparisonRun {
        recipe: &recipe,
        labels: &data.labels,
        seeds,
        folder,
        posts: &data.posts,
        titles: Some(&titles),
        images: &images,
        words: Some((&tokenizer, &vectors)),
        tower: Some((&tokenizer, &tower)),
        device: &device,
    };
    run.hold().unwrap()
}

#[test]
fn every_system_is_compared_on_the_same_rows_and_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let comparison = compare_generated(folder.path(), 2);
    assert_eq!(
        comparison.rows,
        Rows {
            train: 12,
            dev: 4,
            test: 8
        },
        "an image without a label of its post is not learnt from, and a post without a caption not measured on"
    );
    assert_eq!(comparison.systems.len(), 4 + 1 + 3 + 1 + 1);
    assert_eq!(comparison.taken_away.len(), 2 * 3);
    assert_eq!(comparison.pooling.len(), 5);
    assert_eq!(comparison.auxiliary.len(), 3);
    assert_eq!(comparison.networks.len(), 2 * 3);
    assert_eq!(comparison.titles.as_ref().map(Vec::len), Some(3));
    // Nothing is compared with itself.
    let against = |row: &&Outcome| row.against_best_unimodal.is_some();
    assert_eq!(comparison.systems.iter().filter(against).count(), 9);
    let best_unimodal = comparison.systems.iter().find(|row| !against(row)).unwrap();
    assert_eq!(best_unimodal.system, comparison.best_unimodal);
    let others = [&comparison.taken_away, &comparison.pooling, &comparison.auxiliary];
    assert!(others.into_iter().flatten().all(|row| against(&row)));
    let importance = comparison.importance.as_ref().unwrap();
    // Three systems with and without modality dropout, late fusion, and one system of either side; for either side.
    assert_eq!(importance.curves.len(), 2 * (3 * 2 + 1 + 2));
    assert_eq!(importance.modality_dropout.len(), 2 * 3 * 11);
    let common = &importance.curves[0];
    assert_eq!(common.modality_dropout, Some(true));
    let [whole, without_captions] = [0, 1].map(|row| comparison.taken_away[3 + row].accuracy.clone());
    assert_eq!(common.points[0].accuracy, whole);
    assert_eq!(common.points[10].accuracy, without_captions);
    assert_eq!(comparison.most_frequent.accuracy, 0.25);
    assert!(comparison.systems.iter().all(|row| row.accuracy.by_seed.len() == 2));
    assert_eq!(comparison.best.confusion.iter().flatten().sum::<usize>(), 8);

    let out = folder.path().join("out");
    comparison.write(&out).unwrap();
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    let markdown = read("comparison.md");
    for system in [
        "FastText-style",
        "early fusion",
        "late fusion, learnt weighting",
        "joint fusion",
        "common space",
    ] {
        assert!(markdown.contains(system), "{system} in {markdown}");
    }
    // A row for each seed of each outcome, and the header.
    assert_eq!(read("comparison.csv").lines().count(), 1 + 2 * (10 + 6 + 5 + 3 + 6 + 3));
    let json: serde_json::Value = serde_json::from_str(&read("comparison.json")).unwrap();
    assert_eq!(json["systems"][0]["sees"], "caption");
    assert!(json["best"]["per_class"]["joy"]["f1"].is_number());
    assert_eq!(read("modality_importance.csv").lines().count(), 1 + 2 * 2 * 9 * 11);
    for chart in [
        "confusion.svg",
        "reliability.svg",
        "f1_by_label.svg",
        "modality_importance.svg",
    ] {
        let chart = read(chart);
        assert!(
            chart.starts_with("<svg") && chart.trim_end().ends_with("</svg>"),
            "{chart}"
        );
        assert!(chart.contains("<text") && !chart.contains("NaN"), "{chart}");
    }
}

#[test]
fn fusions_answer_with_a_side_taken_away_and_others_only_from_their_own() {
    let example = |label: usize| FusionExample {
        target: Some(Target::new(label.into(), 0.0, 9)),
        ..FusionExample::of(Side::Image, vec![label as f32, 1.0]).with(Side::Caption, vec![1.0, -(label as f32)])
    };
    let part = || SplitData {
        examples: TOLD
            .iter()
            .cycle()
            .take(16)
            .map(|(emotion, ..)| example(emotion.index()))
            .collect(),
    };
    let data = DataSet {
        train: part(),
        dev: part(),
        test: part(),
    };
    let recipe = small_recipe();
    let ring = Ring {
        recipe: &recipe,
        labels: 9,
        data: &data,
        vectors: Some(&WordVectors::new(vec![0.5; 4 * 2], 2)),
        device: &Device::flex(),
    };
    for kind in [
        SystemKind::Early,
        SystemKind::Joint(Pooling::Sum),
        SystemKind::Late(Weighting::Learnt),
    ] {
        let trial = ring.trial(kind, kind.modality_dropout(), 3);
        assert!(
            trial
                .logits
                .iter()
                .all(|rows| rows.as_ref().is_some_and(|rows| rows.len() == 16))
        );
    }
    let trial = ring.trial(SystemKind::ImageFeatures, None, 3);
    // A post with a caption too is answered by its image.
    assert_eq!(trial.logits.map(|rows| rows.is_some()), [true, true, false]);
}

fn interval(value: f64) -> Interval {
    Interval {
        value,
        low: value - 0.03,
        high: value + 0.02,
    }
}

fn intervals(accuracy: f64, macro_f1: f64) -> Intervals {
    Intervals {
        accuracy: interval(accuracy),
        macro_f1: interval(macro_f1),
    }
}

fn outcome(system: &str, sees: Modality, accuracy: [f64; 2], macro_f1: [f64; 2]) -> Outcome {
    Outcome {
        system: system.into(),
        network: None,
        sees,
        dev: 1.0,
        intervals: intervals((accuracy[0] + accuracy[1]) / 2.0, (macro_f1[0] + macro_f1[1]) / 2.0),
        accuracy: Spread::new(accuracy.to_vec()),
        macro_f1: Spread::new(macro_f1.to_vec()),
        against_best_unimodal: None,
    }
}

/// The same against the best system of one side.
fn against(row: Outcome) -> Outcome {
    Outcome {
        against_best_unimodal: Some(intervals(0.08, -0.01)),
        ..row
    }
}

fn importance() -> Importance {
    let curve = |modality_dropout, missing| Curve {
        system: "early fusion".into(),
        modality_dropout: Some(modality_dropout),
        missing,
        points: importance::SHARES
            .map(|percent| Point {
                percent,
                posts: 3 * percent / 10,
                accuracy: Spread::new(vec![0.6, 0.58]),
                macro_f1: Spread::new(vec![0.4, 0.4]),
                interval: interval(0.59),
            })
            .to_vec(),
    };
    let sides = [Modality::Caption, Modality::Image];
    Importance {
        curves: sides
            .into_iter()
            .flat_map(|missing| [true, false].map(|is_on| curve(is_on, missing)))
            .collect(),
        modality_dropout: vec![DropoutEffect {
            system: "early fusion".into(),
            missing: Modality::Caption,
            percent: 100,
            accuracy: interval(0.1),
        }],
    }
}

fn fixed() -> Comparison {
    let score = LabelScore {
        precision: 0.5,
        recall: 0.25,
        f1: 1.0 / 3.0,
        support: 12,
    };
    Comparison {
        emofuse: "0.1.0".into(),
        recipe: "fixed".into(),
        labels: Emotion::ALL.map(|emotion| emotion.name().to_owned()).to_vec(),
        network: Some("EfficientNet-Lite0".into()),
        seeds: vec![7, 8],
        rows: Rows {
            train: 100,
            dev: 20,
            test: 30,
        },
        most_frequent: MostFrequent {
            label: "joy".into(),
            accuracy: 0.4,
            macro_f1: 0.07,
        },
        systems: vec![
            outcome("FastText-style baseline", Modality::Caption, [0.5, 0.52], [0.3, 0.3]),
            against(outcome("early fusion", Modality::Both, [0.6, 0.58], [0.41, 0.4])),
        ],
        best_unimodal: "FastText-style baseline".into(),
        taken_away: Modality::ALL
            .map(|sees| against(outcome("common space, hinge", sees, [0.5, 0.5], [0.2, 0.3])))
            .to_vec(),
        pooling: vec![against(outcome("max", Modality::Both, [0.5, 0.5], [0.2, 0.3]))],
        auxiliary: vec![against(outcome("off", Modality::Both, [0.5, 0.5], [0.2, 0.3]))],
        networks: vec![Outcome {
            network: Some("GoogLeNet".into()),
            ..outcome("early fusion", Modality::Both, [0.5, 0.5], [0.2, 0.3])
        }],
        importance: Some(importance()),
        title_labels: ["joy", "fear", "disgust", "anger"].map(String::from).to_vec(),
        titles: Some(vec![outcome(
            "FastText-style baseline",
            Modality::Caption,
            [0.7, 0.7],
            [0.7, 0.7],
        )]),
        best: Best {
            system: "early fusion".into(),
            sees: Modality::Both,
            accuracy: 0.6,
            macro_f1: 0.41,
            ece: 0.05,
            per_class: Emotion::ALL.map(|emotion| (emotion.name().to_owned(), score)).to_vec(),
            confusion: vec![vec![1; 9]; 9],
            reliability: vec![Bin {
                rows: 30,
                confidence: 0.7,
                accuracy: 0.6,
            }],
        },
    }
}

#[test]
fn tables_are_laid_out_for_people() {
    insta::assert_snapshot!(fixed().to_markdown(), @r"
    # Comparison of systems

    On 30 test posts, against the label of the post as a whole; trained on 100 posts, chosen on 20. 2 seeds (7 to 8), mean ± standard deviation; images by EfficientNet-Lite0; recipe `fixed`, emofuse 0.1.0.

    In brackets: 95 % interval of the bootstrap over the test posts (1000 resamples).

    ## Systems

    | system | sees | accuracy | macro-F1 |
    | --- | --- | --- | --- |
    | always joy |  | 0.400 | 0.070 |
    | FastText-style baseline | caption | 0.510 ± 0.014 [0.480, 0.530] | 0.300 ± 0.000 [0.270, 0.320] |
    | early fusion | image, caption | 0.590 ± 0.014 [0.560, 0.610] | 0.405 ± 0.007 [0.375, 0.425] |

    ## Against the best of one side, FastText-style baseline

    | system | accuracy | macro-F1 |
    | --- | --- | --- |
    | early fusion | +0.080 [+0.050, +0.100] | -0.010 [-0.040, +0.010] |

    Paired differences: both systems are measured on the same resamples.

    ## With a side taken away

    | system | taken away | accuracy | macro-F1 | accuracy against it | macro-F1 against it |
    | --- | --- | --- | --- | --- | --- |
    | common space, hinge | nothing | 0.500 ± 0.000 | 0.250 ± 0.071 | +0.080 [+0.050, +0.100] | -0.010 [-0.040, +0.010] |
    | common space, hinge | caption | 0.500 ± 0.000 | 0.250 ± 0.071 | +0.080 [+0.050, +0.100] | -0.010 [-0.040, +0.010] |
    | common space, hinge | image | 0.500 ± 0.000 | 0.250 ± 0.071 | +0.080 [+0.050, +0.100] | -0.010 [-0.040, +0.010] |

    “Against it”, here and below: the paired difference to FastText-style baseline.

    ## Joint fusion by pooling

    | pooling | accuracy | macro-F1 | accuracy against it | macro-F1 against it |
    | --- | --- | --- | --- | --- |
    | max | 0.500 ± 0.000 | 0.250 ± 0.071 | +0.080 [+0.050, +0.100] | -0.010 [-0.040, +0.010] |

    ## Common space by auxiliary task

    | auxiliary task | accuracy | macro-F1 | accuracy against it | macro-F1 against it |
    | --- | --- | --- | --- | --- |
    | off | 0.500 ± 0.000 | 0.250 ± 0.071 | +0.080 [+0.050, +0.100] | -0.010 [-0.040, +0.010] |

    ## Accuracy by the share of posts whose caption is missing

    | missing | early fusion, with modality dropout | early fusion, without |
    | --- | --- | --- |
    | 0 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 10 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 20 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 30 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 40 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 50 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 60 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 70 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 80 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 90 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 100 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |

    ## Accuracy by the share of posts whose image is missing

    | missing | early fusion, with modality dropout | early fusion, without |
    | --- | --- | --- |
    | 0 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 10 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 20 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 30 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 40 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 50 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 60 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 70 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 80 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 90 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |
    | 100 % | 0.590 [0.560, 0.610] | 0.590 [0.560, 0.610] |

    ## What modality dropout changes

    | system | missing | share of posts | accuracy with it less without it |
    | --- | --- | --- | --- |
    | early fusion | caption | 100 % | +0.100 [+0.070, +0.120] |

    ## By image network

    | network | system | accuracy | macro-F1 |
    | --- | --- | --- | --- |
    | GoogLeNet | early fusion | 0.500 ± 0.000 [0.470, 0.520] | 0.250 ± 0.071 [0.220, 0.270] |

    ## Reddit titles (joy, fear, disgust, anger)

    | system | accuracy | macro-F1 |
    | --- | --- | --- |
    | FastText-style baseline | 0.700 ± 0.000 [0.670, 0.720] | 0.700 ± 0.000 [0.670, 0.720] |

    ## The best on dev, its seeds together: early fusion

    | label | precision | recall | F1 | posts |
    | --- | --- | --- | --- | --- |
    | joy | 0.500 | 0.250 | 0.333 | 12 |
    | trust | 0.500 | 0.250 | 0.333 | 12 |
    | fear | 0.500 | 0.250 | 0.333 | 12 |
    | surprise | 0.500 | 0.250 | 0.333 | 12 |
    | sadness | 0.500 | 0.250 | 0.333 | 12 |
    | disgust | 0.500 | 0.250 | 0.333 | 12 |
    | anger | 0.500 | 0.250 | 0.333 | 12 |
    | anticipation | 0.500 | 0.250 | 0.333 | 12 |
    | neutral | 0.500 | 0.250 | 0.333 | 12 |

    Accuracy 0.600, macro-F1 0.410, expected calibration error 0.050 (without a temperature).
    ");
}

#[test]
fn one_seed_stands_without_a_deviation() {
    let mut comparison = fixed();
    comparison.seeds.truncate(1);
    comparison.systems = vec![Outcome {
        accuracy: Spread::new(vec![0.5]),
        macro_f1: Spread::new(vec![0.3]),
        ..comparison.systems[0].clone()
    }];
    let markdown = comparison.to_markdown();
    assert!(markdown.contains("One seed (7);"), "{markdown}");
    assert!(
        markdown.contains("| FastText-style baseline | caption | 0.500 [0.480, 0.530] | 0.300 [0.270, 0.320] |"),
        "{markdown}"
    );
}

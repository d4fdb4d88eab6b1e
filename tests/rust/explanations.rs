//! What the model in pkg/ says for its answers, held against the answers to posts that lack what is said to matter.

use std::{fs, path::Path, sync::LazyLock};

use burn::tensor::Device;
use emofuse::{
    Image,
    bundle::{Bundle, tensor_group},
    classifier::{Classifier, Prediction},
    emotion::EMOTIONS,
    explanation::{Explain, Explanation, HeatMap},
    model::{
        efficientnet_lite::{PackedEfficientNetLite0, features},
        image_features::Layers,
    },
    preprocessing::test_card,
};

fn model() -> Vec<u8> {
    fs::read(repository().join("pkg/model/emofuse-default.emofuse")).unwrap()
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

static CLASSIFIER: LazyLock<Classifier> = LazyLock::new(|| Classifier::load(&model(), &Device::flex()).unwrap());

fn image(path: &str) -> Image {
    emofuse::decode::decode(&fs::read(repository().join(path)).unwrap()).unwrap()
}

fn images() -> Vec<(String, Image)> {
    let samples = ["cat", "coffee", "rocket"].map(|name| format!("www/samples/{name}.jpg"));
    let golden = ["meadow_and_thanks", "storm_and_fear", "badge_and_loss"]
        .map(|name| format!("tests/golden/posts/{name}/picture.png"));
    samples
        .into_iter()
        .chain(golden)
        .map(|path| (path.clone(), image(&path)))
        .collect()
}

fn captions() -> Vec<String> {
    [
        "anger_alone",
        "badge_and_loss",
        "meadow_and_thanks",
        "plain_words_alone",
    ]
    .iter()
    .map(|name| fs::read_to_string(repository().join(format!("tests/golden/posts/{name}/caption.txt"))).unwrap())
    .collect()
}

fn explained(image: Option<&Image>, caption: Option<&str>) -> (Prediction, Explanation) {
    let mut prediction = CLASSIFIER.explain_blocking(image, caption).unwrap();
    let explanation = prediction.explanation.take().unwrap();
    assert_eq!(explanation.label, prediction.label);
    (prediction, explanation)
}

fn scores(image: Option<&Image>, caption: Option<&str>) -> Vec<f32> {
    CLASSIFIER.classify_blocking(image, caption).unwrap().scores
}

fn assert_near(found: f32, expected: f32, tolerance: f32, what: &str) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found}, expected {expected}"
    );
}

#[test]
fn an_explanation_changes_no_score_and_is_there_only_where_it_was_asked() {
    let card = test_card(100);
    for (image, caption) in [
        (Some(&card), Some("so happy")),
        (Some(&card), None),
        (None, Some("so sad")),
    ] {
        let (prediction, _) = explained(image, caption);
        assert_eq!(CLASSIFIER.classify_blocking(image, caption).unwrap(), prediction);
    }
}

#[test]
fn an_image_alone_has_no_words_and_a_caption_alone_no_map() {
    let card = test_card(100);
    let (_, of_image) = explained(Some(&card), Some(" "));
    assert!(of_image.words.is_empty() && of_image.heat_map.is_some());
    let (_, of_caption) = explained(None, Some("What a lovely day"));
    assert!(of_caption.heat_map.is_none());
    let words: Vec<&str> = of_caption.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(words, ["What", "a", "lovely", "day"]);
}

#[test]
fn without_a_word_the_score_is_lower_by_what_is_said_of_the_word() {
    let card = test_card(100);
    for caption in captions() {
        for image in [None, Some(&card)] {
            let (prediction, explanation) = explained(image, Some(&caption));
            assert!(explanation.words.len() > 1, "{caption}");
            for word in &explanation.words {
                assert_eq!(caption[word.source.clone()], word.text);
                let rest = [&caption[..word.source.start], &caption[word.source.end..]].concat();
                let score = scores(image, Some(&rest))[prediction.label];
                assert_near(prediction.confidence - score, word.contribution, 1e-5, &word.text);
            }
            let highest = explanation
                .words
                .iter()
                .map(|word| word.contribution)
                .fold(f32::MIN, f32::max);
            assert!(highest > 0.0, "{caption}: nothing speaks for {}", prediction.name());
        }
    }
}

#[test]
fn a_caption_of_hundreds_of_words_is_explained_word_by_word() {
    let caption = format!(
        "{}I am so happy about it",
        "we walked on and on along the river ".repeat(40)
    );
    let (prediction, explanation) = explained(Some(&test_card(100)), Some(&caption));
    assert!(explanation.words.len() > 300);
    for word in [&explanation.words[0], &explanation.words[explanation.words.len() - 3]] {
        let rest = [&caption[..word.source.start], &caption[word.source.end..]].concat();
        let score = scores(Some(&test_card(100)), Some(&rest))[prediction.label];
        assert_near(prediction.confidence - score, word.contribution, 1e-5, &word.text);
    }
}

#[test]
fn the_word_that_says_it_adds_the_most() {
    for (caption, word) in [
        ("What a lovely day, I am so happy", "happy"),
        ("The meeting on Tuesday was terrifying", "terrifying"),
        ("this is disgusting, take it away", "disgusting"),
    ] {
        let (_, explanation) = explained(None, Some(caption));
        let highest = explanation
            .words
            .iter()
            .max_by(|one, other| one.contribution.total_cmp(&other.contribution));
        assert_eq!(highest.unwrap().text, word, "{caption}");
    }
}

#[test]
fn words_of_one_contraction_share_what_they_add() {
    let (_, explanation) = explained(None, Some("I don’t like it"));
    let words: Vec<&str> = explanation.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(words, ["I", "don’t", "like", "it"]);
}

#[test]
fn the_only_word_is_compared_with_a_caption_that_says_nothing() {
    let card = test_card(100);
    for image in [None, Some(&card)] {
        let (_, explanation) = explained(image, Some("congratulations"));
        let [word] = explanation.words.as_slice() else {
            panic!("{:?}", explanation.words);
        };
        assert!(word.contribution > 0.0 && word.contribution < 1.0, "{word:?}");
    }
}

#[test]
fn every_word_of_a_caption_longer_than_a_window_is_explained() {
    let window = CLASSIFIER.manifest().architecture.max_tokens();
    let (_, explanation) = explained(None, Some(&"joy ".repeat(2 * window)));
    assert_eq!(explanation.words.len(), 2 * window);
}

#[test]
fn the_cells_add_up_to_all_that_the_image_adds() {
    let bundle = Bundle::from_bytes(&model()).unwrap();
    let manifest = CLASSIFIER.manifest();
    let device = Device::flex();
    // The classifier's own kernels: what is compared here is the sum, not how features are computed.
    let tower = PackedEfficientNetLite0::load(&bundle, tensor_group::IMAGE, &manifest.preprocessing)
        .unwrap()
        .unwrap();
    let d_image = features::FEATURES;
    let statistic = |name: &str| {
        bundle
            .tensor(&format!("{}.{name}", tensor_group::STANDALONE_IMAGE), &[d_image])
            .unwrap()
    };
    let (means, deviations) = (
        statistic("output.standard.mean"),
        statistic("output.standard.deviation"),
    );
    let weights = bundle
        .tensor(
            &format!("{}.output.linear.weight", tensor_group::STANDALONE_IMAGE),
            &[d_image, EMOTIONS],
        )
        .unwrap();
    for (path, image) in images() {
        let square = manifest.preprocessing.square(&image);
        let encoded = tower.features(&[square], &device, Layers::Drop);
        let features: Vec<f32> = encoded.features.into_data().try_to_vec().unwrap();

        let (prediction, explanation) = explained(Some(&image), None);
        let map = explanation.heat_map.unwrap();
        assert_eq!((map.width, map.height, map.values.len()), (7, 7, 49));
        let emotion = prediction.label;
        let added: f32 = (0..d_image)
            .map(|feature| {
                let standard = ((features[feature] - means[feature]) / deviations[feature]).clamp(-6.0, 6.0);
                let of_feature = &weights[feature * EMOTIONS..][..EMOTIONS];
                let expected: f32 = of_feature.iter().zip(&prediction.scores).map(|(w, p)| w * p).sum();
                standard * (of_feature[emotion] - expected)
            })
            .sum();
        let added = added / manifest.calibration.standalone_image.temperature;
        assert_near(map.values.iter().sum(), added, 1e-4, &path);
    }
}

/// The square of cells of which a map says the most, and that of which it says the least: first row, first column.
fn highest_and_lowest_square(map: &HeatMap, side: usize) -> [[usize; 2]; 2] {
    let sum = |[row, column]: [usize; 2]| -> f32 {
        (row..row + side)
            .flat_map(|row| &map.values[row * map.width + column..][..side])
            .sum()
    };
    let mut squares: Vec<[usize; 2]> = (0..=map.height - side)
        .flat_map(|row| (0..=map.width - side).map(move |column| [row, column]))
        .collect();
    squares.sort_by(|one, other| sum(*other).total_cmp(&sum(*one)));
    [squares[0], squares[squares.len() - 1]]
}

/// The image with a square of cells in its mean colour.
fn painted_over(image: &Image, map: &HeatMap, [row, column]: [usize; 2], side: usize) -> Image {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let pixels = image.rgba().as_chunks::<4>().0;
    let mean = [0, 1, 2, 3].map(|channel| {
        let sum: u64 = pixels.iter().map(|pixel| u64::from(pixel[channel])).sum();
        (sum / pixels.len() as u64) as u8
    });
    let span = |start: f64, length: f64, cells: usize, first: usize, pixels: usize| {
        let at = |cell: usize| ((start + length * cell as f64 / cells as f64) * pixels as f64).round() as usize;
        at(first)..at(first + side)
    };
    let rows = span(map.area.top, map.area.height, map.height, row, height);
    let columns = span(map.area.left, map.area.width, map.width, column, width);
    let mut painted = pixels.to_vec();
    for row in rows {
        painted[row * width..][columns.clone()].fill(mean);
    }
    Image::from_rgba(image.width(), image.height(), painted.into_flattened()).unwrap()
}

/// A map is no promise for a single image: what is painted over changes how the rest of it is seen too.
#[test]
fn images_convey_less_of_the_emotion_where_the_map_is_highest_is_painted_over() {
    const SIDE: usize = 3;
    let (mut larger, mut of_highest, mut of_lowest) = (0, 0.0, 0.0);
    let images = images();
    for (path, image) in &images {
        let (prediction, explanation) = explained(Some(image), None);
        let map = explanation.heat_map.unwrap();
        let [highest, lowest] = highest_and_lowest_square(&map, SIDE).map(|square| {
            let painted = painted_over(image, &map, square, SIDE);
            let score = scores(Some(&painted), None)[prediction.label];
            (prediction.confidence / score).ln()
        });
        println!("{path}: {} falls by {highest:.3} and by {lowest:.3}", prediction.name());
        larger += usize::from(highest > lowest);
        of_highest += highest;
        of_lowest += lowest;
    }
    assert!(2 * larger > images.len(), "{larger} of {}", images.len());
    assert!(of_highest > 0.0 && of_highest > of_lowest, "{of_highest}, {of_lowest}");
}

#[test]
fn posts_are_explained_the_same_alone_and_among_others() {
    let images = images();
    let captions = captions();
    let posts = [
        (Some(&images[0].1), Some(captions[0].as_str())),
        (None, Some(captions[1].as_str())),
        (Some(&images[1].1), None),
        (Some(&images[3].1), Some("lovely")),
    ];
    let prepared = posts.map(|(image, caption)| CLASSIFIER.prepare(image, caption).unwrap());
    let together = CLASSIFIER
        .classify_all_blocking(prepared.to_vec(), Explain::Label.into())
        .unwrap();
    for ((image, caption), found) in posts.into_iter().zip(together) {
        let (_, expected) = explained(image, caption);
        let found = found.explanation.unwrap();
        assert_eq!(found.label, expected.label);
        assert_eq!(found.words.len(), expected.words.len());
        for (found, expected) in found.words.iter().zip(&expected.words) {
            assert_eq!((&found.text, &found.source), (&expected.text, &expected.source));
            assert_near(found.contribution, expected.contribution, 1e-5, &found.text);
        }
        assert_eq!(found.heat_map.is_some(), expected.heat_map.is_some());
        if let (Some(found), Some(expected)) = (found.heat_map, expected.heat_map) {
            assert_eq!(found.area, expected.area);
            for (found, expected) in found.values.into_iter().zip(expected.values) {
                assert_near(found, expected, 1e-5, "a cell");
            }
        }
    }
}

//! The caption tower of the large model by the kernels of the CPU, against the layers of burn with the same weights.

use std::{fs, path::Path};

use burn::tensor::{Device, Tensor, TensorData};
use emofuse::{
    bundle::{Bundle, Precision, TextArchitecture, tensor_group},
    model::{
        caption_encoder::CaptionEncoder,
        transformer_encoder::{PackedTransformerEncoder, TransformerEncoderConfig},
    },
    text::Vocabulary,
};

/// As much as the features may differ, by their length.
const TOLERANCE: f32 = 2e-3;

fn committed() -> Bundle {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg/large/emofuse-large.emofuse");
    Bundle::from_bytes(&fs::read(file).unwrap()).unwrap()
}

fn config(bundle: &Bundle) -> TransformerEncoderConfig {
    match bundle.manifest.architecture.text.as_ref().unwrap() {
        TextArchitecture::Transformer(network) => network.config(),
        _ => panic!("the large model has a transformer"),
    }
}

struct Towers {
    layers: CaptionEncoder,
    packed: PackedTransformerEncoder,
    bundle: Bundle,
}

impl Towers {
    fn new() -> Self {
        let bundle = committed();
        let device = Device::flex();
        let tower = bundle.manifest.architecture.text.as_ref().unwrap().init(&device);
        Self {
            layers: bundle.load_module(tensor_group::CAPTION, tower, &device).unwrap(),
            packed: PackedTransformerEncoder::load(&bundle, tensor_group::CAPTION, &config(&bundle))
                .unwrap()
                .unwrap(),
            bundle,
        }
    }

    /// The vectors of word pieces that look like chance.
    fn words(&self, count: usize) -> Vec<f32> {
        let width = self.packed.features();
        let pieces = Vocabulary::new(self.bundle.manifest.vocabulary.clone()).unwrap().len();
        let words = self.bundle.rows(tensor_group::WORDS, &[pieces, width]).unwrap();
        let mut vectors = vec![0.0; count * width];
        for (index, row) in vectors.chunks_exact_mut(width).enumerate() {
            words.row_into(index * 7919 % pieces, row);
        }
        vectors
    }
}

#[test]
fn captions_of_any_length_have_the_features_that_burns_layers_give_them() {
    let towers = Towers::new();
    let device = Device::flex();
    let width = towers.packed.features();
    for length in [1, 2, 7, 8, 9, 33, 64, 65, 128] {
        let words = towers.words(length);
        let tensor = Tensor::from_data(TensorData::new(words.clone(), [1, length, width]), &device);
        let expected = towers.layers.forward(tensor, Tensor::ones([1, length], &device));
        let expected = expected.into_data().try_into_vec::<f32>().unwrap();
        let found = towers.packed.forward(&words, &[length]);
        let squares = |values: &mut dyn Iterator<Item = f32>| values.map(|value| value * value).sum::<f32>();
        let difference = squares(&mut found.iter().zip(&expected).map(|(found, expected)| found - expected));
        let distance = (difference / squares(&mut expected.iter().copied())).sqrt();
        println!("{length} word pieces: {distance:e}");
        assert!(distance <= TOLERANCE, "{length} word pieces: {distance}");
    }
}

#[test]
fn a_caption_has_the_same_features_alone_and_among_others() {
    let Towers { packed, .. } = &Towers::new();
    let width = packed.features();
    let lengths = [3, 0, 40, 21, 1, 128, 0, 5];
    let words = Towers::new().words(lengths.iter().sum());
    let together = packed.forward(&words, &lengths);
    let mut first = 0;
    for (length, together) in lengths.iter().zip(together.chunks_exact(width)) {
        let alone = packed.forward(&words[first * width..][..length * width], &[*length]);
        assert_eq!(alone, together);
        assert!(*length > 0 || together.iter().all(|feature| *feature == 0.0));
        first += length;
    }
    assert_eq!(packed.forward(&[], &[]), [0.0; 0]);
}

#[test]
fn a_tower_that_does_not_fit_the_kernels_takes_the_layers_of_burn() {
    let bundle = committed();
    let whole = config(&bundle);
    // Heads of 4 numbers, half a block.
    let narrow = whole.clone().with_heads(96);
    let load = |bundle: &Bundle, config| PackedTransformerEncoder::load(bundle, tensor_group::CAPTION, config);
    assert!(load(&bundle, &whole).unwrap().is_some());
    assert!(load(&bundle, &narrow).unwrap().is_none());
    let tower = bundle
        .manifest
        .architecture
        .text
        .as_ref()
        .unwrap()
        .init(&Device::flex());
    for precision in [Precision::F16, Precision::F32] {
        let mut bundle = committed();
        bundle.insert_module(tensor_group::CAPTION, &tower, precision).unwrap();
        assert!(load(&bundle, &whole).unwrap().is_none(), "{precision:?}");
    }
}

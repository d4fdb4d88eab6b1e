//! Companions: the other systems over the towers of a model file, trained on the same posts, for comparison with the one
//! that answers.
//!
//! They read the features as the answering system standardises them, and do without n-grams: what they learn is a matrix
//! for each side, which takes a few kilobytes. Joint fusion adds its vectors up, so that its two layers are one.

use std::{collections::BTreeMap, fs, path::PathBuf};

use burn::{
    module::Param,
    nn::Linear,
    tensor::{Device, Tensor},
};
use emofuse_core::error::{Error, Result};
use emofuse_dataset::files::{OutputLock, write_atomically};
use emofuse_engine::{
    bundle::{Bundle, Companion, Precision, Reads, Temperatures, tensor_group},
    classifier::Classifier,
    heads::Heads,
    model::{
        fusion::{ByModality, Modality},
        pooling::Pooling,
    },
};
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    calibration,
    data::{Data, Post, Split},
    fusion::{
        Answers, AnySystem, Design, FusionExample, Seen, Side, Sides, Stop, System, Target, Trainer, TrainingContext,
        measure_rows,
    },
    heads::all_scored,
    recipe::{CompanionSystem, FusionRecipe, Recipe},
};

/// What to add to a model file, and where to leave the result.
#[derive(Clone, Debug)]
pub struct AddOptions {
    /// The model file.
    pub model: PathBuf,
    /// As [`TrainOptions::data`](super::TrainOptions::data).
    pub data: PathBuf,
    /// As [`TrainOptions::images`](super::TrainOptions::images).
    pub images: Option<PathBuf>,
    /// The recipe whose `fusion.companions` are added.
    pub recipe: PathBuf,
    /// The model file to write.
    pub out: PathBuf,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub struct AddReport {
    /// Name of the model.
    pub id: String,
    /// Length of the model file before.
    pub bytes_before: usize,
    /// Length of the model file.
    pub bytes: usize,
    /// SHA-256 of the model file.
    pub sha256: String,
    /// Each companion.
    pub companions: BTreeMap<&'static str, CompanionReport>,
}

/// How a companion does on dev, before it learns from dev too where the recipe has `fusion.refit`.
#[derive(Clone, Debug, Serialize)]
pub struct CompanionReport {
    /// Accuracy and macro-F1 from image and caption; zeros for one that reads a single side.
    pub both: [f64; 2],
    /// Without the caption.
    pub image: [f64; 2],
    /// Without the image.
    pub caption: [f64; 2],
    /// Passes over the posts; `None` for late fusion, which has nothing of its own to learn.
    pub passes: Option<usize>,
}

/// Trains the companions of a recipe over the towers of a model file and adds them to it, in place of those that it has.
/// All else in the file stays as it is.
///
/// # Errors
/// As [`train`](super::train), and the errors of a model file that cannot be read. [`Error::Data`] if the recipe names no
/// companions, or is not for the file's system or labels.
pub fn add_companions(options: &AddOptions) -> Result<AddReport> {
    let wrong = |reason: String| Error::Data {
        path: options.recipe.clone(),
        reason,
    };
    let (recipe, folder) = super::of_table(
        Recipe::read(&options.recipe)?,
        &options.data,
        options.images.as_deref(),
        true,
    )?;
    if recipe.fusion.companions.is_empty() {
        return Err(wrong(
            "`fusion.companions` is missing, which names the systems to add; for example \
             companions = [\"joint\", \"early\", \"late\", \"image\", \"caption\"]"
                .into(),
        ));
    }
    let bytes = fs::read(&options.model).map_err(Error::io(&options.model))?;
    let device = Device::flex();
    let mut bundle = Bundle::from_bytes(&bytes)?;
    let system = bundle.manifest.architecture.system();
    if system != recipe.fusion.system.name() {
        return Err(wrong(format!(
            "`fusion.system` is \"{}\", and the model file's is \"{system}\"; name the recipe that the model was trained by",
            recipe.fusion.system.name()
        )));
    }
    let data = recipe.read_data(&folder)?;
    if data.labels != bundle.manifest.labels {
        return Err(wrong(
            "its labels are not those of the model file, in their order; name the recipe that the model was trained by"
                .into(),
        ));
    }
    if let Some(folder) = options.out.parent() {
        fs::create_dir_all(folder).map_err(Error::io(folder))?;
    }
    let _lock = OutputLock::take(&options.out)?;
    let classifier = Classifier::load(&bytes, &device)?;
    let [examples, dev] = [Split::Train, Split::Dev].map(|split| examples_of(&classifier, &recipe, &data, split));
    let (examples, dev) = (examples?, dev?);
    for (posts, split) in [(&examples, Split::Train), (&dev, Split::Dev)] {
        super::check(posts, recipe.fusion.system, split).map_err(|reason| Error::Data {
            path: options.data.clone(),
            reason,
        })?;
    }
    let companions = add(&mut bundle, &recipe, [&examples, &dev], &device)?;
    let written = bundle.to_bytes();
    // What is written must load, and answer as before.
    Classifier::load(&written, &device)?;
    write_atomically(&options.out, |file| file.write_all(&written))?;
    Ok(AddReport {
        id: bundle.manifest.id,
        bytes_before: bytes.len(),
        bytes: written.len(),
        sha256: format!("{:x}", Sha256::digest(&written)),
        companions,
    })
}

/// The labelled posts of a split that have an image that can be read and a caption with a word, as the towers of a model
/// file see them.
fn examples_of(classifier: &Classifier, recipe: &Recipe, data: &Data, split: Split) -> Result<Vec<FusionExample>> {
    let posts: Vec<&Post> = data.posts.iter().filter(|post| post.split == split).collect();
    let progress = super::progress("features of posts", posts.len());
    let example = |post: &&Post| {
        progress.inc(1);
        let Some(label) = post.post_label else { return Ok(None) };
        let encoded = fs::read(&post.image).map_err(Error::io(&post.image))?;
        let image = match emofuse_decode::decode(&encoded) {
            Err(Error::UnsupportedImage { .. } | Error::ImageTooLarge { .. }) => return Ok(None),
            decoded => decoded?,
        };
        let features = classifier.features_blocking(Some(&image), Some(&post.caption))?;
        let Some((image, caption)) = features.image.zip(features.caption) else {
            return Ok(None);
        };
        Ok(Some(FusionExample {
            target: Some(Target::new(label, recipe.fusion.second_label, data.labels.len())),
            group: post.group.clone(),
            ..FusionExample::of(Side::Image, image).with(Side::Caption, caption)
        }))
    };
    let examples: Result<Vec<Option<FusionExample>>> = posts.par_iter().map(example).collect();
    progress.finish_and_clear();
    Ok(examples?.into_iter().flatten().collect())
}

/// Trains the companions of a recipe and puts them into a model file, in place of those that it has. The posts have the
/// features of the file's towers.
pub fn add(
    bundle: &mut Bundle,
    recipe: &Recipe,
    [examples, dev]: [&[FusionExample]; 2],
    device: &Device,
) -> Result<BTreeMap<&'static str, CompanionReport>> {
    bundle.remove_group(tensor_group::COMPANIONS);
    bundle.manifest.companions.clear();
    let heads = Heads::load(bundle)?;
    let context = Context {
        recipe,
        fusion: FusionRecipe {
            n_grams: None,
            ..recipe.fusion.clone()
        },
        labels: bundle.manifest.labels.len(),
        heads: &heads,
        device,
    };
    let mut passes = BTreeMap::new();
    for system in &recipe.fusion.companions {
        bundle.manifest.companions.push(Companion {
            name: system.name().into(),
            reads: reads(*system),
            temperatures: ONE,
        });
        let Some(design) = design(*system) else { continue };
        let (trained, after) = context.train(*system, design, [examples, dev], design.stop_early(recipe));
        passes.insert(*system, after);
        write(bundle, *system, &trained)?;
    }
    // Calibrated as the file has them, in 8 bits.
    let reports = calibrate(bundle, recipe, dev, &passes)?;
    if recipe.fusion.refit {
        let all = [examples, dev].concat();
        for (system, passes) in passes {
            let Some(design) = design(system) else { continue };
            let (trained, _) = context.train(system, design, [&all, dev], Stop::After { passes });
            write(bundle, system, &trained)?;
        }
    }
    Ok(reports)
}

/// Before anything is calibrated.
const ONE: Temperatures = Temperatures {
    both: 1.0,
    image: 1.0,
    caption: 1.0,
};

/// What is trained; nothing for late fusion, which combines what two others decide.
const fn design(system: CompanionSystem) -> Option<Design> {
    match system {
        CompanionSystem::Joint => Some(Design::Joint(Pooling::Sum)),
        CompanionSystem::Early => Some(Design::Early),
        CompanionSystem::Image => Some(Design::Image),
        CompanionSystem::Caption => Some(Design::Caption),
        CompanionSystem::Late => None,
    }
}

const fn reads(system: CompanionSystem) -> Reads {
    match system {
        CompanionSystem::Joint | CompanionSystem::Early => Reads::Sum,
        CompanionSystem::Image => Reads::Image,
        CompanionSystem::Caption => Reads::Caption,
        CompanionSystem::Late => Reads::Decisions,
    }
}

/// What all companions of a file have in common.
struct Context<'a> {
    recipe: &'a Recipe,
    fusion: FusionRecipe,
    labels: usize,
    /// The heads of the file, whose statistics serve all.
    heads: &'a Heads,
    device: &'a Device,
}

impl Context<'_> {
    /// A companion, and how many passes over the posts it took.
    fn train(
        &self,
        system: CompanionSystem,
        design: Design,
        [examples, dev]: [&[FusionExample]; 2],
        stop: Stop,
    ) -> (AnySystem, usize) {
        let untrained = |context: &TrainingContext| {
            let [image, caption] = self.heads.system().statistics();
            let tensors =
                |statistics: [&[f32]; 2]| statistics.map(|values| Tensor::<1>::from_floats(values, context.device));
            let sides = [(Side::Image, image), (Side::Caption, caption)];
            let statistics = sides
                .into_iter()
                .filter(|(side, _)| design.sides().contains(side))
                .filter_map(|(side, statistics)| Some((side, tensors(statistics?))))
                .fold(Sides::default(), |all, (side, statistics)| all.with(side, statistics));
            design.with_statistics(context, &statistics)
        };
        let trained = Trainer::new(
            &self.fusion,
            design.inputs(&self.fusion, None),
            (self.labels, self.recipe.seed),
            examples,
            untrained,
            self.device,
        )
        .train(
            system.name(),
            dev,
            &design.objective(&self.fusion, None),
            stop,
            self.device,
        );
        tracing::info!(
            dev_loss = trained.dev_loss,
            passes = trained.passes,
            "companion {}",
            system.name()
        );
        (trained.system.system, trained.passes)
    }
}

/// Puts what a companion has learnt into a file, its layers multiplied out.
fn write(bundle: &mut Bundle, system: CompanionSystem, trained: &AnySystem) -> Result<()> {
    let group = format!("{}.{}", tensor_group::COMPANIONS, system.name());
    let bias = match trained {
        AnySystem::Unimodal(trained) => trained.linear().bias.clone(),
        _ => None,
    };
    for (side, weights) in trained.standardised_weights().iter() {
        let layer = Linear {
            weight: Param::from_tensor(weights.clone()),
            bias: bias.clone(),
        };
        bundle.insert_module(&format!("{group}.{}", side.name()), &layer, Precision::Int8)?;
    }
    let priors: Vec<Tensor<2>> = Modality::ALL
        .iter()
        .filter_map(|kind| trained.prior(Seen::from(*kind)))
        .collect();
    if priors.is_empty() {
        return Ok(());
    }
    let priors = Param::from_tensor(Tensor::cat(priors, 0));
    bundle.insert_module(&format!("{group}.priors"), &priors, Precision::F32)
}

/// Chooses the temperatures of the companions in a file on dev, and measures them there.
fn calibrate(
    bundle: &mut Bundle,
    recipe: &Recipe,
    dev: &[FusionExample],
    passes: &BTreeMap<CompanionSystem, usize>,
) -> Result<BTreeMap<&'static str, CompanionReport>> {
    let heads = Heads::load(bundle)?;
    let mut reports = BTreeMap::new();
    let all = bundle.manifest.companions.iter_mut().zip(heads.companions());
    for ((written, loaded), system) in all.zip(&recipe.fusion.companions) {
        let reads = written.reads.modality();
        let mut measured = [(1.0, [0.0; 2]); 3];
        for (kind, measured) in Modality::ALL.into_iter().zip(&mut measured) {
            if reads != Modality::Both && reads != kind {
                continue;
            }
            let mut answers: Answers = Vec::new();
            for (row, example) in dev.iter().enumerate() {
                let side = |side: Side| example.sides.get(side).map(Vec::as_slice);
                let sides = ByModality::new(side(Side::Image), side(Side::Caption));
                let Some(sides) = sides.and_then(|sides| sides.only(kind)) else {
                    continue;
                };
                let sides = heads.standardised(sides)?;
                let sides = sides.as_ref().map(Vec::as_slice, Vec::as_slice);
                answers.extend(heads.companion_logits(loaded, sides).map(|(logits, _)| (row, logits)));
            }
            *measured = (
                calibration::calibrated(&all_scored(dev, &answers)).temperature,
                measure_rows(&answers, |row| dev[row].label()),
            );
        }
        let [both, image, caption] = measured;
        let temperatures = match reads {
            Modality::Both => [both.0, image.0, caption.0],
            Modality::Image => [image.0; 3],
            Modality::Caption => [caption.0; 3],
        };
        let [of_both, of_image, of_caption] = temperatures;
        written.temperatures = Temperatures {
            both: of_both,
            image: of_image,
            caption: of_caption,
        };
        let report = CompanionReport {
            both: both.1,
            image: image.1,
            caption: caption.1,
            passes: passes.get(system).copied(),
        };
        reports.insert(system.name(), report);
    }
    Ok(reports)
}

#[cfg(test)]
mod tests {
    use emofuse_core::{LabelSet, metrics::softmax};
    use emofuse_engine::{
        bundle::{
            Architecture, Calibrated, Calibration, ConvolutionArchitecture, FusionArchitecture, ImageArchitecture,
            Manifest, SelfTest, TextArchitecture,
        },
        model::googlenet,
    };

    use super::*;
    use crate::{
        fusion::{WithNGrams, logits},
        recipe::RidgeRecipe,
    };

    const LABELS: usize = 3;

    /// A model file of the common space, without towers.
    fn bundle() -> Bundle {
        let image = ImageArchitecture::Googlenet;
        let text = TextArchitecture::Convolution(ConvolutionArchitecture {
            d_word: 3,
            kernels: vec![1],
            filters: 2,
            max_tokens: 8,
            n_grams: None,
            standalone_n_grams: None,
        });
        Bundle::new(Manifest {
            id: "made".into(),
            labels: LabelSet::from_names(["a", "b", "c"], None).expect("labels"),
            architecture: Architecture {
                image: Some(image),
                text: Some(text),
                fusion: FusionArchitecture::CommonSpace {
                    d_common: 4,
                    image_share: 0.5,
                },
            },
            preprocessing: image.preprocessing(),
            vocabulary: Vec::new(),
            calibration: Calibration::all(Calibrated::NONE),
            companions: Vec::new(),
            caption_thresholds: Vec::new(),
            self_test: SelfTest {
                caption: String::new(),
                test_card_side: 8,
                scores: vec![0.0; LABELS],
                tolerance: 0.0,
            },
            provenance: BTreeMap::new(),
        })
    }

    /// Posts whose first features show the label: the image's in two of three posts, the caption's in all.
    fn posts(bundle: &Bundle, count: usize) -> Vec<FusionExample> {
        let architecture = &bundle.manifest.architecture;
        let [d_image, d_caption] = [architecture.d_image(), architecture.d_caption()].map(Option::unwrap_or_default);
        assert_eq!(d_image, googlenet::FEATURES);
        let side = |length: usize, label: usize, row: usize, strength: f32| {
            // Of many features that say nothing, so few posts would be learnt by heart.
            let noise = |place: usize| match place {
                0..16 => ((place * 31 + row * 17) % 23) as f32 / 23.0,
                _ => 0.5,
            };
            let mut features: Vec<f32> = (0..length).map(noise).collect();
            features[label] += strength;
            features
        };
        (0..count)
            .map(|row| {
                let label = row % LABELS;
                let strength = if row % 9 < 6 { 3.0 } else { 0.0 };
                FusionExample {
                    target: Some(Target::new(label.into(), 0.0, LABELS)),
                    ..FusionExample::of(Side::Image, side(d_image, label, row, strength))
                        .with(Side::Caption, side(d_caption, label, row, 3.0))
                }
            })
            .collect()
    }

    fn recipe() -> Recipe {
        let mut recipe = Recipe::default_model().expect("the recipe");
        recipe.fusion = FusionRecipe {
            d_common: 4,
            image_share: 0.5,
            batch: 30,
            epochs: 20,
            patience: 20,
            learning_rate: 0.02,
            ridge: RidgeRecipe {
                image: 0.01,
                caption: 0.01,
                metadata: 0.0,
            },
            ..recipe.fusion
        };
        recipe
    }

    /// The file with the answering system, which has learnt nothing.
    fn with_system(recipe: &Recipe, device: &Device) -> (Bundle, Vec<FusionExample>) {
        let mut bundle = bundle();
        let posts = posts(&bundle, 90);
        let context = TrainingContext::new(&recipe.fusion, LABELS, &posts, device);
        let system = Design::CommonSpace.untrained(&context);
        system.write(&mut bundle).expect("it is written");
        (bundle, posts)
    }

    #[test]
    fn companions_learn_from_the_posts_are_calibrated_and_written_beside_the_system() {
        let device = Device::flex();
        let recipe = recipe();
        let (mut bundle, posts) = with_system(&recipe, &device);
        let before: Vec<String> = bundle.names().map(String::from).collect();
        let (train, dev) = posts.split_at(60);
        let reports = add(&mut bundle, &recipe, [train, dev], &device).expect("companions");
        assert!(reports.keys().eq(["caption", "early", "image", "joint", "late"].iter()));
        for name in ["early", "joint", "late"] {
            assert!(reports[name].both[0] > 0.8, "{name}: {:?}", reports[name]);
        }
        assert!(reports["caption"].caption[0] > 0.8 && reports["image"].image[0] > 0.5);
        assert_eq!((reports["caption"].image, reports["late"].passes), ([0.0; 2], None));

        let read = Bundle::from_bytes(&bundle.to_bytes()).expect("a model file");
        let heads = Heads::load(&read).expect("heads");
        read.check_all_used().expect("no tensor is left over");
        assert_eq!(heads.companions().len(), 5);
        let others = read.names().filter(|name| !name.starts_with("companions."));
        assert!(others.eq(before.iter().map(String::as_str)));
        // Again: they take the place of those that are there.
        let bytes = bundle.to_bytes();
        add(&mut bundle, &recipe, [train, dev], &device).expect("companions");
        assert_eq!(bundle.to_bytes(), bytes);
    }

    #[test]
    fn layers_multiplied_out_and_rounded_score_as_the_system_that_was_trained() {
        let device = Device::flex();
        let recipe = recipe();
        let (mut bundle, posts) = with_system(&recipe, &device);
        let heads = Heads::load(&bundle).expect("heads");
        let context = Context {
            recipe: &recipe,
            fusion: FusionRecipe {
                n_grams: None,
                ..recipe.fusion.clone()
            },
            labels: LABELS,
            heads: &heads,
            device: &device,
        };
        for (system, ways) in [
            (CompanionSystem::Joint, &Modality::ALL[..]),
            (CompanionSystem::Early, &Modality::ALL),
            (CompanionSystem::Image, &[Modality::Image]),
            (CompanionSystem::Caption, &[Modality::Caption]),
        ] {
            let design = design(system).expect("it is trained");
            let stop = Stop::After { passes: 5 };
            let (trained, _) = context.train(system, design, [&posts, &posts], stop);
            write(&mut bundle, system, &trained).expect("it is written");
            bundle.manifest.companions = vec![Companion {
                name: system.name().into(),
                reads: reads(system),
                temperatures: ONE,
            }];
            let heads = Heads::load(&bundle).expect("heads");
            let trained = WithNGrams {
                system: trained,
                n_grams: None,
            };
            for kind in ways {
                for (row, expected) in logits(&trained, &posts, Seen::from(*kind), &device) {
                    let side = |side: Side| posts[row].sides.get(side).map(Vec::as_slice);
                    let sides = ByModality::new(side(Side::Image), side(Side::Caption));
                    let sides = sides.and_then(|sides| sides.only(*kind)).expect("both are there");
                    let sides = heads.standardised(sides).expect("it reads both");
                    let sides = sides.as_ref().map(Vec::as_slice, Vec::as_slice);
                    let (found, _) = heads
                        .companion_logits(&heads.companions()[0], sides)
                        .expect("its sides");
                    let pairs = softmax(&found, 1.0).into_iter().zip(softmax(&expected, 1.0));
                    for (found, expected) in pairs {
                        assert!(
                            (found - expected).abs() < 0.02,
                            "{system:?} {kind:?}: {found} {expected}"
                        );
                    }
                }
            }
        }
    }
}

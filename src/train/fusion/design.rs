//! The systems of the paper: what each is made of, what it learns from, and how a model file describes it. Training and
//! comparisons build their systems here.

use burn::tensor::Tensor;
use emofuse_engine::{bundle::FusionArchitecture, model::pooling::Pooling};

use super::{
    AnySystem, Input, Objective, Seen, Side, Sides, Stop, TrainedModel, TrainedSystem, Trainer, Training,
    TrainingContext, Weighting,
    systems::{CommonSpace, Early, Joint, Late, Unimodal},
};
use crate::{
    fasttext,
    recipe::{FusionRecipe, FusionSystem, MetadataRecipe, ModalityWeights, Recipe},
};

/// A system, with what distinguishes it from others of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Design {
    /// Image and caption are mapped into one space.
    CommonSpace,
    /// Features side by side.
    Early,
    /// Vectors of the same size, pooled.
    Joint(Pooling),
    /// Two decisions, combined.
    Late(Weighting),
    /// The image alone.
    Image,
    /// The caption alone, over the caption tower.
    Caption,
    /// The caption alone: the mean of the vectors of its words and pairs of words.
    FastText,
}

impl Design {
    /// The system of a recipe.
    #[must_use]
    pub fn of(recipe: &FusionRecipe) -> Self {
        match recipe.system {
            FusionSystem::CommonSpace => Self::CommonSpace,
            FusionSystem::Joint => Self::Joint(recipe.pooling),
            FusionSystem::Early => Self::Early,
            FusionSystem::Late => Self::Late(recipe.weighting),
            FusionSystem::Image => Self::Image,
            FusionSystem::Caption => Self::Caption,
            FusionSystem::FastText => Self::FastText,
        }
    }

    /// The sides that it reads, if a post has them.
    #[must_use]
    pub const fn sides(self) -> &'static [Side] {
        match self {
            Self::Image => &[Side::Image],
            Self::Caption | Self::FastText => &[Side::Caption],
            _ => &Side::ALL,
        }
    }

    /// What it sees of a post with an image and a caption.
    #[must_use]
    pub const fn sees(self) -> Seen {
        match self {
            Self::Image => Seen::IMAGE,
            Self::Caption | Self::FastText => Seen::CAPTION,
            _ => Seen::BOTH,
        }
    }

    /// How a model file describes it.
    #[must_use]
    pub const fn architecture(self, recipe: &FusionRecipe) -> FusionArchitecture {
        match self {
            Self::CommonSpace => FusionArchitecture::CommonSpace {
                d_common: recipe.d_common,
                image_share: recipe.image_share,
            },
            Self::Early => FusionArchitecture::Early,
            Self::Joint(pooling) => FusionArchitecture::Joint { pooling },
            Self::Late(weighting) => FusionArchitecture::Late { weighting },
            Self::Image => FusionArchitecture::Image,
            Self::Caption | Self::FastText => FusionArchitecture::Caption,
        }
    }

    /// The system before it is trained; FastText is made by its own trainer, and counts as a classifier of captions here.
    #[must_use]
    pub fn untrained(self, context: &TrainingContext) -> AnySystem {
        self.with_statistics(context, &context.statistics(self.sides()))
    }

    /// The system before it is trained, with these means and deviations of the features of its sides.
    pub(crate) fn with_statistics(self, context: &TrainingContext, statistics: &Sides<[Tensor<1>; 2]>) -> AnySystem {
        let TrainingContext {
            recipe, labels, device, ..
        } = *context;
        let alone = |side: Side| {
            let statistics = statistics.get(side).expect("examples have the side").clone();
            AnySystem::Unimodal(Unimodal::new(side, statistics, labels, device))
        };
        let statistics = || statistics.clone();
        match self {
            Self::CommonSpace => AnySystem::CommonSpace(CommonSpace::new(
                statistics(),
                [recipe.d_common, labels],
                recipe.image_share,
                device,
            )),
            Self::Early => AnySystem::Early(Early::new(statistics(), labels, device)),
            Self::Joint(pooling) => AnySystem::Joint(Joint::new(statistics(), Side::Caption, pooling, labels, device)),
            Self::Late(weighting) => AnySystem::Late(Late::new(statistics(), weighting, labels, device)),
            Self::Image => alone(Side::Image),
            Self::Caption | Self::FastText => alone(Side::Caption),
        }
    }

    /// How much each way of seeing a post counts in modality dropout; `None` if the system is trained without it. The
    /// common space has [`ModalityWeights::default`] if a recipe has none; weights of zero without either side turn it off.
    fn modality_dropout(self, recipe: &FusionRecipe) -> Option<ModalityWeights> {
        let weights = match self {
            Self::CommonSpace => Some(recipe.modality_weights.unwrap_or_default()),
            Self::Early | Self::Joint(_) => recipe.modality_weights,
            _ => None,
        };
        weights.filter(|weights| weights.image > 0.0 || weights.caption > 0.0)
    }

    /// The ways of seeing a post that it learns from.
    ///
    /// Modality dropout, taken in expectation: the common space learns from posts with either side taken away, and so do
    /// early and joint fusion if the recipe has `modality_weights`. Without it they learn from posts with both sides, and
    /// of posts with a side taken away only their prior. The classifiers of late fusion learn apart.
    #[must_use]
    pub fn inputs(self, recipe: &FusionRecipe, metadata: Option<&MetadataRecipe>) -> Vec<Input> {
        let sides: &[Side] = if metadata.is_some() {
            &Side::ALL
        } else {
            &Side::ALL[..2]
        };
        let all = Seen::of(sides.iter().copied()).unwrap_or(Seen::BOTH);
        let ways = Seen::ALL.into_iter().filter(|seen| seen.among(sides) == Some(*seen));
        let weight = |weights: ModalityWeights, seen: Seen| {
            let of_metadata = |metadata: &MetadataRecipe| {
                if seen.has(Side::Metadata) {
                    1.0
                } else {
                    metadata.without
                }
            };
            match seen.among(&[Side::Image, Side::Caption]) {
                Some(seen) => weights.of_seen(seen) * metadata.map_or(1.0, of_metadata),
                None => metadata.map_or(0.0, |metadata| metadata.alone),
            }
        };
        let dropout = |weights: ModalityWeights| {
            let input = |seen| Input::new(seen, weight(weights, seen));
            ways.clone().map(input).filter(|input| input.weight > 0.0).collect()
        };
        match (self, self.modality_dropout(recipe)) {
            (Self::CommonSpace | Self::Early | Self::Joint(_), Some(weights)) => dropout(weights),
            (Self::CommonSpace | Self::Early | Self::Joint(_), None) => {
                let input = |seen| Input {
                    trains_prior_alone: seen != all,
                    ..Input::new(seen, 1.0)
                };
                ways.map(input).collect()
            }
            (Self::Late(weighting), _) => {
                let alone = sides.iter().filter_map(|side| Seen::of([*side]));
                let together = (weighting == Weighting::Learnt).then_some(all);
                alone.chain(together).map(|seen| Input::new(seen, 1.0)).collect()
            }
            (Self::Image | Self::Caption | Self::FastText, _) => vec![Input::new(self.sees(), 1.0)],
        }
    }

    /// What early stopping watches: what the system learns from with modality dropout, or else posts with all sides.
    pub(crate) fn objective(self, recipe: &FusionRecipe, metadata: Option<&MetadataRecipe>) -> Objective {
        let inputs = self.inputs(recipe, metadata);
        if self.modality_dropout(recipe).is_some() {
            return Objective(inputs.iter().map(|input| (input.seen, input.weight)).collect());
        }
        match (self.sees(), metadata) {
            (Seen::BOTH, Some(_)) => Objective::of(Seen::BOTH.with(Side::Metadata)),
            (seen, _) => Objective::of(seen),
        }
    }

    /// Trains the system.
    pub(crate) fn train(
        self,
        training: Training,
        name: &str,
        objective: &Objective,
        stop: Stop,
    ) -> TrainedModel<TrainedSystem> {
        let Training {
            recipe,
            labels,
            seed,
            examples,
            dev,
            vectors,
            device,
        } = training;
        if self == Self::FastText {
            let vectors = vectors.expect("FastText begins with word vectors");
            return fasttext::train(training, vectors, name, stop).map(TrainedSystem::Words);
        }
        let inputs = self.inputs(&recipe.fusion, recipe.metadata.as_ref());
        Trainer::new(
            &recipe.fusion,
            inputs,
            (labels, seed),
            examples,
            |context| self.untrained(context),
            device,
        )
        .train(name, dev, objective, stop, device)
        .map(TrainedSystem::Features)
    }

    /// When to stop early.
    #[must_use]
    pub fn stop_early(self, recipe: &Recipe) -> Stop {
        let patience = match self {
            Self::FastText => recipe.fasttext.patience,
            _ => recipe.fusion.patience,
        };
        Stop::Early { patience }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata() -> MetadataRecipe {
        MetadataRecipe {
            columns: vec!["hour".into()],
            without: 0.5,
            alone: 0.2,
            ridge: 0.01,
        }
    }

    fn weights(inputs: &[Input]) -> Vec<(Seen, f32)> {
        inputs.iter().map(|input| (input.seen, input.weight)).collect()
    }

    #[test]
    fn with_modality_dropout_a_system_learns_from_every_way_of_seeing_a_post() {
        let recipe = FusionRecipe {
            modality_weights: Some(ModalityWeights::default()),
            ..FusionRecipe::default()
        };
        let two = [(Seen::BOTH, 1.0), (Seen::IMAGE, 0.5), (Seen::CAPTION, 0.2)];
        for design in [Design::CommonSpace, Design::Early, Design::Joint(Pooling::Max)] {
            let inputs = design.inputs(&recipe, None);
            assert_eq!(weights(&inputs), two);
            assert!(inputs.iter().all(|input| !input.trains_prior_alone));
            let three = weights(&design.inputs(&recipe, Some(&metadata())));
            assert_eq!(three.len(), 7);
            assert!(three.contains(&(Seen::BOTH.with(Side::Metadata), 1.0)) && three.contains(&(Seen::IMAGE, 0.25)));
        }
    }

    #[test]
    fn without_it_early_and_joint_fusion_learn_a_prior_alone_of_a_missing_side() {
        let recipe = FusionRecipe::default();
        let priors: Vec<bool> = Design::Early
            .inputs(&recipe, None)
            .iter()
            .map(|input| input.trains_prior_alone)
            .collect();
        assert_eq!(priors, [false, true, true]);
        let objective = Design::Early.objective(&recipe, None);
        assert_eq!(objective.0, [(Seen::BOTH, 1.0)]);
    }

    #[test]
    fn weights_of_zero_without_either_side_turn_modality_dropout_off() {
        let recipe = FusionRecipe {
            modality_weights: Some(ModalityWeights::OFF),
            ..FusionRecipe::default()
        };
        for design in [Design::CommonSpace, Design::Early, Design::Joint(Pooling::Mean)] {
            let inputs = design.inputs(&recipe, None);
            assert_eq!(inputs, Design::Early.inputs(&FusionRecipe::default(), None));
            assert_eq!(design.objective(&recipe, None).0, [(Seen::BOTH, 1.0)]);
        }
    }

    #[test]
    fn late_fusion_learns_its_classifiers_apart_and_only_a_learnt_weighting_from_both() {
        let recipe = FusionRecipe::default();
        let seen = |weighting| weights(&Design::Late(weighting).inputs(&recipe, None));
        assert_eq!(seen(Weighting::Mean), [(Seen::IMAGE, 1.0), (Seen::CAPTION, 1.0)]);
        assert_eq!(seen(Weighting::Learnt).last(), Some(&(Seen::BOTH, 1.0)));
        assert_eq!(weights(&Design::Image.inputs(&recipe, None)), [(Seen::IMAGE, 1.0)]);
    }
}

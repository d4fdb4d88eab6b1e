//! Passes over shuffled rows, ended once dev gets no better: the loop of every system.

use rand::{rngs::StdRng, seq::SliceRandom};

/// How long a system learns, and in what steps.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Rows in a step.
    pub batch: usize,
    /// Passes at most; the steps grow smaller towards the last of them.
    pub epochs: usize,
    /// When to end.
    pub stop: Stop,
}

/// When learning ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// After so many passes without a smaller loss on dev; what had the smallest is kept.
    Early {
        /// The passes.
        patience: usize,
    },
    /// After so many passes; what the last of them leaves is kept.
    After {
        /// The passes.
        passes: usize,
    },
}

/// What came of learning.
#[derive(Clone, Debug)]
pub struct TrainedModel<T> {
    /// What is kept.
    pub system: T,
    /// Its loss on dev.
    pub dev_loss: f64,
    /// The passes after which it was so.
    pub passes: usize,
}

impl<T> TrainedModel<T> {
    /// The same with something made of the system.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> TrainedModel<U> {
        TrainedModel {
            system: map(self.system),
            dev_loss: self.dev_loss,
            passes: self.passes,
        }
    }
}

/// What learns.
pub trait Learner {
    /// What is kept of it.
    type Model;

    /// Takes a step on some rows and gives the loss before it. `rate` is the share of the first step's size.
    fn step(&mut self, rows: &[usize], rate: f64, random: &mut StdRng) -> f32;

    /// Its loss on dev, and what is kept of it.
    fn evaluate(&self) -> (f64, Self::Model);
}

/// Learns from `rows`.
pub fn learn<L: Learner>(
    name: &str,
    schedule: Schedule,
    mut rows: Vec<usize>,
    mut random: StdRng,
    learner: &mut L,
) -> TrainedModel<L::Model> {
    let progress = crate::progress(name, schedule.epochs);
    let mut kept: Option<TrainedModel<L::Model>> = None;
    let passes = match schedule.stop {
        Stop::Early { .. } => schedule.epochs,
        Stop::After { passes } => passes.min(schedule.epochs),
    };
    for epoch in 0..passes {
        rows.shuffle(&mut random);
        let rate = 1.0 - 0.95 * epoch as f64 / schedule.epochs as f64;
        let mut loss_sum = 0.0;
        for batch in rows.chunks(schedule.batch) {
            loss_sum += learner.step(batch, rate, &mut random);
        }
        let (dev_loss, system) = learner.evaluate();
        let loss = loss_sum / rows.len().div_ceil(schedule.batch).max(1) as f32;
        tracing::debug!(epoch, loss, dev_loss, name);
        progress.inc(1);
        progress.set_message(format!("dev {dev_loss:.3}"));
        let better = kept.as_ref().is_none_or(|kept| dev_loss < kept.dev_loss);
        if better || matches!(schedule.stop, Stop::After { .. }) {
            kept = Some(TrainedModel {
                system,
                dev_loss,
                passes: epoch + 1,
            });
        }
        let since = epoch + 1 - kept.as_ref().map_or(0, |kept| kept.passes);
        if matches!(schedule.stop, Stop::Early { patience } if since >= patience) {
            break;
        }
    }
    progress.finish_and_clear();
    kept.unwrap_or_else(|| {
        let (dev_loss, system) = learner.evaluate();
        TrainedModel {
            system,
            dev_loss,
            passes: 0,
        }
    })
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    /// Gets better for three passes and then worse.
    struct FallingLoss {
        steps: usize,
        passes: f64,
        rates: Vec<f64>,
    }

    impl Learner for FallingLoss {
        type Model = f64;

        fn step(&mut self, rows: &[usize], rate: f64, _random: &mut StdRng) -> f32 {
            self.steps += rows.len();
            self.passes = (self.steps / 10) as f64;
            self.rates.push(rate);
            0.0
        }

        fn evaluate(&self) -> (f64, f64) {
            ((self.passes - 3.0).abs(), self.passes)
        }
    }

    fn falling(stop: Stop) -> (FallingLoss, TrainedModel<f64>) {
        let schedule = Schedule {
            batch: 4,
            epochs: 20,
            stop,
        };
        let mut learner = FallingLoss {
            steps: 0,
            passes: 0.0,
            rates: vec![],
        };
        let random = StdRng::seed_from_u64(1);
        let learnt = learn("falling", schedule, (0..10).collect(), random, &mut learner);
        (learner, learnt)
    }

    #[test]
    fn learning_ends_once_patience_does_and_the_best_is_kept() {
        let (learner, learnt) = falling(Stop::Early { patience: 2 });
        assert_eq!((learnt.dev_loss, learnt.system, learnt.passes), (0.0, 3.0, 3));
        assert_eq!(learner.steps, 50, "every row in each of five passes");
        assert_eq!(learner.rates[0], 1.0);
        assert!(learner.rates.is_sorted_by(|earlier, later| earlier >= later));
    }

    #[test]
    fn learning_for_so_many_passes_takes_the_same_steps_and_keeps_the_last() {
        let (learner, learnt) = falling(Stop::After { passes: 4 });
        assert_eq!((learnt.system, learnt.passes, learner.steps), (4.0, 4, 40));
        let (early, _) = falling(Stop::Early { patience: 2 });
        assert_eq!(learner.rates, early.rates[..learner.rates.len()]);
    }
}

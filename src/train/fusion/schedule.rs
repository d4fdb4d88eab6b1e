//! Passes over shuffled rows, ended once dev gets no better: the loop of every system.

use rand::{rngs::StdRng, seq::SliceRandom};

/// How long a system learns, and in what steps.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Rows in a step.
    pub batch: usize,
    /// Passes at most.
    pub epochs: usize,
    /// Passes without a smaller loss on dev before learning ends.
    pub patience: usize,
}

/// What learns.
pub trait Learner {
    /// What is kept of it.
    type Learnt;

    /// Takes a step on some rows and gives the loss before it. `rate` is the share of the first step's size.
    fn step(&mut self, rows: &[usize], rate: f64, random: &mut StdRng) -> f32;

    /// Its loss on dev, and what is kept of it.
    fn look(&self) -> (f64, Self::Learnt);
}

/// Learns from `rows` and gives the best that there was on dev, with its loss there.
pub fn learn<L: Learner>(
    name: &str,
    schedule: Schedule,
    mut rows: Vec<usize>,
    mut random: StdRng,
    learner: &mut L,
) -> (f64, L::Learnt) {
    let progress = crate::train::progress(name, schedule.epochs);
    let mut best: Option<(f64, L::Learnt)> = None;
    let mut without_gain = 0;
    for epoch in 0..schedule.epochs {
        rows.shuffle(&mut random);
        let rate = 1.0 - 0.95 * epoch as f64 / schedule.epochs as f64;
        let mut loss_sum = 0.0;
        for batch in rows.chunks(schedule.batch) {
            loss_sum += learner.step(batch, rate, &mut random);
        }
        let (dev_loss, learnt) = learner.look();
        let loss = loss_sum / rows.len().div_ceil(schedule.batch).max(1) as f32;
        tracing::debug!(epoch, loss, dev_loss, name);
        progress.inc(1);
        progress.set_message(format!("dev {dev_loss:.3}"));
        if best.as_ref().is_none_or(|(best, _)| dev_loss < *best) {
            best = Some((dev_loss, learnt));
            without_gain = 0;
        } else {
            without_gain += 1;
            if without_gain >= schedule.patience {
                break;
            }
        }
    }
    progress.finish_and_clear();
    best.unwrap_or_else(|| learner.look())
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    /// Gets better for three passes and then worse.
    struct Falling {
        steps: usize,
        passes: f64,
        rates: Vec<f64>,
    }

    impl Learner for Falling {
        type Learnt = f64;

        fn step(&mut self, rows: &[usize], rate: f64, _random: &mut StdRng) -> f32 {
            self.steps += rows.len();
            self.passes = (self.steps / 10) as f64;
            self.rates.push(rate);
            0.0
        }

        fn look(&self) -> (f64, f64) {
            ((self.passes - 3.0).abs(), self.passes)
        }
    }

    #[test]
    fn learning_ends_once_patience_does_and_the_best_is_kept() {
        let schedule = Schedule {
            batch: 4,
            epochs: 20,
            patience: 2,
        };
        let mut learner = Falling {
            steps: 0,
            passes: 0.0,
            rates: vec![],
        };
        let best = learn(
            "falling",
            schedule,
            (0..10).collect(),
            StdRng::seed_from_u64(1),
            &mut learner,
        );
        assert_eq!(best, (0.0, 3.0));
        assert_eq!(learner.steps, 50, "every row in each of five passes");
        assert_eq!(learner.rates[0], 1.0);
        assert!(learner.rates.is_sorted_by(|earlier, later| earlier >= later));
    }
}

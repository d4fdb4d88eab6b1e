//! Refusal of numbers that no model has.

use std::ops::RangeInclusive;

use emofuse_core::error::{Error, Result};

/// The largest size of anything.
pub(super) const LARGEST: usize = 4096;

/// Refuses a size outside a range.
pub(super) fn size(name: &str, value: usize, range: RangeInclusive<usize>) -> Result<()> {
    let (least, greatest) = (*range.start(), *range.end());
    if range.contains(&value) {
        return Ok(());
    }
    Err(wrong(format!("its `{name}` is {value}, outside {least} to {greatest}")))
}

/// Refuses numbers outside a range, and what is no number. The range stands there as text too: to write numbers with a
/// fraction takes more code than all else here.
pub(super) fn number(name: &str, values: &[f32], range: RangeInclusive<f32>, text: &str) -> Result<()> {
    if values.iter().all(|value| range.contains(value)) {
        return Ok(());
    }
    Err(wrong(format!("its `{name}` is outside {text}")))
}

/// Refuses what is no probability.
pub(super) fn probability(name: &str, values: &[f32]) -> Result<()> {
    number(name, values, 0.0..=1.0, "0 to 1")
}

/// Refuses what no logits are divided by.
pub(super) fn temperatures(values: &[f32]) -> Result<()> {
    number("temperature", values, 0.01..=100.0, "0.01 to 100")
}

pub(super) fn wrong(reason: String) -> Error {
    Error::ModelManifest { reason, source: None }
}

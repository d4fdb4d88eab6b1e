//! What each cell of an image adds to the logits along a contrast.

use emofuse_core::error::Result;

use super::{
    linear::{Standardiser, dot},
    system::System,
};
use crate::{model::fusion::ByModality, request::CellFeatures};

impl System {
    /// What each cell of a post's image adds to the logits along a contrast, whose numbers add up to 0. The features of the
    /// cells have those of the image as their means.
    ///
    /// Where the system is linear in the image, that is exact: the cells add up to what the image adds against one whose
    /// features are the mean of what was learnt from. Elsewhere it is what is lost if the cell's part in the standardised
    /// features is taken out. Without an image there are none.
    ///
    /// # Errors
    /// As [`System::logits`].
    pub fn cells(&self, features: ByModality<&[f32]>, cells: &CellFeatures, contrast: &[f32]) -> Result<Vec<f32>> {
        let sides = self.standardised(features)?;
        let sides = sides.as_ref().map(Vec::as_slice, Vec::as_slice);
        let (Some(standard), Some(image)) = (self.image_standardiser(), features.image()) else {
            return Ok(Vec::new());
        };
        let reach = standard.reach(image, cells.width * cells.height);
        match self.image_direction(sides, contrast) {
            Some(direction) => Ok(along(standard, &reach, &direction, cells)),
            None => Ok(self.left_out(standard, &reach, sides, cells, contrast)),
        }
    }

    /// What the logits along a contrast lose without each cell.
    pub(super) fn left_out(
        &self,
        standard: &Standardiser,
        reach: &[f32],
        sides: ByModality<&[f32]>,
        cells: &CellFeatures,
        contrast: &[f32],
    ) -> Vec<f32> {
        let Some(image) = sides.image() else { return Vec::new() };
        let whole = dot(&self.fuse(sides), contrast);
        let mut rest = vec![0.0; image.len()];
        let without = |cell: &[f32]| {
            let parts = cell.iter().zip(standard.mean()).zip(reach);
            for (rest, (all, ((value, mean), reach))) in rest.iter_mut().zip(image.iter().zip(parts)) {
                *rest = all - (value - mean) * reach;
            }
            let sides = sides.map(|_| rest.as_slice(), |caption| caption);
            whole - dot(&self.fuse(sides), contrast)
        };
        cells.rows().map(without).collect()
    }
}

/// The parts of the cells in a linear function of the standardised features.
fn along(standard: &Standardiser, reach: &[f32], direction: &[f32], cells: &CellFeatures) -> Vec<f32> {
    let weights: Vec<f32> = direction
        .iter()
        .zip(reach)
        .map(|(weight, reach)| weight * reach)
        .collect();
    let cell = |cell: &[f32]| {
        let centred = cell.iter().zip(standard.mean()).map(|(value, mean)| value - mean);
        centred.zip(&weights).map(|(value, weight)| value * weight).sum()
    };
    cells.rows().map(cell).collect()
}

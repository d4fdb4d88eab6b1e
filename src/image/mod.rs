//! Pictures: encoded bytes or RGBA pixels → normalised planes.

use serde::{Deserialize, Serialize};

/// What is done to a picture before the network sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preprocessing {
    /// What the short side is resized to, in pixels.
    pub resize: u32,
    /// The side of the square that is cut from the centre, in pixels.
    pub crop: u32,
    /// What is subtracted from each channel, which goes from 0 to 1.
    pub mean: [f32; 3],
    /// What each channel is divided by then.
    pub standard_deviation: [f32; 3],
}

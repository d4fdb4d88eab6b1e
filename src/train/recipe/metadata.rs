//! Numbers beside image and caption, as a third side of a post.

use serde::{Deserialize, Serialize};

/// Numbers beside image and caption, as a third side of a post. Models are trained with it and compared; a model file
/// holds the system with this side taken away.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetadataRecipe {
    /// Columns of numbers in tables of posts. `hour`, 0 to 24, becomes its sine and cosine; `emoji` is counted in the
    /// caption if a table lacks the column.
    pub columns: Vec<String>,
    /// How much a post counts with its metadata taken away, beside 1 with it.
    #[serde(default = "half")]
    pub without: f32,
    /// How much a post counts from its metadata alone.
    #[serde(default = "fifth")]
    pub alone: f32,
    /// Ridge penalty of the weights of each number for each label.
    #[serde(default = "hundredth")]
    pub ridge: f32,
}

fn half() -> f32 {
    0.5
}

fn fifth() -> f32 {
    0.2
}

fn hundredth() -> f32 {
    0.01
}

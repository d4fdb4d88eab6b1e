//! Layers before their parameters are learnt or read.
//!
//! Training begins with random weights. A browser reads all of them from a model file, so its layers begin with zeros,
//! which are not even computed. This leaves burn's initialisers out of the program: they can make random orthogonal
//! matrices, and what that takes would be a tenth of it.

use burn::{
    module::{Param, ParamId},
    nn::{
        Embedding, EmbeddingConfig, Linear, LinearConfig,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor},
};

/// A parameter that begins with the same value everywhere.
pub(super) fn constant<const D: usize>(value: f32, shape: [usize; D], device: &Device) -> Param<Tensor<D>> {
    let init = move |device: &Device, is_learnt| {
        let tensor = Tensor::full(shape, value, device);
        if is_learnt { tensor.require_grad() } else { tensor }
    };
    Param::uninitialized(ParamId::new(), init, device.clone(), true, shape.into())
}

/// A linear layer.
pub(crate) fn linear(config: &LinearConfig, device: &Device) -> Linear {
    #[cfg(not(target_family = "wasm"))]
    return config.init(device);
    #[cfg(target_family = "wasm")]
    Linear {
        weight: constant(0.0, [config.d_input, config.d_output], device),
        bias: config.bias.then(|| constant(0.0, [config.d_output], device)),
    }
}

/// A linear classifier that does not prefer any label yet. Random weights over thousands of features would be noise that
/// a short training does not get rid of.
pub(super) fn classifier(d_input: usize, d_output: usize, device: &Device) -> Linear {
    Linear {
        weight: constant(0.0, [d_input, d_output], device),
        bias: Some(constant(0.0, [d_output], device)),
    }
}

/// A convolution over images.
pub(super) fn convolution(config: &Conv2dConfig, device: &Device) -> Conv2d {
    #[cfg(not(target_family = "wasm"))]
    return config.init(device);
    #[cfg(target_family = "wasm")]
    {
        let [inputs, outputs] = config.channels;
        let [rows, columns] = config.kernel_size;
        Conv2d {
            weight: constant(0.0, [outputs, inputs / config.groups, rows, columns], device),
            bias: config.bias.then(|| constant(0.0, [outputs], device)),
            stride: config.stride,
            kernel_size: config.kernel_size,
            dilation: config.dilation,
            groups: config.groups,
            padding: config.padding.clone(),
        }
    }
}

/// A table of vectors.
pub(super) fn embedding(config: &EmbeddingConfig, device: &Device) -> Embedding {
    #[cfg(not(target_family = "wasm"))]
    return config.init(device);
    #[cfg(target_family = "wasm")]
    Embedding {
        weight: constant(0.0, [config.n_embedding, config.d_model], device),
    }
}

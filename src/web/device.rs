//! The one device of a build, and what has become of it.

use burn::tensor::Device;

#[cfg(all(feature = "flex", feature = "webgpu"))]
compile_error!("a browser build has one back end: `--no-default-features --features flex`, or `webgpu`");
#[cfg(not(any(feature = "flex", feature = "webgpu")))]
compile_error!("a browser build needs a back end: `--no-default-features --features flex`, or `webgpu`");

/// An open device.
pub(super) struct OpenDevice {
    /// What tensors live on.
    pub(super) device: Device,
    /// What the browser calls the graphics adapter, where there is one and it has a name.
    pub(super) adapter: Option<String>,
    #[cfg(feature = "webgpu")]
    lost: std::sync::Arc<std::sync::OnceLock<String>>,
}

#[cfg(feature = "flex")]
mod cpu {
    use burn::tensor::Device;

    use super::OpenDevice;
    use crate::error::Result;

    impl OpenDevice {
        /// Opens the CPU; asynchronous because a graphics adapter is.
        pub(in crate::web) async fn open() -> Result<Self> {
            Ok(Self {
                device: Device::flex(),
                adapter: None,
            })
        }

        /// Fails where the device can no longer be used; the CPU always can.
        pub(in crate::web) fn check(&self) -> Result<()> {
            Ok(())
        }
    }
}

#[cfg(all(feature = "webgpu", not(feature = "flex")))]
mod webgpu {
    use std::sync::{Arc, OnceLock};

    use burn::tensor::{Device, wgpu::WgpuBackend};

    use super::OpenDevice;
    use crate::{
        classifier::BACKEND,
        error::{Error, Result},
    };

    impl OpenDevice {
        /// Opens the browser's preferred graphics adapter.
        pub(in crate::web) async fn open() -> Result<Self> {
            let options = Device::wgpu_options().graphics_api(WgpuBackend::WebGpu);
            let (device, setup) = options.init_with_setup_async().await.map_err(|error| Error::Backend {
                backend: BACKEND,
                reason: error.to_string(),
            })?;
            // burn watches the device too and fails its reads once it is lost; it keeps the reason to itself.
            let lost = Arc::new(OnceLock::new());
            let reason = Arc::clone(&lost);
            setup.device.set_device_lost_callback(move |kind, message| {
                // A device is lost once; whatever is told later changes nothing.
                let _ = reason.set(format!("the graphics device was lost ({kind:?}): {message}"));
            });
            let adapter = Some(setup.adapter.get_info().name).filter(|name| !name.is_empty());
            Ok(Self { device, adapter, lost })
        }

        /// Fails where the device is lost.
        pub(in crate::web) fn check(&self) -> Result<()> {
            match self.lost.get() {
                Some(reason) => Err(Error::Backend {
                    backend: BACKEND,
                    reason: reason.clone(),
                }),
                None => Ok(()),
            }
        }
    }
}

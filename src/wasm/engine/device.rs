//! The one device of a build, and what has become of it.

use burn::tensor::Device;

#[cfg(all(feature = "flex", feature = "webgpu"))]
compile_error!("a browser build has one back end: `--features flex`, or `--features webgpu`");
#[cfg(not(any(feature = "flex", feature = "webgpu")))]
compile_error!("a browser build needs a back end: `--features flex`, or `--features webgpu`");

/// How many posts at once are worth it: a graphics card has room for several, the CPU has enough to do with one.
pub(super) const MAX_BATCH: usize = if cfg!(feature = "webgpu") { 8 } else { 1 };

/// An open device.
pub(super) struct OpenDevice {
    /// What tensors live on.
    pub(super) device: Device,
    /// What the browser calls the graphics adapter, where there is one and it has a name.
    pub(super) adapter: Option<String>,
    #[cfg(feature = "webgpu")]
    loss: emofuse_engine::device_loss::DeviceLoss,
}

#[cfg(feature = "flex")]
mod cpu {
    use burn::tensor::Device;
    use emofuse_core::error::Result;

    use super::OpenDevice;

    impl OpenDevice {
        /// Opens the CPU; asynchronous because a graphics adapter is.
        pub(crate) async fn open() -> Result<Self> {
            Ok(Self {
                device: Device::flex(),
                adapter: None,
            })
        }

        /// Does work on the device, which a CPU is never lost for.
        pub(crate) async fn run<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
            work.await
        }
    }
}

#[cfg(all(feature = "webgpu", not(feature = "flex")))]
mod webgpu {
    use burn::tensor::{Device, wgpu::WgpuBackend};
    use emofuse_core::error::{Error, Result};
    use emofuse_engine::{classifier::BACKEND, device_loss::DeviceLoss};

    use super::OpenDevice;

    impl OpenDevice {
        /// Opens the browser's preferred graphics adapter.
        pub(crate) async fn open() -> Result<Self> {
            // A post has some hundred kernels; the default submits every 32 of them.
            let options = Device::wgpu_options().graphics_api(WgpuBackend::WebGpu).tasks_max(128);
            let (device, setup) = options
                .init_with_setup_async()
                .await
                .map_err(|error| failed(error.to_string()))?;
            // burn watches the device too and fails what is read from it later; what is being read then never ends.
            let loss = DeviceLoss::default();
            let watch = loss.clone();
            setup.device.set_device_lost_callback(move |kind, message| {
                watch.report(format!("the graphics device was lost ({kind:?}): {message}"));
            });
            let adapter = Some(setup.adapter.get_info().name).filter(|name| !name.is_empty());
            Ok(Self { device, adapter, loss })
        }

        /// Does work on the device; fails where that is lost, before or in the meantime.
        pub(crate) async fn run<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
            self.loss.or(work).await.map_err(failed)?
        }
    }

    fn failed(reason: String) -> Error {
        Error::Backend {
            backend: BACKEND,
            reason,
        }
    }
}

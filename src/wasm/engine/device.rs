//! The one device of a build, and what has become of it.

#[cfg(all(feature = "flex", feature = "webgpu"))]
compile_error!("a browser build has one back end: `--features flex`, or `--features webgpu`");
#[cfg(not(any(feature = "flex", feature = "webgpu")))]
compile_error!("a browser build needs a back end: `--features flex`, or `--features webgpu`");

/// How many posts at once are worth it: a graphics card has room for several, the CPU has enough to do with one.
pub(super) const MAX_BATCH: usize = if cfg!(feature = "webgpu") { 8 } else { 1 };

/// An open device.
pub(super) struct OpenDevice {
    /// What the browser calls the graphics adapter, where there is one and it has a name.
    pub(super) adapter: Option<String>,
    #[cfg(feature = "webgpu")]
    graphics: webgpu::Graphics,
}

#[cfg(feature = "flex")]
mod cpu {
    use burn::tensor::Device;
    use emofuse_core::error::Result;
    use emofuse_engine::{bundle::Digests, classifier::Classifier};

    use super::OpenDevice;

    impl OpenDevice {
        /// Opens the CPU; asynchronous because a graphics adapter is.
        pub(crate) async fn open() -> Result<Self> {
            Ok(Self { adapter: None })
        }

        /// Loads a model file; `selfTest` follows.
        pub(crate) async fn load(&self, model: &[u8], digests: Option<Digests>) -> Result<Classifier> {
            let device = Device::flex();
            match digests {
                Some(digests) => Classifier::load_digested(model, digests, &device),
                None => Classifier::load_untested(model, &device),
            }
        }

        /// Loads the beginning of a model file of `length` bytes.
        pub(crate) fn load_beginning(&self, beginning: Vec<u8>, length: usize) -> Result<Classifier> {
            Classifier::load_beginning(beginning, length, &Device::flex())
        }

        /// There is nothing to choose.
        pub(crate) async fn tune(&self, _: &Classifier) -> Result<()> {
            Ok(())
        }

        /// Does work on the device, which a CPU is never lost for.
        pub(crate) async fn run<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
            work.await
        }
    }
}

#[cfg(all(feature = "webgpu", not(feature = "flex")))]
mod webgpu {
    use burn::{
        backend::Cube,
        tensor::{Device, Tensor, wgpu::WgpuBackend},
    };
    use cubecl::client::Client;
    use emofuse_core::error::{Error, Result};
    use emofuse_engine::{
        bundle::Digests,
        classifier::Classifier,
        device_loss::DeviceLoss,
        request::WEBGPU,
        webgpu::{Gpu, WebGpu, kernel::Storage},
    };

    use super::OpenDevice;
    use crate::{
        clock::now_ms,
        pipelines::{GpuDevice, compile},
    };

    /// How many times as fast half precision has to be.
    const WORTH_IT: f64 = 1.1;

    /// How often either precision is timed.
    const ROUNDS: usize = 3;

    /// A graphics device of burn's.
    pub(crate) struct Graphics {
        client: Client,
        device: GpuDevice,
        loss: DeviceLoss,
    }

    impl OpenDevice {
        /// Opens the browser's preferred graphics adapter.
        pub(crate) async fn open() -> Result<Self> {
            // A post is submitted in one go, of which the default would make three.
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
            let of_browser = setup.device.as_webgpu().map(GpuDevice::from);
            let tensor = Tensor::<1>::empty([1], &device).try_into_primitive::<Cube>();
            let graphics = Graphics {
                client: tensor.map_err(|error| failed(format!("{error:?}")))?.client,
                device: of_browser.ok_or_else(|| failed("the device is not the browser's".into()))?,
                loss,
            };
            let adapter = Some(setup.adapter.get_info().name).filter(|name| !name.is_empty());
            Ok(Self { adapter, graphics })
        }

        /// Loads a model file and has the browser compile what its posts need.
        pub(crate) async fn load(&self, model: &[u8], digests: Option<Digests>) -> Result<Classifier> {
            let gpu = Gpu::new(self.graphics.client.clone());
            let classifier = Classifier::load_webgpu(model, digests, gpu)?;
            if let Some(networks) = classifier.webgpu() {
                self.compile(networks).await?;
            }
            Ok(classifier)
        }

        /// Stores the image tower in half precision where the device has that, it is faster, and the scores stay the same.
        pub(crate) async fn tune(&self, classifier: &Classifier) -> Result<()> {
            let Some(networks) = classifier.webgpu().filter(|networks| networks.may_halve()) else {
                return Ok(());
            };
            let single = self.time(classifier).await?;
            networks.store_in(Storage::Half);
            // A browser that refuses these kernels has taken the others.
            let half = match self.compile(networks).await {
                Ok(()) => self.time(classifier).await?,
                Err(_) => None,
            };
            if !matches!([single, half], [Some(single), Some(half)] if single >= WORTH_IT * half) {
                networks.store_in(Storage::Single);
            }
            networks.settle();
            Ok(())
        }

        /// burn makes pipelines one by one when they are first needed, and the thread waits for each. What the browser has
        /// compiled beforehand, all at once and beside the thread, it has then at once.
        async fn compile(&self, networks: &WebGpu) -> Result<()> {
            let sources = networks.sources();
            self.run(async { compile(&self.graphics.device, &sources).await.map_err(failed) })
                .await
        }

        /// The shortest of some self-tests, in milliseconds; `None` where it fails.
        async fn time(&self, classifier: &Classifier) -> Result<Option<f64>> {
            let mut shortest = f64::INFINITY;
            if !self.run(classifier.self_test()).await?.passed {
                return Ok(None);
            }
            for _ in 0..ROUNDS {
                let started = now_ms();
                self.run(classifier.self_test()).await?;
                shortest = shortest.min(now_ms() - started);
            }
            Ok(Some(shortest))
        }

        /// Does work on the device; fails where that is lost, before or in the meantime.
        pub(crate) async fn run<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
            self.graphics.loss.or(work).await.map_err(failed)?
        }
    }

    fn failed(reason: String) -> Error {
        Error::Backend {
            backend: WEBGPU,
            reason,
        }
    }
}

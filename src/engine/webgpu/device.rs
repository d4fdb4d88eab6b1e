//! burn's WebGPU device: its buffers, and the launch of a step.

use cubecl::{
    CubeKernel, PrecompiledSource,
    bytes::Bytes,
    client::Client,
    ir::{ElemType, FloatKind, UIntKind, attributes::BufferIOAttr, metadata::Info, settings::Dim3},
    prelude::*,
    server::{Handle, KernelArguments, MetadataBindingInfo},
};
use emofuse_core::error::{Error, Result};

use super::{
    kernel::{Kernel, Storage},
    plan::Step,
};
use crate::request::WEBGPU;

/// A device of burn's WebGPU back end.
#[derive(Clone)]
pub struct Gpu {
    client: Client,
}

impl std::fmt::Debug for Gpu {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Gpu").finish_non_exhaustive()
    }
}

impl Gpu {
    /// Of the client that burn's tensors on the device have.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Opens the graphics adapter that the system prefers.
    #[cfg(not(target_family = "wasm"))]
    #[must_use]
    pub fn open() -> Self {
        Self::new(cubecl::Device::default().client())
    }

    /// Whether the device has 16-bit numbers.
    #[must_use]
    pub fn has_half_precision(&self) -> bool {
        self.client.properties().supports_type(ElemType::Float(FloatKind::F16))
    }

    /// A buffer with these bytes.
    pub(super) fn upload(&self, bytes: Vec<u8>) -> Handle {
        self.client.create(Bytes::from_bytes_vec(bytes))
    }

    /// A buffer of so many bytes, which nobody has written yet.
    pub(super) fn allocate(&self, bytes: u64) -> Handle {
        self.client.empty(bytes as usize)
    }

    /// Writes to the beginning of a buffer.
    pub(super) fn write(&self, buffer: &Handle, bytes: Vec<u8>) {
        let beyond = buffer.size_in_used() - bytes.len() as u64;
        self.client
            .write(&buffer.clone().offset_end(beyond), Bytes::from_bytes_vec(bytes));
    }

    /// Launches a step on the buffers that it names.
    pub(super) fn launch(&self, step: &Step, reads: impl Iterator<Item = Handle>, write: Handle) {
        let words = step
            .info
            .chunks_exact(2)
            .map(|pair| u64::from(pair[0]) | u64::from(pair[1]) << 32);
        let arguments = reads
            .fold(KernelArguments::new(), |all, read| {
                all.with_buffer_io(read.binding(), BufferIOAttr::ReadOnly)
            })
            .with_buffer_io(write.binding(), BufferIOAttr::WriteOnly)
            .with_info(MetadataBindingInfo::custom(words.collect()));
        let kernel = Wgsl {
            kernel: step.kernel,
            storage: step.storage,
        };
        let [x, y, z] = step.groups;
        self.client
            .launch(Box::new(kernel), CubeCount::Static(x, y, z), arguments);
    }

    /// Reads the first bytes of some buffers, in one go.
    ///
    /// # Errors
    /// [`Error::Backend`] where something before the reading failed, or the reading itself.
    pub(super) async fn read(&self, buffers: Vec<(Handle, u64)>) -> Result<Vec<Vec<f32>>> {
        let handles = buffers.into_iter().map(|(buffer, bytes)| {
            let beyond = buffer.size_in_used() - bytes;
            buffer.offset_end(beyond)
        });
        let read = self.client.read_async(handles.collect()).await;
        let read = read.map_err(|error| Error::Backend {
            backend: WEBGPU,
            reason: error.to_string(),
        })?;
        let numbers = |bytes: &Bytes| {
            let (numbers, _) = bytes.as_chunks();
            numbers.iter().map(|number| f32::from_le_bytes(*number)).collect()
        };
        Ok(read.iter().map(numbers).collect())
    }
}

/// A kernel as cubecl launches it: text that it hands to the device as it is.
struct Wgsl {
    kernel: Kernel,
    storage: Storage,
}

impl Wgsl {
    fn workgroup(&self) -> Dim3 {
        let [x, y, z] = self.kernel.workgroup();
        Dim3 { x, y, z }
    }
}

impl KernelMetadata for Wgsl {
    fn id(&self) -> KernelId {
        KernelId::new::<Self>()
            .cube_dim(self.workgroup())
            .info((self.kernel, self.storage))
    }

    fn address_type(&self) -> ElemType {
        UIntKind::U32.into()
    }
}

impl CubeKernel for Wgsl {
    /// There is nothing to compile: only the size of the workgroup is read of it.
    fn define(&self) -> KernelDefinition {
        let settings = KernelSettings::new(self.workgroup(), ExecutionMode::Checked, AddressType::U32);
        KernelDefinition {
            body: Scope::root(settings.clone()),
            settings,
            info: Info::default(),
        }
    }

    fn source(&self) -> Option<PrecompiledSource> {
        Some(PrecompiledSource {
            source: self.kernel.text(self.storage),
            entrypoint_name: "main".into(),
            lang: "wgsl",
        })
    }
}

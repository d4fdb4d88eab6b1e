//! The networks on a graphics card: own WGSL kernels, launched on the device of burn's WebGPU back end.
//!
//! A model's weights are laid out once, when it is loaded. For each shape of a batch a [`Plan`] says which kernels are launched
//! in which order on which buffers; it knows nothing of a device. A batch is one upload, the plan's launches and one readback.
//!
//! Layouts: maps are `[image][row][column][channel]`, and everything is in vectors of four numbers.

mod caption;
mod device;
mod heads;
mod image;
pub mod kernel;
pub mod plan;
#[cfg(test)]
mod testing;
mod upload;
mod weights;

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use cubecl::server::Handle;
use emofuse_core::{emotion::EMOTIONS, error::Result};

pub use device::Gpu;

use self::{
    caption::CaptionTower,
    heads::{Features, Heads},
    image::{ImageTower, Images},
    kernel::Storage,
    plan::{Buffer, Plan},
    upload::{COLOURS4, LABELS4, Shape, Upload},
    weights::Weights,
};
use crate::{
    bundle::{Bundle, TextArchitecture, tensor_group},
    preprocessing::Preprocessing,
    request::{Answers, CellLogits, Logits, Request},
};

/// Plans that are kept: captions of other lengths and batches of other sizes have others.
const KEPT_PLANS: usize = 16;

/// The networks of a model on a graphics card.
#[derive(Debug)]
pub struct WebGpu {
    gpu: Gpu,
    networks: Networks,
    preprocessing: Preprocessing,
    state: Mutex<State>,
}

/// Where the weights of a model are, and what is to be done with them.
#[derive(Debug)]
struct Networks {
    image: ImageTower,
    caption: CaptionTower,
    heads: Heads,
}

#[derive(Debug)]
struct State {
    storage: Storage,
    /// The weights of the image tower, as long as they may be stored in another way.
    tower: Option<Weights>,
    buffers: HashMap<Buffer, Handle>,
    /// The one that was used last is the last.
    plans: Vec<(Upload, Plan)>,
}

impl WebGpu {
    /// Lays the weights of a model file out on a device.
    ///
    /// # Errors
    /// As [`Bundle::tensor`]; [`Error::Backend`](emofuse_core::Error::Backend) for a network that the kernels do not have.
    pub fn load(bundle: &Bundle, gpu: Gpu) -> Result<Self> {
        let (mut tower, mut head) = (Weights::default(), Weights::default());
        let networks = Networks::load(bundle, &mut tower, &mut head)?;
        let storage = Storage::Single;
        let buffers = HashMap::from([
            (Buffer::TowerWeights, gpu.upload(tower.bytes(storage))),
            (Buffer::HeadWeights, gpu.upload(head.bytes(Storage::Single))),
        ]);
        Ok(Self {
            networks,
            preprocessing: bundle.manifest.preprocessing.clone(),
            state: Mutex::new(State {
                storage,
                tower: gpu.has_half_precision().then_some(tower),
                buffers,
                plans: Vec::new(),
            }),
            gpu,
        })
    }

    /// Answers a request: one upload, the launches of the plan, one readback.
    ///
    /// # Errors
    /// [`Error::Backend`](emofuse_core::Error::Backend) where the device fails.
    pub async fn answer(&self, request: &Request<'_>) -> Result<Answers> {
        let shape = self.networks.shape(request, self.preprocessing.crop);
        if shape.rows() == 0 {
            return Ok(Answers::default());
        }
        let (logits, bytes) = self.launch(request, shape);
        let numbers = self.gpu.read(logits, bytes).await?;
        Ok(answers(&numbers, shape))
    }

    /// Starts a batch and tells where its logits will be.
    fn launch(&self, request: &Request<'_>, shape: Shape) -> (Handle, u64) {
        let mut state = self.state();
        let storage = state.storage;
        let (upload, plan) = state.plan(shape, || self.networks.plan(shape, storage));
        for (buffer, bytes) in plan.sizes() {
            state.reserve(buffer, bytes, &self.gpu);
        }
        let buffer = |buffer: Buffer| state.buffers[&buffer].clone();
        self.gpu
            .write(&buffer(Buffer::Input), upload.bytes(request, &self.preprocessing));
        for step in &plan.steps {
            self.gpu
                .launch(step, step.reads.iter().map(|read| buffer(*read)), buffer(step.write));
        }
        let logits = (buffer(Buffer::Logits), plan.size(Buffer::Logits));
        state.plans.push((upload, plan));
        logits
    }

    /// The text of each kernel that posts need, so that it can be compiled before the first.
    #[must_use]
    pub fn sources(&self) -> Vec<String> {
        self.networks.sources(self.preprocessing.crop, self.state().storage)
    }

    /// Whether the image tower could still be stored in half precision.
    #[must_use]
    pub fn may_halve(&self) -> bool {
        self.state().tower.is_some()
    }

    /// Stores the image tower in another precision, if it still [may](Self::may_halve).
    pub fn store_in(&self, storage: Storage) {
        let state = &mut *self.state();
        if let Some(tower) = &state.tower {
            state
                .buffers
                .insert(Buffer::TowerWeights, self.gpu.upload(tower.bytes(storage)));
            state.plans.clear();
            state.storage = storage;
        }
    }

    /// Lets go of what another precision would be made of.
    pub fn settle(&self) {
        self.state().tower = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked left at most a plan less.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes the plan of a shape, or makes it.
    fn plan(&mut self, shape: Shape, make: impl FnOnce() -> (Upload, Plan)) -> (Upload, Plan) {
        if let Some(known) = self.plans.iter().position(|(upload, _)| upload.shape == shape) {
            return self.plans.remove(known);
        }
        if self.plans.len() == KEPT_PLANS {
            self.plans.remove(0);
        }
        make()
    }

    fn reserve(&mut self, buffer: Buffer, bytes: u64, gpu: &Gpu) {
        let is_large_enough = |handle: &Handle| handle.size_in_used() >= bytes;
        if !self.buffers.get(&buffer).is_some_and(is_large_enough) {
            self.buffers.insert(buffer, gpu.allocate(bytes));
        }
    }
}

impl Networks {
    fn load(bundle: &Bundle, tower: &mut Weights, head: &mut Weights) -> Result<Self> {
        let image = ImageTower::load(bundle, tensor_group::IMAGE, tower)?;
        let caption = CaptionTower::load(bundle, tensor_group::CAPTION, head)?;
        let tower4 = image.features4();
        let all4 = tower4 + if image.has_colours() { COLOURS4 } else { 0 };
        // Of the colours' eight numbers the last two fill up.
        let count = 4 * tower4 as usize + if image.has_colours() { 6 } else { 0 };
        let images = Features {
            places: (0..count).collect(),
            tower4,
            all4,
        };
        let captions = Features {
            places: caption.places(),
            tower4: caption.features4(),
            all4: caption.features4(),
        };
        let heads = Heads::load(bundle, &images, &captions, head)?;
        skip_unused(bundle, captions.places.len())?;
        Ok(Self { image, caption, heads })
    }

    fn shape(&self, request: &Request<'_>, side: u32) -> Shape {
        let cells = self.image.cells(side).pow(2);
        Shape::new(request, side, cells, self.image.has_colours())
    }

    fn plan(&self, shape: Shape, storage: Storage) -> (Upload, Plan) {
        let upload = Upload::new(shape);
        let mut plan = Plan::default();
        plan.reserve(Buffer::Input, u64::from(upload.end) * 16);
        if shape.images > 0 {
            let features = u64::from(shape.images * self.image.features4()) * 16;
            plan.reserve(Buffer::ImageFeatures, features);
            if shape.maps > 0 {
                plan.reserve(Buffer::Cells, features * u64::from(shape.cells));
            }
            let images = Images {
                count: shape.images,
                side: shape.side,
                in_cells: shape.maps > 0,
                storage,
            };
            self.image.plan(&mut plan, images);
        }
        if shape.captions > 0 {
            let features = u64::from(shape.windows * self.caption.features4()) * 16;
            plan.reserve(Buffer::CaptionFeatures, features);
            self.caption.plan(&mut plan, &upload);
        }
        self.heads.plan(&mut plan, &upload);
        (upload, plan)
    }

    /// The text of each kernel of posts and their explanations.
    fn sources(&self, side: u32, storage: Storage) -> Vec<String> {
        let mut sources: Vec<String> = Vec::new();
        // Layers with few and with many rows take other kernels.
        for (posts, maps, tokens) in [(1, 0, 12), (1, 1, 64), (8, 8, 64)] {
            let shape = Shape {
                images: posts,
                side,
                has_colours: self.image.has_colours(),
                maps,
                cells: self.image.cells(side).pow(2),
                captions: posts,
                windows: posts,
                tokens,
                word4: 1,
                pairs: posts,
            };
            for step in self.plan(shape, storage).1.steps {
                let text = step.kernel.text(step.storage);
                if !sources.contains(&text) {
                    sources.push(text);
                }
            }
        }
        sources
    }
}

/// Marks the tensors that only the CPU reads: whatever else is in a file belongs to another architecture.
fn skip_unused(bundle: &Bundle, features: usize) -> Result<()> {
    let mut groups = vec![(tensor_group::CAPTION_LABELS, 8)];
    if let TextArchitecture::Transformer(_) = bundle.manifest.architecture.text {
        groups.push((tensor_group::CAPTION_EMOTION, EMOTIONS));
    }
    for (group, outputs) in groups {
        bundle.tensor(&format!("{group}.weight"), &[features, outputs])?;
        bundle.tensor(&format!("{group}.bias"), &[outputs])?;
    }
    Ok(())
}

/// Sorts the rows of logits; see [`Shape::rows`].
fn answers(numbers: &[f32], shape: Shape) -> Answers {
    let (rows, _) = numbers.as_chunks::<{ 4 * LABELS4 as usize }>();
    let mut rows = rows
        .iter()
        .map(|row| -> Logits { std::array::from_fn(|label| row[label]) });
    let mut take = |count: u32| rows.by_ref().take(count as usize).collect::<Vec<Logits>>();
    let side = shape.cells.isqrt() as usize;
    Answers {
        images: take(shape.images),
        captions: take(shape.captions),
        pairs: take(shape.pairs),
        maps: (0..shape.maps)
            .map(|_| CellLogits {
                height: side,
                width: side,
                cells: take(shape.cells),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, fs, path::Path};

    use naga::{
        front::wgsl,
        valid::{Capabilities, ValidationFlags, Validator},
    };

    use super::*;

    const MODELS: [&str; 2] = ["model/emofuse-default.emofuse", "large/emofuse-large.emofuse"];

    fn networks(file: &str) -> (Networks, Preprocessing) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pkg").join(file);
        let bundle = Bundle::from_bytes(&fs::read(path).expect("a committed model")).expect("a model");
        let networks = Networks::load(&bundle, &mut Weights::default(), &mut Weights::default());
        (networks.expect("its tensors"), bundle.manifest.preprocessing)
    }

    fn shape(networks: &Networks, side: u32, posts: u32, maps: u32) -> Shape {
        Shape {
            images: posts,
            side,
            has_colours: true,
            maps,
            cells: networks.image.cells(side).pow(2),
            captions: posts,
            windows: posts,
            tokens: 12,
            word4: 25,
            pairs: posts,
        }
    }

    fn pipelines(plan: &Plan) -> HashSet<String> {
        plan.steps.iter().map(|step| step.kernel.text(step.storage)).collect()
    }

    /// Bytes of the maps between layers.
    fn map_bytes(plan: &Plan) -> u64 {
        let maps = plan.sizes().filter(|(buffer, _)| matches!(buffer, Buffer::Map(_)));
        maps.map(|(_, bytes)| bytes).sum()
    }

    #[test]
    fn a_post_takes_few_launches_pipelines_and_little_memory() {
        let (networks, preprocessing) = networks(MODELS[0]);
        let plan = |posts, maps| {
            networks
                .plan(shape(&networks, preprocessing.crop, posts, maps), Storage::Single)
                .1
        };
        let post = plan(1, 0);
        assert_eq!(post.steps.len(), 61);
        assert_eq!(plan(8, 0).steps.len(), 61);
        // With an explanation: the cells of eight maps, and what they add.
        assert_eq!(plan(1, 1).steps.len(), 70);
        assert_eq!(pipelines(&post).len(), 13);
        let all: HashSet<String> = [plan(1, 1), plan(8, 8)].iter().flat_map(pipelines).collect();
        assert_eq!(all.len(), 15);
        assert!(map_bytes(&post) <= 20_000_000, "{}", map_bytes(&post));
    }

    #[test]
    fn no_map_is_written_while_it_is_still_to_be_read() {
        // Each read of a map must be of the step that wrote it last before: a map is written anew only once it was read.
        for file in MODELS {
            let (networks, preprocessing) = networks(file);
            let plan = networks
                .plan(shape(&networks, preprocessing.crop, 2, 2), Storage::Single)
                .1;
            let mut written: HashMap<Buffer, bool> = HashMap::new();
            for (index, step) in plan.steps.iter().enumerate() {
                for read in &step.reads {
                    if let Buffer::Map(_) = read {
                        assert!(written.contains_key(read), "step {index} reads what nobody wrote");
                        written.insert(*read, true);
                    }
                }
                if let Buffer::Map(_) = step.write {
                    let was_read = written.insert(step.write, false);
                    assert_ne!(was_read, Some(false), "step {index} overwrites what nobody read");
                }
            }
        }
    }

    #[test]
    fn firefox_accepts_every_kernel() {
        let mut sources = HashSet::new();
        for file in MODELS {
            let (networks, preprocessing) = networks(file);
            for storage in [Storage::Single, Storage::Half] {
                sources.extend(networks.sources(preprocessing.crop, storage));
            }
        }
        for kernel in [kernel::Kernel::MaxPool, kernel::Kernel::LocalResponseNorm] {
            sources.insert(kernel.text(Storage::Single));
        }
        assert!(sources.len() > 20);
        for source in sources {
            let module = wgsl::parse_str(&source).unwrap_or_else(|error| panic!("{}", error.emit_to_string(&source)));
            let mut validator = Validator::new(ValidationFlags::all(), Capabilities::SHADER_FLOAT16);
            validator
                .validate(&module)
                .unwrap_or_else(|error| panic!("{}", error.emit_to_string(&source)));
        }
    }
}

//! The networks on a graphics card: own WGSL kernels, launched on the device of burn's WebGPU back end.
//!
//! A model's weights are laid out once, when it is loaded. For each shape of a batch a [`Plan`] says which kernels are launched
//! in which order on which buffers; it knows nothing of a device. A batch is one upload, the plan's launches and one readback
//! of the features; what reads these are the [`heads`](crate::heads).
//!
//! Layouts: maps are `[image][row][column][channel]`, and everything is in vectors of four numbers.

mod caption;
mod colours;
mod device;
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
use emofuse_core::error::Result;

pub use device::Gpu;

use self::{
    caption::CaptionTower,
    colours::{COLOURS, Colours},
    image::{ImageTower, Images},
    kernel::Storage,
    plan::{Buffer, Plan},
    upload::{Shape, Upload},
    weights::Weights,
};
use crate::{
    bundle::{Bundle, tensor_group},
    preprocessing::Preprocessing,
    request::{Answers, CellFeatures, Request, of_captions},
};

/// Plans that are kept: captions of other lengths and batches of other sizes have others.
const KEPT_PLANS: usize = 16;

/// The towers of a model on a graphics card.
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
    image: Option<ImageTower>,
    caption: Option<CaptionTower>,
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
        let (mut tower, mut caption) = (Weights::default(), Weights::default());
        let networks = Networks::load(bundle, &mut tower, &mut caption)?;
        let storage = Storage::Single;
        let mut buffers = HashMap::new();
        for (buffer, weights) in [(Buffer::TowerWeights, &tower), (Buffer::CaptionWeights, &caption)] {
            if weights.next() > 0 {
                buffers.insert(buffer, gpu.upload(weights.bytes(storage)));
            }
        }
        Ok(Self {
            preprocessing: bundle.manifest.preprocessing.clone(),
            state: Mutex::new(State {
                storage,
                tower: (gpu.has_half_precision() && networks.image.is_some()).then_some(tower),
                buffers,
                plans: Vec::new(),
            }),
            networks,
            gpu,
        })
    }

    /// Answers a request: one upload, the launches of the plan, one readback.
    ///
    /// # Errors
    /// [`Error::Backend`](emofuse_core::Error::Backend) where the device fails.
    pub async fn answer(&self, request: &Request<'_>) -> Result<Answers> {
        let shape = Shape::new(request, self.preprocessing.crop);
        let buffers = self.launch(request, shape);
        if buffers.is_empty() {
            return Ok(Answers::default());
        }
        let mut read = self.gpu.read(buffers).await?.into_iter();
        let mut answers = Answers::default();
        if let (Some(tower), true) = (&self.networks.image, shape.images > 0) {
            let features = read.next().unwrap_or_default();
            let of_cells = if shape.in_cells {
                read.next().unwrap_or_default()
            } else {
                Vec::new()
            };
            self.of_images(tower, request, &features, &of_cells, &mut answers);
        }
        if let (Some(tower), true) = (&self.networks.caption, shape.captions > 0) {
            let (features, places) = (read.next().unwrap_or_default(), tower.places());
            let windows = features.chunks_exact(4 * tower.features4() as usize);
            let windows = windows.map(|row| places.iter().map(|place| row[*place]).collect());
            answers.captions = of_captions(windows.collect(), &request.captions);
        }
        Ok(answers)
    }

    /// The features of images and of their cells: those of the tower, then those of the colours.
    fn of_images(
        &self,
        tower: &ImageTower,
        request: &Request<'_>,
        features: &[f32],
        of_cells: &[f32],
        answers: &mut Answers,
    ) {
        let width = 4 * tower.features4() as usize;
        let colours: Vec<Colours> = if tower.has_colours() {
            let colours = request.images.iter();
            colours.map(|image| Colours::of(image, &self.preprocessing)).collect()
        } else {
            Vec::new()
        };
        for (image, row) in features.chunks_exact(width).enumerate() {
            let mut features = Vec::with_capacity(width + COLOURS);
            features.extend_from_slice(row);
            if let Some(colours) = colours.get(image) {
                features.extend(colours.features());
            }
            answers.images.push(features);
        }
        let side = tower.cells(self.preprocessing.crop);
        let count = (side * side) as usize;
        for image in &request.cells {
            let rows = of_cells[image * count * width..].chunks_exact(width).take(count);
            let mut features = Vec::with_capacity(count * (width + COLOURS));
            for (cell, row) in (0..).zip(rows) {
                features.extend_from_slice(row);
                if let Some(colours) = colours.get(*image) {
                    let place = [cell / side, cell % side];
                    features.extend(colours.cell(&request.images[*image], &self.preprocessing, place, side));
                }
            }
            answers.cells.push(CellFeatures {
                height: side as usize,
                width: side as usize,
                features,
            });
        }
    }

    /// Starts a batch and tells where its features will be: those of images, of their cells, of captions, as far as the
    /// request and the model have them.
    fn launch(&self, request: &Request<'_>, shape: Shape) -> Vec<(Handle, u64)> {
        let mut state = self.state();
        let storage = state.storage;
        let (upload, plan) = state.plan(shape, || self.networks.plan(shape, storage));
        for (buffer, bytes) in plan.sizes() {
            state.reserve(buffer, bytes, &self.gpu);
        }
        let wanted = [Buffer::ImageFeatures, Buffer::Cells, Buffer::CaptionFeatures];
        let wanted = wanted.into_iter().filter(|buffer| plan.size(*buffer) > 0);
        let buffer = |buffer: Buffer| state.buffers[&buffer].clone();
        let wanted: Vec<(Handle, u64)> = wanted.map(|wanted| (buffer(wanted), plan.size(wanted))).collect();
        if !wanted.is_empty() {
            self.gpu.write(&buffer(Buffer::Input), upload.bytes(request));
        }
        for step in &plan.steps {
            self.gpu
                .launch(step, step.reads.iter().map(|read| buffer(*read)), buffer(step.write));
        }
        state.plans.push((upload, plan));
        wanted
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
    fn load(bundle: &Bundle, tower: &mut Weights, caption: &mut Weights) -> Result<Self> {
        let architecture = &bundle.manifest.architecture;
        let image = architecture.image;
        let image = image.map(|image| ImageTower::load(bundle, tensor_group::IMAGE, image, tower));
        let text = architecture.text.as_ref();
        let text = text.map(|text| CaptionTower::load(bundle, tensor_group::CAPTION, text, caption));
        Ok(Self {
            image: image.transpose()?,
            caption: text.transpose()?,
        })
    }

    fn plan(&self, shape: Shape, storage: Storage) -> (Upload, Plan) {
        let upload = Upload::new(shape);
        let mut plan = Plan::default();
        plan.reserve(Buffer::Input, u64::from(upload.end) * 16);
        if let (Some(tower), true) = (&self.image, shape.images > 0) {
            let features = u64::from(shape.images * tower.features4()) * 16;
            plan.reserve(Buffer::ImageFeatures, features);
            if shape.in_cells {
                let cells = tower.cells(shape.side).pow(2);
                plan.reserve(Buffer::Cells, features * u64::from(cells));
            }
            let images = Images {
                count: shape.images,
                side: shape.side,
                in_cells: shape.in_cells,
                storage,
            };
            tower.plan(&mut plan, images);
        }
        if let (Some(tower), true) = (&self.caption, shape.captions > 0) {
            let features = u64::from(shape.windows * tower.features4()) * 16;
            plan.reserve(Buffer::CaptionFeatures, features);
            tower.plan(&mut plan, &upload);
        }
        (upload, plan)
    }

    /// The text of each kernel of posts and their explanations.
    fn sources(&self, side: u32, storage: Storage) -> Vec<String> {
        let mut sources: Vec<String> = Vec::new();
        // Layers with few and with many rows take other kernels.
        for (posts, in_cells, tokens) in [(1, false, 12), (1, true, 64), (8, true, 64)] {
            let shape = Shape {
                images: posts,
                side,
                in_cells,
                captions: posts,
                windows: posts,
                tokens,
                word4: 1,
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

    fn shape(side: u32, posts: u32, in_cells: bool) -> Shape {
        Shape {
            images: posts,
            side,
            in_cells,
            captions: posts,
            windows: posts,
            tokens: 12,
            word4: 25,
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
        let plan = |posts, in_cells| {
            networks
                .plan(shape(preprocessing.crop, posts, in_cells), Storage::Single)
                .1
        };
        let post = plan(1, false);
        assert_eq!(post.steps.len(), 58);
        assert_eq!(plan(8, false).steps.len(), 58);
        // With an explanation: the cells of eight maps.
        assert_eq!(plan(1, true).steps.len(), 66);
        assert_eq!(pipelines(&post).len(), 10);
        let all: HashSet<String> = [plan(1, true), plan(8, true)].iter().flat_map(pipelines).collect();
        assert_eq!(all.len(), 11);
        assert!(map_bytes(&post) <= 20_000_000, "{}", map_bytes(&post));
    }

    #[test]
    fn no_map_is_written_while_it_is_still_to_be_read() {
        // Each read of a map must be of the step that wrote it last before: a map is written anew only once it was read.
        for file in MODELS {
            let (networks, preprocessing) = networks(file);
            let plan = networks.plan(shape(preprocessing.crop, 2, true), Storage::Single).1;
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

//! What is launched for a batch, in which order, on which buffers: a table that is made without a device.

use super::kernel::{Kernel, Storage};

/// A buffer of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Buffer {
    /// All that is uploaded for a batch; see [`Upload`](super::upload::Upload).
    Input,
    /// Weights of the image tower.
    TowerWeights,
    /// Weights of the caption tower.
    CaptionWeights,
    /// `[image][features]`
    ImageFeatures,
    /// `[window][features]`
    CaptionFeatures,
    /// `[image][cell][features]`
    Cells,
    /// A map between two layers.
    Map(usize),
}

/// A launch of a kernel.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is launched.
    pub kernel: Kernel,
    /// How maps and weights are stored.
    pub storage: Storage,
    /// What it reads, in the order of its bindings.
    pub reads: Vec<Buffer>,
    /// What it writes.
    pub write: Buffer,
    /// The words of its `Info`, an even number of them.
    pub info: Vec<u32>,
    /// How many workgroups.
    pub groups: [u32; 3],
}

/// The steps of a batch and the sizes of its buffers.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// In the order in which they are launched.
    pub steps: Vec<Step>,
    sizes: Vec<(Buffer, u64)>,
    maps: Vec<Slot>,
}

#[derive(Clone, Debug)]
struct Slot {
    bytes: u64,
    is_free: bool,
}

/// A map between two layers, which others may have once it is released.
#[derive(Debug)]
pub struct Map {
    slot: usize,
}

impl Map {
    /// Its buffer.
    #[must_use]
    pub fn buffer(&self) -> Buffer {
        Buffer::Map(self.slot)
    }
}

impl Plan {
    /// Bytes of every buffer that the steps write or that is uploaded.
    pub fn sizes(&self) -> impl Iterator<Item = (Buffer, u64)> {
        let maps = self.maps.iter().enumerate();
        let maps = maps.map(|(index, slot)| (Buffer::Map(index), slot.bytes));
        self.sizes.iter().copied().chain(maps)
    }

    /// Bytes of a buffer.
    #[must_use]
    pub fn size(&self, buffer: Buffer) -> u64 {
        self.sizes()
            .find(|(other, _)| *other == buffer)
            .map_or(0, |(_, bytes)| bytes)
    }

    /// Says how large a buffer is that is no map.
    pub fn reserve(&mut self, buffer: Buffer, bytes: u64) {
        self.sizes.push((buffer, bytes));
    }

    /// Takes a map of so many vectors of four numbers: the smallest free one that is large enough, or the largest, or a new one.
    pub fn map(&mut self, vectors: u32, storage: Storage) -> Map {
        let bytes = u64::from(vectors) * storage.vector_bytes();
        let free = || self.maps.iter().enumerate().filter(|(_, slot)| slot.is_free);
        let fitting = free()
            .filter(|(_, slot)| slot.bytes >= bytes)
            .min_by_key(|(_, slot)| slot.bytes);
        let slot = fitting
            .or_else(|| free().max_by_key(|(_, slot)| slot.bytes))
            .map(|(slot, _)| slot);
        let slot = slot.unwrap_or_else(|| {
            self.maps.push(Slot {
                bytes: 0,
                is_free: true,
            });
            self.maps.len() - 1
        });
        let taken = &mut self.maps[slot];
        taken.bytes = taken.bytes.max(bytes);
        taken.is_free = false;
        Map { slot }
    }

    /// Gives a map to others: steps that follow may write to it.
    #[expect(clippy::needless_pass_by_value, reason = "nobody reads it afterwards")]
    pub fn release(&mut self, map: Map) {
        self.maps[map.slot].is_free = true;
    }

    /// Adds a step.
    pub fn step(&mut self, step: Step) {
        debug_assert!(step.info.len().is_multiple_of(2), "the info is made of 64-bit words");
        debug_assert!(
            !step.reads.contains(&step.write),
            "no buffer is read and written at once"
        );
        self.steps.push(step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_used_again_and_grow() {
        let mut plan = Plan::default();
        let first = plan.map(10, Storage::Single);
        let second = plan.map(4, Storage::Single);
        assert_ne!(first.buffer(), second.buffer());
        let small = second.buffer();
        plan.release(first);
        plan.release(second);
        assert_eq!(plan.map(3, Storage::Single).buffer(), small);
        // Nothing free is large enough: the largest of what is free grows.
        let grown = plan.map(20, Storage::Half);
        assert_eq!((grown.buffer(), plan.size(grown.buffer())), (Buffer::Map(0), 160));
        let grown = plan.map(20, Storage::Single);
        assert_eq!(grown.buffer(), Buffer::Map(2));
    }
}

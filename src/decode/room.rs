//! Room for images that several threads decode: together they take no more than one of the largest.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use emofuse_core::budget::MAX_DECODING_BYTES;

use crate::needs;

/// Room that is held; letting it go makes room for others.
#[derive(Debug)]
#[must_use = "the room is free again when this is dropped"]
pub struct Room<'a> {
    gate: &'a Gate,
    taken: u64,
}

/// So much room as threads share. Who asks for more than is left waits, in the order in which they ask; a thread must not ask a
/// gate twice while it holds its room.
#[derive(Debug)]
pub struct Gate {
    limit: u64,
    state: Mutex<State>,
    changed: Condvar,
}

/// What is taken, and whose turn it is.
#[derive(Debug)]
struct State {
    taken: u64,
    next: u64,
    turn: u64,
}

impl Gate {
    /// A gate with that much room.
    #[must_use]
    pub const fn new(limit: u64) -> Self {
        Self {
            limit,
            state: Mutex::new(State {
                taken: 0,
                next: 0,
                turn: 0,
            }),
            changed: Condvar::new(),
        }
    }

    /// Waits for room and holds it. Who asks for more than there is gets all.
    pub fn room(&self, wanted: u64) -> Room<'_> {
        let wanted = wanted.min(self.limit);
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        while state.turn != number || state.taken + wanted > self.limit {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.turn += 1;
        state.taken += wanted;
        self.changed.notify_all();
        Room {
            gate: self,
            taken: wanted,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        self.gate.state().taken -= self.taken;
        self.gate.changed.notify_all();
    }
}

static DECODING: Gate = Gate::new(MAX_DECODING_BYTES);

/// Waits for room for an encoded image to be decoded, and holds it until the image is no longer needed.
///
/// Small images are decoded side by side, large ones one at a time. A file that is no image, or too large a one, needs no room.
pub fn room(encoded: &[u8]) -> Room<'static> {
    DECODING.room(needs(encoded).map_or(0, |needs| needs.bytes()))
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicU64, Ordering},
        thread,
    };

    use super::*;

    fn header(side: u32) -> Vec<u8> {
        let mut bytes = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
        bytes.extend(side.to_le_bytes().repeat(2));
        bytes.extend([1, 0, 24, 0]);
        bytes.extend([0; 24]);
        bytes
    }

    #[test]
    fn never_more_is_taken_than_one_of_the_largest_needs() {
        let taken = AtomicU64::new(0);
        let most = AtomicU64::new(0);
        thread::scope(|scope| {
            for number in 0..64_u32 {
                let (taken, most) = (&taken, &most);
                scope.spawn(move || {
                    let file = header([100, 3_000, 5_000, 10_000][number as usize % 4]);
                    let bytes = needs(&file).expect("a header").bytes();
                    let _room = room(&file);
                    most.fetch_max(taken.fetch_add(bytes, Ordering::SeqCst) + bytes, Ordering::SeqCst);
                    thread::yield_now();
                    taken.fetch_sub(bytes, Ordering::SeqCst);
                });
            }
        });
        let most = most.into_inner();
        assert!((400_000_000..=MAX_DECODING_BYTES).contains(&most), "{most}");
    }
}

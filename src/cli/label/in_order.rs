//! Work on all cores whose results come in the order of the items, a few at a time.

use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{Condvar, Mutex, MutexGuard},
    thread,
};

/// How many results of a worker may wait for one before them.
const AHEAD: usize = 16;

/// Items and results on their way; what holds the lock is over in a moment.
struct Way<I, R> {
    items: I,
    taken: usize,
    given: usize,
    done: BTreeMap<usize, R>,
    is_over: bool,
}

/// Applies `work` to every item, on all cores, and gives the results to `each` in the order of the items.
///
/// No more than a few results wait for one before them; the first error of `each` ends the work.
///
/// # Panics
/// Where `work` does.
pub fn map<T: Send, R: Send, E>(
    items: impl IntoIterator<Item = T, IntoIter: Send>,
    work: impl Fn(T) -> R + Sync,
    mut each: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let shared = Shared {
        way: Mutex::new(Way {
            items: items.into_iter(),
            taken: 0,
            given: 0,
            done: BTreeMap::new(),
            is_over: false,
        }),
        changed: Condvar::new(),
        window: workers * AHEAD,
    };
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                // Whoever waits must not wait for a worker that panicked.
                let _end = EndOnPanic(&shared);
                while let Some((index, item)) = shared.take() {
                    shared.put(index, work(item));
                }
            });
        }
        while let Some(result) = shared.next() {
            if let Err(error) = each(result) {
                shared.end();
                return Err(error);
            }
        }
        Ok(())
    })
}

struct Shared<I, R> {
    way: Mutex<Way<I, R>>,
    changed: Condvar,
    window: usize,
}

impl<I: Iterator, R> Shared<I, R> {
    fn lock(&self) -> MutexGuard<'_, Way<I, R>> {
        self.way.lock().expect("nobody panics while holding the lock")
    }

    /// The next item, as soon as there is room for its result.
    fn take(&self) -> Option<(usize, I::Item)> {
        let mut way = self
            .changed
            .wait_while(self.lock(), |way| !way.is_over && way.taken >= way.given + self.window)
            .expect("nobody panics while holding the lock");
        if way.is_over {
            return None;
        }
        let Some(item) = way.items.next() else {
            way.is_over = true;
            self.changed.notify_all();
            return None;
        };
        way.taken += 1;
        Some((way.taken - 1, item))
    }

    fn put(&self, index: usize, result: R) {
        self.lock().done.insert(index, result);
        self.changed.notify_all();
    }

    /// The next result in order; `None` after the last.
    fn next(&self) -> Option<R> {
        let is_waiting = |way: &mut Way<I, R>| {
            let is_last = way.is_over && way.given == way.taken;
            !is_last && !way.done.contains_key(&way.given)
        };
        let mut way = self
            .changed
            .wait_while(self.lock(), is_waiting)
            .expect("nobody panics while holding the lock");
        let given = way.given;
        let result = way.done.remove(&given)?;
        way.given += 1;
        self.changed.notify_all();
        Some(result)
    }

    /// Leaves the rest undone.
    fn end(&self) {
        self.lock().is_over = true;
        self.changed.notify_all();
    }
}

/// Ends everything where a worker panics; the panic goes on from there.
struct EndOnPanic<'a, I: Iterator, R>(&'a Shared<I, R>);

impl<I: Iterator, R> Drop for EndOnPanic<'_, I, R> {
    fn drop(&mut self) {
        if thread::panicking() {
            let mut way = self.0.lock();
            way.is_over = true;
            way.taken = way.given;
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let mut results = Vec::new();
        let uneven = |item: usize| {
            if item.is_multiple_of(7) {
                thread::sleep(Duration::from_millis(1));
            }
            item * 2
        };
        map(0..500, uneven, |result| {
            results.push(result);
            Ok::<_, ()>(())
        })
        .expect("no item fails");
        assert_eq!(results, (0..500).map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn no_more_than_a_few_results_wait() {
        let begun = AtomicUsize::new(0);
        let window = thread::available_parallelism().map_or(1, NonZero::get) * AHEAD;
        let mut given = 0;
        let count = |_| begun.fetch_add(1, Ordering::SeqCst);
        map(0..2000, count, |_| {
            assert!(begun.load(Ordering::SeqCst) <= given + 1 + window);
            given += 1;
            Ok::<_, ()>(())
        })
        .expect("no item fails");
        assert_eq!(given, 2000);
    }

    #[test]
    fn an_error_ends_the_work() {
        let begun = AtomicUsize::new(0);
        let result = map(
            0..100_000,
            |item| {
                begun.fetch_add(1, Ordering::SeqCst);
                item
            },
            |item| if item == 3 { Err("three") } else { Ok(()) },
        );
        assert_eq!(result, Err("three"));
        assert!(begun.into_inner() < 100_000);
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_is_no_standstill() {
        let _ = map(0..1000, |item| assert_ne!(item, 500), |()| Ok::<_, ()>(()));
    }
}

//! Maps items on all cores; the results come in the order of the items.

use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::{Condvar, Mutex, MutexGuard},
    thread,
};

use indicatif::{ProgressBar, ProgressStyle};

/// How many results of a worker may wait for one before them.
const AHEAD: usize = 16;

/// How many items are worked on side by side.
#[derive(Clone, Copy, Debug)]
pub enum Threads {
    Some(NonZero<usize>),
    OnAllCores,
}

impl From<Option<NonZero<usize>>> for Threads {
    fn from(threads: Option<NonZero<usize>>) -> Self {
        threads.map_or(Self::OnAllCores, Self::Some)
    }
}

/// Items that are not begun and results that wait; nobody holds its lock for long.
struct Queue<I, R> {
    items: I,
    taken: usize,
    given: usize,
    done: BTreeMap<usize, R>,
    is_over: bool,
}

/// Applies `work` to every item, on so many threads or on all cores, and gives the results to `each` in the order of the items.
///
/// No more than a few results wait for one before them; the first error of `each` ends the work.
///
/// # Panics
/// Where `work` does.
pub fn map<T: Send, R: Send, E>(
    items: impl IntoIterator<Item = T, IntoIter: Send>,
    threads: Threads,
    work: impl Fn(T) -> R + Sync,
    mut each: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let workers = match threads {
        Threads::Some(threads) => threads.get(),
        Threads::OnAllCores => thread::available_parallelism().map_or(1, NonZero::get),
    };
    let shared = Shared {
        queue: Mutex::new(Queue {
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

/// Applies `work` to every item, on all cores, and collects the results in the order of the items, with a progress bar.
///
/// The first error ends the work.
pub fn collect<T: Sync, R: Send, E: Send>(
    items: &[T],
    work: impl Fn(&T, &ProgressBar) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let progress = progress_bar(items.len());
    let mut results = Vec::with_capacity(items.len());
    map(
        items,
        Threads::OnAllCores,
        |item| work(item, &progress),
        |result| {
            results.push(result?);
            progress.inc(1);
            Ok(())
        },
    )?;
    progress.finish_and_clear();
    Ok(results)
}

/// A progress bar on stderr, drawn only if that is a terminal.
pub fn progress_bar(items: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len}, {per_sec}, {eta} left");
    ProgressBar::new(items as u64).with_style(style.expect("the template is valid"))
}

struct Shared<I, R> {
    queue: Mutex<Queue<I, R>>,
    changed: Condvar,
    window: usize,
}

impl<I: Iterator, R> Shared<I, R> {
    fn lock(&self) -> MutexGuard<'_, Queue<I, R>> {
        self.queue.lock().expect("nobody panics while holding the lock")
    }

    /// The next item, as soon as there is room for its result.
    fn take(&self) -> Option<(usize, I::Item)> {
        let mut queue = self
            .changed
            .wait_while(self.lock(), |queue| {
                !queue.is_over && queue.taken >= queue.given + self.window
            })
            .expect("nobody panics while holding the lock");
        if queue.is_over {
            return None;
        }
        let Some(item) = queue.items.next() else {
            queue.is_over = true;
            self.changed.notify_all();
            return None;
        };
        queue.taken += 1;
        Some((queue.taken - 1, item))
    }

    fn put(&self, index: usize, result: R) {
        self.lock().done.insert(index, result);
        self.changed.notify_all();
    }

    /// The next result in order; `None` after the last.
    fn next(&self) -> Option<R> {
        let is_waiting = |queue: &mut Queue<I, R>| {
            let is_last = queue.is_over && queue.given == queue.taken;
            !is_last && !queue.done.contains_key(&queue.given)
        };
        let mut queue = self
            .changed
            .wait_while(self.lock(), is_waiting)
            .expect("nobody panics while holding the lock");
        let given = queue.given;
        let result = queue.done.remove(&given)?;
        queue.given += 1;
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
            let mut queue = self.0.lock();
            queue.is_over = true;
            queue.taken = queue.given;
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
        map(0..500, Threads::OnAllCores, uneven, |result| {
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
        map(0..2000, Threads::OnAllCores, count, |_| {
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
            Threads::OnAllCores,
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
    fn results_are_collected_up_to_the_first_error() {
        let items: Vec<usize> = (0..1000).collect();
        let doubled = collect(&items, |item, _| Ok::<_, ()>(item * 2)).expect("no item fails");
        assert!(doubled.iter().enumerate().all(|(index, value)| *value == index * 2) && doubled.len() == 1000);
        let failed = collect(&items, |item, _| if *item == 3 { Err("three") } else { Ok(()) });
        assert_eq!(failed, Err("three"));
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_is_no_standstill() {
        let _ = map(
            0..1000,
            Threads::OnAllCores,
            |item| assert_ne!(item, 500),
            |()| Ok::<_, ()>(()),
        );
    }
}

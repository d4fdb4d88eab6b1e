//! All rows on all cores, with a progress bar.

use std::{
    num::NonZero,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use indicatif::{ProgressBar, ProgressStyle};

/// Applies `work` to every item; the results are in the order of the items.
///
/// The bar is on stderr, and only where that is a terminal. The first error ends the work.
pub fn map<T: Sync, R: Send, E: Send>(
    items: &[T],
    work: impl Fn(&T, &ProgressBar) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}").expect("the template is written right");
    let progress = ProgressBar::new(items.len() as u64).with_style(style);
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<R, E>)>> = Mutex::default();
    let worker = || {
        while let Some((index, item)) = take(items, &next) {
            let result = work(item, &progress);
            progress.inc(1);
            if result.is_err() {
                // Nothing is left to take for the others.
                next.store(items.len(), Ordering::Relaxed);
            }
            done.lock()
                .expect("no worker panics while it holds the lock")
                .push((index, result));
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(worker);
        }
    });
    progress.finish_and_clear();
    let mut done = done.into_inner().expect("no worker panics while it holds the lock");
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn take<'a, T>(items: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    items.get(index).map(|item| (index, item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..1000).collect();
        let doubled = map(&items, |item, _| Ok::<_, ()>(item * 2)).expect("no item fails");
        assert!(doubled.iter().enumerate().all(|(index, value)| *value == index * 2) && doubled.len() == 1000);
    }

    #[test]
    fn an_error_ends_the_work() {
        let items: Vec<usize> = (0..1000).collect();
        assert_eq!(
            map(&items, |item, _| if *item == 3 { Err("three") } else { Ok(()) }),
            Err("three")
        );
    }
}

//! What waits for a graphics device to be lost, so that work on it ends instead of waiting for ever.

use std::{
    collections::BTreeMap,
    future::poll_fn,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Poll, Waker},
};

/// Whether a device is lost, and who is to know; clones share it.
#[derive(Clone, Debug, Default)]
pub struct DeviceLoss(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    reason: Option<String>,
    /// Work in progress, by a number of its own.
    waiting: BTreeMap<u64, Waker>,
    next: u64,
}

impl DeviceLoss {
    /// Reports that the device is lost. It is lost once: later reports change nothing.
    pub fn report(&self, reason: String) {
        let mut state = self.state();
        state.reason.get_or_insert(reason);
        let waiting = std::mem::take(&mut state.waiting);
        // Whoever is woken may ask at once.
        drop(state);
        waiting.into_values().for_each(Waker::wake);
    }

    /// Does work on the device; `Err` has the reason where the device is lost before the work is done.
    ///
    /// The work is then dropped where it stands.
    pub async fn or<T>(&self, work: impl Future<Output = T>) -> Result<T, String> {
        let mut work = pin!(work);
        let place = Place::new(self);
        poll_fn(|context| {
            if let Some(reason) = &self.state().reason {
                return Poll::Ready(Err(reason.clone()));
            }
            let result = work.as_mut().poll(context).map(Ok);
            let mut state = self.state();
            match &state.reason {
                // A loss during the work is the better reason than whatever could not be read from the device.
                Some(reason) => Poll::Ready(Err(reason.clone())),
                None => {
                    state.waiting.insert(place.number, context.waker().clone());
                    result
                }
            }
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nothing panics while it holds the lock")
    }
}

/// A place among those who wait, given up when the work ends in whatever way.
struct Place<'a> {
    loss: &'a DeviceLoss,
    number: u64,
}

impl<'a> Place<'a> {
    fn new(loss: &'a DeviceLoss) -> Self {
        let mut state = loss.state();
        let number = state.next;
        state.next += 1;
        Self { loss, number }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.loss.state().waiting.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, ready},
        sync::atomic::{AtomicUsize, Ordering},
        task::{Context, Wake},
    };

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn work_that_would_never_end_ends_when_the_device_is_lost() {
        let (loss, count) = (DeviceLoss::default(), Arc::new(Count::default()));
        let waker = Waker::from(Arc::clone(&count));
        let mut context = Context::from_waker(&waker);
        let mut work = Box::pin(loss.or(pending::<()>()));
        assert!(work.as_mut().poll(&mut context).is_pending());
        loss.report("unplugged".into());
        loss.report("later".into());
        assert_eq!(count.0.load(Ordering::Relaxed), 1);
        assert_eq!(work.as_mut().poll(&mut context), Poll::Ready(Err("unplugged".into())));
    }

    #[test]
    fn work_on_a_lost_device_is_not_begun() {
        let loss = DeviceLoss::default();
        loss.report("unplugged".into());
        let mut context = Context::from_waker(Waker::noop());
        let mut work = Box::pin(loss.or(async { panic!("begun") }));
        let result: Poll<Result<(), _>> = work.as_mut().poll(&mut context);
        assert_eq!(result, Poll::Ready(Err("unplugged".into())));
    }

    #[test]
    fn work_that_ends_leaves_nobody_waiting() {
        let loss = DeviceLoss::default();
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(
            Box::pin(loss.or(ready(7))).as_mut().poll(&mut context),
            Poll::Ready(Ok(7))
        );
        let mut dropped = Box::pin(loss.or(pending::<()>()));
        assert!(dropped.as_mut().poll(&mut context).is_pending());
        assert_eq!(loss.state().waiting.len(), 1);
        drop(dropped);
        assert!(loss.state().waiting.is_empty());
    }
}

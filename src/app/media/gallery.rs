//! The pictures that are ready, in memory: which there are, and the bytes of those that were asked for last.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::domain::id::AssetId;
use crate::store::Purpose;

use super::super::view::Picture;

/// Pictures that are made at the same time.
const AT_ONCE: usize = 2;
/// The most assets whose pictures are known. Beyond that cards' art is looked up again, and logos only if they are too many
/// by themselves: nobody looks for a logo between two refreshes of the directory.
const ASSETS_MAX: usize = 10_000;
/// The most bytes of pictures in memory.
const BYTES_MAX: usize = 16 * 1024 * 1024;

type Hung = HashMap<(AssetId, Purpose), Arc<[Picture]>>;

/// What is ready to be shown.
pub(in crate::app) struct Gallery {
    /// The pictures of an asset, smallest first; none for one that was refused.
    hung: Mutex<Hung>,
    shelf: Mutex<Shelf>,
    turns: Semaphore,
}

#[derive(Default)]
struct Shelf {
    pictures: HashMap<String, Vec<u8>>,
    order: VecDeque<String>,
    bytes: usize,
}

impl Default for Gallery {
    fn default() -> Self {
        Self {
            hung: Mutex::default(),
            shelf: Mutex::default(),
            turns: Semaphore::new(AT_ONCE),
        }
    }
}

impl Gallery {
    /// The logo of an asset, if it is ready.
    pub(in crate::app) fn logo(&self, asset: &AssetId) -> Option<Picture> {
        self.pictures(asset, Purpose::Logo)?.first().cloned()
    }

    /// The pictures of an asset, if it is known whether there are any.
    pub(super) fn pictures(&self, asset: &AssetId, purpose: Purpose) -> Option<Arc<[Picture]>> {
        lock(&self.hung).get(&(asset.clone(), purpose)).cloned()
    }

    pub(super) fn has(&self, asset: &AssetId, purpose: Purpose) -> bool {
        self.pictures(asset, purpose).is_some()
    }

    pub(super) fn hang(&self, asset: &AssetId, purpose: Purpose, pictures: Arc<[Picture]>) {
        let mut hung = lock(&self.hung);
        if hung.len() >= ASSETS_MAX {
            hung.retain(|(_, purpose), _| *purpose == Purpose::Logo);
        }
        if hung.len() >= ASSETS_MAX {
            hung.clear();
        }
        hung.insert((asset.clone(), purpose), pictures);
    }

    /// A picture of that name is not there any more.
    pub(super) fn forget(&self, name: &str) {
        lock(&self.hung).retain(|_, pictures| pictures.iter().all(|picture| picture.name != name));
    }

    pub(super) fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        lock(&self.shelf).pictures.get(name).cloned()
    }

    /// Keeps the bytes of a picture, at the cost of those that were kept first.
    pub(super) fn keep(&self, name: &str, bytes: &[u8]) {
        let mut shelf = lock(&self.shelf);
        if shelf.pictures.insert(name.to_owned(), bytes.to_vec()).is_some() {
            return;
        }
        shelf.order.push_back(name.to_owned());
        shelf.bytes += bytes.len();
        while shelf.bytes > BYTES_MAX
            && let Some(oldest) = shelf.order.pop_front()
        {
            let gone = shelf.pictures.remove(&oldest).unwrap_or_default();
            shelf.bytes -= gone.len();
        }
    }

    /// The right to make a picture.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shelf_is_bounded_and_loses_the_oldest() {
        let gallery = Gallery::default();
        let bytes = vec![0; BYTES_MAX / 4];
        for name in ["a", "b", "c", "d", "a", "e"] {
            gallery.keep(name, &bytes);
        }
        let kept = |name| gallery.bytes(name).is_some();
        assert_eq!(["a", "b", "c", "d", "e"].map(kept), [false, true, true, true, true]);
        gallery.keep("huge", &vec![0; BYTES_MAX + 1]);
        assert!(!kept("huge") && !kept("e"));
        assert_eq!(lock(&gallery.shelf).bytes, 0);
    }

    #[test]
    fn what_is_gone_is_named_no_more() {
        let gallery = Gallery::default();
        let asset = |text| AssetId::parse(text).expect("an id");
        let picture = |name: &str| Picture {
            name: name.to_owned(),
            width: 1,
            height: 1,
        };
        gallery.hang(&asset("one"), Purpose::Logo, [picture("x.svg")].into());
        gallery.hang(&asset("two"), Purpose::Logo, [picture("y.svg")].into());
        gallery.forget("x.svg");
        assert_eq!(gallery.logo(&asset("one")), None);
        assert_eq!(gallery.logo(&asset("two")), Some(picture("y.svg")));
    }
}

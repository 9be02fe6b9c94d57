//! What a `TAOS *` or a `TAOS_RES *` is: a number that names a slot, never an address.
//!
//! A caller may hand in anything: a handle that was freed, one of another kind, NULL, garbage. A number can
//! be checked where a pointer can only be believed. A handle is
//!
//! ```text
//! 64 bits   0100 | generation (30) | slot (28) | kind (2)
//! 32 bits   1111 | generation (10) | slot (16) | kind (2)
//! ```
//!
//! On 64 bits the leading 0100 makes an address that no user space has, so that Go's and Java's runtimes
//! never take it for one of their own objects, and a positive `jlong`. On 32 bits it is the kernel's space
//! (and the numbers near -1, which programs use as error codes, name slots beyond the table's end).
//!
//! Slots are never given back to the allocator. Closing a handle raises its slot's generation, which makes
//! all copies of the handle invalid at once; free slots are used again in the order in which they became
//! free, so that a generation comes round as late as possible.
//!
//! Entering a slot takes it for the calling thread alone and costs one locked instruction; leaving it is a
//! plain store. A second thread waits.

use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::ffi::c_void;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use crate::types::StopFlag;

const KIND_BITS: u32 = 2;
const PREFIX_BITS: u32 = 4;
const INDEX_BITS: u32 = if usize::BITS == 64 { 28 } else { 16 };
const GENERATION_BITS: u32 = usize::BITS - PREFIX_BITS - KIND_BITS - INDEX_BITS;
const PREFIX: usize = if usize::BITS == 64 { 0b0100 } else { 0b1111 };

/// The first chunk has this many slots (as a power of two), each further one twice as many as the last.
const FIRST_CHUNK_BITS: u32 = 10;
const CHUNKS: usize = (INDEX_BITS - FIRST_CHUNK_BITS) as usize;

/// What a handle stands for; the number is part of the handle.
#[derive(Clone, Copy)]
#[repr(usize)]
pub(super) enum Kind {
    Connection = 0,
    Result = 1,
    Statement = 2,
}

/// What lives in a table.
pub(super) trait Resource: Send {
    /// A panic left the value half changed: from now on it must report an error and do nothing else.
    fn poison(&mut self);
}

/// All living handles of one kind.
pub(super) struct Table<T> {
    kind: Kind,
    chunks: [OnceLock<Box<[Slot<T>]>>; CHUNKS],
    vacant: Mutex<Vacant>,
}

struct Vacant {
    slots: VecDeque<usize>,
    chunks: usize,
}

/// Slots of different threads do not share a cache line.
#[repr(align(64))]
struct Slot<T> {
    /// The generation, then two bits: [`VACANT`], [`LIVE`] or [`BUSY`].
    state: AtomicUsize,
    /// How to end what the slot's value is doing, without entering the slot.
    stop: Mutex<Option<StopFlag>>,
    value: UnsafeCell<Option<Box<T>>>,
}

const STATE_BITS: u32 = 2;
const VACANT: usize = 0;
const LIVE: usize = 1;
const BUSY: usize = 2;

// SAFETY: `value` is touched only by the thread that moved `state` from LIVE to BUSY, or that took the
// vacant slot out of the queue; the value moves between threads, hence `Send`.
unsafe impl<T: Send> Sync for Slot<T> {}

impl<T> Slot<T> {
    fn vacant() -> Slot<T> {
        Slot { state: AtomicUsize::new(VACANT), stop: Mutex::new(None), value: UnsafeCell::new(None) }
    }
}

impl<T: Resource> Table<T> {
    pub(super) const fn new(kind: Kind) -> Table<T> {
        let vacant = Vacant { slots: VecDeque::new(), chunks: 0 };
        Table { kind, chunks: [const { OnceLock::new() }; CHUNKS], vacant: Mutex::new(vacant) }
    }

    /// Gives the value a handle; None when there are as many handles as there can be. `stop` ends what the
    /// value does at the request of [`Table::stop`].
    pub(super) fn insert(&self, value: T, stop: Option<StopFlag>) -> Option<*mut c_void> {
        let index = self.take_vacant()?;
        let slot = self.slot(index)?;
        let generation = slot.state.load(Ordering::Relaxed) >> STATE_BITS;
        *slot.stop.lock() = stop;
        // SAFETY: the slot was vacant and is no longer in the queue: nobody else reaches its value.
        unsafe { *slot.value.get() = Some(Box::new(value)) };
        slot.state.store(generation << STATE_BITS | LIVE, Ordering::Release);
        Some(self.token(generation, index))
    }

    /// Runs `use_it` with the handle's value, which no other thread touches meanwhile; None when there is
    /// no such handle.
    #[inline]
    pub(super) fn with<R>(&self, handle: *const c_void, use_it: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut entered = self.enter(handle)?;
        let result = use_it(entered.value()?);
        entered.leave();
        Some(result)
    }

    /// Makes the handle invalid and returns its value; what the value is doing in another thread is
    /// stopped and waited for. None when there is no such handle (any more).
    pub(super) fn remove(&self, handle: *const c_void) -> Option<Box<T>> {
        self.stop(handle);
        let entered = self.enter(handle)?;
        let slot = entered.slot;
        // SAFETY: `entered` is the right to touch the value.
        let value = unsafe { (*slot.value.get()).take() };
        let next_generation = (entered.live >> STATE_BITS).wrapping_add(1) & ones(GENERATION_BITS);
        *slot.stop.lock() = None;
        std::mem::forget(entered);
        slot.state.store(next_generation << STATE_BITS | VACANT, Ordering::Release);
        self.vacant.lock().slots.push_back(index_of(handle.addr()));
        value
    }

    /// Asks what the handle's value is doing to end, without waiting for it. Nothing for an invalid handle.
    pub(super) fn stop(&self, handle: *const c_void) {
        let Some((slot, generation)) = self.locate(handle) else { return };
        // While the lock is held the flag stays that of the generation that `state` tells.
        let flag = slot.stop.lock();
        if slot.state.load(Ordering::Acquire) >> STATE_BITS == generation
            && let Some(flag) = flag.as_ref()
        {
            flag.stop();
        }
    }

    fn enter(&self, handle: *const c_void) -> Option<Entered<'_, T>> {
        let (slot, generation) = self.locate(handle)?;
        let live = generation << STATE_BITS | LIVE;
        if !slot.try_enter(live) {
            slot.wait_to_enter(live)?;
        }
        Some(Entered { slot, live })
    }

    /// The slot that a handle names and the generation it must have.
    #[inline]
    fn locate(&self, handle: *const c_void) -> Option<(&Slot<T>, usize)> {
        let token = handle.addr();
        if token >> (usize::BITS - PREFIX_BITS) != PREFIX || token & ones(KIND_BITS) != self.kind as usize {
            return None;
        }
        let generation = token >> (KIND_BITS + INDEX_BITS) & ones(GENERATION_BITS);
        Some((self.slot(index_of(token))?, generation))
    }

    /// Slot `index`: of the first 2¹⁰ in chunk 0, of the next 2¹¹ in chunk 1, and so on.
    #[inline]
    fn slot(&self, index: usize) -> Option<&Slot<T>> {
        // Few programs leave the first chunk, and this is the shortest way into it.
        if index < chunk_size(0) {
            return self.chunks[0].get()?.get(index);
        }
        let shifted = index + (1 << FIRST_CHUNK_BITS);
        let chunk = shifted.ilog2() - FIRST_CHUNK_BITS;
        self.chunks.get(chunk as usize)?.get()?.get(shifted - chunk_size(chunk as usize))
    }

    fn token(&self, generation: usize, index: usize) -> *mut c_void {
        let token = PREFIX << (usize::BITS - PREFIX_BITS)
            | generation << (KIND_BITS + INDEX_BITS)
            | index << KIND_BITS
            | self.kind as usize;
        std::ptr::without_provenance_mut(token)
    }

    fn take_vacant(&self) -> Option<usize> {
        let mut vacant = self.vacant.lock();
        if vacant.slots.is_empty() {
            let size = chunk_size(vacant.chunks);
            self.chunks.get(vacant.chunks)?.get_or_init(|| (0..size).map(|_| Slot::vacant()).collect());
            let first = size - chunk_size(0);
            vacant.slots.extend(first..first + size);
            vacant.chunks += 1;
        }
        vacant.slots.pop_front()
    }
}

impl<T> Slot<T> {
    #[inline]
    fn try_enter(&self, live: usize) -> bool {
        let busy = live ^ LIVE ^ BUSY;
        self.state.compare_exchange(live, busy, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Waits until the slot's owner leaves it; None when the handle is or becomes invalid. Owners leave
    /// without waking anybody, which is what makes leaving cheap, so this looks again by itself.
    #[cold]
    fn wait_to_enter(&self, live: usize) -> Option<()> {
        for round in 0_u32.. {
            let state = self.state.load(Ordering::Relaxed);
            if state != live && state != live ^ LIVE ^ BUSY {
                return None;
            }
            if state == live && self.try_enter(live) {
                break;
            }
            match round {
                0..64 => std::hint::spin_loop(),
                64..128 => std::thread::yield_now(),
                _ => std::thread::sleep(Duration::from_micros(100)),
            }
        }
        Some(())
    }
}

/// The right to touch a slot's value. Dropping it without [`Entered::leave`] happens only while a panic
/// unwinds.
struct Entered<'a, T: Resource> {
    slot: &'a Slot<T>,
    live: usize,
}

impl<T: Resource> Entered<'_, T> {
    #[inline]
    fn value(&mut self) -> Option<&mut T> {
        // SAFETY: this thread moved the slot from LIVE to BUSY, and `self` is borrowed as long as the value.
        unsafe { (*self.slot.value.get()).as_deref_mut() }
    }

    #[inline]
    fn leave(self) {
        self.slot.state.store(self.live, Ordering::Release);
        std::mem::forget(self);
    }
}

impl<T: Resource> Drop for Entered<'_, T> {
    fn drop(&mut self) {
        if let Some(value) = self.value() {
            value.poison();
        }
        self.slot.state.store(self.live, Ordering::Release);
    }
}

#[inline]
fn index_of(token: usize) -> usize {
    token >> KIND_BITS & ones(INDEX_BITS)
}

const fn chunk_size(chunk: usize) -> usize {
    1 << (FIRST_CHUNK_BITS as usize + chunk)
}

const fn ones(bits: u32) -> usize {
    (1 << bits) - 1
}

#[cfg(test)]
mod tests {
    use std::ptr::{null, without_provenance};
    use std::sync::atomic::AtomicBool;

    use super::*;

    struct Counter(u64);
    impl Resource for Counter {
        fn poison(&mut self) {
            self.0 = u64::MAX;
        }
    }

    fn table() -> Table<Counter> {
        Table::new(Kind::Result)
    }

    #[test]
    fn only_a_living_handle_of_the_same_kind_is_let_in() {
        let (table, other) = (table(), Table::new(Kind::Connection));
        let handle = table.insert(Counter(7), None).unwrap();
        let stranger: *mut c_void = other.insert(Counter(8), None).unwrap();
        assert_eq!(table.with(handle, |c| c.0), Some(7));
        assert!(table.with(stranger, |_| ()).is_none());
        assert!(table.with(null(), |_| ()).is_none());
        assert!(table.with(std::ptr::from_ref(&table).cast(), |_| ()).is_none());
        for small in -8_isize..8 {
            assert!(table.with(without_provenance(small as usize), |_| ()).is_none(), "{small}");
        }
        for bit in 0..usize::BITS {
            assert!(table.with(handle.map_addr(|a| a ^ (1 << bit)), |_| ()).is_none(), "bit {bit}");
        }
        assert_eq!(table.remove(handle).map(|c| c.0), Some(7));
        assert!(table.remove(handle).is_none());
        assert!(table.with(handle, |_| ()).is_none());
    }

    #[test]
    fn a_slot_comes_back_under_another_name_and_late() {
        let table = table();
        let first = table.insert(Counter(0), None).unwrap();
        table.remove(first);
        for _ in 1..chunk_size(0) {
            let next = table.insert(Counter(0), None).unwrap();
            assert_ne!(index_of(next.addr()), index_of(first.addr()));
            table.remove(next);
        }
        let again = table.insert(Counter(0), None).unwrap();
        assert_eq!(index_of(again.addr()), index_of(first.addr()));
        assert_ne!(again, first);
        assert!(table.with(first, |_| ()).is_none());
    }

    #[test]
    fn there_is_room_for_many() {
        let table = table();
        let handles: Vec<_> = (0..5000).map(|i| table.insert(Counter(i), None).unwrap()).collect();
        for (i, handle) in handles.iter().enumerate() {
            assert_eq!(table.with(*handle, |c| c.0), Some(i as u64));
        }
    }

    #[test]
    fn a_panic_leaves_the_slot_poisoned_and_open() {
        let table = table();
        let handle = table.insert(Counter(1), None).unwrap();
        let panic = std::panic::AssertUnwindSafe(|| table.with(handle, |_| std::panic::panic_any(0)));
        assert!(std::panic::catch_unwind(panic).is_err());
        assert_eq!(table.with(handle, |c| c.0), Some(u64::MAX));
    }

    #[test]
    fn threads_take_turns_and_one_of_them_frees() {
        let table = table();
        for _ in 0..200 {
            let handle = table.insert(Counter(0), None).unwrap().expose_provenance();
            let handle = || without_provenance::<c_void>(handle);
            let (counted, freed) = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..4)
                    .map(|_| {
                        scope.spawn(|| {
                            let counted = (0..50).map_while(|_| table.with(handle(), |c| c.0 += 1)).count();
                            (counted as u64, table.remove(handle()))
                        })
                    })
                    .collect();
                let done: Vec<_> = threads.into_iter().map(|t| t.join().unwrap()).collect();
                let counted: u64 = done.iter().map(|(counted, _)| counted).sum();
                (counted, done.into_iter().filter_map(|(_, freed)| freed).collect::<Vec<_>>())
            });
            assert_eq!(freed.len(), 1);
            assert_eq!(freed[0].0, counted);
        }
    }

    #[test]
    fn freeing_what_is_busy_stops_it_first() {
        let (table, stop, inside) = (table(), StopFlag::default(), AtomicBool::new(false));
        let handle = table.insert(Counter(0), Some(stop.clone())).unwrap().expose_provenance();
        let handle = || without_provenance::<c_void>(handle);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                table.with(handle(), |c| {
                    inside.store(true, Ordering::SeqCst);
                    while !stop.is_stopped() {
                        std::thread::yield_now();
                    }
                    c.0 = 5;
                })
            });
            while !inside.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            assert_eq!(table.remove(handle()).map(|c| c.0), Some(5));
        });
    }

    #[test]
    fn stopping_a_freed_handle_spares_its_successor() {
        let table = table();
        let old = table.insert(Counter(0), Some(StopFlag::default())).unwrap();
        table.remove(old);
        table.vacant.lock().slots.clear();
        table.vacant.lock().slots.push_back(index_of(old.addr()));
        let stop = StopFlag::default();
        let new = table.insert(Counter(0), Some(stop.clone())).unwrap();
        table.stop(old);
        assert!(!stop.is_stopped());
        table.stop(new);
        assert!(stop.is_stopped());
    }
}

//! A store: the rows of one database.
//!
//! A write goes into the log, then into memory. When the rows in memory are many, they are frozen, written
//! to a segment file and forgotten, with the log that had them. A scan takes a snapshot: the segments there
//! are and the runs in memory, none of which ever changes.
//!
//! ```text
//! manifest            which segments, and where the log begins
//! wal/0000000001.wal  the log since the last flush
//! seg/0000000000.seg  what flushes wrote
//! ```
//!
//! Locks are taken in this order: `flushing`, `writer`, `state`. `state` is held only to look or to add, so
//! a scan waits for no file.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, RwLock};

use super::files::{self, Files, failed};
use super::manifest::Manifest;
use super::memtable::MemTable;
use super::merge::{Merge, Plan};
use super::piece::{self, Piece};
use super::rows;
use super::segment::{FilePool, Segment, SegmentWriter};
use super::statistics::Statistics;
use super::syncer::Syncer;
use super::wal::{self, Wal};
use super::{Order, ScanColumn, StoreOptions, TableId, TableRows, TimeRange};
use crate::error::{Result, codes};
use crate::types::BlockStream;

/// Rows of a block of a scan at most.
const SCAN_ROWS: usize = 4096;
/// Rows of a block in a segment at most, whatever the options say.
const MOST_BLOCK_ROWS: usize = 1 << 16;

/// The rows of one database.
pub struct Store {
    files: Arc<dyn Files>,
    paths: Paths,
    pool: Arc<FilePool>,
    options: RwLock<StoreOptions>,
    /// Held through a flush.
    flushing: Mutex<Flushing>,
    /// Held while a write goes into the log and into memory, so that both have the same order.
    writer: Mutex<Writer>,
    state: RwLock<State>,
    syncer: Syncer,
}

struct Paths {
    manifest: PathBuf,
    wal: PathBuf,
    segments: PathBuf,
}

struct Flushing {
    manifest: Manifest,
    /// After a flush that failed: the memory in use from which on it is worth another try.
    retry_at: usize,
}

struct Writer {
    wal: Wal,
    closed: bool,
}

#[derive(Default)]
struct State {
    /// From oldest to newest rows: the segments,
    segments: Arc<[Arc<Segment>]>,
    /// what a flush is writing or failed to write,
    frozen: Option<Arc<Frozen>>,
    /// and what came since.
    memory: MemTable,
}

struct Frozen {
    memory: MemTable,
    /// The first generation of the log that has none of these rows.
    next_wal: u64,
}

impl Paths {
    fn new(directory: &Path) -> Paths {
        Paths {
            manifest: directory.join("manifest"),
            wal: directory.join("wal"),
            segments: directory.join("seg"),
        }
    }

    fn segment(&self, number: u64) -> PathBuf {
        self.segments.join(format!("{number:010}.{SEGMENT}"))
    }
}

const SEGMENT: &str = "seg";

impl Store {
    /// Opens the store in that directory, making it when there is none, and replays its log.
    ///
    /// Rows of tables that were dropped meanwhile may come back into memory; nobody asks for them, because
    /// a table's id is never used again.
    pub fn open(files: Arc<dyn Files>, directory: &Path, options: StoreOptions) -> Result<Store> {
        let paths = Paths::new(directory);
        let manifest = open_manifest(&*files, directory, &paths)?;
        remove_unnamed(&*files, &paths, &manifest)?;
        let pool = Arc::new(FilePool::new(files.clone()));
        let open = |&number: &u64| Segment::open(pool.clone(), number, paths.segment(number)).map(Arc::new);
        let segments = manifest.segments.iter().map(open).collect::<Result<_>>()?;
        let mut memory = MemTable::default();
        let wal = Wal::open(files.clone(), paths.wal.clone(), manifest.first_wal, &mut |rows| {
            memory.check_types(std::slice::from_ref(&rows))?;
            memory.add(rows, options.update);
            Ok(())
        })?;
        Ok(Store {
            files,
            paths,
            pool,
            options: RwLock::new(options),
            flushing: Mutex::new(Flushing { manifest, retry_at: 0 }),
            writer: Mutex::new(Writer { wal, closed: false }),
            state: RwLock::new(State { segments, frozen: None, memory }),
            syncer: Syncer::default(),
        })
    }

    /// Removes all files of a store that is not open, as DROP DATABASE does; there may be none, or only some
    /// when an earlier call did not come to its end.
    pub fn remove(files: &dyn Files, directory: &Path) -> Result<()> {
        let paths = Paths::new(directory);
        // Without a manifest the rest means nothing, so it goes first.
        for inside in [directory, &paths.wal, &paths.segments] {
            for name in found(files.list(inside), "list", inside)?.unwrap_or_default() {
                let path = inside.join(name);
                if path != paths.wal && path != paths.segments {
                    found(files.remove(&path), "remove", &path)?;
                }
            }
        }
        for inside in [&paths.wal, &paths.segments, directory] {
            found(files.remove_dir(inside), "remove", inside)?;
        }
        Ok(())
    }

    /// Changes options of an open store; `update` never changes.
    pub fn set_options(&self, options: StoreOptions) {
        let mut current = self.options.write();
        let update = current.update;
        *current = StoreOptions { update, ..options };
    }

    /// Writes what is in memory to segment files, so that the next open has nothing to replay. From then on
    /// writes are refused; scans go on.
    pub fn close(&self) -> Result<()> {
        self.writer.lock().closed = true;
        let flushed = self.flush();
        self.syncer.stop();
        flushed
    }

    /// Writes rows of several tables: all of them or none, and for good (as the WAL level says) when this
    /// returns.
    ///
    /// After an error none of them is there. When the error was one of the disk, they may be after the next
    /// open; all of them or none.
    ///
    /// # Errors
    /// `0x80000505` when the disk is full; writes go on once it is not. `0x80001000` after the log could not
    /// be written or synced for another reason, for this and all further writes.
    pub fn write(&self, rows: Vec<TableRows>) -> Result<()> {
        let rows = rows::prepare(rows)?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut record = wal::record(&rows)?;
        let options = self.options.read().clone();
        if self.memory() >= options.memory.saturating_mul(2) {
            // Others are writing faster than flushes go, or flushes fail: then this says why.
            self.flush()?;
        }
        let memory = {
            let mut writer = self.writer.lock();
            self.check_open(&writer)?;
            self.state.read().memory.check_types(&rows)?;
            let synced = options.wal_level >= 2;
            let delay = Duration::from_millis(options.fsync_ms.max(0) as u64);
            writer.wal.append(&mut record, synced && delay.is_zero())?;
            if synced && !delay.is_zero() {
                writer.wal.file().map_or(Ok(()), |file| self.syncer.sync_within(file, delay))?;
            }
            let memory = &mut self.state.write().memory;
            rows.into_iter().for_each(|rows| memory.add(rows, options.update));
            memory.memory()
        };
        self.flush_when_due(memory, options.memory);
        Ok(())
    }

    /// The rows of a table by time, repeated timestamps resolved, as they are at this moment.
    pub fn scan(
        &self,
        table: TableId,
        columns: &[ScanColumn],
        range: TimeRange,
        order: Order,
    ) -> Result<Box<dyn BlockStream>> {
        let pieces = self.pieces(table, range)?;
        Ok(Box::new(Merge::new(self.plan(columns, range, order), pieces)))
    }

    /// Count, extremes and sum of a column, of the rows that a scan would return; of
    /// [`ScanColumn::TIMESTAMP`], the number of rows and the first and last of them. Where runs of rows do
    /// not overlap, mostly nothing is read for it.
    pub fn statistics(&self, table: TableId, column: ScanColumn, range: TimeRange) -> Result<Statistics> {
        let mut pieces = self.pieces(table, range)?;
        pieces.sort_by_key(|piece| piece.first);
        let mut total = Statistics::none();
        if pieces.windows(2).all(|pair| pair[0].last < pair[1].first) {
            for piece in pieces {
                total.add(&piece.statistics(column, range)?);
            }
            return Ok(total);
        }
        let mut rows = Merge::new(self.plan(&[column], range, Order::Ascending), pieces);
        while let Some(block) = rows.next_block()? {
            total.add(&Statistics::of(block.column(0)));
        }
        Ok(total)
    }

    /// Forgets the rows of a table that was dropped. Its rows in segments stay there until compaction;
    /// its id is never used again, so nobody asks for them.
    pub fn drop_table(&self, table: TableId) {
        self.state.write().memory.drop_table(table);
    }

    /// Writes what is in memory to a segment file.
    pub fn flush(&self) -> Result<()> {
        self.flush_locked(&mut self.flushing.lock())
    }

    fn check_open(&self, writer: &Writer) -> Result<()> {
        if writer.closed {
            return Err(codes::VND_IS_CLOSING.into());
        }
        self.syncer.check()
    }

    fn memory(&self) -> usize {
        self.state.read().memory.memory()
    }

    fn plan(&self, columns: &[ScanColumn], range: TimeRange, order: Order) -> Plan {
        let update = self.options.read().update;
        Plan { columns: columns.to_vec(), range, order, update, block_rows: SCAN_ROWS }
    }

    /// A snapshot of the rows of a table.
    fn pieces(&self, table: TableId, range: TimeRange) -> Result<Vec<Piece>> {
        let (segments, mut runs) = {
            let state = self.state.read();
            let mut runs = state.frozen.as_ref().map_or_else(Vec::new, |frozen| frozen.memory.runs(table));
            runs.extend(state.memory.runs(table));
            (state.segments.clone(), runs)
        };
        let update = self.options.read().update;
        runs = runs.into_iter().map(|run| run.resolved(update)).collect();
        let indexes = segments.iter().filter_map(|segment| segment.table(table, range).transpose());
        Ok(piece::pieces(table, indexes.collect::<Result<_>>()?, runs, range))
    }

    /// Flushes once there is enough in memory, unless another thread is at it. The write that came before is
    /// done, so an error is not its error: the rows stay in the log and in memory, and a later write that
    /// finds twice as much in memory as there should be tries again and tells.
    fn flush_when_due(&self, memory: usize, limit: usize) {
        if memory < limit {
            return;
        }
        if let Some(mut flushing) = self.flushing.try_lock()
            && memory >= flushing.retry_at
        {
            let flushed = self.flush_locked(&mut flushing);
            flushing.retry_at = if flushed.is_ok() { 0 } else { memory.saturating_add(limit / 8) };
        }
    }

    fn flush_locked(&self, flushing: &mut Flushing) -> Result<()> {
        // One that an earlier flush could not write has the older rows.
        self.flush_frozen(&mut flushing.manifest)?;
        self.freeze()?;
        self.flush_frozen(&mut flushing.manifest)
    }

    /// Sets what is in memory apart and begins a new generation of the log.
    fn freeze(&self) -> Result<()> {
        let mut writer = self.writer.lock();
        if writer.wal.is_new() {
            return Ok(());
        }
        let next_wal = writer.wal.rotate()?;
        let mut state = self.state.write();
        let memory = std::mem::take(&mut state.memory);
        state.frozen = Some(Arc::new(Frozen { memory, next_wal }));
        Ok(())
    }

    /// Writes what was set apart, if anything, to a segment. After an error all is as before.
    fn flush_frozen(&self, manifest: &mut Manifest) -> Result<()> {
        let Some(frozen) = self.state.read().frozen.clone() else {
            return Ok(());
        };
        let mut next = Manifest { first_wal: frozen.next_wal, ..manifest.clone() };
        let segment = if frozen.memory.is_empty() {
            None
        } else {
            let number = manifest.next_segment;
            // Also when this fails, the number is used up: the manifest on the disk may name it already.
            manifest.next_segment += 1;
            next.next_segment = manifest.next_segment;
            next.segments.push(number);
            Some(self.write_segment(number, &frozen.memory)?)
        };
        next.write(&*self.files, &self.paths.manifest)?;
        let first_wal = next.first_wal;
        *manifest = next;
        {
            let mut state = self.state.write();
            state.segments = state.segments.iter().cloned().chain(segment).collect();
            state.frozen = None;
        }
        // Nothing is wrong with log files that stay: the next open knows that they are old.
        let _ = wal::remove_before(&*self.files, &self.paths.wal, first_wal);
        Ok(())
    }

    fn write_segment(&self, number: u64, memory: &MemTable) -> Result<Arc<Segment>> {
        let path = self.paths.segment(number);
        let written = self.write_tables(&path, memory);
        if written.is_err() {
            // Gives room back on a disk that is full; if that fails too, the next open does it.
            let _ = self.files.remove(&path);
        }
        written?;
        Ok(Arc::new(Segment::open(self.pool.clone(), number, path)?))
    }

    fn write_tables(&self, path: &Path, memory: &MemTable) -> Result<()> {
        let options = self.options.read().clone();
        let block_rows = options.block_rows.clamp(1, MOST_BLOCK_ROWS);
        let mut writer = SegmentWriter::create(&*self.files, path)?;
        for (table, columns) in memory.tables() {
            let runs = memory.runs(table).into_iter().map(|run| run.resolved(options.update)).collect();
            let pieces = piece::pieces(table, Vec::new(), runs, TimeRange::ALL);
            let plan = Plan {
                columns: columns.clone(),
                range: TimeRange::ALL,
                order: Order::Ascending,
                update: options.update,
                block_rows,
            };
            let mut rows = Merge::new(plan, pieces);
            while let Some(block) = rows.next_block()? {
                writer.add_block(&columns, block.columns())?;
            }
            writer.end_table(table)?;
        }
        writer.finish(&*self.files)
    }
}

/// Reads the manifest, or makes a new store where nothing is. A store that lost its manifest is not new.
fn open_manifest(files: &dyn Files, directory: &Path, paths: &Paths) -> Result<Manifest> {
    if let Some(manifest) = Manifest::read(files, &paths.manifest)? {
        // Whoever wrote it may not have come so far, and what it makes useless is about to be removed.
        files::sync_parent(files, &paths.manifest)?;
        return Ok(manifest);
    }
    for (inside, extension) in [(&paths.wal, wal::EXTENSION), (&paths.segments, SEGMENT)] {
        if !files::numbered(files, inside, extension)?.is_empty() {
            return Err(files::damaged(
                &paths.manifest,
                "is missing, and files that it should name are there",
            ));
        }
    }
    for path in [directory, &paths.wal, &paths.segments] {
        files.create_dir(path).map_err(|cause| failed("create", path, &cause))?;
    }
    files::sync_parent(files, directory)?;
    let manifest = Manifest::default();
    manifest.write(files, &paths.manifest)?;
    Ok(manifest)
}

/// Removes segments that a flush left without naming them in the manifest.
fn remove_unnamed(files: &dyn Files, paths: &Paths, manifest: &Manifest) -> Result<()> {
    for number in files::numbered(files, &paths.segments, SEGMENT)? {
        if !manifest.segments.contains(&number) {
            let path = paths.segment(number);
            files.remove(&path).map_err(|cause| failed("remove", &path, &cause))?;
        }
    }
    Ok(())
}

/// The result of an operation; None when what it works on is not there.
fn found<T>(result: io::Result<T>, doing: &str, path: &Path) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(failed(doing, path, &cause)),
    }
}

//! The write-ahead log: every write, before it goes into memory, in a log whose files come in generations.
//!
//! ```text
//! file name = generation in ten digits ".wal", in the directory `wal`
//! record    = kind u8 = 1, count of tables u32, table*
//! table     = table id u64, rows u32, count of columns u32, column*
//! column    = column id u32, type u8, the column as column_codec has it
//! ```
//!
//! One record is one statement: replay finds it whole or not at all, whatever number of tables it writes. A
//! flush begins a new generation, and once the segment file is safe, the older ones go. Only the last
//! generation may have a torn tail, because one is synced before the next begins.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::codec::{ByteReader, Malformed};
use super::column_codec;
use super::files::{self, File, Files, failed};
use super::log::{self, Log, Record};
use super::{ColumnId, TableId, TableRows};
use crate::error::{Error, Result, codes};
use crate::types::{Column, DataType};

const MAGIC: [u8; 8] = *b"TAOSWLOG";
pub(super) const EXTENSION: &str = "wal";
const ROWS: u8 = 1;

/// The log of one database.
pub(super) struct Wal {
    files: Arc<dyn Files>,
    directory: PathBuf,
    generation: u64,
    /// The file of this generation; none until the first write.
    log: Option<Log>,
}

impl Wal {
    /// Opens the log, removes generations before `first`, whose rows are in segment files, and gives the
    /// writes of the others to `replay`, oldest first.
    pub(super) fn open(
        files: Arc<dyn Files>,
        directory: PathBuf,
        first: u64,
        replay: &mut dyn FnMut(TableRows) -> Result<()>,
    ) -> Result<Wal> {
        remove_before(&*files, &directory, first)?;
        let generations = files::numbered(&*files, &directory, EXTENSION)?;
        let mut wal = Wal { files, directory, generation: first, log: None };
        let mut replay = |record: &[u8]| replay_record(record, replay);
        if let Some((&last, older)) = generations.split_last() {
            check_no_gap(&wal, first, &generations)?;
            older.iter().try_for_each(|&generation| wal.replay_older(generation, &mut replay))?;
            wal.log = Some(Log::open(&wal.files, &wal.path(last), MAGIC, &mut replay)?);
            wal.generation = last;
        }
        Ok(wal)
    }

    /// Appends the record of a write.
    pub(super) fn append(&mut self, record: &mut Record, sync: bool) -> Result<()> {
        let log = match &mut self.log {
            Some(log) => log,
            None => {
                let path = self.path(self.generation);
                self.log.insert(Log::open(&self.files, &path, MAGIC, &mut |_| Ok(()))?)
            }
        };
        log.append_record(record, sync)
    }

    /// Begins a new generation and returns its number; all writes before it are on the disk then.
    pub(super) fn rotate(&mut self) -> Result<u64> {
        if let Some(log) = &mut self.log {
            log.sync()?;
            self.log = None;
            self.generation += 1;
        }
        Ok(self.generation)
    }

    /// The file that is written now.
    pub(super) fn file(&self) -> Option<Arc<dyn File>> {
        self.log.as_ref().map(Log::file)
    }

    fn replay_older(&self, generation: u64, replay: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let path = self.path(generation);
        let file = self.files.open(&path).map_err(|cause| failed("open", &path, &cause))?;
        let extent = log::replay_file(&*file, &path, MAGIC, replay)?;
        if extent.is_torn() {
            let text = format!(
                "{} is damaged at byte {}: no whole record there, but a later file follows",
                path.display(),
                extent.whole
            );
            return Err(Error::new(codes::WAL_FILE_CORRUPTED, text));
        }
        Ok(())
    }

    fn path(&self, generation: u64) -> PathBuf {
        path(&self.directory, generation)
    }

    /// Whether nothing was written since the generation began.
    pub(super) fn is_new(&self) -> bool {
        self.log.is_none()
    }
}

/// Removes the generations before `first`, whose rows are in segment files.
pub(super) fn remove_before(files: &dyn Files, directory: &Path, first: u64) -> Result<()> {
    let generations = files::numbered(files, directory, EXTENSION)?;
    for generation in generations.into_iter().take_while(|&generation| generation < first) {
        let path = path(directory, generation);
        files.remove(&path).map_err(|cause| failed("remove", &path, &cause))?;
    }
    Ok(())
}

fn path(directory: &Path, generation: u64) -> PathBuf {
    directory.join(format!("{generation:010}.{EXTENSION}"))
}

fn check_no_gap(wal: &Wal, first: u64, generations: &[u64]) -> Result<()> {
    match (first..).zip(generations).find(|(expected, found)| expected != *found) {
        None => Ok(()),
        Some((missing, _)) => Err(files::damaged(&wal.path(missing), "is missing, and later ones are there")),
    }
}

/// The record of a write.
pub(super) fn record(rows: &[TableRows]) -> Result<Record> {
    Record::build(|payload| encode(rows, payload))
}

/// What stands before the values of a column, and room for what stands before the columns of a table.
const COLUMN_HEAD: usize = 24;

pub(super) fn encode(rows: &[TableRows], out: &mut Vec<u8>) {
    let columns = rows.iter().flat_map(|table| &table.columns);
    out.reserve(columns.map(|(_, column)| column.memory() + COLUMN_HEAD).sum());
    out.push(ROWS);
    out.extend_from_slice(&(rows.len() as u32).to_le_bytes());
    rows.iter().for_each(|table| encode_table(table, out));
}

fn encode_table(rows: &TableRows, out: &mut Vec<u8>) {
    out.extend_from_slice(&rows.table.0.to_le_bytes());
    out.extend_from_slice(&(rows.rows() as u32).to_le_bytes());
    out.extend_from_slice(&(rows.columns.len() as u32).to_le_bytes());
    for (id, column) in &rows.columns {
        out.extend_from_slice(&id.0.to_le_bytes());
        out.push(column.data_type().code());
        column_codec::encode(column, out);
    }
}

pub(super) fn replay_record(record: &[u8], replay: &mut dyn FnMut(TableRows) -> Result<()>) -> Result<()> {
    let malformed = |wrong| Error::new(codes::WAL_FILE_CORRUPTED, format!("the record {wrong}"));
    for rows in decode(record).map_err(malformed)? {
        rows.check()?;
        replay(rows)?;
    }
    Ok(())
}

fn decode(record: &[u8]) -> Result<Vec<TableRows>, Malformed> {
    const LEAST_TABLE: usize = 8 + 4 + 4;
    let mut from = ByteReader::new(record);
    if from.u8()? != ROWS {
        return Err(Malformed("is of an unknown kind"));
    }
    let count = from.count(LEAST_TABLE)?;
    let tables = (0..count).map(|_| decode_table(&mut from)).collect::<Result<_, _>>()?;
    from.finish()?;
    Ok(tables)
}

fn decode_table(from: &mut ByteReader<'_>) -> Result<TableRows, Malformed> {
    const LEAST_COLUMN: usize = 4 + 1 + 1;
    let table = TableId(from.u64()?);
    let rows = from.count(size_of::<i64>())?; // of the timestamps at least
    let count = from.count(LEAST_COLUMN)?;
    let columns = (0..count).map(|_| decode_column(rows, from)).collect::<Result<_, _>>()?;
    Ok(TableRows { table, columns })
}

fn decode_column(rows: usize, from: &mut ByteReader<'_>) -> Result<(ColumnId, Arc<Column>), Malformed> {
    let id = ColumnId(from.u32()?);
    let data_type = DataType::from_code(from.u8()?).ok_or(Malformed("has a column of an unknown type"))?;
    Ok((id, Arc::new(column_codec::decode(data_type, rows, from)?)))
}

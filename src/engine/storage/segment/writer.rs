//! Writing a segment file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{BlockEntry, ChunkEntry, DirectoryEntry, END_MAGIC, Extent, header};
use crate::engine::storage::files::{self, File, Files, failed};
use crate::engine::storage::statistics::Statistics;
use crate::engine::storage::{ScanColumn, TableId, column_codec};
use crate::error::{Error, Result, codes};
use crate::types::Column;

/// Bytes that are collected before they are written.
const BUFFER: usize = 1 << 20;

/// A segment file that is being written: table after table by rising id, each block after block by time.
pub(in super::super) struct SegmentWriter {
    file: Arc<dyn File>,
    path: PathBuf,
    /// What is not written yet, and where it goes.
    buffer: Vec<u8>,
    offset: u64,
    directory: Vec<DirectoryEntry>,
    /// The blocks of the table that is being written.
    blocks: Vec<BlockEntry>,
}

impl SegmentWriter {
    /// Begins the file, in the place of any that is there.
    pub(in super::super) fn create(files: &dyn Files, path: &Path) -> Result<SegmentWriter> {
        let file = files.create(path).map_err(|cause| failed("create", path, &cause))?;
        Ok(SegmentWriter {
            file,
            path: path.to_owned(),
            buffer: header().to_vec(),
            offset: 0,
            directory: Vec::new(),
            blocks: Vec::new(),
        })
    }

    /// Adds rows to the current table: its columns, the timestamps first, each with its values.
    pub(in super::super) fn add_block(
        &mut self,
        columns: &[ScanColumn],
        values: &[Arc<Column>],
    ) -> Result<()> {
        let times = values.first().and_then(|times| times.i64s()).unwrap_or_default();
        let (&[first, ..], &[.., last]) = (times, times) else {
            return Ok(());
        };
        let mut chunks = Vec::with_capacity(columns.len());
        for (column, values) in columns.iter().zip(values).filter(|(_, v)| v.null_count() < v.len()) {
            let start = self.buffer.len();
            column_codec::encode_chunk(values, &mut self.buffer);
            chunks.push(ChunkEntry {
                column: column.id,
                data_type: column.data_type,
                place: self.extent(start)?,
                statistics: Statistics::of(values),
            });
        }
        self.blocks.push(BlockEntry { rows: times.len() as u32, first, last, chunks });
        if self.buffer.len() >= BUFFER { self.write_out() } else { Ok(()) }
    }

    /// Ends the current table.
    pub(in super::super) fn end_table(&mut self, table: TableId) -> Result<()> {
        let blocks = std::mem::take(&mut self.blocks);
        let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
            return Ok(());
        };
        let (first, last) = (first.first, last.last);
        let rows = blocks.iter().map(|block| u64::from(block.rows)).sum();
        let start = self.buffer.len();
        self.buffer.extend_from_slice(&(blocks.len() as u32).to_le_bytes());
        blocks.iter().for_each(|block| block.encode(&mut self.buffer));
        let index = self.extent(start)?;
        self.directory.push(DirectoryEntry { table, rows, first, last, index });
        Ok(())
    }

    /// Ends the file. It and its name are on the disk when this returns.
    pub(in super::super) fn finish(mut self, files: &dyn Files) -> Result<()> {
        let directory_offset = self.offset + self.buffer.len() as u64;
        let mut directory = Vec::with_capacity(self.directory.len() * DirectoryEntry::ENCODED);
        self.directory.iter().for_each(|entry| entry.encode(&mut directory));

        let mut footer = directory_offset.to_le_bytes().to_vec();
        footer.extend_from_slice(&(self.directory.len() as u64).to_le_bytes());
        footer.extend_from_slice(&crc32fast::hash(&directory).to_le_bytes());
        footer.extend_from_slice(&crc32fast::hash(&footer).to_le_bytes());
        footer.extend_from_slice(&END_MAGIC);

        self.buffer.append(&mut directory);
        self.buffer.append(&mut footer);
        self.write_out()?;
        self.file.sync().map_err(|cause| failed("sync", &self.path, &cause))?;
        files::sync_parent(files, &self.path)
    }

    /// The piece of the file from that place of the buffer to its end.
    fn extent(&self, start: usize) -> Result<Extent> {
        let bytes = &self.buffer[start..];
        let length = u32::try_from(bytes.len()).map_err(|_| {
            let text = format!("{}: a block of more than 4 GiB", self.path.display());
            Error::new(codes::TDB_FILE_CORRUPTED, text)
        })?;
        Ok(Extent { offset: self.offset + start as u64, length, crc: crc32fast::hash(bytes) })
    }

    fn write_out(&mut self) -> Result<()> {
        let written = self.file.write_at(self.offset, &self.buffer);
        written.map_err(|cause| failed("write", &self.path, &cause))?;
        self.offset += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

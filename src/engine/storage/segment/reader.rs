//! Reading a segment file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{
    BlockEntry, ChunkEntry, DirectoryEntry, END_MAGIC, Extent, FOOTER, FilePool, HEADER, MAGIC,
    ROWS_OF_A_BLOCK, VERSION, header,
};
use crate::engine::storage::codec::{ByteReader, Malformed};
use crate::engine::storage::files::{self, File, failed};
use crate::engine::storage::memtable::other_type;
use crate::engine::storage::statistics::Statistics;
use crate::engine::storage::{ScanColumn, TableId, TimeRange, column_codec};
use crate::error::{Error, Result};
use crate::types::{Column, Value};

/// A segment file that is open for reading. What it says of each byte range is checked before it is used.
pub(in super::super) struct Segment {
    number: u64,
    path: PathBuf,
    pool: Arc<FilePool>,
    /// Where the rows end and the directory begins.
    rows_end: u64,
    directory: Vec<DirectoryEntry>,
}

impl Segment {
    /// Opens a segment by its footer and directory.
    pub(in super::super) fn open(pool: Arc<FilePool>, number: u64, path: PathBuf) -> Result<Segment> {
        let mut segment = Segment { number, path, pool, rows_end: 0, directory: Vec::new() };
        let file = segment.file()?;
        let size = file.size().map_err(|cause| failed("read", &segment.path, &cause))?;
        let Some(footer_at) = size.checked_sub(FOOTER as u64).filter(|&at| at >= HEADER as u64) else {
            return Err(segment.malformed(Malformed("is too short for a segment file")));
        };
        segment.check_header(&*file)?;
        let footer = segment.read(&*file, footer_at, FOOTER)?;
        let footer = Footer::decode(&footer, footer_at).map_err(|wrong| segment.malformed(wrong))?;
        segment.directory = segment.read_directory(&*file, &footer)?;
        segment.rows_end = footer.directory.0;
        Ok(segment)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Its tables, by rising id.
    pub(super) fn directory(&self) -> &[DirectoryEntry] {
        &self.directory
    }

    /// The index of a table; None when it has no rows in that range here.
    pub(in super::super) fn table(
        self: &Arc<Segment>,
        table: TableId,
        range: TimeRange,
    ) -> Result<Option<TableIndex>> {
        let place = self.directory.binary_search_by_key(&table, |entry| entry.table);
        let Some(entry) = place.ok().map(|place| &self.directory[place]) else {
            return Ok(None);
        };
        if !range.meets(entry.first, entry.last) {
            return Ok(None);
        }
        let bytes = self.read_extent(&entry.index)?;
        let blocks = decode_index(&bytes).map_err(|wrong| self.malformed(wrong))?;
        Ok(Some(TableIndex { segment: self.clone(), table, blocks }))
    }

    fn check_header(&self, file: &dyn File) -> Result<()> {
        let found = self.read(file, 0, HEADER)?;
        if found == header() {
            return Ok(());
        }
        let mut from = ByteReader::new(&found);
        match (from.array(), from.u32()) {
            (Ok(MAGIC), Ok(version)) if version > VERSION => {
                Err(files::too_new(&self.path, version, VERSION))
            }
            _ => Err(self.malformed(Malformed("does not begin as a segment file"))),
        }
    }

    fn read_directory(&self, file: &dyn File, footer: &Footer) -> Result<Vec<DirectoryEntry>> {
        let (offset, length) = footer.directory;
        let bytes = self.read(file, offset, length)?;
        if crc32fast::hash(&bytes) != footer.crc {
            return Err(self.malformed(Malformed("has a damaged directory")));
        }
        let mut from = ByteReader::new(&bytes);
        let entries = (0..length / DirectoryEntry::ENCODED).map(|_| DirectoryEntry::decode(&mut from));
        let directory: Vec<_> = entries.collect::<Result<_, _>>().map_err(|wrong| self.malformed(wrong))?;
        if directory.windows(2).any(|pair| pair[0].table >= pair[1].table) {
            return Err(self.malformed(Malformed("has a directory out of order")));
        }
        Ok(directory)
    }

    /// The bytes of a piece of the part with rows.
    fn read_extent(&self, extent: &Extent) -> Result<Vec<u8>> {
        let end = extent.offset.checked_add(extent.length.into());
        if extent.offset < HEADER as u64 || end.is_none_or(|end| end > self.rows_end) {
            return Err(self.malformed(Malformed("points outside of itself")));
        }
        let bytes = self.read(&*self.file()?, extent.offset, extent.length as usize)?;
        if crc32fast::hash(&bytes) != extent.crc {
            return Err(files::damaged(&self.path, format_args!("is damaged at byte {}", extent.offset)));
        }
        Ok(bytes)
    }

    fn file(&self) -> Result<Arc<dyn File>> {
        self.pool.get(self.number, &self.path).map_err(|cause| failed("open", &self.path, &cause))
    }

    /// Bytes that lie inside the file.
    fn read(&self, file: &dyn File, offset: u64, length: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        file.read_at(offset, &mut bytes).map_err(|cause| failed("read", &self.path, &cause))?;
        Ok(bytes)
    }

    fn malformed(&self, wrong: Malformed) -> Error {
        files::damaged(&self.path, wrong)
    }
}

struct Footer {
    /// Offset and length.
    directory: (u64, usize),
    crc: u32,
}

impl Footer {
    fn decode(bytes: &[u8], footer_at: u64) -> Result<Footer, Malformed> {
        const WRONG: Malformed = Malformed("does not end as a segment file");
        let mut from = ByteReader::new(bytes);
        let (offset, count) = (from.u64()?, from.u64()?);
        let (crc, own_crc) = (from.u32()?, from.u32()?);
        if from.array()? != END_MAGIC || crc32fast::hash(&bytes[..20]) != own_crc || offset < HEADER as u64 {
            return Err(WRONG);
        }
        let length = count.checked_mul(DirectoryEntry::ENCODED as u64).ok_or(WRONG)?;
        if offset.checked_add(length) != Some(footer_at) {
            return Err(WRONG);
        }
        Ok(Footer { directory: (offset, usize::try_from(length).map_err(|_| WRONG)?), crc })
    }
}

fn decode_index(bytes: &[u8]) -> Result<Vec<BlockEntry>, Malformed> {
    let mut from = ByteReader::new(bytes);
    let count = from.count(BlockEntry::LEAST)?;
    let blocks: Vec<_> = (0..count).map(|_| BlockEntry::decode(&mut from)).collect::<Result<_, _>>()?;
    from.finish()?;
    if blocks.iter().any(|block| block.first > block.last || !ROWS_OF_A_BLOCK.contains(&block.rows))
        || blocks.windows(2).any(|pair| pair[0].last >= pair[1].first)
    {
        return Err(Malformed("has blocks out of order"));
    }
    Ok(blocks)
}

/// The blocks of one table in a segment, by time and without overlap.
pub(in super::super) struct TableIndex {
    segment: Arc<Segment>,
    table: TableId,
    blocks: Vec<BlockEntry>,
}

impl TableIndex {
    /// The blocks.
    pub(super) fn entries(&self) -> &[BlockEntry] {
        &self.blocks
    }

    /// The numbers of the blocks, each with its first and last timestamp.
    pub(in super::super) fn blocks(&self) -> impl Iterator<Item = (usize, i64, i64)> {
        self.blocks.iter().enumerate().map(|(number, block)| (number, block.first, block.last))
    }

    /// The timestamps of a block: as many as it has rows, none NULL, rising.
    pub(in super::super) fn times(&self, block: usize) -> Result<Arc<Column>> {
        let times = self.read(block, ScanColumn::TIMESTAMP)?;
        let entry = &self.blocks[block];
        let ticks = times.i64s().unwrap_or_default();
        let rising = ticks.windows(2).all(|pair| pair[0] < pair[1]);
        let extent = (ticks.first(), ticks.last()) == (Some(&entry.first), Some(&entry.last));
        if times.null_count() > 0 || !rising || !extent {
            return Err(self.segment.malformed(Malformed("has a block whose timestamps are out of order")));
        }
        Ok(times)
    }

    /// A column of a block; NULLs when it has none.
    pub(in super::super) fn read(&self, block: usize, column: ScanColumn) -> Result<Arc<Column>> {
        let rows = self.blocks[block].rows as usize;
        let Some(chunk) = self.chunk(block, column)? else {
            return Ok(Arc::new(Column::repeat(column.data_type, &Value::Null, rows)));
        };
        let bytes = self.segment.read_extent(&chunk.place)?;
        let values = column_codec::decode_chunk(column.data_type, rows, &bytes);
        Ok(Arc::new(values.map_err(|wrong| self.segment.malformed(wrong))?))
    }

    /// What is known of a column of a block.
    pub(in super::super) fn statistics(&self, block: usize, column: ScanColumn) -> Result<Statistics> {
        let chunk = self.chunk(block, column)?;
        Ok(chunk.map_or_else(Statistics::none, |chunk| chunk.statistics.clone()))
    }

    fn chunk(&self, block: usize, column: ScanColumn) -> Result<Option<&ChunkEntry>> {
        match self.blocks[block].chunk(column.id) {
            Some(chunk) if chunk.data_type != column.data_type => {
                Err(other_type(self.table, column.id, chunk.data_type, column.data_type))
            }
            chunk => Ok(chunk),
        }
    }
}

//! Segment files: rows that are sorted, resolved and never change.
//!
//! ```text
//! file        = magic "TAOSSEGM" (8 bytes), version u32, table*, directory, footer
//! table       = the chunks of its blocks, index
//! index       = count of blocks u32, block*
//! block       = rows u32, first timestamp i64, last timestamp i64, count of chunks u32, chunk*
//! chunk       = column id u32, type u8, offset u64, length u32, CRC-32 u32, statistics
//! statistics  = flags u8 (1: has min and max, 2: has sum), count of values u32, min, max, sum (8 bytes each)
//! directory   = (table id u64, rows u64, first timestamp i64, last timestamp i64,
//!                offset of the index u64, length u32, CRC-32 u32)*, by table id
//! footer      = offset of the directory u64, count of its entries u64, CRC-32 of the directory u32,
//!               CRC-32 of the 20 bytes before u32, magic "TAOSSEGE" (8 bytes)
//! ```
//!
//! All offsets count from the start of the file; all numbers are little-endian. The bytes of a chunk are
//! those of `column_codec`; a column that is NULL in a whole block has no chunk there. The blocks of a table
//! are in the order of time, and so are the rows in them; no timestamp comes twice.
//!
//! A segment is opened by its footer and directory. The index of a table is read when the table is, so that
//! a million tables cost 48 bytes each and no more until then.

mod check;
mod pool;
mod reader;
mod writer;

pub(super) use pool::FilePool;
pub(super) use reader::{Segment, TableIndex};
pub(super) use writer::SegmentWriter;

use super::codec::{ByteReader, Malformed};
use super::statistics::{self, Statistics};
use super::{ColumnId, TableId};
use crate::types::DataType;

const MAGIC: [u8; 8] = *b"TAOSSEGM";
const END_MAGIC: [u8; 8] = *b"TAOSSEGE";
const VERSION: u32 = 1;
const HEADER: usize = 8 + 4;
const FOOTER: usize = 8 + 8 + 4 + 4 + 8;

/// How many rows a block may have; the upper bound is only for those who read files that may be damaged.
const ROWS_OF_A_BLOCK: std::ops::RangeInclusive<u32> = 1..=1 << 20;

/// The first bytes of a segment file.
fn header() -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..8].copy_from_slice(&MAGIC);
    header[8..].copy_from_slice(&VERSION.to_le_bytes());
    header
}

/// A piece of the file with its checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Extent {
    offset: u64,
    length: u32,
    crc: u32,
}

impl Extent {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.offset.to_le_bytes());
        out.extend_from_slice(&self.length.to_le_bytes());
        out.extend_from_slice(&self.crc.to_le_bytes());
    }

    fn decode(from: &mut ByteReader<'_>) -> Result<Extent, Malformed> {
        Ok(Extent { offset: from.u64()?, length: from.u32()?, crc: from.u32()? })
    }
}

/// Where the rows of a table are.
#[derive(Clone, Debug, PartialEq, Eq)]
struct DirectoryEntry {
    table: TableId,
    rows: u64,
    first: i64,
    last: i64,
    index: Extent,
}

impl DirectoryEntry {
    const ENCODED: usize = 8 + 8 + 8 + 8 + 16;

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.table.0.to_le_bytes());
        out.extend_from_slice(&self.rows.to_le_bytes());
        out.extend_from_slice(&self.first.to_le_bytes());
        out.extend_from_slice(&self.last.to_le_bytes());
        self.index.encode(out);
    }

    fn decode(from: &mut ByteReader<'_>) -> Result<DirectoryEntry, Malformed> {
        Ok(DirectoryEntry {
            table: TableId(from.u64()?),
            rows: from.u64()?,
            first: from.i64()?,
            last: from.i64()?,
            index: Extent::decode(from)?,
        })
    }
}

/// Some rows of a table.
#[derive(Debug, PartialEq)]
struct BlockEntry {
    rows: u32,
    first: i64,
    last: i64,
    chunks: Vec<ChunkEntry>,
}

impl BlockEntry {
    const LEAST: usize = 4 + 8 + 8 + 4;

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.rows.to_le_bytes());
        out.extend_from_slice(&self.first.to_le_bytes());
        out.extend_from_slice(&self.last.to_le_bytes());
        out.extend_from_slice(&(self.chunks.len() as u32).to_le_bytes());
        self.chunks.iter().for_each(|chunk| chunk.encode(out));
    }

    fn decode(from: &mut ByteReader<'_>) -> Result<BlockEntry, Malformed> {
        let (rows, first, last) = (from.u32()?, from.i64()?, from.i64()?);
        let count = from.count(ChunkEntry::ENCODED)?;
        let chunks = (0..count).map(|_| ChunkEntry::decode(from)).collect::<Result<_, _>>()?;
        Ok(BlockEntry { rows, first, last, chunks })
    }

    fn chunk(&self, id: ColumnId) -> Option<&ChunkEntry> {
        self.chunks.iter().find(|chunk| chunk.column == id)
    }
}

/// The values of one column in a block.
#[derive(Debug, PartialEq)]
struct ChunkEntry {
    column: ColumnId,
    data_type: DataType,
    place: Extent,
    statistics: Statistics,
}

impl ChunkEntry {
    const ENCODED: usize = 4 + 1 + 16 + statistics::ENCODED;

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.column.0.to_le_bytes());
        out.push(self.data_type.code());
        self.place.encode(out);
        self.statistics.encode(out);
    }

    fn decode(from: &mut ByteReader<'_>) -> Result<ChunkEntry, Malformed> {
        let column = ColumnId(from.u32()?);
        let data_type =
            DataType::from_code(from.u8()?).ok_or(Malformed("has a column of an unknown type"))?;
        let place = Extent::decode(from)?;
        Ok(ChunkEntry { column, data_type, place, statistics: Statistics::decode(data_type, from)? })
    }
}

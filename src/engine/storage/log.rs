//! An append-only file of checksummed records, as the catalog and the write-ahead log use it.
//!
//! ```text
//! file   = magic (8 bytes), version u32, record*
//! record = length u32, CRC-32 of the payload u32, check u32, payload (length bytes)
//! check  = CRC-32 of (offset of the record in the file u64, length u32, CRC-32 of the payload u32)
//! ```
//!
//! All numbers are little-endian. A record can be judged alone: it is whole if and only if its check fits
//! the place where it stands, its payload lies inside the file, and the payload has its CRC. The check is
//! apart from the CRC of the payload so that the search below costs a few nanoseconds for each byte, and it
//! contains the offset so that bytes of a log which somebody stored as a value never pass for a record.
//!
//! The first place without a whole record ends the log. When no whole record begins at any later byte, it
//! is a *torn tail*: what a process that was killed, or a machine that lost power, left of a write that
//! was never acknowledged (part of a record, or zeros where the file grew before its content came). It is
//! cut. When a whole record follows, bytes were damaged that had been written well; that is an error,
//! because to go on would lose acknowledged writes in silence.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{self, File, Files, failed, is_full};
use crate::error::{Error, Result, codes};

const VERSION: u32 = 1;
const FILE_HEADER: usize = 12;
const RECORD_HEADER: usize = 12;

/// A record to be appended, built apart from the log so that threads do it outside any lock.
pub struct Record {
    /// Room for the header, then the payload.
    bytes: Vec<u8>,
    payload_crc: u32,
}

impl Record {
    /// A record whose payload is what `fill` appends to the vector; what the vector has already is to stay.
    pub fn build(fill: impl FnOnce(&mut Vec<u8>)) -> Result<Record> {
        let mut bytes = vec![0; RECORD_HEADER];
        fill(&mut bytes);
        let length = bytes.len() - RECORD_HEADER;
        if u32::try_from(length).is_err() {
            let text =
                format!("a record of {length} bytes is too large for the log; write fewer rows at once");
            return Err(Error::new(codes::WAL_SIZE_LIMIT, text));
        }
        let payload_crc = crc32fast::hash(&bytes[RECORD_HEADER..]);
        Ok(Record { bytes, payload_crc })
    }

    /// Fills in the header for the place where the record is going to stand.
    fn seal(&mut self, offset: u64) {
        let length = (self.bytes.len() - RECORD_HEADER) as u32;
        self.bytes[0..4].copy_from_slice(&length.to_le_bytes());
        self.bytes[4..8].copy_from_slice(&self.payload_crc.to_le_bytes());
        self.bytes[8..12].copy_from_slice(&check(offset, length, self.payload_crc).to_le_bytes());
    }
}

fn check(offset: u64, length: u32, payload_crc: u32) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&offset.to_le_bytes());
    hasher.update(&length.to_le_bytes());
    hasher.update(&payload_crc.to_le_bytes());
    hasher.finalize()
}

fn file_header(magic: [u8; 8]) -> [u8; FILE_HEADER] {
    let mut header = [0; FILE_HEADER];
    header[..8].copy_from_slice(&magic);
    header[8..].copy_from_slice(&VERSION.to_le_bytes());
    header
}

/// An open log.
pub struct Log {
    file: Arc<dyn File>,
    path: PathBuf,
    /// The end of the last whole record.
    size: u64,
    /// The write or sync that failed, after which nobody knows what the file holds behind `size`.
    failure: Option<Error>,
}

impl Log {
    /// Opens or makes the log at `path` and gives the payload of each whole record to `replay`, oldest
    /// first. A torn tail is cut; damage elsewhere is an error that names file and offset.
    pub fn open(
        files: &Arc<dyn Files>,
        path: &Path,
        magic: [u8; 8],
        replay: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<Log> {
        let file = files.open_or_create(path).map_err(|cause| failed("open", path, &cause))?;
        let extent = replay_file(&*file, path, magic, replay)?;
        let mut log = Log { file, path: path.to_owned(), size: extent.whole, failure: None };
        if extent.is_torn() {
            log.file.truncate(extent.whole).map_err(|cause| failed("cut the torn tail of", path, &cause))?;
        }
        if extent.whole == 0 {
            log.begin(magic)?;
        } else {
            // What was found is built upon from here on, and what was cut must not come back behind it: a
            // process that was killed may have left both without a sync.
            log.file.sync().map_err(|cause| failed("sync", path, &cause))?;
        }
        // Also that of a log which was there: whoever began it may not have come so far.
        files::sync_parent(&**files, path)?;
        Ok(log)
    }

    /// Writes the header of a new log and puts it on the disk.
    fn begin(&mut self, magic: [u8; 8]) -> Result<()> {
        let header = file_header(magic);
        self.file.write_at(0, &header).map_err(|cause| failed("write", &self.path, &cause))?;
        self.file.sync().map_err(|cause| failed("sync", &self.path, &cause))?;
        self.size = header.len() as u64;
        Ok(())
    }

    /// Appends one record; it is with the operating system when this returns, and on the disk with `sync`.
    ///
    /// When the disk is full, the log is as before and takes writes again once there is room. After any
    /// other failure it refuses all further writes, because what the file holds is not known any more.
    pub fn append(&mut self, record: &[u8], sync: bool) -> Result<()> {
        self.append_record(&mut Record::build(|payload| payload.extend_from_slice(record))?, sync)
    }

    /// As [`Log::append`], for a record that was built before.
    pub fn append_record(&mut self, record: &mut Record, sync: bool) -> Result<()> {
        self.check_usable()?;
        record.seal(self.size);
        if let Err(cause) = self.file.write_at(self.size, &record.bytes) {
            let error = failed("write", &self.path, &cause);
            let taken_back = self.file.truncate(self.size).is_ok();
            if !(taken_back && is_full(&cause)) {
                self.failure = Some(error.clone());
            }
            return Err(error);
        }
        if sync {
            self.sync()?;
        }
        self.size += record.bytes.len() as u64;
        Ok(())
    }

    /// Puts all records on the disk.
    pub fn sync(&mut self) -> Result<()> {
        self.check_usable()?;
        let Err(cause) = self.file.sync() else {
            return Ok(());
        };
        // A record whose write is answered with this error should not come back at the next open. If the
        // cut fails too, it may: an error of the disk leaves that open.
        let _ = self.file.truncate(self.size);
        let error = failed("sync", &self.path, &cause);
        self.failure = Some(error.clone());
        Err(error)
    }

    /// An error once a write or sync has failed for good.
    fn check_usable(&self) -> Result<()> {
        let Some(failure) = &self.failure else {
            return Ok(());
        };
        let text = format!("no more writes until the database is opened again, since one failed: {failure}");
        Err(Error::new(codes::WAL_APP_ERROR, text))
    }

    /// Bytes in the log.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The file, for a thread that syncs it beside the writers.
    pub(super) fn file(&self) -> Arc<dyn File> {
        self.file.clone()
    }
}

/// How far a log goes.
pub(super) struct Extent {
    /// The end of the last whole record; 0 when not even the header of the file is whole.
    pub(super) whole: u64,
    /// The length of the file.
    pub(super) size: u64,
}

impl Extent {
    /// Whether there is something behind the last whole record.
    pub(super) fn is_torn(&self) -> bool {
        self.whole < self.size
    }
}

/// Gives the payload of each whole record of a log to `replay` and changes nothing.
pub(super) fn replay_file(
    file: &dyn File,
    path: &Path,
    magic: [u8; 8],
    replay: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<Extent> {
    let mut window = Window::new(file, path)?;
    let size = window.size;
    if !read_header(&mut window, magic)? {
        return Ok(Extent { whole: 0, size });
    }
    let mut offset = FILE_HEADER as u64;
    while let Some(payload) = window.record(offset)? {
        let end = offset + (RECORD_HEADER + payload.len()) as u64;
        replay(payload).map_err(|error| at(path, offset, &error))?;
        offset = end;
    }
    if let Some(later) = (offset + 1..size).find_map(|later| match window.record(later) {
        Ok(None) => None,
        Ok(Some(_)) => Some(Ok(later)),
        Err(error) => Some(Err(error)),
    }) {
        let text = format!(
            "{} is damaged at byte {offset}: no whole record there, but one at byte {}",
            path.display(),
            later?
        );
        return Err(Error::new(codes::WAL_FILE_CORRUPTED, text));
    }
    Ok(Extent { whole: offset, size })
}

/// Whether the header of the file is there. A log that was being made when the process ended has only a
/// part of it, or zeros.
fn read_header(window: &mut Window<'_>, magic: [u8; 8]) -> Result<bool> {
    let expected = file_header(magic);
    let length = window.size.min(FILE_HEADER as u64) as usize;
    let path = window.path;
    let found = window.get(0, length)?;
    if found == expected {
        return Ok(true);
    }
    if let Some((_, &[a, b, c, d])) =
        found.split_first_chunk::<8>().filter(|(start, rest)| **start == magic && rest.len() == 4)
    {
        let version = u32::from_le_bytes([a, b, c, d]);
        if version > VERSION {
            return Err(files::too_new(path, version, VERSION));
        }
    }
    // No record is written before the header is on the disk, so there was none.
    if window.size <= FILE_HEADER as u64 {
        return Ok(false);
    }
    let text = format!("{} does not begin as a log of this kind", path.display());
    Err(Error::new(codes::WAL_FILE_CORRUPTED, text))
}

fn at(path: &Path, offset: u64, error: &Error) -> Error {
    Error::new(error.code, format!("{} at byte {offset}: {error}", path.display()))
}

/// A file read from front to back in large pieces.
struct Window<'a> {
    file: &'a dyn File,
    path: &'a Path,
    size: u64,
    start: u64,
    bytes: Vec<u8>,
}

impl<'a> Window<'a> {
    const LENGTH: u64 = 1 << 18;

    fn new(file: &'a dyn File, path: &'a Path) -> Result<Window<'a>> {
        let size = file.size().map_err(|cause| failed("read", path, &cause))?;
        Ok(Window { file, path, size, start: 0, bytes: Vec::new() })
    }

    /// The payload of the record at `offset`; None when no whole one is there.
    fn record(&mut self, offset: u64) -> Result<Option<&[u8]>> {
        let room = self.size - offset;
        if room < RECORD_HEADER as u64 {
            return Ok(None);
        }
        let header = self.get(offset, RECORD_HEADER)?;
        let number =
            |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let (length, payload_crc, found) = (number(0), number(4), number(8));
        if found != check(offset, length, payload_crc) || u64::from(length) > room - RECORD_HEADER as u64 {
            return Ok(None);
        }
        let payload = self.get(offset + RECORD_HEADER as u64, length as usize)?;
        Ok((crc32fast::hash(payload) == payload_crc).then_some(payload))
    }

    /// `length` bytes from `offset` on, which lie inside the file.
    fn get(&mut self, offset: u64, length: usize) -> Result<&[u8]> {
        let end = offset + length as u64;
        if offset < self.start || end > self.start + self.bytes.len() as u64 {
            let wanted = (length as u64).max(Self::LENGTH.min(self.size - offset));
            self.bytes.resize(wanted as usize, 0);
            self.start = offset;
            let read = self.file.read_at(offset, &mut self.bytes);
            read.map_err(|cause| failed("read", self.path, &cause))?;
        }
        let from = (offset - self.start) as usize;
        Ok(&self.bytes[from..from + length])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::storage::files::memory;

    const MAGIC: [u8; 8] = *b"test log";

    fn open(files: &Arc<dyn Files>) -> Result<(Log, Vec<Vec<u8>>)> {
        let mut found = Vec::new();
        let log = Log::open(files, Path::new("/log"), MAGIC, &mut |record| {
            found.push(record.to_vec());
            Ok(())
        })?;
        Ok((log, found))
    }

    fn content(files: &Arc<dyn Files>) -> Vec<u8> {
        files::read(&**files, Path::new("/log")).unwrap().unwrap()
    }

    fn with_content(bytes: &[u8]) -> Arc<dyn Files> {
        let files = memory();
        files.create(Path::new("/log")).unwrap().write_at(0, bytes).unwrap();
        files
    }

    /// A log of three records and where each ends.
    fn sample() -> (Vec<u8>, Vec<Vec<u8>>, [u64; 3]) {
        let files = memory();
        let (mut log, _) = open(&files).unwrap();
        // The second is a log itself: its records must not be taken for those of the outer one.
        let mut inner = Record::build(|payload| payload.extend_from_slice(b"inner")).unwrap();
        inner.seal(FILE_HEADER as u64);
        let records = vec![b"first".to_vec(), inner.bytes, Vec::new()];
        let ends = [0, 1, 2].map(|index: usize| {
            log.append(&records[index], index == 1).unwrap();
            log.size()
        });
        (content(&files), records, ends)
    }

    #[test]
    fn a_cut_anywhere_leaves_the_whole_records() {
        let (bytes, records, ends) = sample();
        for cut in 0..=bytes.len() {
            for zeros in [0, 1, 600] {
                let mut torn = bytes[..cut].to_vec();
                torn.resize(cut + zeros, 0);
                if (1..FILE_HEADER).contains(&cut) && zeros > 0 {
                    continue; // not even the kind of the file is left
                }
                let files = with_content(&torn);
                let whole = ends.iter().filter(|&&end| end <= cut as u64).count();
                let opened = open(&files);
                if cut == 0 && zeros > FILE_HEADER {
                    assert_eq!(opened.err().unwrap().code, codes::WAL_FILE_CORRUPTED);
                    continue;
                }
                let (mut log, found) = opened.unwrap();
                assert_eq!(found, records[..whole], "cut at {cut}");
                log.append(b"after", false).unwrap();
                let (_, found) = open(&files).unwrap();
                assert_eq!(found[whole..], [b"after".to_vec()], "cut at {cut}");
            }
        }
    }

    #[test]
    fn a_flipped_bit_is_an_error_unless_it_is_in_the_last_record() {
        let (bytes, records, ends) = sample();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            match open(&with_content(&flipped)) {
                Ok((_, found)) => {
                    assert!(bit as u64 / 8 >= ends[1], "bit {bit}");
                    assert_eq!(found, records[..2]);
                }
                Err(error) => {
                    assert!((bit as u64 / 8) < ends[1], "bit {bit}");
                    assert!(error.message.contains("/log"), "{error}");
                }
            }
        }
    }

    #[test]
    fn damage_is_named_by_offset_and_newer_versions_by_number() {
        let (mut bytes, _, ends) = sample();
        bytes[ends[0] as usize + RECORD_HEADER] ^= 1;
        let error = open(&with_content(&bytes)).err().unwrap();
        assert!(error.message.contains(&format!("at byte {}", ends[0])), "{error}");

        bytes[8] = 2;
        let error = open(&with_content(&bytes)).err().unwrap();
        assert_eq!(error.code, codes::VND_INVALID_VRESION_FILE);
        assert!(error.message.contains("version 2"), "{error}");
    }
}

//! The manifest: which segment files a store has, and where its write-ahead log begins.
//!
//! ```text
//! file = magic (8 bytes), version u32,
//!        first generation of the log that is not in segments u64, number of the next segment u64,
//!        count u32, number of each segment u64 (oldest rows first),
//!        CRC-32 of all before u32
//! ```
//!
//! It is replaced in one step. A segment file that it does not name has no meaning, and neither has a
//! generation of the log before its first.

use std::path::Path;

use super::codec::{ByteReader, Malformed};
use super::files::{self, Files};
use crate::error::Result;

const MAGIC: [u8; 8] = *b"TAOSMANI";
const VERSION: u32 = 1;

/// What the manifest says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// The first generation of the log whose rows are not in segments.
    pub(super) first_wal: u64,
    /// A number that no segment file has, also none left over from a flush that failed.
    pub(super) next_segment: u64,
    /// The segments in the order in which their rows arrived.
    pub(super) segments: Vec<u64>,
}

impl Manifest {
    /// Reads it; None when there is none, as in a new store.
    pub(super) fn read(files: &dyn Files, path: &Path) -> Result<Option<Manifest>> {
        let Some(bytes) = files::read(files, path)? else {
            return Ok(None);
        };
        if let Some(version) = newer_version(&bytes) {
            return Err(files::too_new(path, version, VERSION));
        }
        Manifest::decode(&bytes).map(Some).map_err(|wrong| files::damaged(path, wrong))
    }

    /// Writes it; it is on the disk when this returns. After an error the old or the new one may be there.
    pub(super) fn write(&self, files: &dyn Files, path: &Path) -> Result<()> {
        files::replace(files, path, &self.encode())
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&self.first_wal.to_le_bytes());
        bytes.extend_from_slice(&self.next_segment.to_le_bytes());
        bytes.extend_from_slice(&(self.segments.len() as u32).to_le_bytes());
        self.segments.iter().for_each(|segment| bytes.extend_from_slice(&segment.to_le_bytes()));
        bytes.extend_from_slice(&crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Result<Manifest, Malformed> {
        let (content, crc) = bytes.split_last_chunk().ok_or(Malformed("ends too early"))?;
        if crc32fast::hash(content) != u32::from_le_bytes(*crc) {
            return Err(Malformed("does not have the checksum that was written"));
        }
        let mut from = ByteReader::new(content);
        if from.array()? != MAGIC || from.u32()? != VERSION {
            return Err(Malformed("is no manifest"));
        }
        let (first_wal, next_segment) = (from.u64()?, from.u64()?);
        let count = from.count(8)?;
        let segments = (0..count).map(|_| from.u64()).collect::<Result<_, _>>()?;
        from.finish()?;
        Ok(Manifest { first_wal, next_segment, segments })
    }
}

/// The version of a manifest that a later library wrote; the rest of it may have any shape.
fn newer_version(bytes: &[u8]) -> Option<u32> {
    let mut from = ByteReader::new(bytes);
    let magic = from.array().ok()?;
    let version = from.u32().ok()?;
    (magic == MAGIC && version > VERSION).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::storage::files::memory;
    use crate::error::codes;

    #[test]
    fn every_flipped_bit_is_noticed() {
        let (files, path) = (memory(), Path::new("/manifest"));
        assert_eq!(Manifest::read(&*files, path).unwrap(), None);
        let manifest = Manifest { first_wal: 3, next_segment: 8, segments: vec![2, 7] };
        manifest.write(&*files, path).unwrap();
        assert_eq!(Manifest::read(&*files, path).unwrap(), Some(manifest.clone()));

        let bytes = manifest.encode();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            files::replace(&*files, path, &flipped).unwrap();
            let error = Manifest::read(&*files, path).unwrap_err();
            let expected = match bit / 8 {
                8..12 if bit != 64 => codes::VND_INVALID_VRESION_FILE,
                _ => codes::TDB_FILE_CORRUPTED,
            };
            assert_eq!(error.code, expected, "bit {bit}");
        }
        for cut in 0..bytes.len() {
            files::replace(&*files, path, &bytes[..cut]).unwrap();
            assert!(Manifest::read(&*files, path).is_err());
        }
    }
}

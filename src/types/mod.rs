//! The words everyone else speaks in: data types, values, columns, blocks, timestamps, durations.
//!
//! This room knows nothing of SQL, of storage or of C. Start with [`DataType`], then [`Column`] and
//! [`Block`], which are how data travels from storage to the border.

mod answer;
mod bitmap;
mod block;
mod column;
mod data_type;
mod duration;
mod insert_target;
mod precision;
pub mod timestamp;
mod timezone;
mod value;

pub use answer::{Answer, BlockStream, Context, Executed, Rows, StopFlag};
pub use bitmap::Bitmap;
pub use block::{Block, Field};
pub use column::{Bytes, Column, Values};
pub use data_type::{ColumnType, DataType};
pub use duration::{Duration, Unit};
pub use insert_target::{InsertColumn, InsertTarget};
pub use precision::Precision;
pub use timezone::TimeZone;
pub use value::Value;

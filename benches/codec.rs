//! Size and speed of the codecs of columns, beside `pco`: `cargo bench --bench codec`.
//!
//! Each line is one shape of data in blocks of 4096 rows, as a flush makes them: bytes a value, then million
//! values a second into a chunk and out of it, on one core.

#![allow(clippy::print_stdout)] // It is what a benchmark is for.

use std::hint::black_box;
use std::time::{Duration, Instant};

use pco::ChunkConfig;
use taos::engine::storage::column_codec::{decode_chunk, encode_chunk};
use taos::types::{Bytes, Column, DataType, Values};

const ROWS: usize = 4096;

/// As in benches/bench.c (splitmix64).
fn mix(row: usize) -> u64 {
    let mut z = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// As text with so many decimals reads.
fn decimal(value: f64, decimals: usize) -> f32 {
    format!("{value:.decimals$}").parse().expect("a number")
}

fn shapes() -> Vec<(&'static str, DataType, Values)> {
    let rows = || 0..ROWS;
    let current = |row: usize| 10.0 + 3.0 * (row as f64 * 0.01).sin() + (mix(row) % 100) as f64 * 0.01;
    let noisy = |row: usize| (row as f64 * 0.001).sin() * 50.0 + mix(row) as f64 / u64::MAX as f64;
    let counter = rows().scan(0, |sum, row| {
        *sum += (mix(row) % 16) as i64;
        Some(*sum)
    });
    let state = |row: usize| ["running", "idle", "stopped", "failed"][mix(row) as usize % 4];
    let mut states = Bytes::default();
    rows().for_each(|row| states.push(state(row).as_bytes()));
    vec![
        (
            "meters.ts",
            DataType::Timestamp,
            Values::I64(rows().map(|row| 1_500_000_000_000 + row as i64 * 1000).collect()),
        ),
        (
            "meters.current",
            DataType::Float,
            Values::F32(rows().map(|row| decimal(current(row), 2)).collect()),
        ),
        (
            "meters.voltage",
            DataType::Int,
            Values::I32(rows().map(|row| 210 + (mix(row) >> 8 & 0xffff) as i32 % 20).collect()),
        ),
        (
            "meters.phase",
            DataType::Float,
            Values::F32(
                rows().map(|row| decimal(0.3 + ((mix(row) >> 16) % 100) as f64 * 0.001, 3)).collect(),
            ),
        ),
        ("sorted counter", DataType::BigInt, Values::I64(counter.collect())),
        ("noisy double", DataType::Double, Values::F64(rows().map(noisy).collect())),
        (
            "flag (1 % set)",
            DataType::Bool,
            Values::Bool(rows().map(|row| mix(row).is_multiple_of(100)).collect()),
        ),
        ("four strings", DataType::Binary, Values::Bytes(states)),
    ]
}

fn main() {
    // Without --bench, as `cargo test` starts it, one round shows that it works.
    let least = Duration::from_millis(if std::env::args().any(|word| word == "--bench") { 300 } else { 0 });
    println!(
        "{:<16} {:>12} {:>8} {:>8}   {:>12} {:>8} {:>8}",
        "shape", "bytes/value", "M in/s", "M out/s", "pco: bytes", "M in/s", "M out/s"
    );
    for (name, data_type, values) in shapes() {
        let column = Column::from_values(data_type, values, None).expect("values of that type");
        let mut chunk = Vec::new();
        encode_chunk(&column, &mut chunk);
        assert_eq!(decode_chunk(data_type, ROWS, &chunk).as_ref(), Ok(&column));
        let into = speed(least, || {
            chunk.clear();
            encode_chunk(black_box(&column), &mut chunk);
        });
        let out = speed(least, || {
            let _ = black_box(decode_chunk(data_type, ROWS, black_box(&chunk)));
        });
        let ours = format!("{:>12.3} {into:>8.0} {out:>8.0}", chunk.len() as f64 / ROWS as f64);
        println!("{name:<16} {ours}   {}", pco(least, &column));
    }
}

/// The same of `pco`, at the level that its documentation recommends.
fn pco(least: Duration, column: &Column) -> String {
    macro_rules! measure {
        ($numbers:expr, $number:ty) => {{
            let config = ChunkConfig::default();
            let mut packed = Vec::new();
            let into = speed(least, || {
                packed = pco::standalone::simple_compress(black_box($numbers), &config).expect("compresses")
            });
            let out = speed(least, || {
                let _ = black_box(pco::standalone::simple_decompress::<$number>(black_box(&packed)));
            });
            format!("{:>12.3} {into:>8.0} {out:>8.0}", packed.len() as f64 / ROWS as f64)
        }};
    }
    match column.values() {
        Values::I32(v) => measure!(v, i32),
        Values::I64(v) => measure!(v, i64),
        Values::F32(v) => measure!(v, f32),
        Values::F64(v) => measure!(v, f64),
        _ => String::new(),
    }
}

/// Million values a second of something that works on one block.
fn speed(least: Duration, mut work: impl FnMut()) -> f64 {
    let (start, mut rounds) = (Instant::now(), 0.0);
    loop {
        work();
        rounds += 1.0;
        let passed = start.elapsed();
        if passed >= least {
            return rounds * ROWS as f64 / passed.as_secs_f64() / 1e6;
        }
    }
}

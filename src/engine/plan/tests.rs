//! Queries over tables in memory.

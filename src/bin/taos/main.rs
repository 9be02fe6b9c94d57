//! The `taos` shell.

fn main() {}

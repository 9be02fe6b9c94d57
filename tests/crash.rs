//! Kills a writer without warning, again and again, and looks for every statement that was acknowledged.
//!
//! `CRASH_SEED=n` repeats the statements and delays of an earlier run, `CRASH_KILLS=n` sets how often a
//! writer dies. A database in which something is wrong is left on the disk and named.

mod crash_test;
#[allow(dead_code, reason = "each test program uses its own part")]
mod support;

fn main() -> std::process::ExitCode {
    crash_test::main()
}

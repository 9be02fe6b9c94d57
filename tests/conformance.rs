//! Replays the recorded answers of the original against the built library, through its C ABI.
//!
//! `tests/conformance/README.md` says what the records look like and how to run a part of them.

mod conformance_runner;
#[allow(dead_code, reason = "each test program uses its own part")]
mod support;

fn main() -> std::process::ExitCode {
    conformance_runner::main()
}

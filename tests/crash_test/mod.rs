//! The crash test: a parent that kills, a child that writes, a child that checks.
//!
//! The writer says after each statement that it was acknowledged. What it said before it died must be
//! there, every row once and as it was written. The statement under way when it died may be there too,
//! but only whole; nothing else may.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a test program reports on its output")]

mod check;
mod child;
mod workload;
mod write;

use crate::support::random::Random;
use crate::support::scratch::Scratch;
use child::{Role, Task};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

/// How often a writer is killed, unless `CRASH_KILLS` says otherwise.
const KILLS: u64 = 50;
/// How often in a row a writer is killed on one database before another begins.
const KILLS_OF_A_DATABASE: u64 = 5;
/// How long a child may take to open, to check, or to acknowledge its first statement.
const PATIENCE: Duration = Duration::from_secs(120);
/// What the databases promise: handed to the operating system, or on the disk, before a statement is
/// acknowledged. Killing the process must be harmless with either.
const PROMISES: [&str; 2] = ["wal 1", "wal 2 fsync 0"];

/// Runs as a child when a parent asked for it, else as the parent.
pub(crate) fn main() -> ExitCode {
    let outcome = match Task::of_this_process() {
        Some(task) => child::run(&task),
        None => run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("crash: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// What all rounds together came to.
#[derive(Default)]
struct Tally {
    kills: u64,
    acknowledged: u64,
    whole_unacknowledged: u64,
}

fn run() -> Result<(), String> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let clock = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let seed = number("CRASH_SEED").unwrap_or_else(clock);
    let kills = number("CRASH_KILLS").unwrap_or(KILLS);
    println!("crash: {kills} kills, CRASH_SEED={seed}");

    let mut random = Random::new(seed);
    let mut tally = Tally::default();
    for (number, promise) in PROMISES.iter().cycle().enumerate() {
        if tally.kills >= kills {
            break;
        }
        let scratch = Scratch::new("crash", &[]).map_err(|cause| format!("scratch directory: {cause}"))?;
        let rounds = KILLS_OF_A_DATABASE.min(kills - tally.kills);
        if let Err(problem) = torment(&scratch, promise, rounds, &mut random, &mut tally) {
            println!("{} passed, 1 failed", tally.kills);
            return Err(format!(
                "database {number} ({promise}), seed {seed}: {problem}\nit is left in {}",
                scratch.keep().display()
            ));
        }
    }
    println!(
        "crash: {} statements acknowledged, none lost, none torn; {} more were whole",
        tally.acknowledged, tally.whole_unacknowledged
    );
    if tally.acknowledged == 0 {
        return Err("no statement was ever acknowledged".to_owned());
    }
    println!("{} passed, 0 failed", tally.kills);
    Ok(())
}

/// Kills `rounds` writers on one database, and checks after each.
fn torment(
    scratch: &Scratch,
    promise: &str,
    rounds: u64,
    random: &mut Random,
    tally: &mut Tally,
) -> Result<(), String> {
    let seed = random.next();
    let directory = scratch.path();
    Task { role: Role::Create { promise: promise.to_owned() }, directory: directory.to_owned(), seed }
        .run_to_end(PATIENCE)?;
    let mut whole = 0;
    for round in 0..rounds {
        let writer = Task { role: Role::Write { first: whole }, directory: directory.to_owned(), seed };
        // Every fourth delay begins with the process, so that some writers die while they open the database.
        let after_first = round % 4 != 3;
        let delay = Duration::from_micros(random.below(150_000));
        let acknowledged = writer.run_and_kill(after_first, delay, PATIENCE)?;
        let clean_exit = round % 2 == 0;
        let role = Role::Check { acknowledged: whole + acknowledged, clean_exit };
        let checker = Task { role, directory: directory.to_owned(), seed };
        let found =
            checker.run_to_end(PATIENCE).map_err(|problem| format!("after kill {round}: {problem}"))?;
        tally.kills += 1;
        tally.acknowledged += acknowledged;
        tally.whole_unacknowledged += found - (whole + acknowledged);
        whole = found;
    }
    Ok(())
}

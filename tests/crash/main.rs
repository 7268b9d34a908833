//! A real process is killed with SIGKILL at every await of the flow, and again while it recovers.
//!
//! The simulators run in this process, so that their books outlive every crash. The wallet is a child process: this
//! binary again, with [`child::PROGRAM`] in its environment. It has one thread for everything but the database engine,
//! and it counts two kinds of moments: each time its flow is about to be polled, and each time its runtime, with all
//! tasks at rest, is about to wait for the outside (a request is on its way, and the answer is not here). At the chosen
//! moment it says so and stands still, and this process kills it. A kill is a *point*.
//!
//! For every moment `n` of an undisturbed flow there is one story: the first process is killed at `n`, the process that
//! recovers is killed at a spread of moments, so is the one that recovers from that, and the last one is left alone and
//! must finish. The recovering process does what a browser and the worker would do: it asks for the callback again,
//! reads the page, and presses what the page offers. After it, the books of MDES, the acknowledgements that the children
//! gave, and the rows on disk must agree ([`verdict`]).
//!
//! The database engine has a thread of its own and the network its own time, so an await whose answer is there at once is
//! no moment in this run and one in the next, and the numbers shift. That the windows are covered all the same is not
//! taken on trust: what each crash left behind is read from a copy of the files and counted; every version of the session
//! that an undisturbed flow commits must have been the last one on disk for some crash, and situations between two calls
//! are demanded by name. On a busy machine a flow has fewer moments; then it is swept again until there are enough kills.
//!
//! - `TIDEMARK_CRASH_RECOVERIES` how often recovery is killed in each story, instead of [`RECOVERIES`] or, in the longest, once; 0
//!   to 60
//! - `TIDEMARK_CRASH_ROUNDS` how often the sweep is made, each with other moments for recovery, instead of once
//! - `TEST_POSTGRES_URL` makes a smaller sweep on PostgreSQL instead
#![allow(missing_docs, reason = "tests are named as sentences")]

mod books;
mod child;
mod disk;
mod naive;
mod story;
mod sweep;
mod verdict;

use books::Engine;
use child::Program;
use sweep::{Plan, Tally, sweep};

/// How often recovery is killed in each story.
pub const RECOVERIES: u64 = 2;
/// Kills that one run of the suite makes at least on SQLite.
const POINTS_MIN: u64 = 1_000;

/// Not a test by itself: what a child process runs. Without its environment it does nothing.
#[test]
fn the_program_of_the_child_process() {
    child::run_if_asked();
}

#[test]
fn killed_at_every_await_nothing_is_lost_doubled_or_stuck() {
    if books::postgres().is_some() {
        // The suite runs once for each engine; this sweep belongs to the other run.
        return;
    }
    let mut all = Tally::default();
    for program in [Program::FirstStart, Program::Green, Program::Code, Program::Life] {
        let plan = Plan::of(program, Engine::Sqlite);
        let tally = sweep(&plan);
        tally.print(&plan);
        assert!(tally.problems.is_empty(), "{}", tally.problems.join("\n"));
        tally.demand(program.situations());
        all.add(tally);
    }
    all.print_total("all programs");
    assert_eq!((all.doubled, all.lost, all.stuck), (0, 0, 0));
    assert!(all.points >= POINTS_MIN, "only {} points", all.points);
}

#[test]
fn the_harness_finds_the_doubled_effects_of_calling_before_recording() {
    let plan = Plan {
        recoveries: 0,
        points: u64::MAX,
        doubled_enough: 3,
        ..Plan::of(Program::CallThenRecord, Engine::Sqlite)
    };
    let tally = sweep(&plan);
    tally.print(&plan);
    let others: Vec<&String> = tally.problems.iter().filter(|text| text.starts_with("Stuck")).collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(tally.doubled > 0, "a worker that is wrong on purpose was not caught");
}

#[test]
fn killed_on_postgresql_nothing_is_lost_doubled_or_stuck() {
    let Some(server) = books::postgres() else { return };
    for program in [Program::Green, Program::Code, Program::Life] {
        let plan = Plan {
            stories: Some(100),
            recoveries: 1,
            points: 80,
            ..Plan::of(program, Engine::Postgres(server.clone()))
        };
        let tally = sweep(&plan);
        tally.print(&plan);
        assert!(tally.problems.is_empty(), "{}", tally.problems.join("\n"));
        assert_eq!((tally.doubled, tally.lost, tally.stuck), (0, 0, 0));
    }
}

//! All stories of one program, two at a time, and the count of them.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

use crate::RECOVERIES;
use crate::books::{Engine, Players};
use crate::child::Program;
use crate::story::{Told, tell};
use crate::verdict::Problem;

/// Stories at a time.
const LANES: usize = 2;
/// Undisturbed stories that tell how long one is.
const CALIBRATIONS: usize = 2;
/// Stories beyond the longest undisturbed one, because moments shift a little.
const BEYOND: u64 = 4;
/// Moments after the start in which half of the recoveries are killed.
const SOON: u64 = 24;
/// Stories that the same players play.
const STORIES_OF_PLAYERS: u64 = 40;
/// Problems that are described; the rest is counted.
const PROBLEMS_SHOWN: usize = 12;

/// What to sweep, and how closely.
pub struct Plan {
    pub program: Program,
    pub engine: Engine,
    /// Every how-manieth moment a story begins with; 1 is all of them.
    pub every: u64,
    /// Begin with the moments around consent: what comes before is another program's.
    pub from_consent: bool,
    /// How often recovery is killed in each story.
    pub recoveries: u64,
    /// How often the sweep is made.
    pub rounds: u64,
}

impl Plan {
    /// All moments, with recoveries and rounds as the environment says.
    pub fn of(program: Program, engine: Engine) -> Self {
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        Self {
            program,
            engine,
            every: 1,
            from_consent: matches!(program, Program::Code | Program::CallThenRecord),
            recoveries: number("TIDEMARK_CRASH_RECOVERIES").unwrap_or(RECOVERIES).min(60),
            rounds: number("TIDEMARK_CRASH_ROUNDS").unwrap_or(1),
        }
    }
}

/// The count.
#[derive(Debug, Default)]
pub struct Tally {
    pub stories: u64,
    /// Kills.
    pub points: u64,
    pub doubled: u64,
    pub lost: u64,
    pub stuck: u64,
    /// What crashes left behind, and how often.
    pub found: BTreeMap<String, u64>,
    /// How stories ended, and how often.
    pub ends: BTreeMap<String, u64>,
    /// The first problems, in words.
    pub problems: Vec<String>,
    took: Duration,
}

impl Tally {
    fn take(&mut self, told: Told) {
        self.stories += 1;
        self.points += told.points;
        for found in told.found {
            *self.found.entry(found).or_default() += 1;
        }
        let end = told.heard.end.or(told.heard.directory);
        *self.ends.entry(end.unwrap_or_else(|| "none".to_owned())).or_default() += 1;
        let any = |wanted: fn(&Problem) -> bool| u64::from(told.problems.iter().any(wanted));
        self.doubled += any(|problem| matches!(problem, Problem::Doubled(_)));
        self.lost += any(|problem| matches!(problem, Problem::Lost(_)));
        self.stuck += any(|problem| matches!(problem, Problem::Stuck(_)));
        let room = PROBLEMS_SHOWN.saturating_sub(self.problems.len());
        let texts = told.problems.iter().take(room).map(|problem| format!("{problem:?}"));
        self.problems.extend(texts);
    }

    /// Adds another sweep.
    pub fn add(&mut self, other: Self) {
        self.stories += other.stories;
        self.points += other.points;
        self.doubled += other.doubled;
        self.lost += other.lost;
        self.stuck += other.stuck;
        self.problems.extend(other.problems);
        self.took += other.took;
    }

    /// The line that people look for.
    pub fn print_total(&self, what: &str) {
        let took = self.took.as_secs_f32();
        say(&format!(
            "crash points, {what}: {} in {} stories, {} doubled, {} lost, {} stuck, {took:.1} s",
            self.points, self.stories, self.doubled, self.lost, self.stuck
        ));
    }

    /// The same with what was found.
    pub fn print(&self, plan: &Plan) {
        let engine = match plan.engine {
            Engine::Sqlite => "SQLite",
            Engine::Postgres(_) => "PostgreSQL",
        };
        self.print_total(&format!("{} on {engine}", plan.program.name()));
        for (title, counts) in [("left behind", &self.found), ("ended", &self.ends)] {
            let counts: Vec<String> = counts.iter().map(|(what, count)| format!("{what}: {count}")).collect();
            say(&format!("  {title}: {}", counts.join(", ")));
        }
    }
}

/// To the real standard error, which the test runner does not swallow.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Tells every story of a plan.
pub fn sweep(plan: &Plan) -> Tally {
    let began = now();
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let shape = Shape::of(plan, &runtime);
    let tally = Mutex::new(Tally::default());
    let next = AtomicU64::new(0);
    let stories = shape.stories(plan) * plan.rounds;
    std::thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| {
                let mut players = Players::new(runtime.handle());
                for played in 1.. {
                    let story = next.fetch_add(1, Ordering::Relaxed);
                    if story >= stories {
                        return;
                    }
                    if played % STORIES_OF_PLAYERS == 0 {
                        players = Players::new(runtime.handle());
                    }
                    let told = tell(&players, plan.program, &plan.engine, &shape.kills(plan, story));
                    tally.lock().expect("the other lane is well").take(told);
                }
            });
        }
    });
    let mut tally = tally.into_inner().expect("both lanes are well");
    tally.took = now() - began;
    tally
}

#[expect(clippy::disallowed_methods, reason = "only to say how long the sweep took")]
fn now() -> Instant {
    Instant::now()
}

/// An undisturbed story, in moments.
struct Shape {
    /// The wallet has started.
    started: u64,
    /// The first moment at which a story's first process is killed.
    first: u64,
    /// The end.
    length: u64,
}

impl Shape {
    fn of(plan: &Plan, runtime: &Runtime) -> Self {
        let players = Players::new(runtime.handle());
        let clean: Vec<Told> = (0..CALIBRATIONS)
            .map(|_| tell(&players, plan.program, &plan.engine, &[]))
            .collect();
        for told in &clean {
            assert!(told.problems.is_empty(), "undisturbed: {:?}", told.problems);
            let end = told.heard.end.as_deref();
            let good = plan.program == Program::FirstStart || end == Some("true active None");
            assert!(good, "an undisturbed story ends with {end:?}");
        }
        let most = |of: fn(&Told) -> u64| clean.iter().map(of).max().unwrap_or_default();
        let accepted = most(|told| told.heard.accepted_at).saturating_sub(BEYOND);
        Self {
            started: most(|told| told.heard.started.unwrap_or_default()),
            first: if plan.from_consent { accepted } else { 0 },
            length: most(|told| told.length),
        }
    }

    /// How many stories one round has.
    fn stories(&self, plan: &Plan) -> u64 {
        (self.length + BEYOND - self.first).div_ceil(plan.every)
    }

    /// The first process of a story is killed at its own moment; those that recover now soon, now late.
    fn kills(&self, plan: &Plan, story: u64) -> Vec<u64> {
        let first = self.first + story % self.stories(plan) * plan.every;
        let later = (1..=plan.recoveries).map(|turn| {
            let spread = scatter(story * 64 + turn);
            if turn % 2 == 1 {
                spread % (self.started + SOON)
            } else {
                self.started + spread % (self.length - self.started).max(1)
            }
        });
        std::iter::once(first).chain(later).collect()
    }
}

/// The same number for the same number, and no pattern between neighbours (the finaliser of SplitMix64).
fn scatter(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

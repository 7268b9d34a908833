//! All stories of one program, two at a time, and the count of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::ops::Range;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

use crate::RECOVERIES;
use crate::books::{Engine, Players};
use crate::child::Program;
use crate::story::{Told, tell};
use crate::verdict::Problem;

/// Stories at a time.
const LANES: usize = 2;
/// So many stories one after the other whose first process ended before its moment came: the flow has no more moments.
const MISSES_MAX: u32 = 8;
/// Sweeps after which the wanted number of kills is given up.
const ROUNDS_MAX: u64 = 12;
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
    /// So many stories in one sweep, spread evenly over the flow, where all its moments would be too many.
    pub stories: Option<u64>,
    /// Begin with the moments around consent: what comes before is another program's.
    pub from_consent: bool,
    /// How often recovery is killed in each story.
    pub recoveries: u64,
    /// How often the sweep is made at least...
    pub rounds: u64,
    /// ...and with so many kills at least.
    pub points: u64,
    /// So many doubled effects are proof enough: then the sweep ends.
    pub doubled_enough: u64,
}

impl Plan {
    /// All moments, with recoveries and rounds as the environment says.
    pub fn of(program: Program, engine: Engine) -> Self {
        // The longest flow has the most moments.
        let recoveries = if program == Program::Life { 1 } else { RECOVERIES };
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        Self {
            program,
            engine,
            stories: None,
            from_consent: program == Program::Code,
            recoveries: number("TIDEMARK_CRASH_RECOVERIES").unwrap_or(recoveries).min(60),
            rounds: number("TIDEMARK_CRASH_ROUNDS").unwrap_or(1),
            points: match program {
                Program::FirstStart => 200,
                Program::Green => 500,
                Program::Code | Program::Life => 350,
                Program::CallThenRecord => 60,
            },
            doubled_enough: u64::MAX,
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
    /// The versions of the session that were the last on disk.
    pub versions: BTreeSet<i64>,
    /// The versions that an undisturbed session has, as far as this sweep is about them.
    pub wanted: Range<i64>,
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
        for (found, version) in told.found {
            *self.found.entry(found).or_default() += 1;
            self.versions.extend(version);
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

    /// Demands that crashes have left these situations behind, and every version.
    pub fn demand(&self, situations: &[&str]) {
        for situation in situations {
            assert!(
                self.found.contains_key(*situation),
                "no crash left {situation:?} behind"
            );
        }
        for version in self.wanted.clone() {
            assert!(
                self.versions.contains(&version),
                "no crash left version {version} behind"
            );
        }
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
    let tally = Mutex::new(Tally {
        wanted: shape.versions.clone(),
        ..Tally::default()
    });
    let walk = Mutex::new(Walk::from(shape));
    std::thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| {
                let mut players = Players::new(runtime.handle());
                for played in 1.. {
                    let (points, doubled) = tally.lock().map(|tally| (tally.points, tally.doubled)).expect("well");
                    if doubled >= plan.doubled_enough {
                        return;
                    }
                    let kills = walk.lock().expect("the other lane is well").next(plan, points);
                    let Some(kills) = kills else { return };
                    if played % STORIES_OF_PLAYERS == 0 {
                        players = Players::new(runtime.handle());
                    }
                    let told = tell(&players, plan.program, &plan.engine, &kills);
                    walk.lock().expect("the other lane is well").learn(&told);
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

/// An undisturbed story. Moments are more on an idle machine and fewer on a busy one, so these are kept up to date.
struct Shape {
    /// The moment when the wallet has started.
    started: u64,
    /// The first moment at which a story's first process is killed.
    first: u64,
    /// The last moment.
    length: u64,
    /// The versions of the session.
    versions: Range<i64>,
}

impl Shape {
    fn of(plan: &Plan, runtime: &Runtime) -> Self {
        let told = tell(&Players::new(runtime.handle()), plan.program, &plan.engine, &[]);
        assert!(told.problems.is_empty(), "undisturbed: {:?}", told.problems);
        let heard = &told.heard;
        let good = match plan.program {
            Program::FirstStart => true,
            Program::Life => heard.end.as_deref() == Some("true deactivated None"),
            Program::Green | Program::Code | Program::CallThenRecord => {
                heard.end.as_deref() == Some("true active None")
            }
        };
        assert!(good, "an undisturbed story ends with {:?}", heard.end);
        let versions = heard.seen.as_ref().map_or(0, |(_, version)| version + 1);
        let (first, version) = if plan.from_consent {
            // Well before, because on a busy machine it comes sooner.
            (heard.accepted_at / 3, heard.accepted_from + 1)
        } else {
            (0, 0)
        };
        Self {
            started: heard.started.unwrap_or_default(),
            first,
            length: told.length,
            versions: version..versions,
        }
    }
}

/// Which moments come next.
struct Walk {
    shape: Shape,
    moment: u64,
    story: u64,
    /// The first story of this sweep.
    from_story: u64,
    rounds: u64,
    misses: u32,
}

impl From<Shape> for Walk {
    fn from(shape: Shape) -> Self {
        Self {
            moment: shape.first,
            shape,
            story: 0,
            from_story: 0,
            rounds: 0,
            misses: 0,
        }
    }
}

impl Walk {
    /// The moments of the next story: the first process is killed at the next moment of the flow; those that recover now
    /// soon, now late.
    fn next(&mut self, plan: &Plan, points: u64) -> Option<Vec<u64>> {
        let moments = self.shape.length.saturating_sub(self.shape.first);
        let every = plan.stories.map_or(1, |stories| moments.div_ceil(stories).max(1));
        // On a busy machine the flow can be much longer than the story that was measured.
        let enough = plan
            .stories
            .is_some_and(|stories| self.story - self.from_story >= 2 * stories);
        if self.misses >= MISSES_MAX || enough {
            self.rounds += 1;
            self.misses = 0;
            self.from_story = self.story;
            self.moment = self.shape.first + self.rounds % every;
        }
        if self.rounds >= plan.rounds && points >= plan.points || self.rounds >= plan.rounds.max(ROUNDS_MAX) {
            return None;
        }
        let first = self.moment;
        self.moment += every;
        self.story += 1;
        let later = (1..=plan.recoveries).map(|turn| {
            let spread = scatter(self.story * 64 + turn);
            let started = self.shape.started;
            if turn % 2 == 1 {
                spread % (started + SOON)
            } else {
                started + spread % self.shape.length.saturating_sub(started).max(1)
            }
        });
        Some(std::iter::once(first).chain(later).collect())
    }

    fn learn(&mut self, told: &Told) {
        self.shape.started = told.heard.started.unwrap_or(self.shape.started);
        if told.points == 0 {
            self.misses += 1;
            self.shape.length = told.length;
        } else {
            self.misses = 0;
        }
    }
}

/// The same number for the same number, and no pattern between neighbours (the finaliser of SplitMix64).
fn scatter(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

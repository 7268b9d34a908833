//! Attacks on a wallet, played: one of them with everybody's part (`demo --attack`), and a corpus of them against any wallet
//! (`tidemark attack`).
//!
//! Whether an attack was accepted is not asked of the wallet. It is counted in the books of MDES: an eligibility check or
//! a token that must not be there. In Tidemark, whose pages tell it, a session that moved counts as well, and so does
//! another answer than the one that the corpus asks for.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use crate::clock::Clock;

use super::browser::Browser;
use super::control::{Control, Counts};
use super::demo::Demo;

mod corpus;
mod format;
mod honest;
mod oauth;
mod scene;
mod send_my_link;
mod target;
mod token;
mod verdict;
mod wire;

pub use send_my_link::send_my_link;

use format::{Stays, Step, Vector};
use honest::control;
use oauth::Credentials;
use scene::Scene;
use target::Target;
use verdict::{Played, Verdict};

/// The wallet of the demo, as MDES knows it.
const TOKEN_REQUESTOR_ID: &str = "50123456789";
/// A session in which nothing happened.
const UNTOUCHED: &str = "offered";
/// So often a session may be used: a wallet may refuse whoever comes back more than ten times a minute.
const USES_MAX: u32 = 8;
/// How long a wallet that works from a queue may take to ask MDES.
const QUEUE: Duration = Duration::from_secs(15);
/// What was accepted goes on for this long.
const AFTERMATH: Duration = Duration::from_millis(300);

/// What `attack` takes.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The wallet: its origin.
    #[arg(long)]
    pub target: url::Url,
    /// The simulators that the wallet was set up with: the origin of either.
    #[arg(long)]
    pub sim: url::Url,
    /// Only the vectors whose attack or id is this; * stands for anything: A03*, jose-alg-*.
    #[arg(long)]
    pub only: Option<String>,
    /// One JSON object instead of a table.
    #[arg(long)]
    pub json: bool,
    /// Another corpus: every *.json of a folder, written as src/cli/attack/format.md says.
    #[arg(long)]
    pub corpus: Option<PathBuf>,
    /// Compare answers and states too where the wallet does not say that it is Tidemark.
    #[arg(long)]
    pub strict: bool,
    /// For another wallet than Tidemark: its address that leads to a bank, with {issuer} for the bank's id.
    #[arg(long)]
    pub start: Option<String>,
    /// For another wallet than Tidemark: how long it may take to ask MDES about a receipt, in milliseconds.
    #[arg(long, default_value_t = 0)]
    pub settle_ms: u64,
    /// Where MDES is; below --sim unless it is said.
    #[arg(long)]
    pub mdes: Option<url::Url>,
    /// The wallet's token requestor id.
    #[arg(long, default_value = TOKEN_REQUESTOR_ID)]
    pub token_requestor_id: String,
    /// The wallet's OAuth consumer key, in a file. With both files MDES is attacked in the wallet's name too.
    #[arg(long, requires = "signing_key_file")]
    pub consumer_key_file: Option<PathBuf>,
    /// The wallet's OAuth signing key, in PEM.
    #[arg(long, requires = "consumer_key_file")]
    pub signing_key_file: Option<PathBuf>,
}

impl Options {
    /// For all vectors against a demo, in the name of its wallet too.
    ///
    /// # Panics
    /// If the demo is nowhere that can be named.
    #[must_use]
    pub fn against(demo: &Demo) -> Self {
        let places = demo.places();
        let file = |name: &str| places["wallet"][name].as_str().map(PathBuf::from);
        let address = |text: &str| text.parse().expect("a demo has addresses");
        Self {
            target: address(&demo.wallet_url),
            sim: address(&demo.stage.mdes_base),
            only: None,
            json: false,
            corpus: None,
            strict: false,
            start: None,
            settle_ms: 0,
            mdes: None,
            token_requestor_id: TOKEN_REQUESTOR_ID.to_owned(),
            consumer_key_file: file("consumer_key_file"),
            signing_key_file: file("signing_key_file"),
        }
    }
}

/// What came of a run.
#[derive(Debug)]
pub struct Report {
    /// Every vector that was asked for.
    pub played: Vec<Played>,
}

/// Attacks a wallet. Exits 0 when everything was refused, 1 when anything was not, 2 when the run is worth nothing.
pub async fn run(options: Options) -> ExitCode {
    super::ended(tell(&options).await)
}

/// Plays everything, tells what comes of it, and answers whether all was refused as it must be.
async fn tell(options: &Options) -> Result<bool, String> {
    let each = |played: &Played| match options.json {
        true => Ok(()),
        false => super::say(&played.line()),
    };
    let report = attack(options, each).await?;
    let end = if options.json {
        report.json().to_string()
    } else {
        report.summary()
    };
    super::say(&end)?;
    Ok(report.is_clean())
}

/// Plays every vector that is asked for, and `tell`s each when it is over.
///
/// # Errors
/// Why the run is worth nothing: the corpus cannot be read, the wallet does not answer, or it refuses an honest
/// cardholder, before or after; or nobody listens to `tell`.
pub async fn attack(options: &Options, tell: impl Fn(&Played) -> Result<(), String>) -> Result<Report, String> {
    let mut vectors = corpus::load(options.corpus.as_deref())?;
    if let Some(only) = &options.only {
        vectors.retain(|vector| matches(only, &vector.attack) || matches(only, &vector.id));
        if vectors.is_empty() {
            return Err(format!("no vector is called {only}"));
        }
    }
    let mut target = target_of(options).await?;
    target.takes_pushes = control(&target)
        .await
        .map_err(|seen| format!("The run is worth nothing: {seen}."))?;
    let mut report = Report { played: Vec::new() };
    let mut kept = None;
    for vector in vectors {
        let played = play(&target, &vector, options, &mut kept).await;
        tell(&played)?;
        report.played.push(played);
    }
    nothing_comes_later(&target).await?;
    control(&target)
        .await
        .map_err(|seen| format!("The run is worth nothing, because something else refuses in the end: {seen}."))?;
    Ok(report)
}

/// A wallet that asks MDES from a queue has refused nothing yet when it answers: what it took would be counted for another
/// vector, or for none.
async fn nothing_comes_later(target: &Target) -> Result<(), String> {
    if target.is_tidemark {
        return Ok(());
    }
    let before = target.control.counts().await?;
    tokio::time::sleep(QUEUE).await;
    let moved = verdict::moved(before, target.control.counts().await?, &Stays::default())?;
    moved.map_or(Ok(()), |why| {
        Err(format!(
            "The run is worth nothing: after the last vector {why}. Give the wallet time after each with --settle-ms."
        ))
    })
}

async fn target_of(options: &Options) -> Result<Target, String> {
    let credentials = match (&options.consumer_key_file, &options.signing_key_file) {
        (Some(consumer_key), Some(signing_key)) => Some(Credentials::load(consumer_key, signing_key)?),
        _ => None,
    };
    let mdes = options.mdes.as_ref().map_or_else(
        || format!("{}/mdes", options.sim.origin().ascii_serialization()),
        |url| url.as_str().trim_end_matches('/').to_owned(),
    );
    let mut target = Target {
        url: options.target.clone(),
        control: Control::new(options.sim.as_str()),
        bank_base: String::new(),
        mdes,
        token_requestor_id: options.token_requestor_id.clone(),
        credentials,
        start: options.start.clone(),
        is_tidemark: false,
        takes_pushes: false,
        kid: String::new(),
        browser: Browser::new(),
    };
    target.meet().await?;
    Ok(target)
}

/// A scene of which nothing came, so that the next vector with the same beginning may go on in it.
struct Kept<'a> {
    scene: Scene<'a>,
    given: String,
    uses: u32,
}

/// Plays a vector and judges it.
async fn play<'a>(target: &'a Target, vector: &Vector, options: &Options, kept: &mut Option<Kept<'a>>) -> Played {
    let clock = Clock::system();
    let began = clock.now();
    let verdict = match judged(target, vector, options, kept).await {
        Ok(verdict) => verdict,
        Err(problem) => Verdict::Unplayed(problem),
    };
    if verdict != Verdict::Refused {
        *kept = None;
    }
    if matches!(verdict, Verdict::Accepted(_)) {
        // What was accepted goes on for a while, and the next one must not be blamed for it.
        tokio::time::sleep(AFTERMATH).await;
    }
    Played {
        id: vector.id.clone(),
        subject: vector.subject.clone(),
        attack: vector.attack.clone(),
        title: vector.title.clone(),
        reason: vector.reason.code.clone(),
        verdict,
        took_ms: clock.now().0 - began.0,
    }
}

/// How things stand when a vector begins. Sessions in which nothing happened are used again, but not so often that a
/// wallet refuses because somebody comes back too often.
async fn scene_of<'a>(target: &'a Target, vector: &Vector, kept: &mut Option<Kept<'a>>) -> Result<Kept<'a>, String> {
    let given = format!("{:?}", vector.given);
    if let Some(mut kept) = kept.take()
        && kept.given == given
        && kept.uses < USES_MAX
        && vector.given.iter().all(|step| matches!(step, Step::Session(_)))
    {
        kept.scene.renew();
        return Ok(kept);
    }
    let mut scene = Scene::new(target);
    for step in &vector.given {
        let played = scene.play(step).await;
        played.map_err(|seen| format!("what is given cannot be made: {seen}"))?;
    }
    Ok(Kept { scene, given, uses: 0 })
}

async fn judged<'a>(
    target: &'a Target,
    vector: &Vector,
    options: &Options,
    kept: &mut Option<Kept<'a>>,
) -> Result<Verdict, String> {
    let is_for_mdes = vector.send.iter().any(|step| matches!(step, Step::Mdes(_)));
    if is_for_mdes && target.credentials.is_none() {
        return Ok(Verdict::Skipped("without the wallet's credentials"));
    }
    let compares = target.is_tidemark || options.strict;
    let is_of_tidemark = |step: &Step| matches!(step, Step::Request(_) | Step::Land(_));
    if !compares && vector.send.iter().all(is_of_tidemark) {
        return Ok(Verdict::Skipped("it needs the addresses of Tidemark"));
    }
    let mut steps = vector.given.iter().chain(&vector.send);
    if !target.takes_pushes && steps.any(|step| matches!(step, Step::Land(_))) {
        return Ok(Verdict::Skipped("the wallet lists no address of the bank for pushes"));
    }
    let emptied = target.control.counts().await?.emptied;
    let mut began = scene_of(target, vector, kept).await?;
    // What was given may be gone as well as what is sent.
    let before = Counts {
        emptied,
        ..target.control.counts().await?
    };
    let mut heard = Vec::new();
    for step in &vector.send {
        heard.extend(began.scene.play(step).await?);
    }
    tokio::time::sleep(Duration::from_millis(options.settle_ms)).await;
    let mut states = Vec::new();
    for (session, wanted) in vector.stays.state.iter().filter(|_| compares) {
        states.push((session, wanted, began.scene.state(session).await?.unwrap_or_default()));
    }
    let moved = verdict::moved(before, target.control.counts().await?, &vector.stays)?;
    let moved = moved.or_else(|| verdict::led_away(&heard));
    if let Some(why) = moved.or_else(|| verdict::taken_by_mdes(&heard)) {
        return Ok(Verdict::Accepted(why));
    }
    if let Some((session, wanted, state)) = states.iter().find(|(_, wanted, state)| *wanted != state) {
        return Ok(Verdict::Accepted(format!(
            "the session {session} is {state}, not {wanted}"
        )));
    }
    // What was cancelled, launched or brought home is not how the next one begins.
    if states.iter().all(|(_, _, state)| state == UNTOUCHED) {
        began.uses += 1;
        *kept = Some(began);
    }
    let otherwise = heard.iter().find_map(|heard| verdict::otherwise(heard, &vector.answer));
    Ok(otherwise
        .filter(|_| compares)
        .map_or(Verdict::Refused, Verdict::Otherwise))
}

/// Whether a name is the one that is asked for; `*` stands for anything.
fn matches(wanted: &str, name: &str) -> bool {
    let wanted = wanted.to_ascii_lowercase();
    let name = name.to_ascii_lowercase();
    let mut parts = wanted.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let mut is_open = false;
    for part in parts {
        is_open = part.is_empty();
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    is_open || rest.is_empty()
}

impl Report {
    /// Whether everything was refused as it must be. What could not be played is no refusal.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        let is_fine = |played: &Played| matches!(played.verdict, Verdict::Refused | Verdict::Skipped(_));
        self.played.iter().all(is_fine) && self.played.iter().any(|played| played.verdict == Verdict::Refused)
    }

    /// The vectors that were accepted.
    pub fn accepted(&self) -> impl Iterator<Item = &Played> {
        self.played
            .iter()
            .filter(|played| matches!(played.verdict, Verdict::Accepted(_)))
    }

    fn count(&self, is_counted: impl Fn(&Verdict) -> bool) -> usize {
        self.played.iter().filter(|played| is_counted(&played.verdict)).count()
    }

    /// The last lines of the table.
    #[must_use]
    pub fn summary(&self) -> String {
        let otherwise = self.count(|verdict| matches!(verdict, Verdict::Otherwise(_)));
        let unplayed = self.count(|verdict| matches!(verdict, Verdict::Unplayed(_)));
        let skipped = self.count(|verdict| matches!(verdict, Verdict::Skipped(_)));
        let mut lines = Vec::new();
        for (count, what) in [
            (otherwise, "refused, but answered otherwise"),
            (unplayed, "could not be played"),
            (skipped, "left out"),
        ] {
            if count > 0 {
                lines.push(format!("{count} {what}"));
            }
        }
        let all = self.played.len() - skipped;
        lines.push(if all == 0 {
            "nothing was played".to_owned()
        } else {
            format!("{} of {all} accepted", self.accepted().count())
        });
        lines.join("\n")
    }

    fn json(&self) -> serde_json::Value {
        let vectors: Vec<_> = self.played.iter().map(Played::json).collect();
        json!({ "accepted": self.accepted().count(), "clean": self.is_clean(), "vectors": vectors })
    }
}

#[cfg(test)]
#[path = "corpus_tests.rs"]
mod tests;

//! One story: a wallet that is killed, recovers and is killed again, until it is left alone.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;

use crate::books::{Books, Engine, Players};
use crate::child::{AT, BROWSER, CONFIG, MARK, NOW, PROGRAM, Program, SESSION};
use crate::disk::Disk;
use crate::verdict::{self, Problem};

/// What the children said, and what they were told.
#[derive(Debug, Default)]
pub struct Heard {
    /// The session that the browser knows.
    pub session: Option<String>,
    /// What the bank pushed for it: the receipt and the signed form.
    pub pushed: Option<(String, String)>,
    /// The state and version that a page showed last.
    pub seen: Option<(String, i64)>,
    /// Verbs that were acknowledged.
    pub launched: bool,
    pub returned: bool,
    pub accepted: bool,
    /// How many codes were taken.
    pub typed: usize,
    /// How many wishes about the card were taken.
    pub wishes: usize,
    /// Codes that were on the phone.
    pub codes: Vec<String>,
    /// Issuers of a directory that was acknowledged.
    pub directory: Option<String>,
    /// How it ended, as the page shows it.
    pub end: Option<String>,
    /// The moment when a wallet had started.
    pub started: Option<u64>,
    /// The moment when the consent was acknowledged, and the version that the page before it had shown.
    pub accepted_at: u64,
    pub accepted_from: i64,
}

/// How a child ended.
#[derive(Debug, PartialEq, Eq)]
enum Ending {
    Killed,
    /// By itself, after so many moments.
    Done(u64),
    /// It said what is wrong, or nothing at all.
    Wrong(String),
}

/// What came of a story.
#[derive(Debug, Default)]
pub struct Told {
    pub heard: Heard,
    /// How many kills there were.
    pub points: u64,
    /// What each kill left behind: in words, and the version of the session.
    pub found: Vec<(String, Option<i64>)>,
    pub problems: Vec<Problem>,
    /// Moments of the last process.
    pub length: u64,
}

/// Tells the story whose processes are killed at these moments, one after the other.
pub fn tell(stage: &Arc<Players>, program: Program, engine: &Engine, kills: &[u64]) -> Told {
    let books = Books::open(stage, program, engine);
    let mut told = Told::default();
    for at in kills.iter().copied().map(Some).chain([None]) {
        match run(&books, at, &mut told) {
            Ending::Killed => {
                told.points += 1;
                books.rest();
                let disk = Disk::read(&books);
                let session = told.heard.session.as_deref();
                told.found.push((disk.situation(session), disk.version(session)));
                verdict::after_a_crash(&told.heard, &disk, &mut told.problems);
            }
            Ending::Done(length) => {
                told.length = length;
                break;
            }
            Ending::Wrong(what) => {
                told.problems.push(Problem::Stuck(what));
                break;
            }
        }
    }
    books.rest();
    verdict::at_the_end(&books, &told.heard, &Disk::read(&books), &mut told.problems);
    for problem in &mut told.problems {
        problem.name_place(program, kills);
    }
    told
}

/// Runs one process until it ends or is killed.
fn run(books: &Books, at: Option<u64>, told: &mut Told) -> Ending {
    let mut child = spawn(books, at, told.heard.session.as_deref());
    let mut to = child.stdin.take().expect("a way to the child");
    let from = BufReader::new(child.stdout.take().expect("a way from the child"));
    let mut ending = Ending::Wrong("the child ended without a word".to_owned());
    for line in from.lines() {
        let Ok(line) = line else { break };
        let Some(line) = line.strip_prefix(MARK) else { continue };
        let (moment, line) = line.split_once(' ').expect("the moment");
        let moment: u64 = moment.parse().expect("a number");
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "kill" => {
                child.kill().expect("SIGKILL");
                ending = Ending::Killed;
                break;
            }
            "done" => ending = Ending::Done(moment),
            "problem" => ending = Ending::Wrong(rest.to_owned()),
            _ => hear(books, told, moment, (word, rest), &mut to),
        }
    }
    finish(child, &mut ending);
    ending
}

fn spawn(books: &Books, at: Option<u64>, session: Option<&str>) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this binary"));
    command
        .args([
            "--exact",
            "the_program_of_the_child_process",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(PROGRAM, books.program.name())
        .env(CONFIG, books.config())
        .env(NOW, books.now().to_string())
        .env(BROWSER, &books.browser)
        // Nobody speaks TLS here, and the machine's list of authorities costs more than the rest of a start.
        .env("SSL_CERT_FILE", "/dev/null")
        .env("SSL_CERT_DIR", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(at) = at {
        command.env(AT, at.to_string());
    }
    if let Some(session) = session {
        command.env(SESSION, session);
    }
    command.spawn().expect("a child")
}

fn finish(mut child: Child, ending: &mut Ending) {
    let status = child.wait().expect("the child ends");
    if matches!(ending, Ending::Done(_)) && !status.success() {
        *ending = Ending::Wrong(format!("the child ended with {status}"));
    }
}

/// Takes down what a child says, and answers what it asks.
fn hear(books: &Books, told: &mut Told, moment: u64, said: (&str, &str), to: &mut ChildStdin) {
    let heard = &mut told.heard;
    let mut answer = |text: &str| {
        writeln!(to, "{text}")
            .and_then(|()| to.flush())
            .expect("the child listens")
    };
    match said {
        ("started", _) => heard.started = Some(moment),
        ("directory", issuers) => heard.directory = Some(issuers.to_owned()),
        ("session", id) => heard.session = Some(id.to_owned()),
        ("seen", what) => verdict::page(heard, what, &mut told.problems),
        ("did", "launch") => heard.launched = true,
        ("did", "return") => heard.returned = true,
        ("did", "accept") => {
            heard.accepted = true;
            heard.accepted_at = moment;
            heard.accepted_from = heard.seen.as_ref().map_or(0, |(_, version)| *version);
        }
        ("did", "type") => heard.typed += 1,
        ("did", "wish") => heard.wishes += 1,
        ("end", how) => heard.end = Some(how.to_owned()),
        ("again", _) => answer(heard.pushed.as_ref().map_or("none", |(_, signed)| signed)),
        ("return", _) => {
            let session = heard.session.as_deref().expect("a session");
            let pushed = heard.pushed.get_or_insert_with(|| books.push(session));
            answer(&pushed.1);
        }
        ("push", _) => {
            let pushed = heard.pushed.get_or_insert_with(|| books.offer());
            answer(&pushed.1);
        }
        ("wish", _) => {
            books.rest();
            let wishes = [("suspend", "pause"), ("unsuspend", "resume"), ("delete", "remove")];
            let next = wishes.iter().find(|(operation, _)| books.done(operation) == 0);
            answer(next.map_or("none", |(_, wish)| wish));
        }
        ("code", _) => {
            let code = books.code();
            heard.codes.extend(code.clone());
            answer(code.as_deref().unwrap_or("none"));
        }
        ("wait", ms) => {
            books.rest();
            answer(&books.pass(ms.parse().expect("a number")).to_string());
        }
        other => panic!("the child says {other:?}"),
    }
}

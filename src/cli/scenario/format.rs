//! The format of a scenario file: TOML. What each step does stands in `format.md` beside this file.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::{Spanned, Table};

use crate::cli::text_of;
use crate::workbench::verdict::catalogue;

/// A scenario: one person's way through a wallet, and how it must end.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows, in a sentence.
    pub title: String,
    /// Where and how it must fail, where it must.
    pub expect_failure: Option<ExpectedFailure>,
    /// How many issuers MDES lists; twelve unless it is said.
    pub issuers: Option<u16>,
    /// The steps, in order.
    pub step: Vec<Step>,
}

/// An expectation that must not be met: that the scenario notices what it is there to notice. What goes wrong otherwise, a
/// wallet that does not answer or a bank that is not there, is a failure like any other.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFailure {
    /// The name of the step in which it is not met.
    pub step: String,
    /// A part of what the report says was seen.
    pub seen: String,
    /// What the inspector must say of it, as in [`Expect::verdict`].
    pub verdict: Option<String>,
}

/// A step, with a name that a report can be read by.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// What was seen to be so when it is done.
    pub done: Option<String>,
    /// What is done, in order.
    #[serde(rename = "do")]
    pub actions: Vec<Action>,
}

/// One thing that is done.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Opens a page of the wallet.
    Look(String),
    /// Starts to add a card of this issuer.
    Open(String),
    /// Takes this way to the bank: `web`.
    Follow(String),
    /// Signs in at the bank.
    SignIn(String),
    /// Chooses these cards there.
    Cards(Vec<String>),
    /// Decides there: `add`, `cancel`; with the wallet's code where the bank asks for one.
    Consent(String),
    /// Adds the cards and comes back in this style of the bank's.
    ComeBack(String),
    /// Goes back to the wallet from a page of the bank, with this result.
    Leave(String),
    /// Answers the terms: `accept`, `decline`.
    Terms(String),
    /// Chooses one of the ways to confirm, counted from 1, or `later`.
    Way(Way),
    /// Types the code: `phone` for the one that arrived.
    Code(String),
    /// Presses a button of the attempt's page: `cancel`, `resend`, `confirm`.
    Press(String),
    /// Waits until the attempt is in this state.
    Until(String),
    /// Looks at the attempt again.
    Reload(bool),
    /// Moves the clock of all participants.
    Advance(String),
    /// Lets calls of the simulators fail: the members of `POST /_sim/faults`.
    Fault(Table),
    /// Lets a simulator lie; `none` ends that.
    Lie(String),
    /// How the bank decides about a card: the members of `PUT /_sim/outcomes`.
    Outcome(Table),
    /// Which issuers MDES lists: the members of `PUT /_sim/issuers`.
    Issuers(Table),
    /// How far a participant's clock is off: the members of `PUT /_sim/skew`.
    Skew(Table),
    /// What is not agreed in the field: the members of `PUT /_sim/knobs`.
    Knobs(Table),
    /// What must be so now.
    Expect(Box<Expect>),
}

/// A way to confirm.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Way {
    /// The first is 1.
    Number(usize),
    /// `later`.
    Word(String),
}

/// The word for a report that has no verdict.
pub const NONE: &str = "none";

fn unknown_verdict(verdict: &str) -> Option<&'static str> {
    let is_known = ["", NONE].contains(&verdict) || catalogue::entry(verdict).is_some();
    (!is_known).then_some("the inspector has no such verdict; its /docs lists them all, and none stands for no verdict")
}

/// What must be so.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The status of the page that is open.
    pub status: Option<u16>,
    /// The state that it tells.
    pub state: Option<String>,
    /// The code of the problem that it tells.
    pub problem: Option<String>,
    /// The bank's page that is open.
    pub bank_page: Option<String>,
    /// A text on it.
    pub text: Option<String>,
    /// A text that is not on it.
    pub no_text: Option<String>,
    /// Whether it shows a code for the bank.
    pub code_shown: Option<bool>,
    /// The address bar holds no query.
    pub clean_address: Option<bool>,
    /// So many cards, or more, lead from it to their pages.
    pub cards_at_least: Option<usize>,
    /// So many issuers can be chosen on it.
    pub issuers: Option<usize>,
    /// The status of each token that MDES has of the issuer that was opened.
    pub tokens: Option<Vec<String>>,
    /// How often MDES was asked for an operation.
    pub calls: Option<BTreeMap<String, usize>>,
    /// What MDES answered last: status and outcome.
    pub answered: Option<BTreeMap<String, String>>,
    /// So many messages are on the cardholders' phones.
    pub messages: Option<usize>,
    /// The verdict with which the inspector's report on the attempt begins; `none`, or nothing, where it has to be empty.
    /// Checked where there is an inspector.
    pub verdict: Option<String>,
}

impl Expect {
    /// The rule that it breaks, if it asks for nothing, or for a verdict that nobody gives.
    fn broken_rule(&self) -> Option<&'static str> {
        if *self == Self::default() {
            Some("expect says what must be so")
        } else if self.calls.as_ref().is_some_and(BTreeMap::is_empty) {
            Some("calls says how often which operation was asked for")
        } else if self.answered.as_ref().is_some_and(BTreeMap::is_empty) {
            Some("answered says what was answered to which operation")
        } else {
            self.verdict.as_deref().and_then(unknown_verdict)
        }
    }

    /// Whether it says anything of the page that is open.
    #[must_use]
    pub fn is_about_page(&self) -> bool {
        let of_the_page = Self {
            tokens: None,
            calls: None,
            answered: None,
            messages: None,
            verdict: None,
            ..self.clone()
        };
        of_the_page != Self::default()
    }
}

/// Reads a file.
///
/// # Errors
/// `file:line: what is wrong`, with the word that was meant where one is near.
pub fn read(path: &Path) -> Result<Scenario, String> {
    let text = text_of(path)?;
    parse(&path.display().to_string(), &text)
}

/// Reads a text under the name of its file.
///
/// # Errors
/// As [`read`].
pub fn parse(name: &str, text: &str) -> Result<Scenario, String> {
    let fault = |error: toml::de::Error| {
        let at = error.span().map_or(0, |span| span.start.min(text.len()));
        let line = text[..at].lines().count().max(1) + usize::from(text[..at].ends_with('\n'));
        let message = error.message().lines().collect::<Vec<_>>().join(" ");
        format!("{name}:{line}: {message}{}", meant(&message))
    };
    let scenario: Scenario = toml::from_str(text).map_err(fault)?;
    let lines: Lines = toml::from_str(text).map_err(fault)?;
    match broken_rule(&scenario, &lines) {
        None => Ok(scenario),
        Some((at, rule)) => Err(format!("{name}:{}: {rule}", text[..at].matches('\n').count() + 1)),
    }
}

/// Where the things stand that a rule may be about.
#[derive(Deserialize)]
struct Lines {
    expect_failure: Option<Spanned<Table>>,
    #[serde(default)]
    step: Vec<Spanned<StepLines>>,
}

#[derive(Deserialize)]
struct StepLines {
    #[serde(default, rename = "do")]
    actions: Vec<Spanned<Table>>,
}

/// What breaks a rule that the types do not know: where it begins, and the rule.
fn broken_rule(scenario: &Scenario, lines: &Lines) -> Option<(usize, &'static str)> {
    if let Some(failure) = &scenario.expect_failure {
        let at = lines.expect_failure.as_ref().map_or(0, |failure| failure.span().start);
        if !scenario.step.iter().any(|step| step.name == failure.step) {
            return Some((at, "expect_failure names a step of this file"));
        }
        if failure.seen.trim().is_empty() {
            return Some((at, "expect_failure says what is seen"));
        }
        if let Some(rule) = failure.verdict.as_deref().and_then(unknown_verdict) {
            return Some((at, rule));
        }
    }
    for (step, at) in scenario.step.iter().zip(&lines.step) {
        if step.actions.is_empty() {
            return Some((at.span().start, "a step does something"));
        }
        for (action, place) in step.actions.iter().zip(&at.get_ref().actions) {
            if let Action::Expect(expected) = action
                && let Some(rule) = expected.broken_rule()
            {
                return Some((place.span().start, rule));
            }
        }
    }
    scenario.step.is_empty().then_some((0, "a scenario has a step"))
}

/// ". Did you mean …?" where one of the words that are expected is near the one that was found.
fn meant(message: &str) -> String {
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let Some((found, expected)) = words.split_first().filter(|_| message.starts_with("unknown ")) else {
        return String::new();
    };
    let near = expected
        .iter()
        .map(|word| (strsim::damerau_levenshtein(found, word), word));
    match near.min() {
        Some((distance, word)) if distance <= found.len().div_ceil(2).min(3) => format!(". Did you mean {word}?"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::session::TRANSITIONS;

    const WHOLE: &str = "title = \"t\"\n\n[[step]]\nname = \"open\"\ndo = [\n  { open = \"havorn-no\" },\n  { expect = { state = \"offered\" } },\n]\n";

    #[test]
    fn a_scenario_is_read() {
        let scenario = parse("a.toml", WHOLE).expect("a scenario");
        assert_eq!(scenario.step[0].actions.len(), 2);
        assert!(scenario.expect_failure.is_none());
    }

    #[test]
    fn what_is_not_known_is_named_with_its_line_and_what_was_meant() {
        for (from, to, wanted) in [
            ("{ open", "{ opne", "a.toml:6: unknown variant `opne`"),
            ("{ open", "{ opne", "Did you mean open?"),
            ("state =", "stat =", "a.toml:7: unknown field `stat`"),
            ("state =", "stat =", "Did you mean state?"),
            ("name =", "nmae =", "Did you mean name?"),
            ("title =", "titel =", "a.toml:1: "),
            ("\"havorn-no\"", "7", "a.toml:6: "),
        ] {
            let said = parse("a.toml", &WHOLE.replacen(from, to, 1)).expect_err(to);
            assert!(said.contains(wanted), "{said} does not say {wanted}");
            assert!(!said.contains('\n'), "{said}");
        }
        let far = parse("a.toml", &WHOLE.replace("{ open", "{ zzzzzzzzzz")).expect_err("unknown");
        assert!(!far.contains("Did you mean"), "{far}");
        assert_eq!(
            parse("a.toml", "title = \"t\"\nstep = []\n").expect_err("no step"),
            "a.toml:1: a scenario has a step"
        );
        let empty = WHOLE.replace(
            "{ open = \"havorn-no\" },\n  { expect = { state = \"offered\" } },\n",
            "",
        );
        assert_eq!(
            parse("a.toml", &empty).expect_err("empty"),
            "a.toml:3: a step does something"
        );
    }
    /// The names that the reader knows in a place, as it lists them when it meets a stranger.
    fn known(text: &str) -> Vec<String> {
        let said = parse("a.toml", text).expect_err("a stranger");
        let words = said.split('`').skip(1).step_by(2);
        words.map(str::to_owned).filter(|word| word != "zzz").collect()
    }

    #[test]
    fn everything_that_can_be_written_is_described_and_the_example_is_a_scenario() {
        let described = include_str!("format.md");
        let (_, example) = described.split_once("```toml\n").expect("an example");
        let (example, _) = example.split_once("```").expect("its end");
        parse("format.md", example).expect("the example");
        let failure = "expect_failure = { zzz = 1 }\n\n";
        let members = [
            known(&WHOLE.replacen("title", "zzz = 1\ntitle", 1)),
            known(&WHOLE.replacen('\n', &format!("\n{failure}"), 1)),
            known(&WHOLE.replacen("name", "zzz = 1\nname", 1)),
            known(&WHOLE.replacen("{ open", "{ zzz", 1)),
            known(&WHOLE.replacen("{ state", "{ zzz", 1)),
        ];
        assert!(members.iter().all(|members| members.len() > 2), "{members:?}");
        let states = TRANSITIONS.iter().flat_map(|(from, to, _)| [*from, *to]);
        let states = states.map(|state| state.as_str().to_owned());
        for word in members.into_iter().flatten().chain(states) {
            let before = ["`", "`step.", "{ ", ", "];
            let mut shapes = before
                .iter()
                .flat_map(|before| ["`", " =", "."].map(|after| format!("{before}{word}{after}")));
            assert!(shapes.any(|shape| described.contains(&shape)), "{word}");
        }
    }

    #[test]
    fn what_can_never_be_unmet_is_no_expectation() {
        for (expected, wanted) in [
            ("{}", "a.toml:7: expect says what must be so"),
            ("{ calls = {} }", "a.toml:7: calls says"),
            ("{ answered = {}, status = 200 }", "a.toml:7: answered says"),
            (
                "{ verdict = \"PP-NOT-999\" }",
                "a.toml:7: the inspector has no such verdict",
            ),
        ] {
            let said = parse("a.toml", &WHOLE.replace("{ state = \"offered\" }", expected)).expect_err(expected);
            assert!(said.starts_with(wanted), "{said}");
        }
        for verdict in ["", "none", "PP-SIG-003"] {
            let expected = format!("{{ verdict = \"{verdict}\" }}");
            assert!(parse("a.toml", &WHOLE.replace("{ state = \"offered\" }", &expected)).is_ok());
        }
    }

    #[test]
    fn an_expected_failure_says_where_and_what() {
        let with = |failure: &str| {
            let text = WHOLE.replacen("\n\n", &format!("\nexpect_failure = {failure}\n\n"), 1);
            parse("a.toml", &text)
        };
        assert!(with("{ step = \"open\", seen = \"status\" }").is_ok());
        for (failure, wanted) in [
            ("\"it cannot be\"", "a.toml:2: "),
            ("{ step = \"open\" }", "a.toml:2: missing field `seen`"),
            (
                "{ step = \"opne\", seen = \"x\" }",
                "a.toml:2: expect_failure names a step",
            ),
            (
                "{ step = \"open\", seen = \" \" }",
                "a.toml:2: expect_failure says what is seen",
            ),
            (
                "{ step = \"open\", seen = \"x\", verdict = \"PP\" }",
                "a.toml:2: the inspector has no such",
            ),
        ] {
            let said = with(failure).expect_err(failure);
            assert!(said.starts_with(wanted), "{said}");
        }
    }
}

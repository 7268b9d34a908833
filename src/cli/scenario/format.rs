//! The format of a scenario file: TOML. What each step does stands in `format.md` beside this file.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::{Spanned, Table};

/// A scenario: one person's way through a wallet, and how it must end.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows, in a sentence.
    pub title: String,
    /// Why it must fail, where it must: then one of its expectations has to be unmet.
    pub expect_failure: Option<String>,
    /// How many issuers MDES lists when the demo starts; twelve unless it is said. A wallet that runs already keeps its own.
    pub issuers: Option<u16>,
    /// The steps, in order.
    pub step: Vec<Step>,
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

/// What must be so.
#[derive(Clone, Debug, Default, Deserialize)]
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
    /// What the inspector must say. Checked where the target has one.
    pub verdict: Option<String>,
}

/// Reads a file.
///
/// # Errors
/// `file:line: what is wrong`, with the word that was meant where one is near.
pub fn read(path: &Path) -> Result<Scenario, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
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
    let empty = scenario.step.iter().position(|step| step.actions.is_empty());
    if let Some(empty) = empty {
        let at = lines.step.get(empty).map_or(0, |step| step.span().start);
        let line = text[..at].lines().count() + 1;
        return Err(format!("{name}:{line}: a step does something"));
    }
    if scenario.step.is_empty() {
        return Err(format!("{name}:1: a scenario has a step"));
    }
    Ok(scenario)
}

/// Where the steps stand.
#[derive(Deserialize)]
struct Lines {
    #[serde(default)]
    step: Vec<Spanned<Table>>,
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
        assert!(parse("a.toml", "title = \"t\"\nstep = []\n").is_err());
        let empty = WHOLE.replace(
            "{ open = \"havorn-no\" },\n  { expect = { state = \"offered\" } },\n",
            "",
        );
        assert_eq!(
            parse("a.toml", &empty).expect_err("empty"),
            "a.toml:3: a step does something"
        );
    }
}

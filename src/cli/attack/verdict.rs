//! What came of a vector, and how that is told.

use serde_json::{Value, json};

use crate::cli::browser::Page;
use crate::cli::control::Counts;

use super::format::{Answer, Stays};
use super::scene::Heard;

/// What came of a vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was refused, and as it must be where that is compared.
    Refused,
    /// Something came of it that must not.
    Accepted(String),
    /// Nothing came of it, but the answer is not the one that the corpus asks for.
    Otherwise(String),
    /// It is not for this wallet.
    Skipped(&'static str),
    /// It could not be played.
    Unplayed(String),
}

/// A vector that was played.
#[derive(Clone, Debug)]
pub struct Played {
    /// The vector.
    pub id: String,
    /// Its file's subject.
    pub subject: String,
    /// The attack of the threat model.
    pub attack: String,
    /// What was tried.
    pub title: String,
    /// The code of the rule that must refuse it.
    pub reason: String,
    /// What came of it.
    pub verdict: Verdict,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
}

impl Played {
    fn word(&self) -> (&'static str, &str) {
        match &self.verdict {
            Verdict::Refused => ("refused", ""),
            Verdict::Accepted(why) => ("ACCEPTED", why),
            Verdict::Otherwise(why) => ("OTHERWISE", why),
            Verdict::Skipped(why) => ("left out", why),
            Verdict::Unplayed(why) => ("UNPLAYED", why),
        }
    }

    /// A line of the table.
    #[must_use]
    pub fn line(&self) -> String {
        let (word, why) = self.word();
        let seconds = self.took_ms as f64 / 1000.0;
        let line = format!("{:<44} {} {word:<9} {seconds:>5.1} s  {why}", self.id, self.attack);
        line.trim_end().to_owned()
    }

    /// For programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let (word, why) = self.word();
        json!({
            "id": self.id, "subject": self.subject, "attack": self.attack, "title": self.title,
            "reason": self.reason, "verdict": word.to_ascii_lowercase(), "why": why, "took_ms": self.took_ms,
        })
    }
}

/// What is in the books of MDES now that must not be, held against how much there was before.
///
/// # Errors
/// Somebody emptied the books meanwhile: then a refusal says nothing, because what had to be refused may be gone.
pub fn moved(before: Counts, after: Counts, stays: &Stays) -> Result<Option<String>, String> {
    if after.emptied != before.emptied || after.tokens < before.tokens {
        return Err("somebody emptied the books of MDES meanwhile".to_owned());
    }
    let made = after.tokens - before.tokens;
    let asked = after.eligibility_calls.saturating_sub(before.eligibility_calls);
    Ok(if made > stays.tokens {
        Some(format!("MDES made {made} token(s), not {}", stays.tokens))
    } else if asked > stays.eligibility_calls {
        Some(format!(
            "MDES was asked {asked} time(s) for eligibility, not {}",
            stays.eligibility_calls
        ))
    } else {
        None
    })
}

/// The attacker's own address, in every vector.
const ATTACKER: &str = "evil.example";

/// Whether the wallet sends anybody on to the attacker, whatever else it answers.
pub fn led_away(heard: &[Heard]) -> Option<String> {
    let leads = |page: &Page| {
        ["location", "refresh"].iter().any(|name| {
            let values = page.headers.get_all(*name).iter();
            values
                .map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
                .any(|value| value.contains(ATTACKER))
        })
    };
    heard.iter().find_map(|heard| match heard {
        Heard::Wallet(page) if leads(page) => Some(format!("the wallet leads to {ATTACKER}")),
        Heard::Wallet(_) | Heard::Mdes(_) => None,
    })
}

/// Whether MDES did what it was asked in the wallet's name. The last answer counts: what comes before makes it a replay.
pub fn taken_by_mdes(heard: &[Heard]) -> Option<String> {
    match heard.last() {
        Some(Heard::Mdes(page)) if page.status == 200 => Some("MDES answers 200".to_owned()),
        _ => None,
    }
}

/// In what an answer differs from the one that is asked for.
pub fn otherwise(heard: &Heard, wanted: &Answer) -> Option<String> {
    let page = match heard {
        Heard::Wallet(page) | Heard::Mdes(page) => page,
    };
    let statuses = wanted.status.all();
    let problem = problem_of(page);
    let named = problem.as_ref().map_or_else(String::new, |code| format!(" {code}"));
    if !statuses.is_empty() && !statuses.contains(&page.status) {
        return Some(format!("{}{named}, not {statuses:?}", page.status));
    }
    let problems = wanted.problem.all();
    if !problems.is_empty() && !problem.as_ref().is_some_and(|code| problems.contains(code)) {
        return Some(format!("{}{named}, not {problems:?}", page.status));
    }
    for (name, value) in &wanted.headers {
        let found = page
            .headers
            .get(name)
            .map(|found| String::from_utf8_lossy(found.as_bytes()).into_owned());
        let is_fine = match (value, &found) {
            (Some(value), Some(found)) => found.contains(value.as_str()),
            (None, None) => true,
            _ => false,
        };
        if !is_fine {
            return Some(format!("{name} is {found:?}, not {value:?}"));
        }
    }
    let values = page
        .headers
        .values()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let everywhere: Vec<String> = values.chain([page.body.clone()]).collect();
    let leaked = wanted
        .lacks
        .iter()
        .find(|text| everywhere.iter().any(|place| place.contains(text.as_str())));
    leaked.map(|text| format!("the answer holds {text}"))
}

/// Whether an answer tells this problem.
pub fn is_problem(heard: &Heard, code: &str) -> bool {
    let (Heard::Wallet(page) | Heard::Mdes(page)) = heard;
    problem_of(page).is_some_and(|found| found == code)
}

/// The problem's code, of a page or of problem+json.
fn problem_of(page: &Page) -> Option<String> {
    page.main_attribute("data-problem").or_else(|| {
        let json: Value = serde_json::from_str(&page.body).ok()?;
        json["code"].as_str().map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_led_to_the_attacker_was_attacked() {
        let answer = |name: &'static str, value: &'static str| {
            Heard::Wallet(Page {
                url: String::new(),
                status: 303,
                headers: [(
                    reqwest::header::HeaderName::from_static(name),
                    reqwest::header::HeaderValue::from_static(value),
                )]
                .into_iter()
                .collect(),
                body: String::new(),
                visited: Vec::new(),
            })
        };
        for (name, value, is_led) in [
            (
                "location",
                "https://evil.example/back?results%5BMCC-1%5D=APPROVED",
                true,
            ),
            ("location", "http://bank.example@EVIL.example/", true),
            ("refresh", "0; url=https://evil.example/", true),
            ("location", "/sessions/1", false),
            ("x-seen", "evil.example", false),
        ] {
            let heard = [answer("location", "/"), answer(name, value)];
            assert_eq!(led_away(&heard).is_some(), is_led, "{name}: {value}");
        }
    }

    #[test]
    fn what_moved_is_counted_and_emptied_books_are_not_taken_for_a_refusal() {
        let before = Counts {
            emptied: 2,
            eligibility_calls: 10,
            tokens: 3,
        };
        let stays = Stays::default();
        assert_eq!(moved(before, before, &stays), Ok(None));
        let asked = Counts {
            eligibility_calls: 11,
            ..before
        };
        let told = moved(before, asked, &stays).expect("books").expect("it moved");
        assert!(told.contains("asked 1 time"), "{told}");
        let made = Counts { tokens: 5, ..before };
        let told = moved(before, made, &stays).expect("books").expect("it moved");
        assert!(told.contains("made 2 token"), "{told}");
        let emptied = Counts { emptied: 3, ..asked };
        assert!(moved(before, emptied, &stays).is_err());
        let restarted = Counts {
            emptied: 2,
            eligibility_calls: 0,
            tokens: 0,
        };
        assert!(
            moved(before, restarted, &stays).is_err(),
            "another simulator at the same place"
        );
    }
}

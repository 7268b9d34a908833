//! Back from the wallet: `GET /banks/{bank}/pushed?enrolment=…&results[<receipt>]=RESULT|token` (`protocol.md`, 4.5).
//!
//! The browser brings what the wallet says; the bank's server knows what MDES, or the processor, told it. Where the two
//! differ the page goes by the server and says so.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use url::form_urlencoded;

use super::Bank;
use super::counter::frame;
use super::enrolments::{Enrolment, KnownToken, Said, Standing};
use super::pages::{self, Onward, PushedCard, PushedPage};
use super::web::{self, Answer, Form, Refusal};
use crate::sim::catalogue::{Issuer, card_by_id, issuer};

pub fn routes() -> Router<Bank> {
    Router::new().route("/banks/{id}/pushed", get(show).post(activate))
}

async fn show(State(bank): State<Bank>, Path(id): Path<String>, uri: Uri) -> Answer {
    let query = uri.query().unwrap_or_default();
    let mut named = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "enrolment");
    let (number, again) = (named.next(), named.next());
    let number = number
        .filter(|_| again.is_none())
        .map(|(_, number)| number.into_owned());
    let (issuer, mut enrolment) = find(&bank, &id, number.as_deref().unwrap_or_default())?;
    let said = read(query);
    if !said.is_empty() {
        bank.0
            .enrolments
            .heard(number.as_deref().unwrap_or_default(), said.clone());
        enrolment.said = said;
    }
    Ok(page(&bank, issuer, &enrolment, number.unwrap_or_default()))
}

/// The button "Finish": the bank vouches for its cardholder, who has just signed in at it.
async fn activate(State(bank): State<Bank>, Path(id): Path<String>, request: Request) -> Answer {
    let form = Form::read(request).await?;
    let number = form.one("enrolment")?;
    let (issuer, enrolment) = find(&bank, &id, number)?;
    let reference = form.one("token")?;
    let mut cards = enrolment.cards.iter();
    let token = cards.find_map(|(card, _)| {
        let token = token_of(&bank, &enrolment, card, None)?;
        (token.reference == reference && !token.is_proven()).then_some(token)
    });
    let back = format!("/banks/{}/pushed?enrolment={number}", issuer.id);
    let retry = || Some(Onward::LeaveOrRetry("ERROR", back.clone()));
    let Some(token) = token else {
        let text = "No card waits for this. It may be active already.";
        return Err(pages::error(
            StatusCode::NOT_FOUND,
            frame(issuer),
            "Nothing to finish",
            &[text],
            retry(),
        )
        .into());
    };
    if let Err(reason) = bank.activate_token(reference).await {
        let text = "We could not finish adding the card. Nothing was changed.";
        let heading = "That did not work";
        return Err(pages::error(
            StatusCode::BAD_GATEWAY,
            frame(issuer),
            heading,
            &[text, &reason],
            retry(),
        )
        .into());
    }
    bank.0.enrolments.told(KnownToken {
        standing: Standing::Active,
        ..token
    });
    Ok(web::see_other(&back))
}

/// An enrolment of this bank.
fn find(bank: &Bank, id: &str, number: &str) -> Result<(&'static Issuer, Enrolment), Refusal> {
    let issuer = issuer(id).ok_or(StatusCode::NOT_FOUND)?;
    let enrolment = bank.0.enrolments.enrolment(number);
    let enrolment = enrolment.filter(|enrolment| enrolment.issuer.id == issuer.id);
    let enrolment = enrolment.ok_or_else(|| {
        let text = "We don’t know what this is about. Look at your cards to see where they are enabled.";
        let onward = Some(Onward::LeaveOrRetry("ERROR", format!("/banks/{}/enrol", issuer.id)));
        pages::error(StatusCode::NOT_FOUND, frame(issuer), "Nothing to show", &[text], onward)
    })?;
    Ok((issuer, enrolment))
}

/// The results of a query, each receipt once: what says two things about one receipt says nothing.
fn read(query: &str) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    let mut contradicted: Vec<String> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()).take(PAIRS_MAX) {
        let Some(receipt) = name.strip_prefix("results[").and_then(|rest| rest.strip_suffix(']')) else {
            continue;
        };
        let (result, token) = match value.split_once('|') {
            Some((result, token)) => (result, Some(token)),
            None => (&*value, None),
        };
        let one = Said {
            receipt: receipt.chars().take(64).collect(),
            result: result.chars().take(64).collect(),
            token: token.map(|token| token.chars().take(64).collect()),
        };
        if said.iter().any(|other| other.receipt == one.receipt && *other != one) {
            contradicted.push(one.receipt.clone());
        } else if !said.contains(&one) {
            said.push(one);
        }
    }
    for one in said.iter_mut().filter(|one| contradicted.contains(&one.receipt)) {
        one.result = "two different results".to_owned();
        one.token = None;
    }
    said
}

/// The token that came of a push: for this card and this requestor, made since. The one that the wallet names where there
/// are several.
fn token_of(bank: &Bank, enrolment: &Enrolment, card: &str, named: Option<&str>) -> Option<KnownToken> {
    let tokens = bank.0.enrolments.tokens(card).into_iter();
    let mut made: Vec<KnownToken> = tokens
        .filter(|token| token.requestor == enrolment.requestor && token.since_ms >= enrolment.made_at_ms)
        .collect();
    let at = made.iter().position(|token| Some(token.reference.as_str()) == named);
    match at {
        Some(at) => Some(made.swap_remove(at)),
        None => made.pop(),
    }
}

fn page(bank: &Bank, issuer: &'static Issuer, enrolment: &Enrolment, number: String) -> Response {
    let cards = enrolment.cards.iter().filter_map(|(id, receipt)| {
        let card = card_by_id(id)?;
        let said = receipt
            .as_ref()
            .and_then(|receipt| enrolment.said.iter().find(|said| said.receipt == *receipt));
        let token = token_of(bank, enrolment, id, said.and_then(|said| said.token.as_deref()));
        let (outcome, differs) = match receipt {
            Some(_) => outcome(said, token.as_ref()),
            None => (Outcome::NotPushed, false),
        };
        Some(PushedCard {
            card,
            outcome,
            said: said.filter(|_| differs).map(|said| said.result.clone()),
            token: token.filter(|token| !token.is_proven()).map(|token| token.reference),
        })
    });
    let own = |said: &&Said| {
        let mut receipts = enrolment.cards.iter().filter_map(|(_, receipt)| receipt.as_ref());
        !receipts.any(|receipt| *receipt == said.receipt)
    };
    let page = PushedPage {
        frame: frame(issuer),
        issuer,
        enrolment: number,
        requestor: enrolment.requestor_name.clone(),
        cards: cards.collect(),
        strangers: enrolment.said.iter().filter(own).count(),
    };
    pages::render(StatusCode::OK, &page)
}

/// What became of one card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The token is active: the server knows.
    Enabled,
    /// There is a token, and the bank still has to vouch for its cardholder.
    Unfinished,
    /// The wallet says that it has the card, and the server has heard of no token.
    Unconfirmed,
    /// No token, and the wallet says why.
    Declined,
    /// The cardholder, or the wallet, stopped.
    Cancelled,
    /// The wallet has this card already.
    Duplicate,
    /// Something failed.
    Failed,
    /// No token, and the wallet says something that we do not know.
    Unknown,
    /// No token, and nothing was said.
    Silent,
    /// MDES gave no receipt for it.
    NotPushed,
}

/// What became of a card, and whether the wallet says otherwise.
fn outcome(said: Option<&Said>, token: Option<&KnownToken>) -> (Outcome, bool) {
    let result = said.map(|said| said.result.as_str());
    if let Some(token) = token {
        let names_another = said
            .and_then(|said| said.token.as_deref())
            .is_some_and(|named| named != token.reference);
        let agrees = match (result, token.is_proven()) {
            (Some("APPROVED" | "AUTHENTICATED"), true) | (None, _) => true,
            // It may have become active since.
            (Some("REQUIRE_ADDITIONAL_AUTHENTICATION"), _) => true,
            (Some(_), _) => false,
        };
        let outcome = if token.is_proven() {
            Outcome::Enabled
        } else {
            Outcome::Unfinished
        };
        return (outcome, names_another || !agrees);
    }
    match result {
        None => (Outcome::Silent, false),
        Some("APPROVED" | "AUTHENTICATED" | "REQUIRE_ADDITIONAL_AUTHENTICATION") => (Outcome::Unconfirmed, true),
        Some("DECLINED") => (Outcome::Declined, false),
        Some("CANCELLED" | "DELETED") => (Outcome::Cancelled, false),
        Some("DUPLICATE_REQUEST") => (Outcome::Duplicate, false),
        Some("ERROR") => (Outcome::Failed, false),
        Some(_) => (Outcome::Unknown, true),
    }
}

/// Pairs of a query that are read at all.
const PAIRS_MAX: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    fn token(active: bool) -> KnownToken {
        KnownToken {
            reference: "T-1".to_owned(),
            card_id: "c".to_owned(),
            requestor: "50123456789".to_owned(),
            wallet: "Tidemark".to_owned(),
            standing: if active { Standing::Active } else { Standing::Inactive },
            told_at_ms: None,
            since_ms: 0,
        }
    }

    fn said(result: &str, token: Option<&str>) -> Said {
        Said {
            receipt: "MCC-1".to_owned(),
            result: result.to_owned(),
            token: token.map(str::to_owned),
        }
    }

    #[test]
    fn the_official_example_is_read() {
        let said = read(
            "session_id=789456123&results%5BMCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE%5D=APPROVED%7CDWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45&results%5BMSI-1E8GTJ94-9D5T-96MO-WV36-56AZN95Y8DUL%5D=REQUIRE_ADDITIONAL_AUTHENTICATION%7CDWSPMC00000000032d72d4ffcb2f4136a0532d32d72d4fcb&results%5BDMC-9H2T37SH-RB3O-PI14-QQ9R-321UGR5ZI07A%5D=CANCELLED",
        );
        assert_eq!(said.len(), 3);
        assert_eq!(said[0].receipt, "MCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE");
        assert_eq!(said[1].result, "REQUIRE_ADDITIONAL_AUTHENTICATION");
        assert_eq!(
            said[0].token.as_deref(),
            Some("DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45")
        );
        assert_eq!((said[2].result.as_str(), said[2].token.as_deref()), ("CANCELLED", None));
        let twice = read("results[A]=APPROVED|T&results[A]=DECLINED&results[B=1&other=2");
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0].result, "two different results");
    }

    #[test]
    fn the_server_is_believed_and_not_the_browser() {
        for (result, known, wanted, differs) in [
            (
                Some(said("APPROVED", Some("T-1"))),
                Some(token(true)),
                Outcome::Enabled,
                false,
            ),
            (
                Some(said("APPROVED", Some("T-2"))),
                Some(token(true)),
                Outcome::Enabled,
                true,
            ),
            (Some(said("CANCELLED", None)), Some(token(true)), Outcome::Enabled, true),
            (
                Some(said("APPROVED", Some("T-1"))),
                Some(token(false)),
                Outcome::Unfinished,
                true,
            ),
            (Some(said("APPROVED", Some("T-1"))), None, Outcome::Unconfirmed, true),
            (Some(said("DECLINED", None)), None, Outcome::Declined, false),
            (Some(said("SUCCESS", None)), None, Outcome::Unknown, true),
            (None, Some(token(true)), Outcome::Enabled, false),
            (None, None, Outcome::Silent, false),
        ] {
            assert_eq!(
                outcome(result.as_ref(), known.as_ref()),
                (wanted, differs),
                "{result:?}"
            );
        }
    }
}

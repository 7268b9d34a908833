//! `GET /callback/{id}`: the issuer sends the cardholder back.
//!
//! Parse as unverified, hand to the verb in a task that a disconnect cannot cancel, answer 303 to the attempt with an
//! empty body: so the receipt leaves the address bar, and a second visit shows where things stand.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use crate::app::ReturnNames;
use crate::app::{App, Fault};
use crate::domain::id::SessionId;
use crate::domain::receipt::{IssuerResult, UnverifiedJws, UnverifiedReturn};

use super::form::{Fields, Strangers};
use super::guard::{Visit, nothing, see_other};
use super::inbound::detached;
use super::paths;
use super::problem::Problem;

/// `GET /callback/{id}`. `HEAD` and prefetches are not the cardholder: they get 204 and nothing happens.
///
/// # Errors
/// Whatever the return deserves: it is malformed, not genuine, another session's, another browser's, too late.
pub async fn callback(
    State(app): State<App>,
    visit: Visit,
    Path(session): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    if visit.is_prefetch {
        return Ok(nothing());
    }
    match take(app, &visit, &session, query).await {
        // The page stays at this address, and its script takes out of it what must not stay.
        Err(problem) if problem.status.is_client_error() => Ok(super::pages::refused_return(&visit, &problem)),
        outcome => outcome,
    }
}

async fn take(app: App, visit: &Visit, session: &str, query: Option<String>) -> Result<Response, Problem> {
    let session = SessionId::parse(session).map_err(|_| Fault::UnknownSession)?;
    let returned = parse(query.as_deref().unwrap_or_default(), app.return_names())?;
    let owner = visit.known_owner(&app);
    let id = session.clone();
    let outcome = detached(async move { app.accept_return(&id, owner.as_ref(), returned).await }).await;
    match outcome {
        // It has gone on already: a reload, or Back. The attempt's page is the answer.
        Ok(()) | Err(Fault::NotNow { .. }) => Ok(see_other(&paths::session(session.as_str()))),
        Err(fault) => Err(fault.into()),
    }
}

/// The parameters we know, each at most once; the issuer's own are ignored.
pub(super) fn parse(query: &str, names: &ReturnNames) -> Result<UnverifiedReturn, Problem> {
    let known: Vec<&str> = names
        .jws
        .iter()
        .chain(&names.receipts)
        .chain([&names.session, &names.result])
        .map(String::as_str)
        .collect();
    let fields = Fields::parse(query.as_bytes(), &known, Strangers::Ignored)?;
    let mut signed = names
        .jws
        .iter()
        .filter_map(|name| fields.one(name))
        .filter(|text| !text.is_empty());
    let jws = signed.next().map(UnverifiedJws::new);
    if signed.next().is_some() {
        return Err(Fault::MalformedReturn("the signed receipt is given under two names").into());
    }
    let plain_receipts = names
        .receipts
        .iter()
        .filter_map(|name| fields.one(name))
        .flat_map(|list| list.split(','))
        .map(|receipt| receipt.trim().to_owned())
        .filter(|receipt| !receipt.is_empty())
        .collect();
    Ok(UnverifiedReturn {
        jws,
        plain_receipts,
        session_id: fields.one(&names.session).map(str::to_owned),
        result: fields.one(&names.result).map(|word| result(word, names)).transpose()?,
    })
}

/// What the issuer says happened. A word that we do not know moves nothing.
fn result(word: &str, names: &ReturnNames) -> Result<IssuerResult, Fault> {
    let known = names.results.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
    known
        .map(|(_, result)| *result)
        .ok_or(Fault::MalformedReturn("the result is none that we know"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> ReturnNames {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        ReturnNames {
            jws: list(&["pushAccountData", "signature"]),
            receipts: list(&["receipt", "pushAccountReceipt", "pushAccountReceipts"]),
            session: "tokenRequestorSessionId".to_owned(),
            result: "result".to_owned(),
            results: vec![
                ("CANCELLED".to_owned(), IssuerResult::Cancelled),
                ("DECLINED".to_owned(), IssuerResult::Declined),
                ("ERROR".to_owned(), IssuerResult::Error),
            ],
        }
    }

    fn code(query: &str) -> &'static str {
        parse(query, &names()).map_or_else(|problem| problem.code, |_| "ok")
    }

    #[test]
    fn every_alias_is_read_and_strangers_are_ignored() {
        let returned = parse(
            "utm_source=x&signature=a.b.c&tokenRequestorSessionId=s&lang=en&lang=de&pushAccountReceipts=MCC-1,MCC-2",
            &names(),
        )
        .expect("a return");
        assert_eq!(returned.jws.expect("signed").expose(), "a.b.c");
        assert_eq!(returned.plain_receipts, ["MCC-1", "MCC-2"]);
        assert_eq!(returned.session_id.as_deref(), Some("s"));
        let encoded = parse("pushAccountReceipts=MCC-1%2CMCC-2", &names()).expect("a return");
        assert_eq!(encoded.plain_receipts, ["MCC-1", "MCC-2"]);
        assert!(encoded.jws.is_none() && encoded.result.is_none());
    }

    #[test]
    fn a_bare_return_and_results() {
        assert_eq!(code(""), "ok");
        for (word, result) in [
            ("CANCELLED", IssuerResult::Cancelled),
            ("declined", IssuerResult::Declined),
            ("Error", IssuerResult::Error),
        ] {
            let returned = parse(&format!("result={word}"), &names()).expect("a return");
            assert_eq!(returned.result, Some(result));
        }
        assert_eq!(code("result=OK"), "malformed-return");
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for query in [
            "pushAccountData=a&pushAccountData=a",
            "pushAccountData=a&push%41ccountData=b",
            "receipt=a&receipt=b",
            "result=ERROR&result=ERROR",
            "tokenRequestorSessionId=a&x=1&tokenRequestorSessionId=b",
            "pushAccountData=%zz",
            "x=%FF",
        ] {
            assert_eq!(code(query), "bad-request", "{query}");
        }
        assert_eq!(code("pushAccountData=a&signature=b"), "malformed-return");
        assert_eq!(code("pushAccountData=&signature=b"), "ok");
        assert_eq!(code("pushAccountData[]=a&pushAccountData[]=b"), "ok");
    }
}

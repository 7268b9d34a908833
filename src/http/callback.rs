//! `/callback/{id}`: the issuer sends the cardholder back, by `GET` or by `POST`.
//!
//! Parse as unverified, hand to the verb in a task that a disconnect cannot cancel, answer 303 with an empty body: so the
//! receipt leaves the address bar, and a second visit shows where things stand. With a `POST` from another site browsers
//! send no cookie (`SameSite=Lax`), so none is read there: what it brings is kept, and the `GET` that the 303 leads to,
//! with which the cookie comes, takes it up.

use axum::extract::{Path, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::{App, Bringer, Came, Fault, Welcome};
use crate::domain::id::{Fingerprint, SessionId};
use crate::domain::profile::ReturnNames;
use crate::domain::receipt::{IssuerResult, UnverifiedJws, UnverifiedReturn};

use super::elsewhere;
use super::form::{Fields, FormFault};
use super::guard::{Visit, nothing, see_other};
use super::inbound::{body, detached};
use super::paths;
use super::problem::Problem;
use super::problem::page::refused_return;

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
    let outcome = match session_id(&session) {
        Ok(id) => take(app, &visit, id, &query.unwrap_or_default()).await,
        Err(fault) => Err(fault.into()),
    };
    faced(&visit, outcome)
}

/// `GET /callback`, for issuers that come back to one address for all sessions: the return names its session, or else it is
/// the one that this browser waits for.
///
/// # Errors
/// As [`callback`]; 404 when it cannot be told which session is meant.
pub async fn fixed(State(app): State<App>, visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    if visit.is_prefetch {
        return Ok(nothing());
    }
    let query = query.unwrap_or_default();
    let outcome = match find(&app, query.as_bytes(), visit.known_owner(&app)).await {
        Ok(id) => take(app, &visit, id, &query).await,
        Err(fault) => Err(fault.into()),
    };
    faced(&visit, outcome)
}

/// `POST /callback`: as [`posted`]. Without a cookie, nothing but the return itself can name the session.
///
/// # Errors
/// As [`posted`].
pub async fn fixed_posted(State(app): State<App>, visit: Visit, request: Request) -> Result<Response, Problem> {
    if visit.is_prefetch {
        return Ok(nothing());
    }
    let outcome = match both(&visit, request).await {
        Ok(both) => match find(&app, &both, None).await {
            Ok(id) => keep(app, &visit, id, &both).await,
            Err(fault) => Err(fault.into()),
        },
        Err(problem) => Err(problem),
    };
    faced(&visit, outcome)
}

/// The session that a return to the one address is for.
async fn find(app: &App, raw: &[u8], owner: Option<Fingerprint>) -> Result<SessionId, Fault> {
    let names = app.names_of_fixed_returns();
    if names.is_empty() {
        return Err(Fault::UnknownSession);
    }
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let fields = Fields::parse_rebuilt(raw, &known).map_err(|fault| Fault::MalformedReturn(fault.rule()))?;
    let mut named = known.iter().filter_map(|name| fields.one(name));
    match (named.next(), named.next(), owner) {
        (Some(id), None, _) => {
            let id = session_id(id)?;
            if app.returns_to_fixed(&id).await? {
                Ok(id)
            } else {
                Err(Fault::UnknownSession)
            }
        }
        (Some(_), Some(_), _) => Err(Fault::MalformedReturn("it names a session in two ways")),
        (None, _, Some(owner)) => app.awaited_from_fixed(&owner).await,
        (None, _, None) => Err(Fault::UnknownSession),
    }
}

/// `POST /callback/{id}`: no cookie is read, and no token of a form is asked for, because the form is the issuer's.
///
/// # Errors
/// 404 for no session, 400 for what can be read in two ways, 408, 413 and 415 for what is no form or too much of one.
pub async fn posted(
    State(app): State<App>,
    visit: Visit,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let outcome = match session_id(&session) {
        Ok(id) => take_post(app, &visit, id, request).await,
        Err(fault) => Err(fault.into()),
    };
    faced(&visit, outcome)
}

async fn take(app: App, visit: &Visit, id: SessionId, query: &str) -> Result<Response, Problem> {
    let came = match paths::parked_handle(query) {
        _ if visit.is_prefetch => Came::Guess,
        Some(handle) => Came::Parked {
            handle,
            browser: visit.owner(&app),
        },
        None => Came::Opened(parse(query.as_bytes(), &app.return_names(&id).await?)),
    };
    let bringer = Bringer {
        owner: visit.known_owner(&app),
        is_signed_in: visit.account().is_some(),
    };
    receive(app, visit, bringer, id, came).await
}

async fn take_post(app: App, visit: &Visit, id: SessionId, request: Request) -> Result<Response, Problem> {
    if visit.is_prefetch {
        return receive(app, visit, NOBODY, id, Came::Guess).await;
    }
    app.return_names(&id).await?;
    let both = both(visit, request).await?;
    keep(app, visit, id, &both).await
}

async fn keep(app: App, visit: &Visit, id: SessionId, both: &[u8]) -> Result<Response, Problem> {
    let came = Came::Posted(parse(both, &app.return_names(&id).await?));
    receive(app, visit, NOBODY, id, came).await
}

/// Query and body as one: a name that counts must not come once here and once there.
pub(super) async fn both(visit: &Visit, request: Request) -> Result<Vec<u8>, Problem> {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let limit = visit.shell.limits.body_bytes;
    let body = body(request, "application/x-www-form-urlencoded", limit).await?;
    Ok([query.as_bytes(), b"&", &body].concat())
}

/// Who posts: no cookie was read.
const NOBODY: Bringer = Bringer {
    owner: None,
    is_signed_in: false,
};

/// A UUID is the same in either case (RFC 9562), and issuers rewrite paths.
fn session_id(text: &str) -> Result<SessionId, Fault> {
    SessionId::parse(&text.to_ascii_lowercase()).map_err(|_| Fault::UnknownSession)
}

async fn receive(
    app: App,
    visit: &Visit,
    bringer: Bringer,
    session: SessionId,
    came: Came,
) -> Result<Response, Problem> {
    let id = session.clone();
    let welcome = detached(async move { app.receive(&id, &bringer, came).await }).await;
    match welcome {
        // It has gone on already: a reload, or Back. The attempt's page is the answer.
        Ok(Welcome::GoOn) | Err(Fault::NotNow { .. }) => Ok(see_other(&paths::session(session.as_str()))),
        Ok(Welcome::Here(handle)) => Ok(see_other(&paths::callback(session.as_str(), handle.as_ref()))),
        Ok(Welcome::Nothing) => Ok(nothing()),
        Ok(Welcome::Code {
            issuer,
            issuer_name,
            digits,
        }) => Ok(elsewhere::code_page(visit, &issuer, &issuer_name, &digits)),
        Ok(Welcome::SignIn {
            issuer,
            issuer_name,
            sign_in_url,
        }) => Ok(elsewhere::sign_in_page(visit, &issuer, &issuer_name, &sign_in_url)),
        Err(fault) => Err(fault.into()),
    }
}

/// A return that is refused stays at its address, and the page's script takes out of that what must not stay.
fn faced(visit: &Visit, outcome: Result<Response, Problem>) -> Result<Response, Problem> {
    match outcome {
        Err(problem) if problem.status == StatusCode::NOT_FOUND => {
            Ok(refused_return(visit, &Problem::unknown_return()))
        }
        Err(problem) if problem.status.is_client_error() => Ok(refused_return(visit, &problem)),
        outcome => outcome,
    }
}

/// The parameters we know, each at most once; the issuer's own are ignored.
pub(super) fn parse(query: &[u8], names: &ReturnNames) -> Result<UnverifiedReturn, &'static str> {
    let known: Vec<&str> = names
        .jws
        .iter()
        .chain(&names.receipts)
        .chain([&names.session, &names.result])
        .map(String::as_str)
        .collect();
    let fields = Fields::parse_rebuilt(query, &known).map_err(FormFault::rule)?;
    let mut signed = names.jws.iter().filter_map(|name| fields.one(name));
    let jws = signed.next().map(UnverifiedJws::new);
    if signed.next().is_some() {
        return Err("the signed receipt is given under two names");
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
fn result(word: &str, names: &ReturnNames) -> Result<IssuerResult, &'static str> {
    let known = names.results.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
    known
        .map(|(_, result)| *result)
        .ok_or("the result is none that we know")
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

    fn fault(query: &str) -> &'static str {
        parse(query.as_bytes(), &names()).map_or_else(|rule| rule, |_| "ok")
    }

    #[test]
    fn every_alias_is_read_and_strangers_are_ignored() {
        let returned = parse(
            b"utm_source=x&signature=a.b.c&tokenRequestorSessionId=s&lang=en&lang=de&pushAccountReceipts=MCC-1,MCC-2",
            &names(),
        )
        .expect("a return");
        assert_eq!(returned.jws.expect("signed").expose(), "a.b.c");
        assert_eq!(returned.plain_receipts, ["MCC-1", "MCC-2"]);
        assert_eq!(returned.session_id.as_deref(), Some("s"));
        let encoded = parse(b"pushAccountReceipts=MCC-1%2CMCC-2", &names()).expect("a return");
        assert_eq!(encoded.plain_receipts, ["MCC-1", "MCC-2"]);
        assert!(encoded.jws.is_none() && encoded.result.is_none());
    }

    #[test]
    fn a_bare_return_and_results() {
        assert_eq!(fault(""), "ok");
        for (word, result) in [
            ("CANCELLED", IssuerResult::Cancelled),
            ("declined", IssuerResult::Declined),
            ("Error", IssuerResult::Error),
        ] {
            let returned = parse(format!("result={word}").as_bytes(), &names()).expect("a return");
            assert_eq!(returned.result, Some(result));
        }
        assert_eq!(fault("result=OK"), "the result is none that we know");
        assert_eq!(fault("result="), "ok");
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for query in [
            "pushAccountData=a&pushAccountData=a",
            "pushAccountData=a&push%41ccountData=b",
            "pushAccountData=a&PUSHACCOUNTDATA=",
            "pushAccountData=a&push%2541ccountData=b",
            "receipt=a&receipt=b",
            "result=ERROR&result=ERROR",
            "tokenRequestorSessionId=a&x=1&tokenRequestorSessionId=b",
        ] {
            assert_eq!(fault(query), "a parameter is given twice", "{query}");
        }
        for query in ["pushAccountData=%zz", "x=%FF"] {
            assert_eq!(fault(query), "a parameter is not encoded properly", "{query}");
        }
        let two_names = "the signed receipt is given under two names";
        assert_eq!(fault("pushAccountData=a&signature=b"), two_names);
        assert_eq!(fault("pushAccountData=&signature=b"), "ok");
        assert_eq!(fault("pushAccountData[]=a&pushAccountData[]=b"), "ok");
    }

    #[test]
    fn a_query_that_was_rebuilt_on_its_way_is_the_same_return() {
        for query in [
            "pushaccountdata=a.b-1.c&TOKENREQUESTORSESSIONID=s-1&PushAccountReceipts=MCC-1,MCC-2",
            "pushAccountData=a%252Eb%252D1%252Ec&tokenRequestorSessionId=s%252D1&pushAccountReceipts=MCC-1%252CMCC-2",
            "tokenRequestorSessionId=s-1&pushAccountData=a.b-1.c&pushAccountReceipts=MCC-1,MCC-2&result=",
        ] {
            let returned = parse(query.as_bytes(), &names()).expect("a return");
            assert_eq!(returned.jws.expect("signed").expose(), "a.b-1.c", "{query}");
            assert_eq!(returned.session_id.as_deref(), Some("s-1"), "{query}");
            assert_eq!(returned.plain_receipts, ["MCC-1", "MCC-2"], "{query}");
            assert_eq!(returned.result, None, "{query}");
        }
    }
}

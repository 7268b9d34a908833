//! The JSON face, for the wallet's own programs: `/api/v1`. The backend proves itself with one credential and says for
//! which account it speaks; the same verbs answer as behind the pages, with the account for the owner.
//!
//! What it looks like in full is in `static/openapi.json`, which is served here and held against real answers by a test.

mod body;
pub mod cards;
mod show;

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::app::{App, Fault, Landing, Opening, StartKey, TICKET_LENGTH};
use crate::domain::id::{AssetId, Fingerprint, IssuerId, SessionId, Subject};
use crate::domain::launch::ReturnPath;
use crate::domain::locale::Locale;

use crate::words::{Language, Words};

use super::attempt::{answer_method, answer_terms, public_ipv4, session_id};
use super::form::Fields;
use super::guard::data;
use super::inbound::{body as read_body, detached};
use super::picker::{Wanted, tongue};
use super::problem::Problem;
use super::text::typed_code;
use super::{assets, callback, paths, push};

use body::Members;

const DESCRIPTION: &str = include_str!("../../../static/openapi.json");
/// The longest `Idempotency-Key`.
const KEY_BYTES_MAX: usize = 128;
const SUBJECT_RULE: &str = "subject is 1 to 64 letters, digits, -, _ or .";

/// The layer of every route here: one `Authorization` header, with the credential.
pub async fn credential(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut given = request.headers().get_all(AUTHORIZATION).iter();
    let bearer = given
        .next()
        .and_then(|value| value.to_str().ok()?.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim_start_matches(' '));
    let is_known = given.next().is_none() && bearer.is_some_and(|bearer| app.is_credential(bearer));
    if is_known {
        next.run(request).await
    } else {
        Problem::no_credential().into_response()
    }
}

/// `GET /api/v1/openapi.json`
pub async fn description() -> Response {
    json_text(StatusCode::OK, DESCRIPTION.to_owned())
}

/// `GET /api/v1/issuers`: all that match `q` and `country`, in the picker's order.
///
/// # Errors
/// 400 and 422 for a query that cannot be meant, 503 when there is no list at all.
pub async fn issuers(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let wanted = Wanted::parse_search(query.as_deref().unwrap_or_default())?;
    let country = wanted.country.flatten();
    let found = app.native_issuers(&wanted.query, country.as_ref(), tongue(Language::ENGLISH));
    let issuers = found.ok_or_else(Problem::no_directory)?;
    Ok(json(StatusCode::OK, &show::issuers(&issuers)))
}

/// `POST /api/v1/handoffs`: a browser of this account may be sent to the address in the answer, once.
///
/// # Errors
/// 400 for a body that cannot be read, 422 for a value that cannot be meant.
pub async fn hand_over(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let members = members(&app, request, &["subject", "path", "ticket"]).await?;
    let subject = subject(&members)?;
    let ticket = members.one("ticket").map(str::to_owned);
    let is_ours =
        |ticket: &String| ticket.len() == TICKET_LENGTH && ticket.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !ticket.as_ref().is_none_or(is_ours) {
        return Err(body::wrong(
            "ticket",
            "ticket is what our page gave to the sign-in page",
        ));
    }
    let path = members.one("path").unwrap_or(paths::HOME).to_owned();
    if !paths::is_page(&path) {
        return Err(body::wrong("path", "path is one of our pages, without a query"));
    }
    let origin = app.public_url().to_owned();
    let handed = detached(async move { app.hand_over(&subject, &path, ticket.as_deref()).await }).await?;
    let url = format!("{origin}{}", paths::handoff(&handed.token));
    Ok(json(StatusCode::CREATED, &show::handed_over(&url, handed.expires_in_s)))
}

/// `POST /api/v1/sessions`: begins an attempt. Asked again under the same `Idempotency-Key`, the same one.
///
/// # Errors
/// As [`hand_over`]; 404 for an unknown issuer.
pub async fn start(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let key = idempotency_key(request.headers())?;
    let members = members(&app, request, &["subject", "issuer", "return", "locale"]).await?;
    let owner = app.owner_of_account(&subject(&members)?);
    let issuer = IssuerId::parse(members.one("issuer").unwrap_or_default()).map_err(|_| Fault::UnknownIssuer)?;
    let return_path = match members.one("return") {
        Some("app") => ReturnPath::App,
        Some("browser") => ReturnPath::Browser,
        _ => return Err(body::wrong("return", "return is app or browser")),
    };
    let locale = members.one("locale").map(Locale::parse).transpose();
    let locale = locale.map_err(|_| body::wrong("locale", "locale is a language and a country, as en_US"))?;
    let opening = Opening {
        locale,
        is_of_account: true,
        return_path,
        key: key.map(StartKey::Asked),
        ..Opening::default()
    };
    let (opener, opened) = (app.clone(), owner.clone());
    let id = detached(async move { opener.open(&opened, &issuer, opening).await }).await?;
    present(&app, &id, &owner, StatusCode::CREATED).await
}

/// `POST /api/v1/pushes`: the wallet's app caught the link of a bank that pushes cards. `push_url` is what it was opened with.
///
/// # Errors
/// As [`hand_over`], and whatever the link deserves; nothing was used then.
pub async fn pushed(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let members = members(&app, request, &["subject", "push_url", "locale"]).await?;
    let owner = app.owner_of_account(&subject(&members)?);
    let locale = members.one("locale").map(Locale::parse).transpose();
    let locale = locale.map_err(|_| body::wrong("locale", "locale is a language and a country, as en_US"))?;
    let address = members.one("push_url").unwrap_or_default();
    let address = address.split_once('#').map_or(address, |(address, _)| address);
    let Some((_, query)) = address.split_once('?') else {
        return Err(body::wrong(
            "push_url",
            "push_url is the address that the app was opened with",
        ));
    };
    let pushed = push::parse(query.as_bytes())?;
    let landing = Landing {
        owner: owner.clone(),
        is_of_account: true,
        locale,
        unnamed: Words::new(Language::ENGLISH, app.wallet_name().into()).push_your_bank(),
    };
    let lander = app.clone();
    let landed = detached(async move { lander.land(landing, &pushed).await }).await?;
    present(&app, &landed.session, &owner, StatusCode::CREATED).await
}

/// `POST /api/v1/sessions/{id}/accept`: the pushed cards are wanted.
///
/// # Errors
/// As every step; 410 when the receipts were used elsewhere in the meantime.
pub async fn accept(
    State(app): State<App>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let step = Step::read(app, &session, request, &[]).await?;
    step.take(|app, id, owner| async move { app.accept_push(&id, &owner).await })
        .await
}

/// `GET /api/v1/sessions/{id}`: where it stands.
///
/// # Errors
/// 404 for a session that is not this account's.
pub async fn session(
    State(app): State<App>,
    Path(session): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let owner = app.owner_of_account(&asked_subject(query)?);
    present(&app, &session_id(&session)?, &owner, StatusCode::OK).await
}

/// `POST /api/v1/sessions/{id}/return`: the wallet's app caught the return. `return_url` is what it was opened with.
///
/// # Errors
/// Whatever the return deserves. A session that is not this account's is 404, and the receipt is never used.
pub async fn returned(
    State(app): State<App>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let members = members(&app, request, &["subject", "return_url"]).await?;
    let owner = app.owner_of_account(&subject(&members)?);
    let id = session_id(&session)?;
    let address = members.one("return_url").unwrap_or_default();
    let address = address.split_once('#').map_or(address, |(address, _)| address);
    let (callback, query) = address.split_once('?').unwrap_or((address, ""));
    if !app.is_callback_of(&id, callback) {
        return Err(body::wrong("return_url", "return_url is the callback of this session"));
    }
    let names = app.return_names(&id).await?;
    let returned = match callback::parse(query.as_bytes(), &names) {
        Ok(returned) => returned,
        Err(rule) => {
            // Only its own account is told what is wrong with it.
            app.native_attempt(&id, &owner).await?;
            return Err(Fault::MalformedReturn(rule).into());
        }
    };
    let (accepter, target, by) = (app.clone(), id.clone(), owner.clone());
    let outcome = detached(async move { accepter.accept_return(&target, Some(&by), returned).await }).await;
    match outcome {
        // To this account there is no such session; that its bank's answer must never be used is seen to.
        Err(Fault::OtherBrowser { .. }) => Err(Problem::not_found()),
        outcome => done(&app, &id, &owner, outcome).await,
    }
}

/// `POST /api/v1/sessions/{id}/terms`: `action` is `accept` or `decline`, `shown` is what was read, `device_ip` the public
/// IPv4 address of the cardholder's device, if it is known.
///
/// # Errors
/// As every step: 404, 409 when the session is in no state for it, 410 when its time is up, 422.
pub async fn terms(State(app): State<App>, Path(session): Path<String>, request: Request) -> Result<Response, Problem> {
    let step = Step::read(app, &session, request, &["action", "shown", "device_ip"]).await?;
    let action = step.value("action");
    let shown = step.value("shown");
    let device_ip = match step.members.one("device_ip") {
        None => None,
        Some(text) => {
            let address: Ipv4Addr = text
                .parse()
                .map_err(|_| body::wrong("device_ip", "device_ip is an IPv4 address"))?;
            public_ipv4(IpAddr::V4(address))
        }
    };
    step.take(move |app, id, owner| async move { answer_terms(&app, &id, &owner, (&action, &shown), device_ip).await })
        .await
}

/// `GET /api/v1/sessions/{id}/terms/{asset}`: terms that are a PDF.
///
/// # Errors
/// 404 for another account's.
pub async fn terms_pdf(
    State(app): State<App>,
    Path((session, asset)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let owner = app.owner_of_account(&asked_subject(query)?);
    let id = session_id(&session)?;
    let asset = AssetId::parse(&asset).map_err(|_| Fault::UnknownAsset)?;
    Ok(assets::download(app.terms_pdf(&id, &owner, &asset).await?))
}

/// `POST /api/v1/sessions/{id}/method`: `method` is the id of one that is offered, or `later`.
///
/// # Errors
/// As every step.
pub async fn method(
    State(app): State<App>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let step = Step::read(app, &session, request, &["method"]).await?;
    let method = step.value("method");
    step.take(move |app, id, owner| async move { answer_method(&app, &id, &owner, &method).await })
        .await
}

/// `POST /api/v1/sessions/{id}/code`: `code` as the cardholder types it.
///
/// # Errors
/// As every step.
pub async fn code(State(app): State<App>, Path(session): Path<String>, request: Request) -> Result<Response, Problem> {
    let step = Step::read(app, &session, request, &["code"]).await?;
    let code = typed_code(&step.value("code"));
    step.take(move |app, id, owner| async move { app.submit_code(&id, &owner, &code).await })
        .await
}

/// `POST /api/v1/sessions/{id}/resend`: the code again.
///
/// # Errors
/// As every step; 429 when no more codes can be sent.
pub async fn resend(
    State(app): State<App>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let step = Step::read(app, &session, request, &[]).await?;
    step.take(|app, id, owner| async move { app.resend(&id, &owner).await })
        .await
}

/// `POST /api/v1/sessions/{id}/confirm`: another way to confirm, or back to a card that waits.
///
/// # Errors
/// As every step.
pub async fn confirm(
    State(app): State<App>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let step = Step::read(app, &session, request, &[]).await?;
    step.take(|app, id, owner| async move { app.another_way(&id, &owner).await })
        .await
}

/// `POST /api/v1/sessions/{id}/cancel`
///
/// # Errors
/// As every step.
pub async fn cancel(
    State(app): State<App>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let step = Step::read(app, &session, request, &[]).await?;
    step.take(|app, id, owner| async move { app.cancel(&id, &owner).await })
        .await
}

/// A step of a session, read and not taken yet.
struct Step {
    app: App,
    id: SessionId,
    owner: Fingerprint,
    members: Members,
}

impl Step {
    /// `known` are the members besides `subject`.
    async fn read(app: App, session: &str, request: Request, known: &[&str]) -> Result<Self, Problem> {
        let known: Vec<&str> = known.iter().copied().chain(["subject"]).collect();
        let members = members(&app, request, &known).await?;
        Ok(Self {
            owner: app.owner_of_account(&subject(&members)?),
            id: session_id(session)?,
            members,
            app,
        })
    }

    /// A member, "" when it is not given.
    fn value(&self, name: &str) -> String {
        self.members.one(name).unwrap_or_default().to_owned()
    }

    /// Does `verb`, and answers with where the session stands then.
    async fn take<Done>(self, verb: impl FnOnce(App, SessionId, Fingerprint) -> Done) -> Result<Response, Problem>
    where
        Done: Future<Output = Result<(), Fault>> + Send + 'static,
    {
        let outcome = detached(verb(self.app.clone(), self.id.clone(), self.owner.clone())).await;
        done(&self.app, &self.id, &self.owner, outcome).await
    }
}

async fn done(app: &App, id: &SessionId, owner: &Fingerprint, outcome: Result<(), Fault>) -> Result<Response, Problem> {
    outcome?;
    present(app, id, owner, StatusCode::OK).await
}

async fn present(app: &App, id: &SessionId, owner: &Fingerprint, status: StatusCode) -> Result<Response, Problem> {
    let attempt = app.native_attempt(id, owner).await?;
    Ok(json(status, &show::attempt(&attempt)))
}

async fn members(app: &App, request: Request, known: &[&str]) -> Result<Members, Problem> {
    let bytes = read_body(request, "application/json", app.limits().api_body_bytes).await?;
    Members::parse(&bytes, known)
}

fn subject(members: &Members) -> Result<Subject, Problem> {
    let text = members.one("subject").unwrap_or_default();
    Subject::parse(text).map_err(|_| body::wrong("subject", SUBJECT_RULE))
}

/// The one parameter of what is asked about an account.
fn asked_subject(query: Option<String>) -> Result<Subject, Problem> {
    let query = query.unwrap_or_default();
    let fields = Fields::parse(query.as_bytes(), &["subject"])?;
    let text = fields.one("subject").unwrap_or_default();
    Ok(Subject::parse(text).map_err(|_| Fault::BadInput(SUBJECT_RULE))?)
}

/// What the caller names this beginning, if it does.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut given = headers.get_all("idempotency-key").iter();
    let Some(value) = given.next() else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    let is_key = (1..=KEY_BYTES_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_key && given.next().is_none() {
        Ok(Some(text.to_owned()))
    } else {
        Err(Fault::BadInput("Idempotency-Key is one header of 1 to 128 signs without spaces").into())
    }
}

fn json(status: StatusCode, value: &Value) -> Response {
    json_text(status, value.to_string())
}

fn json_text(status: StatusCode, text: String) -> Response {
    data(status, "application/json", text)
}

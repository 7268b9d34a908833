//! Rows to domain and back. A row that cannot be is named by table and id, never guessed at.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::clock::random_bytes;
use crate::domain::Millis;
use crate::domain::card::{Attempts, Card, CardSecrets, CardState, Effect, EffectStatus, Operation, Terms};
use crate::domain::host_page::HostPage;
use crate::domain::id::{
    AccountReference, CardId, Fingerprint, IssuerId, RequestId, SessionId, TaskId, TokenReference,
};
use crate::domain::launch::ReturnPath;
use crate::domain::life::TokenLife;
use crate::domain::locale::Locale;
use crate::domain::push::PushTerms;
use crate::domain::receipt::ReceiptToken;
use crate::domain::same_person::SamePersonCode;
use crate::domain::session::{Session, State};
use crate::domain::token::{CardFace, EligibilityReceipt};
use crate::seal::Sealer;

use super::StoreFault;
use super::db::{Statement, Value};
use super::outcomes::at_issuer;
use super::pushes;

pub(super) const SESSION_COLUMNS: &str = "SELECT id, owner, issuer, issuer_name, body, code_sealed, created_at, expires_at, version, \
     push_sealed FROM sessions WHERE id = $1";
pub(super) type SessionRow = (
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    i64,
    i64,
    i64,
    Option<String>,
);

pub(super) const CARDS_OF_SESSION: &str = "SELECT id, receipt, body, receipt_sealed, eligibility_sealed, code_sealed, \
     token_reference, account_reference, changed_at FROM cards WHERE session_id = $1 ORDER BY position";
pub(super) type CardRow = (
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    i64,
);

pub(super) const OPEN_EFFECTS_OF_SESSION: &str = "SELECT request_id, card_id, operation, number, task_id, status, \
     prepared_at, sent_at, asked, ask_at FROM effects WHERE session_id = $1 AND status <> 'settled'";
pub(super) type EffectRow = (
    String,
    String,
    String,
    i64,
    Option<String>,
    String,
    i64,
    Option<i64>,
    i64,
    Option<i64>,
);

/// The part of a session that has no column.
#[derive(Serialize, Deserialize)]
struct SessionBody {
    state: State,
    #[serde(default)]
    is_of_account: bool,
    #[serde(default)]
    return_path: ReturnPath,
    #[serde(default)]
    touch_points: Option<u8>,
    #[serde(default)]
    locale: Option<Locale>,
    #[serde(default)]
    device_ip: Option<String>,
    #[serde(default)]
    host_page: Option<String>,
    #[serde(default)]
    returned_elsewhere: bool,
    #[serde(default)]
    returned_empty: bool,
    #[serde(default)]
    wrong_codes: u32,
    #[serde(default)]
    push: Option<PushTerms>,
}

/// The part of a card that has no column.
#[derive(Serialize, Deserialize)]
struct CardBody {
    state: CardState,
    terms: Option<Terms>,
    face: CardFace,
    attempts: Attempts,
    #[serde(default)]
    life: TokenLife,
}

pub(super) fn inconsistent(table: &'static str, id: &str) -> StoreFault {
    StoreFault::Inconsistent {
        table,
        id: id.to_owned(),
    }
}

/// A session without its cards.
pub(super) fn session(row: SessionRow, sealer: &Sealer) -> Result<Session, StoreFault> {
    let (id, owner, issuer, issuer_name, body, code_sealed, created_at, expires_at, version, push_sealed) = row;
    let bad = || inconsistent("sessions", &id);
    let body: SessionBody = serde_json::from_str(&body).map_err(|_| bad())?;
    let code = code_sealed.map(|sealed| {
        let text = sealer.open(&code_aad(&id), &sealed).map_err(|_| bad())?;
        SamePersonCode::parse(text.expose_secret()).map_err(|_| bad())
    });
    let host_page = body.host_page.map(|text| HostPage::parse(&text).map_err(|_| bad()));
    Ok(Session {
        owner: Fingerprint::parse(&owner).map_err(|_| bad())?,
        issuer: IssuerId::parse(&issuer).map_err(|_| bad())?,
        issuer_name,
        state: body.state,
        cards: Vec::new(),
        created_at: Millis(created_at),
        expires_at: Millis(expires_at),
        is_of_account: body.is_of_account,
        return_path: body.return_path,
        touch_points: body.touch_points,
        locale: body.locale,
        device_ip: body.device_ip,
        host_page: host_page.transpose()?,
        returned_elsewhere: body.returned_elsewhere,
        returned_empty: body.returned_empty,
        same_person_code: code.transpose()?,
        wrong_codes: body.wrong_codes,
        push: pushes::push(&id, body.push, push_sealed, sealer)?,
        version,
        id: SessionId::parse(&id).map_err(|_| bad())?,
    })
}

/// A card without its effect.
pub(super) fn card(row: CardRow, sealer: &Sealer) -> Result<Card, StoreFault> {
    let (id, receipt, body, receipt_sealed, eligibility_sealed, code_sealed, token, account, changed_at) = row;
    let bad = || inconsistent("cards", &id);
    let body: CardBody = serde_json::from_str(&body).map_err(|_| bad())?;
    let unseal = |column: &str, sealed: Option<String>| {
        sealed
            .map(|text| sealer.open(&aad(&id, column), &text).map_err(|_| bad()))
            .transpose()
    };
    let receipt_text = unseal("receipt", receipt_sealed)?;
    let secrets = CardSecrets {
        receipt: receipt_text
            .map(|text| ReceiptToken::parse(text.expose_secret()).map_err(|_| bad()))
            .transpose()?,
        eligibility: unseal("eligibility", eligibility_sealed)?
            .map(|text| EligibilityReceipt::new(text.expose_secret())),
        code: unseal("code", code_sealed)?,
    };
    Ok(Card {
        receipt: Fingerprint::parse(&receipt).map_err(|_| bad())?,
        state: body.state,
        secrets,
        terms: body.terms,
        token: token
            .map(|text| TokenReference::parse(&text))
            .transpose()
            .map_err(|_| bad())?,
        account: account
            .map(|text| AccountReference::parse(&text))
            .transpose()
            .map_err(|_| bad())?,
        face: body.face,
        effect: None,
        attempts: body.attempts,
        life: body.life,
        changed_at: Millis(changed_at),
        id: CardId::parse(&id).map_err(|_| bad())?,
    })
}

/// An open effect and the id of its card.
pub(super) fn effect(row: EffectRow) -> Result<(String, Effect), StoreFault> {
    let (request, card, operation, number, task, status, prepared_at, sent_at, asked, ask_at) = row;
    let bad = || inconsistent("effects", &request);
    let effect = Effect {
        operation: Operation::of_name(&operation).ok_or_else(bad)?,
        task: task.map(|text| TaskId::parse(&text)).transpose().map_err(|_| bad())?,
        number: u32::try_from(number).map_err(|_| bad())?,
        status: EffectStatus::of_name(&status).ok_or_else(bad)?,
        prepared_at: Millis(prepared_at),
        sent_at: sent_at.map(Millis),
        asked: u32::try_from(asked).map_err(|_| bad())?,
        ask_at: ask_at.map(Millis),
        request: RequestId::parse(&request).map_err(|_| bad())?,
    };
    Ok((card, effect))
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data has a JSON form")
}

fn session_body(session: &Session) -> String {
    json(&SessionBody {
        state: session.state.clone(),
        is_of_account: session.is_of_account,
        return_path: session.return_path,
        touch_points: session.touch_points,
        locale: session.locale.clone(),
        device_ip: session.device_ip.clone(),
        host_page: session.host_page.as_ref().map(|page| page.as_str().to_owned()),
        returned_elsewhere: session.returned_elsewhere,
        returned_empty: session.returned_empty,
        wrong_codes: session.wrong_codes,
        push: session.push.as_ref().map(|push| push.terms),
    })
}

/// Sealed for its own row: nobody can give a session the code of another.
fn code_sealed(session: &Session, sealer: &Sealer) -> Option<String> {
    let code = session.same_person_code.as_ref()?;
    let text = SecretString::from(code.expose());
    Some(sealer.seal(&code_aad(session.id.as_str()), &text, random_bytes()))
}

fn code_aad(session: &str) -> String {
    format!("sessions/{session}/code")
}

/// `start_key` is what the one who begins it calls this beginning; a second row of that name is not written.
pub(super) fn insert_session(
    session: &Session,
    start_key: Option<&Fingerprint>,
    due_at: Option<Millis>,
    now: Millis,
    sealer: &Sealer,
) -> Statement {
    Statement {
        sql: "INSERT INTO sessions (id, owner, issuer, issuer_name, state, body, created_at, expires_at, changed_at, \
              due_at, code_sealed, start_key, push_sealed, lease_until, lease_ms, fence, version) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, 0) ON CONFLICT (start_key) DO NOTHING",
        values: vec![
            session.id.as_str().into(),
            session.owner.as_str().into(),
            session.issuer.as_str().into(),
            session.issuer_name.as_str().into(),
            session.state.name().as_str().into(),
            session_body(session).into(),
            session.created_at.0.into(),
            session.expires_at.0.into(),
            now.0.into(),
            due_at.map(|at| at.0).into(),
            code_sealed(session, sealer).into(),
            start_key.map(|key| key.as_str().to_owned()).into(),
            pushes::sealed(session, sealer).into(),
        ],
    }
}

/// The guarded statement that moves a session: it happens only if nobody else has written since, and, for a worker,
/// only if its lease was not given to another. A worker's write renews its lease: one lease is for one call of MDES.
pub(super) fn advance_session(
    session: &Session,
    fence: Option<i64>,
    due_at: Option<Millis>,
    now: Millis,
    sealer: &Sealer,
) -> Statement {
    let mut values: Vec<Value> = vec![
        session.state.name().as_str().into(),
        session_body(session).into(),
        now.0.into(),
        due_at.map(|at| at.0).into(),
        session.expires_at.0.into(),
        code_sealed(session, sealer).into(),
        session.id.as_str().into(),
        session.version.into(),
        at_issuer(session).map(str::to_owned).into(),
    ];
    let sql = if let Some(fence) = fence {
        values.push(fence.into());
        "UPDATE sessions SET state = $1, body = $2, changed_at = $3, due_at = $4, expires_at = $5, code_sealed = $6, \
         at_issuer = COALESCE($9, at_issuer), version = version + 1, lease_until = $3 + lease_ms \
         WHERE id = $7 AND version = $8 AND fence = $10"
    } else {
        "UPDATE sessions SET state = $1, body = $2, changed_at = $3, due_at = $4, expires_at = $5, code_sealed = $6, \
         at_issuer = COALESCE($9, at_issuer), version = version + 1 WHERE id = $7 AND version = $8"
    };
    Statement { sql, values }
}

pub(super) fn upsert_card(session: &Session, position: usize, card: &Card, sealer: &Sealer) -> Statement {
    let seal = |column: &str, text: Option<&str>| {
        text.map(|text| {
            sealer.seal(
                &aad(card.id.as_str(), column),
                &SecretString::from(text),
                random_bytes(),
            )
        })
    };
    let account = card.account.as_ref().map(|account| account.as_str().to_owned());
    let live = account.as_ref().filter(|_| card.state.is_in_wallet());
    Statement {
        sql: "INSERT INTO cards (id, session_id, position, owner, receipt, state, body, receipt_sealed, \
              eligibility_sealed, code_sealed, token_reference, account_reference, live_account, changed_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
              ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body, \
              receipt_sealed = excluded.receipt_sealed, eligibility_sealed = excluded.eligibility_sealed, \
              code_sealed = excluded.code_sealed, token_reference = excluded.token_reference, \
              account_reference = excluded.account_reference, live_account = excluded.live_account, \
              changed_at = excluded.changed_at",
        values: vec![
            card.id.as_str().into(),
            session.id.as_str().into(),
            i64::try_from(position).unwrap_or(i64::MAX).into(),
            session.owner.as_str().into(),
            card.receipt.as_str().into(),
            card.state.name().into(),
            json(&CardBody {
                state: card.state.clone(),
                terms: card.terms.clone(),
                face: card.face.clone(),
                attempts: card.attempts,
                life: card.life.clone(),
            })
            .into(),
            seal("receipt", card.secrets.receipt.as_ref().map(ReceiptToken::expose)).into(),
            seal(
                "eligibility",
                card.secrets.eligibility.as_ref().map(EligibilityReceipt::expose),
            )
            .into(),
            seal("code", card.secrets.code.as_ref().map(|code| code.expose_secret())).into(),
            card.token.as_ref().map(|token| token.as_str().to_owned()).into(),
            account.clone().into(),
            live.map(|account| format!("{}/{account}", session.owner)).into(),
            card.changed_at.0.into(),
        ],
    }
}

pub(super) fn upsert_effect(session: &Session, card: &Card, effect: &Effect, now: Millis) -> Statement {
    Statement {
        sql: "INSERT INTO effects (request_id, session_id, card_id, operation, number, task_id, status, prepared_at, \
              sent_at, asked, ask_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
              ON CONFLICT (request_id) DO UPDATE SET status = excluded.status, sent_at = excluded.sent_at, \
              asked = excluded.asked, ask_at = excluded.ask_at, changed_at = excluded.changed_at",
        values: vec![
            effect.request.as_str().into(),
            session.id.as_str().into(),
            card.id.as_str().into(),
            effect.operation.name().into(),
            i64::from(effect.number).into(),
            effect.task.as_ref().map(|task| task.as_str().to_owned()).into(),
            effect.status.name().into(),
            effect.prepared_at.0.into(),
            effect.sent_at.map(|at| at.0).into(),
            i64::from(effect.asked).into(),
            effect.ask_at.map(|at| at.0).into(),
            now.0.into(),
        ],
    }
}

pub(super) fn spend_receipt(fingerprint: &Fingerprint, session: Option<&SessionId>, now: Millis) -> Statement {
    Statement {
        sql: "INSERT INTO receipts (fingerprint, session_id, spent_at) VALUES ($1, $2, $3)",
        values: vec![
            fingerprint.as_str().into(),
            session.map(|id| id.as_str().to_owned()).into(),
            now.0.into(),
        ],
    }
}

fn aad(card: &str, column: &str) -> String {
    format!("cards/{card}/{column}")
}

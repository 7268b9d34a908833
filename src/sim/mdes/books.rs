//! The books of MDES as JSON, out of one simulator and into another.
//!
//! An account is named by the card of the catalogue that it belongs to; its number is written only where no card has it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::lifecycle::SUSPENDERS;
use super::requestor::Holder;
use super::settings::TokenRequestor;
use super::state::{Account, Eligibility, Issuer, Receipt, ReceiptLife, State, Task, TaskStatus};
use super::token::{Code, Method, Token, TokenStatus};
use crate::sim::catalogue::{card_by_id, card_by_pan};
use crate::sim::lies::lie;

/// Everything that a flow needs to go on.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sim) struct Books {
    receipts: BTreeMap<String, ReceiptEntry>,
    eligibilities: BTreeMap<String, EligibilityEntry>,
    tasks: Vec<TaskEntry>,
    tokens: Vec<TokenEntry>,
    accounts: Vec<ReferenceEntry>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    expiry_month: Option<String>,
    expiry_year: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReceiptEntry {
    token_requestor_id: String,
    issuer: String,
    account: AccountEntry,
    expires_at_ms: i64,
    authentication_code: Option<String>,
    foreign: bool,
    /// The card's own lie comes with the card; one that was told to all is not.
    terms: Option<String>,
    life: Life,
    held_by: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Life {
    Fresh,
    Reserved,
    Consumed,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EligibilityEntry {
    receipt: String,
    token_requestor_id: String,
    instance: String,
    terms_asset_id: String,
    expires_at_ms: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskEntry {
    task_id: String,
    token_requestor_id: String,
    instance: String,
    completed: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenEntry {
    reference: String,
    account_reference: String,
    receipt: String,
    token_requestor_id: String,
    instance: String,
    approved: bool,
    status: Status,
    status_at_ms: i64,
    #[serde(default)]
    suspended_by: Vec<String>,
    methods: Vec<MethodEntry>,
    code: Option<CodeEntry>,
    correlation_id: String,
    issuer: String,
    account: AccountEntry,
    suffix: String,
    expiry: String,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    Inactive,
    Active,
    Suspended,
    Deactivated,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodEntry {
    id: u32,
    kind: String,
    value: String,
    issuer_kind: String,
    issuer_value: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeEntry {
    digits: String,
    expires_at_ms: i64,
    tries_left: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferenceEntry {
    account: AccountEntry,
    reference: String,
}

impl Books {
    /// As they are now.
    pub(super) fn of(state: &State) -> Self {
        let receipts = state
            .receipts
            .iter()
            .map(|(id, receipt)| (id.clone(), ReceiptEntry::of(receipt)));
        let eligibilities = state.eligibilities.iter().map(|(id, known)| {
            let entry = EligibilityEntry {
                receipt: known.receipt.clone(),
                token_requestor_id: known.holder.requestor.id.clone(),
                instance: known.holder.instance.clone(),
                terms_asset_id: known.terms_asset_id.clone(),
                expires_at_ms: known.expires_at_ms,
            };
            (id.clone(), entry)
        });
        let tasks = state.tasks.iter().map(|((_, task_id), task)| TaskEntry {
            task_id: task_id.clone(),
            token_requestor_id: task.holder.requestor.id.clone(),
            instance: task.holder.instance.clone(),
            // One that is under way ends here: nobody will go on with it elsewhere.
            completed: task.status == TaskStatus::Completed,
        });
        let mut tasks: Vec<TaskEntry> = tasks.collect();
        tasks.sort_by(|one, other| one.task_id.cmp(&other.task_id));
        let mut tokens: Vec<&Token> = state.tokens.values().collect();
        tokens.sort_by_key(|token| token.number);
        let accounts = state.account_references().map(|(number, reference)| ReferenceEntry {
            account: AccountEntry::of(&Account {
                number: number.clone(),
                expiry_month: None,
                expiry_year: None,
            }),
            reference: reference.clone(),
        });
        Self {
            receipts: receipts.collect(),
            eligibilities: eligibilities.collect(),
            tasks,
            tokens: tokens.into_iter().map(TokenEntry::of).collect(),
            accounts: accounts.collect(),
        }
    }

    /// Puts these books in the place of those that are there, all of them or none.
    ///
    /// # Errors
    /// A sentence that names a bank, a card or a token requestor that is not known here.
    pub(super) fn into_state(self, state: &mut State, requestors: &[Arc<TokenRequestor>]) -> Result<(), String> {
        let issuers = state.issuers.clone();
        let mut receipts = Vec::new();
        for (id, entry) in self.receipts {
            receipts.push((id, entry.read(&issuers, requestors)?));
        }
        let mut tokens = Vec::new();
        for (number, entry) in self.tokens.into_iter().enumerate() {
            tokens.push(entry.read(number, &issuers, requestors)?);
        }
        let mut references = Vec::new();
        for entry in self.accounts {
            references.push((entry.account.read()?.number, entry.reference));
        }
        let mut eligibilities = Vec::new();
        for (id, entry) in self.eligibilities {
            let known = Eligibility {
                receipt: entry.receipt,
                holder: holder(requestors, &entry.token_requestor_id, entry.instance)?,
                terms_asset_id: entry.terms_asset_id,
                expires_at_ms: entry.expires_at_ms,
            };
            eligibilities.push((id, known));
        }
        let mut tasks = Vec::new();
        for entry in self.tasks {
            let holder = holder(requestors, &entry.token_requestor_id, entry.instance)?;
            let status = if entry.completed {
                TaskStatus::Completed
            } else {
                TaskStatus::Failed
            };
            tasks.push(((entry.token_requestor_id, entry.task_id), Task { holder, status }));
        }
        state.forget();
        state.receipts.extend(receipts);
        state.eligibilities.extend(eligibilities);
        state.tasks.extend(tasks);
        state.take_over(tokens, references);
        Ok(())
    }
}

impl AccountEntry {
    fn of(account: &Account) -> Self {
        let card = card_by_pan(&account.number).map(|card| card.id);
        Self {
            number: card.is_none().then(|| account.number.clone()),
            card,
            expiry_month: account.expiry_month.clone(),
            expiry_year: account.expiry_year.clone(),
        }
    }

    fn read(self) -> Result<Account, String> {
        let number = match (self.card, self.number) {
            (Some(card), None) => card_by_id(&card).ok_or(format!("There is no card {card}."))?.pan,
            (None, Some(number)) => number,
            _ => return Err("An account has a card or a number, one of them.".to_owned()),
        };
        Ok(Account {
            number,
            expiry_month: self.expiry_month,
            expiry_year: self.expiry_year,
        })
    }
}

impl ReceiptEntry {
    fn of(receipt: &Receipt) -> Self {
        let (life, held_by) = match &receipt.life {
            ReceiptLife::Fresh => (Life::Fresh, None),
            ReceiptLife::Reserved(holder) | ReceiptLife::Digitizing(holder) => (Life::Reserved, Some(holder.clone())),
            ReceiptLife::Consumed => (Life::Consumed, None),
        };
        Self {
            token_requestor_id: receipt.requestor.id.clone(),
            issuer: receipt.issuer.entry.issuer_id.clone(),
            account: AccountEntry::of(&receipt.account),
            expires_at_ms: receipt.expires_at_ms,
            authentication_code: receipt.authentication_code.clone(),
            foreign: receipt.foreign,
            terms: receipt.terms.clone(),
            life,
            held_by,
        }
    }

    fn read(self, issuers: &[Arc<Issuer>], requestors: &[Arc<TokenRequestor>]) -> Result<Receipt, String> {
        let requestor = requestor(requestors, &self.token_requestor_id)?;
        let account = self.account.read()?;
        let own = card_by_pan(&account.number).and_then(|card| card.lie).and_then(lie);
        Ok(Receipt {
            authentication_code: self.authentication_code,
            foreign: self.foreign,
            lie: super::lying::about_receipt(own, ""),
            terms: self.terms,
            life: match (self.life, self.held_by) {
                (Life::Fresh, _) | (Life::Reserved, None) => ReceiptLife::Fresh,
                (Life::Reserved, Some(holder)) => ReceiptLife::Reserved(holder),
                (Life::Consumed, _) => ReceiptLife::Consumed,
            },
            ..Receipt::new(requestor, issuer(issuers, &self.issuer)?, account, self.expires_at_ms)
        })
    }
}

impl TokenEntry {
    fn of(token: &Token) -> Self {
        Self {
            reference: token.reference.clone(),
            account_reference: token.account_reference.clone(),
            receipt: token.receipt.clone(),
            token_requestor_id: token.holder.requestor.id.clone(),
            instance: token.holder.instance.clone(),
            approved: token.decision == APPROVED,
            status: match token.status {
                TokenStatus::Inactive => Status::Inactive,
                TokenStatus::Active => Status::Active,
                TokenStatus::Suspended => Status::Suspended,
                TokenStatus::Deactivated => Status::Deactivated,
            },
            status_at_ms: token.status_at_ms,
            suspended_by: token.suspended_by.iter().map(|name| (*name).to_owned()).collect(),
            methods: token.methods.iter().map(MethodEntry::of).collect(),
            code: token.code.as_ref().map(|code| CodeEntry {
                digits: code.digits.clone(),
                expires_at_ms: code.expires_at_ms,
                tries_left: code.tries_left,
            }),
            correlation_id: token.correlation_id.clone(),
            issuer: token.issuer.entry.issuer_id.clone(),
            account: AccountEntry::of(&token.account),
            suffix: token.suffix.clone(),
            expiry: token.expiry.clone(),
        }
    }

    fn read(self, number: usize, issuers: &[Arc<Issuer>], requestors: &[Arc<TokenRequestor>]) -> Result<Token, String> {
        let methods = self.methods.into_iter().map(|entry| Method {
            id: entry.id,
            kind: entry.kind,
            value: entry.value,
            issuer_side: (entry.issuer_kind, entry.issuer_value),
        });
        Ok(Token {
            issuer: issuer(issuers, &self.issuer)?,
            account: self.account.read()?,
            reference: self.reference,
            account_reference: self.account_reference,
            receipt: self.receipt,
            holder: holder(requestors, &self.token_requestor_id, self.instance)?,
            decision: if self.approved {
                APPROVED
            } else {
                "REQUIRE_ADDITIONAL_AUTHENTICATION"
            },
            status: match self.status {
                Status::Inactive => TokenStatus::Inactive,
                Status::Active => TokenStatus::Active,
                Status::Suspended => TokenStatus::Suspended,
                Status::Deactivated => TokenStatus::Deactivated,
            },
            status_at_ms: self.status_at_ms,
            suspended_by: suspenders(&self.suspended_by)?,
            methods: methods.collect(),
            code: self.code.map(|code| Code {
                digits: code.digits,
                expires_at_ms: code.expires_at_ms,
                tries_left: code.tries_left,
            }),
            correlation_id: self.correlation_id,
            suffix: self.suffix,
            expiry: self.expiry,
            number,
        })
    }
}

impl MethodEntry {
    fn of(method: &Method) -> Self {
        Self {
            id: method.id,
            kind: method.kind.clone(),
            value: method.value.clone(),
            issuer_kind: method.issuer_side.0.clone(),
            issuer_value: method.issuer_side.1.clone(),
        }
    }
}

fn suspenders(names: &[String]) -> Result<BTreeSet<&'static str>, String> {
    let known = |name: &String| SUSPENDERS.into_iter().find(|known| known == name);
    let read = names
        .iter()
        .map(|name| known(name).ok_or(format!("Nobody called {name} suspends tokens.")));
    read.collect()
}

fn issuer(issuers: &[Arc<Issuer>], id: &str) -> Result<Arc<Issuer>, String> {
    let known = issuers.iter().find(|issuer| issuer.entry.issuer_id == id);
    known
        .cloned()
        .ok_or(format!("MDES does not list {id}; PUT /_sim/issuers first."))
}

fn requestor(requestors: &[Arc<TokenRequestor>], id: &str) -> Result<Arc<TokenRequestor>, String> {
    let known = requestors.iter().find(|requestor| requestor.id == id);
    known
        .cloned()
        .ok_or(format!("No token requestor {id} is enrolled here."))
}

fn holder(requestors: &[Arc<TokenRequestor>], id: &str, instance: String) -> Result<Holder, String> {
    let requestor = requestor(requestors, id)?;
    Ok(Holder { requestor, instance })
}

const APPROVED: &str = "APPROVED";

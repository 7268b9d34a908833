//! Cards that a bank pushes: which bank it is, what the cardholder is asked, and what the bank is told in the end.
//!
//! Nothing that MDES signs names the bank: it is known by the address that it wants its cardholder back at. Results hold
//! receipts and token references, so they go to such an address and nowhere else (implementation guide p. 50 to 53).

use serde::{Deserialize, Serialize};

use super::card::{Card, CardState, Failure};
use super::id::{CardId, Fingerprint, Millis, TokenReference};
use super::query::encode;
use super::receipt::{RECEIPTS_MAX, ReceiptToken, UnverifiedJws};
use super::session::{Refusal, Session, State};

pub use super::callback::{Callback, CallbackFault, RegisteredCallback, judge};

/// For so long after its session began a bank may be told how it ended, in milliseconds. Then its address and the receipts
/// are erased.
pub const WAY_BACK_MS: i64 = 24 * 3_600_000;

/// What stands for a bank that nothing names. No directory has it: its ids are Mastercard's UUIDs or names.
pub const UNNAMED: &str = "-unnamed-";

/// What a bank pushed into a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// The receipts, in order. None any more when they were erased.
    pub receipts: Vec<ReceiptToken>,
    /// Where the bank wants its cardholder back: only what was signed, and judged. None when it was erased.
    pub callback: Option<Callback>,
    /// What is no secret of it.
    pub terms: PushTerms,
}

/// What came at the landing: unverified, every part optional.
#[derive(Clone, Debug, Default)]
pub struct UnverifiedPush {
    /// The signed form.
    pub jws: Option<UnverifiedJws>,
    /// The receipts of the unsigned form; beside the signed one they must be among its own.
    pub plain_receipts: Vec<String>,
    /// `callbackURL` of the unsigned form: a claim of whose link it is, and never followed.
    pub callback: Option<String>,
    /// `completeIssuerAppActivation`, unsigned. Beside the signed form only `false` counts: it is the safer one, and gets
    /// lost in what is signed (protocol facts 12.6).
    pub completes_in_app: Option<bool>,
    /// `completeWebsiteActivation`, unsigned.
    pub completes_on_website: Option<bool>,
    /// `callbackRequired`, unsigned.
    pub must_return: Option<bool>,
    /// `locale`, unsigned.
    pub locale: Option<String>,
}

/// Why nothing begins with what was pushed. Each has its own page; nothing was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushFault {
    /// It cannot be read, or in two ways: which rule it breaks.
    Malformed(&'static str),
    /// A genuine receipt that names a session: it belongs to a return.
    OfSession,
    /// A bank's link without a signature, which is not accepted from it.
    Unsigned,
    /// The bank cannot be told.
    UnknownIssuer,
    /// Where the bank wants its cardholder back is not what is registered for it, or nowhere to be sent to.
    WrongCallback,
    /// Somebody has used these receipts, or may not.
    Used,
}

/// How the bank wants its push treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushTerms {
    /// MDES signed it.
    pub is_signed: bool,
    /// So many cards.
    pub cards: usize,
    /// The cardholder must be sent back (implementation guide p. 50): there is an address, and the bank did not leave it
    /// open.
    pub must_return: bool,
    /// `completeIssuerAppActivation`: whether the bank's app is to be opened for the cardholder's proof; otherwise the way
    /// back leads there (streamlined activation).
    pub completes_in_app: bool,
    /// `completeWebsiteActivation`: the same of its website.
    pub completes_on_website: bool,
}

/// What became of one pushed card, in the words of the protocol (implementation guide p. 52).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardResult {
    /// `APPROVED`
    Approved,
    /// `REQUIRE_ADDITIONAL_AUTHENTICATION`: the token is there, the proof is not.
    RequireAdditionalAuthentication,
    /// `DECLINED`
    Declined,
    /// `CANCELLED`: before there was a token, or the card was removed right after.
    Cancelled,
    /// `ERROR`
    Error,
    /// `DUPLICATE_REQUEST`
    DuplicateRequest,
}

impl CardResult {
    /// The value on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "APPROVED",
            Self::RequireAdditionalAuthentication => "REQUIRE_ADDITIONAL_AUTHENTICATION",
            Self::Declined => "DECLINED",
            Self::Cancelled => "CANCELLED",
            Self::Error => "ERROR",
            Self::DuplicateRequest => "DUPLICATE_REQUEST",
        }
    }

    /// Whether the token's reference goes with it.
    #[must_use]
    pub fn tells_token(self) -> bool {
        match self {
            Self::Approved | Self::RequireAdditionalAuthentication => true,
            Self::Declined | Self::Cancelled | Self::Error | Self::DuplicateRequest => false,
        }
    }

    fn of(state: &CardState, duplicate: Self) -> Self {
        match state {
            CardState::Active | CardState::Suspended => Self::Approved,
            CardState::Inactive(_) => Self::RequireAdditionalAuthentication,
            CardState::Declined => Self::Declined,
            CardState::Duplicate { .. } => duplicate,
            CardState::Failed { reason } => match reason {
                Failure::Duplicate => duplicate,
                // Nobody failed: it was left alone before there was a token.
                Failure::TooLate => Self::Cancelled,
                Failure::IssuerDeclined => Self::Declined,
                Failure::IssuerError
                | Failure::ReceiptRefused
                | Failure::NotAnswering
                | Failure::TermsUnavailable
                | Failure::Refused
                | Failure::NothingAdded
                | Failure::Unclear
                | Failure::WrongCode => Self::Error,
            },
            CardState::Held | CardState::Eligible { .. } | CardState::Deactivated => Self::Cancelled,
            CardState::Digitizing { .. } => Self::Error,
        }
    }
}

/// One receipt's line of what the bank is told. Not `Debug`: both of its secrets are in it.
pub struct Reported {
    /// The receipt.
    pub receipt: ReceiptToken,
    /// What became of it.
    pub result: CardResult,
    /// The token, where the result has one.
    pub token: Option<TokenReference>,
}

impl Reported {
    pub(super) fn pair(&self) -> String {
        let name = encode(&format!("results[{}]", self.receipt.expose()));
        let value = match self.token.as_ref().filter(|_| self.result.tells_token()) {
            Some(token) => encode(&format!("{}|{token}", self.result.as_str())),
            None => self.result.as_str().to_owned(),
        };
        format!("{name}={value}")
    }
}

impl Session {
    /// A session that a bank has begun by a push: nothing is done before the cardholder says so.
    #[must_use]
    pub fn pushed(self, push: Push) -> Self {
        Self {
            state: State::Pushed,
            push: Some(push),
            ..self
        }
    }

    /// The cardholder wants the cards that were pushed. `fingerprints` are those of the receipts, in order; `fresh` makes
    /// the ids of the cards.
    ///
    /// # Errors
    /// [`Refusal::Expired`] and [`Refusal::WrongState`].
    pub fn take_push(
        mut self,
        fingerprints: &[Fingerprint],
        now: Millis,
        receipt_life_ms: i64,
        mut fresh: impl FnMut() -> CardId,
    ) -> Result<Self, Refusal> {
        if self.is_overdue(now) {
            return Err(Refusal::Expired);
        }
        let wrong_state = Refusal::WrongState(self.state.name());
        let push = self.push.as_ref().filter(|_| self.state == State::Pushed);
        let receipts = push.ok_or(wrong_state)?.receipts.clone();
        if receipts.is_empty() || receipts.len() > RECEIPTS_MAX || receipts.len() != fingerprints.len() {
            return Err(wrong_state);
        }
        self.move_to(State::Returned {
            until_ms: now.plus_ms(receipt_life_ms).0,
        })?;
        let pairs = receipts.into_iter().zip(fingerprints);
        self.cards = pairs
            .map(|(receipt, fingerprint)| Card::held(fresh(), receipt, fingerprint.clone(), now))
            .collect();
        Ok(self)
    }

    /// Whether the bank can be told something now: it is over, or it waits for a proof and nothing is under way.
    #[must_use]
    pub fn is_reportable(&self, now: Millis) -> bool {
        let is_in_doubt = self.cards.iter().any(Card::is_in_doubt);
        match &self.state {
            _ if is_in_doubt => false,
            State::Active
            | State::Pending
            | State::Declined
            | State::Failed { .. }
            | State::Cancelled
            | State::Expired => true,
            State::StepUp { .. } | State::Code { .. } => !self.is_working(),
            State::Pushed | State::Terms => self.is_overdue(now),
            State::Offered | State::Launched | State::Returned { .. } | State::Digitizing => false,
        }
    }

    /// What the bank is told of each receipt at this moment; `None` when it is told nothing: while something is under way,
    /// after [`WAY_BACK_MS`], or when no bank pushed it. `duplicate` is what a card is called that was there before.
    #[must_use]
    pub fn report(&self, duplicate: CardResult, now: Millis) -> Option<Vec<Reported>> {
        let push = self.push.as_ref()?;
        if !self.is_reportable(now) || push.receipts.is_empty() || now.0 - self.created_at.0 >= WAY_BACK_MS {
            return None;
        }
        let line = |(place, receipt): (usize, &ReceiptToken)| {
            let card = self.cards.get(place);
            Reported {
                receipt: receipt.clone(),
                result: card.map_or(CardResult::Cancelled, |card| CardResult::of(&card.state, duplicate)),
                token: card.and_then(|card| card.token.clone()),
            }
        };
        Some(push.receipts.iter().enumerate().map(line).collect())
    }
}

#[cfg(test)]
#[path = "push_tests.rs"]
mod tests;

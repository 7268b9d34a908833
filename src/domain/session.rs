//! The session: one attempt to add cards from one issuer, and the only list of its states and transitions.

use serde::{Deserialize, Serialize};

use super::card::{Card, CardState, Failure};
use super::host_page::HostPage;
use super::id::{CardId, Fingerprint, IssuerId, Millis, SessionId};
use super::launch::ReturnPath;
use super::locale::Locale;
use super::push::Push;
use super::same_person::SamePersonCode;

pub use super::diagram::diagram;

/// A session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id; the issuer and MDES know it too.
    pub id: SessionId,
    /// Whose it is: the keyed hash of the secret of the browser that started it, or of a wallet account. Only that
    /// browser, or a browser that is signed in to that account, may finish it.
    pub owner: Fingerprint,
    /// The owner is an account.
    pub is_of_account: bool,
    /// Where it began.
    pub return_path: ReturnPath,
    /// The issuer that was chosen.
    pub issuer: IssuerId,
    /// Its name when it was chosen.
    pub issuer_name: String,
    /// Where the session stands.
    pub state: State,
    /// The cards that came back, in the order of the receipts; empty before the return.
    pub cards: Vec<Card>,
    /// When it began.
    pub created_at: Millis,
    /// When it ends if nothing else ends it.
    pub expires_at: Millis,
    /// `navigator.maxTouchPoints` of the browser that began it, when a script could say it: what tells an iPad that says
    /// Mac from a Mac.
    pub touch_points: Option<u8>,
    /// The language and country that it was begun in, if they are known. What comes later does not change them.
    pub locale: Option<Locale>,
    /// The address of the browser that accepted the terms, when it was IPv4: `decisioningData.deviceIpAddress`.
    pub device_ip: Option<String>,
    /// The page of another site that the cardholder came from, and may go back to when this is over.
    pub host_page: Option<HostPage>,
    /// A return came in another browser, so the starting one can say why nothing happened.
    pub returned_elsewhere: bool,
    /// The issuer sent the cardholder back without an answer.
    pub returned_empty: bool,
    /// What shows that the cardholder at the issuer is the one here: from the start until MDES has been asked about every
    /// receipt, where the issuer takes one.
    pub same_person_code: Option<SamePersonCode>,
    /// Receipts that came with another code, or without one that is required.
    pub wrong_codes: u32,
    /// What a bank pushed here, where the session began with that.
    pub push: Option<Push>,
    /// Counts the writes; a write that saw another version does not happen.
    pub version: i64,
}

/// The states, with their data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// Made; the issuer has not been opened.
    Offered,
    /// The issuer was opened.
    Launched,
    /// A bank pushed cards; the cardholder is asked whether they are wanted.
    Pushed,
    /// Verified receipts are held; MDES is asked about them.
    Returned {
        /// The receipts cannot live longer than this.
        until_ms: i64,
    },
    /// The cardholder reads the issuer's terms.
    Terms,
    /// The terms were accepted; tokens are being made.
    Digitizing,
    /// The issuer wants proof; the cardholder chooses how.
    StepUp {
        /// For which card.
        card: String,
    },
    /// A code is on its way to the cardholder, who types it here.
    Code {
        /// For which card.
        card: String,
        /// By which method.
        method: String,
    },
    /// At least one card is in the wallet and usable.
    Active,
    /// A card is in the wallet, and the issuer finishes later.
    Pending,
    /// The issuer or MDES said no to every card.
    Declined,
    /// It did not work out.
    Failed {
        /// Why.
        reason: Failure,
    },
    /// The cardholder stopped.
    Cancelled,
    /// It took too long.
    Expired,
}

/// The states without their data, for the table and the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    missing_docs,
    reason = "each is described at the variant of `State` that bears its name"
)]
pub enum StateName {
    Offered,
    Launched,
    Pushed,
    Returned,
    Terms,
    Digitizing,
    StepUp,
    Code,
    Active,
    Pending,
    Declined,
    Failed,
    Cancelled,
    Expired,
}

use StateName as S;

/// Every transition there is, with what causes it. Nothing else moves a session; the diagram is made from this.
pub const TRANSITIONS: &[(StateName, StateName, &str)] = &[
    (S::Offered, S::Launched, "the cardholder opens the issuer"),
    (S::Offered, S::Returned, "a verified return"),
    (
        S::Offered,
        S::Failed,
        "the issuer reports a failure, or too many wrong codes",
    ),
    (S::Offered, S::Cancelled, "the cardholder stops"),
    (S::Offered, S::Expired, "time is up"),
    (S::Launched, S::Returned, "a verified return"),
    (
        S::Launched,
        S::Failed,
        "the issuer reports a failure, or too many wrong codes",
    ),
    (S::Launched, S::Cancelled, "the cardholder stops"),
    (S::Launched, S::Expired, "time is up"),
    (S::Pushed, S::Returned, "the cardholder wants the pushed cards"),
    (S::Pushed, S::Cancelled, "the cardholder does not"),
    (S::Pushed, S::Expired, "time is up"),
    (S::Returned, S::Terms, "MDES finds a card eligible"),
    (S::Returned, S::Declined, "MDES finds no card eligible"),
    (S::Returned, S::Failed, "no receipt is usable, or MDES stays silent"),
    (S::Returned, S::Cancelled, "the cardholder stops"),
    (S::Terms, S::Digitizing, "the terms are accepted"),
    (S::Terms, S::Cancelled, "the terms are not accepted"),
    (S::Terms, S::Expired, "time is up"),
    (S::Digitizing, S::StepUp, "yellow"),
    (S::Digitizing, S::Active, "green"),
    (S::Digitizing, S::Pending, "yellow, the issuer finishes"),
    (S::Digitizing, S::Declined, "red"),
    (S::Digitizing, S::Failed, "nothing was added"),
    (S::StepUp, S::StepUp, "the next card"),
    (S::StepUp, S::Code, "a way with a code is chosen"),
    (S::StepUp, S::Active, "the issuer confirms"),
    (S::StepUp, S::Pending, "later, or a way without a code"),
    (S::StepUp, S::Failed, "the issuer withdraws the card"),
    (S::Code, S::StepUp, "another way, or the next card"),
    (S::Code, S::Active, "the code is right"),
    (S::Code, S::Pending, "later, or too many wrong codes"),
    (S::Code, S::Failed, "the issuer withdraws the card"),
    (S::Pending, S::StepUp, "the cardholder comes back to it"),
    (S::Pending, S::Active, "the issuer confirms"),
    (S::Pending, S::Failed, "the issuer withdraws the card"),
];

/// Why a session does not do what was asked. Each has its own page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The session is in a state from which there is no such way.
    WrongState(StateName),
    /// It took too long.
    Expired,
    /// It has returned already, with other receipts.
    AlreadyReturned,
    /// The card or the method is not one of the session's.
    NotOffered,
    /// The terms that were accepted are not the ones that were shown.
    TermsChanged,
    /// An answer to an earlier request is still being waited for.
    Busy,
    /// No more codes.
    CodeLimit,
    /// A code was asked for a moment ago.
    TooSoon,
    /// The card is in no state for this, or it is not the cardholder who holds it.
    WrongCardState,
}

impl State {
    /// The state's name.
    #[must_use]
    pub fn name(&self) -> StateName {
        match self {
            Self::Offered => S::Offered,
            Self::Launched => S::Launched,
            Self::Pushed => S::Pushed,
            Self::Returned { .. } => S::Returned,
            Self::Terms => S::Terms,
            Self::Digitizing => S::Digitizing,
            Self::StepUp { .. } => S::StepUp,
            Self::Code { .. } => S::Code,
            Self::Active => S::Active,
            Self::Pending => S::Pending,
            Self::Declined => S::Declined,
            Self::Failed { .. } => S::Failed,
            Self::Cancelled => S::Cancelled,
            Self::Expired => S::Expired,
        }
    }
}

impl StateName {
    /// The name as it stands in pages (`data-state`), logs and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            S::Offered => "offered",
            S::Launched => "launched",
            S::Pushed => "pushed",
            S::Returned => "returned",
            S::Terms => "terms",
            S::Digitizing => "digitizing",
            S::StepUp => "step-up",
            S::Code => "code",
            S::Active => "active",
            S::Pending => "pending",
            S::Declined => "declined",
            S::Failed => "failed",
            S::Cancelled => "cancelled",
            S::Expired => "expired",
        }
    }

    /// Whether a session in this state waits for the server, not for a person.
    #[must_use]
    pub fn is_working(self) -> bool {
        matches!(self, S::Returned | S::Digitizing)
    }

    /// Whether nothing moves it any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        !TRANSITIONS.iter().any(|(from, _, _)| *from == self)
    }
}

impl Session {
    /// A new session, offered.
    #[must_use]
    pub fn offer(id: SessionId, owner: Fingerprint, issuer: (IssuerId, String), now: Millis, life_ms: i64) -> Self {
        Self {
            id,
            owner,
            is_of_account: false,
            return_path: ReturnPath::Browser,
            issuer: issuer.0,
            issuer_name: issuer.1,
            state: State::Offered,
            cards: Vec::new(),
            created_at: now,
            expires_at: now.plus_ms(life_ms),
            touch_points: None,
            locale: None,
            device_ip: None,
            host_page: None,
            returned_elsewhere: false,
            returned_empty: false,
            same_person_code: None,
            wrong_codes: 0,
            push: None,
            version: 0,
        }
    }

    /// Moves to a state, if [`TRANSITIONS`] has the way, and erases the same-person code when nothing needs it any more.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] when it has not.
    pub fn move_to(&mut self, state: State) -> Result<(), Refusal> {
        let from = self.state.name();
        let to = state.name();
        if TRANSITIONS.iter().any(|(a, b, _)| *a == from && *b == to) {
            self.state = state;
            if !matches!(to, S::Offered | S::Launched | S::Returned) {
                self.same_person_code = None;
            }
            Ok(())
        } else {
            Err(Refusal::WrongState(from))
        }
    }

    /// Whether its time is up although nobody has written so yet.
    #[must_use]
    pub fn is_overdue(&self, now: Millis) -> bool {
        matches!(
            self.state,
            State::Offered | State::Launched | State::Pushed | State::Terms
        ) && now >= self.expires_at
    }

    /// The issuer is being opened. Opening it again changes nothing.
    ///
    /// # Errors
    /// [`Refusal::Expired`] and [`Refusal::WrongState`].
    pub fn launch(mut self, now: Millis) -> Result<Self, Refusal> {
        if self.is_overdue(now) {
            return Err(Refusal::Expired);
        }
        if self.state != State::Launched {
            self.move_to(State::Launched)?;
        }
        Ok(self)
    }

    /// Whether the wait for a return is just over, however it ended.
    #[must_use]
    pub fn has_stopped_waiting(&self) -> bool {
        matches!(
            self.state,
            State::Returned { .. } | State::Failed { .. } | State::Cancelled | State::Expired
        )
    }

    /// Whether a return may be accepted now.
    ///
    /// # Errors
    /// [`Refusal::Expired`], [`Refusal::AlreadyReturned`] when the session has gone on, [`Refusal::WrongState`] when it
    /// has ended.
    pub fn may_return(&self, now: Millis) -> Result<(), Refusal> {
        if self.is_overdue(now) || self.state == State::Expired {
            return Err(Refusal::Expired);
        }
        match self.state.name() {
            S::Offered | S::Launched => Ok(()),
            S::Cancelled | S::Failed if self.cards.is_empty() => Err(Refusal::WrongState(self.state.name())),
            _ => Err(Refusal::AlreadyReturned),
        }
    }

    /// The cardholder is back with verified receipts, each already a held card.
    ///
    /// # Errors
    /// As [`Session::may_return`].
    pub fn accept(mut self, cards: Vec<Card>, now: Millis, receipt_life_ms: i64) -> Result<Self, Refusal> {
        self.may_return(now)?;
        self.move_to(State::Returned {
            until_ms: now.plus_ms(receipt_life_ms).0,
        })?;
        self.cards = cards;
        self.returned_elsewhere = false;
        self.returned_empty = false;
        Ok(self)
    }

    /// The issuer sent the cardholder back without a receipt.
    ///
    /// # Errors
    /// As [`Session::may_return`].
    pub fn issuer_failed(mut self, reason: Failure, now: Millis) -> Result<Self, Refusal> {
        self.may_return(now)?;
        self.move_to(State::Failed { reason })?;
        Ok(self)
    }

    /// The cardholder stops. Once consent is recorded it is too late for that.
    ///
    /// # Errors
    /// [`Refusal::WrongState`].
    pub fn cancel(mut self, now: Millis) -> Result<Self, Refusal> {
        self.move_to(State::Cancelled)?;
        for card in &mut self.cards {
            if matches!(card.state, CardState::Held | CardState::Eligible { .. }) {
                card.become_state(CardState::Deactivated, now);
            }
        }
        Ok(self)
    }

    /// Time is up: ends a session that waits for a person, before consent.
    ///
    /// # Errors
    /// [`Refusal::WrongState`].
    pub fn expire(mut self, now: Millis) -> Result<Self, Refusal> {
        self.move_to(State::Expired)?;
        for card in &mut self.cards {
            if matches!(card.state, CardState::Held | CardState::Eligible { .. }) {
                card.become_state(
                    CardState::Failed {
                        reason: Failure::TooLate,
                    },
                    now,
                );
            }
        }
        Ok(self)
    }

    /// The card of that id.
    #[must_use]
    pub fn card(&self, id: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.id.as_str() == id)
    }

    /// The card of that id, to be changed.
    pub fn card_mut(&mut self, id: &CardId) -> Option<&mut Card> {
        self.cards.iter_mut().find(|card| card.id == *id)
    }

    /// Whether the server has something under way that the cardholder waits for.
    #[must_use]
    pub fn is_working(&self) -> bool {
        self.state.name().is_working()
            || (matches!(self.state, State::StepUp { .. } | State::Code { .. })
                && self
                    .cards
                    .iter()
                    .filter_map(Card::open_effect)
                    .any(|effect| !effect.operation.is_aside()))
    }
}

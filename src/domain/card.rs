//! One card on its way into the wallet, and in it: a receipt, then a decision, then a token.

use std::fmt;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::id::{AccountReference, AssetId, CardId, Fingerprint, Millis, RequestId, TaskId, TokenReference};
use super::life::TokenLife;
use super::receipt::ReceiptToken;
use super::token::{AuthenticationMethod, CardFace, EligibilityReceipt};

pub use super::effect::{Effect, EffectStatus, Operation};

/// A card. It begins as a receipt in a session and lives on when the session is over.
#[derive(Clone, Debug)]
pub struct Card {
    /// Our id of it.
    pub id: CardId,
    /// Keyed hash of its receipt: spent once, and remembered for longer than any receipt can live.
    pub receipt: Fingerprint,
    /// Where it stands.
    pub state: CardState,
    /// What must never be shown, kept until the card has its final decision.
    pub secrets: CardSecrets,
    /// The issuer's terms for it, once eligibility was granted.
    pub terms: Option<Terms>,
    /// The token, once there is one.
    pub token: Option<TokenReference>,
    /// The funding account, when MDES tells it.
    pub account: Option<AccountReference>,
    /// What to print on it.
    pub face: CardFace,
    /// The one effect that is not settled.
    pub effect: Option<Effect>,
    /// How many effects of each kind were prepared so far; the next one's number.
    pub attempts: Attempts,
    /// What is known of the token's life after it was made.
    pub life: TokenLife,
    /// When the state last changed.
    pub changed_at: Millis,
}

/// Where a card stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum CardState {
    /// The receipt is held; MDES has not been asked.
    Held,
    /// MDES would digitize it, once the terms are accepted.
    Eligible {
        /// After this moment the eligibility receipt is worthless.
        until_ms: i64,
    },
    /// Consent is recorded; the order is prepared, under way, or in doubt.
    Digitizing {
        /// An order that has not left by this moment does not leave any more.
        until_ms: i64,
    },
    /// The token exists and waits for the cardholder or the issuer.
    Inactive(StepUp),
    /// In the wallet, usable.
    Active,
    /// In the wallet, paused.
    Suspended,
    /// Gone: deleted or deactivated.
    Deactivated,
    /// The issuer or MDES said no.
    Declined,
    /// The same account is in this wallet already; the new token is, or is being, deleted.
    Duplicate {
        /// The card that was there first.
        of: String,
    },
    /// It did not work out.
    Failed {
        /// Why.
        reason: Failure,
    },
}

impl CardState {
    /// Whether a token in this state counts as a card of the wallet.
    #[must_use]
    pub fn is_in_wallet(&self) -> bool {
        match self {
            Self::Inactive(_) | Self::Active | Self::Suspended => true,
            Self::Held
            | Self::Eligible { .. }
            | Self::Digitizing { .. }
            | Self::Deactivated
            | Self::Declined
            | Self::Duplicate { .. }
            | Self::Failed { .. } => false,
        }
    }

    /// A stable name for the database and the page.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Eligible { .. } => "eligible",
            Self::Digitizing { .. } => "digitizing",
            Self::Inactive(_) => "inactive",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deactivated => "deactivated",
            Self::Declined => "declined",
            Self::Duplicate { .. } => "duplicate",
            Self::Failed { .. } => "failed",
        }
    }
}

/// How far the proof that the issuer wants has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepUp {
    /// What MDES offers. Only these ids are ever sent back.
    pub methods: Vec<AuthenticationMethod>,
    /// What the cardholder decided.
    pub progress: Progress,
    /// Codes typed so far for the code that is out.
    pub tries: u32,
    /// Codes typed so far for this card.
    pub tries_in_all: u32,
    /// Codes asked for so far.
    pub sendings: u32,
    /// When the last one was asked for.
    pub sent_at_ms: Option<i64>,
    /// By which method that was.
    pub sent_by: Option<String>,
    /// What the last answer was, for the page.
    pub note: Option<CodeNote>,
    /// The method without a code that was chosen last.
    pub waiting_by: Option<String>,
}

impl StepUp {
    /// Whether MDES offers a way that this version knows.
    #[must_use]
    pub fn has_a_way(&self) -> bool {
        self.methods.iter().any(AuthenticationMethod::is_known)
    }
}

/// Where the cardholder is in the step-up of one card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// Nothing chosen yet.
    #[default]
    Open,
    /// "Do this later", or a method without a code: the issuer finishes.
    Waiting,
    /// Too many wrong codes.
    Locked,
}

/// What the code page has to say about the last try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeNote {
    /// The code was wrong.
    Wrong,
    /// The code is too old.
    Expired,
    /// The code was sent again.
    Resent,
    /// No code can be sent that way.
    NotSent,
    /// We do not know whether the last try counted.
    Unsure,
    /// The last try did not leave us, so it did not count.
    NotTried,
}

/// Why a card, or a whole session, did not work out. The names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The issuer has no card for this, or refused to sign the cardholder in.
    IssuerDeclined,
    /// The issuer reported an error.
    IssuerError,
    /// MDES does not take the receipt: too old, used, or another wallet's.
    ReceiptRefused,
    /// MDES did not answer for as long as the receipt could have lived.
    NotAnswering,
    /// The issuer's terms cannot be shown.
    TermsUnavailable,
    /// The account is in this wallet already.
    Duplicate,
    /// MDES refused for a reason that is not the cardholder's.
    Refused,
    /// The answer was lost, and MDES says that nothing was added.
    NothingAdded,
    /// The permission to digitize ran out before it was used.
    TooLate,
    /// The answer was lost, and MDES never said what became of it.
    Unclear,
    /// Too often the code that came back was not the one that was shown.
    WrongCode,
}

/// The issuer's terms as the cardholder sees and accepts them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The asset.
    pub asset: String,
    /// SHA-256 of what was shown, in hexadecimal, once it was fetched.
    pub sha256: Option<String>,
    /// When they were accepted.
    pub accepted_at_ms: Option<i64>,
}

impl Terms {
    /// Not yet fetched, not yet accepted.
    #[must_use]
    pub fn of(asset: &AssetId) -> Self {
        Self {
            asset: asset.as_str().to_owned(),
            sha256: None,
            accepted_at_ms: None,
        }
    }
}

/// The secrets of a card, sealed at rest and erased at the end.
#[derive(Clone, Default)]
pub struct CardSecrets {
    /// The receipt, until the card is decided.
    pub receipt: Option<ReceiptToken>,
    /// The permission to digitize, until it is used.
    pub eligibility: Option<EligibilityReceipt>,
    /// The activation code that was typed, until MDES has judged it.
    pub code: Option<SecretString>,
}

impl fmt::Debug for CardSecrets {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("CardSecrets").finish_non_exhaustive()
    }
}

/// How many effects of each kind a card has had, and how often its token was asked about while pending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// `digitize`: never more than one.
    pub digitize: u32,
    /// `requestActivationCode`
    pub request_code: u32,
    /// `activate`
    pub activate: u32,
    /// `delete` of a duplicate.
    pub delete: u32,
    /// `suspend`
    #[serde(default)]
    pub suspend: u32,
    /// `unsuspend`
    #[serde(default)]
    pub resume: u32,
    /// `delete` by the cardholder.
    #[serde(default)]
    pub remove: u32,
    /// Questions that MDES did not answer, or polls of a pending token.
    pub asked: u32,
    /// Not before this moment is the next question due.
    pub ask_at_ms: Option<i64>,
    /// Notices about the token that have come so far.
    #[serde(default)]
    pub notices: u32,
    /// How often in a row MDES did not know the task that is in doubt.
    #[serde(default)]
    pub unknown: u32,
    /// MDES refused the receipt with the same-person code, and is asked without.
    #[serde(default)]
    pub without_code: bool,
}

impl Card {
    /// A card at its beginning: a receipt and nothing else.
    #[must_use]
    pub fn held(id: CardId, receipt: ReceiptToken, fingerprint: Fingerprint, now: Millis) -> Self {
        Self {
            id,
            receipt: fingerprint,
            state: CardState::Held,
            secrets: CardSecrets {
                receipt: Some(receipt),
                ..CardSecrets::default()
            },
            terms: None,
            token: None,
            account: None,
            face: CardFace::default(),
            effect: None,
            attempts: Attempts::default(),
            life: TokenLife::default(),
            changed_at: now,
        }
    }

    /// Records the intent of an effect. Nothing leaves before this is committed.
    pub fn prepare(&mut self, operation: Operation, request: RequestId, task: Option<TaskId>, now: Millis) {
        let counter = match operation {
            Operation::Digitize => &mut self.attempts.digitize,
            Operation::RequestCode => &mut self.attempts.request_code,
            Operation::Activate => &mut self.attempts.activate,
            Operation::Delete => &mut self.attempts.delete,
            Operation::Suspend => &mut self.attempts.suspend,
            Operation::Resume => &mut self.attempts.resume,
            Operation::Remove => &mut self.attempts.remove,
        };
        *counter += 1;
        self.effect = Some(Effect {
            request,
            operation,
            task,
            number: *counter,
            status: EffectStatus::Prepared,
            prepared_at: now,
            sent_at: None,
            asked: 0,
            ask_at: None,
        });
    }

    /// The effect is known to be over, whatever came of it.
    pub fn settle(&mut self) {
        if let Some(effect) = &mut self.effect {
            effect.status = EffectStatus::Settled;
        }
        self.secrets.code = None;
    }

    /// The effect that still has to be sent or asked about.
    #[must_use]
    pub fn open_effect(&self) -> Option<&Effect> {
        self.effect
            .as_ref()
            .filter(|effect| effect.status != EffectStatus::Settled)
    }

    /// Whether an answer to an effect of this card was lost and is being looked for.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        self.open_effect()
            .is_some_and(|effect| effect.status == EffectStatus::InDoubt)
    }

    /// Whether its page exists: it is in the wallet, or it was and is gone.
    #[must_use]
    pub fn was_in_wallet(&self) -> bool {
        self.state.is_in_wallet() || (self.state == CardState::Deactivated && self.token.is_some())
    }

    /// Moves to a state, and erases the secrets when nothing needs them any more.
    pub fn become_state(&mut self, state: CardState, now: Millis) {
        let needs_receipt = matches!(
            state,
            CardState::Held | CardState::Eligible { .. } | CardState::Digitizing { .. }
        );
        if !needs_receipt {
            self.secrets.receipt = None;
            self.secrets.eligibility = None;
        }
        if !matches!(state, CardState::Inactive(_)) {
            self.secrets.code = None;
        }
        self.state = state;
        self.changed_at = now;
    }
}

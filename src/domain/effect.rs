//! The calls that change something at MDES: what is asked for, and how far it has come.

use super::id::{Millis, RequestId, TaskId};

/// A call that changes something at MDES. It is attempted once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// `requestId` of the one attempt.
    pub request: RequestId,
    /// What is asked for.
    pub operation: Operation,
    /// The task to ask about when the answer is lost.
    pub task: Option<TaskId>,
    /// The how-manieth of its kind for this card, from 1.
    pub number: u32,
    /// How far it has come.
    pub status: EffectStatus,
    /// When it was prepared.
    pub prepared_at: Millis,
    /// When it was marked as sent: before the first byte left.
    pub sent_at: Option<Millis>,
    /// How often MDES was asked what became of it.
    pub asked: u32,
    /// Not before this moment is MDES asked again.
    pub ask_at: Option<Millis>,
}

/// The effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `digitize`
    Digitize,
    /// `requestActivationCode`
    RequestCode,
    /// `activate`
    Activate,
    /// `delete`, of a token that this session made and that must not stay.
    Delete,
    /// `suspend`, because the cardholder pauses the card.
    Suspend,
    /// `unsuspend`, because the cardholder goes on with it.
    Resume,
    /// `delete`, because the cardholder removes the card.
    Remove,
}

impl Operation {
    /// All of them.
    const ALL: [Self; 7] = [
        Self::Digitize,
        Self::RequestCode,
        Self::Activate,
        Self::Delete,
        Self::Suspend,
        Self::Resume,
        Self::Remove,
    ];

    /// A stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Digitize => "digitize",
            Self::RequestCode => "request-code",
            Self::Activate => "activate",
            Self::Delete => "delete",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Remove => "remove",
        }
    }

    /// Whether the session goes on beside it: it is about a token that is there already.
    #[must_use]
    pub fn is_aside(self) -> bool {
        match self {
            Self::Digitize | Self::RequestCode | Self::Activate => false,
            Self::Delete | Self::Suspend | Self::Resume | Self::Remove => true,
        }
    }

    /// The operation of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|op| op.name() == name)
    }
}

/// How far an effect has come. `Prepared` without `Sent` proves that nothing left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectStatus {
    /// The intent is recorded.
    Prepared,
    /// The next thing that happens is the first byte leaving.
    Sent,
    /// It may have happened; MDES is being asked.
    InDoubt,
    /// It is known what became of it.
    Settled,
}

impl EffectStatus {
    /// A stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Sent => "sent",
            Self::InDoubt => "in-doubt",
            Self::Settled => "settled",
        }
    }

    /// The status of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Prepared, Self::Sent, Self::InDoubt, Self::Settled]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

//! The arrow of one message, drawn between the lifelines of the participants.

use std::sync::Arc;

use super::message::{Ending, Kind, Message, Participant};
use super::report::Tone;

/// The lifelines of a flow. Most flows have no processor, and no line for one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lanes {
    /// Those of a bank that speaks for itself.
    #[default]
    Five,
    /// The same, and the processor of the bank.
    Six,
}

impl Lanes {
    /// What these messages need.
    pub(super) fn of(messages: &[Arc<Message>]) -> Self {
        let mut all = messages.iter().flat_map(|message| [message.from, message.to]);
        if all.any(|one| one == Participant::Processor) {
            Self::Six
        } else {
            Self::Five
        }
    }

    /// Whose they are, from left to right.
    pub fn participants(self) -> impl Iterator<Item = Participant> {
        let is_six = self == Self::Six;
        let all = Participant::ALL.into_iter();
        all.filter(move |one| is_six || *one != Participant::Processor)
    }

    /// The lines themselves, as a path.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Five => "M10 0v12M30 0v12M50 0v12M70 0v12M90 0v12",
            Self::Six => "M8 0v12M25 0v12M42 0v12M58 0v12M75 0v12M92 0v12",
        }
    }

    /// Where the line of a participant is.
    #[must_use]
    pub fn at(self, participant: Participant) -> i32 {
        let places: &[i32] = match self {
            Self::Five => &[10, 30, 50, 70, 90],
            Self::Six => &[8, 25, 42, 58, 75, 92],
        };
        let at = self.participants().position(|other| other == participant);
        at.and_then(|at| places.get(at)).copied().unwrap_or(0)
    }
}

/// The arrow of a message between the lifelines, as paths in a box of 100 x 12.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// Between which.
    pub lanes: Lanes,
    /// Drawn in one line.
    pub solid: String,
    /// Drawn in dashes: the answer.
    pub dashed: String,
}

/// The width of the box.
pub const STRIP_WIDTH: i32 = 100;
/// Its height.
pub const STRIP_HEIGHT: i32 = 12;

impl Strip {
    pub(super) fn of(message: &Message, tone: Tone, lanes: Lanes) -> Self {
        let (from, to) = (lanes.at(message.from), lanes.at(message.to));
        if from == to {
            return Self {
                lanes,
                ..Self::hook(from, tone)
            };
        }
        let ahead = (to - from).signum();
        let mut solid = format!("M{from} 4H{to}M{} 2 {to} 4 {} 6", to - 2 * ahead, to - 2 * ahead);
        if message.kind == Kind::Redirect {
            for step in [1, 2] {
                let at = from + 2 * step * ahead;
                solid.push_str(&format!("M{} 2 {at} 4 {} 6", at - 2 * ahead, at - 2 * ahead));
            }
            return Self {
                lanes,
                solid,
                dashed: String::new(),
            };
        }
        let middle = (from + to) / 2;
        let dashed = match &message.ending {
            Ending::Answered { .. } => {
                solid.push_str(&format!("M{} 7 {from} 9 {} 11", from + 2 * ahead, from + 2 * ahead));
                format!("M{to} 9H{from}")
            }
            Ending::Open | Ending::Lost { .. } | Ending::Checked { .. } => String::new(),
        };
        if tone == Tone::Bad {
            let y = if dashed.is_empty() { 4 } else { 9 };
            solid.push_str(&cross(middle, y));
        }
        Self { lanes, solid, dashed }
    }

    /// Something that a participant did by itself.
    fn hook(lane: i32, tone: Tone) -> Self {
        let away = if lane < 90 { 1 } else { -1 };
        let mut solid = format!("M{lane} 3H{}V9H{lane}", lane + 6 * away);
        solid.push_str(&format!("M{} 7 {lane} 9 {} 11", lane + 2 * away, lane + 2 * away));
        if tone == Tone::Bad {
            solid.push_str(&cross(lane + 10 * away, 6));
        }
        Self {
            solid,
            ..Self::default()
        }
    }
}

fn cross(x: i32, y: i32) -> String {
    let (left, right, top, bottom) = (x - 1, x + 1, y - 2, y + 2);
    format!("M{left} {top} {right} {bottom}M{right} {top} {left} {bottom}")
}

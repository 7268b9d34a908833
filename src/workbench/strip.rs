//! The arrow of one message, drawn between the lifelines of the participants.

use super::message::{Ending, Kind, Message, Participant};
use super::report::Tone;

/// The arrow of a message on five lifelines, as paths in a box of 100 x 12.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// Drawn in one line.
    pub solid: String,
    /// Drawn in dashes: the answer.
    pub dashed: String,
}

/// The width of the box.
pub const STRIP_WIDTH: i32 = 100;
/// Its height.
pub const STRIP_HEIGHT: i32 = 12;
/// The five lifelines.
pub const LIFELINES: &str = "M10 0v12M30 0v12M50 0v12M70 0v12M90 0v12";

/// Where a participant's lifeline is.
#[must_use]
pub fn lane(participant: Participant) -> i32 {
    let at = Participant::ALL.iter().position(|other| *other == participant);
    10 + 20 * i32::try_from(at.unwrap_or(0)).unwrap_or(0)
}

impl Strip {
    pub(super) fn of(message: &Message, tone: Tone) -> Self {
        let (from, to) = (lane(message.from), lane(message.to));
        if from == to {
            return Self::hook(from, tone);
        }
        let ahead = (to - from).signum();
        let mut solid = format!("M{from} 4H{to}M{} 2 {to} 4 {} 6", to - 2 * ahead, to - 2 * ahead);
        if message.kind == Kind::Redirect {
            for step in [1, 2] {
                let at = from + 2 * step * ahead;
                solid.push_str(&format!("M{} 2 {at} 4 {} 6", at - 2 * ahead, at - 2 * ahead));
            }
            return Self {
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
        Self { solid, dashed }
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
            dashed: String::new(),
        }
    }
}

fn cross(x: i32, y: i32) -> String {
    let (left, right, top, bottom) = (x - 1, x + 1, y - 2, y + 2);
    format!("M{left} {top} {right} {bottom}M{right} {top} {left} {bottom}")
}

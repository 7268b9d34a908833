//! The session's states as a picture, made of the one table.

use std::fmt::Write as _;

use super::session::{StateName, StateName as S, TRANSITIONS};

/// The state diagram in Mermaid's language, made from [`TRANSITIONS`].
#[must_use]
pub fn diagram() -> String {
    let mut text = String::from("stateDiagram-v2\n    [*] --> offered\n    [*] --> pushed\n");
    for (from, to, cause) in TRANSITIONS {
        let _ = writeln!(text, "    {} --> {}: {cause}", mermaid(*from), mermaid(*to));
    }
    let last = [S::Active, S::Declined, S::Failed, S::Cancelled, S::Expired];
    for state in last.into_iter().filter(|state| state.is_final()) {
        let _ = writeln!(text, "    {} --> [*]", mermaid(state));
    }
    text
}

/// Mermaid takes a hyphen in a state's name for an operator.
fn mermaid(state: StateName) -> String {
    state.as_str().replace('-', "_")
}

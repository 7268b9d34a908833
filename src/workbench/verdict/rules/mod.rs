//! The rules, one file a subject.

use super::Rule;

mod calls;
mod cards;
mod directory;
mod oauth;
mod push;
mod receipt;
mod signature;
mod way;

/// All of them, by subject, in the order of a flow.
pub(super) const RULES: &[&[Rule]] = &[
    directory::RULES,
    way::RULES,
    signature::RULES,
    push::RULES,
    receipt::RULES,
    cards::RULES,
    calls::RULES,
    oauth::RULES,
];

//! The same-person code (`authenticationCode`, Token Connect API): six digits that the wallet shows, the issuer asks for,
//! and that come back with the receipt or are bound to it. Whoever was sent somebody else's link does not know them.

use std::fmt;
use std::hint::black_box;

use secrecy::{ExposeSecret, SecretString};

use super::card::{Card, Failure};
use super::outcome::{RECEIPT_REFUSED, Setback};
use super::profile::{CodeCheck, CodePolicy, Profile};
use super::session::{Refusal, Session, State};

/// Wrong codes after which a session ends (protocol facts 12.5): with six digits, five guesses in a million.
pub const WRONG_CODES_MAX: u32 = 5;
/// The longest `authenticationCode` (Token Connect API).
const LENGTH_MAX: usize = 32;
/// Six digits.
const CODES: u128 = 1_000_000;

/// The code that shows that the cardholder at the issuer is the one at the wallet. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct SamePersonCode(SecretString);

/// A text that cannot be an `authenticationCode`. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedCode;

/// Why a signed receipt does not belong to the person who started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFault {
    /// It has no code, and the issuer must ask for one.
    Missing,
    /// It has another one.
    Wrong,
}

impl SamePersonCode {
    /// Six digits, each code as likely as any other: what 128 bits leave over is less than one in 10^32.
    #[must_use]
    pub fn from_random(random: [u8; 16]) -> Self {
        let number = u128::from_be_bytes(random) % CODES;
        Self(SecretString::from(format!("{number:06}")))
    }

    /// What somebody says the code is: 1 to 32 letters and digits (Token Connect API).
    ///
    /// # Errors
    /// [`MalformedCode`] for anything else.
    pub fn parse(text: &str) -> Result<Self, MalformedCode> {
        let fits = (1..=LENGTH_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits {
            Ok(Self(SecretString::from(text)))
        } else {
            Err(MalformedCode)
        }
    }

    /// The code itself: for the one page and the one request that must have it, and for the seal it rests under.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl PartialEq for SamePersonCode {
    /// In a time that depends on the lengths only.
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (self.expose().as_bytes(), other.expose().as_bytes());
        let pairs = one.iter().zip(other);
        one.len() == other.len() && pairs.fold(0, |differences, (a, b)| black_box(differences | (a ^ b))) == 0
    }
}

impl Eq for SamePersonCode {}

impl fmt::Debug for SamePersonCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SamePersonCode(redacted)")
    }
}

impl Profile {
    /// Whether the wallet has a code to show to the cardholders of this issuer.
    #[must_use]
    pub fn has_code(&self) -> bool {
        match self.code {
            CodePolicy::Required | CodePolicy::Optional => true,
            CodePolicy::Unsupported => false,
        }
    }

    /// Whether it is for us to compare the code of this issuer.
    #[must_use]
    pub fn compares_code(&self) -> bool {
        self.compared() == Some(CodeCheck::Jws)
    }

    /// Where the code is compared, if this issuer has one.
    fn compared(&self) -> Option<CodeCheck> {
        self.has_code().then_some(self.code_check)
    }

    /// Whether a signed receipt with this code, or without one, is from the person who was shown `shown`. A code that
    /// nobody was shown cannot be right.
    ///
    /// # Errors
    /// [`CodeFault`], where it is for us to compare.
    pub fn check_code(&self, shown: Option<&SamePersonCode>, signed: Option<&SamePersonCode>) -> Result<(), CodeFault> {
        match (self.compared(), signed) {
            (None | Some(CodeCheck::None | CodeCheck::Bind), _) => Ok(()),
            (Some(CodeCheck::Jws), None) if self.code == CodePolicy::Optional => Ok(()),
            (Some(CodeCheck::Jws), None) => Err(CodeFault::Missing),
            (Some(CodeCheck::Jws), Some(signed)) if shown == Some(signed) => Ok(()),
            (Some(CodeCheck::Jws), Some(_)) => Err(CodeFault::Wrong),
        }
    }

    /// The code that `checkEligibility` has to carry for this card.
    #[must_use]
    pub fn code_for_mdes<'a>(&self, session: &'a Session, card: &Card) -> Option<&'a SamePersonCode> {
        match self.compared() {
            Some(CodeCheck::Bind) if !card.attempts.without_code => session.same_person_code.as_ref(),
            Some(CodeCheck::Bind | CodeCheck::Jws | CodeCheck::None) | None => None,
        }
    }

    /// Whether MDES, which refused the receipt with a code, may take it without. Nothing tells the wallet whether the
    /// cardholder gave the issuer a code where that is optional, and what was bound to none is refused with one. What was
    /// bound to another code is refused either way.
    #[must_use]
    pub fn may_ask_without_code<T>(&self, answer: &Result<T, Setback>) -> bool {
        let is_refused = matches!(answer, Err(Setback::Refused(reason)) if reason == RECEIPT_REFUSED);
        self.code == CodePolicy::Optional && is_refused
    }
}

impl Session {
    /// Wrong codes that may still come.
    #[must_use]
    pub fn code_tries_left(&self) -> u32 {
        match self.same_person_code {
            Some(_) => WRONG_CODES_MAX.saturating_sub(self.wrong_codes),
            None => 0,
        }
    }

    /// One try less.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] when the session waits for no return any more, [`Refusal::CodeLimit`] when no try is left.
    pub fn count_code_try(mut self) -> Result<Self, Refusal> {
        if !matches!(self.state, State::Offered | State::Launched) {
            return Err(Refusal::WrongState(self.state.name()));
        }
        if self.code_tries_left() == 0 {
            return Err(Refusal::CodeLimit);
        }
        self.wrong_codes += 1;
        Ok(self)
    }

    /// A receipt came that the person who started cannot have brought about. After the fifth the session ends.
    ///
    /// # Errors
    /// As [`Session::count_code_try`].
    pub fn count_wrong_code(self) -> Result<Self, Refusal> {
        let mut counted = self.count_code_try()?;
        if counted.code_tries_left() == 0 {
            counted.move_to(State::Failed {
                reason: Failure::WrongCode,
            })?;
        }
        Ok(counted)
    }
}

#[cfg(test)]
#[path = "same_person_tests.rs"]
mod tests;

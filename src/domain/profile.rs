//! Wire profiles: how one issuer spells what crosses the two redirects.
//!
//! Which names the parameters have is not public (protocol facts 12.2 to 12.5), and issuers will differ. So every name is
//! a setting, per issuer over a default, and none of them stands in code.

use std::collections::BTreeMap;

use super::id::IssuerId;
use super::launch::LaunchNames;
use super::push::RegisteredCallback;
use super::receipt::IssuerResult;

/// How one issuer is opened and comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Names on the way to the issuer.
    pub launch: LaunchNames,
    /// Names on the way back.
    pub returns: ReturnNames,
    /// Whether the signed receipt must name our session. If it names one, it must always be ours.
    pub session_must_be_signed: bool,
    /// What our callback URL looks like.
    pub callback: CallbackStyle,
    /// Whether the issuer asks the cardholder for our code.
    pub code: CodePolicy,
    /// Where the code is compared.
    pub code_check: CodeCheck,
    /// What it may push.
    pub push: PushProfile,
}

/// How an issuer pushes cards by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushProfile {
    /// Where it may have its cardholders back. Nothing else names the issuer of a push.
    pub callbacks: Vec<RegisteredCallback>,
    /// Whether its links count without a signature.
    pub accepts_unsigned: bool,
    /// Its name, where the directory has none.
    pub name: Option<String>,
}

/// The names of what comes back from an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnNames {
    /// The signed form, in order of preference.
    pub jws: Vec<String>,
    /// Plain receipts beside it.
    pub receipts: Vec<String>,
    /// The session id.
    pub session: String,
    /// What happened when there is no receipt.
    pub result: String,
    /// The values of `result` and their meaning.
    pub results: Vec<(String, IssuerResult)>,
}

/// What an issuer is told to come back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackStyle {
    /// `{public_url}/callback/{session}`: nothing an issuer does to the query can lose the session.
    Path,
    /// `{public_url}/callback`, for an issuer that takes only an address registered beforehand. The session is found by
    /// the return's session id, or else by what this browser is waiting for.
    Fixed,
}

/// Whether the issuer asks the cardholder for the six digits that the wallet shows (`authenticationCode`, Token Connect
/// API: "used to verify that the cardholder initiating the request with the wallet is the same as with the issuer").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePolicy {
    /// It does, and a return without the code is refused.
    Required,
    /// It may; a code that comes must be right.
    Optional,
    /// It does not: no code is shown.
    Unsupported,
}

/// Who compares the code. How the real system does is not public (protocol facts 12.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeCheck {
    /// Nobody that we know of: it is shown for the issuer.
    None,
    /// MDES bound it to the receipt and compares it with what `checkEligibility` brings.
    Bind,
    /// The signed receipt holds it, and we compare.
    Jws,
}

/// The profiles of all issuers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profiles {
    /// For issuers without one of their own.
    pub default: Profile,
    /// Complete ones: what an issuer's entry does not say is the default's.
    pub issuers: BTreeMap<IssuerId, Profile>,
}

impl Profiles {
    /// The profile that counts for an issuer.
    #[must_use]
    pub fn of(&self, issuer: &IssuerId) -> &Profile {
        self.issuers.get(issuer).unwrap_or(&self.default)
    }
}

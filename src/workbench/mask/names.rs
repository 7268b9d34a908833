//! What may be shown of a value, by the name that it has: in JSON, in forms, in queries. A name that is not in here has a
//! value that is not shown.

/// What a value that gets an alias is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A session of the wallet (`tokenRequestorSessionId`).
    Session,
    /// A push account receipt.
    Receipt,
    /// Signed push account data, or another JWS.
    Signed,
    /// A token's reference.
    Token,
    /// An account's reference, or an issuer's own id of a pushed account.
    Account,
    /// A task of digitization.
    Task,
    /// What `checkEligibility` gave.
    Eligibility,
    /// A visit to an issuer's site.
    Visit,
    /// A card of the wallet.
    Card,
    /// What signs a browser in, or asks for a return that is kept.
    Handle,
    /// A wallet's instance, one per browser or account.
    Instance,
    /// What ties MDES's questions to the issuer together.
    Correlation,
    /// A picture or a document of MDES. No secret: it has no alias.
    Asset,
    /// Any other long id.
    Other,
}

impl Sort {
    /// How many there are.
    pub const COUNT: usize = 14;

    /// What aliases of this sort begin with.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Receipt => "receipt",
            Self::Signed => "signed-data",
            Self::Token => "token",
            Self::Account => "account",
            Self::Task => "task",
            Self::Eligibility => "eligibility",
            Self::Visit => "visit",
            Self::Card => "card",
            Self::Handle => "handle",
            Self::Instance => "instance",
            Self::Correlation => "correlation",
            Self::Asset => "asset",
            Self::Other => "id",
        }
    }
}

/// What is done with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Treatment {
    /// Shown as it is, unless it was a secret before: ids that nobody can do anything with.
    Exact,
    /// The same, and messages that name it belong together.
    Asset,
    /// Shown, without what looks like a secret.
    Text,
    /// A number or a moment: shown, unless it is a card number.
    Figure,
    /// An address: its parts are masked by their own names.
    Address,
    /// First and last characters and an alias.
    Alias(Sort),
    /// Several of them with commas between.
    Aliases(Sort),
    /// How many characters it has.
    Length,
    /// The last four digits.
    Digits,
    /// How long it is: pictures, encrypted content.
    Bytes,
    /// The start of a card number with zeros behind: what a range begins with.
    Range,
    /// Nothing.
    Hidden,
}

/// What is done with the value of `name`, which stands in something called `within`. Upper and lower case are the same.
pub(super) fn treatment(within: &str, name: &str) -> Treatment {
    let (within, name) = (within.to_ascii_lowercase(), name.to_ascii_lowercase());
    if let Some(treatment) = inside(&within, &name) {
        return treatment;
    }
    TABLE
        .iter()
        .find(|(names, _)| names.contains(&name.as_str()))
        .map_or(Treatment::Hidden, |(_, treatment)| *treatment)
}

/// Whether a name, in lower case, is one of those that are masked by their names, or of OAuth.
pub(super) fn is_known(name: &str) -> bool {
    let mut all = TABLE.iter().flat_map(|(names, _)| names.iter());
    all.any(|known| *known == name) || OAUTH.contains(&name)
}

/// Parameters of an OAuth header.
const OAUTH: [&str; 8] = [
    "oauth_body_hash",
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_version",
    "realm",
];

/// Names that mean different things in different places.
fn inside(within: &str, name: &str) -> Option<Treatment> {
    match (within, name) {
        ("eligibilityreceipt", "value") => Some(Treatment::Alias(Sort::Eligibility)),
        ("authenticationmethod" | "authenticationmethods" | "methods", "id") => Some(Treatment::Exact),
        ("issuer" | "issuers", "id" | "name") => Some(Treatment::Text),
        ("session", "id") => Some(Treatment::Alias(Sort::Session)),
        ("card" | "cards", "id") => Some(Treatment::Alias(Sort::Card)),
        ("tokenrequestors", "name") => Some(Treatment::Text),
        _ => None,
    }
}

/// Every name that is known, in lower case.
const TABLE: &[(&[&str], Treatment)] = &[
    (
        &[
            "reference",
            "requestid",
            "responseid",
            "walletid",
            "issuerid",
            "imageassetid",
            "brandlogoassetid",
            "issuerlogoassetid",
            "iconassetid",
            "assetid",
            "issuerproductconfigid",
            "publickeyfingerprint",
            "kid",
        ],
        Treatment::Exact,
    ),
    (
        &[
            "termsandconditionsassetid",
            "cardbackgroundassetid",
            "cardbackgroundcombinedassetid",
        ],
        Treatment::Asset,
    ),
    (TEXTS, Treatment::Text),
    (FIGURES, Treatment::Figure),
    (
        &[
            "callbackurl",
            "callback",
            "uri",
            "url",
            "return_url",
            "redirect_uri",
            "return",
            "back",
            "path",
            "customerserviceurl",
            "website",
            "pdf",
        ],
        Treatment::Address,
    ),
    (
        &["tokenrequestorsessionid", "session", "sessionid"],
        Treatment::Alias(Sort::Session),
    ),
    (
        &["receipt", "pushaccountreceipt", "pushaccountreceipts"],
        Treatment::Aliases(Sort::Receipt),
    ),
    (&["pushaccountdata", "signature"], Treatment::Alias(Sort::Signed)),
    (
        &["tokenuniquereference", "tokenuniquereferences", "token"],
        Treatment::Alias(Sort::Token),
    ),
    (
        &["panuniquereference", "pushaccountid", "cardcontractid"],
        Treatment::Alias(Sort::Account),
    ),
    (&["taskid"], Treatment::Alias(Sort::Task)),
    (&["enrolment"], Treatment::Alias(Sort::Visit)),
    (&["paymentappinstanceid"], Treatment::Alias(Sort::Instance)),
    (&["correlationid"], Treatment::Alias(Sort::Correlation)),
    (&["duplicate_of"], Treatment::Alias(Sort::Card)),
    (&["~parked", "ticket"], Treatment::Alias(Sort::Handle)),
    (
        &["authenticationcode", "activationcode", "code", "digits"],
        Treatment::Length,
    ),
    (
        &["accountnumber", "financialaccountid", "primaryaccountnumber"],
        Treatment::Digits,
    ),
    (
        &["accountranges", "enabledaccountranges", "accountrangeprefix"],
        Treatment::Range,
    ),
    (
        &["data", "encrypteddata", "encryptedkey", "iv", "tag", "aad", "padding"],
        Treatment::Bytes,
    ),
];

/// Names whose values are numbers and moments.
const FIGURES: &[&str] = &[
    "accountpansuffix",
    "expirationdatetime",
    "expires_at",
    "expires_in_s",
    "foregroundcolor",
    "height",
    "last_four",
    "method",
    "pansequencenumber",
    "pushaccountreceiptsvalidityperiod",
    "resend_in_s",
    "status",
    "statustimestamp",
    "termsandconditionsacceptedtimestamp",
    "tokenpansuffix",
    "tries_left",
    "validforminutes",
    "version",
    "width",
];

/// Names whose values are words, states, settings and sentences.
const TEXTS: &[&str] = &[
    "accountholderdatasupplied",
    "action",
    "alg",
    "algorithmciphermode",
    "alias",
    "callbackrequired",
    "card",
    "cardletid",
    "causedby",
    "clientid",
    "completeissuerappactivation",
    "completewebsiteactivation",
    "consumerfacingentityname",
    "consumerlanguage",
    "countries",
    "country",
    "countrycode",
    "decision",
    "description",
    "detail",
    "details",
    "dsrpcapable",
    "errorcode",
    "errordescription",
    "eventreasoncode",
    "failure",
    "iscobranded",
    "issecuritycodeapplicable",
    "issuer",
    "issuername",
    "kind",
    "lang",
    "locale",
    "misbehave",
    "note",
    "oaephashingalgorithm",
    "paymentappid",
    "problem",
    "product",
    "productcategory",
    "q",
    "reason",
    "reasoncode",
    "reasoncodes",
    "recoverable",
    "requestissuerinitiateddigitizationdata",
    "responsehost",
    "result",
    "seen",
    "services",
    "shortdescription",
    "source",
    "stage",
    "state",
    "style",
    "supportedaccountholderdata",
    "supportedpushmethods",
    "supportissuerinitiateddigitizationdata",
    "supportscardholderauthentication",
    "supportsmultiplepushedcards",
    "supportstokenconnect",
    "theme",
    "title",
    "tokenrequestorid",
    "tokenrequestorname",
    "tokenrequestorsignaturesupport",
    "tokenrequestortype",
    "tokentype",
    "typ",
    "type",
    "walletname",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_nobody_knows_has_a_value_that_nobody_sees() {
        assert_eq!(treatment("", "favouriteColour"), Treatment::Hidden);
        for secret in [
            "csrf",
            "password",
            "customer",
            "subject",
            "accountHolderName",
            "expiryMonth",
            "start",
            "value",
        ] {
            assert_eq!(treatment("", secret), Treatment::Hidden, "{secret}");
        }
        assert_eq!(
            treatment("eligibilityReceipt", "value"),
            Treatment::Alias(Sort::Eligibility)
        );
        assert_eq!(
            treatment("", "TOKENREQUESTORSESSIONID"),
            Treatment::Alias(Sort::Session)
        );
    }

    #[test]
    fn no_name_is_there_twice() {
        let mut all: Vec<&str> = TABLE.iter().flat_map(|(names, _)| names.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all.iter().all(|name| *name == name.to_ascii_lowercase()));
    }
}

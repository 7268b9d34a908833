//! The rows.

use std::time::Duration;

use super::{Deed, Lie, ListLie, PushLie, ReceiptLie, Side, TokenLie};
use crate::sim::faults::Fault;
use crate::sim::road::Bump;

const fn mdes(id: &'static str, label: &'static str, sentence: &'static str, verdict: &'static str, deed: Deed) -> Lie {
    Lie {
        id,
        label,
        sentence,
        side: Side::Mdes,
        verdict,
        deed,
    }
}

const fn bank(id: &'static str, label: &'static str, sentence: &'static str, verdict: &'static str, deed: Deed) -> Lie {
    Lie {
        id,
        label,
        sentence,
        side: Side::Bank,
        verdict,
        deed,
    }
}

const fn road(id: &'static str, label: &'static str, sentence: &'static str, verdict: &'static str, bump: Bump) -> Lie {
    Lie {
        id,
        label,
        sentence,
        side: Side::Road,
        verdict,
        deed: Deed::Road(bump),
    }
}

/// Every lie there is.
pub static LIES: &[Lie] = &[
    mdes(
        "other-session",
        "Wrong session signed",
        "The signature covers the id of another session.",
        "PP-SIG-003",
        Deed::Token(TokenLie::OtherSession),
    ),
    mdes(
        "no-session",
        "No session signed",
        "The signature covers no session id, although the bank sent one.",
        "PP-SIG-003",
        Deed::Token(TokenLie::NoSession),
    ),
    mdes(
        "tampered",
        "Tampered receipt",
        "One character of the receipt is changed after signing.",
        "PP-SIG-005",
        Deed::Token(TokenLie::Tampered),
    ),
    mdes(
        "unknown-key",
        "Unknown key",
        "Signed with a key that was never published, under a name that nobody knows.",
        "PP-SIG-004",
        Deed::Token(TokenLie::UnknownKey),
    ),
    mdes(
        "retired-key",
        "Retired key",
        "Signed with a key that is no longer published.",
        "PP-SIG-004",
        Deed::Token(TokenLie::RetiredKey),
    ),
    mdes(
        "lapsed-certificate",
        "Expired certificate",
        "Signed with a published key whose certificate expired in 2021.",
        "PP-SIG-006",
        Deed::Token(TokenLie::LapsedCertificate),
    ),
    mdes(
        "alg-none",
        "Algorithm “none”",
        "The header says that nothing is signed, and nothing is.",
        "PP-SIG-002",
        Deed::Token(TokenLie::NoAlgorithm),
    ),
    mdes(
        "alg-hs256",
        "Algorithm HS256",
        "An HMAC with the public key for a secret, as a forger makes it.",
        "PP-SIG-002",
        Deed::Token(TokenLie::Hmac),
    ),
    mdes(
        "not-a-jws",
        "Not a JWS",
        "The token is cut off before its signature.",
        "PP-SIG-001",
        Deed::Token(TokenLie::Cut),
    ),
    mdes(
        "expired-receipt",
        "Receipt too late",
        "The receipt is 16 minutes old when it is made.",
        "PP-RCP-001",
        Deed::Receipt(ReceiptLie::Expired),
    ),
    mdes(
        "used-receipt",
        "Receipt used",
        "The receipt was used already when it is made.",
        "PP-RCP-002",
        Deed::Receipt(ReceiptLie::Used),
    ),
    mdes(
        "foreign-receipt",
        "Receipt of another wallet",
        "MDES makes the receipt for another token requestor.",
        "PP-RCP-003",
        Deed::Receipt(ReceiptLie::Foreign),
    ),
    mdes(
        "unknown-receipt",
        "Unknown receipt",
        "MDES signs a receipt and does not know it afterwards.",
        "PP-RCP-004",
        Deed::Receipt(ReceiptLie::Unknown),
    ),
    mdes(
        "terms-changed",
        "Terms changed",
        "The terms become others between checkEligibility and digitize.",
        "PP-TNC-001",
        Deed::Receipt(ReceiptLie::TermsChange),
    ),
    mdes(
        "already-added",
        "Already added",
        "MDES refuses to digitize, as if the card were in the wallet already.",
        "PP-TOK-003",
        Deed::Receipt(ReceiptLie::AlreadyAdded),
    ),
    mdes(
        "code-refused",
        "No code is right",
        "MDES takes whatever code is typed for a wrong one.",
        "",
        Deed::NoCode,
    ),
    mdes(
        "list-503",
        "MDES down, list",
        "MDES answers 503 when it is asked for the list of issuers.",
        "PP-LST-001",
        Deed::Fault {
            operation: "getEligibleIssuers",
            fault: Fault::Status(503),
            count: None,
        },
    ),
    mdes(
        "list-empty",
        "Empty list",
        "MDES lists no issuer.",
        "PP-LST-002",
        Deed::List(ListLie::Empty),
    ),
    mdes(
        "http-uri",
        "Issuer without https",
        "The first issuer of the list is opened by an http address at another host.",
        "PP-LST-003",
        Deed::List(ListLie::PlainUri),
    ),
    mdes(
        "unsafe-logo",
        "Unsafe logos",
        "The first issuer’s logo holds a script, the second’s weighs 4 MB, and the third’s is not there.",
        "PP-LST-004",
        Deed::List(ListLie::UnsafeLogo),
    ),
    mdes(
        "check-503",
        "MDES down, check",
        "checkEligibility fails with 503 two times, then is fine.",
        "PP-NET-002",
        Deed::Fault {
            operation: "checkEligibility",
            fault: Fault::Status(503),
            count: Some(2),
        },
    ),
    mdes(
        "check-slow",
        "MDES slow",
        "checkEligibility takes 12 seconds, once.",
        "PP-NET-001",
        Deed::Fault {
            operation: "checkEligibility",
            fault: Fault::Delay(Duration::from_secs(12)),
            count: Some(1),
        },
    ),
    mdes(
        "answer-lost",
        "Answer lost",
        "digitize is done and its answer is lost, once.",
        "PP-NET-002",
        Deed::Fault {
            operation: "digitize",
            fault: Fault::LoseAnswer,
            count: Some(1),
        },
    ),
    mdes(
        "clock-off",
        "Clock wrong",
        "The clocks of MDES and of the banks are ten minutes ahead of the wallet’s.",
        "PP-OAU-002",
        Deed::Skew {
            mdes_ms: 600_000,
            bank_ms: 600_000,
        },
    ),
    bank(
        "bank-clock-off",
        "Bank’s clock wrong",
        "The clock of the bank is ten minutes behind.",
        "PP-OAU-002",
        Deed::Skew {
            mdes_ms: 0,
            bank_ms: -600_000,
        },
    ),
    bank(
        "bad-body-hash",
        "Bank’s body hash wrong",
        "The bank changes the body of its push after it hashed it.",
        "PP-OAU-001",
        Deed::Push(PushLie::BodyHash),
    ),
    bank(
        "nonce-twice",
        "Bank repeats without signing anew",
        "The bank sends its push two times, with one nonce.",
        "PP-OAU-003",
        Deed::Push(PushLie::SentTwice),
    ),
    bank(
        "bad-base-string",
        "Bank signs another address",
        "The bank signs https where it calls http, as behind a proxy.",
        "PP-OAU-004",
        Deed::Push(PushLie::BaseString),
    ),
    bank(
        "encrypted-for-another-key",
        "Encrypted for another key",
        "The bank encrypts the cards to a certificate that is not that of MDES.",
        "PP-ENC-001",
        Deed::Push(PushLie::EncryptedForAnother),
    ),
    bank(
        "no-eligible-card",
        "No eligible card",
        "The bank says that none of the cards can be added to a wallet.",
        "PP-TOK-001",
        Deed::NoCard,
    ),
    bank(
        "return-bare",
        "Return without answer",
        "The bank comes back to the bare callback.",
        "PP-RET-001",
        Deed::Return("bare"),
    ),
    bank(
        "return-elsewhere",
        "Return in another browser",
        "The bank offers the way back for another browser.",
        "PP-RET-002",
        Deed::Return("other-browser"),
    ),
    bank(
        "return-cut",
        "Return with half an id",
        "The bank cuts the session id off, in the callback and beside the data.",
        "PP-RET-003",
        Deed::ReturnCut,
    ),
    bank(
        "return-twice",
        "Return twice",
        "The bank offers the way back, to be opened two times.",
        "PP-RET-004",
        Deed::Return("twice"),
    ),
    bank(
        "return-late",
        "Return too late",
        "The bank comes back after 16 minutes.",
        "PP-RET-005",
        Deed::Return("late"),
    ),
    bank(
        "return-posted",
        "Return by POST",
        "The bank comes back with a form.",
        "PP-RET-006",
        Deed::Return("posted"),
    ),
    bank(
        "return-cancelled",
        "Person cancels",
        "The bank comes back without a card and says that the cardholder cancelled.",
        "",
        Deed::Return("cancelled"),
    ),
    road(
        "link-without-session",
        "Link without session",
        "The link to the bank loses its session id on the way.",
        "PP-RED-001",
        Bump::NoSession,
    ),
    road(
        "link-other-callback",
        "Link with another callback",
        "The link to the bank leads back to another path of the wallet.",
        "PP-RED-002",
        Bump::OtherCallback,
    ),
    road(
        "link-other-wallet",
        "Link for another wallet",
        "The link to the bank names another token requestor.",
        "PP-RED-003",
        Bump::OtherWallet,
    ),
    road(
        "body-rewritten",
        "Wallet’s body rewritten",
        "A gateway before MDES writes the wallet’s JSON anew, after it was signed.",
        "PP-OAU-001",
        Bump::RewrittenBody,
    ),
    road(
        "sent-twice",
        "Wallet’s requests repeated",
        "A proxy before MDES sends each request of the wallet two times, as it is.",
        "PP-OAU-003",
        Bump::SentTwice,
    ),
    road(
        "other-host",
        "Wallet’s host rewritten",
        "A proxy before MDES puts its own name into the host of the wallet’s requests.",
        "PP-OAU-004",
        Bump::OtherHost,
    ),
];

use std::sync::OnceLock;

use openssl::hash::MessageDigest;
use openssl::pkey::Private;
use openssl::rsa::Rsa;
use openssl::sign::Signer;

use super::super::mask::{Book, Lexicon};
use super::*;

const KID: &str = "20260101120000-MDES-token-connect-sim";
const SESSION: &str = "4f2c0000-0000-4000-8000-0000000091ab";
const RECEIPT: &str = "MCC-STL-43233098-64B2-4930-A2D1-3D778894B02B";

fn key() -> &'static PKey<Private> {
    static KEY: OnceLock<PKey<Private>> = OnceLock::new();
    KEY.get_or_init(|| PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key"))
}

fn payload() -> String {
    json!({"pushAccountReceipts": [RECEIPT], "callbackURL": "https://w.example/cb", "tokenRequestorSessionId": SESSION})
        .to_string()
}

fn input(payload: &str) -> String {
    let header = json!({"alg": "RS256", "kid": KID}).to_string();
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload))
}

fn sign(payload: &str, digest: MessageDigest) -> String {
    let mut signer = Signer::new(digest, key()).expect("a signer");
    let signature = signer
        .sign_oneshot_to_vec(input(payload).as_bytes())
        .expect("a signature");
    URL_SAFE_NO_PAD.encode(signature)
}

/// Signed over one payload, sent with another.
fn replaced(signed: &str, sent: &str) -> String {
    format!("{}.{}", input(sent), sign(signed, MessageDigest::sha256()))
}

fn good() -> String {
    replaced(&payload(), &payload())
}

fn facts_with(text: &str, life: KeyLife) -> JwsFacts {
    let keys = [ReceiptKey {
        kid: KID.to_owned(),
        public_pem: key().public_key_to_pem().expect("PEM"),
        life,
        certificate_pem: Vec::new(),
    }];
    let (mut book, lexicon) = (Book::new([2; 32]), Lexicon::default());
    let mut masker = Masker::new(&mut book, &lexicon);
    let (mut facts, altered) = look(text, &keys, 0, &mut masker);
    // As it is said in the end.
    facts.changed = altered.and_then(|altered| altered.one_letter()).or(facts.changed);
    facts
}

fn facts(text: &str) -> JwsFacts {
    facts_with(text, KeyLife::Live)
}

#[test]
fn what_mdes_signed_is_right_and_shows_no_receipt() {
    let facts = facts(&good());
    assert!(
        facts.is_right && facts.malformed.is_none() && facts.changed.is_none(),
        "{facts:?}"
    );
    assert_eq!((facts.algorithm.as_deref(), facts.key), (Some("RS256"), KeyState::Live));
    assert_eq!(facts.header["kid"], KID);
    assert_eq!(
        facts.session.as_ref().map(|session| session.alias.as_str()),
        Some("session-A")
    );
    assert_eq!(facts.receipts.len(), 1);
    assert_eq!(facts.signing_input_bytes, input(&payload()).len() as u64);
    let said = format!("{facts:?}");
    assert!(!said.contains(RECEIPT) && !said.contains(SESSION), "{said}");
}

#[test]
fn a_key_is_in_force_retired_or_unknown() {
    assert_eq!(facts_with(&good(), KeyLife::Overlapping).key, KeyState::Live);
    let retired = facts_with(&good(), KeyLife::Retired);
    assert!(retired.is_right && retired.key == KeyState::Retired);
    let (mut book, lexicon) = (Book::new([2; 32]), Lexicon::default());
    let (unknown, altered) = look(&good(), &[], 0, &mut Masker::new(&mut book, &lexicon));
    assert!(altered.is_none());
    assert!(!unknown.is_right && unknown.key == KeyState::Unknown && unknown.malformed.is_none());
    // An algorithm may be called anything, also as somebody's code.
    let header = URL_SAFE_NO_PAD.encode(json!({"alg": "482138"}).to_string());
    let called = facts(&format!("{header}.{}.c2ln", URL_SAFE_NO_PAD.encode(payload())));
    assert_eq!(called.algorithm.as_deref(), Some("6 digits"));
}

#[test]
fn what_is_no_jws_says_why_and_how_it_would_be_one() {
    let good = good();
    let standard = good.replace('-', "+").replace('_', "/");
    let encoded = good.replace('.', "%2E");
    for (text, malformed, changed) in [
        (
            encoded.clone(),
            "it is still percent-encoded",
            Some("it is right once it is percent-decoded"),
        ),
        (
            encoded.replace('%', "%25"),
            "it is still percent-encoded",
            Some("it is right once it is percent-decoded twice"),
        ),
        (standard.replace('+', " ") + " ", "there are spaces in it", None),
        (
            format!(" {good}"),
            "there are spaces in it",
            Some("it is right without the blanks and quotes around it"),
        ),
        (good[..good.len() - 3].to_owned(), "", None),
        (
            good[..good.rfind('.').expect("a dot")].to_owned(),
            "it has fewer than three parts: cut off, or no JWS",
            None,
        ),
        (
            good.to_lowercase(),
            "all its letters are lower case, and base64url needs both",
            None,
        ),
        (String::new(), "it is empty", None),
        ("a.b.c.d".to_owned(), "it has more than three parts", None),
    ] {
        let facts = facts(&text);
        assert!(!facts.is_right, "{text}");
        if !malformed.is_empty() {
            assert_eq!(facts.malformed.as_deref(), Some(malformed), "{text}");
            assert_eq!(facts.changed.as_deref(), changed, "{text}");
        }
    }
    let spaced = standard.replace('+', " ");
    if spaced.contains(' ') {
        let changed = facts(&spaced).changed.expect("found");
        assert!(changed.ends_with("+ became a space"), "{changed}");
    }
}

#[test]
fn what_was_done_to_a_payload_is_found() {
    let payload = payload();
    let json: Value = serde_json::from_str(&payload).expect("JSON");
    let pretty = serde_json::to_string_pretty(&json).expect("JSON");
    for (signed, sent, words) in [
        (payload.clone(), pretty.clone(), "without its added spaces"),
        (pretty.clone(), payload.clone(), "with line breaks it is right"),
        (payload.replace('/', "\\/"), payload.clone(), "\\/ for /"),
        (payload.clone(), format!(" {payload}\n"), "without its added spaces"),
        (
            payload.clone(),
            payload.replace("91ab", "91ac"),
            "one letter of the payload was changed",
        ),
        (
            payload.clone(),
            payload.replace("4f2c", "9be0"),
            "the key of MDES signed something else",
        ),
    ] {
        let facts = facts(&replaced(&signed, &sent));
        assert!(!facts.is_right, "{words}");
        let changed = facts.changed.unwrap_or_default();
        assert!(changed.contains(words), "{words}: {changed}");
    }
    let at = payload.find("91ab").expect("it is there") + 4;
    let found = facts(&replaced(&payload, &payload.replace("91ab", "91ac")))
        .changed
        .expect("found");
    assert!(found.ends_with(&format!("position {at}")), "{found}");
}

#[test]
fn a_stranger_s_signature_leaves_nothing_to_be_said_of_the_payload() {
    let stranger = PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key");
    let mut signer = Signer::new(MessageDigest::sha256(), &stranger).expect("a signer");
    let signature = signer
        .sign_oneshot_to_vec(input(&payload()).as_bytes())
        .expect("a signature");
    let facts_of = |signature: &str| facts(&format!("{}.{signature}", input(&payload())));
    let forged = facts_of(&URL_SAFE_NO_PAD.encode(signature));
    assert!(!forged.is_right && forged.changed.is_none() && forged.key == KeyState::Live);
    let old = facts_of(&sign(&payload(), MessageDigest::sha1()));
    assert_eq!(
        old.changed.as_deref(),
        Some("the key signed with SHA-1 instead of SHA-256")
    );
    assert!(!facts_of("").is_right);
}

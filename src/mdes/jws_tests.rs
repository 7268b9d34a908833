//! Tokens that lie. Each is signed by the right key wherever a signature alone must not be enough.

use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use proptest::prelude::*;
use std::sync::OnceLock;

use super::*;

#[path = "jws_tests/keys.rs"]
mod key_files;
#[path = "jws_tests/payload.rs"]
mod payload;

const HEADER: &str = r#"{"alg":"RS256","kid":"key-1"}"#;
const PAYLOAD: &str = r#"{"pushAccountReceipts":["MCC-STL-0A1B2C3D-4E5F-4A6B-8C7D-9E0F1A2B3C4D"],"callbackURL":"https://issuer.example/","completeWebsiteActivation":true}"#;

fn private_key() -> &'static PKey<Private> {
    static KEY: OnceLock<PKey<Private>> = OnceLock::new();
    KEY.get_or_init(|| PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key"))
}

fn jwk(rsa: &Rsa<impl openssl::pkey::HasPublic>, kid: &str) -> Value {
    let encode = |number: &openssl::bn::BigNumRef| URL_SAFE_NO_PAD.encode(number.to_vec());
    json!({"kty": "RSA", "kid": kid, "n": encode(rsa.n()), "e": encode(rsa.e())})
}

fn keys() -> KeySet {
    let mut keys = KeySet::default();
    let jwk = jwk(&private_key().rsa().expect("RSA"), "key-1");
    keys.add_file("file", jwk.to_string().as_bytes()).expect("loads");
    keys
}

fn sign(signed: &str) -> Vec<u8> {
    let mut signer = Signer::new(MessageDigest::sha256(), private_key()).expect("a signer");
    signer.sign_oneshot_to_vec(signed.as_bytes()).expect("signed")
}

/// A token that our key signed, whatever it says.
fn signed(header: &[u8], payload: &[u8]) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = URL_SAFE_NO_PAD.encode(sign(&signed));
    format!("{signed}.{signature}")
}

fn good() -> String {
    signed(HEADER.as_bytes(), PAYLOAD.as_bytes())
}

fn outcome(token: &str) -> Option<JwsFault> {
    static KEYS: OnceLock<KeySet> = OnceLock::new();
    verify(KEYS.get_or_init(keys), &UnverifiedJws::new(token)).err()
}

#[test]
fn the_good_token_is_good() {
    assert_eq!(outcome(&good()), None);
    let typed = signed(br#"{"typ":"JOSE","kid":"key-1","alg":"RS256"}"#, PAYLOAD.as_bytes());
    assert_eq!(outcome(&typed), None);
}

#[test]
fn no_single_bit_may_be_flipped() {
    let token = good();
    let mut flips = 0;
    for at in 0..token.len() {
        for bit in 0..8 {
            let mut bytes = token.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            // What is no UTF-8 cannot even be handed over.
            if let Ok(flipped) = String::from_utf8(bytes) {
                assert!(outcome(&flipped).is_some(), "bit {bit} of byte {at}");
                flips += 1;
            }
        }
    }
    assert_eq!(flips, token.len() * 7);
    let parts: Vec<&str> = token.split('.').collect();
    for part in 0..3 {
        let bytes = URL_SAFE_NO_PAD.decode(parts[part]).expect("base64url");
        for bit in 0..bytes.len() * 8 {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let flipped = URL_SAFE_NO_PAD.encode(bytes);
            let mut parts = parts.clone();
            parts[part] = &flipped;
            assert!(outcome(&parts.join(".")).is_some(), "bit {bit} of part {part}");
        }
    }
}

#[test]
fn the_header_chooses_nothing() {
    for (header, fault) in [
        (r#"{"kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":"","kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":null,"kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":1,"kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":["RS256"],"kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":"none","kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":"None","kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":"NONE","kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":"rs256","kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":"RS256 ","kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":"RS256\u0000","kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":"RS384","kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":"RS512","kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":"PS256","kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":"ES256","kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"alg":"HS256","kid":"key-1"}"#, JwsFault::Algorithm),
        (r#"{"ALG":"RS256","kid":"key-1"}"#, JwsFault::HeaderMember),
        (
            r#"{"alg":"RS256","kid":"key-1","crit":["exp"],"exp":1}"#,
            JwsFault::HeaderMember,
        ),
        (r#"{"alg":"RS256","kid":"key-1","crit":[]}"#, JwsFault::HeaderMember),
        (r#"{"alg":"RS256","kid":"key-1","crit":"alg"}"#, JwsFault::HeaderMember),
        (r#"{"alg":"RS256","kid":"key-1","b64":false}"#, JwsFault::HeaderMember),
        (r#"{"alg":"RS256","kid":"key-1","b64":true}"#, JwsFault::HeaderMember),
        (
            r#"{"alg":"RS256","kid":"key-1","jku":"https://evil.example/"}"#,
            JwsFault::HeaderMember,
        ),
        (
            r#"{"alg":"RS256","kid":"key-1","x5u":"https://evil.example/"}"#,
            JwsFault::HeaderMember,
        ),
        (r#"{"alg":"RS256","kid":"key-1","x5c":[]}"#, JwsFault::HeaderMember),
        (r#"{"alg":"RS256","kid":"key-1","x5t":"x"}"#, JwsFault::HeaderMember),
        (r#"{"alg":"RS256","kid":"key-1","jwk":{}}"#, JwsFault::HeaderMember),
        (r#"{"alg":"RS256","kid":"key-1","zip":"DEF"}"#, JwsFault::HeaderMember),
        (
            r#"{"alg":"RS256","kid":"key-1","enc":"A128GCM"}"#,
            JwsFault::HeaderMember,
        ),
        (r#"{"alg":"RS256","kid":"key-1","cty":"JWT"}"#, JwsFault::HeaderMember),
        (r#"{"alg":"RS256","kid":"key-1","typ":1}"#, JwsFault::HeaderMember),
        (r#"{"alg":"RS256","alg":"RS256","kid":"key-1"}"#, JwsFault::Header),
        (r#"{"alg":"none","alg":"RS256","kid":"key-1"}"#, JwsFault::Header),
        (r#"{"alg":"RS256","\u0061lg":"none","kid":"key-1"}"#, JwsFault::Header),
        (r#"{"alg":"RS256","kid":"key-1","k\u0069d":"other"}"#, JwsFault::Header),
        ("\u{feff}{\"alg\":\"RS256\",\"kid\":\"key-1\"}", JwsFault::Header),
        (r#"{"alg":"RS256","kid":"key-1"}x"#, JwsFault::Header),
        (r#"{"alg":"RS256","kid":"key-1"}{}"#, JwsFault::Header),
        (r#"["RS256"]"#, JwsFault::Header),
        ("null", JwsFault::Header),
        ("RS256", JwsFault::Header),
        (r#"{"alg":"RS256"}"#, JwsFault::KeyId),
        (r#"{"alg":"RS256","kid":""}"#, JwsFault::KeyId),
        (r#"{"alg":"RS256","kid":null}"#, JwsFault::KeyId),
        (r#"{"alg":"RS256","kid":["key-1"]}"#, JwsFault::KeyId),
        (r#"{"alg":"RS256","kid":"../../etc/passwd"}"#, JwsFault::KeyId),
        (r#"{"alg":"RS256","kid":"' OR 1=1"}"#, JwsFault::KeyId),
        (r#"{"alg":"RS256","kid":"http://evil.example/"}"#, JwsFault::KeyId),
        (r#"{"alg":"RS256","kid":"key-1\u0000"}"#, JwsFault::KeyId),
        (r#"{"alg":"RS256","kid":"%2e%2e"}"#, JwsFault::KeyId),
        (r#"{"alg":"RS256","kid":"/etc/passwd"}"#, JwsFault::KeyId),
        (r#"{"alg":"RS256","kid":"KEY-1"}"#, JwsFault::UnknownKey),
        (r#"{"alg":"RS256","kid":"key-2"}"#, JwsFault::UnknownKey),
    ] {
        assert_eq!(
            outcome(&signed(header.as_bytes(), PAYLOAD.as_bytes())),
            Some(fault),
            "{header}"
        );
    }
    let long_kid = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, "k".repeat(65));
    assert_eq!(
        outcome(&signed(long_kid.as_bytes(), PAYLOAD.as_bytes())),
        Some(JwsFault::KeyId)
    );
}

#[test]
fn a_public_key_is_no_secret() {
    let rsa = private_key().rsa().expect("RSA");
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","kid":"key-1"}"#);
    let forged = format!("{header}.{}", URL_SAFE_NO_PAD.encode(PAYLOAD));
    let (spki, pkcs1) = (
        rsa.public_key_to_der().expect("DER"),
        rsa.public_key_to_der_pkcs1().expect("DER"),
    );
    let secrets = [
        rsa.public_key_to_pem().expect("PEM"),
        rsa.public_key_to_pem_pkcs1().expect("PEM"),
        STANDARD.encode(&spki).into_bytes(),
        spki,
        pkcs1,
        rsa.n().to_vec(),
        jwk(&rsa, "key-1").to_string().into_bytes(),
        vec![0],
    ];
    for secret in secrets {
        let key = PKey::hmac(&secret).expect("a key");
        let mut mac = Signer::new(MessageDigest::sha256(), &key).expect("a signer");
        let mac = mac.sign_oneshot_to_vec(forged.as_bytes()).expect("a code");
        let token = format!("{forged}.{}", URL_SAFE_NO_PAD.encode(mac));
        assert_eq!(outcome(&token), Some(JwsFault::Algorithm));
    }
}

#[test]
fn the_shape_is_compact_and_canonical() {
    let token = good();
    let (rest, signature) = token.rsplit_once('.').expect("a signature");
    let (header, payload) = rest.split_once('.').expect("a payload");
    for (lie, fault) in [
        (String::new(), JwsFault::Length),
        (".".repeat(50_000), JwsFault::Length),
        ("a".repeat(10_000_000), JwsFault::Length),
        ("a".repeat(TOKEN_LENGTH_MAX), JwsFault::Parts),
        (".".repeat(TOKEN_LENGTH_MAX), JwsFault::Parts),
        ("..".to_owned(), JwsFault::Parts),
        (rest.to_owned(), JwsFault::Parts),
        (header.to_owned(), JwsFault::Parts),
        (format!("{rest}."), JwsFault::Parts),
        (format!(".{payload}.{signature}"), JwsFault::Parts),
        // Detached, as an encrypted token has it, twice, and a token in a token.
        (format!("{header}..{signature}"), JwsFault::Parts),
        (format!("{token}.{header}.{payload}"), JwsFault::Parts),
        (format!("{token}.{token}"), JwsFault::Parts),
        (format!("{token}\n"), JwsFault::Character),
        (format!(" {token}"), JwsFault::Character),
        (format!("{token} "), JwsFault::Character),
        (format!("{header}.\r\n{payload}.{signature}"), JwsFault::Character),
        (format!("\u{feff}{token}"), JwsFault::Character),
        (format!("{token}\0"), JwsFault::Character),
        (format!("{token}="), JwsFault::Character),
        (format!("{token}=="), JwsFault::Character),
        (format!("{header}\u{435}.{payload}.{signature}"), JwsFault::Character),
        (format!("+{}", &token[1..]), JwsFault::Character),
        (format!("/{}", &token[1..]), JwsFault::Character),
        (
            json!({"payload": payload, "protected": header, "signature": signature}).to_string(),
            JwsFault::Character,
        ),
        (format!("{token}A"), JwsFault::SignatureLength),
        (format!("{token}AAAA"), JwsFault::SignatureLength),
        (
            format!("{header}.{payload}.{}", &signature[..336]),
            JwsFault::SignatureLength,
        ),
        (format!("{header}.{payload}.{}", &signature[..341]), JwsFault::Encoding),
        (format!("{header}.{payload}A.{signature}"), JwsFault::Signature),
    ] {
        assert_eq!(outcome(&lie), Some(fault), "{:.80}", lie);
    }
    let nested = signed(HEADER.as_bytes(), token.as_bytes());
    assert_eq!(outcome(&nested), Some(JwsFault::Payload));
}

#[test]
fn bits_behind_the_end_are_refused_in_every_part() {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut checked = 0;
    // Payloads of every length modulo 3, so that 0, 2 and 4 bits are left over; the signature leaves 4.
    for pad in ["", " ", "  "] {
        let token = signed(
            format!("{HEADER}{pad}").as_bytes(),
            format!("{PAYLOAD}{pad}").as_bytes(),
        );
        assert_eq!(outcome(&token), None);
        let parts: Vec<String> = token.split('.').map(str::to_owned).collect();
        for part in 0..3 {
            let last = parts[part].chars().last().expect("not empty");
            let spelt = |letter: u8| format!("{}{}", &parts[part][..parts[part].len() - 1], char::from(letter));
            let meant = URL_SAFE_NO_PAD.decode(&parts[part]).expect("canonical").len();
            let spare = parts[part].len() * 6 - meant * 8;
            for letter in ALPHABET.iter().filter(|letter| char::from(**letter) != last) {
                let mut other = parts.clone();
                other[part] = spelt(*letter);
                let index = ALPHABET.iter().position(|one| one == letter).expect("in the alphabet");
                let fault = outcome(&other.join("."));
                assert!(fault.is_some(), "part {part} ending in {}", char::from(*letter));
                if index % (1 << spare) != 0 {
                    assert_eq!(
                        fault,
                        Some(JwsFault::Encoding),
                        "told before the signature is looked at"
                    );
                }
                // Signed anew, a header or payload with spare bits would have the right signature.
                if part < 2 && index % (1 << spare) != 0 {
                    let signed = format!("{}.{}", other[0], other[1]);
                    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(sign(&signed)));
                    assert_eq!(outcome(&token), Some(JwsFault::Encoding));
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn limits_hold_at_their_boundary() {
    let header = |length: usize| format!("{HEADER}{}", " ".repeat(length - HEADER.len()));
    let payload = |length: usize| format!("{PAYLOAD}{}", " ".repeat(length - PAYLOAD.len()));
    assert_eq!(outcome(&signed(header(512).as_bytes(), PAYLOAD.as_bytes())), None);
    assert_eq!(
        outcome(&signed(header(513).as_bytes(), PAYLOAD.as_bytes())),
        Some(JwsFault::Header)
    );
    assert_eq!(outcome(&signed(HEADER.as_bytes(), payload(4096).as_bytes())), None);
    assert_eq!(
        outcome(&signed(HEADER.as_bytes(), payload(4097).as_bytes())),
        Some(JwsFault::Payload)
    );
    let long = signed(HEADER.as_bytes(), payload(5_800).as_bytes());
    assert_eq!(
        (long.len() <= TOKEN_LENGTH_MAX, outcome(&long)),
        (true, Some(JwsFault::Payload))
    );
    let longer = signed(HEADER.as_bytes(), payload(6_000).as_bytes());
    assert_eq!(
        (longer.len() > TOKEN_LENGTH_MAX, outcome(&longer)),
        (true, Some(JwsFault::Length))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_text_makes_it_panic_or_pass(text in ".{0,300}") {
        prop_assert!(outcome(&text).is_some());
    }

    #[test]
    fn no_three_parts_make_it_panic_or_pass(header in "[A-Za-z0-9_-]{0,120}", payload in "[A-Za-z0-9_-]{0,120}", signature in "[A-Za-z0-9_-]{0,342}") {
        let token = format!("{header}.{payload}.{signature}");
        prop_assert!(outcome(&token).is_some());
    }

    #[test]
    fn no_signed_bytes_make_it_panic(header in prop::collection::vec(any::<u8>(), 1..80), payload in prop::collection::vec(any::<u8>(), 1..200)) {
        prop_assert!(outcome(&signed(&header, &payload)).is_some());
        let _ = outcome(&signed(HEADER.as_bytes(), &payload));
        let _ = push_account_data(&payload);
    }

    #[test]
    fn a_spliced_token_never_passes(from in 0usize..600, length in 1usize..40, with in "[A-Za-z0-9_.-]{0,40}") {
        let token = good();
        let from = from.min(token.len() - 1);
        let to = (from + length).min(token.len());
        let spliced = format!("{}{with}{}", &token[..from], &token[to..]);
        prop_assert_eq!(outcome(&spliced).is_none(), spliced == token);
    }
}

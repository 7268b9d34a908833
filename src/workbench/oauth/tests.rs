use std::sync::{Arc, OnceLock};

use openssl::hash::MessageDigest;
use openssl::pkey::Private;
use openssl::rsa::Rsa;
use openssl::sign::Signer;

use super::super::knowledge::{KnownWallet, Places};
use super::super::mask::{Book, Lexicon};
use super::draft::encode;
use super::*;

const KEY: &str = "aaaaaaaaaaaaaaaaaaaaaaaa!bbbbbbbbbbbbbbbbbbbbbbbb";
const NONCE: &str = "0123456789abcdef";
const BODY: &[u8] = b"{\"requestId\": \"1\"}";

fn key() -> &'static PKey<Private> {
    static KEY: OnceLock<PKey<Private>> = OnceLock::new();
    KEY.get_or_init(|| PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key"))
}

fn knowledge() -> Knowledge {
    Knowledge {
        wallet: KnownWallet {
            client: Client {
                consumer_key: KEY.to_owned(),
                public_key_pem: key().public_key_to_pem().expect("PEM"),
            },
            ..KnownWallet::default()
        },
        issuer: Client {
            consumer_key: "another".to_owned(),
            ..Client::default()
        },
        places: Places {
            mdes: "http://127.0.0.1:8081".to_owned(),
            ..Places::default()
        },
        ..Knowledge::of_strangers([9; 32], Arc::new(|| 0), "tidemark")
    }
}

/// A request and how it was signed.
struct Case {
    host: &'static str,
    target: &'static str,
    /// Parts of the base string, decoded.
    signed: [String; 3],
    hash: String,
    extra: &'static str,
    digest: MessageDigest,
    is_encoded: bool,
}

fn parameters(hash: &str) -> String {
    format!(
        "oauth_body_hash={hash}&oauth_consumer_key={KEY}&oauth_nonce={NONCE}\
         &oauth_signature_method=RSA-SHA256&oauth_timestamp=1767225600&oauth_version=1.0&q=1&status=%2F"
    )
}

impl Case {
    fn right() -> Self {
        let hash = body_hash(BODY);
        Self {
            host: "127.0.0.1:8081",
            target: "/mdes/x%20y/digitize?status=%2f&q=1",
            signed: [
                "POST".to_owned(),
                "http://127.0.0.1:8081/mdes/x%20y/digitize".to_owned(),
                parameters(&hash),
            ],
            hash,
            extra: "",
            digest: MessageDigest::sha256(),
            is_encoded: true,
        }
    }

    fn facts(&self) -> OauthFacts {
        let [method, uri, parameters] = &self.signed;
        let base = match self.is_encoded {
            true => format!("{method}&{}&{}", encode(uri), encode(parameters)),
            false => format!("{method}&{uri}&{parameters}"),
        };
        let mut signer = Signer::new(self.digest, key()).expect("a signer");
        let signature = signer.sign_oneshot_to_vec(base.as_bytes()).expect("a signature");
        let header = format!(
            "OAuth {}oauth_consumer_key=\"{KEY}\",oauth_nonce=\"{NONCE}\",oauth_timestamp=\"1767225600\",\
             oauth_signature_method=\"RSA-SHA256\",oauth_version=\"1.0\",oauth_body_hash=\"{}\",oauth_signature=\"{}\"",
            self.extra,
            self.hash,
            encode(&STANDARD.encode(signature))
        );
        looked(self.host, self.target, &header)
    }
}

fn looked(host: &str, target: &str, header: &str) -> OauthFacts {
    let call = Call {
        method: "POST",
        host,
        target,
        authorization: header,
        body: BODY,
        now_ms: 1_767_225_590_000,
    };
    let (mut book, lexicon) = (Book::new([2; 32]), Lexicon::default());
    let mut masker = Masker::new(&mut book, &lexicon);
    look(&call, &knowledge(), &mut masker).expect("a signature").facts
}

#[test]
fn a_right_signature_is_right_and_shows_no_secret() {
    let facts = Case::right().facts();
    assert!(
        facts.is_right && facts.mistake.is_none() && facts.signed_base.is_none(),
        "{facts:?}"
    );
    assert_eq!(
        (facts.client.as_deref(), facts.clock_ahead_s),
        (Some("wallet"), Some(10))
    );
    assert_eq!(facts.expected_base[1], "http://127.0.0.1:8081/mdes/x%20y/digitize");
    assert!(
        facts.expected_base[2].contains("&oauth_nonce=0123…cdef (hmac:"),
        "{facts:?}"
    );
    let (given, computed) = facts.body_hash.clone().expect("a hash");
    assert_eq!(given, computed);
    let said = format!("{facts:?}");
    // With the hash of the body, a code in it could be found by trying.
    for secret in [
        KEY,
        NONCE,
        &body_hash(BODY),
        &body_hash(BODY)[..6],
        &hex::encode(&sha256(BODY)[..4]),
    ] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[test]
fn each_usual_mistake_is_named_and_what_was_signed_is_shown() {
    let right = Case::right();
    let [_, uri, all] = right.signed.clone();
    let hash = right.hash.clone();
    let with = |change: &dyn Fn(&mut Case)| {
        let mut case = Case::right();
        change(&mut case);
        case
    };
    let cases: Vec<(&str, Case)> = vec![
        (
            "percent-encoded once more",
            with(&|case| {
                case.signed[2] = all.replace(&hash, &encode(&hash)).replace('!', "%21");
            }),
        ),
        (
            "the scheme is https",
            with(&|case| case.signed[1] = uri.replace("http:", "https:")),
        ),
        (
            "own port was left in",
            with(&|case| {
                case.host = "mdes.example";
                case.signed[1] = uri.replace("127.0.0.1:8081", "mdes.example:80");
            }),
        ),
        (
            "the port was left out",
            with(&|case| case.signed[1] = uri.replace(":8081", "")),
        ),
        ("arrived under another host", with(&|case| case.host = "proxy.example")),
        ("slash at its end", with(&|case| case.signed[1] = format!("{uri}/"))),
        (
            "the path was percent-decoded",
            with(&|case| case.signed[1] = uri.replace("%20", " ")),
        ),
        (
            "percent-encoded twice",
            with(&|case| case.signed[1] = uri.replace("%20", "%2520")),
        ),
        (
            "the query was left out",
            with(&|case| case.signed[2] = all.replace("&q=1&status=%2F", "")),
        ),
        (
            "the query was percent-encoded once too often",
            with(&|case| {
                case.signed[2] = all.replace("%2F", "%252F");
            }),
        ),
        (
            "the query was signed decoded",
            with(&|case| case.signed[2] = all.replace("%2F", "/")),
        ),
        ("lower case", with(&|case| case.signed[0] = "post".to_owned())),
        ("not percent-encoded", with(&|case| case.is_encoded = false)),
        (
            "realm was signed",
            with(&|case| {
                case.extra = "realm=\"mdes\",";
                case.signed[2] = all.replace("&status", "&realm=mdes&status");
            }),
        ),
        (
            "oauth_body_hash was left out",
            with(&|case| {
                case.signed[2] = all.replace(&format!("oauth_body_hash={hash}&"), "");
            }),
        ),
        (
            "signed is that of an empty body",
            with(&|case| case.signed[2] = all.replace(&hash, &body_hash(b""))),
        ),
        (
            "https in what was signed, and http in the request (or the other way round); the method",
            with(&|case| {
                case.signed[0] = "post".to_owned();
                case.signed[1] = uri.replace("http:", "https:");
            }),
        ),
    ];
    for (words, case) in cases {
        let facts = case.facts();
        let mistake = facts.mistake.unwrap_or_default();
        assert!(!facts.is_right && mistake.contains(words), "{words}: {mistake}");
        let signed = facts.signed_base.unwrap_or_else(|| panic!("{words}: not found"));
        assert!(signed != facts.expected_base || !case.is_encoded, "{words}");
    }
}

#[test]
fn parameters_out_of_order_are_found_in_the_order_of_the_header() {
    let mut case = Case::right();
    let hash = case.hash.clone();
    case.signed[2] = format!(
        "status=%2F&q=1&oauth_consumer_key={KEY}&oauth_nonce={NONCE}&oauth_timestamp=1767225600\
         &oauth_signature_method=RSA-SHA256&oauth_version=1.0&oauth_body_hash={hash}"
    );
    let facts = case.facts();
    assert_eq!(facts.mistake.as_deref(), Some("the parameters were not sorted"));
    assert!(facts.signed_base.expect("found")[2].starts_with("status=%2F&q=1&oauth_consumer_key"));
}

#[test]
fn a_body_hash_of_something_else_is_told_from_a_wrong_signature() {
    for (hash, words) in [
        (body_hash(b""), "that of an empty body"),
        (
            body_hash(b"{\"requestId\":\"1\"}"),
            "that of the same JSON without spaces",
        ),
        (
            hex::encode(sha256(BODY)),
            "written in hexadecimal digits, and not in base64",
        ),
        (
            body_hash(BODY).trim_end_matches('=').to_owned(),
            "written without the = at its end",
        ),
        (
            body_hash(b"what else"),
            "that of another body than the one that arrived",
        ),
    ] {
        let mut case = Case::right();
        case.signed[2] = parameters(&hash);
        case.hash = hash;
        let hash = case.hash.clone();
        let facts = case.facts();
        assert!(facts.is_right, "the header was signed as it stands");
        let (given, computed) = facts.body_hash.clone().expect("a hash");
        assert_ne!(given, computed);
        assert!(!format!("{facts:?}").contains(&hash[..6]), "{facts:?}");
        let mistake = facts.mistake.unwrap_or_default();
        assert!(
            mistake.starts_with("oauth_body_hash is") && mistake.ends_with(words),
            "{mistake}"
        );
    }
}

#[test]
fn what_cannot_be_found_is_told_as_far_as_it_can_be() {
    let mut case = Case::right();
    case.signed[1] = "http://elsewhere.example/nothing".to_owned();
    let facts = case.facts();
    assert!(facts.signed_base.is_none() && facts.mistake.expect("a word").starts_with("the right key signed"));
    let mut case = Case::right();
    case.digest = MessageDigest::sha1();
    assert_eq!(
        case.facts().mistake.as_deref(),
        Some("signed with SHA-1 instead of SHA-256")
    );
    let said = |header: &str| looked("h", "/", header).mistake.unwrap_or_default();
    let nobody = "OAuth oauth_consumer_key=\"nobody\",oauth_signature=\"AAAA\"";
    assert_eq!(said(nobody), "no client is enrolled under this consumer key");
    let stranger = format!("OAuth oauth_consumer_key=\"{KEY}\",oauth_signature=\"AAAA\"");
    assert!(said(&stranger).starts_with("another key signed"));
    let broken = format!("OAuth oauth_consumer_key=\"{KEY}\",oauth_signature=\"=\"");
    assert_eq!(said(&broken), "the signature is not base64");
}

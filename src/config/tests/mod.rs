use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::reader::Reader;
use super::*;
use crate::domain::launch::ReturnPath;

mod deployment;
mod faults;
mod profiles;
mod tokens;

/// The smallest configuration that is right. The tests below replace one of its lines, counted from 1.
const GOOD: [&str; 10] = [
    r#"public_url = "https://wallet.example""#,
    "[mdes]",
    r#"base_url = "https://sandbox.api.mastercard.com/mdes""#,
    r#"token_requestor_id = "50123456789""#,
    r#"consumer_key_file = "consumer-key""#,
    r#"signing_key_file = "signing-key.pem""#,
    r#"jws_key_files = ["mdes/*.json"]"#,
    "[secrets]",
    r#"cookie_key_file = "cookie-key""#,
    r#"storage_key_file = "storage-key""#,
];
/// One past the last line: appended.
const END: usize = 11;

const COOKIE_KEY: &str = "8f3a6c1be0d2954778a1fc03b56e2d9914c7e8b02f5a6d3190cb7e4482d6f1a5";
const STORAGE_KEY: &str = "hV3c0mPq7ZtN1yK8xR5sWbL2dF9gJ4aTuEoI6vCkQmM=";
const CONSUMER_KEY: &str = "Zq8WmT3vKc1!b7f0e2d9";

fn private(path: &Path, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("has a parent")).expect("folder");
    fs::write(path, content).expect("written");
    mode(path, 0o600);
}

#[cfg(unix)]
fn mode(path: &Path, bits: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(bits)).expect("mode set");
}

#[cfg(not(unix))]
fn mode(_: &Path, _: u32) {}

/// A folder with the secrets that [`GOOD`] names and a configuration file.
fn folder(configuration: &str) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| dir.path().join(name);
    private(&at("consumer-key"), format!("{CONSUMER_KEY}\n"));
    private(
        &at("signing-key.pem"),
        "any bytes: only the reader of keys looks inside\n",
    );
    private(&at("cookie-key"), format!("{COOKIE_KEY}\n"));
    private(&at("storage-key"), STORAGE_KEY);
    private(&at("open-key"), STORAGE_KEY);
    mode(&at("open-key"), 0o644);
    private(&at("empty"), "");
    private(&at("large"), vec![b'a'; 64 * 1024 + 1]);
    private(&at("weak-key"), "0123456789abcdef0123456789abcdef");
    private(&at("mdes/key-2.json"), "{}");
    private(&at("mdes/key-1.json"), "{}");
    private(&at("mdes/.hidden.json"), "{}");
    private(&at("mdes/readme.txt"), "no key");
    private(&at("tidemark.toml"), configuration);
    dir
}

fn load(dir: &TempDir, environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let path = dir.path().join("tidemark.toml");
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::load(Some(&path), environment).map_err(|faults| {
        let prefix = format!("{}:", path.display());
        let base = dir.path().display().to_string();
        let line = |fault: ConfigError| fault.to_string();
        faults
            .into_iter()
            .map(line)
            .map(|text| text.strip_prefix(&prefix).unwrap_or(&text).replace(&base, "DIR"))
            .collect()
    })
}

fn good() -> String {
    GOOD.join("\n") + "\n"
}

/// [`GOOD`] with line `number` replaced by `text`, which may be several lines, or none.
fn with_line(number: usize, text: &str) -> String {
    let mut lines: Vec<&str> = GOOD.to_vec();
    if number == END {
        lines.push(text);
    } else {
        lines[number - 1] = text;
    }
    lines.join("\n") + "\n"
}

// What is right.

#[test]
fn the_minimum_of_the_documentation_is_enough() {
    let text = r#"
public_url   = "https://wallet.example"      # https, except on loopback
listen       = "127.0.0.1:8080"
database_url = "sqlite://tidemark.db"        # or postgres://…
[mdes]
base_url = "https://sandbox.api.mastercard.com/mdes"
token_requestor_id = "50123456789"
consumer_key_file  = "secrets/consumer-key"
signing_key_file   = "secrets/signing-key.pem"   # PEM, or PKCS#12 with password file
jws_key_files      = ["secrets/mdes/*.json"]     # JWK, JWK set, or PEM certificate; file stem is the kid
[secrets]
cookie_key_file  = "secrets/cookie-key"
storage_key_file = "secrets/storage-key"
"#;
    let dir = folder(text);
    let secrets = dir.path().join("secrets");
    fs::create_dir(&secrets).expect("folder");
    for name in ["consumer-key", "signing-key.pem", "cookie-key", "storage-key", "mdes"] {
        fs::rename(dir.path().join(name), secrets.join(name)).expect("moved");
    }
    // Nothing in the file itself is secret, so it may be read by all.
    mode(&dir.path().join("tidemark.toml"), 0o644);
    let config = load(&dir, &[]).expect("it is right");
    assert_eq!(config.public_url.as_str(), "https://wallet.example");
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.operations_listen, None);
    assert_eq!(
        config.database.sqlite_file(),
        Some(dir.path().join("tidemark.db").as_path())
    );
    assert_eq!(config.mdes.consumer_key.expose_secret(), CONSUMER_KEY);
    let stems: Vec<&str> = config.mdes.jws_keys.iter().map(|key| key.stem.as_str()).collect();
    assert_eq!(stems, ["key-1", "key-2"]);
    assert_eq!(hex::encode(config.secrets.cookie_key.expose()), COOKIE_KEY);
    assert_eq!(config.response_host(), "wallet.example");
    assert_eq!(config.worker.in_doubt_ms, [1000, 2000, 4000, 8000, 15000, 30000]);
}

#[test]
fn other_right_ways_to_say_things() {
    for (number, text) in [
        (1, r#"public_url = "http://localhost:8080/""#),
        (1, r#"public_url = "http://127.0.0.1:8080""#),
        (1, r#"public_url = "http://[::1]:8080""#),
        (
            1,
            "public_url = \"http://localhost:8080\"\nsession.cross_browser = \"code\"",
        ),
        (1, r#"public_url = "HTTPS://Wallet.Example:443""#),
        (
            1,
            "public_url = \"https://wallet.example\"\noperations_listen = \"127.0.0.1:9090\"",
        ),
        (
            1,
            "public_url = \"https://wallet.example\"\ndatabase_url = \"postgres://u:p@localhost/t\"",
        ),
        (
            1,
            "public_url = \"https://wallet.example\"\ndatabase_url = \"postgres:///t?host=/run/postgresql\"",
        ),
        (
            1,
            "public_url = \"https://wallet.example\"\ndatabase_url = \"postgres://u@db.internal/t?sslmode=verify-full\"",
        ),
        (3, r#"base_url = "http://127.0.0.1:8081/mdes/""#),
        (7, r#"jws_key_files = ["mdes/key-1.json"]"#),
        (7, r#"jws_key_assets = ["20210927091340-MDES-token-connect-mtf"]"#),
        (10, "storage_key = \"hV3c0mPq7ZtN1yK8xR5sWbL2dF9gJ4aTuEoI6vCkQmM\""),
        (END, "[log]\nlevel = \"warn,tidemark::app=debug\"\nformat = \"json\""),
        (END, "[mdes.paths]\nasset = \"/digitization/1/0/asset?assetId={id}\""),
        (END, "[mdes.retry]\nreads_ms = [10]"),
    ] {
        let faults = load(&folder(&with_line(number, text)), &[]).err();
        assert_eq!(faults, None, "{text}");
    }
}

#[test]
fn the_wallet_s_own_programs_are_let_in_only_with_a_credential() {
    let nobody = load(&folder(&good()), &[]).expect("good").api;
    assert!(nobody.credential.is_none() && nobody.sign_in_url.is_none());
    let text = "[api]\ncredential_file = \"weak-key\"\nsign_in_url = \"https://wallet.example/sign-in/\"";
    let api = load(&folder(&with_line(END, text)), &[]).expect("good").api;
    let credential = api.credential.as_ref().expect("a credential");
    assert_eq!(credential.expose_secret(), "0123456789abcdef0123456789abcdef");
    assert_eq!(api.sign_in_url.as_deref(), Some("https://wallet.example/sign-in/"));
    assert!(!format!("{api:?}").contains("0123456789abcdef"));
}

#[test]
fn the_environment_wins_over_the_file() {
    let dir = folder(&good());
    let config = load(
        &dir,
        &[
            ("TIDEMARK_PUBLIC_URL", "https://other.example"),
            ("TIDEMARK_MDES__CONSUMER_KEY", "9fQz!Lm27TxWc0aa"),
            ("TIDEMARK_MDES__PATHS__DIGITIZE", "/x/digitize"),
            ("TIDEMARK_MDES__JWS_KEY_ASSETS", "key-a, key-b"),
            ("TIDEMARK_MDES__RETRY__READS_MS", "10"),
            ("TIDEMARK_WORKER__IN_DOUBT_MS", "10,20"),
            ("TIDEMARK_MDES__NOTIFICATION_PLAIN", "true"),
            ("TIDEMARK_SESSION__LIFE_S", "120"),
            ("TIDEMARK_SERVICE_HOST", "a cluster's own"),
            ("TIDEMARK_REQUIRE_BROWSER", "1"),
            ("OTHER_PUBLIC_URL", "nothing to us"),
        ],
    )
    .expect("it is right");
    assert_eq!(config.public_url.as_str(), "https://other.example");
    assert_eq!(config.mdes.consumer_key.expose_secret(), "9fQz!Lm27TxWc0aa");
    assert_eq!(config.mdes.paths.digitize, "/x/digitize");
    assert_eq!(config.mdes.jws_key_assets.len(), 2);
    assert_eq!(config.mdes.retry_reads_ms, [10]);
    assert_eq!(config.worker.in_doubt_ms, [10, 20]);
    assert!(config.mdes.notification_plain);
    assert_eq!(config.session.life_s, 120);
}

#[test]
fn the_environment_alone_is_enough() {
    let dir = folder("");
    let at = |name: &str| dir.path().join(name).display().to_string();
    let environment = [
        ("TIDEMARK_PUBLIC_URL", "http://localhost:8080".to_owned()),
        ("TIDEMARK_MDES__BASE_URL", "http://127.0.0.1:8081/mdes".to_owned()),
        ("TIDEMARK_MDES__TOKEN_REQUESTOR_ID", "50123456789".to_owned()),
        ("TIDEMARK_MDES__CONSUMER_KEY", "aaaa!aaaa".to_owned()),
        ("TIDEMARK_MDES__SIGNING_KEY_FILE", at("signing-key.pem")),
        ("TIDEMARK_MDES__JWS_KEY_FILES", at("mdes/*.json")),
        ("TIDEMARK_SECRETS__COOKIE_KEY", COOKIE_KEY.to_owned()),
        ("TIDEMARK_SECRETS__STORAGE_KEY", STORAGE_KEY.to_owned()),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value));
    let config = Config::load(None, environment.clone().into_iter()).expect("it is right");
    assert_eq!(config.response_host(), "wallet.localhost");
    assert_eq!(config.database.expose(), "sqlite://tidemark.db");

    let faults = Config::load(None, environment.into_iter().skip(1)).expect_err("one is missing");
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        ["TIDEMARK_PUBLIC_URL: public_url is missing: the address cardholders see, https://…"]
    );
}

#[test]
fn a_key_may_be_written_in_four_ways() {
    let raw = hex::decode(COOKIE_KEY).expect("hexadecimal");
    let standard = STORAGE_KEY.trim_end_matches('=');
    let url_safe = standard.replace('+', "-").replace('/', "_");
    for (given, bytes) in [
        (COOKIE_KEY.as_bytes(), raw.as_slice()),
        (COOKIE_KEY.to_uppercase().as_bytes(), raw.as_slice()),
        (raw.as_slice(), raw.as_slice()),
        (format!("  {COOKIE_KEY}\r\n").as_bytes(), raw.as_slice()),
    ] {
        assert_eq!(Key::parse(given).expect("a key").expose().as_slice(), bytes);
    }
    let one = |text: &str| *Key::parse(text.as_bytes()).expect("a key").expose();
    assert_eq!(one(STORAGE_KEY), one(standard));
    assert_eq!(one(STORAGE_KEY), one(&url_safe));
    assert!(Key::parse(&raw[..31]).is_err());
    assert!(Key::parse(b"").is_err());
}

#[test]
fn a_key_of_32_raw_bytes_may_end_in_a_line_break() {
    let mut raw = hex::decode(COOKIE_KEY).expect("hexadecimal");
    raw[31] = b'\n';
    let dir = folder(&good());
    private(&dir.path().join("cookie-key"), &raw);
    let config = load(&dir, &[]).expect("it is right");
    assert_eq!(config.secrets.cookie_key.expose().as_slice(), raw);
}

#[test]
fn the_database_may_come_from_a_file() {
    let dir = folder(&with_line(1, &format!("{}\ndatabase_url_file = \"database\"", GOOD[0])));
    private(&dir.path().join("database"), "postgres://u:p@127.0.0.1/t\n");
    let config = load(&dir, &[]).expect("it is right");
    assert_eq!(config.database.expose(), "postgres://u:p@127.0.0.1/t");
    assert!(config.database.holds_password());
    assert_eq!(config.database.sqlite_file(), None);
}

#[test]
fn the_callback_keeps_within_what_issuers_take() {
    let session = crate::domain::id::SessionId::from_random([7; 16]);
    let host = format!("{}.example", vec!["a".repeat(60); 3].join("."));
    let longest = format!("https://{}", &host[..host.len().min(200 - 8)]);
    let url = PublicUrl::parse(&longest).expect("as long as may be");
    for path in [ReturnPath::Browser, ReturnPath::App] {
        assert!(url.callback(&session, path).len() <= crate::domain::receipt::CALLBACK_URL_LENGTH_MAX);
    }
    let longer = format!("https://{}.example", vec!["a".repeat(60); 4].join("."));
    assert!(PublicUrl::parse(&longer).is_err());
}

// The wallet's own app.

#[test]
fn there_is_no_app_unless_it_is_named() {
    let config = load(&folder(&good()), &[]).expect("it is right");
    assert_eq!(config.app, NativeApp::default());
}

#[test]
fn a_fingerprint_may_be_written_as_any_tool_prints_it() {
    let bytes: Vec<String> = (0x60..0x80).map(|byte| format!("{byte:02X}")).collect();
    let (colons, bare) = (bytes.join(":"), bytes.concat());
    let other = vec!["0F"; 32].join(":");
    for given in [colons.clone(), colons.to_lowercase(), bare.clone(), bare.to_lowercase()] {
        let list = format!("{given},{other}");
        let config = load(
            &folder(&good()),
            &[
                ("TIDEMARK_APP__ANDROID_PACKAGE", "com.example.Wallet_2.beta"),
                ("TIDEMARK_APP__ANDROID_FINGERPRINTS", &list),
                (
                    "TIDEMARK_APP__IOS_APP_IDS",
                    "ABCDE12345.com.example.wallet, ABCDE12345.com.example.wallet-beta",
                ),
            ],
        )
        .expect("it is right");
        let android = config.app.android.expect("an Android app");
        assert_eq!(android.package.as_str(), "com.example.Wallet_2.beta");
        let found: Vec<&str> = android
            .fingerprints
            .iter()
            .map(CertificateFingerprint::as_str)
            .collect();
        assert_eq!(found, [&*colons, &*other]);
        let ios: Vec<&str> = config.app.ios.iter().map(AppleAppId::as_str).collect();
        assert_eq!(
            ios,
            ["ABCDE12345.com.example.wallet", "ABCDE12345.com.example.wallet-beta"]
        );
    }
}

#[test]
fn what_no_platform_would_take_is_refused() {
    for package in [
        "",
        ".",
        "com.",
        ".com",
        "com..x",
        "com.example.",
        "com.exa mple",
        "com.éxample",
        "com.x-y",
    ] {
        assert!(PackageName::parse(package).is_err(), "{package}");
    }
    assert!(PackageName::parse(&format!("a.{}", "b".repeat(221))).is_ok());
    assert!(PackageName::parse(&format!("a.{}", "b".repeat(222))).is_err());
    let pairs = vec!["AB"; 32];
    for fingerprint in [
        String::new(),
        pairs[1..].join(":"),
        pairs.join(" "),
        pairs.join("::"),
        format!("SHA256: {}", pairs.join(":")),
        format!("{}:", pairs.join(":")),
        format!("A:BA:{}", pairs[1..].join(":")),
        pairs.concat().replace('A', "G"),
    ] {
        assert!(CertificateFingerprint::parse(&fingerprint).is_err(), "{fingerprint}");
    }
    for id in [
        "",
        "ABCDE12345",
        "ABCDE12345.",
        "ABCDE1234.com.example",
        "ABCDE123456.com.example",
        "abcde12345.com.example",
        "ABCDE12345.com..example",
        "ABCDE12345.com.exa_mple",
    ] {
        assert!(AppleAppId::parse(id).is_err(), "{id}");
    }
    assert!(AppleAppId::parse(&format!("ABCDE12345.{}", "b".repeat(155))).is_ok());
    assert!(AppleAppId::parse(&format!("ABCDE12345.{}", "b".repeat(156))).is_err());
}

// The reference.

#[test]
fn the_code_reads_every_key_of_the_reference() {
    let dir = folder(&good());
    let mut reader = Reader::new(Some(&dir.path().join("tidemark.toml")), std::iter::empty());
    // A key that the reference does not have would be a panic here.
    assert!(Config::read(&mut reader, true).is_some());
    assert_eq!(reader.unread(), Vec::<&str>::new());
}

#[test]
fn every_key_of_the_reference_is_explained() {
    let comments = comments_of(REFERENCE);
    let keys: BTreeSet<&str> = comments.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys.len(), comments.len());
    for (key, comment) in &comments {
        let twin = key.strip_suffix("_file").is_some_and(|twin| keys.contains(twin));
        assert!(comment.len() > 10 || twin, "{key} has no comment");
    }
    let dir = folder("");
    let reader = Reader::new(Some(&dir.path().join("tidemark.toml")), std::iter::empty());
    assert_eq!(reader.unread().into_iter().collect::<BTreeSet<_>>(), keys);
}

#[test]
fn assumptions_come_from_the_reference() {
    let assumed = Config::assumed();
    let keys: Vec<&str> = assumed.iter().map(|(key, _)| key.as_str()).collect();
    for key in ["mdes.paths.eligible_issuers", "mdes.paths.search_tokens"] {
        assert!(keys.contains(&key), "{keys:?}");
    }
    assert!(!keys.contains(&"mdes.base_url"));
    assert_eq!(REFERENCE.matches("assumed: ").count(), keys.len());
}

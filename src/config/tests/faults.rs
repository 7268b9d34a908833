//! What is wrong, and how it is told.

use super::*;

/// Line replaced, by what, and the one fault that must come of it.
#[rustfmt::skip]
const BAD: &[(usize, &str, &str)] = &[
    // Missing.
    (1, "", "1: public_url is missing: the address cardholders see, https://…"),
    (1, r#"public_url = """#, "1: public_url is missing: the address cardholders see, https://…"),
    (3, "", "2: mdes.base_url is missing: the address of the MDES gateway, https://…/mdes"),
    (4, "", "2: mdes.token_requestor_id is missing: the 11 digits that Mastercard gave you"),
    (5, "", "2: mdes.consumer_key is missing: set mdes.consumer_key_file to a file with the consumer key of your Mastercard project"),
    (6, "", "2: mdes.signing_key_file is missing: the file with the private key of your Mastercard project, PEM or PKCS#12"),
    (7, "", "2: mdes.jws_key_files names no file and mdes.jws_key_assets is empty: no receipt could be verified"),
    (7, r#"jws_key_files = ["nowhere/*.json"]"#, "7: mdes.jws_key_files names no file and mdes.jws_key_assets is empty: no receipt could be verified"),
    (9, "", "8: secrets.cookie_key is missing: set secrets.cookie_key_file to a file that \"tidemark keygen\" made"),
    (10, "", "8: secrets.storage_key is missing: set secrets.storage_key_file to a file that \"tidemark keygen\" made"),
    // Unknown.
    (END, "[logs]\nlevel = \"info\"", "11: logs is not a key of the configuration, did you mean log?"),
    (END, "colour = \"blue\"", "11: secrets.colour is not a key of the configuration"),
    (END, "base_url = \"x\"", "11: secrets.base_url is not a key of the configuration, did you mean mdes.base_url?"),
    (END, "[sesion]\nlife_s = 60", "11: sesion is not a key of the configuration, did you mean session?"),
    (END, "[mdes.path]\ndigitize = \"/x\"", "11: mdes.path is not a key of the configuration, did you mean mdes.paths?"),
    (END, "[codes]\ntry_max = 3", "12: codes.try_max is not a key of the configuration, did you mean codes.tries_max?"),
    // Not TOML.
    (4, "token_requestor_id = 50123456789x", "4: not TOML: string values must be quoted, expected literal string"),
    (4, r#"token_requestor_id = "50123456789"#, "4: not TOML: invalid basic string, expected `\"`"),
    (4, "base_url = \"https://one.example\"", "4: not TOML: duplicate key"),
    (END, "[mdes]", "11: not TOML: duplicate key"),
    // Of the wrong type.
    (1, "public_url = 3", "1: public_url must be a text in quotes, not a number"),
    (1, "public_url = [\"https://wallet.example\"]", "1: public_url must be a text in quotes, not a list"),
    (1, "public_url = \"https://wallet.example\"\nsession = 900", "2: session is a section: write [session] and its keys below"),
    (4, "token_requestor_id = 50123456789", "4: mdes.token_requestor_id must be a text in quotes, not a number"),
    (7, r#"jws_key_files = "mdes/*.json""#, "7: mdes.jws_key_files must be a list of 0 to 16 texts"),
    (7, "jws_key_files = [1]", "7: mdes.jws_key_files must be a list of 0 to 16 texts"),
    (7, "jws_key_files = [\"mdes/*.json\"]\nnotification_plain = \"yes\"", "8: mdes.notification_plain must be true or false"),
    (END, "[session]\nlife_s = \"900\"", "12: session.life_s must be a whole number from 60 to 900"),
    (END, "[session]\nlife_s = 90.5", "12: session.life_s must be a whole number from 60 to 900"),
    (END, "[worker]\nin_doubt_ms = 1000", "12: worker.in_doubt_ms must be a list of 1 to 16 whole numbers from 10 to 300000"),
    // Out of range.
    (END, "[session]\nlife_s = 901", "12: session.life_s must be a whole number from 60 to 900"),
    (END, "[session]\nlife_s = -1", "12: session.life_s must be a whole number from 60 to 900"),
    (END, "[session]\nper_browser_max = 0", "12: session.per_browser_max must be a whole number from 1 to 200"),
    (END, "[codes]\ntries_max = 6", "11: codes.per_card_max must be a whole number from 6 to 20"),
    (END, "[limits]\nbody_bytes = 99999999999999999999", "12: limits.body_bytes must be a whole number from 1024 to 1048576"),
    (END, "[limits]\nheader_bytes = 1024", "12: limits.header_bytes must be a whole number from 8192 to 65536"),
    (END, "[worker]\nin_doubt_ms = []", "12: worker.in_doubt_ms must be a list of 1 to 16 whole numbers from 10 to 300000"),
    (END, "[worker]\npending_ms = [5]", "12: worker.pending_ms must be a list of 1 to 16 whole numbers from 10 to 86400000"),
    (END, "[mdes.retry]\nreads_ms = []", "12: mdes.retry.reads_ms must be a list of 1 to 16 whole numbers from 10 to 60000"),
    (END, "[mdes.timeouts]\ntotal_ms = 1000", "12: mdes.timeouts.total_ms must be a whole number from 3000 to 60000"),
    (END, "[worker]\nlease_s = 20", "12: worker.lease_s must be at least 27, 2 seconds above mdes.timeouts.effect_ms"),
    (END, "[log]\nformat = \"xml\"", "12: log.format must be \"text\" or \"json\""),
    (END, "[log]\nlevel = \"inof\"", "12: log.level must be off, error, warn, info, debug or trace, or such levels by module (info,tidemark::app=debug)"),
    // The wallet's own app.
    (END, "[app]\nandroid_package = \"wallet\"", "12: app.android_package must be an Android application id, such as com.example.wallet"),
    (END, "[app]\nandroid_package = \"com.1example.wallet\"", "12: app.android_package must be an Android application id, such as com.example.wallet"),
    (END, "[app]\nandroid_package = \"com.example.wallet\"", "12: app.android_package is given, but app.android_fingerprints is empty: set both or none"),
    (END, "[app]\nandroid_fingerprints = [\"AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB\"]", "12: app.android_fingerprints is given, but app.android_package is not: set both or none"),
    (END, "[app]\nandroid_package = \"com.example.wallet\"\nandroid_fingerprints = [\"AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB\", \"ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab\"]", "13: app.android_fingerprints holds one fingerprint twice"),
    (END, "[app]\nandroid_package = \"com.example.wallet\"\nandroid_fingerprints = [\"AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB\"]", "13: app.android_fingerprints holds a SHA-1 fingerprint (20 bytes): take the SHA-256 one (32 bytes)"),
    (END, "[app]\nandroid_package = \"com.example.wallet\"\nandroid_fingerprints = [\"AB:CD\"]", "13: app.android_fingerprints must hold SHA-256 fingerprints: 32 bytes in hexadecimal, with colons or without"),
    (END, "[app]\nios_app_ids = [\"com.example.wallet\"]", "12: app.ios_app_ids must hold iOS app ids, such as ABCDE12345.com.example.wallet: team id, a dot, bundle identifier"),
    (END, "[app]\nios_app_ids = [\"ABCDE12345.*\"]", "12: app.ios_app_ids must hold iOS app ids, such as ABCDE12345.com.example.wallet: team id, a dot, bundle identifier"),
    (END, "[app]\nios_app_ids = [\"ABCDE12345.com.example.wallet\", \"ABCDE12345.com.example.wallet\"]", "12: app.ios_app_ids holds one app id twice"),
    (END, "[api]\nsign_in_url = \"https://wallet.example/in\"", "12: api.sign_in_url is given, but api.credential is not: nobody could be signed in"),
    (END, "[api]\ncredential = \"0123456789abcdef0123456789abcde\"", "12: api.credential must be a secret of at least 32 characters, letters, digits and signs without spaces: openssl rand -hex 32 makes one"),
    (END, "[api]\ncredential_file = \"empty\"", "12: api.credential_file names a file that is empty"),
    (END, "[api]\ncredential = \"0123456789abcdef 123456789abcdef0\"", "12: api.credential must be a secret of at least 32 characters, letters, digits and signs without spaces: openssl rand -hex 32 makes one"),
    (END, "[api]\ncredential_file = \"weak-key\"\nsign_in_url = \"http://wallet.example/in\"", "13: api.sign_in_url must begin with https:// (http is for loopback hosts only)"),
    (END, "[embed]\nreturn_prefixes = [\"http://shop.example\"]", "12: embed.return_prefixes must begin with https:// (http is for loopback hosts only)"),
    (END, "[embed]\nreturn_prefixes = [\"https://shop.example/?a\"]", "12: embed.return_prefixes must have no query and no fragment"),
    (END, "[embed]\nreturn_prefixes = [\"https://shop.example/a/../b\"]", "12: embed.return_prefixes must be written as browsers write addresses"),
    (END, "[embed]\nreturn_prefixes = [\"https://Shop.example/\"]", "12: embed.return_prefixes must be written as browsers write addresses"),
    (END, "[embed]\nreturn_prefixes = [\"https://shop.example/a;b\"]", "12: embed.return_prefixes must have a plain path, without empty parts and encoded signs"),
    (END, "[embed]\nreturn_prefixes = [\"https://*.shop.example/\"]", "12: embed.return_prefixes must name one host, without wildcard or final dot"),
    (END, "[embed]\nreturn_prefixes = \"https://shop.example/\"", "12: embed.return_prefixes must be a list of 0 to 64 texts"),
    (END, "[embed]\norigins = [\"*\"]", "12: embed.origins must be an address such as https://wallet.example"),
    (END, "[embed]\norigins = [\"null\"]", "12: embed.origins must be an address such as https://wallet.example"),
    (END, "[embed]\norigins = [\"https://shop.example/\"]", "12: embed.origins must hold origins as browsers write them: scheme, host in lower case, and a port only if it is not the usual one"),
    (END, "[embed]\norigins = [\"https://Shop.example\"]", "12: embed.origins must hold origins as browsers write them: scheme, host in lower case, and a port only if it is not the usual one"),
    (END, "[embed]\norigins = [\"https://shop.example:443\"]", "12: embed.origins must hold origins as browsers write them: scheme, host in lower case, and a port only if it is not the usual one"),
    (END, "[embed]\norigins = [\"http://shop.example\"]", "12: embed.origins must begin with https:// (http is for loopback hosts only)"),
    (END, "[session]\ncross_browser = \"ask\"", "12: session.cross_browser must be \"refuse\" or \"code\""),
    // Unsafe.
    (END, "[session]\ncross_browser = \"code\"", "12: session.cross_browser must be \"refuse\" when public_url begins with https://: a code can be talked out of a cardholder, and then the card is in a stranger's wallet"),
    (1, r#"public_url = "http://wallet.example""#, "1: public_url must begin with https:// (http is for loopback hosts only)"),
    (1, r#"public_url = "ftp://wallet.example""#, "1: public_url must begin with https://"),
    (1, r#"public_url = "wallet.example""#, "1: public_url must be an address such as https://wallet.example"),
    (1, r#"public_url = "https://wallet.example/app""#, "1: public_url must have no path: it is scheme, host and port"),
    (1, r#"public_url = "https://wallet.example/?""#, "1: public_url must have no query and no fragment"),
    (1, r##"public_url = "https://wallet.example/#x""##, "1: public_url must have no query and no fragment"),
    (1, r#"public_url = "https://me@wallet.example""#, "1: public_url must hold no user name or password"),
    (1, r#"public_url = "https://*.wallet.example""#, "1: public_url must name one host, without wildcard or final dot"),
    (1, r#"public_url = "https://wallet.example.""#, "1: public_url must name one host, without wildcard or final dot"),
    (1, r#"public_url = "https://wället.example""#, "1: public_url must be plain ASCII without spaces (a host with other letters in its xn-- form)"),
    (1, "public_url = \"https://a.example\"", "2: mdes.response_host must be set, because the host of public_url does not have 11 to 64 characters"),
    (1, "public_url = \"https://wallet.example\"\noperations_listen = \"0.0.0.0:9090\"", "2: operations_listen must be a loopback address, such as 127.0.0.1:9090: it tells strangers too much"),
    (1, "public_url = \"https://wallet.example\"\nlisten = \"localhost\"", "2: listen must be an IP address and port, such as 127.0.0.1:8080"),
    (END, "[brand]\nname = \" x\"", "12: brand.name must be 1 to 100 characters without line breaks or outer spaces"),
    (1, "public_url = \"https://wallet.example\"\ndatabase_url = \"sqlite://:memory:\"", "2: database_url must name a file after sqlite://: what is in memory is lost at the first restart"),
    (1, "public_url = \"https://wallet.example\"\ndatabase_url = \"sqlite://x.db?mode=memory\"", "2: database_url must have no parameters for SQLite: how the file is opened is not a choice"),
    (1, "public_url = \"https://wallet.example\"\ndatabase_url = \"mysql://x\"", "2: database_url must begin with sqlite:// or postgres://"),
    (1, "public_url = \"https://wallet.example\"\ndatabase_url = \"postgres://u:p@db.example/t\"", "2: database_url must say sslmode for another machine: sslmode=verify-full, or disable if the network between is yours"),
    (1, "public_url = \"https://wallet.example\"\ndatabase_url = \"postgres://u:p@localhost\"", "2: database_url must name host and database: postgres://USER:PASSWORD@HOST/DATABASE"),
    (3, r#"base_url = "http://gateway.example/mdes""#, "3: mdes.base_url must begin with https:// (http is for loopback hosts only)"),
    (3, r#"base_url = "https://gateway.example/mdes?x=1""#, "3: mdes.base_url must have no query and no fragment"),
    (4, r#"token_requestor_id = "5012345678""#, "4: mdes.token_requestor_id must be 11 digits"),
    (5, r#"consumer_key_file = "nowhere""#, "5: mdes.consumer_key_file cannot be read from folder DIR: No such file or directory (os error 2)"),
    (5, r#"consumer_key_file = "nowhere/key""#, "5: mdes.consumer_key_file is in a folder that does not exist; paths are relative to the configuration file"),
    (5, r#"consumer_key_file = "mdes""#, "5: mdes.consumer_key_file names something that is not a file"),
    (5, r#"consumer_key_file = "empty""#, "5: mdes.consumer_key_file names a file that is empty"),
    (5, r#"consumer_key_file = "large""#, "5: mdes.consumer_key_file names a file of more than 65536 bytes"),
    (5, r#"consumer_key = "aaaa!aaaa""#, "5: mdes.consumer_key is a sample: use the consumer key of your Mastercard project"),
    (5, r#"consumer_key = "Zq8WmT3v Kc1""#, "5: mdes.consumer_key must be 1 to 256 characters without spaces"),
    (5, "consumer_key = \"Zq8WmT3vKc1\"\nconsumer_key_file = \"consumer-key\"", "5: mdes.consumer_key and mdes.consumer_key_file are both given: keep one"),
    (6, "signing_key_file = \"signing-key.pem\"\nclient_identity_password = \"x\"", "7: mdes.client_identity_password is given, but mdes.client_identity_file is not: set both or none"),
    (6, r#"signing_key_file = "open-key""#, "6: mdes.signing_key_file names a secret that others may read (mode 644): chmod 600 it"),
    (7, r#"jws_key_files = ["*/key.json"]"#, "7: mdes.jws_key_files may have one * and only in the last part of a path"),
    (7, r#"jws_key_files = ["mdes/*key*"]"#, "7: mdes.jws_key_files may have one * and only in the last part of a path"),
    (7, "jws_key_files = [\"mdes/*.json\"]\njws_key_assets = [\"../x\"]", "8: mdes.jws_key_assets must hold asset ids: 1 to 64 letters, digits, -, _ or ."),
    (7, "jws_key_files = [\"mdes/*.json\"]\nresponse_host = \"https://x.example\"", "8: mdes.response_host must be a host name of 11 to 64 characters, without scheme"),
    (7, "jws_key_files = [\"mdes/*.json\"]\nconsumer_language = \"eng\"", "8: mdes.consumer_language must be two lower case letters (ISO 639-1)"),
    (7, "jws_key_files = [\"mdes/*.json\"]\ntoken_type = \"cloud\"", "8: mdes.token_type must be \"CLOUD\" or \"EMBEDDED_SE\""),
    (7, "jws_key_files = [\"mdes/*.json\"]\ncardlet_id = \"12345678901\"", "8: mdes.cardlet_id must be 1 to 10 characters without spaces"),
    (END, "[mdes.paths]\nasset = \"/asset\"", "12: mdes.paths.asset must hold {id} once, in the place of the asset id"),
    (END, "[mdes.paths]\ndigitize = \"/../digitize\"", "12: mdes.paths.digitize must be a path that begins with / and has at most 128 plain characters"),
    (END, "[mdes.paths]\ndigitize = \"digitize\"", "12: mdes.paths.digitize must be a path that begins with / and has at most 128 plain characters"),
    (9, r#"cookie_key_file = "open-key""#, "9: secrets.cookie_key_file names a secret that others may read (mode 644): chmod 600 it"),
    (9, r#"cookie_key_file = "weak-key""#, "9: secrets.cookie_key is not random: make one with \"tidemark keygen\""),
    (9, r#"cookie_key = "changeme""#, "9: secrets.cookie_key must be 32 bytes: 64 hexadecimal digits, base64, or a file of 32 bytes"),
    (9, r#"cookie_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f""#, "9: secrets.cookie_key is not random: make one with \"tidemark keygen\""),
    (9, r#"cookie_key_file = "storage-key""#, "10: secrets.storage_key is the same as secrets.cookie_key: make two"),
];

#[test]
fn each_fault_is_told_with_its_line() {
    assert!(BAD.len() >= 60, "A116 asks for sixty");
    let told = |(number, text, expected): &(usize, &str, &str)| {
        let faults = load(&folder(&with_line(*number, text)), &[]).expect_err(text);
        (faults != [(*expected).to_owned()]).then(|| format!("{text}\n  expected {expected}\n  told     {faults:?}"))
    };
    let wrong: Vec<String> = BAD.iter().filter_map(told).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn faults_of_the_environment_name_the_variable() {
    for (variable, value, expected) in [
        (
            "TIDEMARK_MDES__BASE_ULR",
            "x",
            "mdes.base_ulr is not a key of the configuration, did you mean mdes.base_url?",
        ),
        (
            "TIDEMARK_PUBLC_URL",
            "x",
            "publc_url is not a key of the configuration, did you mean public_url?",
        ),
        (
            "TIDEMARK_NOTHING__LIKE_IT",
            "x",
            "nothing.like_it is not a key of the configuration",
        ),
        (
            "TIDEMARK_SESSION__LIFE_S",
            "soon",
            "session.life_s must be a whole number from 60 to 900",
        ),
        (
            "TIDEMARK_WORKER__IN_DOUBT_MS",
            "1,2,x",
            "worker.in_doubt_ms must be a list of 1 to 16 whole numbers from 10 to 300000",
        ),
        (
            "TIDEMARK_MDES__NOTIFICATION_PLAIN",
            "yes",
            "mdes.notification_plain must be true or false",
        ),
        (
            "TIDEMARK_SECRETS__STORAGE_KEY",
            "c2VjcmV0",
            "secrets.storage_key must be 32 bytes: 64 hexadecimal digits, base64, or a file of 32 bytes",
        ),
        (
            "TIDEMARK_PUBLIC_URL",
            "",
            "public_url is missing: the address cardholders see, https://…",
        ),
    ] {
        let faults = load(&folder(&good()), &[(variable, value)]).expect_err(variable);
        assert_eq!(faults, [format!("{variable}: {expected}")]);
    }
    let both = [
        ("TIDEMARK_MDES__CONSUMER_KEY", "a"),
        ("TIDEMARK_MDES__CONSUMER_KEY_FILE", "b"),
    ];
    let faults = load(&folder(&good()), &both).expect_err("both");
    assert_eq!(
        faults,
        ["TIDEMARK_MDES__CONSUMER_KEY: mdes.consumer_key and mdes.consumer_key_file are both given: keep one"]
    );
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_the_file() {
    let text = "listen = 1\n[session]\nlife_s = 0\nlive_s = 1\n[mdes]\nbase_url = \"x\"\n";
    let faults = load(&folder(text), &[("TIDEMARK_LOG__LEVEL", "x")]).expect_err("much is wrong");
    let starts: Vec<&str> = faults
        .iter()
        .map(|fault| fault.split_whitespace().next().expect("a word"))
        .collect();
    assert_eq!(
        starts,
        [
            "1:",
            "1:",
            "1:",
            "1:",
            "3:",
            "4:",
            "5:",
            "5:",
            "5:",
            "5:",
            "6:",
            "TIDEMARK_LOG__LEVEL:"
        ],
        "{faults:#?}"
    );
}

#[test]
fn the_production_gateway_wants_https_pages() {
    let text = good()
        .replace("sandbox.api", "api")
        .replace("https://wallet.example", "http://localhost:8080");
    let faults = load(&folder(&text), &[]).expect_err("a mix");
    assert_eq!(
        faults,
        ["1: public_url must begin with https:// when mdes.base_url is the production gateway"]
    );
}

#[cfg(unix)]
#[test]
fn a_secret_in_a_file_that_others_may_read_is_refused() {
    let password = "database_url = \"postgres://u:hunter2hunter2@localhost/t\"";
    for (number, text, key) in [
        (5, format!("consumer_key = {CONSUMER_KEY:?}"), "5: mdes.consumer_key"),
        (9, format!("cookie_key = {COOKIE_KEY:?}"), "9: secrets.cookie_key"),
        (1, format!("{}\n{password}", GOOD[0]), "2: database_url"),
    ] {
        let dir = folder(&with_line(number, &text));
        assert!(load(&dir, &[]).is_ok(), "{text}");
        mode(&dir.path().join("tidemark.toml"), 0o640);
        let faults = load(&dir, &[]).expect_err("readable by others");
        let name = key.split_once(' ').expect("line and key").1;
        assert!(
            faults[0]
                == format!(
                    "{key} is a secret in a file that others may read (mode 640): chmod 600 it, or use {name}_file"
                ),
            "{faults:?}"
        );
    }
}

#[test]
fn nothing_prints_a_secret() {
    let secrets = ["Zq8WmT3vKc1", COOKIE_KEY, STORAGE_KEY, "hunter2", "BEGIN PRIVATE"];
    let text = format!("{}database_url = \"postgres://u:hunter2@localhost/t\"\n", "");
    let config = load(&folder(&(text + &good())), &[]).expect("it is right");
    let shown = format!("{config:?} {config:#?}");
    for secret in secrets {
        assert!(!shown.contains(secret), "{shown}");
    }
    // Secrets in wrong places: nothing of any faulty line is repeated.
    for text in BAD
        .iter()
        .map(|(number, text, _)| with_line(*number, &text.replace("x\"", "x-hunter2\"")))
    {
        let faults = load(&folder(&text), &[("TIDEMARK_SESSION__LIFE_S", "hunter2")]).expect_err("faulty");
        assert!(!faults.concat().contains("hunter2"), "{faults:?}");
    }
    let broken = with_line(5, "consumer_key = \"hunter2\" hunter2");
    let faults = load(&folder(&broken), &[]).expect_err("not TOML");
    assert!(!faults.concat().contains("hunter2"), "{faults:?}");
}

#[test]
fn a_missing_configuration_file_is_named() {
    let dir = folder("");
    let path = dir.path().join("other.toml");
    let faults = Config::load(Some(&path), std::iter::empty()).expect_err("nothing there");
    assert_eq!(faults.len(), 1);
    let first = faults[0].to_string();
    assert!(
        first.starts_with(&format!("{}: cannot be read from folder", path.display())),
        "{first}"
    );
}

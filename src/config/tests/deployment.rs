//! Several identities of one server.

use super::*;

/// A second identity that has everything of its own, below `other/`.
const OTHER: [&str; 12] = [
    r#"public_url = "https://shops.example""#,
    r#"database_url = "sqlite://other/shops.db""#,
    "[mdes]",
    r#"base_url = "https://sandbox.api.mastercard.com/mdes""#,
    r#"token_requestor_id = "50987654321""#,
    r#"consumer_key_file = "other/consumer-key""#,
    r#"signing_key_file = "other/signing-key.pem""#,
    r#"jws_key_files = ["mdes/*.json"]"#,
    "[secrets]",
    r#"cookie_key_file = "other/cookie-key""#,
    r#"storage_key_file = "other/storage-key""#,
    "",
];

/// Both in one folder, the second with its line `line`, counted from 1, replaced.
fn two(line: usize, by: &str) -> TempDir {
    let dir = folder(&format!("identities = [\"shops.toml\"]\n{}", good()));
    let at = |name: &str| dir.path().join(name);
    private(&at("other/consumer-key"), "An0ther!b7f0e2d9\n");
    private(&at("other/signing-key.pem"), "other bytes\n");
    private(
        &at("other/cookie-key"),
        "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
    );
    private(
        &at("other/storage-key"),
        "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3",
    );
    let mut lines = OTHER;
    if line > 0 {
        lines[line - 1] = by;
    }
    fs::write(at("shops.toml"), lines.join("\n")).expect("written");
    dir
}

fn load(dir: &TempDir) -> Result<Deployment, Vec<String>> {
    let path = dir.path().join("tidemark.toml");
    let loaded = Deployment::load(Some(&path), std::iter::empty());
    loaded.map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

#[test]
fn two_identities_are_one_server() {
    let environment = [("TIDEMARK_LIMITS__BODY_BYTES".to_owned(), "5000".to_owned())];
    let dir = two(0, "");
    let path = dir.path().join("tidemark.toml");
    let deployment = Deployment::load(Some(&path), environment.into_iter()).expect("right");
    let names: Vec<(&str, bool)> = deployment
        .all()
        .map(|one| (one.identity.as_str(), one.is_first))
        .collect();
    assert_eq!(names, [("tidemark", true), ("shops", false)]);
    let other = &deployment.others[0];
    assert_eq!(other.public_url.as_str(), "https://shops.example");
    assert_eq!(
        other.database.sqlite_file(),
        Some(dir.path().join("other/shops.db").as_path())
    );
    // What is the whole server's is the main file's, under the environment.
    assert_eq!(other.limits.body_bytes, 5_000);
    assert_eq!(other.listen, deployment.first.listen);
    let dir = two(12, "[brand]\nname = \"Shops\"");
    assert_eq!(load(&dir).expect("right").others[0].brand.name, "Shops");
    let dir = two(1, "public_url = \"https://shops.example\"\nlisten = \"127.0.0.1:9\"");
    assert_eq!(load(&dir).expect("right").others[0].listen.port(), 9);
}

#[test]
fn what_is_ones_own_is_not_the_others() {
    for (line, by, what) in [
        (1, r#"public_url = "https://WALLET.example:443/""#, "public_url"),
        (2, r#"database_url = "sqlite://other/../tidemark.db""#, "database_url"),
        (2, "", "database_url"),
        (5, r#"token_requestor_id = "50123456789""#, "mdes.token_requestor_id"),
        (6, r#"consumer_key_file = "consumer-key""#, "mdes.consumer_key"),
        (7, r#"signing_key_file = "signing-key.pem""#, "mdes.signing_key_file"),
        (10, r#"cookie_key_file = "cookie-key""#, "secrets.cookie_key"),
        // Neither may be the other's other one.
        (10, r#"cookie_key_file = "storage-key""#, "secrets.cookie_key"),
        (11, r#"storage_key_file = "storage-key""#, "secrets.storage_key"),
        (11, r#"storage_key_file = "cookie-key""#, "secrets.storage_key"),
    ] {
        let dir = two(line, by);
        let file = dir.path().join("shops.toml");
        let expected = format!(
            "{}: {what} is also that of the identity tidemark: each has its own",
            file.display()
        );
        assert_eq!(load(&dir).expect_err("shared"), [expected], "{by}");
    }
    let (one, other) = (
        "api.credential = \"0123456789abcdef0123456789abcdef\"\n",
        "[api]\ncredential = \"0123456789abcdef0123456789abcdef\"",
    );
    let dir = two(12, other);
    let main = dir.path().join("tidemark.toml");
    private(&main, format!("{one}identities = [\"shops.toml\"]\n{}", good()));
    mode(&dir.path().join("shops.toml"), 0o600);
    let faults = load(&dir).expect_err("shared");
    assert!(faults.len() == 1 && faults[0].contains("api.credential"), "{faults:?}");
}

#[test]
fn one_database_is_one_whoever_signs_in() {
    let both = |one: &str, other: &str| {
        let dir = two(2, &format!("database_url = \"{other}\""));
        let main = dir.path().join("tidemark.toml");
        let text = format!("identities = [\"shops.toml\"]\ndatabase_url = \"{one}\"\n{}", good());
        private(&main, text);
        mode(&dir.path().join("shops.toml"), 0o600);
        load(&dir).is_ok()
    };
    let one = "postgres://ada:x@localhost/wallet";
    assert!(both(one, "postgres://ada:x@localhost/shops"));
    assert!(both(one, "postgres://ada:x@localhost:5433/wallet"));
    assert!(!both(one, "postgres://bob:y@LOCALHOST:5432/wallet"));
    assert!(!both(one, "postgresql://bob:y@localhost/wallet?application_name=x"));
}

#[test]
fn what_is_the_servers_is_refused_in_an_identity() {
    for (by, key) in [
        ("identities = [\"third.toml\"]", "identities"),
        ("operations_listen = \"127.0.0.1:9\"", "operations_listen"),
        ("log.level = \"debug\"", "log.level"),
        ("limits.body_bytes = 5000", "limits.body_bytes"),
    ] {
        let dir = two(1, &format!("public_url = \"https://shops.example\"\n{by}"));
        let faults = load(&dir).expect_err(by);
        let expected =
            format!("shops.toml:2: {key} is the whole server's: it stands in the main file, not in an identity's");
        assert!(faults.len() == 1 && faults[0].ends_with(&expected), "{faults:?}");
    }
}

#[test]
fn an_identity_has_a_file_and_a_name() {
    let load = |list: &str, name: &str| {
        let dir = two(0, "");
        private(
            &dir.path().join("tidemark.toml"),
            format!("identities = {list}\n{}", good()),
        );
        fs::rename(dir.path().join("shops.toml"), dir.path().join(name)).expect("renamed");
        load(&dir).map(|_| ()).map_err(|faults| faults.join("\n"))
    };
    assert_eq!(load("[\"a-1.toml\"]", "a-1.toml"), Ok(()));
    for name in ["Shops.toml", "a b.toml", "a.b.toml", "ü.toml", "a_b.toml", ".toml"] {
        let refused = load(&format!("[{name:?}]"), name).expect_err(name);
        assert!(
            refused.contains("an identity is called by its file's name"),
            "{refused}"
        );
    }
    assert!(
        load("[\"nowhere.toml\"]", "shops.toml")
            .expect_err("none")
            .contains("nowhere.toml")
    );
    assert!(
        load("[\"\"]", "shops.toml")
            .expect_err("none")
            .contains("identities must name files")
    );
    // Twice the same: everything is shared.
    let twice = load("[\"shops.toml\", \"shops.toml\"]", "shops.toml").expect_err("twice");
    assert!(
        twice.contains("the file's name is also that of the identity shops"),
        "{twice}"
    );
    let nine = format!("[{}]", ["\"shops.toml\""; 9].join(", "));
    let nine = load(&nine, "shops.toml").expect_err("too many");
    assert!(nine.contains("identities must be a list of 0 to 8 texts"), "{nine}");
    // The same name in another folder is the same in the log.
    let same = load("[\"tidemark.toml\"]", "shops.toml").expect_err("itself");
    assert!(same.contains("identities is the whole server's"), "{same}");
}

use std::fs;

use super::super::profiles::{WireProfiles, parse, reference};
use super::*;
use crate::domain::id::IssuerId;
use crate::domain::profile::{CallbackStyle, CodeCheck, CodePolicy};
use crate::domain::receipt::IssuerResult;

fn issuer(id: &str) -> IssuerId {
    IssuerId::parse(id).expect("an id")
}

fn faults(text: &str) -> Vec<String> {
    match parse(text, "profiles.toml") {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

fn assumed(profiles: &WireProfiles) -> Vec<&str> {
    profiles.assumed.iter().map(|(field, _)| field.as_str()).collect()
}

#[test]
fn without_a_file_everything_is_our_guess() {
    let guesses = reference();
    let profile = guesses.profiles.of(&issuer("any"));
    assert_eq!(profile.launch.session, "tokenRequestorSessionId");
    assert_eq!(profile.returns.jws, ["pushAccountData", "signature"]);
    assert_eq!(
        profile.returns.results[1],
        ("DECLINED".to_owned(), IssuerResult::Declined)
    );
    assert_eq!(profile.callback, CallbackStyle::Path);
    assert_eq!(profile.code, CodePolicy::Unsupported);
    assert_eq!(profile.code_check, CodeCheck::None);
    assert!(!profile.session_must_be_signed);
    let assumed = assumed(&guesses);
    assert_eq!(assumed.len(), 15);
    assert_eq!(profile.launch.locale, None);
    assert!(assumed.contains(&"default.launch_callback"));
    assert!(guesses.assumed.iter().all(|(_, meaning)| meaning.len() > 10));
}

#[test]
fn an_issuer_says_only_what_differs() {
    let text = r#"
        [default]
        launch_session = "sid"
        session_in_jws = "required"
        [issuer.moon]
        return_jws = ["receiptJws"]
        callback = "fixed"
        code = { value = "required", assumed = true }
        code_check = "jws"
        [issuer."sun.example"]
        launch_session = { value = "s" }
        launch_locale = "lang"
    "#;
    let read = parse(text, "profiles.toml").expect("profiles");
    let moon = read.profiles.of(&issuer("moon"));
    assert_eq!(moon.launch.session, "sid");
    assert_eq!(moon.returns.jws, ["receiptJws"]);
    assert_eq!(moon.callback, CallbackStyle::Fixed);
    assert_eq!((moon.code, moon.code_check), (CodePolicy::Required, CodeCheck::Jws));
    assert!(moon.session_must_be_signed);
    let sun = read.profiles.of(&issuer("sun.example"));
    assert_eq!((sun.launch.session.as_str(), sun.code), ("s", CodePolicy::Unsupported));
    assert_eq!(sun.launch.locale.as_deref(), Some("lang"));
    assert_eq!(read.profiles.of(&issuer("mars")).launch.session, "sid");
    let assumed = assumed(&read);
    assert_eq!(
        assumed.len(),
        14,
        "two of the defaults are known now, one of an issuer is a guess"
    );
    assert!(!assumed.contains(&"default.launch_session") && !assumed.contains(&"default.session_in_jws"));
    assert!(assumed.contains(&"issuer.moon.code") && !assumed.contains(&"issuer.moon.return_result"));
}

#[test]
fn each_fault_is_named_with_its_line() {
    for (text, fault) in [
        (
            "[default]\nlaunch_sesion = \"s\"",
            "2: launch_sesion is no field of a profile, did you mean launch_session?",
        ),
        (
            "[default]\nlaunch_session = \"a b\"",
            "2: launch_session: a name has 1 to 64 letters, digits, -, _ or .",
        ),
        (
            "[default]\nlaunch_session = 5",
            "2: launch_session: a name has 1 to 64 letters, digits, -, _ or .",
        ),
        (
            "[default]\nreturn_jws = \"x\"",
            "2: return_jws is a list of 1 to 8 names",
        ),
        ("[default]\nreturn_jws = []", "2: return_jws is a list of 1 to 8 names"),
        (
            "[default]\nreturn_jws = [\"é\"]",
            "2: return_jws: a name has 1 to 64 letters, digits, -, _ or .",
        ),
        (
            "[default]\nsession_in_jws = \"never\"",
            "2: session_in_jws is \"optional\" or \"required\"",
        ),
        (
            "[default]\ncode = true",
            "2: code is \"required\" or \"optional\" or \"unsupported\"",
        ),
        ("[default]\ncode = { assumed = true }", "2: code: value is missing"),
        (
            "[default]\ncode = { value = \"optional\", assumed = 1 }",
            "2: code: assumed is true or false",
        ),
        (
            "[default]\ncode = { valeu = \"optional\" }",
            "2: code: valeu is neither value nor assumed",
        ),
        (
            "[default]\nreturn_result = \"Signature\"",
            "2: the return names of [default] must differ from each other",
        ),
        (
            "[default]\nlaunch_locale = \"a b\"",
            "2: launch_locale: a name has 1 to 64 letters, digits, -, _ or .",
        ),
        (
            "[default]\nlaunch_locale = \"callbackURL\"",
            "2: the launch names of [default] must differ from each other",
        ),
        (
            "[default]\nlaunch_callback = \"tokenRequestorId\"",
            "2: the launch names of [default] must differ from each other",
        ),
        (
            "[issuer.moon]\nresult_error = [\"DECLINED\"]",
            "2: the results of [issuer.moon] must differ from each other",
        ),
        ("[issuers.moon]\n", "1: issuers is neither [default] nor [issuer.ID]"),
        (
            "[issuer.\"a b\"]\n",
            "1: an issuer's id has 1 to 64 letters, digits, -, _ or .",
        ),
        ("[issuer]\nmoon = 1", "2: issuer.moon must be a section"),
        ("default = 1", "1: default is neither [default] nor [issuer.ID]"),
        ("[default\n", "1: not TOML: unclosed table, expected `]`"),
    ] {
        assert_eq!(faults(text), [format!("profiles.toml:{fault}")], "{text}");
    }
}

#[test]
fn a_fault_in_the_file_is_a_fault_of_the_configuration() {
    let dir = folder(&with_line(END, "[wire]\nprofiles_file = \"profiles.toml\""));
    let path = dir.path().join("profiles.toml");
    let missing = load(&dir, &[]).expect_err("there is no such file");
    assert!(missing[0].contains("profiles.toml: cannot be read"), "{missing:?}");
    fs::write(&path, "[default]\ncode = \"maybe\"\n").expect("written");
    assert!(load(&dir, &[]).is_err_and(|faults| faults[0].contains("2: code is")));
    fs::write(&path, "[default]\ncode = \"optional\"\n").expect("written");
    let config = load(&dir, &[]).expect("right");
    assert_eq!(config.wire.profiles.profiles.default.code, CodePolicy::Optional);
    assert_eq!(config.wire.profiles_file.as_deref(), Some(path.as_path()));
}

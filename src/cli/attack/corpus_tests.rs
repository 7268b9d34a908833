//! The corpus itself, and that it notices a wallet that lets somebody in.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tempfile::TempDir;

use crate::cli::demo::Options as DemoOptions;
use crate::domain::receipt::UnverifiedJws;
use crate::mdes::jws::{KeySet, verify};
use crate::sim::catalogue::ISSUERS;

use super::honest::CONTROL_ISSUER;
use super::*;

async fn demo(folder: &Path) -> Demo {
    let options = DemoOptions::on_free_ports(folder.to_owned());
    Demo::start(&options, None).await.expect("the demo starts")
}

fn options(demo: &Demo, only: &str) -> Options {
    Options {
        only: Some(only.to_owned()),
        consumer_key_file: None,
        signing_key_file: None,
        ..Options::against(demo)
    }
}

#[test]
fn a_name_with_a_star_stands_for_many() {
    for (wanted, name, fits) in [
        ("A03*", "A032", true),
        ("A03*", "A023", false),
        ("a032", "A032", true),
        ("A03", "A032", false),
        ("jose-*-sha1", "jose-rs256-with-sha1", true),
        ("*none*", "jose-alg-none-upper", true),
        ("*none", "jose-alg-none-upper", false),
        ("*", "anything", true),
    ] {
        assert_eq!(matches(wanted, name), fits, "{wanted} {name}");
    }
}

#[test]
fn every_vector_is_whole_and_every_file_is_played() {
    let vectors = corpus::load(None).expect("the corpus can be read");
    assert!(vectors.len() > 750, "{}", vectors.len());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks");
    let there: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the corpus")
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    let played: BTreeSet<String> = corpus::FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(there, played);
    for vector in vectors {
        assert!(!vector.answer.status.all().is_empty(), "{}: no status", vector.id);
        assert!(vector.id.starts_with(prefix(&vector.subject)), "{}", vector.id);
        let is_mdes = vector.subject == "oauth";
        // Who lands and is asked says yes: the books of MDES tell what comes of that.
        let is_landing = vector.send.iter().all(|step| matches!(step, Step::Land(_)));
        // A session that is not looked at may have gone anywhere.
        let is_race = vector.send.iter().any(|step| matches!(step, Step::Together(_)));
        assert!(
            is_mdes || is_landing || is_race || !vector.stays.state.is_empty(),
            "{}",
            vector.id
        );
        assert_eq!(vector.stays.tokens, 0, "{}", vector.id);
    }
}

/// `launches.json` holds `launch-…`.
fn prefix(subject: &str) -> &str {
    match subject {
        "launches" => "launch-",
        "returns" => "return-",
        "sessions" => "session-",
        "pushes" => "push-",
        "landings" => "landing-",
        "jose" => "jose-",
        "oauth" => "oauth-",
        _ => "http-",
    }
}

#[test]
fn a_vector_that_breaks_a_rule_is_not_played() {
    let whole = r#"{"id":"x-1","attack":"A001","title":"t","reason":{"code":"c","why":"w"},"given":[],"send":[{"clock":"1m"}],
        "answer":{"status":400},"stays":{"tokens":0,"eligibility_calls":0}}"#;
    let file = |vectors: &str| format!(r#"{{"subject":"s","about":"a","vectors":[{vectors}]}}"#);
    let read = |text: &str| corpus::read_texts(&[("x.json", text)]);
    assert_eq!(read(&file(whole)).expect("a corpus").len(), 1);
    for (from, to) in [
        (r#""code":"c","#, ""),
        (r#""code":"c""#, r#""code":"""#),
        (r#""code":"c""#, r#""code":"No Code""#),
        (r#""why":"w""#, r#""why":" ""#),
        (r#""title":"t""#, r#""title":"""#),
        ("A001", "A130"),
        ("A001", "A000"),
        ("A001", "B001"),
        ("x-1", "X 1"),
        (r#"[{"clock":"1m"}]"#, "[]"),
        (r#""send""#, r#""sends""#),
        (r#""answer":{"status":400},"#, ""),
        (r#""tokens":0,"#, ""),
        (r#"{"clock":"1m"}"#, r#"{"clocks":"1m"}"#),
        (r#""status":400"#, r#""status":400,"problems":[]"#),
    ] {
        let broken = whole.replace(from, to);
        assert_ne!(broken, whole, "{from}");
        assert!(read(&file(&broken)).is_err(), "{from} -> {to}");
    }
    assert!(read(&file(&format!("{whole},{whole}"))).is_err(), "the same id twice");
    assert!(read(&file("")).is_err(), "no vector at all");
}

/// The names that the reader knows in a place, as it lists them when it meets a stranger.
fn known(text: &str, from: &str, to: &str) -> Vec<String> {
    let broken = text.replacen(from, to, 1);
    assert_ne!(broken, text, "{from}");
    let said = corpus::read_texts(&[("x.json", &broken)]).expect_err(to);
    let (_, expected) = said.split_once("expected").unwrap_or_else(|| panic!("{said}"));
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn everything_that_can_be_written_is_described_and_the_example_is_a_corpus() {
    let described = include_str!("format.md");
    let (_, example) = described.split_once("```json\n").expect("an example");
    let (example, _) = example.split_once("```").expect("its end");
    assert_eq!(
        corpus::read_texts(&[("x.json", example)]).expect("the example").len(),
        2
    );
    let stranger = "{\"zzz\": 1}";
    let inside = |step: &str| format!("\"send\": [{{\"{step}\": {stranger}}}], \"title\": \"");
    let title = "\"title\": \"";
    let steps = known(example, title, &format!("\"send\": [{stranger}], {title}"));
    let mut names = vec![
        known(example, "\"subject\"", "\"zzz\""),
        known(example, "\"given\"", "\"zzz\""),
        known(example, title, "\"zzz\": 1, \"title\": \""),
        known(example, "\"code\"", "\"zzz\""),
        known(example, "\"status\"", "\"zzz\""),
        known(example, "\"tokens\"", "\"zzz\""),
        known(example, "\"edit\"", "\"zzz\""),
        known(example, "\"edit\": [", &format!("\"sign\": {stranger}, \"edit\": [")),
        known(example, "\"flip\"", "\"zzz\""),
    ];
    for step in steps
        .iter()
        .filter(|step| !["together", "clock"].contains(&step.as_str()))
    {
        names.push(known(example, title, &inside(step)));
    }
    names.push(steps);
    assert!(
        names.len() > 15 && names.iter().all(|names| names.len() > 1),
        "{names:?}"
    );
    for name in names.into_iter().flatten() {
        assert!(
            [format!("`{name}`"), format!("\"{name}\"")]
                .iter()
                .any(|shape| described.contains(shape)),
            "{name} is not described"
        );
    }
}

/// Each token lies in the one way that its vector names: else a vector would be refused for something that is not tried.
#[tokio::test]
async fn every_token_is_refused_by_the_rule_that_its_vector_names() {
    let folder = TempDir::new().expect("a folder");
    let demo = demo(folder.path()).await;
    let places = demo.places();
    let key = places["mdes"]["jws_key_file"].as_str().expect("a path");
    let mut keys = KeySet::default();
    keys.add_file("receipts", &std::fs::read(key).expect("a key"))
        .expect("a key");
    let target = target_of(&options(&demo, "*")).await.expect("the wallet answers");
    let (mut seen, mut wrong) = (0, Vec::new());
    // Nothing is brought back: what is given for one is given for the next.
    let mut scenes: BTreeMap<String, Scene<'_>> = BTreeMap::new();
    for vector in corpus::load(None).expect("the corpus can be read") {
        let is_way = |step: &&Step| matches!(step, Step::Return(_) | Step::Land(_));
        let Some(way) = vector
            .send
            .first()
            .filter(is_way)
            .filter(|_| vector.reason.code.starts_with("jws_"))
        else {
            continue;
        };
        let scene = match scenes.entry(format!("{:?}", vector.given)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let scene = new.insert(Scene::new(&target));
                for step in &vector.given {
                    scene.play(step).await.expect("what is given");
                }
                scene
            }
        };
        let token = scene.token_of(way).await.expect("a token");
        let fault = verify(&keys, &UnverifiedJws::new(&*token)).err();
        let code = fault.map(|fault| fault.code());
        if code != Some(vector.reason.code.as_str()) {
            wrong.push(format!("{}: {code:?}, not {}", vector.id, vector.reason.code));
        }
        seen += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 200, "{seen}");
    demo.stop().await;
}

#[tokio::test]
async fn a_wallet_without_the_signature_check_is_caught_and_the_vectors_are_named() {
    let folder = TempDir::new().expect("a folder");
    let demo = demo(folder.path()).await;
    let sound = attack(&options(&demo, "A031"), |_| Ok(())).await.expect("a run");
    assert!(sound.is_clean(), "{}", sound.summary());
    demo.app.take_any_signature();
    let robbed = attack(&options(&demo, "A031"), |_| Ok(())).await.expect("a run");
    assert!(!robbed.is_clean());
    let accepted: Vec<&str> = robbed.accepted().map(|played| played.id.as_str()).collect();
    for id in [
        "jose-flip-signature",
        "jose-signature-zero",
        "jose-signature-of-another",
        "jose-stranger",
        "landing-flip-signature",
        "landing-payload-of-another",
    ] {
        assert!(accepted.contains(&id), "{id} is not among {accepted:?}");
    }
    assert!(
        !accepted.contains(&"jose-signature-absent"),
        "another rule refuses that"
    );
    assert!(
        robbed
            .summary()
            .ends_with(&format!("{} of {} accepted", accepted.len(), robbed.played.len()))
    );
    demo.stop().await;
}

#[tokio::test]
async fn a_run_of_which_nothing_is_for_this_wallet_accepts_nothing_and_refuses_nothing() {
    let folder = TempDir::new().expect("a folder");
    let demo = demo(folder.path()).await;
    // Without the wallet's credentials nothing is asked of MDES in its name.
    let nothing = attack(&options(&demo, "oauth*"), |_| Ok(())).await.expect("a run");
    assert!(!nothing.is_clean());
    assert!(
        nothing.summary().ends_with("nothing was played"),
        "{}",
        nothing.summary()
    );
    demo.stop().await;
}

#[tokio::test]
async fn a_wallet_that_takes_any_browser_is_caught() {
    let folder = TempDir::new().expect("a folder");
    let demo = demo(folder.path()).await;
    demo.app.take_any_browser();
    let robbed = attack(&options(&demo, "return-victim-with*"), |_| Ok(()))
        .await
        .expect("a run");
    assert_eq!(robbed.accepted().count(), 2, "{}", robbed.summary());
    demo.stop().await;
}

/// The demo, with these addresses on a bank's list.
async fn demo_with_callbacks(folder: &Path, callbacks: &str) -> Demo {
    let profiles = format!("[issuer.{CONTROL_ISSUER}]\npush_callbacks = [{callbacks}]\n");
    std::fs::write(folder.join("profiles.toml"), profiles).expect("profiles");
    demo(folder).await
}

#[tokio::test]
async fn a_wallet_that_has_the_attacker_on_a_banks_list_is_caught() {
    let folder = TempDir::new().expect("a folder");
    // The demo puts its own port into the first.
    let own = format!("http://127.0.0.1:1/banks/{CONTROL_ISSUER}/pushed");
    let listed = format!("\"{own}\", \"https://evil.example\"");
    let demo = demo_with_callbacks(folder.path(), &listed).await;
    let robbed = attack(&options(&demo, "landing-back-to-*"), |_| Ok(()))
        .await
        .expect("a run");
    let accepted: Vec<&str> = robbed.accepted().map(|played| played.id.as_str()).collect();
    let expected = ["stranger", "stranger-query", "stranger-fragment"].map(|id| format!("landing-back-to-{id}"));
    assert_eq!(accepted, expected);
    demo.stop().await;
}

#[tokio::test]
async fn a_wallet_that_takes_no_genuine_link_says_nothing_by_refusing_others() {
    let folder = TempDir::new().expect("a folder");
    let elsewhere = format!("\"http://127.0.0.1:1/banks/{CONTROL_ISSUER}/elsewhere\"");
    let demo = demo_with_callbacks(folder.path(), &elsewhere).await;
    let refused = attack(&options(&demo, "landing-flip-*"), |_| Ok(()))
        .await
        .expect_err("no run");
    assert!(refused.contains("a genuine link of a bank gets nowhere"), "{refused}");
    demo.stop().await;
}

#[tokio::test]
async fn a_wallet_that_lists_no_bank_for_pushes_is_attacked_in_everything_else() {
    let folder = TempDir::new().expect("a folder");
    // The played banks share a host: each has another address, so that theirs is nobody's.
    let listed = |id: &str| format!("[issuer.{id}]\npush_callbacks = [\"https://{id}.example\"]\n");
    let profiles: String = ISSUERS.iter().map(|issuer| listed(issuer.id)).collect();
    std::fs::write(folder.path().join("profiles.toml"), profiles).expect("profiles");
    let demo = demo(folder.path()).await;
    let run = attack(&options(&demo, "A033"), |_| Ok(())).await.expect("a run");
    assert!(run.is_clean(), "{}", run.summary());
    let left_out = run
        .played
        .iter()
        .filter(|played| matches!(played.verdict, Verdict::Skipped(_)));
    assert!(left_out.clone().count() > 5 && left_out.clone().all(|played| played.subject == "landings"));
    demo.stop().await;
}

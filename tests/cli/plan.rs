//! `tidemark plan`, as people feed it: the vectors of the planner, and lines as browsers and directories write them.

use std::io::Write as _;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::program::tidemark;

fn cases() -> Value {
    serde_json::from_str(include_str!("../vectors/launch.json")).expect("JSON")
}

/// What the program answers to these lines.
fn told(lines: &[u8]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = tidemark(folder.path());
    command.args(["plan", "--session-name", "sessionId"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut stdin = child.stdin.take().expect("a pipe");
    let lines = lines.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&lines));
    let output = child.wait_with_output().expect("an end");
    writer.join().expect("a writer").expect("all was read");
    output
}

/// The answers to these questions, one for each and in order.
fn answers(questions: &[Value]) -> Vec<Value> {
    let lines: String = questions.iter().map(|question| format!("{question}\n")).collect();
    let output = told(lines.as_bytes());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    let answers: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(answers.len(), questions.len());
    answers
}

/// A question as the issue of the planner writes it.
fn question(cases: &Value, client: &str, methods: &Value) -> Value {
    let (client, context) = (&cases["clients"][client], &cases["context"]);
    json!({
        "user_agent": client["user_agent"], "ch_platform": client["ch_platform"], "ch_mobile": client["ch_mobile"],
        "max_touch_points": client["max_touch_points"], "methods": methods, "session_id": context["session_id"],
        "token_requestor_id": context["token_requestor_id"], "callback_url": context["callback_url"],
        "fallback_url": context["fallback_url"],
    })
}

#[test]
fn every_vector_comes_out_of_the_program() {
    let cases = cases();
    let plans = cases["plans"].as_array().expect("plans");
    let questions: Vec<Value> = plans
        .iter()
        .map(|case| question(&cases, case["client"].as_str().expect("a client"), &case["methods"]))
        .collect();
    for (case, answer) in plans.iter().zip(answers(&questions)) {
        let mut expected = case.clone();
        for key in ["id", "client", "methods"] {
            expected.as_object_mut().expect("an object").remove(key);
        }
        assert_eq!(answer, expected, "{}", case["id"]);
    }
}

#[test]
fn every_address_of_the_vectors_is_composed_or_refused_by_the_program() {
    let cases = cases();
    let builds = cases["builds"].as_array().expect("builds");
    // Where the first step is the app, with a website to fall back to.
    let website = "https://cards.acmebank.example/mdes/pull";
    let questions: Vec<Value> = builds
        .iter()
        .map(|case| match case["slot"].as_str().expect("a slot") {
            "ANDROID" => question(&cases, "SI", &json!({"ANDROID": case["registered"], "WEB": website})),
            "IOS" => question(&cases, "IS", &json!({"IOS": case["registered"]})),
            _ => question(&cases, "LF", &json!({"WEB": case["registered"]})),
        })
        .collect();
    for (case, answer) in builds.iter().zip(answers(&questions)) {
        assert_eq!(answer["steps"][0]["target"], case["composed"], "{}", case["id"]);
        assert_eq!(answer["rejected"], json!({}), "{}", case["id"]);
    }
    let hostile = cases["adversarial"].as_array().expect("addresses");
    let slot = |case: &Value| case["slot"].as_str().expect("a slot").to_owned();
    let questions: Vec<Value> = hostile
        .iter()
        .map(|case| question(&cases, "AC", &json!({slot(case): case["registered"]})))
        .collect();
    for (case, answer) in hostile.iter().zip(answers(&questions)) {
        assert_eq!(answer["rejected"], json!({slot(case): case["code"]}), "{}", case["id"]);
        assert_eq!((&answer["mechanism"], &answer["steps"]), (&json!("NONE"), &json!([])));
    }
}

#[test]
fn whatever_a_line_says_it_gets_one_answer_in_its_place() {
    let cases = cases();
    let web = json!({"WEB": "https://cards.acmebank.example/p"});
    let plain = question(&cases, "MS", &web);
    let with = |key: &str, value: Value| {
        let mut line = plain.clone();
        line[key] = value;
        line
    };
    let expect = |line: Value, platform: &str, mechanism: &str| (line, platform.to_owned(), mechanism.to_owned());
    let mut said = vec![
        expect(plain.clone(), "MacOrIpad", "IX-ADAPT"),
        expect(with("user_agent", Value::Null), "Unknown", "IX-TAP"),
        expect(with("methods", Value::Null), "MacOrIpad", "NONE"),
        expect(with("methods", json!({"WEB": null, "FAX": "x"})), "MacOrIpad", "NONE"),
        expect(with("fallback_url", Value::Null), "MacOrIpad", "IX-ADAPT"),
        expect(with("callback_url", Value::Null), "MacOrIpad", "IX-ADAPT"),
        expect(with("callback_url", json!("no address")), "MacOrIpad", "IX-ADAPT"),
        expect(
            with("token_requestor_id", json!(50_120_834_693_i64)),
            "MacOrIpad",
            "IX-ADAPT",
        ),
        expect(with("id", json!("P01")), "MacOrIpad", "IX-ADAPT"),
        expect(json!({}), "Unknown", "NONE"),
    ];
    for (points, platform) in [
        (json!(256), "iPadOS"),
        (json!(5.0), "iPadOS"),
        (json!("5"), "iPadOS"),
        (json!(-1), "Desktop"),
        (json!(1), "Desktop"),
        (json!("many"), "MacOrIpad"),
    ] {
        said.push(expect(
            with("max_touch_points", points),
            platform,
            if platform == "MacOrIpad" { "IX-ADAPT" } else { "IX-FWD" },
        ));
    }
    for (mobile, platform) in [
        (json!(true), "UnknownMobile"),
        (json!("?1"), "UnknownMobile"),
        (json!("true"), "UnknownMobile"),
        (json!(1), "UnknownMobile"),
        (json!("?0"), "Unknown"),
        (json!(false), "Unknown"),
        (json!(""), "Unknown"),
        (json!([]), "Unknown"),
    ] {
        let mut line = with("ch_mobile", mobile);
        line["user_agent"] = json!("");
        said.push(expect(line, platform, "IX-TAP"));
    }
    let questions: Vec<Value> = said.iter().map(|(line, ..)| line.clone()).collect();
    for ((line, platform, mechanism), answer) in said.iter().zip(answers(&questions)) {
        assert_eq!(
            (&answer["platform"], &answer["mechanism"]),
            (&json!(platform), &json!(mechanism)),
            "{line}"
        );
    }
    // A number is an id as well as a text is.
    let target = answers(&[with("token_requestor_id", json!(50_120_834_693_i64))])[0]["steps"][0]["target"].clone();
    assert!(
        target
            .as_str()
            .is_some_and(|target| target.contains("&tokenRequestorId=50120834693&")),
        "{target}"
    );
}

#[test]
fn what_is_no_object_is_told_so_in_its_place_and_the_rest_goes_on() {
    let object = "{\"methods\":{\"WEB\":\"https://cards.acmebank.example/p\"}}";
    let mut lines = b"\xef\xbb\xbf".to_vec();
    lines.extend_from_slice(format!("{object}\r\n\nnonsense\n[1]\n\"text\"\nnull\n").as_bytes());
    lines.extend_from_slice(b"{\"user_agent\":\"\xff\xfe\"}\n\xff\n{\"user_agent\":\n");
    lines.extend_from_slice(object.as_bytes());
    let output = told(&lines);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).expect("text");
    let answers: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let is_error: Vec<bool> = answers.iter().map(|answer| answer["error"].is_string()).collect();
    assert_eq!(is_error, [false, true, true, true, true, false, true, true, false]);
    assert_eq!(answers[0], answers[8]);
    assert_eq!(answers[0]["mechanism"], "IX-TAP");
}

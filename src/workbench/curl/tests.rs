use std::process::Command;

use serde_json::json;

use super::*;
use crate::workbench::message::Request;
use crate::workbench::testing::message as sample;

fn message(request: Request) -> Message {
    Message {
        request,
        ..sample(1, Participant::Wallet, Participant::Mdes, Kind::Call, "digitize")
    }
}

/// What a shell makes of a command: its arguments, one a line.
fn arguments(command: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let script = format!("curl() {{ for one in \"$@\"; do printf '%s\\n' \"$one\"; done; }}\n{command}\n");
    let mut shell = Command::new("sh");
    let run = shell
        .args(["-eu", "-c", &script])
        .env_clear()
        .envs(variables.iter().copied());
    let output = run.output().expect("a shell");
    assert!(
        output.status.success(),
        "{command}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_shell_reads_what_was_sent_with_what_was_hidden_put_in() {
    let request = Request {
        method: "POST".to_owned(),
        url: "http://127.0.0.1:1/mdes/a b/4f2c…91ab ⟦session-A⟧/digitize".to_owned(),
        query: vec![
            ("q".to_owned(), "it's \"$HOME\" `x` \\".to_owned()),
            ("r".to_owned(), "MCC-…B02B ⟦receipt-AA⟧".to_owned()),
        ],
        headers: vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("authorization".to_owned(), "OAuth oauth_nonce=\"…\"".to_owned()),
            ("cookie".to_owned(), "tidemark, lang".to_owned()),
            ("host".to_owned(), "127.0.0.1:1".to_owned()),
        ],
        body: Body::Json(json!({
            "taskId": "abcd…wxyz ⟦task-A⟧", "short": "••• ⟦correlation-A⟧", "code": "6 digits", "name": "•••",
            "pan": "•••• 4444", "two": "MCC-…B02B ⟦receipt-AA⟧,MCC-…B03B ⟦receipt-B⟧", "decision": "it's",
        })),
    };
    let command = of(&message(request)).expect("a command");
    let (first, _) = command.split_once('\n').expect("lines");
    assert_eq!(
        first,
        "# Hidden when it was recorded; put in first: AUTHORIZATION COOKIE CORRELATION_A HIDDEN_1 HIDDEN_2 HIDDEN_3 \
         RECEIPT_AA RECEIPT_B SESSION_A TASK_A"
    );
    let variables = [
        ("AUTHORIZATION", "<auth>"),
        ("COOKIE", "<cookie>"),
        ("CORRELATION_A", "<c>"),
        ("HIDDEN_1", "<1>"),
        ("HIDDEN_2", "<2>"),
        ("HIDDEN_3", "<3>"),
        ("RECEIPT_AA", "<r>"),
        ("RECEIPT_B", "<rb>"),
        ("SESSION_A", "<s>"),
        ("TASK_A", "<t>"),
    ];
    assert_eq!(
        arguments(&command, &variables),
        [
            "--globoff",
            "--request",
            "POST",
            "http://127.0.0.1:1/mdes/a%20b/<s>/digitize?q=it's%20\"$HOME\"%20`x`%20\\&r=<r>",
            "--header",
            "content-type: application/json",
            "--header",
            "authorization: <auth>",
            "--header",
            "cookie: <cookie>",
            "--data-raw",
            "{\"taskId\":\"<t>\",\"short\":\"<c>\",\"code\":\"<1>\",\"name\":\"<2>\",\"pan\":\"<3>\",\"two\":\"<r>,<rb>\",\
             \"decision\":\"it's\"}",
        ]
    );
    // Without them the shell says so, and nothing is sent.
    let mut shell = Command::new("sh");
    let run = shell
        .args(["-eu", "-c", &format!("curl() {{ :; }}\n{command}")])
        .env_clear();
    assert!(!run.output().expect("a shell").status.success());
}

#[test]
fn forms_pages_and_other_bodies_are_commands_too() {
    let mut page = Request {
        method: "GET".to_owned(),
        url: "http://localhost:1/".to_owned(),
        ..Request::default()
    };
    assert_eq!(
        of(&message(page.clone())).as_deref(),
        Some("curl --globoff --request GET 'http://localhost:1/'")
    );
    page.body = Body::Form(vec![
        ("csrf".to_owned(), "•••".to_owned()),
        ("action".to_owned(), "accept".to_owned()),
    ]);
    let command = of(&message(page.clone())).expect("a command");
    assert!(
        command.contains("--data-urlencode 'csrf='\"${HIDDEN_1}\" \\\n  --data-urlencode 'action=accept'"),
        "{command}"
    );
    page.body = Body::Other {
        media_type: "text/plain".to_owned(),
        bytes: 9,
    };
    assert!(
        of(&message(page.clone()))
            .expect("a command")
            .ends_with("--data-binary \"${BODY}\"")
    );
    let mut check = message(page);
    check.kind = Kind::Check;
    assert_eq!(of(&check), None);
}

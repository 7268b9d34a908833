//! Faults on the wire.

use serde_json::json;

use super::Strings;

#[tokio::test]
async fn faults_strike_what_they_name_on_the_wire_and_are_counted() {
    let strings = Strings::new().await;
    let push = json!({"operation": "pushMultipleAccounts", "kind": "status", "status": 500, "count": 1});
    let fault = strings.done("POST", "/faults", push).await;
    let (status, answer) = strings.push("s-1").await;
    assert!(
        status == 422 && answer["error"].as_str().unwrap().contains("SYSTEM_ERROR"),
        "{answer}"
    );
    assert_eq!(strings.push("s-1").await.0, 200);
    let faults = strings.get("/faults").await;
    assert_eq!(
        (&faults["faults"][0]["struck"], &faults["faults"][0]["status"]),
        (&json!(1), &json!(500))
    );
    let gone = strings.ask("DELETE", &format!("/faults/{}", fault["id"]), None).await;
    assert_eq!(gone, (200, json!({"faults": []})));
    assert_eq!(strings.ask("DELETE", "/faults/1", None).await.0, 404);
    for (body, word) in [
        (json!({"operation": "nonsense", "kind": "html"}), "digitize"),
        (json!({"operation": "digitize", "kind": "nonsense"}), "wrong-json"),
        (
            json!({"operation": "digitize", "kind": "html", "count": 0}),
            "1 or more",
        ),
        (json!({"operation": "digitize", "kind": "delay"}), "latency_ms"),
        (
            json!({"operation": "digitize", "kind": "status", "status": 200}),
            "400 to 599",
        ),
        (
            json!({"operation": "digitize", "kind": "html", "reason": "X"}),
            "errors",
        ),
        (
            json!({"operation": "digitize", "kind": "html", "probability": 1.5}),
            "probability",
        ),
        (
            json!({"operation": "digitize", "kind": "html", "latency_ms": 120_001}),
            "latency_ms",
        ),
        (json!({"operation": "notifyTokenUpdated", "kind": "huge"}), "drop"),
        (
            json!({"operation": "authorizeService", "kind": "wrong-response-id"}),
            "responseId",
        ),
    ] {
        let said = strings.refused("POST", "/faults", body, 422).await;
        assert!(said.contains(word), "{said}");
    }
    assert_eq!(strings.get("/faults").await, json!({"faults": []}));
}

/// The banks' end of a call that MDES makes, asked directly.
#[tokio::test]
async fn every_kind_of_fault_shows_on_the_wire_between_mdes_and_a_bank() {
    let strings = Strings::new().await;
    let url = format!("{}/issuerServices/1/0/notifyServiceActivated", strings.stage.bank_base);
    let ask = async || {
        let body = json!({"requestId": "r-1", "correlationId": "1", "tokenUniqueReference": "T-1"});
        let response = strings.http.post(&url).body(body.to_string()).send().await.ok()?;
        let status = response.status().as_u16();
        Some((status, response.text().await.ok()?))
    };
    assert_eq!(ask().await, Some((200, r#"{"responseId":"r-1"}"#.to_owned())));
    let recorded = || strings.stage.bank.calls().len();
    for (kind, wanted, performs) in [
        ("status", Some((503, "SYSTEM_ERROR")), false),
        ("html", Some((200, "<!doctype html>")), false),
        ("truncated", Some((200, r#"{"response"#)), true),
        ("empty", Some((200, "")), false),
        ("wrong-json", Some((200, "{}")), false),
        ("errors", Some((400, "SYSTEM_ERROR")), false),
        ("drop", None, false),
        ("lose-answer", None, true),
        ("delay", Some((200, "r-1")), true),
        ("huge", Some((200, "padding")), false),
    ] {
        let latency = if kind == "delay" { 1 } else { 0 };
        let fault = json!({"operation": "notifyServiceActivated", "kind": kind, "count": 1, "latency_ms": latency});
        strings.done("POST", "/faults", fault).await;
        let before = recorded();
        let answer = ask().await;
        let seen = answer.as_ref().map(|(status, text)| (*status, text.as_str()));
        match wanted {
            None => assert_eq!(seen, None, "{kind}"),
            Some((status, start)) => {
                let (said, text) = seen.unwrap_or_else(|| panic!("{kind}: no answer"));
                assert_eq!(said, status, "{kind}");
                assert!(
                    if start.is_empty() {
                        text.is_empty()
                    } else {
                        text.contains(start)
                    },
                    "{kind}: {}",
                    &text[..text.len().min(99)]
                );
            }
        }
        assert_eq!(recorded() - before, usize::from(performs), "{kind}");
    }
    strings
        .done(
            "POST",
            "/faults",
            json!({"operation": "notifyServiceActivated", "kind": "late", "count": 1, "latency_ms": 1}),
        )
        .await;
    let before = recorded();
    assert_eq!(ask().await, None);
    for _ in 0..1_000 {
        if recorded() > before {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("what was late never came");
}

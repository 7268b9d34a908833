//! Clocks, knobs, outcomes, lists and books.

use serde_json::{Value, json};

use super::{NOON_MS, Strings, part};

#[tokio::test]
async fn the_clock_is_moved_and_a_fixed_one_says_that_it_cannot_be() {
    let strings = Strings::new().await;
    let time = strings.done("POST", "/clock", json!({"advance": "16m"})).await;
    assert_eq!(
        (&time["now_ms"], &time["ahead_ms"]),
        (&json!(NOON_MS + 960_000), &json!(960_000))
    );
    let time = strings
        .done("POST", "/clock", json!({"advance_ms": 1, "freeze": true}))
        .await;
    assert_eq!(
        (&time["now_ms"], &time["frozen"]),
        (&json!(NOON_MS + 960_001), &json!(true))
    );
    assert_eq!(strings.get("/clock").await["now"], "2026-01-01T12:16:00.001Z");
    for body in [
        json!({}),
        json!({"advance": "soon"}),
        json!({"advance_ms": -1}),
        json!({"advance": "-5m"}),
        json!({"advance": "1s", "advance_ms": 1}),
    ] {
        strings.refused("POST", "/clock", body, 422).await;
    }
    strings.refused("POST", "/clock", json!({"advanced": "1s"}), 400).await;
    for backwards in [json!({"advance": "-5m"}), json!({"advance_ms": -1})] {
        let said = strings.refused("POST", "/clock", backwards, 422).await;
        assert!(said.to_lowercase().contains("time only goes forward"), "{said}");
    }
    // Not beyond all dates, in however many steps.
    let nine_years: i64 = 9 * 366 * 86_400_000;
    strings
        .done("POST", "/clock", json!({ "advance_ms": nine_years }))
        .await;
    let said = strings
        .refused("POST", "/clock", json!({ "advance_ms": nine_years }), 422)
        .await;
    assert!(said.contains("ten years"), "{said}");
    assert!(strings.get("/clock").await["now"].is_string());
    let fixed = Strings::with(false).await;
    assert!(
        fixed
            .refused("POST", "/clock", json!({"advance": "1m"}), 409)
            .await
            .contains("machine's")
    );
}

#[tokio::test]
async fn a_clock_that_is_off_has_its_signatures_refused() {
    let strings = Strings::new().await;
    assert_eq!(strings.push("s-1").await.0, 200);
    for skew in [json!({"mdes_ms": 600_000}), json!({"mdes_ms": 0, "bank_ms": -301_000})] {
        strings.done("PUT", "/skew", skew).await;
        let (status, answer) = strings.push("s-1").await;
        assert_eq!(status, 422);
        assert!(answer["error"].as_str().unwrap().contains("timestamp"), "{answer}");
    }
    strings.done("PUT", "/skew", json!({"mdes_ms": -301_000})).await;
    assert_eq!(strings.push("s-1").await.0, 200, "both are off by the same");
    assert_eq!(
        strings.get("/skew").await,
        json!({"mdes_ms": -301_000, "bank_ms": -301_000})
    );
    strings.refused("PUT", "/skew", json!({"mdes_ms": i64::MIN}), 422).await;
}

#[tokio::test]
async fn knobs_are_turned_one_at_a_time() {
    let strings = Strings::new().await;
    let at_first = strings.get("/knobs").await;
    assert_eq!(at_first["code_mode"], "none");
    strings
        .done(
            "PUT",
            "/knobs",
            json!({"session_in_jws": false, "code_mode": "jws", "receipts_validity_minutes": 5}),
        )
        .await;
    let body =
        json!({"issuer": "havorn-no", "cards": ["havorn-no-ada-1"], "session": "s-1", "authentication_code": "482107"});
    let pushed = strings.done("POST", "/push", body).await;
    let signed = part(pushed["signature"].as_str().unwrap(), 1);
    assert!(signed.get("tokenRequestorSessionId").is_none() && signed["authenticationCode"] == "482107");
    let knobs = strings
        .done("PUT", "/knobs", json!({"session_in_jws": true, "code_mode": "none"}))
        .await;
    assert_eq!(knobs["receipts_validity_minutes"], 5);
    let knobs = strings
        .done("PUT", "/knobs", json!({"receipts_validity_minutes": null}))
        .await;
    assert_eq!(knobs, at_first);
    strings
        .refused("PUT", "/knobs", json!({"receipts_validity_minutes": 4}), 422)
        .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_what_to_do() {
    let strings = Strings::new().await;
    for (method, path, body, word) in [
        ("PUT", "/knobs", json!({"lie": "nonsense"}), "/_sim/lies"),
        (
            "PUT",
            "/outcomes",
            json!({"card": "nonsense", "outcome": "approve"}),
            "havorn-no-ada-1",
        ),
        (
            "PUT",
            "/outcomes",
            json!({"card": "havorn-no-ada-1", "outcome": {"step_up": []}}),
            "text",
        ),
        ("PUT", "/issuers", json!({"count": 5_001}), "5000"),
        ("PUT", "/issuers", json!({"only": ["nonsense"]}), "nonsense"),
        ("PUT", "/issuers", json!({}), "count or only"),
    ] {
        let said = strings.refused(method, path, body, 422).await;
        assert!(said.contains(word), "{path}: {said}");
    }
    strings
        .refused(
            "PUT",
            "/outcomes",
            json!({"card": "havorn-no-ada-1", "outcome": "nonsense"}),
            400,
        )
        .await;
    assert_eq!(strings.get("/issuers").await["count"], 12);
}

#[tokio::test]
async fn books_that_do_not_fit_change_nothing() {
    let strings = Strings::new().await;
    assert_eq!(strings.push("s-1").await.0, 200);
    let books = strings.get("/state").await;
    let receipt = books["mdes"]["receipts"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .clone();
    assert_eq!(
        books["mdes"]["receipts"][&receipt]["account"]["card"],
        "havorn-no-ada-1"
    );
    let changed = |pointer: &str, to: Value| {
        let mut books = books.clone();
        *books.pointer_mut(pointer).unwrap() = to;
        books
    };
    let account = format!("/mdes/receipts/{receipt}/account/card");
    let issuer = format!("/mdes/receipts/{receipt}/issuer");
    for (body, word) in [
        (changed("/version", json!(2)), "version 2"),
        (changed(&account, json!("nonsense")), "nonsense"),
        (changed(&account, Value::Null), "card or a number"),
        (changed(&issuer, json!("nonsense")), "/_sim/issuers"),
    ] {
        let said = strings.refused("PUT", "/state", body, 422).await;
        assert!(said.contains(word), "{said}");
    }
    strings.refused("PUT", "/state", json!({"version": 1}), 400).await;
    strings.refused("PUT", "/state", json!(" ".repeat(32 << 20)), 413).await;
    assert_eq!(strings.get("/state").await, books);
}

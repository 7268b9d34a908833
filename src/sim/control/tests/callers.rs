//! Who may pull the strings, and who sees it.

use serde_json::json;

use super::{Strings, answered};

#[tokio::test]
async fn both_listeners_have_the_strings_and_whoever_watches_the_traffic_does_not_see_them() {
    let strings = Strings::new().await;
    let origin = strings.stage.mdes_base.trim_end_matches("/mdes");
    for base in [origin, &strings.stage.bank_base] {
        let (status, answer) = answered(strings.http.get(format!("{base}/_sim/clock"))).await;
        assert_eq!((status, &answer["now"]), (200, &json!("2026-01-01T12:00:00Z")));
        let (status, answer) = answered(strings.http.get(format!("{base}/_sim/nonsense"))).await;
        assert!(status == 404 && answer["error"].is_string());
        let (status, answer) = answered(
            strings
                .http
                .put(format!("{base}/_sim/clock"))
                .header("content-type", "application/json"),
        )
        .await;
        assert!(status == 405 && answer["error"].is_string());
    }
    assert!(strings.seen.lock().unwrap().is_empty());
    assert_eq!(strings.push("s-1").await.0, 200);
    let seen = strings.seen.lock().unwrap().clone();
    assert!(
        seen.iter().any(|path| path.ends_with("/pushMultipleAccounts")),
        "{seen:?}"
    );
}

#[tokio::test]
async fn no_web_page_of_somebody_else_pulls_a_string() {
    let strings = Strings::new().await;
    let url = format!("{}/_sim/knobs", strings.stage.bank_base);
    let put = || {
        let request = strings.http.put(&url).body(r#"{"single_use":false}"#);
        request.header("content-type", "application/json")
    };
    for (request, status) in [
        (put().header("host", "evil.example"), 421),
        (strings.http.get(&url).header("host", "evil.example:80"), 421),
        (put().header("origin", "http://evil.example"), 403),
        (put().header("origin", "null"), 403),
        (put().header("origin", "http://127.0.0.1:1"), 403),
        (put().header("sec-fetch-site", "cross-site"), 403),
        (put().header("sec-fetch-site", "same-site"), 403),
        (
            strings
                .http
                .delete(format!("{}/_sim/faults", strings.stage.bank_base))
                .header("sec-fetch-site", "cross-site"),
            403,
        ),
        (strings.http.put(&url).body("{}"), 415),
        (
            strings.http.put(&url).body("{}").header("content-type", "text/plain"),
            415,
        ),
        (
            strings
                .http
                .put(&url)
                .body("a=b")
                .header("content-type", "application/x-www-form-urlencoded"),
            415,
        ),
    ] {
        let (said, answer) = answered(request).await;
        assert_eq!(said, status, "{answer}");
        assert!(answer["error"].is_string());
    }
    assert_eq!(strings.get("/knobs").await["single_use"], true);
    let own = strings.stage.bank_base.clone();
    assert_eq!(
        answered(put().header("origin", own).header("sec-fetch-site", "same-origin"))
            .await
            .0,
        200
    );
    assert_eq!(strings.get("/knobs").await["single_use"], false);
}

//! What an answer may be, and what it is taken for.

use super::*;

#[tokio::test]
async fn no_lie_is_a_success_and_every_effect_is_sent_once() {
    let truncated = DECLINED.as_bytes()[..20].to_vec();
    let announced = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2001\r\n\r\n".to_vec();
    let redirect = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".to_vec();
    for (lie, script) in [
        ("closed after the request", Script::Says(Vec::new())),
        ("half a head", Script::Says(b"HTTP/1.1 200 OK\r\nConte".to_vec())),
        ("no HTTP", Script::Says(b"SSH-2.0-x\r\n".to_vec())),
        (
            "HTML",
            Script::Says(http("200 OK", "text/html", "<h1>Maintenance</h1>")),
        ),
        (
            "HTML that calls itself JSON",
            Script::Says(ok_json("<h1>Maintenance</h1>")),
        ),
        (
            "JSON that calls itself HTML",
            Script::Says(http("200 OK", "text/html", DECLINED)),
        ),
        (
            "another charset",
            Script::Says(http("200 OK", "application/json; charset=utf-16", DECLINED)),
        ),
        ("nothing", Script::Says(ok_json(""))),
        ("no object", Script::Says(ok_json("[]"))),
        (
            "truncated",
            Script::Says([&announced[..], &truncated[..]].concat().replace_length(60)),
        ),
        ("cut JSON", Script::Says(ok_json(&DECLINED[..20]))),
        (
            "a duplicate",
            Script::Says(ok_json(
                r#"{"responseId":"request-1","decision":"DECLINED","decision":"APPROVED"}"#,
            )),
        ),
        (
            "not a number",
            Script::Says(ok_json(r#"{"responseId":"request-1","decision":"DECLINED","x":NaN}"#)),
        ),
        (
            "too deep",
            Script::Says(ok_json(&format!(r#"{{"x":{}{}}}"#, "[".repeat(33), "]".repeat(33)))),
        ),
        (
            "500",
            Script::Says(http("500 Internal Server Error", "application/json", DECLINED)),
        ),
        (
            "503 with an error",
            Script::Says(http(
                "503 Busy",
                "application/json",
                r#"{"errors":[{"reasonCode":"X"}]}"#,
            )),
        ),
        (
            "400 without a reason",
            Script::Says(http("400 Bad Request", "application/json", "{}")),
        ),
        (
            "a success with status 404",
            Script::Says(http("404 Not Found", "application/json", DECLINED)),
        ),
        ("a redirect", Script::Says(redirect)),
        (
            "another's answer",
            Script::Says(ok_json(r#"{"responseId":"request-2","decision":"DECLINED"}"#)),
        ),
        ("nobody's answer", Script::Says(ok_json(r#"{"decision":"DECLINED"}"#))),
        ("no decision", Script::Says(ok_json(r#"{"responseId":"request-1"}"#))),
        (
            "an unknown decision",
            Script::Says(ok_json(r#"{"responseId":"request-1","decision":"MAYBE"}"#)),
        ),
        (
            "approved without a token",
            Script::Says(ok_json(r#"{"responseId":"request-1","decision":"APPROVED"}"#)),
        ),
        (
            "an error beside a success",
            Script::Says(ok_json(
                r#"{"responseId":"request-1","decision":"APPROVED","errors":[{"reasonCode":"X"}]}"#,
            )),
        ),
        ("an error without a code", Script::Says(ok_json(r#"{"errors":[{}]}"#))),
        (
            "an error with a hostile code",
            Script::Says(ok_json(r#"{"errors":[{"reasonCode":"a\nb"}]}"#)),
        ),
        (
            "another's error",
            Script::Says(ok_json(r#"{"responseId":"request-2","errors":[{"reasonCode":"X"}]}"#)),
        ),
        ("a stall", Script::Stalls(Vec::new())),
        ("a stall in the body", Script::Stalls(announced.replace_length(1000))),
        ("a drip", Script::Drips(ok_json(&" ".repeat(1500)), 5)),
    ] {
        let (error, connections) = digitize_against(script).await;
        assert_eq!(error.kind(), &MdesErrorKind::Lost, "{lie}: {error}");
        assert!(error.may_have_happened() && error.is_retryable() && error.reason_code().is_none());
        assert_eq!(connections, 1, "{lie}");
    }
}

#[tokio::test]
async fn an_answer_is_not_read_beyond_its_bound() {
    // Good but for its length: announced, so that not a byte of it is waited for, and in chunks.
    let announced = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2001\r\n\r\n".to_vec();
    let chunked = |spaces: usize| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        let filler = format!("{spaces:x}\r\n{}\r\n", " ".repeat(spaces));
        format!("{head}{filler}{:x}\r\n{DECLINED}\r\n0\r\n\r\n", DECLINED.len()).into_bytes()
    };
    let fits = 2_000 - DECLINED.len();
    for script in [Script::Stalls(announced), Script::Says(chunked(fits + 1))] {
        let (error, connections) = digitize_against(script).await;
        assert_eq!(error.to_string(), "digitize: no answer to rely on: too long");
        assert_eq!(connections, 1);
    }
    let server = Server::start(Script::Says(chunked(fits))).await;
    assert_eq!(digitize(&client(&server.base)).await, Ok(Digitized::Declined));
}

#[tokio::test]
async fn no_connection_is_used_twice() {
    let server = Server::start(Script::Keeps(ok_json(DECLINED))).await;
    let client = client(&server.base);
    for _ in 0..3 {
        assert_eq!(digitize(&client).await, Ok(Digitized::Declined));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn eligibility_needs_all_of_its_parts() {
    for (receipt, terms, good) in [
        (r#"{"value":"e-1","validForMinutes":60}"#, r#""terms-1""#, true),
        (r#"{"value":"e-1","validForMinutes":"60"}"#, r#""terms-1""#, true),
        (r#"{"value":"e-1","validForMinutes":0}"#, r#""terms-1""#, false),
        (r#"{"value":"e-1","validForMinutes":-1}"#, r#""terms-1""#, false),
        (r#"{"value":"e-1"}"#, r#""terms-1""#, false),
        (r#"{"value":"","validForMinutes":60}"#, r#""terms-1""#, false),
        (r#"{"value":"e 1","validForMinutes":60}"#, r#""terms-1""#, false),
        (r#"{"value":"e-1","validForMinutes":60}"#, r#""a/../b""#, false),
        (r#"{"value":"e-1","validForMinutes":60}"#, "null", false),
        ("null", r#""terms-1""#, false),
        ("7", r#""terms-1""#, false),
    ] {
        let body = format!(
            r#"{{"responseId":"request-1","eligibilityReceipt":{receipt},"termsAndConditionsAssetId":{terms}}}"#
        );
        let server = Server::start(Script::Says(ok_json(&body))).await;
        let answer = client(&server.base)
            .check_eligibility(&request_id(), "i", &self::receipt(), None, None)
            .await;
        assert_eq!(answer.is_ok(), good, "{body}");
        assert!(good || answer.is_err_and(|error| *error.kind() == MdesErrorKind::Lost));
    }
}

trait ReplaceLength {
    fn replace_length(self, length: usize) -> Vec<u8>;
}

impl ReplaceLength for Vec<u8> {
    fn replace_length(self, length: usize) -> Vec<u8> {
        let text = String::from_utf8(self).expect("ASCII");
        text.replace("Content-Length: 2001", &format!("Content-Length: {length}"))
            .into_bytes()
    }
}

#[tokio::test]
async fn a_refusal_is_final_and_tells_its_reason() {
    for (status, body, code, recoverable) in [
        (
            "200 OK",
            r#"{"errors":[{"source":"INPUT","reasonCode":"PAN_INELIGIBLE"}]}"#,
            "PAN_INELIGIBLE",
            false,
        ),
        (
            "200 OK",
            r#"{"responseId":"request-1","errors":[{"reasonCode":"X","recoverable":true}]}"#,
            "X",
            true,
        ),
        (
            "200 OK",
            r#"{"errors":[{"reasonCode":"X","recoverable":"TRUE"},{"reasonCode":"Y"}]}"#,
            "X",
            false,
        ),
        (
            "200 OK",
            r#"{"errorCode":"INVALID_JSON","errorDescription":"..."}"#,
            "INVALID_JSON",
            false,
        ),
        ("200 OK", r#"{"decision":null,"errors":[],"errorCode":"Z"}"#, "Z", false),
        (
            "400 Bad Request",
            r#"{"Errors":{"Error":[{"Source":"Gateway","ReasonCode":"DECLINED_BY_GATEWAY","Recoverable":false}]}}"#,
            "DECLINED_BY_GATEWAY",
            false,
        ),
    ] {
        let (error, connections) = digitize_against(Script::Says(http(status, "application/json", body))).await;
        let refused = MdesErrorKind::Refused {
            reason_code: code.to_owned(),
            recoverable,
        };
        assert_eq!(error.kind(), &refused, "{body}");
        assert_eq!(
            (error.reason_code(), error.is_retryable(), error.may_have_happened()),
            (Some(code), recoverable, false)
        );
        assert_eq!(connections, 1);
    }
    let body = r#"{"errors":[{"reasonCode":"INTERNAL_SERVICE_FAILURE"}]}"#;
    let (error, _) = digitize_against(Script::Says(ok_json(body))).await;
    assert!(
        error.may_have_happened(),
        "it does not say on which side of the effect it failed"
    );
}

#[tokio::test]
async fn the_gateway_is_told_apart() {
    let gateway = r#"{"Errors":{"Error":[{"ReasonCode":"AUTHENTICATION_FAILED","Recoverable":false}]}}"#;
    for (status, kind, retryable) in [
        ("401 Unauthorized", MdesErrorKind::Unauthorized, false),
        ("403 Forbidden", MdesErrorKind::Unauthorized, false),
        ("429 Too Many Requests", MdesErrorKind::Busy, true),
    ] {
        let (error, _) = digitize_against(Script::Says(http(status, "application/json", gateway))).await;
        assert_eq!(error.kind(), &kind);
        assert_eq!((error.is_retryable(), error.may_have_happened()), (retryable, false));
    }
}

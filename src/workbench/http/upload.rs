//! A replay file that is looked at again: an attempt like any other, but for where it comes from.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::{Workbench, pages};
use crate::workbench::replay;

/// What is read of a request: a file as large as is loaded, and what a form puts around it.
pub(super) const BODY_MAX: usize = replay::BYTES_MAX + 4096;

/// `POST /attempts`: the file alone, as JSON, or as the first field of a form.
pub(super) async fn load(
    State(workbench): State<Workbench>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Ok(body) = body else {
        let why = replay::NotLoaded::TooLarge.to_string();
        return pages::refused(&workbench, StatusCode::PAYLOAD_TOO_LARGE, why);
    };
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let file = match kind.unwrap_or_default().split_once(';') {
        Some(("multipart/form-data", parameters)) => first_field(parameters, &body).unwrap_or_default(),
        _ => &body,
    };
    if file.is_empty() {
        let why = "choose a replay file first".to_owned();
        return pages::refused(&workbench, StatusCode::UNPROCESSABLE_ENTITY, why);
    }
    match replay::load(&workbench.journal, file, &workbench.expected()) {
        Ok(number) => Redirect::to(&format!("/attempts/{number}")).into_response(),
        Err(why) => pages::refused(&workbench, StatusCode::UNPROCESSABLE_ENTITY, why.to_string()),
    }
}

/// What stands in the first field of a form (RFC 7578): behind its headers, before the next boundary.
fn first_field<'a>(parameters: &str, body: &'a [u8]) -> Option<&'a [u8]> {
    let (_, boundary) = parameters.split_once("boundary=")?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    let end = [b"\r\n--", boundary.as_bytes()].concat();
    let field = body.strip_prefix(&end[2..])?.strip_prefix(b"\r\n")?;
    let begin = find(field, b"\r\n\r\n")? + 4;
    let content = &field[begin..];
    Some(&content[..find(content, &end)?])
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use axum::body::Body as HttpBody;
    use axum::http::Request;
    use serde_json::json;
    use tower::ServiceExt as _;

    use super::*;
    use crate::workbench::Journal;
    use crate::workbench::http::{guarded, router};
    use crate::workbench::message::Body;
    use crate::workbench::testing::{CALLBACK, ELIGIBILITY, PUSH, REQUESTOR, answered, attempt, good};
    use crate::workbench::verdict::Expectations;

    /// A file of a flow at another wallet, whose receipt MDES refuses, and of which the push was not recorded.
    fn file() -> String {
        let journal = Journal::new();
        journal.know(attempt());
        let refused = json!({"errorCode": "INVALID_FIELD_VALUE", "errorDescription": "pushAccountReceipt"});
        let mut flow = good();
        flow[ELIGIBILITY - 1].ending = answered(200, Body::Json(refused));
        flow.remove(PUSH - 1);
        for mut message in flow {
            // It is not the wallet of the one who looks at it.
            for (_, value) in &mut message.request.query {
                *value = value.replace(CALLBACK, "https://w.example/callback");
            }
            journal.begin(message);
        }
        let expected = Expectations::of(REQUESTOR, "https://w.example/callback");
        replay::write(&journal, 1, &expected).expect("a file")
    }

    /// Pages about a good flow with the same aliases.
    fn workbench() -> Workbench {
        let journal = Journal::new();
        journal.know(attempt());
        for message in good() {
            journal.begin(message);
        }
        Workbench::new(journal, Expectations::of(REQUESTOR, CALLBACK))
    }

    async fn posted(workbench: &Workbench, kind: &str, body: impl Into<HttpBody>) -> (StatusCode, String) {
        let request = Request::post("/attempts").header(header::HOST, "127.0.0.1:8083");
        let request = request
            .header(header::CONTENT_TYPE, kind)
            .body(body.into())
            .expect("a request");
        let answer = guarded(router(workbench.clone()))
            .oneshot(request)
            .await
            .expect("an answer");
        let status = answer.status();
        let location = answer.headers().get(header::LOCATION).cloned();
        let page = axum::body::to_bytes(answer.into_body(), usize::MAX)
            .await
            .expect("a body");
        let page = String::from_utf8(page.to_vec()).expect("text");
        (
            status,
            location.map_or(page, |location| location.to_str().expect("text").to_owned()),
        )
    }

    #[tokio::test]
    async fn a_file_is_an_attempt_of_its_own_judged_by_what_is_right_for_it() {
        let workbench = workbench();
        let form = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{}\r\n--x--\r\n",
            file()
        );
        for (kind, body, number) in [
            ("application/json", file(), 2),
            ("multipart/form-data; boundary=x", form, 3),
        ] {
            let (status, location) = posted(&workbench, kind, body).await;
            assert_eq!(
                (status, location),
                (StatusCode::SEE_OTHER, format!("/attempts/{number}"))
            );
            let report = workbench.report(number).expect("a report");
            let ids: Vec<&str> = report
                .judgement
                .verdicts
                .iter()
                .map(|verdict| verdict.entry.id)
                .collect();
            // Who pushed the receipt that goes by its alias here says nothing of it.
            assert_eq!(ids, ["PP-RCP-004"]);
            assert_eq!(report.rows.len(), good().len() - 1);
        }
        // What is recorded here stays as it was, and the newest of that is followed.
        assert_eq!(workbench.report(1).expect("a report").judgement.verdicts, []);
        assert_eq!(workbench.newest(), Some(1));
        let lines = workbench.lines(9);
        let loaded: Vec<(u64, bool)> = lines
            .iter()
            .filter_map(|line| Some((line.number, line.attempt.as_ref()?.loaded.is_some())))
            .collect();
        assert_eq!(loaded, [(3, true), (2, true), (1, false)]);
    }

    #[tokio::test]
    async fn what_cannot_be_loaded_is_refused_with_a_reason_and_a_way_to_try_again() {
        let workbench = workbench();
        let large = vec![b' '; BODY_MAX + 1];
        for (kind, body, status, reason) in [
            ("application/json", b"{}".to_vec(), 422, "missing field `format`"),
            ("application/json", Vec::new(), 422, "choose a replay file first"),
            (
                "multipart/form-data; boundary=x",
                b"--x".to_vec(),
                422,
                "choose a replay file first",
            ),
            ("application/json", large, 413, "the file holds more than"),
        ] {
            let (answered, page) = posted(&workbench, kind, body).await;
            assert_eq!(answered.as_u16(), status, "{reason}");
            assert!(page.contains(reason) && page.contains("type=\"file\""), "{page}");
        }
        assert_eq!(workbench.journal.attempts().len(), 1);
    }

    #[test]
    fn a_file_is_read_out_of_a_form() {
        let form = b"--x7\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.json\"\r\n\
            Content-Type: application/json\r\n\r\n{\"a\":\r\n\"--x\"}\r\n--x7--\r\n";
        assert_eq!(
            first_field(" boundary=x7", form),
            Some(b"{\"a\":\r\n\"--x\"}".as_slice())
        );
        assert_eq!(
            first_field(" charset=utf-8; boundary=\"x7\"", form).map(<[u8]>::len),
            Some(13)
        );
        for (parameters, body) in [
            (" boundary=x8", form.as_slice()),
            ("", form),
            (" boundary=x7", &form[..form.len() - 10]),
            (" boundary=x7", b"--x7\r\n"),
            (" boundary=", b""),
        ] {
            assert_eq!(first_field(parameters, body), None, "{parameters}");
        }
    }
}

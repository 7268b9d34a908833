//! Bank and wallet by rote.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse as _;
use serde_json::{Value, json};

/// A server that answers what it was told to and writes down what it was asked.
pub(in super::super) struct Stub {
    pub(in super::super) base: String,
    answers: Arc<Mutex<HashMap<String, (u16, String)>>>,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Stub {
    /// Approves everything.
    pub(in super::super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let answers: Arc<Mutex<HashMap<String, (u16, String)>>> = Arc::default();
        let asked: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let (told, seen) = (Arc::clone(&answers), Arc::clone(&asked));
        let router = axum::Router::new().fallback(move |request: Request<Body>| async move {
            let path = request.uri().path().trim_start_matches('/').to_owned();
            let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap();
            seen.lock()
                .unwrap()
                .push((path.clone(), serde_json::from_slice(&body).unwrap()));
            let (status, answer) = told
                .lock()
                .unwrap()
                .get(&path)
                .cloned()
                .unwrap_or((200, DONE.to_owned()));
            (StatusCode::from_u16(status).unwrap(), answer).into_response()
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        let stub = Self { base, answers, asked };
        stub.answer(
            "authorizeService",
            200,
            json!({"responseId": "1", "decision": "APPROVED"}),
        );
        stub
    }

    /// Wants more, by text, by app and by a call to a person.
    pub(in super::super) async fn yellow() -> Self {
        let stub = Self::start().await;
        let methods = json!([
            {"type": "TEXT_TO_CARDHOLDER_NUMBER", "value": "12X-XXX-XX32"},
            {"type": "CARDHOLDER_TO_USE_MOBILE_APP", "value": r#"{"action":"a","packageName":"p"}"#},
            {"type": "CARDHOLDER_TO_CALL_MANNED_NUMBER", "value": "1-800-BANK"},
        ]);
        let decision = "REQUIRE_ADDITIONAL_AUTHENTICATION";
        let answer = json!({"responseId": "1", "decision": decision, "activationMethods": methods});
        stub.answer("authorizeService", 200, answer);
        stub
    }

    pub(in super::super) fn answer(&self, path: &str, status: u16, body: Value) {
        self.answers
            .lock()
            .unwrap()
            .insert(path.to_owned(), (status, body.to_string()));
    }

    /// The bodies that arrived at `path`.
    pub(in super::super) fn asked(&self, path: &str) -> Vec<Value> {
        let asked = self.asked.lock().unwrap();
        asked
            .iter()
            .filter(|(seen, _)| seen == path)
            .map(|(_, body)| body.clone())
            .collect()
    }
}

const DONE: &str = r#"{"responseId":"1"}"#;

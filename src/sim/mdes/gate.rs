//! The verifier of OAuth signatures, for a party that stands beside MDES and knows the same issuers.

use std::sync::{Mutex, PoisonError};

use axum::http::request::Parts;

use super::oauth::{Client, Nonces, verify_request};
use super::requestor::Caller;
use super::settings;

/// Lets requests of one issuer in, each once.
pub(in crate::sim) struct Gate {
    clients: Vec<Client>,
    nonces: Mutex<Nonces>,
}

impl Gate {
    /// For the issuer with this consumer key and public key, PEM, bare or in a certificate.
    ///
    /// # Panics
    /// If the key is neither.
    pub(in crate::sim) fn new(consumer_key: &str, public_key_pem: &[u8]) -> Self {
        Self {
            clients: vec![Client {
                caller: Caller::Issuer,
                consumer_key: consumer_key.to_owned(),
                key: settings::public_key(public_key_pem),
            }],
            nonces: Mutex::default(),
        }
    }

    /// Whether the issuer signed this request, at about this time, and for the first time.
    ///
    /// # Errors
    /// A sentence that says which check failed.
    pub(in crate::sim) fn admit(&self, parts: &Parts, body: &[u8], now_ms: i64) -> Result<(), &'static str> {
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        verify_request(parts, body, &self.clients, now_ms, &mut nonces)
            .map(drop)
            .map_err(|failure| failure.description())
    }
}

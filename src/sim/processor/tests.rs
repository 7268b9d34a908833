//! The processor through its router, with MDES and the issuer server beside it on the stage.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::x509::X509;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;
use crate::sim::bank::{EncryptedPayload, PushOptions, open};
use crate::sim::catalogue::{card_by_id, issuer};
use crate::sim::stage::{self, EnrolledWallet, Keys, Role, Stage};

mod searches;
mod tokenisation;

const TRID: &str = "50123456789";
const BANK: &str = "bereza-kz";
/// Thursday, 1 January 2026, noon.
const NOON_MS: i64 = 1_767_268_800_000;

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(Keys::generate)
}

struct World {
    stage: Stage,
    clock: Arc<AtomicI64>,
}

impl World {
    async fn start() -> Self {
        let listen = || async { TcpListener::bind("127.0.0.1:0").await.unwrap() };
        let clock = Arc::new(AtomicI64::new(NOON_MS));
        let hand = Arc::clone(&clock);
        let wallet = EnrolledWallet {
            url: "http://localhost:1".to_owned(),
            name: "Tidemark".to_owned(),
            token_requestor_id: TRID.to_owned(),
            role: Role::Wallet,
            consumer_key: "wallet!key".to_owned(),
            public_key_pem: keys().bank.signing_public_pem(),
            notification_certificate_pem: None,
        };
        let now: Now = Arc::new(move || hand.load(Ordering::SeqCst));
        let stage = stage::open(listen().await, listen().await, wallet, keys().clone(), now).unwrap();
        Self { stage, clock }
    }

    fn processor(&self) -> &Processor {
        &self.stage.processor
    }
}

fn client() -> &'static str {
    issuer(BANK).unwrap().processor_client.unwrap()
}

fn contract(card: &str) -> String {
    card_by_id(card).unwrap().contract.unwrap()
}

/// What MDES reads in the account of a push.
fn read_as_mdes(body: &Value) -> Value {
    let payload: EncryptedPayload =
        serde_json::from_value(body["pushFundingAccounts"]["encryptedPayload"].clone()).unwrap();
    let key = openssl::pkey::PKey::private_key_from_pem(&keys().mdes.encryption_key_pem()).unwrap();
    let plain = open(&key, keys().mdes.encryption_cert_pem(), &payload).unwrap();
    serde_json::from_slice(&plain).unwrap()
}

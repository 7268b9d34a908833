//! The worker that is wrong on purpose: it calls `digitize` and then records that it did. It is kept to show that the
//! harness finds what it exists for.

use std::sync::Arc;

use tidemark::app::view::Stage;
use tidemark::clock::random_bytes;
use tidemark::config::Config;
use tidemark::domain::card::CardState;
use tidemark::domain::device::Device;
use tidemark::domain::id::{AssetId, RequestId, SessionId, TaskId};
use tidemark::domain::outcome;
use tidemark::domain::policy::Policy;
use tidemark::domain::session::Session;
use tidemark::domain::steps::due_at;
use tidemark::domain::{Millis, token};
use tidemark::mdes::{self, Client, DigitizeOrder, SigningKey, Sources};
use tidemark::seal::Sealer;
use tidemark::store::{Moved, Store};

use crate::child::{Wallet, arm};

/// Takes the step from *digitizing* to the decision in the place of the real worker. In any other state: nothing.
pub async fn work(wallet: Wallet, id: &SessionId) -> Result<Wallet, String> {
    let page = wallet.app.attempt(id, &wallet.owner, &Device::default()).await;
    if !matches!(page, Ok(page) if matches!(page.stage, Stage::Adding { .. })) {
        return Ok(wallet);
    }
    // The file has one owner: the application gives it up for the time of this step.
    wallet.app.close().await;
    let (config, clock) = (&wallet.config, wallet.clock.clone());
    let now = clock.now();
    let client = client(config, Arc::new(move || clock.now()));
    drop(wallet.app);
    let sealer = Arc::new(Sealer::new(config.secrets.storage_key.expose()));
    let store = Store::open(config.database.expose(), sealer).await;
    let store = store.map_err(|fault| fault.to_string())?;
    let session = store.session(id).await.map_err(|fault| fault.to_string())?;
    let mut session = session.ok_or("no session")?;

    if matches!(session.cards.first(), Some(card) if matches!(card.state, CardState::Digitizing { .. })) {
        arm(true);
        call_then_record(&store, &client, &mut session, now).await?;
        arm(false);
    }

    store.close().await;
    drop(store);
    Wallet::start_on(wallet.config, wallet.clock, wallet.owner).await
}

async fn call_then_record(store: &Store, client: &Client, session: &mut Session, now: Millis) -> Result<(), String> {
    let answer = call(client, session).await?;
    let card = session.cards.first_mut().ok_or("no card")?;
    let policy = Policy::reference();
    outcome::digitized(card, Ok(answer), None, now, &policy);
    let due = due_at(session, now, &policy);
    let moved = store.advance(session, None, &[], due, now).await;
    match moved.map_err(|fault| fault.to_string())? {
        Moved::Moved => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

async fn call(client: &Client, session: &Session) -> Result<token::Digitized, String> {
    let card = session.cards.first().ok_or("no card")?;
    let (Some(receipt), Some(eligibility), Some(terms)) =
        (&card.secrets.receipt, &card.secrets.eligibility, &card.terms)
    else {
        return Err("nothing to order with".to_owned());
    };
    let order = DigitizeOrder {
        request: &RequestId::from_random(random_bytes()),
        task: &TaskId::from_random(random_bytes()),
        instance: &format!("TM{}", &session.owner.as_str()[..40]),
        receipt,
        eligibility,
        terms: &AssetId::parse(&terms.asset).map_err(|_| "no terms")?,
        accepted_at: Millis(terms.accepted_at_ms.ok_or("not accepted")?),
        device_ip: Some("192.0.2.1"),
    };
    client.digitize(&order).await.map_err(|error| error.to_string())
}

fn client(config: &Config, now: Arc<dyn Fn() -> Millis + Send + Sync>) -> Client {
    use secrecy::ExposeSecret as _;
    let settings = mdes::Settings {
        base_url: config.mdes.base_url.as_str().to_owned(),
        token_requestor_id: config.mdes.token_requestor_id.clone(),
        consumer_key: config.mdes.consumer_key.clone(),
        signing_key: SigningKey::from_pem(config.mdes.signing_key.bytes.expose_secret()).expect("a key"),
        paths: mdes::Paths::default(),
        response_host: config.response_host().to_owned(),
        payment_app_id: config.mdes.payment_app_id.clone(),
        cardlet_id: config.mdes.cardlet_id.clone(),
        token_type: config.mdes.token_type.to_owned(),
        consumer_language: config.mdes.consumer_language.clone(),
        timeouts: mdes::Timeouts::default(),
        body_max: mdes::BODY_MAX,
        directory_body_max: mdes::DIRECTORY_BODY_MAX,
        client_identity: None,
        extra_ca_pem: None,
        source_payload: None,
    };
    let random = Arc::new(random_bytes);
    Client::new(settings, Sources { now, random }).expect("a client")
}

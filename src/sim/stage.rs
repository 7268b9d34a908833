//! Both simulators together, set up for a wallet and its neighbours: what `demo`, `sim` and the tests start.

use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::bank::{self, Bank};
use super::catalogue::{AppsAt, ISSUERS, Issuer, ProductKind, crowd};
use super::control::{self, Changed, Desk, Skew};
pub use super::enrolment::{CLICK, EnrolledWallet, Role};
use super::faults::Faults;
use super::lies::Lies;
use super::mdes::{self, DirectoryEntry, Mdes};
use super::processor::{self, PROCESSING_PATH, Processor};
use super::road::Road;
use super::{Hand, Now, Time, Turn};

/// Where the simulated MDES serves, below its origin.
const MDES_PATH: &str = "/mdes";
/// How old the banks let their list of token requestors become.
const REQUESTORS_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// The keys of both simulators.
#[derive(Clone)]
pub struct Keys {
    /// Those of MDES.
    pub mdes: mdes::Keys,
    /// Those of the banks.
    pub bank: bank::Keys,
    /// Those of the processor: what MDES encrypts to for a bank that keeps no account numbers.
    pub processor: bank::Keys,
}

impl Keys {
    /// New keys.
    #[must_use]
    pub fn generate() -> Self {
        Self {
            mdes: mdes::Keys::generate(),
            bank: bank::Keys::generate(),
            processor: bank::Keys::generate(),
        }
    }

    /// The keys of an earlier start, or new ones.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn load_or_generate(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            mdes: mdes::Keys::load_or_generate(&folder.join("mdes"))?,
            bank: bank::Keys::load_or_generate(&folder.join("bank"))?,
            processor: bank::Keys::load_or_generate(&folder.join("processor"))?,
        })
    }

    /// Where an issuer's OAuth consumer key and signing key are, below the folder of [`Self::load_or_generate`].
    #[must_use]
    pub fn issuer_files(folder: &Path) -> [PathBuf; 2] {
        bank::Keys::client_files(&folder.join("bank"))
    }
}

/// The simulators, serving. They stop when this is dropped.
pub struct Stage {
    /// MDES.
    pub mdes: Mdes,
    /// The banks.
    pub bank: Bank,
    /// Where MDES is, for the wallet's `mdes.base_url`.
    pub mdes_base: String,
    /// Where the banks are.
    pub bank_base: String,
    /// Who keeps the account numbers of the bank that keeps none.
    pub processor: Processor,
    /// Where the processor is, its path included.
    pub processor_base: String,
    /// Where the strings are pulled.
    pub desk: Desk,
    _servers: JoinSet<io::Result<()>>,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Stage")
            .field("mdes_base", &self.mdes_base)
            .field("bank_base", &self.bank_base)
            .finish_non_exhaustive()
    }
}

impl Stage {
    /// Moves the clock that all participants share, or looks at it. `None` where it is the machine's.
    #[must_use]
    pub fn turn(&self, turn: Turn) -> Option<Time> {
        self.desk.turn(turn)
    }

    /// From now on MDES lists so many banks: the twelve, or the first of them, and behind them as many invented ones as it
    /// takes. Those open the website of a bank that has one.
    pub fn list(&self, count: usize) {
        self.desk.list(count);
    }

    /// From now on MDES lists only these of the twelve banks, by their ids.
    pub fn list_only(&self, ids: &[&str]) {
        self.desk.list_only(ids);
    }
}

/// So many banks as MDES lists them: see [`Stage::list`].
pub(super) fn listed(bank_base: &str, count: usize) -> Vec<DirectoryEntry> {
    let twelve = directory(bank_base, AppsAt::Loopback);
    let hosts: Vec<DirectoryEntry> = twelve
        .iter()
        .filter(|entry| entry.methods.iter().any(|(kind, _)| kind == "WEB"))
        .cloned()
        .collect();
    let banks = crowd(count.saturating_sub(twelve.len()));
    let others = banks.into_iter().enumerate().map(|(number, bank)| {
        let host = hosts[number % hosts.len()].clone();
        DirectoryEntry {
            issuer_id: bank.id,
            name: bank.name,
            alias: None,
            countries: vec![bank.country.to_owned()],
            logo_svg: bank.logo_svg.unwrap_or_default().into_bytes(),
            logo_png: Vec::new(),
            // No account is in this range: cards are the host's.
            account_range_prefix: format!("5999{number:05}"),
            ..host
        }
    });
    twelve.into_iter().take(count).chain(others).collect()
}

/// Those of the twelve banks that are named, as MDES lists them.
pub(super) fn listed_only(bank_base: &str, ids: &[&str]) -> Vec<DirectoryEntry> {
    let listed = ISSUERS.iter().filter(|issuer| ids.contains(&issuer.id));
    listed
        .map(|issuer| entry(issuer, bank_base, AppsAt::Loopback))
        .collect()
}

/// What is put around the simulators.
pub struct Around {
    /// The hand of the clock that is behind `now`, where it can be moved.
    pub hand: Option<Hand>,
    /// Who wants to know that something was switched on or off by the strings.
    pub changed: Option<Changed>,
    /// What every request to MDES passes first, and every answer last.
    pub mdes: Wrap,
    /// The same for the banks.
    pub bank: Wrap,
    /// Further token requestors that are enrolled with the same MDES, each with an id and a consumer key of its own.
    pub other_wallets: Vec<EnrolledWallet>,
    /// Where the processor listens, and what is put around it. Without it on a free port of this machine, with nothing.
    pub processor: Option<(TcpListener, Wrap)>,
    /// The file in which the banks keep the token requestors that MDES tells of; memory without it.
    pub bank_database: Option<PathBuf>,
    /// How often the banks look whether that list has become too old. Without it nobody looks but who opens a page.
    pub looks_every: Option<Duration>,
}

/// Puts a layer around a router.
pub type Wrap = Box<dyn FnOnce(Router) -> Router + Send>;

impl Default for Around {
    fn default() -> Self {
        Self {
            hand: None,
            changed: None,
            mdes: Box::new(|router| router),
            bank: Box::new(|router| router),
            other_wallets: Vec::new(),
            processor: None,
            bank_database: None,
            looks_every: None,
        }
    }
}

/// Starts both simulators on listeners that are bound already, with nothing around them.
///
/// # Errors
/// When a listener has no address.
pub fn open(
    mdes_at: TcpListener,
    bank_at: TcpListener,
    wallet: EnrolledWallet,
    keys: Keys,
    now: Now,
) -> io::Result<Stage> {
    open_with(mdes_at, bank_at, wallet, keys, now, Around::default())
}

/// Starts both simulators on listeners that are bound already.
///
/// # Errors
/// When a listener has no address.
pub fn open_with(
    mdes_at: TcpListener,
    bank_at: TcpListener,
    wallet: EnrolledWallet,
    keys: Keys,
    now: Now,
    around: Around,
) -> io::Result<Stage> {
    let mdes_base = format!("http://{}{MDES_PATH}", mdes_at.local_addr()?);
    let bank_base = format!("http://{}", bank_at.local_addr()?);
    let (processor_at, around_processor) = match around.processor {
        Some(given) => given,
        None => (free_port()?, Around::default().mdes),
    };
    let processor_origin = format!("http://{}", processor_at.local_addr()?);
    let faults = Faults::default();
    let lies = Lies::default();
    let road = Road::default();
    let skew = Skew::default();
    let mdes_certificate = keys.mdes.encryption_cert_pem().to_vec();
    let token_requestor_id = wallet.token_requestor_id.clone();
    let wallets = std::iter::once(wallet).chain(around.other_wallets).enumerate();
    let token_requestors = wallets.map(|(place, wallet)| wallet.requestor(place)).collect();
    let mdes_settings = mdes::Settings {
        base_path: MDES_PATH.to_owned(),
        token_requestors,
        issuer_client: mdes::IssuerClient {
            consumer_key: keys.bank.consumer_key().to_owned(),
            public_key_pem: keys.bank.signing_public_pem(),
        },
        bank_base: Some(format!("{bank_base}/issuerServices/1/0")),
        bank_cert_pem: Some(keys.bank.certificate_pem().to_vec()),
        directory: directory(&bank_base, AppsAt::Loopback),
        now: skew.mdes(&now),
        session_in_jws: true,
        declined_consumes: true,
        faults: faults.clone(),
        lies: lies.clone(),
    };
    let bank_settings = bank::Settings {
        public_base: bank_base.clone(),
        mdes_base: mdes_base.clone(),
        consumer_key: keys.bank.consumer_key().to_owned(),
        signing_key_pem: keys.bank.signing_key_pem().to_vec(),
        mdes_cert_pem: mdes_certificate.clone(),
        processor_base: Some(format!("{processor_origin}{PROCESSING_PATH}")),
        database: around.bank_database,
        requestors_age: REQUESTORS_AGE,
        now: skew.bank(&now),
        faults: faults.clone(),
        lies: lies.clone(),
    };
    let mdes = Mdes::new(mdes_settings, keys.mdes);
    let bank = Bank::new(bank_settings, keys.bank.clone());
    let processor_settings = processor::Settings {
        issuer_base: bank_base.clone(),
        issuer_consumer_key: keys.bank.consumer_key().to_owned(),
        issuer_public_key_pem: keys.bank.signing_public_pem(),
        mdes_cert_pem: mdes_certificate,
        rules: {
            let bank = bank.clone();
            Arc::new(move |card| bank.wish(card))
        },
        now: skew.bank(&now),
    };
    let processor = Processor::new(processor_settings, keys.processor);
    for issuer in ISSUERS.iter().filter(|issuer| issuer.is_pan_less()) {
        mdes.serve_range(issuer.account_range, processor.services(&processor_origin));
    }
    let desk = Desk {
        mdes: mdes.clone(),
        bank: bank.clone(),
        processor: processor.clone(),
        bank_base: bank_base.clone(),
        token_requestor_id,
        hand: around.hand,
        skew,
        faults,
        lies,
        road: road.clone(),
        lie_rule: Arc::default(),
        preset: Arc::default(),
        changed: around.changed,
    };
    // Beside what is put around the simulators, so that whoever looks at the traffic does not see who pulls the strings.
    let strings = desk.clone();
    let beside = |router: Router| control::router(strings.clone()).fallback_service(router);
    let mut servers = JoinSet::new();
    // What happens on the road has happened before anybody at its end looks.
    let at_mdes = road.to_mdes((around.mdes)(mdes.router()));
    let at_banks = road.to_banks((around.bank)(bank.router()));
    servers.spawn(axum::serve(mdes_at, beside(at_mdes)).into_future());
    servers.spawn(axum::serve(bank_at, beside(at_banks)).into_future());
    if let Some(pause) = around.looks_every {
        servers.spawn(look_for_ever(bank.clone(), pause));
    }
    let at_processor = around_processor(processor.router());
    servers.spawn(axum::serve(processor_at, at_processor).into_future());
    Ok(Stage {
        mdes,
        bank,
        processor,
        processor_base: format!("{processor_origin}{PROCESSING_PATH}"),
        mdes_base,
        bank_base,
        desk,
        _servers: servers,
    })
}

/// The schedule of the banks' directory of token requestors.
async fn look_for_ever(bank: Bank, pause: Duration) -> io::Result<()> {
    loop {
        if let Err(reason) = bank.look_at_requestors().await {
            tracing::warn!(%reason, "the banks could not ask for token requestors");
        }
        tokio::time::sleep(pause).await;
    }
}

/// A listener on any free port of this machine.
fn free_port() -> io::Result<TcpListener> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

/// All banks as MDES lists them, for [`Mdes::set_directory`].
#[must_use]
pub fn directory(bank_base: &str, apps: AppsAt) -> Vec<DirectoryEntry> {
    ISSUERS.iter().map(|issuer| entry(issuer, bank_base, apps)).collect()
}

impl Stage {
    /// A bank as MDES lists it, for a directory that differs.
    #[must_use]
    pub fn entry(&self, issuer: &str) -> Option<DirectoryEntry> {
        let bank = ISSUERS.iter().find(|bank| bank.id == issuer)?;
        Some(entry(bank, &self.bank_base, AppsAt::Loopback))
    }
}

/// A bank as MDES lists it.
fn entry(issuer: &Issuer, bank_base: &str, apps: AppsAt) -> DirectoryEntry {
    let methods = issuer
        .pull_methods(bank_base, apps)
        .into_iter()
        .map(|method| (method.kind.to_owned(), method.uri));
    let product = issuer.products()[0];
    let terms = issuer.terms();
    DirectoryEntry {
        issuer_id: issuer.id.to_owned(),
        name: issuer.name.to_owned(),
        alias: issuer.alias.map(str::to_owned),
        countries: vec![issuer.country.to_owned()],
        logo_svg: issuer.logo_svg().into_bytes(),
        logo_png: issuer.logo_png(),
        methods: methods.collect(),
        account_range_prefix: issuer.account_range.to_owned(),
        product: mdes::Product {
            short_description: product.name.to_owned(),
            foreground_color: issuer.stroke.trim_start_matches('#').to_owned(),
            art_svg: issuer.card_art_svg(&product).into_bytes(),
            art_png: None,
            phone: "+00 555 0100".to_owned(),
            website: format!("{bank_base}/"),
        },
        terms: (terms.media_type.to_owned(), terms.data),
        card_type: match product.kind {
            ProductKind::Credit => mdes::CardType::Mcc,
            ProductKind::Debit => mdes::CardType::Dmc,
        },
    }
}

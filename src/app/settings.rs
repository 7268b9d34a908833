//! From the configuration to what the verbs need: parsed keys, one client, milliseconds.

use std::fmt;
use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::clock::{Clock, random_bytes};
use crate::config::{Config, Embed, KeyFile, Limits, NativeApp, PublicKeyFile, PublicUrl, PushRules};
use crate::domain::homecoming::Elsewhere;
use crate::domain::id::{AssetId, Fingerprint, IssuerId, TokenRequestorId};
use crate::domain::link::LinkRules;
use crate::domain::policy::Policy;
use crate::domain::search::Aliases;
use crate::mdes::jws::{KeyDescription, KeySet};
use crate::mdes::notification::NotificationKey;
use crate::mdes::{
    self, BODY_MAX, Client, ClientFault, ClientIdentity, DIRECTORY_BODY_MAX, KeyFault, SigningKey, SourceEncryption,
    Sources,
};
use crate::seal::{CookieKeys, Sealer};
use crate::store::StoreFault;

use super::App;
use super::brand::Look;
use super::identity::Identity;

/// What the verbs and the faces need to know.
#[derive(Debug)]
pub struct Settings {
    /// Which identity of the server this is.
    pub identity: String,
    /// Whether cardholders are led to issuers from here. Otherwise cards only come when an issuer pushes them.
    pub pulls: bool,
    /// Whether it is the first, which gives all cookies their plain names.
    pub is_first: bool,
    /// The origin cardholders see.
    pub public_url: PublicUrl,
    /// What the pages look like.
    pub look: Look,
    /// The wallet's own app.
    pub native_app: NativeApp,
    /// Banks, cards and MDES are played: pages say so.
    pub demo: bool,
    /// Whom we act for.
    pub token_requestor: TokenRequestorId,
    /// Lifetimes, limits and waits.
    pub policy: Policy,
    /// What there is for a return in a browser that did not start the session, where no account is behind it.
    pub(super) cross_browser: Elsewhere,
    /// What is made of a push.
    pub(super) push: PushRules,
    /// What one client may ask.
    pub limits: Limits,
    /// Other sites that lead their people here.
    pub embed: Embed,
    /// The wallet's own sign-in page.
    pub sign_in_url: Option<String>,
    /// How long a page waits for news before it is shown as it stands.
    pub page_wait_ms: u64,
    /// What the wallet's backend must bring; without it there are neither API nor accounts.
    pub(super) credential: Option<Fingerprint>,
    pub(super) poll_ms: u64,
    pub(super) directory_refresh_ms: u64,
    pub(super) directory_stale_ms: i64,
    pub(super) picture_bytes_max: usize,
    pub(super) hide_unreachable: bool,
    /// Issuers that pickers show first, the best known first.
    pub(super) popular: Vec<IssuerId>,
    /// Other names of issuers, for the search.
    pub(super) aliases: Aliases,
    pub(super) device_ip_unknown: String,
    /// Which addresses of issuers are opened.
    pub link_rules: LinkRules,
    pub(super) key_files: KeyFiles,
    pub(super) key_assets: Vec<AssetId>,
    pub(super) notification_key: Option<NotificationKey>,
    pub(super) notification_plain: bool,
}

/// The files with the keys that verify receipts; read again at every refresh.
#[derive(Clone, Debug)]
pub(super) struct KeyFiles(Vec<PublicKeyFile>);

/// Why the server does not start, in a sentence for the operator.
#[derive(Debug)]
pub enum StartFault {
    /// A key file cannot be used.
    Key {
        /// The file, or the setting.
        what: String,
        /// Why.
        fault: KeyFault,
    },
    /// The client of MDES cannot be made.
    Client(ClientFault),
    /// A key file cannot be read.
    File(String),
    /// The wallet's own mark cannot be used: why not.
    Logo(String),
    /// The database.
    Store(StoreFault),
}

impl fmt::Display for StartFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { what, fault } => write!(out, "{what}: {fault}"),
            Self::Client(fault) => write!(out, "the connection to MDES cannot be set up: {fault}"),
            Self::File(what) => out.write_str(what),
            Self::Logo(why) => write!(out, "brand.logo_file {why}"),
            Self::Store(fault) => fault.fmt(out),
        }
    }
}

impl std::error::Error for StartFault {}

/// Everything that is made of the configuration.
pub(super) struct Parts {
    pub(super) settings: Settings,
    pub(super) mdes: Client,
    pub(super) keys: KeySet,
    pub(super) identity: Identity,
}

impl Parts {
    pub(super) fn from(config: &Config, clock: &Clock) -> Result<Self, StartFault> {
        let key_files = KeyFiles(config.mdes.jws_keys.clone());
        let keys = key_files.as_loaded()?;
        let notification_key = notification_key(config)?;
        let identity = Identity {
            browser: CookieKeys::new(config.secrets.cookie_key.expose()),
            receipts: Arc::new(Sealer::new(config.secrets.storage_key.expose())),
        };
        let credential = config.api.credential.as_ref();
        let settings = Settings {
            identity: config.identity.clone(),
            is_first: config.is_first,
            pulls: config.directory.pull,
            public_url: config.public_url.clone(),
            look: Look::of(&config.brand)?,
            native_app: config.app.clone(),
            demo: false,
            token_requestor: config.mdes.token_requestor_id.clone(),
            policy: policy(config),
            cross_browser: config.session.cross_browser,
            push: config.push,
            limits: config.limits,
            embed: config.embed.clone(),
            sign_in_url: config.api.sign_in_url.clone(),
            credential: credential.map(|credential| identity.credential(credential.expose_secret())),
            page_wait_ms: config.session.page_wait_ms,
            poll_ms: config.worker.poll_ms,
            directory_refresh_ms: config.directory.refresh_s * 1000,
            directory_stale_ms: signed(config.directory.stale_after_s * 1000),
            picture_bytes_max: usize::try_from(config.directory.logo_bytes_max).unwrap_or(usize::MAX),
            hide_unreachable: config.directory.hide_unreachable,
            popular: config.picker.popular.clone(),
            aliases: config.picker.aliases.clone(),
            device_ip_unknown: config.mdes.device_ip_unknown.to_string(),
            link_rules: LinkRules {
                wallet_host: config.public_url.host().to_owned(),
                allow_loopback: config.public_url.is_loopback(),
            },
            key_files,
            key_assets: config.mdes.jws_key_assets.clone(),
            notification_key,
            notification_plain: config.mdes.notification_plain,
        };
        Ok(Self {
            settings,
            mdes: client(config, clock)?,
            keys,
            identity,
        })
    }
}

impl KeyFiles {
    fn as_loaded(&self) -> Result<KeySet, StartFault> {
        self.collect(|file| Ok(file.bytes.clone()))
    }

    /// Reads the files again.
    pub(super) fn load(&self) -> Result<KeySet, StartFault> {
        self.collect(|file| {
            std::fs::read(&file.path).map_err(|error| StartFault::File(format!("{}: {error}", file.path.display())))
        })
    }

    fn collect(&self, bytes: impl Fn(&PublicKeyFile) -> Result<Vec<u8>, StartFault>) -> Result<KeySet, StartFault> {
        let mut keys = KeySet::default();
        for file in &self.0 {
            keys.add_file(&file.stem, &bytes(file)?)
                .map_err(|fault| StartFault::Key {
                    what: file.path.display().to_string(),
                    fault,
                })?;
        }
        Ok(keys)
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn count(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn policy(config: &Config) -> Policy {
    let waits = |list: &[u64]| list.iter().map(|wait| signed(*wait)).collect();
    Policy {
        session_life_ms: signed(config.session.life_s * 1000),
        receipt_life_ms: signed(config.session.receipt_life_s * 1000),
        sessions_per_browser_max: usize::try_from(config.session.per_browser_max).unwrap_or(usize::MAX),
        reads_ms: waits(&config.mdes.retry_reads_ms),
        in_doubt_ms: waits(&config.worker.in_doubt_ms),
        in_doubt_max_ms: signed(config.worker.in_doubt_max_s * 1000),
        pending_ms: waits(&config.worker.pending_ms),
        unknown_task_asks: count(config.worker.unknown_task_polls),
        unknown_task_after_ms: signed(config.worker.unknown_task_after_s * 1000),
        code_tries_max: count(config.codes.tries_max),
        code_tries_per_card_max: count(config.codes.per_card_max),
        codes_max: count(config.codes.resends_max + 1),
        resend_after_ms: signed(config.codes.resend_after_s * 1000),
        lease_ms: signed(config.worker.lease_s * 1000),
        ..Policy::reference()
    }
}

fn client(config: &Config, clock: &Clock) -> Result<Client, StartFault> {
    let mdes = &config.mdes;
    let clock = clock.clone();
    let sources = Sources {
        now: Arc::new(move || clock.now()),
        random: Arc::new(random_bytes),
    };
    let source_payload = mdes
        .source_certificate
        .as_deref()
        .map(SourceEncryption::from_certificate);
    let settings = mdes::Settings {
        base_url: mdes.base_url.as_str().to_owned(),
        token_requestor_id: mdes.token_requestor_id.clone(),
        consumer_key: mdes.consumer_key.clone(),
        signing_key: signing_key(&mdes.signing_key)?,
        paths: mdes::Paths {
            eligible_issuers: mdes.paths.eligible_issuers.clone(),
            asset: mdes.paths.asset_template().to_owned(),
            check_eligibility: mdes.paths.check_eligibility.clone(),
            digitize: mdes.paths.digitize.clone(),
            request_activation_code: mdes.paths.request_activation_code.clone(),
            activate: mdes.paths.activate.clone(),
            task_status: mdes.paths.task_status.clone(),
            search_tokens: mdes.paths.search_tokens.clone(),
            token: mdes.paths.token.clone(),
            suspend: mdes.paths.suspend.clone(),
            unsuspend: mdes.paths.unsuspend.clone(),
            delete: mdes.paths.delete.clone(),
        },
        response_host: config.response_host().to_owned(),
        payment_app_id: mdes.payment_app_id.clone(),
        cardlet_id: mdes.cardlet_id.clone(),
        token_type: mdes.token_type.to_owned(),
        consumer_language: mdes.consumer_language.clone(),
        timeouts: mdes::Timeouts {
            connect_ms: mdes.timeouts.connect_ms,
            read_ms: mdes.timeouts.read_ms,
            total_ms: mdes.timeouts.total_ms,
            effect_ms: mdes.timeouts.effect_ms,
        },
        body_max: BODY_MAX,
        directory_body_max: DIRECTORY_BODY_MAX,
        client_identity: mdes.client_identity.as_ref().map(client_identity),
        extra_ca_pem: mdes.ca.clone(),
        source_payload: source_payload.transpose().map_err(|fault| StartFault::Key {
            what: "mdes.source_certificate_file".to_owned(),
            fault,
        })?,
    };
    Client::new(settings, sources).map_err(StartFault::Client)
}

fn signing_key(file: &KeyFile) -> Result<SigningKey, StartFault> {
    let bytes = file.bytes.expose_secret();
    let parsed = match &file.password {
        Some(password) => SigningKey::from_pkcs12(bytes, password),
        None => SigningKey::from_pem(bytes),
    };
    parsed.map_err(|fault| StartFault::Key {
        what: file.path.display().to_string(),
        fault,
    })
}

fn notification_key(config: &Config) -> Result<Option<NotificationKey>, StartFault> {
    let Some(file) = &config.mdes.notification_key else {
        return Ok(None);
    };
    let bytes = file.bytes.expose_secret();
    let parsed = match &file.password {
        Some(password) => NotificationKey::from_pkcs12(bytes, password),
        None => NotificationKey::from_pem(bytes, config.mdes.notification_certificate.as_deref()),
    };
    parsed.map(Some).map_err(|fault| StartFault::Key {
        what: file.path.display().to_string(),
        fault,
    })
}

/// A PEM file holds certificate and key; anything else is a PKCS#12 container.
fn client_identity(file: &KeyFile) -> ClientIdentity {
    let bytes = file.bytes.expose_secret();
    if bytes.starts_with(b"-----BEGIN") {
        ClientIdentity::Pem {
            certificate: bytes.to_vec(),
            key: bytes.to_vec(),
        }
    } else {
        let password = file.password.clone().unwrap_or_default();
        ClientIdentity::Pkcs12 {
            der: bytes.to_vec(),
            password,
        }
    }
}

impl App {
    /// The origin cardholders see, without a trailing slash.
    #[must_use]
    pub fn public_url(&self) -> &str {
        self.settings().public_url.as_str()
    }

    /// The wallet's name.
    #[must_use]
    pub fn wallet_name(&self) -> &str {
        &self.settings().look.name
    }

    /// The wallet's own app, as the platforms name it.
    #[must_use]
    pub fn native_app(&self) -> &NativeApp {
        &self.settings().native_app
    }

    /// Whether everything is played.
    #[must_use]
    pub fn demo(&self) -> bool {
        self.settings().demo
    }

    /// What one client may ask.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.settings().limits
    }

    /// How long a page waits for news.
    #[must_use]
    pub fn page_wait_ms(&self) -> u64 {
        self.settings().page_wait_ms
    }
}

/// Makes everything of the configuration that a server would, and starts nothing: the keys that verify receipts.
///
/// # Errors
/// [`StartFault`]: what the operator has to change.
pub fn inspect(config: &Config, clock: &Clock) -> Result<Vec<KeyDescription>, StartFault> {
    Parts::from(config, clock).map(|parts| parts.keys.describe())
}

//! Configuration: one TOML file over an embedded reference file, every key overridable by environment.
//!
//! [`REFERENCE`] is the reference: every key with its meaning, unit and limits. [`Config::load`] lays the operator's
//! file and the environment over it and hands out plain typed values, or every fault it found, one line each. Key
//! files are read here; what is in them is parsed by whoever uses them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::domain::homecoming::Elsewhere;

mod api;
mod brand;
pub mod contrast;
mod deployment;
mod embed;
mod files;
mod layers;
mod mdes;
mod native_app;
mod picker;
pub mod profiles;
mod reader;
mod sections;
pub mod tokens;
mod values;

#[cfg(test)]
mod tests;

pub use api::Api;
pub use brand::Brand;
pub use deployment::Deployment;
pub use embed::Embed;
pub use layers::ConfigError;
pub use mdes::{Mdes, Paths, Timeouts};
pub use native_app::{AndroidApp, AppleAppId, CertificateFingerprint, NativeApp, PackageName};
pub use picker::Picker;
pub use sections::{Codes, Directory, Limits, Log, PushRules, Secrets, Session, Wire, Worker};
pub use values::{BaseUrl, DatabaseUrl, Key, KeyFile, PublicKeyFile, PublicUrl};

use reader::Reader;

/// The reference file, for people to read and to start their own from.
pub const REFERENCE: &str = layers::REFERENCE;

/// The exit code of a program whose configuration is wrong (`EX_CONFIG` of sysexits.h).
pub const EXIT_CODE: u8 = 78;

/// Everything an operator can choose. `Debug` shows no secret.
#[derive(Debug)]
pub struct Config {
    /// What this identity of the server is called in the log and in metrics: the stem of its file.
    pub identity: String,
    /// Whether it is the main file's.
    pub is_first: bool,
    /// The files of the other identities, which only the main file lists.
    pub identities: Vec<PathBuf>,
    /// The origin cardholders see.
    pub public_url: PublicUrl,
    /// What makes the pages this wallet's own.
    pub brand: Brand,
    /// Where pages and the API are served.
    pub listen: SocketAddr,
    /// Where health and metrics are served: loopback, or nowhere.
    pub operations_listen: Option<SocketAddr>,
    /// Where sessions rest.
    pub database: DatabaseUrl,
    /// Mastercard's side.
    pub mdes: Mdes,
    /// What crosses the redirects.
    pub wire: Wire,
    /// One attempt to add a card.
    pub session: Session,
    /// Cards that banks push by themselves.
    pub push: PushRules,
    /// Activation codes.
    pub codes: Codes,
    /// The list of issuers.
    pub directory: Directory,
    /// How the list is shown and searched.
    pub picker: Picker,
    /// The wallet's own native app.
    pub app: NativeApp,
    /// The background work.
    pub worker: Worker,
    /// The wallet's own programs and accounts.
    pub api: Api,
    /// Other sites that lead their people here.
    pub embed: Embed,
    /// What one client may ask.
    pub limits: Limits,
    /// The keys of this deployment.
    pub secrets: Secrets,
    /// The log.
    pub log: Log,
}

impl Config {
    /// Reads the configuration file, if there is one, under the variables of `environment` that begin with `TIDEMARK_`.
    ///
    /// # Errors
    /// Every fault found. Printed one a line, with exit code [`EXIT_CODE`].
    pub fn load(
        path: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Vec<ConfigError>> {
        Self::read_whole(Reader::new(path, environment), true)
    }

    /// Reads the file of another identity. Where it listens and what one client may ask is as with `first`, unless it
    /// listens elsewhere.
    fn load_other(file: &Path, first: &Self) -> Result<Self, Vec<ConfigError>> {
        let mut reader = Reader::new(Some(file), std::iter::empty());
        let listens_elsewhere = reader.is_set("listen");
        deployment::refuse_what_is_the_servers(&mut reader);
        let mut config = Self::read_whole(reader, false)?;
        if !listens_elsewhere {
            config.listen = first.listen;
        }
        config.limits = first.limits;
        Ok(config)
    }

    fn read_whole(mut reader: Reader, is_first: bool) -> Result<Self, Vec<ConfigError>> {
        let config = if reader.file_is_readable {
            Self::read(&mut reader, is_first)
        } else {
            None
        };
        match (config, reader.into_faults()) {
            (Some(config), faults) if faults.is_empty() => Ok(config),
            (_, faults) => Err(faults),
        }
    }

    fn read(reader: &mut Reader, is_first: bool) -> Option<Self> {
        let identities = deployment::files(reader);
        let public_url =
            reader.required_parsed("public_url", "the address cardholders see, https://…", PublicUrl::parse);
        let brand = Brand::read(reader);
        let listen = reader.required_parsed("listen", "an IP address and port", address);
        let operations_listen = reader.parsed("operations_listen", loopback_address);
        let database = database(reader);
        let mdes = Mdes::read(reader);
        let wire = Wire::read(reader);
        let session = Session::read(reader);
        let push = PushRules::read(reader);
        let codes = Codes::read(reader);
        let directory = Directory::read(reader);
        let picker = Picker::read(reader);
        let app = NativeApp::read(reader);
        let effect_ms = mdes.as_ref().map_or(0, |mdes| mdes.timeouts.effect_ms);
        let worker = Worker::read(reader, effect_ms);
        let api = Api::read(reader);
        let embed = Embed::read(reader);
        let limits = Limits::read(reader);
        let secrets = Secrets::read(reader);
        let log = Log::read(reader);
        if let (Some(url), Some(mdes)) = (&public_url, &mdes) {
            check_together(reader, url, mdes);
        }
        if session.cross_browser == Elsewhere::Code && public_url.as_ref().is_some_and(PublicUrl::is_https) {
            reader.fault(
                "session.cross_browser",
                "session.cross_browser must be \"refuse\" when public_url begins with https://: a code can be talked out \
                 of a cardholder, and then the card is in a stranger's wallet",
            );
        }
        Some(Self {
            identity: deployment::name_of(reader.file()),
            is_first,
            identities,
            public_url: public_url?,
            brand: brand?,
            listen: listen?,
            operations_listen,
            database: database?,
            mdes: mdes?,
            wire: wire?,
            session,
            push,
            codes,
            directory,
            picker: picker?,
            app,
            worker,
            api,
            embed,
            limits,
            secrets: secrets?,
            log: log?,
        })
    }

    /// `responseHost` of our requests (MDES, common envelope): as configured, else the host of the public address.
    ///
    /// `localhost` is shorter than the 11 characters that MDES wants, so a wallet on this machine calls itself
    /// `wallet.localhost`.
    #[must_use]
    pub fn response_host(&self) -> &str {
        match &self.mdes.response_host {
            Some(host) => host,
            None if self.public_url.is_loopback() => "wallet.localhost",
            None => self.public_url.host(),
        }
    }

    /// The keys that encode what Mastercard does not publish, with our reading, as `(key, meaning)`: read from the
    /// comments of [`REFERENCE`]. The wire profiles have their own list.
    #[must_use]
    pub fn assumed() -> Vec<(String, String)> {
        comments_of(REFERENCE)
            .into_iter()
            .filter_map(|(key, comment)| Some((key, comment.strip_prefix("assumed: ")?.to_owned())))
            .collect()
    }
}

/// Whether two secrets are one, in the time that depends on their lengths alone.
fn same_bytes(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && openssl::memcmp::eq(one, other)
}

/// What is wrong only in company.
fn check_together(reader: &mut Reader, url: &PublicUrl, mdes: &Mdes) {
    if mdes.base_url.is_production() && !url.is_https() {
        reader.fault(
            "public_url",
            "public_url must begin with https:// when mdes.base_url is the production gateway",
        );
    }
    if mdes.response_host.is_none() && !url.is_loopback() && !(11..=64).contains(&url.host().len()) {
        reader.fault(
            "mdes.response_host",
            "mdes.response_host must be set, because the host of public_url does not have 11 to 64 characters",
        );
    }
}

fn database(reader: &mut Reader) -> Option<DatabaseUrl> {
    const KEY: &str = "database_url";
    let text = reader
        .value_or_file(KEY)
        .or_else(|| (!reader.is_given(KEY)).then(|| reader.text(KEY).into_bytes()))?;
    let parsed = DatabaseUrl::parse(&String::from_utf8_lossy(&text), |path| reader.resolve(path));
    let url = parsed
        .map_err(|message| reader.fault(&reader.given(KEY), format!("{KEY} {message}")))
        .ok()?;
    if url.holds_password() {
        reader.refuse_if_others_may_read(KEY)?;
    }
    Some(url)
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse()
        .map_err(|_| "must be an IP address and port, such as 127.0.0.1:8080")
}

fn loopback_address(text: &str) -> Result<SocketAddr, &'static str> {
    match address(text)? {
        address if address.ip().is_loopback() => Ok(address),
        _ => Err("must be a loopback address, such as 127.0.0.1:9090: it tells strangers too much"),
    }
}

/// Each key of a reference with its comment: at the end of its line, else the lines right above it.
fn comments_of(reference: &str) -> Vec<(String, String)> {
    let (mut section, mut above) = (String::new(), Vec::new());
    let mut comments = Vec::new();
    for line in reference.lines() {
        if let Some(comment) = line.strip_prefix('#') {
            above.push(comment.trim());
            continue;
        }
        let lines_above = std::mem::take(&mut above).join(" ");
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = format!("{name}.");
        } else if let Some((key, rest)) = line.split_once(" = ") {
            let comment = rest
                .split_once(" # ")
                .map_or(lines_above, |(_, comment)| comment.to_owned());
            comments.push((format!("{section}{key}"), comment));
        }
    }
    comments
}

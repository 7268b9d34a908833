//! The files of a demo: secrets, the simulators' keys, and the configuration that the wallet runs from.

use std::fs;
use std::path::{Path, PathBuf};

use super::pushes;
use crate::cli::keygen::keygen;
use crate::clock::{Clock, random_bytes};
use crate::config::profiles::{self, WireProfiles};
use crate::config::{ConfigError, Deployment};
use crate::sim::stage::{self, EnrolledWallet, Role};

use super::Broken;

/// The demo wallet's token requestor id, as a wallet of MDES for Devices would have one.
pub(super) const TOKEN_REQUESTOR_ID: &str = "50123456789";
/// Click to Pay's token requestor id, as a sandbox answer shows it.
pub(super) const CLICK_TO_PAY_ID: &str = "50123197928";

/// One of the demo's token requestors.
#[derive(Clone, Copy, Debug)]
pub(super) struct Who {
    /// The stem of its configuration file, and what it is called in the log.
    pub name: &'static str,
    /// Its token requestor id.
    pub token_requestor_id: &'static str,
    brand: &'static str,
    role: Role,
    /// The folder of its secrets, below the demo's.
    secrets: &'static str,
    database: &'static str,
    /// What its configuration says besides, before its sections, within `[brand]` and at the end.
    more: [&'static str; 3],
}

/// The wallet.
pub(super) const WALLET: Who = Who {
    name: "wallet",
    token_requestor_id: TOKEN_REQUESTOR_ID,
    brand: "Tidemark",
    role: Role::Wallet,
    secrets: "secrets",
    database: "wallet.db",
    more: ["identities = [\"click-to-pay.toml\"]\n", "", ""],
};

/// Click to Pay. What it is called says that it is played, because the name is somebody's trademark.
pub(super) const CLICK_TO_PAY: Who = Who {
    name: "click-to-pay",
    token_requestor_id: CLICK_TO_PAY_ID,
    brand: "Click to Pay (played)",
    role: Role::ClickToPay,
    secrets: "click-to-pay-secrets",
    database: "click-to-pay.db",
    more: [
        "",
        "logo_file = \"click-to-pay.svg\"\ntokens_file = \"click-to-pay-tokens.toml\"\n",
        "\n[directory]\npull = false\n",
    ],
};

/// The colours of Click to Pay, as it is played.
const TOKENS_TEXT: &str = "\
[light]
accent = \"#5b2a86\"
accent-hover = \"#47206a\"
accent-soft = \"#f3edf8\"
";
/// The file of wire profiles, beside the configuration.
const PROFILES: &str = "profiles.toml";
/// What is in it at the first start.
const PROFILES_TEXT: &str = "\
# The wire profiles of the demo. It is yours: the demo writes it when there is none, and reads it again when it changes.
# What can stand here, and what holds where nothing does: src/config/profiles.toml in Tidemark's repository.

# This bank asks for the six digits that the wallet shows, and MDES signs what it was told. `tidemark demo --attack
# send-my-link` shows what they are good for.
[issuer.yildiztepe-tr]
code = \"required\"
code_check = \"jws\"
";
/// The file of other names of banks, beside the configuration.
const ALIASES: &str = "aliases.toml";
/// The files of a demo.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    /// Whose secrets and configuration these are.
    pub who: Who,
    pub root: PathBuf,
    pub secrets: PathBuf,
    pub simulators: PathBuf,
}

impl Folder {
    /// Makes the folder and, at the first start, the wallet's secrets.
    pub fn prepare(root: &Path, who: Who) -> Result<Self, String> {
        let problem = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let folder = Self {
            who,
            root: root.to_owned(),
            secrets: root.join(who.secrets),
            simulators: root.join("simulators"),
        };
        fs::create_dir_all(root).map_err(|error| problem(root, &error))?;
        if !folder.secrets.join("cookie-key").exists() {
            keygen(&folder.secrets, Clock::system().now(), random_bytes).map_err(|error| error.to_string())?;
        }
        let consumer_key = folder.secrets.join("consumer-key");
        if !consumer_key.exists() {
            let text = format!(
                "{}!{}",
                hex::encode(random_bytes::<24>()),
                hex::encode(random_bytes::<24>())
            );
            write_private(&consumer_key, text.as_bytes()).map_err(|error| problem(&consumer_key, &error))?;
        }
        Ok(folder)
    }

    pub fn receipt_key(&self) -> PathBuf {
        self.secrets.join("mdes").join("receipts.json")
    }

    /// The wire profiles as the wallet will read them.
    pub fn profiles(&self) -> Result<WireProfiles, Vec<ConfigError>> {
        let path = self.root.join(PROFILES);
        match path.exists() {
            true => profiles::read(&path),
            false => profiles::parse(PROFILES_TEXT, PROFILES),
        }
    }

    /// Writes into the wire profiles where the banks of this run have cardholders back whose cards they have pushed.
    pub fn know_banks(&self, bank_base: &str) -> Result<(), String> {
        let path = self.root.join(PROFILES);
        let problem = |error: std::io::Error| format!("{}: {error}", path.display());
        let text = match path.exists() {
            true => fs::read_to_string(&path).map_err(problem)?,
            false => PROFILES_TEXT.to_owned(),
        };
        fs::write(&path, pushes::with_banks(&text, bank_base)).map_err(problem)
    }

    /// Hands the public keys of MDES over, as Mastercard would: the one for receipts to the wallet, the one for
    /// encryption to whoever wants to push.
    pub fn write_receipt_key(&self, keys: &stage::Keys) -> Result<(), String> {
        let certificate = self.simulators.join("mdes-encryption-certificate.pem");
        for (path, bytes) in [
            (self.receipt_key(), keys.mdes.jws_jwk_json()),
            (certificate, keys.mdes.encryption_cert_pem().to_vec()),
        ] {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(|error| format!("{}: {error}", parent.display()))?;
            }
            fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    }

    /// What MDES has to know about the wallet.
    pub fn enrolment(&self, wallet_url: &str, broken: Option<Broken>) -> Result<EnrolledWallet, String> {
        let read = |name: &str| {
            let path = self.secrets.join(name);
            fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
        };
        let public_of = |pem: &[u8]| {
            let key = openssl::pkey::PKey::private_key_from_pem(pem).map_err(|error| error.to_string())?;
            key.public_key_to_pem().map_err(|error| error.to_string())
        };
        let other = broken == Some(Broken::OauthKey);
        let signing_key = read(if other {
            "notification-key.pem"
        } else {
            "signing-key.pem"
        })?;
        Ok(EnrolledWallet {
            url: wallet_url.to_owned(),
            name: self.who.brand.to_owned(),
            token_requestor_id: self.who.token_requestor_id.to_owned(),
            role: self.who.role,
            consumer_key: String::from_utf8_lossy(&read("consumer-key")?).trim().to_owned(),
            public_key_pem: public_of(&signing_key)?,
            notification_certificate_pem: Some(read("notification-certificate.pem")?),
        })
    }

    /// Writes the configuration of this identity. [`Self::load`] reads it back, so that the demo runs what an operator would run.
    pub fn configure(&self, wallet_url: &str, port: u16, mdes_base: &str, cross_browser: &str) -> Result<(), String> {
        for (name, text) in [
            (PROFILES, PROFILES_TEXT),
            (ALIASES, include_str!("../demo-aliases.toml")),
            ("click-to-pay.svg", &stage::CLICK.svg()),
            ("click-to-pay-tokens.toml", TOKENS_TEXT),
        ] {
            let path = self.root.join(name);
            if !path.exists() {
                fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
            }
        }
        let Who {
            token_requestor_id,
            brand,
            secrets,
            database,
            more: [before, of_brand, after],
            ..
        } = self.who;
        let path = self.config_file();
        let text = format!(
            "# Written by `tidemark demo` at every start. `tidemark serve --config` takes it too, while the demo is not running.\n\
             public_url = \"{wallet_url}\"\n\
             listen = \"127.0.0.1:{port}\"\n\
             database_url = \"sqlite://{database}\"\n\
             {before}\n\
             [brand]\n\
             name = \"{brand}\"\n\
             {of_brand}\n\
             [mdes]\n\
             base_url = \"{mdes_base}\"\n\
             token_requestor_id = \"{token_requestor_id}\"\n\
             consumer_key_file = \"{secrets}/consumer-key\"\n\
             signing_key_file = \"{secrets}/signing-key.pem\"\n\
             jws_key_files = [\"{secrets}/mdes/*.json\"]\n\
             notification_key_file = \"{secrets}/notification-key.pem\"\n\
             notification_certificate_file = \"{secrets}/notification-certificate.pem\"\n\n\
             [wire]\n\
             profiles_file = \"{PROFILES}\"\n\n\
             [picker]\n\
             aliases_file = \"{ALIASES}\"\n\n\
             [session]\n\
             cross_browser = \"{cross_browser}\"\n\n\
             [secrets]\n\
             cookie_key_file = \"{secrets}/cookie-key\"\n\
             storage_key_file = \"{secrets}/storage-key\"\n\
             {after}"
        );
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(())
    }

    /// Where [`Self::configure`] writes.
    pub fn config_file(&self) -> PathBuf {
        self.root.join(format!("{}.toml", self.who.name))
    }

    /// Both identities as an operator's server would read them.
    pub fn load(&self) -> Result<Deployment, String> {
        Deployment::load(Some(&self.config_file()), crate::cli::environment()).map_err(|faults| {
            let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
            lines.join("\n")
        })
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?
        .write_all(bytes)
}

//! One server, several identities: each a whole configuration over the same reference, with its own address, keys, brand and
//! database. What is the whole server's stands in the main file.

use std::fs;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretSlice};
use url::Url;

use super::layers::{ConfigError, Place};
use super::reader::Reader;
use super::values::{DatabaseUrl, KeyFile};
use super::{Config, same_bytes};

/// Identities beside the first, at most: each has its workers and its connections.
pub(super) const OTHERS_MAX: usize = 8;
/// The longest name of an identity. It stands in cookies.
const NAME_LENGTH_MAX: usize = 32;
/// Keys and sections that are the whole server's.
const OF_THE_SERVER: [&str; 4] = ["identities", "operations_listen", "log.", "limits."];

/// Everything that one server is.
#[derive(Debug)]
pub struct Deployment {
    /// The main file's identity, and what is the whole server's.
    pub first: Config,
    /// The identities that it lists, in its order.
    pub others: Vec<Config>,
}

impl Deployment {
    /// Reads the main file as [`Config::load`] does, and every file that it lists. The environment is over the main file
    /// alone: its variables name keys and no identity.
    ///
    /// # Errors
    /// Every fault found: of the main file, else of the identities, else of two that share what is one's own.
    pub fn load(
        path: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Vec<ConfigError>> {
        let first = Config::load(path, environment)?;
        let (mut others, mut faults) = (Vec::new(), Vec::new());
        for file in &first.identities {
            match Config::load_other(file, &first) {
                Ok(config) => others.push(config),
                Err(found) => faults.extend(found),
            }
        }
        let deployment = Self { first, others };
        if faults.is_empty() {
            faults = deployment.shared();
        }
        if faults.is_empty() { Ok(deployment) } else { Err(faults) }
    }

    /// All identities, the first before the others.
    pub fn all(&self) -> impl Iterator<Item = &Config> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// What two identities have in common and must not.
    fn shared(&self) -> Vec<ConfigError> {
        let mut faults = Vec::new();
        for (place, other) in self.others.iter().enumerate() {
            let file = &self.first.identities[place];
            for earlier in self.all().take(place + 1) {
                for what in in_common(earlier, other) {
                    faults.push(ConfigError {
                        place: Place::File(file.display().to_string(), 0),
                        message: format!(
                            "{what} is also that of the identity {}: each has its own",
                            earlier.identity
                        ),
                    });
                }
            }
        }
        faults
    }
}

/// The keys whose values two identities share and must not, with what follows from sharing them kept in mind: a receipt, a
/// cookie, a row or a notice of one could be the other's.
fn in_common(one: &Config, other: &Config) -> Vec<&'static str> {
    let text = |of: fn(&Config) -> &str| of(one) == of(other);
    let keys = |config: &Config| {
        let secrets = &config.secrets;
        [*secrets.cookie_key.expose(), *secrets.storage_key.expose()]
    };
    let own = keys(one);
    let taken = |key: &[u8; 32]| own.iter().any(|known| same_bytes(known, key));
    let [cookie_key, storage_key] = keys(other);
    let all = [
        ("the file's name", text(|config| &config.identity)),
        (
            "mdes.token_requestor_id",
            text(|config| config.mdes.token_requestor_id.as_str()),
        ),
        ("public_url", text(|config| config.public_url.as_str())),
        ("database_url", same_database(&one.database, &other.database)),
        ("secrets.cookie_key", taken(&cookie_key)),
        ("secrets.storage_key", taken(&storage_key)),
        (
            "mdes.consumer_key",
            text(|config| config.mdes.consumer_key.expose_secret()),
        ),
        (
            "mdes.signing_key_file",
            same_key(&one.mdes.signing_key, &other.mdes.signing_key),
        ),
        (
            "mdes.notification_key_file",
            both(&one.mdes.notification_key, &other.mdes.notification_key, same_key),
        ),
        (
            "api.credential",
            both(&one.api.credential, &other.api.credential, |one, other| {
                same_bytes(one.expose_secret().as_bytes(), other.expose_secret().as_bytes())
            }),
        ),
    ];
    let shared = all.into_iter().filter(|(_, is_shared)| *is_shared);
    shared.map(|(what, _)| what).collect()
}

fn both<T>(one: &Option<T>, other: &Option<T>, same: impl Fn(&T, &T) -> bool) -> bool {
    matches!((one, other), (Some(one), Some(other)) if same(one, other))
}

fn same_key(one: &KeyFile, other: &KeyFile) -> bool {
    let bytes = |file: &KeyFile| -> SecretSlice<u8> { file.bytes.clone() };
    same_bytes(bytes(one).expose_secret(), bytes(other).expose_secret())
}

/// The same file, however its path is written; or the same database of the same server, whoever signs in to it.
fn same_database(one: &DatabaseUrl, other: &DatabaseUrl) -> bool {
    match (one.sqlite_file(), other.sqlite_file()) {
        (Some(one), Some(other)) => resolved(one) == resolved(other),
        (None, None) => server_and_name(one) == server_and_name(other),
        _ => false,
    }
}

fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| {
        let folder = path.parent().and_then(|folder| fs::canonicalize(folder).ok());
        match (folder, path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path.to_owned(),
        }
    })
}

fn server_and_name(database: &DatabaseUrl) -> Option<(String, String, String)> {
    let url = Url::parse(database.expose()).ok()?;
    let parameter = |name: &str| {
        let mut pairs = url.query_pairs();
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let host = parameter("host").or_else(|| url.host_str().map(str::to_owned))?;
    let port = parameter("port").unwrap_or_else(|| url.port().unwrap_or(5432).to_string());
    let name = parameter("dbname").unwrap_or_else(|| url.path().trim_start_matches('/').to_owned());
    Some((host.to_ascii_lowercase(), port, name))
}

/// What an identity is called: its file's stem.
pub(super) fn name_of(file: Option<&Path>) -> String {
    let stem = file.and_then(Path::file_stem);
    stem.map_or_else(|| "tidemark".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// The files of the other identities, from `identities`.
pub(super) fn files(reader: &mut Reader) -> Vec<PathBuf> {
    let names = reader.texts("identities", 0..=OTHERS_MAX, |text| match text {
        "" => Err("must name files"),
        text => Ok(text.to_owned()),
    });
    names.iter().map(|name| reader.resolve(name)).collect()
}

/// What only the main file may say, and whether the name fits into a cookie.
pub(super) fn refuse_what_is_the_servers(reader: &mut Reader) {
    let keys = reader.entries.keys().filter(|key| {
        let mut parts = OF_THE_SERVER.iter();
        parts.any(|part| key.as_str() == *part || (part.ends_with('.') && key.starts_with(part)))
    });
    let keys: Vec<String> = keys.filter(|key| reader.is_from_file(key)).cloned().collect();
    for key in keys {
        let message = format!("{key} is the whole server's: it stands in the main file, not in an identity's");
        reader.fault(&key, message);
    }
    let name = name_of(reader.file());
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > NAME_LENGTH_MAX || !name.bytes().all(fits) {
        let place = Place::File(
            reader
                .file()
                .map_or_else(String::new, |file| file.display().to_string()),
            0,
        );
        let message = format!(
            "an identity is called by its file's name, which has 1 to {NAME_LENGTH_MAX} small letters, digits and hyphens"
        );
        reader.report(place, message);
    }
}

//! Files that the configuration names: bounded, private where they hold a secret, and one simple pattern.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use secrecy::{SecretSlice, SecretString};

use super::layers::{ConfigError, Place};
use super::reader::Reader;
use super::values::{Key, KeyFile};

/// The largest file with a key, certificate or password.
pub(super) const KEY_BYTES_MAX: usize = 64 * 1024;
/// The longest secret that is a text.
const SECRET_CHARACTERS_MAX: usize = 4096;

impl Reader {
    /// The secret `key`, given as a value or, under `{key}_file`, as a file whose last line break does not count.
    ///
    /// The two are one setting: what the environment gives takes the place of what the file gives. Both in one layer
    /// is a fault.
    pub fn secret(&mut self, key: &str) -> Option<SecretString> {
        let bytes = self.secret_bytes(key)?;
        match std::str::from_utf8(&bytes) {
            Ok(text) if (1..=SECRET_CHARACTERS_MAX).contains(&text.len()) => Some(SecretString::from(text)),
            _ => {
                self.fault(
                    &self.given(key),
                    format!("{key} must be a text of 1 to {SECRET_CHARACTERS_MAX} characters"),
                );
                None
            }
        }
    }

    /// A secret of 32 random bytes.
    pub fn key(&mut self, key: &str) -> Option<Key> {
        let before = self.faults();
        let Some(bytes) = self.secret_bytes(key) else {
            if self.faults() == before {
                self.missing(key, &format!("set {key}_file to a file that \"tidemark keygen\" made"));
            }
            return None;
        };
        match Key::parse(&bytes) {
            Ok(parsed) => Some(parsed),
            Err(message) => {
                self.fault(&self.given(key), format!("{key} {message}"));
                None
            }
        }
    }

    /// A file with a private key and, under `password`, the secret that opens it.
    pub fn key_file(&mut self, key: &str, password: Option<&str>) -> Option<KeyFile> {
        let text = self.text(key);
        let password = password.and_then(|password| {
            let secret = self.secret(password);
            if text.is_empty() && secret.is_some() {
                self.fault(
                    &self.given(password),
                    format!("{password} is given, but {key} is not: set both or none"),
                );
            }
            secret
        });
        if text.is_empty() {
            return None;
        }
        let path = self.resolve(&text);
        let bytes = private_bytes(&path, KEY_BYTES_MAX).map_err(|message| self.fault(key, format!("{key} {message}")));
        Some(KeyFile {
            path,
            bytes: SecretSlice::from(bytes.ok()?),
            password,
        })
    }

    /// A file that is nobody's secret.
    pub fn public_file(&mut self, key: &str) -> Option<Vec<u8>> {
        let text = self.text(key);
        if text.is_empty() {
            return None;
        }
        let path = self.resolve(&text);
        bytes(&path, KEY_BYTES_MAX)
            .map_err(|message| self.fault(key, format!("{key} {message}")))
            .ok()
    }

    fn secret_bytes(&mut self, key: &str) -> Option<Vec<u8>> {
        let bytes = self.value_or_file(key)?;
        self.refuse_if_others_may_read(key)?;
        Some(bytes)
    }

    /// What `key` or the file under `{key}_file` holds.
    pub fn value_or_file(&mut self, key: &str) -> Option<Vec<u8>> {
        let file_key = format!("{key}_file");
        let (value, file) = (self.text(key), self.text(&file_key));
        if self.is_set(key) && self.is_set(&file_key) && self.same_layer(key, &file_key) {
            self.fault(key, format!("{key} and {file_key} are both given: keep one"));
            return None;
        }
        if !self.is_given(key) {
            return None;
        }
        if self.given(key) == key {
            return Some(value.into_bytes());
        }
        let content = private_bytes(&self.resolve(&file), KEY_BYTES_MAX);
        let content = content
            .map_err(|message| self.fault(&file_key, format!("{file_key} {message}")))
            .ok()?;
        let end = content
            .iter()
            .rposition(|byte| !matches!(byte, b'\r' | b'\n'))
            .map_or(0, |last| last + 1);
        // 32 bytes are a key as it is, whatever its last byte.
        Some(if content.len() == 32 {
            content
        } else {
            content[..end].to_vec()
        })
    }

    /// Notes a fault, and is `None`, when the secret `key` stands in a configuration file that is not private.
    pub fn refuse_if_others_may_read(&mut self, key: &str) -> Option<()> {
        let mode = if self.given(key) == key && self.is_from_file(key) {
            self.file().and_then(open_mode)
        } else {
            None
        };
        let Some(mode) = mode else { return Some(()) };
        self.fault(
            key,
            format!(
                "{key} is a secret in a file that others may read (mode {mode:o}): chmod 600 it, or use {key}_file"
            ),
        );
        None
    }

    /// Whether anybody gave `key`, as a value or as a file.
    pub fn is_given(&self, key: &str) -> bool {
        self.is_set(key) || self.is_set(&format!("{key}_file"))
    }

    /// Which of `key` and `{key}_file` counts: the environment's before the file's.
    pub fn given(&self, key: &str) -> String {
        let file_key = format!("{key}_file");
        let value_counts = self.is_set(key) && (self.is_from_environment(key) || !self.is_from_environment(&file_key));
        if self.is_set(&file_key) && !value_counts {
            file_key
        } else {
            key.to_owned()
        }
    }

    fn same_layer(&self, one: &str, other: &str) -> bool {
        self.is_from_environment(one) == self.is_from_environment(other)
    }
}

/// A file's content, if it is a regular file of at most `max` bytes.
///
/// # Errors
/// What to tell the operator. The file's name is left out: a secret may have been written in its place.
pub(super) fn bytes(path: &Path, max: usize) -> Result<Vec<u8>, String> {
    let about = fs::metadata(path).map_err(|error| describe(path, &error))?;
    if !about.is_file() {
        return Err("names something that is not a file".to_owned());
    }
    let file = File::open(path).map_err(|error| describe(path, &error))?;
    let mut content = Vec::new();
    file.take(max as u64 + 1)
        .read_to_end(&mut content)
        .map_err(|error| describe(path, &error))?;
    match content.len() {
        0 => Err("names a file that is empty".to_owned()),
        length if length > max => Err(format!("names a file of more than {max} bytes")),
        _ => Ok(content),
    }
}

/// The text of a file of its own, such as wire profiles or design tokens.
///
/// # Errors
/// Why it cannot be read, as the one fault of the file.
pub(super) fn text(path: &Path, max: usize) -> Result<String, Vec<ConfigError>> {
    let content =
        bytes(path, max).and_then(|content| String::from_utf8(content).map_err(|_| "is not text in UTF-8".to_owned()));
    content.map_err(|message| {
        vec![ConfigError {
            place: Place::File(path.display().to_string(), 0),
            message,
        }]
    })
}

/// As [`bytes`], for a file that only its owner may touch.
fn private_bytes(path: &Path, max: usize) -> Result<Vec<u8>, String> {
    let content = bytes(path, max)?;
    match open_mode(path) {
        Some(mode) => Err(format!(
            "names a secret that others may read (mode {mode:o}): chmod 600 it"
        )),
        None => Ok(content),
    }
}

/// The file's permission bits, if group or world have any.
#[cfg(unix)]
fn open_mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

/// Elsewhere the operating system's access lists decide.
#[cfg(not(unix))]
fn open_mode(_: &Path) -> Option<u32> {
    None
}

fn describe(path: &Path, error: &std::io::Error) -> String {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if folder.is_dir() {
        format!("cannot be read from folder {}: {error}", folder.display())
    } else {
        "is in a folder that does not exist; paths are relative to the configuration file".to_owned()
    }
}

/// The files that `pattern` names, in order of their names. `*` may stand, once, in the last part of the path; without
/// it the pattern is the file.
///
/// # Errors
/// A `*` elsewhere or twice.
pub(super) fn expand(pattern: &Path) -> Result<Vec<PathBuf>, &'static str> {
    let text = pattern.to_string_lossy();
    let name = pattern
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let stars = name.matches('*').count();
    if text.matches('*').count() != stars || stars > 1 {
        return Err("may have one * and only in the last part of a path");
    }
    let Some((start, end)) = name.split_once('*') else {
        return Ok(vec![pattern.to_path_buf()]);
    };
    let folder = pattern
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut found: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            // As in a shell, a leading dot hides a file from the star.
            name.len() >= start.len() + end.len()
                && name.starts_with(start)
                && name.ends_with(end)
                && (!name.starts_with('.') || start.starts_with('.'))
        })
        .map(|entry| entry.path())
        .collect();
    found.sort();
    Ok(found)
}

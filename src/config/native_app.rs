//! `[app]`: the wallet's own native app, as Android and iOS name it.

use super::reader::Reader;

/// The wallet's own native app. On a platform that is not set there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NativeApp {
    /// On Android.
    pub android: Option<AndroidApp>,
    /// On iOS: one id for each build that is told apart (the store's, a test's). Empty where there is no app.
    pub ios: Vec<AppleAppId>,
}

/// An Android app: whoever holds one of the certificates' keys may answer for the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AndroidApp {
    /// The application id.
    pub package: PackageName,
    /// Of the certificates that its builds are signed with. Distinct, never empty.
    pub fingerprints: Vec<CertificateFingerprint>,
}

/// The most fingerprints, and the most iOS app ids.
const LIST_MAX: usize = 16;

impl NativeApp {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let before = reader.faults();
        let package = reader.parsed("app.android_package", PackageName::parse);
        let fingerprints = reader.texts("app.android_fingerprints", 0..=LIST_MAX, CertificateFingerprint::parse);
        let ios = reader.texts("app.ios_app_ids", 0..=LIST_MAX, AppleAppId::parse);
        if reader.faults() == before {
            check_together(reader, package.as_ref(), &fingerprints, &ios);
        }
        Self {
            android: package.map(|package| AndroidApp { package, fingerprints }),
            ios,
        }
    }
}

/// What is wrong only in company.
fn check_together(
    reader: &mut Reader,
    package: Option<&PackageName>,
    fingerprints: &[CertificateFingerprint],
    ios: &[AppleAppId],
) {
    if package.is_some() && fingerprints.is_empty() {
        reader.fault(
            "app.android_package",
            "app.android_package is given, but app.android_fingerprints is empty: set both or none",
        );
    }
    if package.is_none() && !fingerprints.is_empty() {
        reader.fault(
            "app.android_fingerprints",
            "app.android_fingerprints is given, but app.android_package is not: set both or none",
        );
    }
    // Who means two keys and pastes one twice would learn of it from those whose app does not open.
    if repeats(fingerprints) {
        reader.fault(
            "app.android_fingerprints",
            "app.android_fingerprints holds one fingerprint twice",
        );
    }
    if repeats(ios) {
        reader.fault("app.ios_app_ids", "app.ios_app_ids holds one app id twice");
    }
}

fn repeats<T: PartialEq>(list: &[T]) -> bool {
    list.iter().enumerate().any(|(at, one)| list[..at].contains(one))
}

/// An Android application id: two or more parts, joined by dots, each a letter and then letters, digits or `_`
/// (developer.android.com, "Set the application ID").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageName(String);

/// The package manager takes no longer name.
const PACKAGE_LENGTH_MAX: usize = 223;

impl PackageName {
    /// Parses the name.
    ///
    /// # Errors
    /// What the operator has to change.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let part = |part: &str| {
            part.starts_with(|first: char| first.is_ascii_alphabetic())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if text.len() <= PACKAGE_LENGTH_MAX && text.contains('.') && text.split('.').all(part) {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be an Android application id, such as com.example.wallet")
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The SHA-256 fingerprint of a certificate, as Digital Asset Links compare it: upper case, with colons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFingerprint(String);

const SHA256_BYTES: usize = 32;
const SHA1_BYTES: usize = 20;

impl CertificateFingerprint {
    /// Parses 32 bytes in hexadecimal: with colons, as `keytool` and the Play Console write them, or without, as
    /// `apksigner` does; in either case.
    ///
    /// # Errors
    /// What the operator has to change.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let pairs: Vec<&str> = text.split(':').collect();
        let is_spelt = pairs.len() == 1 || pairs.iter().all(|pair| pair.len() == 2);
        let bytes = hex::decode(pairs.concat()).ok().filter(|_| is_spelt);
        match bytes {
            Some(bytes) if bytes.len() == SHA256_BYTES => {
                let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
                Ok(Self(pairs.join(":")))
            }
            Some(bytes) if bytes.len() == SHA1_BYTES => {
                Err("holds a SHA-1 fingerprint (20 bytes): take the SHA-256 one (32 bytes)")
            }
            _ => Err("must hold SHA-256 fingerprints: 32 bytes in hexadecimal, with colons or without"),
        }
    }

    /// The fingerprint as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An iOS app id: the team id (ten upper case letters or digits), a dot, the bundle identifier (letters, digits, `-`
/// and dots), of one app: no wildcard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppleAppId(String);

const TEAM_ID_LENGTH: usize = 10;
/// What App Store Connect takes.
const BUNDLE_ID_LENGTH_MAX: usize = 155;

impl AppleAppId {
    /// Parses the id.
    ///
    /// # Errors
    /// What the operator has to change.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let team = |team: &str| {
            team.len() == TEAM_ID_LENGTH
                && team
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        };
        let part =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        match text.split_once('.') {
            Some((before, bundle))
                if team(before) && bundle.len() <= BUNDLE_ID_LENGTH_MAX && bundle.split('.').all(part) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err("must hold iOS app ids, such as ABCDE12345.com.example.wallet: team id, a dot, bundle identifier"),
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

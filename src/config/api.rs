//! `[api]`: the wallet team's own programs, and the accounts that they vouch for.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use super::reader::Reader;
use super::values::web_address;

/// What is shorter can be guessed.
const CREDENTIAL_CHARACTERS_MIN: usize = 32;

/// `[api]`.
pub struct Api {
    /// What the wallet's backend proves itself with. Without it there is no API and no account.
    pub credential: Option<SecretString>,
    /// The wallet's own sign-in page, for who is not signed in.
    pub sign_in_url: Option<String>,
}

impl Api {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let credential = reader.secret("api.credential").filter(|text| {
            let text = text.expose_secret();
            let fits = text.len() >= CREDENTIAL_CHARACTERS_MIN && text.bytes().all(|byte| byte.is_ascii_graphic());
            if !fits {
                reader.fault(
                    &reader.given("api.credential"),
                    format!(
                        "api.credential must be a secret of at least {CREDENTIAL_CHARACTERS_MIN} characters, letters, \
                         digits and signs without spaces: openssl rand -hex 32 makes one"
                    ),
                );
            }
            fits
        });
        let sign_in_url = reader.parsed("api.sign_in_url", |text| web_address(text).map(|_| text.to_owned()));
        if sign_in_url.is_some() && !reader.is_given("api.credential") {
            reader.fault(
                "api.sign_in_url",
                "api.sign_in_url is given, but api.credential is not: nobody could be signed in",
            );
        }
        Self {
            credential,
            sign_in_url,
        }
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Api")
            .field("sign_in_url", &self.sign_in_url)
            .finish_non_exhaustive()
    }
}

//! `[embed]`: the other sites that lead their people here.

use url::Url;

use crate::domain::host_page::HostPrefix;

use super::reader::Reader;
use super::values::web_address;

/// `[embed]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embed {
    /// Below which addresses people may be led back.
    pub return_prefixes: Vec<HostPrefix>,
    /// The origins whose scripts may read the list of issuers, as browsers write them in `Origin`.
    pub origins: Vec<String>,
}

/// The most entries of either list.
const LIST_MAX: usize = 64;

impl Embed {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            return_prefixes: reader.texts("embed.return_prefixes", 0..=LIST_MAX, prefix),
            origins: reader.texts("embed.origins", 0..=LIST_MAX, origin),
        }
    }
}

fn prefix(text: &str) -> Result<HostPrefix, &'static str> {
    web_address(text)?;
    HostPrefix::parse(text).map_err(|fault| fault.rule())
}

/// As a browser writes it, or it would never be the same.
fn origin(text: &str) -> Result<String, &'static str> {
    let url: Url = web_address(text)?;
    let origin = url.origin().ascii_serialization();
    if origin == text {
        Ok(origin)
    } else {
        Err(
            "must hold origins as browsers write them: scheme, host in lower case, and a port only if it is not the usual one",
        )
    }
}

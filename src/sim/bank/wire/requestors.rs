//! Asking MDES for token requestors and their logos.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{LOOKUP_TIMEOUT, Network, Picture};
use crate::sim::bank::directory::{Requestor, read_requestor};
use crate::sim::bank::random;
use crate::sim::catalogue::Issuer;

/// A token requestor as MDES describes it to banks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequestor {
    pub name: String,
    pub image_asset_id: Option<String>,
}

impl Network {
    /// Who `trid` is, seen from the account range of `issuer`. Nothing when MDES does not list it there.
    pub async fn token_requestor(&self, issuer: &Issuer, trid: &str) -> Result<Option<TokenRequestor>, String> {
        let body = json!({ "requestId": random::id(), "accountRanges": [issuer.padded_range()] });
        let answer = self
            .call(
                "POST",
                "/connect/1/0/getEligibleTokenRequestors",
                Some(&body),
                LOOKUP_TIMEOUT,
            )
            .await?;
        let entries = answer["tokenRequestors"].as_array().into_iter().flatten();
        Ok(entries
            .into_iter()
            .find(|entry| entry["tokenRequestorId"] == trid)
            .and_then(|entry| {
                let name = entry["consumerFacingEntityName"].as_str().or(entry["name"].as_str())?;
                Some(TokenRequestor {
                    name: name.chars().filter(|c| !c.is_control()).take(NAME_MAX_CHARS).collect(),
                    image_asset_id: entry["imageAssetId"]
                        .as_str()
                        .filter(|id| is_asset_id(id))
                        .map(str::to_owned),
                })
            }))
    }

    /// Everybody that cards of these account ranges can be pushed to.
    pub async fn token_requestors(&self, ranges: &[String]) -> Result<Vec<Requestor>, String> {
        let path = "/connect/1/0/getEligibleTokenRequestors";
        let body = json!({ "requestId": random::id(), "accountRanges": ranges });
        let answer = self.call("POST", path, Some(&body), LOOKUP_TIMEOUT).await?;
        let entries = answer["tokenRequestors"].as_array();
        let entries = entries.ok_or("MDES answered without token requestors")?;
        let read = entries.iter().filter_map(read_requestor);
        Ok(read
            .map(|requestor| Requestor {
                asset_id: requestor.asset_id.filter(|id| is_asset_id(id)),
                ..requestor
            })
            .collect())
    }

    /// The logo of a token requestor, the raster picture when there is a choice.
    pub async fn token_requestor_logo(&self, asset_id: &str) -> Result<Option<Picture>, String> {
        let path = format!("/issuer-assets/1/0/asset/tokenrequestor/{asset_id}");
        let answer = self.call("GET", &path, None, LOOKUP_TIMEOUT).await?;
        let of_type = |wanted: &'static str| {
            let mut contents = answer["mediaContents"].as_array().into_iter().flatten();
            let data = contents.find(|content| content["type"] == wanted)?["data"].as_str()?;
            let data = STANDARD
                .decode(data)
                .ok()
                .filter(|data| data.len() <= PICTURE_MAX_BYTES)?;
            Some(Picture {
                media_type: wanted,
                data,
            })
        };
        Ok(of_type("image/png").or_else(|| of_type("image/svg+xml")))
    }
}

fn is_asset_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

const PICTURE_MAX_BYTES: usize = 256 * 1024;
const NAME_MAX_CHARS: usize = 100;

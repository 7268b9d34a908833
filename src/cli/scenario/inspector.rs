//! What the flow inspector beside a wallet says of an attempt: read out of its exports, as anybody else may.

use serde_json::Value;

use crate::cli::browser::Browser;

/// A flow inspector that runs.
#[derive(Clone, Debug)]
pub struct Inspector {
    origin: String,
}

impl Inspector {
    /// The one at this address, such as `http://127.0.0.1:8083`.
    #[must_use]
    pub fn new(address: &str) -> Self {
        let origin = reqwest::Url::parse(address).map(|url| url.origin().ascii_serialization());
        Self {
            origin: origin.unwrap_or_else(|_| address.to_owned()),
        }
    }

    /// The ids of the verdicts on the attempt of a session, the first one first; nothing where it has seen no such attempt.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn verdicts(&self, session: &str) -> Result<Option<Vec<String>>, String> {
        let head = session.get(..8).unwrap_or(session).to_ascii_uppercase();
        let reference = format!("TM-{head}");
        let list = Browser::new().get(&format!("{}/", self.origin)).await?;
        let tags = list.tags();
        let hrefs = tags.iter().filter_map(|tag| tag.attributes.get("href"));
        // The newest first: the attempt is hardly ever a later one.
        for number in hrefs.filter_map(|href| href.strip_prefix("/attempts/")?.parse::<u64>().ok()) {
            let address = format!("{}/attempts/{number}/export/har.json", self.origin);
            let answer = Browser::new().get(&address).await?;
            let har: Value = serde_json::from_str(&answer.body)
                .map_err(|_| format!("the inspector answers {} and no HAR", answer.status))?;
            let told = &har["log"]["_pullProvisioning"];
            if told["reference"].as_str() == Some(&*reference) {
                let verdicts = told["verdicts"].as_array().into_iter().flatten();
                let ids = verdicts.filter_map(|verdict| verdict["id"].as_str());
                return Ok(Some(ids.map(str::to_owned).collect()));
            }
        }
        Ok(None)
    }
}

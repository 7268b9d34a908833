//! What the texts of a vector may hold.

use crate::clock::random_bytes;

use super::{Scene, made_up_receipt};

impl Scene<'_> {
    /// A text with every `${…}` replaced.
    pub(super) fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| format!("{text} does not close a brace"))?;
            filled.push_str(before);
            filled.push_str(&self.value(name)?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn value(&self, name: &str) -> Result<String, String> {
        let unknown = || format!("nothing is called ${{{name}}}");
        if let Some((text, count)) = name.rsplit_once('*') {
            return Ok(text.repeat(count.parse().map_err(|_| unknown())?));
        }
        match name {
            "uuid" => return Ok(uuid::Builder::from_random_bytes(random_bytes()).into_uuid().to_string()),
            "receipt" => return Ok(self.receipt.clone()),
            "another_receipt" => return Ok(made_up_receipt()),
            "kid" => return Ok(self.target.kid.clone()),
            "host" => return Ok(authority(&self.target.origin()).to_owned()),
            "bank" => return Ok(self.target.bank()),
            "bank_host" => return Ok(authority(&self.target.bank_base).to_owned()),
            _ => {}
        }
        let (of, what) = name.split_once('.').ok_or_else(unknown)?;
        if let Some(pushed) = self.pushes.get(of) {
            return match what {
                "token" => Ok(pushed.token.clone()),
                "receipt" => pushed.receipts.first().cloned().ok_or_else(unknown),
                _ => Err(unknown()),
            };
        }
        let started = self.sessions.get(of).ok_or_else(unknown)?;
        match what {
            "id" => Ok(started.id.clone()),
            "csrf" => Ok(started.csrf.clone()),
            "cookie" => self.target.cookie(&self.browser(&started.browser)).ok_or_else(unknown),
            _ => Err(unknown()),
        }
    }
}

/// Host and port of an origin.
fn authority(origin: &str) -> &str {
    origin.split_once("//").map_or("", |(_, authority)| authority)
}

//! Addresses, queries, forms, headers and JSON, masked; and the ids that were found on the way.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use super::names::Sort;
use super::scrub::{Codes, decoded, is_id};
use super::{Book, HIDDEN, Mark, SHORTEST_SHOWN, card, ends};
use crate::workbench::message::Masked;

/// Names the key that a processor encrypts for.
const CLIENT_KEY: &str = "token-connect-client-encryption-key";
/// Pairs of a query or fields of a form that are kept.
const PAIRS_MAX: usize = 64;

/// An id that stood somewhere in a message.
#[derive(Clone)]
pub struct Found {
    /// What it is.
    pub sort: Sort,
    /// Its keyed hash.
    pub mark: Mark,
    /// What may be shown of it.
    pub masked: Masked,
    /// Its first eight characters, where it is long enough that they tell nothing: references for support begin so.
    pub head: Option<String>,
}

/// What is special about a deployment.
#[derive(Default)]
pub struct Lexicon {
    /// Secrets that are known by their value, wherever they stand.
    pub secrets: Vec<String>,
    /// Names of parameters in lower case, and what their values are; `None` for an address.
    pub names: Vec<(String, Option<Sort>)>,
    /// Hosts of the participants, with their ports. They are shown, whatever anybody calls them.
    pub authorities: Vec<String>,
}

/// Masks one message.
pub struct Masker<'a> {
    book: &'a mut Book,
    lexicon: &'a Lexicon,
    found: Vec<Found>,
}

impl<'a> Masker<'a> {
    /// With the aliases that were given before.
    pub fn new(book: &'a mut Book, lexicon: &'a Lexicon) -> Self {
        Self {
            book,
            lexicon,
            found: Vec::new(),
        }
    }

    /// The ids that were masked, in the order in which they stood there.
    #[must_use]
    pub fn found(self) -> Vec<Found> {
        self.found
    }

    /// The first id of a sort so far.
    #[must_use]
    pub fn first(&self, sort: Sort) -> Option<Masked> {
        let mut found = self.found.iter();
        Some(found.find(|found| found.sort == sort)?.masked.clone())
    }

    pub(super) fn book(&self) -> &Book {
        self.book
    }

    pub(super) fn is_secret(&self, word: &str) -> bool {
        let mut secrets = self.lexicon.secrets.iter();
        secrets.any(|secret| word.contains(secret.as_str()))
    }

    /// The keyed hash of a value.
    #[must_use]
    pub fn mark(&self, value: &str) -> Mark {
        self.book.mark(value)
    }

    /// An id under its alias. A card number is none, whatever it is called; but for a correlation id, which may be fourteen
    /// digits, of which one in twenty-five passes for a card number and nothing is shown.
    pub fn alias(&mut self, sort: Sort, value: &str) -> Masked {
        let may_be_digits = sort == Sort::Correlation && value.chars().count() < SHORTEST_SHOWN;
        if !may_be_digits && let Some(shown) = card::alone(value) {
            return Masked {
                shown,
                alias: String::new(),
                digest: String::new(),
            };
        }
        // A session id in other case is the same to the wallet, and to whoever compares.
        let lower = value.to_ascii_lowercase();
        let value = if sort == Sort::Session { &lower } else { value };
        let masked = self.book.mask(sort, value);
        let head = uuid::Uuid::try_parse(value)
            .ok()
            .map(|_| value.chars().take(8).collect());
        self.found.push(Found {
            sort,
            mark: self.book.mark(value),
            masked: masked.clone(),
            head,
        });
        masked
    }

    /// An id of which somebody says in an address or a form what it is. Anybody can say so of anything, and what was an id
    /// once is hidden wherever it turns up: so nothing is remembered that does not look like one.
    pub(super) fn claimed(&mut self, sort: Sort, value: &str) -> String {
        if is_id(value) || card::alone(value).is_some() {
            return self.alias(sort, value).text();
        }
        HIDDEN.to_owned()
    }

    /// The keyed digest of a value that says nothing by its ends.
    #[must_use]
    pub fn digest(&self, value: &str) -> String {
        format!("hmac:{}", self.book.digest(value))
    }

    /// `abcd…wxyz (hmac:ab12cd34)`, for what needs no alias because it never comes twice.
    fn once(&self, value: &str) -> String {
        if value.chars().count() < SHORTEST_SHOWN {
            return HIDDEN.to_owned();
        }
        format!("{} ({})", ends(value), self.digest(value))
    }

    pub(super) fn asset(&mut self, id: &str) -> String {
        let shown = self.unless_secret(id);
        self.found.push(Found {
            sort: Sort::Asset,
            // Everybody can name a picture, also as a session: it must not become one by that.
            mark: self.book.mark(&format!("asset {id}")),
            masked: Masked {
                shown: shown.clone(),
                alias: String::new(),
                digest: String::new(),
            },
            head: None,
        });
        shown
    }

    /// Pairs of a query or a form, in their order. A query that was encoded once too often is read all the same.
    pub fn pairs(&mut self, raw: &[u8]) -> Vec<(String, String)> {
        let pairs = form_urlencoded::parse(raw).take(PAIRS_MAX);
        let masked = pairs.map(|(name, value)| {
            let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
            let (plain_name, value) = (plain(&name).to_lowercase(), plain(&value));
            if let Some(result) = self.result(&plain(&name), &value) {
                return result;
            }
            let masked = match self.special(&plain_name) {
                Some(Some(Sort::Receipt)) => self.value("receipt", &value),
                Some(Some(sort)) if !value.is_empty() => self.claimed(sort, &value),
                Some(Some(_)) => String::new(),
                Some(None) => self.address(&value),
                None => self.value(&plain_name, &value),
            };
            (self.name(&name), masked)
        });
        masked.collect()
    }

    /// What became of a receipt, as a wallet tells the bank that pushed it: `results[RECEIPT]=APPROVED|TOKEN`.
    fn result(&mut self, name: &str, value: &str) -> Option<(String, String)> {
        let receipt = name.strip_prefix("results[")?.strip_suffix(']')?;
        let receipt = self.claimed(Sort::Receipt, receipt);
        let (word, token) = value.split_once('|').unwrap_or((value, ""));
        let word = self.value("result", word);
        let told = match token {
            "" => word,
            token => format!("{word}|{}", self.claimed(Sort::Token, token)),
        };
        Some((format!("results[{receipt}]"), told))
    }

    /// What a parameter is that has a name of this deployment's own; `Some(None)` for an address.
    pub(super) fn special(&self, name: &str) -> Option<Option<Sort>> {
        let mut special = self.lexicon.names.iter().filter(|(special, _)| special == name);
        special.next().map(|(_, sort)| *sort)
    }

    /// An address, absolute or not.
    pub fn address(&mut self, address: &str) -> String {
        let (address, fragment) = match address.split_once('#') {
            Some((address, _)) => (address, "#•••"),
            None => (address, ""),
        };
        let (address, query) = match address.split_once('?') {
            Some((address, query)) => (address, Some(query)),
            None => (address, None),
        };
        let mut masked = match address.split_once("://") {
            Some((scheme, rest)) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                let authority = match authority.rsplit_once('@') {
                    Some((_, host)) => format!("{HIDDEN}@{}", self.authority(host)),
                    None => self.authority(authority),
                };
                let scheme = self.text(scheme);
                format!("{scheme}://{authority}{}", self.path(path))
            }
            None => self.path(address),
        };
        if let Some(query) = query {
            let pairs = self.pairs(query.as_bytes());
            masked.push('?');
            masked.push_str(&written(&pairs));
        }
        masked.push_str(fragment);
        masked
    }

    /// A host with its port.
    pub fn authority(&mut self, authority: &str) -> String {
        let is_known = self.lexicon.authorities.iter().any(|known| known == authority);
        if is_known {
            return authority.to_owned();
        }
        self.words(authority, Codes::Shown)
    }

    /// A path: ids by the segment before them, everything else as a text. A query that was encoded with it is one.
    pub fn path(&mut self, path: &str) -> String {
        let plain = decoded(path);
        if plain.contains(['?', '#']) {
            return self.address(&plain);
        }
        let mut before = String::new();
        let mut masked = Vec::new();
        for segment in path.split('/') {
            let plain = percent_decode_str(segment).decode_utf8_lossy().into_owned();
            masked.push(match id_after(&before) {
                Some(_) if is_route_word(&plain) => plain.clone(),
                Some(sort) => self.claimed(sort, &plain),
                _ if before == "asset" || before == "terms" => self.asset(&plain),
                _ if before == "tokenrequestor" => self.exact(&plain),
                _ => self.text(&plain),
            });
            before = plain;
        }
        masked.join("/")
    }

    /// The headers that say something.
    pub fn headers(&mut self, headers: &HeaderMap) -> Vec<(String, String)> {
        let mut shown = Vec::new();
        for (name, value) in headers {
            let text = value.to_str().unwrap_or(HIDDEN);
            let masked = match () {
                () if *name == header::CONTENT_TYPE => self.text(text),
                () if *name == header::HOST => self.authority(text),
                () if *name == header::ORIGIN => self.address(text),
                () if PLAIN_HEADERS.contains(&name.as_str()) => self.words(text, Codes::Shown),
                () if *name == header::LOCATION || *name == header::REFERER => self.address(text),
                () if *name == header::AUTHORIZATION => self.authorization(text),
                () if name.as_str() == CLIENT_KEY => format!("{} characters", text.chars().count()),
                () if *name == header::COOKIE => self.cookies(value),
                () if *name == header::SET_COOKIE => self.set_cookie(text),
                () if *name == HeaderName::from_static("idempotency-key") => HIDDEN.to_owned(),
                () => continue,
            };
            shown.push((name.as_str().to_owned(), masked));
        }
        shown
    }

    fn authorization(&mut self, value: &str) -> String {
        let Some(("OAuth", parameters)) = value.split_once(' ') else {
            let is_scheme = |scheme: &&str| scheme.len() < 10 && scheme.bytes().all(|byte| byte.is_ascii_alphabetic());
            let scheme = value.split_once(' ').map(|(scheme, _)| scheme).filter(is_scheme);
            return format!("{} {HIDDEN}", scheme.unwrap_or_default())
                .trim_start()
                .to_owned();
        };
        let masked = parameters.split(',').map(|pair| match pair.split_once('=') {
            Some((name, value)) => {
                let (name, value) = (name.trim(), value.trim().trim_matches('"'));
                format!("{}=\"{}\"", self.name(name), self.oauth(name, value))
            }
            None => HIDDEN.to_owned(),
        });
        format!("OAuth {}", masked.collect::<Vec<_>>().join(","))
    }

    /// A parameter of OAuth by its name. Where a hidden value is percent-encoded, and how often, is said.
    pub fn oauth(&mut self, name: &str, value: &str) -> String {
        let mut plain = value.to_owned();
        let mut rounds = 0;
        while rounds < 3 && plain.contains('%') {
            plain = percent_decode_str(&plain).decode_utf8_lossy().into_owned();
            rounds += 1;
        }
        let masked = match name {
            "oauth_signature_method" | "oauth_timestamp" | "oauth_version" | "realm" => return self.text(value),
            // With the body and its hash, a code in the body could be found by trying.
            "oauth_body_hash" => self.digest(&plain),
            "oauth_consumer_key" | "oauth_nonce" | "oauth_signature" => self.once(&plain),
            _ => return HIDDEN.to_owned(),
        };
        match rounds {
            0 => masked,
            1 => format!("{masked} percent-encoded"),
            rounds => format!("{masked} percent-encoded {rounds} times"),
        }
    }

    fn cookies(&mut self, value: &HeaderValue) -> String {
        let names = value.as_bytes().split(|byte| *byte == b';').map(|crumb| {
            let crumb = String::from_utf8_lossy(crumb);
            match crumb.split_once('=') {
                Some((name, _)) => self.name(name.trim()),
                None => HIDDEN.to_owned(),
            }
        });
        names.collect::<Vec<_>>().join(", ")
    }

    fn set_cookie(&mut self, value: &str) -> String {
        let (cookie, attributes) = value.split_once(';').unwrap_or((value, ""));
        let name = match cookie.split_once('=') {
            Some((name, _)) => self.name(name.trim()),
            None => HIDDEN.to_owned(),
        };
        match attributes.trim() {
            "" => name,
            attributes => format!("{name}; {}", self.words(attributes, Codes::Shown)),
        }
    }
}

/// A query as it is read, not as it travels.
fn written(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join("&")
}

/// What stands in a path behind this segment, when it is an id.
fn id_after(segment: &str) -> Option<Sort> {
    Some(match segment.to_ascii_lowercase().as_str() {
        "sessions" | "callback" => Sort::Session,
        "cards" => Sort::Card,
        "visits" => Sort::Visit,
        "handoff" => Sort::Handle,
        _ => return None,
    })
}

/// What may stand where an id does, and is none: a word of a route, or of a program that had nothing to put there.
fn is_route_word(segment: &str) -> bool {
    segment.len() <= 12 && segment.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Headers that are shown, with their numbers.
const PLAIN_HEADERS: [&str; 18] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "allow",
    "cache-control",
    "content-encoding",
    "content-length",
    "last-event-id",
    "purpose",
    "referrer-policy",
    "retry-after",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-user",
    "sec-purpose",
    "user-agent",
    "www-authenticate",
];

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: &str = "4f2c0000-0000-4000-8000-0000000091ab";
    const RECEIPT: &str = "MCC-STL-43233098-64B2-4930-A2D1-3D778894B02B";

    fn with<T>(mask: impl FnOnce(&mut Masker<'_>) -> T) -> T {
        let mut book = Book::new([3; 32]);
        mask(&mut Masker::new(&mut book, &Lexicon::default()))
    }

    #[test]
    fn fourteen_digits_are_a_correlation_id_and_sixteen_a_card_number() {
        let shown = |digits: &str| with(|masker| masker.alias(Sort::Correlation, digits)).text();
        // Both have a right check digit.
        assert_eq!(shown("36070500001020"), "••• ⟦correlation-A⟧");
        assert_eq!(shown("5105105105105100").trim_end(), "•••• 5100");
    }

    #[test]
    fn an_address_shows_its_shape_and_no_id() {
        let callback: String =
            form_urlencoded::byte_serialize(format!("http://localhost:1/callback/{SESSION}").as_bytes()).collect();
        let address = format!(
            "http://127.0.0.1:2/banks/havorn-no/pull?tokenRequestorSessionId={SESSION}&tokenRequestorId=50123456789\
             &callbackURL={callback}&x=y#receipt"
        );
        let masked = with(|masker| masker.address(&address));
        let id = "4f2c…91ab ⟦session-A⟧";
        assert_eq!(
            masked,
            format!(
                "http://127.0.0.1:2/banks/havorn-no/pull?tokenRequestorSessionId={id}&tokenRequestorId=50123456789\
                 &callbackURL=http://localhost:1/callback/{id}&x=•••#•••"
            )
        );
        let masked = with(|masker| {
            masker.address(&format!(
                "/callback/{}?PushAccountReceipts={RECEIPT}%2C{RECEIPT}",
                SESSION
            ))
        });
        assert_eq!(
            masked,
            format!("/callback/{id}?PushAccountReceipts=MCC-…B02B ⟦receipt-A⟧,MCC-…B02B ⟦receipt-A⟧")
        );
        let told = with(|masker| {
            masker.address(&format!(
                "http://127.0.0.1:2/banks/havorn-no/pushed?results%5B{RECEIPT}%5D=APPROVED%7CDWSPMC0000000000abcdef"
            ))
        });
        assert!(!told.contains(RECEIPT) && !told.contains("0000abcdef"), "{told}");
        assert_eq!(
            with(|masker| masker.address("/handoff/0123456789abcdef")),
            "/handoff/0123…cdef ⟦handle-A⟧"
        );
        for (path, wanted) in [
            ("/callback%3Fcode=482107", "/callback?code=6 digits"),
            ("/callback%253Fcode=482107%2523482108", "/callback?code=6 digits#•••"),
            ("/cards/482107", "/cards/•••"),
            ("/x/482118", "/x/6 digits"),
            ("/sessions/undefined/go", "/sessions/undefined/go"),
            ("/cards/5555555555554444", "/cards/•••• 4444"),
            ("/callback/5555 5555 5555 4444", "/callback/•••• 4444"),
        ] {
            assert_eq!(with(|masker| masker.path(path)), wanted);
        }
        assert_eq!(
            with(|masker| masker.address("https://ada:pw@w.example/")),
            "https://•••@w.example/"
        );
    }

    #[test]
    fn of_results_words_and_aliases_are_left() {
        let query = b"session_id=789456123&results%5BMCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE%5D=APPROVED%7C\
            DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45&results[DMC-9H2T37SH-RB3O-PI14-QQ9R-321UGR5ZI07A]=CANCELLED";
        let shown = with(|masker| masker.pairs(query));
        let shown: Vec<String> = shown[1..]
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        assert_eq!(
            shown,
            [
                "results[MCC-…DDDE ⟦receipt-A⟧] = APPROVED|DWSP…1a45 ⟦token-A⟧",
                "results[DMC-…I07A ⟦receipt-B⟧] = CANCELLED",
            ]
        );
        let odd = with(|masker| {
            masker.pairs(b"results[hunter2]=x&results[]=y&results%5BMCC-1%5D=APPROVED%7C5555555555554444")
        });
        let odd = format!("{odd:?}");
        for secret in ["hunter2", "5555555555554444"] {
            assert!(!odd.contains(secret), "{odd}");
        }
    }

    #[test]
    fn of_headers_only_what_says_something_is_left() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("cookie", "tidemark=SECRETSECRET; lang=en; junk"),
            ("x-api-key", "SECRETSECRET"),
            ("authorization", "Bearer SECRETSECRET"),
            ("content-type", "application/json"),
            (
                "referer",
                "http://localhost:1/sessions/4f2c0000-0000-4000-8000-0000000091ab",
            ),
        ] {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers.append(
            "set-cookie",
            HeaderValue::from_static("tidemark=SECRETSECRET; HttpOnly; SameSite=Lax"),
        );
        let shown = with(|masker| masker.headers(&headers));
        let of = |name: &str| {
            let mut found = shown.iter().filter(|(other, _)| other == name);
            found.next().map(|(_, value)| value.as_str())
        };
        assert_eq!(of("cookie"), Some("tidemark, lang, •••"));
        assert_eq!(of("set-cookie"), Some("tidemark; HttpOnly; SameSite=Lax"));
        assert_eq!(of("authorization"), Some("Bearer •••"));
        assert_eq!(of("x-api-key"), None);
        assert_eq!(of("referer"), Some("http://localhost:1/sessions/4f2c…91ab ⟦session-A⟧"));
        assert!(!format!("{shown:?}").contains("SECRET"));
    }

    #[test]
    fn an_oauth_header_keeps_its_parameters_and_loses_its_values() {
        let header = "OAuth oauth_consumer_key=\"aaaaaaaaaaaaaaaaaaaa!bbbb\",oauth_nonce=\"0123456789abcdef\",\
                      oauth_timestamp=\"1767225600\",oauth_body_hash=\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\",\
                      oauth_signature=\"c2lnbmF0dXJlc2lnbmF0dXJl\"";
        let masked = with(|masker| masker.authorization(header));
        assert!(masked.contains("oauth_timestamp=\"1767225600\""));
        assert!(masked.contains("oauth_body_hash=\"hmac:"), "{masked}");
        assert!(masked.contains("oauth_nonce=\"0123…cdef (hmac:"));
        for secret in ["aaaaaaaa", "0123456789abcdef", "c2lnbmF0dXJl", "47DE", "uFU="] {
            assert!(!masked.contains(secret), "{masked}");
        }
    }
}

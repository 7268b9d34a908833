//! How a bank's app may send a cardholder back, well or badly: one row each in [`RETURNS`].
//!
//! The badly behaved ones are what wallets meet in the field: apps that rebuild the query, that lower-case or encode it
//! once too often, that open the address twice or in another browser. None needs the simulator to be at work: [`address`]
//! is a pure function, so that a wallet's tests can write the same returns.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::arrival::join;

/// One way of coming back.
#[derive(Debug)]
pub struct ReturnStyle {
    /// Stable id: value of the button, and argument of [`return_style`].
    pub id: &'static str,
    /// What the button says.
    pub label: &'static str,
    /// A sentence about what happens.
    pub explanation: &'static str,
    /// The heading under which it stands; styles of one group follow each other.
    pub group: &'static str,
    write: fn(&Handover<'_>) -> Return,
}

/// What the app does in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Return {
    /// It opens this address.
    Redirect(String),
    /// It sends a form to this address.
    Post {
        /// The callback as it was given.
        url: String,
        /// Names and values, in this order.
        fields: Vec<(String, String)>,
    },
    /// It shows a page that offers this address to the cardholder.
    Page(String),
}

/// Every way of coming back. The first is how it should be.
pub static RETURNS: &[ReturnStyle] = &[
    ReturnStyle {
        id: "app",
        label: "The right way",
        explanation: "Opens the callback once, with everything in its query.",
        group: "As it should be",
        write: |handover| Return::Redirect(handover.address()),
    },
    ReturnStyle {
        id: "cancelled",
        label: "Cancel",
        explanation: "Comes back with result=CANCELLED and without a card.",
        group: "As it should be",
        write: |handover| handover.without_card("CANCELLED"),
    },
    ReturnStyle {
        id: "error",
        label: "Fail",
        explanation: "Comes back with result=ERROR and without a card.",
        group: "As it should be",
        write: |handover| handover.without_card("ERROR"),
    },
    ReturnStyle {
        id: "other-browser",
        label: "In another browser",
        explanation: "Shows the address, to be opened in a browser that did not start this.",
        group: "At another place or time",
        write: |handover| Return::Page(handover.address()),
    },
    ReturnStyle {
        id: "twice",
        label: "Twice",
        explanation: "Offers the same address two times, as an app does that retries.",
        group: "At another place or time",
        write: |handover| Return::Page(handover.address()),
    },
    ReturnStyle {
        id: "late",
        label: "After 16 minutes",
        explanation: "Waits until the receipts are too old, and then comes back as it should.",
        group: "At another place or time",
        write: |handover| Return::Page(handover.address()),
    },
    ReturnStyle {
        id: "posted",
        label: "As a form",
        explanation: "Sends everything with POST instead of GET.",
        group: "In another shape",
        write: |handover| Return::Post {
            url: handover.callback.to_owned(),
            fields: owned(handover.pairs()),
        },
    },
    ReturnStyle {
        id: "fragment",
        label: "Data behind the #",
        explanation: "Puts the query where no server sees it.",
        group: "In another shape",
        write: |handover| {
            let (address, _) = handover.callback.split_once('#').unwrap_or((handover.callback, ""));
            let query = join("", &handover.pairs());
            Return::Redirect(format!("{address}#{}", query.trim_start_matches('?')))
        },
    },
    ReturnStyle {
        id: "path-case",
        label: "Other case in the path",
        explanation: "Swaps upper and lower case in the last part of the callback’s path.",
        group: "In another shape",
        write: |handover| {
            let callback = swap_case_of_last_segment(handover.callback);
            Return::Redirect(join(&callback, &handover.pairs()))
        },
    },
    ReturnStyle {
        id: "unknown-session",
        label: "Another session",
        explanation: "Puts a session into the callback’s path that the wallet never had.",
        group: "In another shape",
        write: |handover| {
            let callback = with_last_segment(handover.callback, "00000000-0000-4000-8000-000000000000");
            Return::Redirect(join(&callback, &handover.pairs()))
        },
    },
    ReturnStyle {
        id: "bare",
        label: "Without a query",
        explanation: "Opens the bare callback and drops everything else.",
        group: "In another shape",
        write: |handover| Return::Redirect(bare(handover.callback).to_owned()),
    },
    ReturnStyle {
        id: "overwritten",
        label: "Overwritten query",
        explanation: "Drops the session and whatever the callback had, and writes status=ok&ref=123 beside the data.",
        group: "With a damaged query",
        write: |handover| {
            let own = [("status", "ok".to_owned()), ("ref", "123".to_owned())];
            let pairs: Vec<_> = own.into_iter().chain(handover.data()).collect();
            Return::Redirect(join(bare(handover.callback), &pairs))
        },
    },
    ReturnStyle {
        id: "lower-case",
        label: "Lower-case query",
        explanation: "Lower-cases names and values, so that the signature breaks.",
        group: "With a damaged query",
        write: |handover| {
            let address = handover.address();
            Return::Redirect(match address.split_once('?') {
                Some((address, query)) => format!("{address}?{}", query.to_ascii_lowercase()),
                None => address,
            })
        },
    },
    ReturnStyle {
        id: "lower-case-names",
        label: "Lower-case names",
        explanation: "Lower-cases the names of the parameters and leaves the values alone.",
        group: "With a damaged query",
        write: |handover| {
            let names: Vec<String> = handover.pairs().iter().map(|(name, _)| name.to_lowercase()).collect();
            let values = handover.pairs().into_iter().map(|(_, value)| value);
            let pairs: Vec<_> = names.iter().map(String::as_str).zip(values).collect();
            Return::Redirect(join(handover.callback, &pairs))
        },
    },
    ReturnStyle {
        id: "encoded-twice",
        label: "Encoded twice",
        explanation: "Percent-encodes every value one time too often.",
        group: "With a damaged query",
        write: |handover| {
            let once = |value: String| utf8_percent_encode(&value, NON_ALPHANUMERIC).to_string();
            let pairs = handover.pairs().into_iter().map(|(name, value)| (name, once(value)));
            Return::Redirect(join(handover.callback, &pairs.collect::<Vec<_>>()))
        },
    },
    ReturnStyle {
        id: "repeated",
        label: "Repeated parameter",
        explanation: "Gives the data two times, with the same value.",
        group: "With a damaged query",
        write: |handover| {
            let pairs: Vec<_> = handover.data().into_iter().chain(handover.pairs()).collect();
            Return::Redirect(join(handover.callback, &pairs))
        },
    },
    ReturnStyle {
        id: "extra",
        label: "Extra parameters",
        explanation: "Adds parameters that nobody asked for, before and after the data.",
        group: "With a damaged query",
        write: |handover| {
            let before = [("utm_source", "bank app".to_owned()), ("Ref", "æ/&=".to_owned())];
            let after = [("lang", String::new())];
            let pairs: Vec<_> = before.into_iter().chain(handover.pairs()).chain(after).collect();
            Return::Redirect(join(handover.callback, &pairs))
        },
    },
    ReturnStyle {
        id: "signature-receipt",
        label: "signature and receipt",
        explanation: "Calls the signed data “signature”, and gives the first receipt beside it as “receipt”.",
        group: "With other names",
        write: |handover| handover.with_alias("receipt"),
    },
    ReturnStyle {
        id: "signature-push-account-receipt",
        label: "signature and pushAccountReceipt",
        explanation: "The same, with the receipt as “pushAccountReceipt”.",
        group: "With other names",
        write: |handover| handover.with_alias("pushAccountReceipt"),
    },
    ReturnStyle {
        id: "push-account-receipt",
        label: "pushAccountReceipt alone",
        explanation: "Only the first receipt, with nothing signed.",
        group: "With other names",
        write: |handover| handover.unsigned("pushAccountReceipt", handover.first_receipt()),
    },
    ReturnStyle {
        id: "push-account-receipts",
        label: "pushAccountReceipts alone",
        explanation: "All receipts with commas between them, with nothing signed: the older form.",
        group: "With other names",
        write: |handover| handover.unsigned("pushAccountReceipts", handover.receipts.join(",")),
    },
];

/// The row with this id.
#[must_use]
pub fn return_style(id: &str) -> Option<&'static ReturnStyle> {
    RETURNS.iter().find(|style| style.id == id)
}

/// What an app of this style does with the `callback` it was given, after MDES made `receipts` and perhaps a signature
/// (`signed`, a compact JWS) for the wallet's `session`. Without a signature the data is the receipts in the older form.
#[must_use]
pub fn address(
    style: &ReturnStyle,
    callback: &str,
    signed: Option<&str>,
    session: &str,
    receipts: &[String],
) -> Return {
    (style.write)(&Handover {
        callback,
        signed,
        session,
        receipts,
    })
}

/// Back with a `result` and nothing else.
pub fn without_card(callback: &str, session: &str, result: &str) -> Return {
    let session = ("tokenRequestorSessionId", session.to_owned());
    Return::Redirect(join(callback, &[session, ("result", result.to_owned())]))
}

/// What there is to bring back.
struct Handover<'a> {
    callback: &'a str,
    signed: Option<&'a str>,
    session: &'a str,
    receipts: &'a [String],
}

type Pair = (&'static str, String);

impl Handover<'_> {
    fn address(&self) -> String {
        join(self.callback, &self.pairs())
    }

    fn pairs(&self) -> Vec<Pair> {
        self.data().into_iter().chain([self.session()]).collect()
    }

    fn data(&self) -> [Pair; 1] {
        [match self.signed {
            Some(signed) => ("pushAccountData", signed.to_owned()),
            // A token requestor without signatures gets the older form.
            None => ("pushAccountReceipts", self.receipts.join(",")),
        }]
    }

    fn session(&self) -> Pair {
        ("tokenRequestorSessionId", self.session.to_owned())
    }

    fn first_receipt(&self) -> String {
        self.receipts.first().cloned().unwrap_or_default()
    }

    fn without_card(&self, result: &str) -> Return {
        without_card(self.callback, self.session, result)
    }

    fn with_alias(&self, receipt: &'static str) -> Return {
        let signed = self.signed.map(|signed| ("signature", signed.to_owned()));
        let pairs = signed
            .into_iter()
            .chain([(receipt, self.first_receipt()), self.session()]);
        Return::Redirect(join(self.callback, &pairs.collect::<Vec<_>>()))
    }

    fn unsigned(&self, name: &'static str, value: String) -> Return {
        Return::Redirect(join(self.callback, &[(name, value), self.session()]))
    }
}

fn owned(pairs: Vec<Pair>) -> Vec<(String, String)> {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// The address without query and fragment.
fn bare(callback: &str) -> &str {
    callback.split(['?', '#']).next().unwrap_or_default()
}

/// The address with another last segment of its path.
fn with_last_segment(callback: &str, segment: &str) -> String {
    let (path, rest) = callback.split_at(bare(callback).len());
    let start = path.rfind('/').map_or(0, |slash| slash + 1);
    format!("{}{segment}{rest}", &path[..start])
}

fn swap_case_of_last_segment(callback: &str) -> String {
    let path = bare(callback);
    let start = path.rfind('/').map_or(0, |slash| slash + 1);
    let swapped = path[start..].chars().map(|letter| match letter {
        'a'..='z' => letter.to_ascii_uppercase(),
        letter => letter.to_ascii_lowercase(),
    });
    with_last_segment(callback, &swapped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const CALLBACK: &str = "https://wallet.example/callback/0b9e4a3c-52d7";
    const SIGNED: &str = "eyJh.eyJi-Q.c_D";

    fn of(id: &str, callback: &str) -> Return {
        let receipts = ["MCC-1".to_owned(), "MCC-2".to_owned()];
        address(return_style(id).unwrap(), callback, Some(SIGNED), "s-1", &receipts)
    }

    #[test]
    fn every_style_comes_back_as_its_label_says() {
        let all = "pushAccountData=eyJh.eyJi-Q.c_D&tokenRequestorSessionId=s-1";
        for (id, wanted) in [
            ("app", format!("{CALLBACK}?{all}")),
            (
                "cancelled",
                format!("{CALLBACK}?tokenRequestorSessionId=s-1&result=CANCELLED"),
            ),
            ("error", format!("{CALLBACK}?tokenRequestorSessionId=s-1&result=ERROR")),
            ("fragment", format!("{CALLBACK}#{all}")),
            (
                "path-case",
                format!("https://wallet.example/callback/0B9E4A3C-52D7?{all}"),
            ),
            (
                "unknown-session",
                format!("https://wallet.example/callback/00000000-0000-4000-8000-000000000000?{all}"),
            ),
            ("bare", CALLBACK.to_owned()),
            (
                "overwritten",
                format!("{CALLBACK}?status=ok&ref=123&pushAccountData={SIGNED}"),
            ),
            (
                "lower-case",
                format!("{CALLBACK}?pushaccountdata=eyjh.eyji-q.c_d&tokenrequestorsessionid=s-1"),
            ),
            (
                "lower-case-names",
                format!("{CALLBACK}?pushaccountdata={SIGNED}&tokenrequestorsessionid=s-1"),
            ),
            (
                "encoded-twice",
                format!("{CALLBACK}?pushAccountData=eyJh%252EeyJi%252DQ%252Ec%255FD&tokenRequestorSessionId=s%252D1"),
            ),
            ("repeated", format!("{CALLBACK}?pushAccountData={SIGNED}&{all}")),
            (
                "extra",
                format!("{CALLBACK}?utm_source=bank%20app&Ref=%C3%A6%2F%26%3D&{all}&lang="),
            ),
            (
                "signature-receipt",
                format!("{CALLBACK}?signature={SIGNED}&receipt=MCC-1&tokenRequestorSessionId=s-1"),
            ),
            (
                "signature-push-account-receipt",
                format!("{CALLBACK}?signature={SIGNED}&pushAccountReceipt=MCC-1&tokenRequestorSessionId=s-1"),
            ),
            (
                "push-account-receipt",
                format!("{CALLBACK}?pushAccountReceipt=MCC-1&tokenRequestorSessionId=s-1"),
            ),
            (
                "push-account-receipts",
                format!("{CALLBACK}?pushAccountReceipts=MCC-1%2CMCC-2&tokenRequestorSessionId=s-1"),
            ),
        ] {
            assert_eq!(of(id, CALLBACK), Return::Redirect(wanted), "{id}");
        }
        for id in ["other-browser", "twice", "late"] {
            assert_eq!(of(id, CALLBACK), Return::Page(format!("{CALLBACK}?{all}")), "{id}");
        }
        let fields = [("pushAccountData", SIGNED), ("tokenRequestorSessionId", "s-1")];
        let posted = Return::Post {
            url: CALLBACK.to_owned(),
            fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        };
        assert_eq!(of("posted", CALLBACK), posted);
    }

    #[test]
    fn a_callback_with_a_query_and_a_fragment_is_kept_or_dropped_in_the_right_place() {
        let callback = "https://w.example/cb/aB?k=V#F";
        for (id, wanted) in [
            ("bare", "https://w.example/cb/aB".to_owned()),
            (
                "overwritten",
                format!("https://w.example/cb/aB?status=ok&ref=123&pushAccountData={SIGNED}"),
            ),
            (
                "path-case",
                format!("https://w.example/cb/Ab?k=V&pushAccountData={SIGNED}&tokenRequestorSessionId=s-1#F"),
            ),
            (
                "fragment",
                format!("https://w.example/cb/aB?k=V#pushAccountData={SIGNED}&tokenRequestorSessionId=s-1"),
            ),
        ] {
            assert_eq!(of(id, callback), Return::Redirect(wanted), "{id}");
        }
    }

    #[test]
    fn without_a_signature_the_receipts_stand_for_it() {
        let receipts = ["MCC-1".to_owned(), "MCC-2".to_owned()];
        let of = |id| address(return_style(id).unwrap(), "https://w/c", None, "s-1", &receipts);
        let wanted = "https://w/c?pushAccountReceipts=MCC-1%2CMCC-2&tokenRequestorSessionId=s-1";
        assert_eq!(of("app"), Return::Redirect(wanted.to_owned()));
        let wanted = "https://w/c?receipt=MCC-1&tokenRequestorSessionId=s-1";
        assert_eq!(of("signature-receipt"), Return::Redirect(wanted.to_owned()));
    }

    #[test]
    fn ids_are_unique_plain_words_and_groups_hold_together() {
        let ids: HashSet<_> = RETURNS.iter().map(|style| style.id).collect();
        assert_eq!(ids.len(), RETURNS.len());
        assert!(
            ids.iter()
                .all(|id| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'))
        );
        let mut groups: Vec<_> = RETURNS.iter().map(|style| style.group).collect();
        groups.dedup();
        assert_eq!(groups.len(), groups.iter().collect::<HashSet<_>>().len());
        assert_eq!(RETURNS[0].id, "app");
        assert!(return_style("App").is_none());
    }
}

//! The token requestors that the simulators play for, as they are enrolled with MDES.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::catalogue::Mark;
use super::mdes::{RequestorKind, TokenRequestor};

/// A wallet that the simulators play for, as it is enrolled with MDES.
#[derive(Clone, Debug)]
pub struct EnrolledWallet {
    /// Its origin.
    pub url: String,
    /// Its name towards cardholders.
    pub name: String,
    /// Its token requestor id.
    pub token_requestor_id: String,
    /// As what it is enrolled.
    pub role: Role,
    /// Its OAuth consumer key.
    pub consumer_key: String,
    /// Its OAuth public key, PEM.
    pub public_key_pem: Vec<u8>,
    /// The certificate that notifications are encrypted to.
    pub notification_certificate_pem: Option<Vec<u8>>,
}

/// As what a token requestor is enrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// A wallet that leads cardholders to their banks, and takes up to five cards that a bank pushes.
    #[default]
    Wallet,
    /// Click to Pay, played: it acts for merchants, has no list of banks, and takes one card at a time.
    ClickToPay,
}

impl EnrolledWallet {
    /// What MDES knows of it; `place` counts from 0 and makes the wallet id.
    pub(super) fn requestor(self, place: usize) -> TokenRequestor {
        let (logo_svg, logo_png) = match self.role {
            Role::Wallet => (
                RING_SVG.as_bytes().to_vec(),
                STANDARD.decode(RING_PNG).unwrap_or_default(),
            ),
            Role::ClickToPay => (CLICK.svg().into_bytes(), CLICK.png()),
        };
        TokenRequestor {
            id: self.token_requestor_id,
            consumer_facing_name: self.name.clone(),
            name: self.name,
            kind: match self.role {
                Role::Wallet => RequestorKind::Wallet((FIRST_WALLET_ID + place).to_string()),
                Role::ClickToPay => RequestorKind::Merchant,
            },
            logo_svg,
            logo_png,
            pulls: self.role == Role::Wallet,
            takes_several: self.role == Role::Wallet,
            push_uri: format!("{}/push", self.url),
            consumer_key: self.consumer_key,
            public_key_pem: self.public_key_pem,
            notify_url: Some(format!("{}/mdes/digitization/1/0/notifyTokenUpdated", self.url)),
            notify_cert_pem: self.notification_certificate_pem,
        }
    }
}

const FIRST_WALLET_ID: usize = 901;
/// A card and a cursor. Our own drawing: the mark of the real Click to Pay is a trademark.
pub const CLICK: Mark = Mark {
    background: "#ffffff",
    stroke: "#5b2a86",
    path: "M20 31H9a3 3 0 0 1-3-3V13a3 3 0 0 1 3-3h26a3 3 0 0 1 3 3v9M6 18h32M26 25l12 5-5 2-2 5z",
};
const RING_SVG: &str = concat!(
    r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 192 192" width="192" height="192">"#,
    r##"<rect width="192" height="192" fill="#fff"/>"##,
    r##"<circle cx="95.5" cy="95.5" r="58" fill="none" stroke="#0f4c5c" stroke-width="36"/></svg>"##
);
/// The same ring, 192 by 192, two colours.
const RING_PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAMAAAADAAQMAAABoEv5EAAAABlBMVEX///8PTFxgj4mVAAABuklEQVR42u2XQXKDMAxF8bDwkiNwFI6Gj8ZROAJLFhncTtPE+qAXQpJd0Kr0DUb+saWvqjrjiyPknFzQ57x4/4/5N0b/BfeVOv/FsAHNFUz+Ss5aIf9H8nLy8mpvYPY/sf1Ivoe7i+1OYgGj/+3117sCLn5Sq7RCNpH8pDStaMG41XyrfGvB7Ger+fYWLK6EKmNQkPxt2I1EBeM+aBRM/v7sDjsFl33QK1hg42brBG6KDPVKk/qeZaualMu0ulaxrKyaxJJ9J6ApCjUiVlMWrgW0JccgKrZGh96Czihn/74+zOZtAZNJ5GJVH82eFgsGI89iVU9WaQsq54FAkN+5L+sGORnds2CWU5lK6gqGAiY54M+AUe7K4NRu8xTl3tVvgyQnfAc0WzC9A7QSneAR+Izsx3/zTx8471DjNXjxRnmXE6/zi5XBKzLH6xWXPiyWWF6xID8u4V7RxzaBjQVbETYvbHfYILGlYhPGtn3cAbCZOO5L0OKgKTrur9CqoblDO8gGEi0nmlS0tWiE0Tqj2UZ7zoYeRwAcGnDMwMGERxkcfnBcwgELRzIe4nDsw0GRR0scRnl8PeNL4gceOGzTjLwxZgAAAABJRU5ErkJggg==";

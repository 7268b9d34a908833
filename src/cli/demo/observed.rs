//! What the workbench is told about the demo's participants, so that it can find out the truth about their messages.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::clock::{Clock, random_bytes};
use crate::config::profiles;
use crate::domain::profile::Profile;
use crate::sim::stage::{EnrolledWallet, Keys};
use crate::workbench::knowledge::{Client, Knowledge, KnownWallet, Names, Places, Recipient, Recipients};

use super::folder::Folder;

/// The wallet's cookie over http.
const COOKIE: &str = "tidemark";

/// Everything but MDES itself, which is told when it runs.
pub(super) fn knowledge(
    [(folder, wallet), (other_folder, other)]: [(&Folder, &EnrolledWallet); 2],
    keys: &Keys,
    clock: &Clock,
    places: Places,
) -> Knowledge {
    let clock = clock.clone();
    Knowledge {
        key: random_bytes(),
        now: Arc::new(move || clock.now().0),
        wallet: known_wallet(wallet, &folder.secrets, COOKIE),
        other_wallets: vec![known_wallet(
            other,
            &other_folder.secrets,
            &format!("{COOKIE}.{}", other_folder.who.name),
        )],
        issuer: Client {
            consumer_key: keys.bank.consumer_key().to_owned(),
            public_key_pem: keys.bank.signing_public_pem(),
        },
        places,
        names: names(folder),
        reference: |head| format!("TM-{}", head.to_ascii_uppercase()),
        recipients: Recipients {
            mdes: Recipient {
                key_pem: keys.mdes.encryption_key_pem(),
                certificate_pem: keys.mdes.encryption_cert_pem().to_vec(),
            },
            issuer: Recipient {
                key_pem: keys.bank.encryption_key_pem().to_vec(),
                certificate_pem: keys.bank.certificate_pem().to_vec(),
            },
            processor: Recipient {
                key_pem: keys.processor.encryption_key_pem().to_vec(),
                certificate_pem: keys.processor.certificate_pem().to_vec(),
            },
        },
        secrets: Vec::new(),
        mdes: OnceLock::new(),
    }
}

/// A token requestor with the keys in its folder of secrets.
fn known_wallet(wallet: &EnrolledWallet, secrets: &Path, cookie: &str) -> KnownWallet {
    let read = |name: &str| fs::read(secrets.join(name)).unwrap_or_default();
    KnownWallet {
        client: Client {
            consumer_key: wallet.consumer_key.clone(),
            public_key_pem: wallet.public_key_pem.clone(),
        },
        origin: wallet.url.clone(),
        cookie: cookie.to_owned(),
        recipient: Recipient {
            key_pem: read("notification-key.pem"),
            certificate_pem: read("notification-certificate.pem"),
        },
    }
}

/// What the parameters are called, in any profile that the wallet starts with.
fn names(folder: &Folder) -> Names {
    let profiles = folder.profiles().unwrap_or_else(|_| profiles::reference()).profiles;
    let all: Vec<&Profile> = profiles.issuers.values().chain([&profiles.default]).collect();
    let of = |names: &dyn Fn(&Profile) -> Vec<String>| -> Vec<String> {
        let names: BTreeSet<String> = all.iter().flat_map(|profile| names(profile)).collect();
        names.into_iter().collect()
    };
    Names {
        session: of(&|profile| vec![profile.launch.session.clone(), profile.returns.session.clone()]),
        jws: of(&|profile| profile.returns.jws.clone()),
        receipts: of(&|profile| profile.returns.receipts.clone()),
        callback: of(&|profile| vec![profile.launch.callback.clone()]),
    }
}

//! A token in the books, and how it is told.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use super::keys::random_uuid;
use super::requestor::Holder;
use super::state::{Account, Issuer};
use super::views::TokenView;

/// A digitized card.
pub(super) struct Token {
    pub(super) reference: String,
    pub(super) account_reference: String,
    pub(super) receipt: String,
    pub(super) holder: Holder,
    pub(super) decision: &'static str,
    pub(super) status: TokenStatus,
    pub(super) status_at_ms: i64,
    /// Who paused it and has not let it go on: it is active again when nobody does.
    pub(super) suspended_by: BTreeSet<&'static str>,
    pub(super) methods: Vec<Method>,
    pub(super) code: Option<Code>,
    pub(super) correlation_id: String,
    pub(super) issuer: Arc<Issuer>,
    pub(super) account: Account,
    pub(super) suffix: String,
    pub(super) expiry: String,
    /// In order of creation.
    pub(super) number: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenStatus {
    Inactive,
    Active,
    Suspended,
    Deactivated,
}

impl TokenStatus {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Inactive => "INACTIVE",
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
            Self::Deactivated => "DEACTIVATED",
        }
    }
}

/// One way for the cardholder to authenticate, under the names that the token requestor sees.
#[derive(Clone)]
pub(super) struct Method {
    pub(super) id: u32,
    pub(super) kind: String,
    pub(super) value: String,
    /// What the issuer called it: type and value.
    pub(super) issuer_side: (String, String),
}

/// An activation code that was made for a token.
pub(super) struct Code {
    pub(super) digits: String,
    pub(super) expires_at_ms: i64,
    pub(super) tries_left: u32,
}

impl Token {
    pub(super) fn product_config(&self) -> Value {
        let (entry, assets) = (&self.issuer.entry, &self.issuer.assets);
        json!({
            "brandLogoAssetId": assets.brand,
            "issuerLogoAssetId": assets.logo,
            "isCoBranded": "false",
            "cardBackgroundCombinedAssetId": assets.art,
            "iconAssetId": assets.logo,
            "foregroundColor": entry.product.foreground_color,
            "issuerName": entry.name,
            "shortDescription": entry.product.short_description,
            "customerServiceUrl": entry.product.website,
            "customerServicePhoneNumber": entry.product.phone,
        })
    }

    pub(super) fn token_info(&self) -> Value {
        let mut info = json!({
            "tokenPanSuffix": self.suffix,
            "accountPanSuffix": self.account.suffix(),
            "tokenExpiry": self.expiry,
            "dsrpCapable": true,
            "productCategory": self.issuer.entry.card_type.product_category(),
        });
        if let Some(expiry) = self.account.expiry() {
            info["accountPanExpiry"] = json!(expiry);
        }
        info
    }

    pub(super) fn methods_json(&self) -> Value {
        self.methods
            .iter()
            .map(|method| json!({"id": method.id, "type": method.kind, "value": method.value}))
            .collect()
    }

    /// The token is so from now on. Two changes never bear the same time, because whoever is told of them orders by it.
    pub(super) fn become_status(&mut self, status: TokenStatus, now_ms: i64) {
        self.status = status;
        self.status_at_ms = now_ms.max(self.status_at_ms + 1);
        self.code = None;
        if status == TokenStatus::Deactivated {
            self.suspended_by.clear();
        }
    }

    /// `status`, `statusTimestamp` and, while it is paused, `suspendedBy`, as every answer and notice has them.
    pub(super) fn write_status(&self, members: &mut Value) {
        members["status"] = json!(self.status.word());
        members["statusTimestamp"] = json!(timestamp(self.status_at_ms));
        if self.status == TokenStatus::Suspended {
            members["suspendedBy"] = json!(self.suspended_by);
        }
    }

    pub(super) fn view(&self) -> TokenView {
        TokenView {
            token_unique_reference: self.reference.clone(),
            pan_unique_reference: self.account_reference.clone(),
            receipt: self.receipt.clone(),
            token_requestor_id: self.holder.requestor.id.clone(),
            payment_app_instance_id: self.holder.instance.clone(),
            decision: self.decision.to_owned(),
            status: self.status.word().to_owned(),
            suspended_by: self.suspended_by.iter().map(|name| (*name).to_owned()).collect(),
            issuer_id: self.issuer.entry.issuer_id.clone(),
            account_suffix: self.account.suffix(),
        }
    }
}

/// 48 characters, like every published example.
pub(super) fn token_reference() -> String {
    format!("DWSPMC0000000001{}", random_uuid().simple())
}

/// `MMYY`, three years from now.
pub(super) fn token_expiry(now_ms: i64) -> String {
    let now = moment(now_ms);
    format!("{:02}{:02}", u8::from(now.month()), (now.year() + 3).rem_euclid(100))
}

/// ISO 8601 in UTC with milliseconds.
pub(super) fn timestamp(at_ms: i64) -> String {
    moment(at_ms).format(TIMESTAMP).unwrap_or_default()
}

fn moment(at_ms: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at_ms) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

const TIMESTAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

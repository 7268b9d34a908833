//! The rules for one pushed account (Token Connect API, "FundingAccountData").

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::errors::Refusal;
use super::fields::Fields;
use super::state::Account;

/// Reads `fundingAccountData` of one item.
pub(super) fn read(item: Fields<'_>, now_ms: i64) -> Result<Account, Refusal> {
    let data = item.object("fundingAccountData")?;
    check_valid_until(data, now_ms)?;
    if let Some(holder) = data.optional_object("accountHolderData")? {
        check_holder(holder)?;
    }
    match (
        data.optional_object("cardAccountData")?,
        data.optional_object("financialAccountData")?,
    ) {
        (Some(card), None) => read_card(card),
        (None, Some(account)) => read_financial(account),
        (None, None) => Err(Refusal::missing("cardAccountData")),
        (Some(_), Some(_)) => Err(Refusal::value("financialAccountData")),
    }
}

fn read_card(card: Fields<'_>) -> Result<Account, Refusal> {
    let number = card.digits("accountNumber", 9..=19)?.to_owned();
    let expiry_month = card.optional_digits("expiryMonth", 2..=2)?;
    if expiry_month.is_some_and(|month| !("01"..="12").contains(&month)) {
        return Err(Refusal::value("expiryMonth"));
    }
    let expiry_month = expiry_month.map(str::to_owned);
    let expiry_year = card.optional_digits("expiryYear", 2..=2)?.map(str::to_owned);
    Ok(Account {
        number,
        expiry_month,
        expiry_year,
    })
}

fn read_financial(account: Fields<'_>) -> Result<Account, Refusal> {
    let number = account.text("financialAccountId", 9..=64)?.to_owned();
    account.text("interbankCardAssociationId", 3..=11)?;
    account
        .optional_upper_code("countryCode", 3)?
        .ok_or_else(|| Refusal::missing("countryCode"))?;
    Ok(Account {
        number,
        expiry_month: None,
        expiry_year: None,
    })
}

/// At most 30 days ahead, and not yet past.
fn check_valid_until(data: Fields<'_>, now_ms: i64) -> Result<(), Refusal> {
    const NAME: &str = "dataValidUntilTimestamp";
    let Some(text) = data.optional_text(NAME, 20..=29)? else {
        return Ok(());
    };
    let until = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| Refusal::format(NAME))?;
    let ahead_ms = until.unix_timestamp_nanos() / 1_000_000 - i128::from(now_ms);
    if (0..=VALID_UNTIL_MAX_MS).contains(&ahead_ms) {
        Ok(())
    } else {
        Err(Refusal::value(NAME))
    }
}

fn check_holder(holder: Fields<'_>) -> Result<(), Refusal> {
    holder.optional_text("accountHolderName", 1..=27)?;
    if let Some(address) = holder.optional_object("accountHolderAddress")? {
        address.optional_text("line1", 1..=64)?;
        address.optional_text("line2", 1..=64)?;
        address.optional_text("city", 1..=32)?;
        address.optional_text("countrySubdivision", 1..=12)?;
        address.optional_text("postalCode", 1..=16)?;
        address.optional_upper_code("country", 3)?;
    }
    holder.optional_text("accountHolderEmailAddress", 6..=320)?;
    if let Some(phone) = holder.optional_object("accountHolderMobilePhoneNumber")? {
        phone.optional_text("countryDialInCode", 1..=4)?;
        phone.optional_text("phoneNumber", 1..=20)?;
    }
    Ok(())
}

const VALID_UNTIL_MAX_MS: i128 = 30 * 24 * 60 * 60 * 1000;

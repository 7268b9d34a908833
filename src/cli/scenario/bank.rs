//! What a person does at a bank of the demo.

use crate::cli::browser::{Browser, Form, Page};

/// The bank's field for the code that the wallet shows.
const CODE_FIELD: &str = "authenticationCode";

/// The form with this choice.
///
/// # Errors
/// What the bank shows instead.
pub fn form_with(page: &Page, is_wanted: impl Fn(&str, &str) -> bool, what: &str) -> Result<Form, String> {
    let mut forms = page.forms().into_iter();
    let found = forms.find(|form| form.choices.iter().any(|(name, value)| is_wanted(name, value)));
    found.ok_or_else(|| format!("the bank offers no {what}: {}", page.text()))
}

/// Signs in as one of the bank's customers: the page with the cards.
///
/// # Errors
/// What the bank shows instead.
pub async fn sign_in(browser: &mut Browser, page: &Page, person: &str) -> Result<Page, String> {
    let form = form_with(page, |name, _| name == "persona", "persona")?;
    browser.submit(page, &form, &[("persona", person)]).await
}

/// Chooses cards: the page that asks for consent.
///
/// # Errors
/// What the bank shows instead.
pub async fn choose(browser: &mut Browser, page: &Page, cards: &[&str]) -> Result<Page, String> {
    let form = form_with(page, |name, _| name == "card", "card")?;
    let fields: Vec<(&str, &str)> = cards.iter().map(|card| ("card", *card)).collect();
    browser.submit(page, &form, &fields).await
}

/// Signs in at a bank as Ada and chooses her first card: the page that asks for consent.
///
/// # Errors
/// What the bank shows instead.
pub async fn to_consent(browser: &mut Browser, page: &Page) -> Result<Page, String> {
    let cards = sign_in(browser, page, "ada").await?;
    let form = form_with(&cards, |name, _| name == "card", "card")?;
    let card = form.choices.iter().find(|(name, _)| name == "card");
    let (_, card) = card.ok_or("the bank has no card to choose")?;
    choose(browser, &cards, &[card]).await
}

/// Decides, and types this code where the bank has a field for one.
///
/// # Errors
/// What the bank shows instead.
pub async fn decide(browser: &mut Browser, page: &Page, decision: &str, code: Option<&str>) -> Result<Page, String> {
    let form = form_with(page, |name, value| name == "decision" && value == decision, decision)?;
    let mut fields = vec![("decision", decision)];
    if form.fields.iter().any(|(name, _)| name == CODE_FIELD) {
        fields.push((CODE_FIELD, code.unwrap_or_default()));
    }
    browser.submit(page, &form, &fields).await
}

/// The code that the wallet shows for the bank.
#[must_use]
pub fn code_on(page: &Page) -> Option<String> {
    let tags = page.tags();
    let shown = tags.iter().find(|tag| tag.name == "data")?;
    shown.attributes.get("value").cloned()
}

/// The same way to the bank, but for a session that is not ours.
#[must_use]
pub fn other_session(link: &str) -> String {
    const NAME: &str = "tokenRequestorSessionId=";
    match link.find(NAME) {
        Some(at) => {
            let start = at + NAME.len();
            let end = link[start..].find('&').map_or(link.len(), |length| start + length);
            format!("{}00000000-0000-4000-8000-000000000000{}", &link[..start], &link[end..])
        }
        None => link.to_owned(),
    }
}

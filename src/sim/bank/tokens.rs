//! The bank's page "Cards in wallets": a cardholder sees in which wallets there is a card, and has the bank pause it, let it
//! go on, or remove it there. Each of that is a signed call to MDES, which tells the wallet.
//!
//! What the page shows is what MDES told the bank (through the processor, at a bank that has one): MDES is not asked how a
//! token stands, as no such call of an issuer is published. A notice that never arrives is missing here until the next one.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::{get, post};
use url::form_urlencoded;

use super::Bank;
use super::counter::{self, Counter, Place, frame};
use super::enrolments::{KnownToken, Standing};
use super::pages::{self, Frame};
use super::web::{self, Answer, Form, Refusal};
use super::wire::Trouble;
use crate::sim::catalogue::{Card, Issuer, Person, issuer};

pub fn routes() -> Router<Bank> {
    Router::new()
        .route("/banks/{id}/tokens", get(show).post(change))
        .route("/banks/{id}/tokens/sign-in", post(sign_in))
        .route("/banks/{id}/tokens/remove", get(ask))
}

async fn show(State(bank): State<Bank>, Path(id): Path<String>, uri: Uri) -> Answer {
    let issuer = issuer(&id).ok_or(StatusCode::NOT_FOUND)?;
    let Some(sitting) = counter::asked(&uri, "sitting") else {
        return Ok(counter::sign_in_page(issuer, PLACE, String::new(), None));
    };
    let mut counter = Counter::enter(bank, issuer, PLACE, &sitting).await?;
    let did = counter::asked(&uri, "did").and_then(|did| Change::read(&did));
    let token = counter::asked(&uri, "token").and_then(|reference| counter.own(&reference));
    let notice = did.zip(token).and_then(|(did, line)| line.notice(did));
    Ok(counter.tokens_page(notice))
}

async fn sign_in(State(bank): State<Bank>, Path(id): Path<String>, request: Request) -> Answer {
    counter::sign_in(&bank, &id, PLACE, request).await
}

/// Whether a card is really to be removed.
async fn ask(State(bank): State<Bank>, Path(id): Path<String>, uri: Uri) -> Answer {
    let issuer = issuer(&id).ok_or(StatusCode::NOT_FOUND)?;
    let sitting = counter::asked(&uri, "sitting").unwrap_or_default();
    let mut counter = Counter::enter(bank, issuer, PLACE, &sitting).await?;
    let line = counter.shown(&counter::asked(&uri, "token").unwrap_or_default())?;
    let page = RemovePage {
        frame: frame(issuer),
        issuer,
        sitting: counter.id.clone(),
        form: counter.sitting.form(),
        line,
        back: counter.address(PLACE),
    };
    Ok(pages::render(StatusCode::OK, &page))
}

async fn change(State(bank): State<Bank>, Path(id): Path<String>, request: Request) -> Answer {
    let issuer = issuer(&id).ok_or(StatusCode::NOT_FOUND)?;
    let form = Form::read(request).await?;
    let mut counter = Counter::enter(bank, issuer, PLACE, form.one("sitting")?).await?;
    let led = counter.require_form(&form)?;
    let change = Change::read(form.one("do")?).ok_or(StatusCode::BAD_REQUEST)?;
    let reference = form.one("token")?;
    let to = counter.done(change, reference);
    match led {
        // A second tap on a button, after the first was answered, leads to the same place.
        Some(led) if led == to => return Ok(web::see_other(&to)),
        Some(_) => {
            let text =
                "You have done something else on this page since, so it may not be as it looks. Nothing was changed.";
            return Err(counter
                .refusal(StatusCode::CONFLICT, "Please look again", &[text])
                .into());
        }
        None => {}
    }
    let line = counter.shown(reference)?;
    if !line.allows(change) {
        let (heading, now) = ("The card has changed meanwhile", line.sentence());
        let texts = [now.as_str(), "Nothing was changed."];
        return Err(counter.refusal(StatusCode::CONFLICT, heading, &texts).into());
    }
    match counter.bank.change(change, reference).await {
        Ok(()) => {
            counter.sitting.use_up(form.one("form")?, &to);
            Ok(web::see_other(&to))
        }
        Err(trouble) => Err(counter.trouble(change, &trouble).into()),
    }
}

/// What a cardholder has the bank do with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Pause,
    Resume,
    Remove,
}

impl Change {
    fn read(word: &str) -> Option<Self> {
        let all = [Self::Pause, Self::Resume, Self::Remove];
        all.into_iter().find(|change| change.word() == word)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Remove => "remove",
        }
    }

    /// What MDES calls it.
    fn call(self) -> &'static str {
        match self {
            Self::Pause => "suspendToken",
            Self::Resume => "unsuspendToken",
            Self::Remove => "deleteToken",
        }
    }
}

/// A card in a wallet.
struct Line {
    card: Card,
    token: KnownToken,
    /// The page that asks whether it is to be removed.
    remove: String,
}

impl Line {
    /// Whether a change makes sense. Who paused a token in the wallet lets it go on there: MDES would refuse it to the bank.
    fn allows(&self, change: Change) -> bool {
        match (change, self.token.standing) {
            (_, Standing::Deactivated) => false,
            (Change::Remove, _) | (Change::Pause, Standing::Active) => true,
            (Change::Resume, Standing::Suspended { here, elsewhere }) => here || !elsewhere,
            (Change::Pause, Standing::Inactive | Standing::Suspended { .. }) => false,
            (Change::Resume, Standing::Inactive | Standing::Active) => false,
        }
    }

    /// For tests and for whoever looks at the page by program.
    fn word(&self) -> &'static str {
        match self.token.standing {
            Standing::Inactive => "inactive",
            Standing::Active => "active",
            Standing::Suspended { here: true, .. } => "paused-here",
            Standing::Suspended { .. } => "paused",
            Standing::Deactivated => "removed",
        }
    }

    /// How the token stands.
    fn sentence(&self) -> String {
        let wallet = &self.token.wallet;
        match self.token.standing {
            Standing::Inactive => format!("Not finished: {wallet} still waits to be sure that it’s you."),
            Standing::Active => "You can use it.".to_owned(),
            Standing::Suspended { here, elsewhere } => match (here, elsewhere) {
                (true, false) => "Paused by us. Only we can resume it.".to_owned(),
                (true, true) => format!("Paused by us, and in {wallet} too. Resume it here and there."),
                (false, true) => format!("Paused in {wallet}. Resume it there."),
                (false, false) => "Paused. We were not told by whom.".to_owned(),
            },
            Standing::Deactivated => format!("Removed from {wallet}."),
        }
    }

    /// What to say after a change, as long as it is so.
    fn notice(&self, did: Change) -> Option<String> {
        let (last4, wallet) = (&self.card.last4, &self.token.wallet);
        match (did, self.token.standing) {
            (Change::Pause, Standing::Suspended { here: true, .. }) => {
                Some(format!("Your card ending {last4} is paused in {wallet}."))
            }
            (Change::Resume, Standing::Active) => {
                Some(format!("You can use your card ending {last4} in {wallet} again."))
            }
            (Change::Resume, Standing::Suspended { here: false, .. }) => Some(format!(
                "We no longer pause your card ending {last4}. It is still paused in {wallet}."
            )),
            (Change::Remove, Standing::Deactivated) => {
                Some(format!("Your card ending {last4} is removed from {wallet}."))
            }
            _ => None,
        }
    }
}

impl Counter {
    /// A token of the cardholder who is signed in, also one that is removed.
    fn own(&self, reference: &str) -> Option<Line> {
        let token = self.bank.0.enrolments.token(reference)?;
        let mut cards = self.sitting.issuer.cards(self.sitting.person).into_iter();
        let card = cards.find(|card| card.id == token.card_id)?;
        Some(self.line(card, token))
    }

    /// The same, or a page that says that it is not there.
    fn shown(&self, reference: &str) -> Result<Line, Refusal> {
        let line = self.own(reference);
        let line = line.filter(|line| line.token.standing != Standing::Deactivated);
        line.ok_or_else(|| {
            let text = "None of your cards is in a wallet like that. It may be removed already. Nothing was changed.";
            self.refusal(StatusCode::NOT_FOUND, "This card is not there", &[text])
                .into()
        })
    }

    fn line(&self, card: Card, token: KnownToken) -> Line {
        let path = format!("{}/remove", PLACE.path(self.sitting.issuer));
        let pairs = [("sitting", self.id.as_str()), ("token", &token.reference)];
        Line {
            card,
            remove: with(&path, &pairs),
            token,
        }
    }

    /// Where a change leads when it is done.
    fn done(&self, change: Change, reference: &str) -> String {
        let pairs = [
            ("sitting", self.id.as_str()),
            ("did", change.word()),
            ("token", reference),
        ];
        with(&PLACE.path(self.sitting.issuer), &pairs)
    }

    fn tokens_page(&mut self, notice: Option<String>) -> Response {
        let (issuer, person) = (self.sitting.issuer, self.sitting.person);
        let mut lines = Vec::new();
        for card in issuer.cards(person) {
            for token in self.bank.0.enrolments.tokens(&card.id) {
                lines.push(self.line(card.clone(), token));
            }
        }
        let page = TokensPage {
            frame: frame(issuer),
            issuer,
            person,
            sitting: self.id.clone(),
            form: self.sitting.form(),
            enrol: self.address(Place::Enrol),
            lines,
            notice,
        };
        pages::render(StatusCode::OK, &page)
    }

    /// MDES did not do it, or nobody knows.
    fn trouble(&self, change: Change, trouble: &Trouble) -> Response {
        let (heading, text) = match (change, trouble) {
            (Change::Pause, Trouble::Undone(_)) => ("We could not pause your card", UNDONE),
            (Change::Resume, Trouble::Undone(_)) => ("We could not resume your card", UNDONE),
            (Change::Remove, Trouble::Undone(_)) => ("We could not remove your card", UNDONE),
            (Change::Pause, Trouble::Unclear(_)) => ("Your card may be paused or not", UNCLEAR),
            (Change::Resume, Trouble::Unclear(_)) => ("Your card may still be paused or not", UNCLEAR),
            (Change::Remove, Trouble::Unclear(_)) => ("Your card may be removed or not", UNCLEAR),
        };
        self.failure(heading, &[text, &format!("What we heard: {trouble}")])
    }
}

impl Bank {
    /// Tells MDES to pause a token: it cannot be used until the bank lets it go on, whoever else does.
    ///
    /// # Errors
    /// A sentence with what MDES answered.
    pub async fn suspend_token(&self, token_unique_reference: &str) -> Result<(), String> {
        Ok(self.change(Change::Pause, token_unique_reference).await?)
    }

    /// Tells MDES to let a token go on that the bank paused.
    ///
    /// # Errors
    /// As [`Self::suspend_token`].
    pub async fn resume_token(&self, token_unique_reference: &str) -> Result<(), String> {
        Ok(self.change(Change::Resume, token_unique_reference).await?)
    }

    /// Tells MDES to delete a token for ever.
    ///
    /// # Errors
    /// As [`Self::suspend_token`].
    pub async fn delete_token(&self, token_unique_reference: &str) -> Result<(), String> {
        Ok(self.change(Change::Remove, token_unique_reference).await?)
    }

    async fn change(&self, change: Change, reference: &str) -> Result<(), Trouble> {
        let word = self.0.network.change_token(change.call(), reference).await?;
        // The notice says the same again; whoever looks before it comes sees what is true.
        self.0.enrolments.changed(reference, word);
        if word.standing == Standing::Deactivated {
            self.0.state.settle(reference);
        }
        Ok(())
    }
}

fn with(path: &str, pairs: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("{path}?{query}")
}

/// The cards in wallets.
#[derive(Template)]
#[template(path = "bank/tokens.html")]
struct TokensPage {
    frame: Frame,
    issuer: &'static Issuer,
    person: &'static Person,
    sitting: String,
    /// The id of the forms of this page: good for one change.
    form: String,
    /// The page on which cards are added to wallets.
    enrol: String,
    lines: Vec<Line>,
    notice: Option<String>,
}

/// Whether a card is really to be removed.
#[derive(Template)]
#[template(path = "bank/token_remove.html")]
struct RemovePage {
    frame: Frame,
    issuer: &'static Issuer,
    sitting: String,
    form: String,
    line: Line,
    /// The list.
    back: String,
}

const PLACE: Place = Place::Tokens;
const UNDONE: &str =
    "Mastercard did not do it, so your card is as it was. Try again in a few minutes; if it happens again, call us.";
const UNCLEAR: &str = "Mastercard’s answer did not reach us. Look at your cards again in a moment: if yours is as it was, \
                       try again. Nothing bad happens when you do it twice.";

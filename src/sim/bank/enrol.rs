//! The bank's own page about wallets: the cardholder's cards, where they are enabled, and who else takes them. A push
//! that starts here is the bank's, so no wallet has to have asked.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::counter::{self, Counter, Place, frame};
use super::directory::{Listed, Requestor};
use super::enrolments::{Enrolment, Standing};
use super::handover::{self, Unsigned};
use super::pages::{self, Enabled, Enrol, EnrolCard, Mistake};
use super::web::{self, Answer, Form, Refusal};
use super::{Bank, PushOptions, Pushed, random};
use crate::sim::catalogue::{Card, issuer};
use crate::sim::processor::CLICK_TO_PAY;

pub fn routes() -> Router<Bank> {
    Router::new()
        .route("/banks/{id}/enrol", get(show).post(enrol))
        .route("/banks/{id}/enrol/sign-in", post(sign_in))
        .route("/banks/{id}/enrol/ask", post(ask_again))
        .route("/requestors/{asset}/logo", get(logo))
}

async fn show(State(bank): State<Bank>, Path(id): Path<String>, uri: Uri) -> Answer {
    let issuer = issuer(&id).ok_or(StatusCode::NOT_FOUND)?;
    let Some(sitting) = counter::asked(&uri, "sitting") else {
        return Ok(counter::sign_in_page(issuer, PLACE, String::new(), None));
    };
    let mut counter = Counter::enter(bank, issuer, PLACE, &sitting).await?;
    Ok(counter.page(Vec::new(), None).await)
}

async fn sign_in(State(bank): State<Bank>, Path(id): Path<String>, request: Request) -> Answer {
    counter::sign_in(&bank, &id, PLACE, request).await
}

/// "Ask now": the list of requestors, however old it is.
async fn ask_again(State(bank): State<Bank>, Path(id): Path<String>, request: Request) -> Answer {
    let issuer = issuer(&id).ok_or(StatusCode::NOT_FOUND)?;
    let form = Form::read(request).await?;
    let mut counter = Counter::enter(bank, issuer, PLACE, form.one("sitting")?).await?;
    counter.require_form(&form)?;
    match counter.bank.refresh_requestors(issuer).await {
        Ok(()) => Ok(counter.page(Vec::new(), None).await),
        Err(reason) => Err(counter.failure("We could not ask for a new list", &[&reason]).into()),
    }
}

async fn enrol(State(bank): State<Bank>, Path(id): Path<String>, request: Request) -> Answer {
    let issuer = issuer(&id).ok_or(StatusCode::NOT_FOUND)?;
    let form = Form::read(request).await?;
    let mut counter = Counter::enter(bank, issuer, PLACE, form.one("sitting")?).await?;
    // A second tap on a button, after the first was answered, leads to the same place.
    if let Some(led) = counter.require_form(&form)? {
        return Ok(web::see_other(&led));
    }
    let wishes = Wishes::read(&form)?;
    let (requestor, cards) = match counter.choice(&form).await? {
        Ok(choice) => choice,
        Err(text) => {
            let chosen = form.all("card").take(CARDS_SENT_MAX).map(str::to_owned).collect();
            return Ok(counter.page(chosen, Some(Mistake { field: "cards", text })).await);
        }
    };
    Ok(counter.push(form.one("form")?, &requestor, &cards, &wishes).await)
}

/// What the fold of advanced wishes says.
struct Wishes {
    callback: bool,
    unsigned: bool,
    options: PushOptions,
}

impl Wishes {
    fn read(form: &Form) -> Result<Self, Refusal> {
        let bad = || Refusal::from(StatusCode::BAD_REQUEST);
        let flag = |name| match form.one(name)? {
            "" => Ok(None),
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(bad()),
        };
        let box_of = |name| match form.one(name)? {
            "" => Ok(false),
            "on" => Ok(true),
            _ => Err(bad()),
        };
        let locale = form.one("locale")?;
        let minutes = form.one("minutes")?;
        let validity_minutes = match minutes {
            "" => None,
            minutes => Some(minutes.parse().ok().filter(|n| (5..=15).contains(n)).ok_or_else(bad)?),
        };
        if !locale.is_empty() && !LOCALES.contains(&locale) {
            return Err(bad());
        }
        Ok(Self {
            callback: box_of("callback")?,
            unsigned: box_of("unsigned")?,
            options: PushOptions {
                validity_minutes,
                locale: Some(locale.to_owned()).filter(|locale| !locale.is_empty()),
                authentication_code: None,
                complete_issuer_app_activation: flag("completeIssuerAppActivation")?,
                complete_website_activation: flag("completeWebsiteActivation")?,
            },
        })
    }
}

impl Counter {
    fn cards(&self) -> Vec<Card> {
        self.sitting.issuer.cards(self.sitting.person)
    }

    /// The list, asked for first where there is none or where it is too old to be used. An old list that could not be
    /// asked for anew comes with the reason.
    async fn list(&self) -> (Option<Listed>, Option<String>) {
        let issuer = self.sitting.issuer;
        let usable = |listed: &Listed| !listed.is_too_old(self.bank.now_ms());
        let kept = match self.bank.listed_requestors(issuer).await {
            Ok(kept) => kept,
            Err(reason) => return (None, Some(reason)),
        };
        if kept.as_ref().is_some_and(usable) {
            return (kept, None);
        }
        match self.bank.refresh_requestors(issuer).await {
            Ok(()) => (self.bank.listed_requestors(issuer).await.unwrap_or_default(), None),
            Err(reason) => (kept, Some(reason)),
        }
    }

    /// Who is to take which cards. A sentence when that is not possible.
    async fn choice(&self, form: &Form) -> Result<Result<(Requestor, Vec<Card>), &'static str>, Refusal> {
        let (listed, fault) = self.list().await;
        let offered = listed.filter(|_| fault.is_none()).map(|listed| listed.requestors);
        let enable = form.one("enable")?;
        let (wanted, ids): (&str, Vec<&str>) = if enable.is_empty() {
            (form.one("requestor")?, form.all("card").take(CARDS_SENT_MAX).collect())
        } else {
            (CLICK_TO_PAY, vec![enable])
        };
        let mut offered = offered.into_iter().flatten();
        let Some(requestor) = offered.find(|requestor| requestor.id == wanted) else {
            return Ok(Err("Choose who is to take the card."));
        };
        let mut cards: Vec<Card> = Vec::new();
        for id in ids {
            let own = self
                .cards()
                .into_iter()
                .find(|card| card.id == id && card.ineligible.is_none());
            let Some(card) = own else {
                return Ok(Err("Choose only cards that can be added."));
            };
            if cards.iter().all(|other| other.id != card.id) {
                cards.push(card);
            }
        }
        Ok(if cards.is_empty() {
            Err("Choose a card.")
        } else if cards.len() > 1 && self.sitting.issuer.is_pan_less() {
            Err("Choose one card. We add cards one at a time.")
        } else if cards.len() > 1 && !requestor.takes_several {
            Err("Choose one card. This wallet takes one at a time.")
        } else if cards.len() > CARDS_MAX {
            Err("Choose five cards at most.")
        } else {
            Ok((requestor, cards))
        })
    }

    /// Pushes and sends the cardholder to the requestor.
    async fn push(&mut self, form: &str, requestor: &Requestor, cards: &[Card], wishes: &Wishes) -> Response {
        let issuer = self.sitting.issuer;
        let enrolment = random::id();
        let back = format!(
            "{}/banks/{}/pushed?enrolment={enrolment}",
            self.bank.public_base(),
            issuer.id
        );
        let ids: Vec<&str> = cards.iter().map(|card| card.id.as_str()).collect();
        let signed_callback = Some(back.as_str()).filter(|_| wishes.callback);
        let pushed = self.bank.push(
            issuer.id,
            &ids,
            None,
            &requestor.id,
            signed_callback,
            wishes.options.clone(),
        );
        let pushed = match pushed.await {
            Ok(pushed) => pushed,
            Err(reason) => {
                let said = format!("What we heard: {reason}");
                let text = "We could not add your card just now. Nothing was changed.";
                return self.failure("That did not work", &[text, &said]);
            }
        };
        let Some(to) = address(&pushed, requestor, signed_callback, wishes) else {
            let text = "The wallet has no website that we could send you to. Nothing was changed.";
            return self.failure("That did not work", &[text]);
        };
        let cards = ids.iter().map(|id| (*id).to_owned()).zip(pushed.by_card);
        self.bank.0.enrolments.enter(
            &enrolment,
            Enrolment {
                issuer,
                requestor: requestor.id.clone(),
                requestor_name: requestor.consumer_name.clone(),
                cards: cards.collect(),
                made_at_ms: self.bank.now_ms(),
                said: Vec::new(),
            },
        );
        self.sitting.use_up(form, &to);
        web::see_other(&to)
    }

    /// Where a card is enabled: by what the processor lists, or by what MDES told this bank.
    async fn enabled(&self, card: &Card) -> Vec<(String, String, Enabled)> {
        if !card.issuer.is_pan_less() {
            let known = self.bank.0.enrolments.tokens(&card.id).into_iter();
            return known
                .map(|token| {
                    let enabled = match token.standing {
                        Standing::Inactive | Standing::Deactivated => Enabled::Unfinished,
                        Standing::Active => Enabled::Yes,
                        Standing::Suspended { .. } => Enabled::Paused,
                    };
                    (token.requestor, token.wallet, enabled)
                })
                .collect();
        }
        let listed = self.bank.tokens_at_the_processor(&card.id).await.unwrap_or_default();
        listed
            .into_iter()
            .map(|token| {
                let enabled = match (token.paused, token.active) {
                    (true, _) => Enabled::Paused,
                    (false, true) => Enabled::Yes,
                    (false, false) => Enabled::Unfinished,
                };
                (token.token_requestor_id, token.wallet, enabled)
            })
            .collect()
    }

    async fn page(&mut self, chosen: Vec<String>, mistake: Option<Mistake>) -> Response {
        let (listed, fault) = self.list().await;
        let now_ms = self.bank.now_ms();
        let age = listed.as_ref().map(|listed| web::age(now_ms - listed.fetched_at_ms));
        let requestors = match (listed, &fault) {
            (Some(listed), None) => listed.requestors,
            _ => Vec::new(),
        };
        let has_click_to_pay = requestors.iter().any(|requestor| requestor.id == CLICK_TO_PAY);
        let mut cards = Vec::new();
        for card in self.cards() {
            let enabled = self.enabled(&card).await;
            let at_click_to_pay = enabled.iter().any(|(requestor, ..)| requestor == CLICK_TO_PAY);
            cards.push(EnrolCard {
                enabled: enabled
                    .into_iter()
                    .map(|(_, wallet, enabled)| (wallet, enabled))
                    .collect(),
                offers_click_to_pay: has_click_to_pay && !at_click_to_pay && card.ineligible.is_none(),
                card,
            });
        }
        let page = Enrol {
            frame: frame(self.sitting.issuer),
            sitting: self.id.clone(),
            form: self.sitting.form(),
            person: self.sitting.person,
            one_at_a_time: self.sitting.issuer.is_pan_less(),
            cards,
            requestors: requestors
                .into_iter()
                .filter(|one| handover::web(&one.push_methods).is_some())
                .collect(),
            age,
            fault,
            locales: &LOCALES,
            chosen,
            mistake,
        };
        let status = match mistake {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        };
        pages::render(status, &page)
    }
}

/// Where the cardholder goes: what MDES answered counts, and the list where it answered nothing.
fn address(pushed: &Pushed, requestor: &Requestor, callback: Option<&str>, wishes: &Wishes) -> Option<String> {
    let methods = if pushed.push_methods.is_empty() {
        &requestor.push_methods
    } else {
        &pushed.push_methods
    };
    let uri = handover::web(methods)?;
    if !wishes.unsigned {
        return Some(handover::signed(uri, pushed.signature.as_deref()?));
    }
    let said = Unsigned {
        callback_url: callback,
        callback_required: None,
        complete_issuer_app_activation: wishes.options.complete_issuer_app_activation,
        complete_website_activation: wishes.options.complete_website_activation,
        locale: wishes.options.locale.as_deref(),
    };
    Some(handover::unsigned(uri, &pushed.receipts, &said))
}

/// A logo out of the bank's database. It is somebody else's, so it gets a policy under which nothing in it runs.
async fn logo(State(bank): State<Bank>, Path(asset): Path<String>) -> Response {
    let Ok(Some(logo)) = bank.0.directory.asset(&asset).await else {
        return web::failure(StatusCode::NOT_FOUND);
    };
    let policy = (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    );
    ([policy], web::file(logo.media_type, logo.data)).into_response()
}

const PLACE: Place = Place::Enrol;
/// What a push may say; the field's form is `xx_YY`.
const LOCALES: [&str; 8] = ["en_US", "de_DE", "es_ES", "fr_FR", "pl_PL", "pt_BR", "ja_JP", "ar_AE"];
const CARDS_MAX: usize = 5;
const CARDS_SENT_MAX: usize = 50;

//! One request inside a visit: who it is, where the visit stands, and every way to go on.

use axum::http::StatusCode;
use axum::response::Response;
use tokio::sync::OwnedMutexGuard;

use super::pages::{self, Cards, Consent, Frame, Mistake, Onward, SignIn};
use super::returns::{self, RETURNS, Return, ReturnStyle, return_style};
use super::state::{Handover, Visit, Wallet};
use super::web::{self, Refusal};
use super::{Bank, PushOptions};
use crate::sim::catalogue::{Card, CodePolicy, Issuer, Outcome, card_by_id};
use crate::sim::lies::{Deed, Lie};

/// Holds the visit's lock, so that a second tap waits for the first.
pub struct Here {
    bank: Bank,
    id: String,
    wallet: Wallet,
    pub visit: OwnedMutexGuard<Visit>,
}

impl Here {
    /// The visit with this id, whatever became of it.
    pub async fn find(bank: Bank, id: String) -> Result<Self, Refusal> {
        let shared = bank.0.state.visit(&id).ok_or(StatusCode::NOT_FOUND)?;
        let visit = shared.lock_owned().await;
        let wallet = bank.wallet(visit.issuer, &visit.trid).await;
        Ok(Self {
            bank,
            id,
            wallet,
            visit,
        })
    }

    /// A visit that may go on.
    pub async fn enter(bank: Bank, id: String) -> Result<Self, Refusal> {
        Self::find(bank, id).await?.admit()
    }

    /// A visit that may go on and knows its person.
    pub async fn enter_signed_in(bank: Bank, id: String) -> Result<Self, Refusal> {
        Self::find(bank, id).await?.admit_signed_in()
    }

    /// Refuses a visit that is over, locked, or older than twelve minutes.
    pub fn admit(self) -> Result<Self, Refusal> {
        if self.visit.handover.is_some() {
            return Err(self.go("return").into());
        }
        if let Some(left_to) = &self.visit.left_to {
            let text = "You have already finished here. If your wallet is waiting, return to it.";
            let onward = Some(Onward::Link(left_to.clone()));
            let frame = self.frame_without_cancel();
            let page = pages::error(StatusCode::GONE, frame, "This visit is over", &[text], onward);
            return Err(page.into());
        }
        if self.visit.failures >= FAILURES_MAX {
            return Err(self.locked_page().into());
        }
        if self.bank.now_ms() - self.visit.opened_at_ms > VISIT_LIFE_MS {
            let text = "For your safety we ended this visit after 12 minutes. Nothing was changed.";
            let onward = Some(Onward::Leave("ERROR"));
            let heading = "You were away too long";
            let page = pages::error(StatusCode::GONE, self.frame(), heading, &[text], onward);
            return Err(page.into());
        }
        Ok(self)
    }

    /// The same, and sends strangers to the sign-in.
    pub fn admit_signed_in(self) -> Result<Self, Refusal> {
        let here = self.admit()?;
        match here.visit.person {
            Some(_) => Ok(here),
            None => Err(here.go("sign-in").into()),
        }
    }

    /// Pushes the chosen cards and sends the cardholder back with the receipts. An app asks how first, and so does a
    /// website that is told to.
    pub async fn push(&mut self, authentication_code: Option<String>, ask_how: bool) -> Response {
        let visit = &self.visit;
        let cards: Vec<&str> = visit.chosen.iter().map(String::as_str).collect();
        let options = PushOptions {
            validity_minutes: None,
            locale: Some(visit.locale.clone().unwrap_or_else(|| "en_US".to_owned())),
            authentication_code,
            ..PushOptions::default()
        };
        let session = Some(visit.session_id.as_str());
        let pushed = self
            .bank
            .push(visit.issuer.id, &cards, session, &visit.trid, None, options);
        match pushed.await {
            Ok(pushed) => {
                let handover = Handover {
                    signature: pushed.signature,
                    receipts: pushed.receipts,
                    made_at_ms: self.bank.now_ms(),
                };
                if let Some(Deed::Return(id)) = self.lie()
                    && let Some(style) = return_style(id)
                {
                    return self.return_badly(style, handover);
                }
                if self.lie() == Some(&Deed::ReturnCut) {
                    return self.return_cut(&handover);
                }
                if ask_how || self.visit.app {
                    self.visit.handover = Some(handover);
                    self.go("return")
                } else {
                    self.go_to_wallet(self.written(&RETURNS[0], &handover))
                }
            }
            Err(reason) => {
                let said = format!("What we heard: {reason}");
                let paragraphs = ["We could not add your card just now. Nothing was changed.", &said];
                let onward = Onward::LeaveOrRetry("ERROR", format!("/visits/{}/consent", self.id));
                let heading = "That did not work";
                pages::error(
                    StatusCode::BAD_GATEWAY,
                    self.frame(),
                    heading,
                    &paragraphs,
                    Some(onward),
                )
            }
        }
    }

    /// Ends the visit where one redirect does it; what takes a page stays open, as if it had been asked for.
    fn return_badly(&mut self, style: &'static ReturnStyle, handover: Handover) -> Response {
        match self.written(style, &handover) {
            way @ Return::Redirect(_) => self.go_to_wallet(way),
            way @ (Return::Page(_) | Return::Post { .. }) => {
                self.visit.handover = Some(handover);
                self.shown(style, way)
            }
        }
    }

    /// Back to a session that nobody has.
    fn return_cut(&mut self, handover: &Handover) -> Response {
        let cut = |text: &str| {
            text.chars()
                .take(text.chars().count().saturating_sub(CUT_CHARS))
                .collect::<String>()
        };
        let (callback, session) = (cut(&self.visit.callback_url), cut(&self.visit.session_id));
        let signed = handover.signature.as_deref();
        let way = returns::address(&RETURNS[0], &callback, signed, &session, &handover.receipts);
        self.go_to_wallet(way)
    }

    /// Sends the cardholder back without a card.
    pub fn leave(&mut self, result: &str) -> Response {
        if let Some(again) = self.already_left() {
            return again;
        }
        let visit = &self.visit;
        self.go_to_wallet(returns::without_card(&visit.callback_url, &visit.session_id, result))
    }

    /// The redirect that ended this visit, if it is over; to the question how to return while that is open.
    pub fn already_left(&self) -> Option<Response> {
        match self.visit.handover {
            Some(_) => Some(self.go("return")),
            None => self.visit.left_to.as_deref().map(web::see_other),
        }
    }

    /// What coming back in this style is, when there is something to come back with.
    pub fn way_back(&self, style: &ReturnStyle) -> Option<Return> {
        let handover = self.visit.handover.as_ref()?;
        Some(self.written(style, handover))
    }

    fn written(&self, style: &ReturnStyle, handover: &Handover) -> Return {
        let visit = &self.visit;
        let signed = handover.signature.as_deref();
        returns::address(
            style,
            &visit.callback_url,
            signed,
            &visit.session_id,
            &handover.receipts,
        )
    }

    /// Ends the visit: whatever is tapped later leads to the same place.
    fn go_to_wallet(&mut self, way: Return) -> Response {
        let (Return::Redirect(to) | Return::Page(to) | Return::Post { url: to, .. }) = way;
        self.visit.left_to = Some(to.clone());
        web::see_other(&to)
    }

    /// 303 to a step of this visit.
    pub fn go(&self, step: &str) -> Response {
        web::see_other(&format!("/visits/{}/{step}", self.id))
    }

    /// The id of this visit.
    pub fn id(&self) -> String {
        self.id.clone()
    }

    pub fn now_ms(&self) -> i64 {
        self.bank.now_ms()
    }

    /// How this bank treats the code of the wallet.
    pub fn code_policy(&self) -> CodePolicy {
        self.bank.0.state.code_policy(self.visit.issuer)
    }

    /// For pages after the last moment at which one could cancel.
    pub fn frame_without_cancel(&self) -> Frame {
        Frame {
            visit: None,
            ..self.frame()
        }
    }

    pub fn frame(&self) -> Frame {
        Frame {
            issuer: Some(self.visit.issuer),
            app: self.visit.app,
            visit: Some(self.id.clone()),
            wallet: self.wallet.name.clone(),
            logo_of: self.wallet.logo.as_ref().map(|_| self.visit.trid.clone()),
        }
    }

    /// The cards of the person who signed in.
    pub fn cards(&self) -> Vec<Card> {
        let issuer = self.visit.issuer;
        let mut cards = self.visit.person.map(|person| issuer.cards(person)).unwrap_or_default();
        if self.lie() == Some(&Deed::NoCard) {
            for card in &mut cards {
                card.ineligible = Some("This card can’t be used in wallets.");
            }
        }
        cards
    }

    /// What a visitor decided about the chosen cards: as usual when nothing was.
    pub fn decided(&self, outcome: Option<&Outcome>, lie: Option<&'static Lie>) {
        self.bank.0.state.force_in_visit(&self.visit.chosen, outcome);
        self.bank.0.lies.set_in_visit(&self.visit.session_id, lie);
    }

    /// What the banks lie about in this visit.
    fn lie(&self) -> Option<&'static Deed> {
        self.bank.0.lies.of(Some(&self.visit.session_id)).map(|lie| &lie.deed)
    }

    pub fn sign_in_page(&self, customer: String, mistake: Option<Mistake>) -> Response {
        let page = SignIn {
            frame: self.frame(),
            to: format!("/visits/{}/sign-in", self.id()),
            purpose: None,
            people: pages::people(self.visit.issuer),
            customer,
            mistake,
        };
        pages::render(status(mistake), &page)
    }

    pub fn locked_page(&self) -> Response {
        let text = "You entered a wrong customer number or password five times. For your safety we stopped here. \
                    Nothing was changed.";
        let onward = Some(Onward::Leave("ERROR"));
        pages::error(
            StatusCode::FORBIDDEN,
            self.frame(),
            "Signing in is locked",
            &[text],
            onward,
        )
    }

    pub fn cards_page(&self, chosen: Vec<String>, mistake: Option<Mistake>) -> Response {
        let Some(person) = self.visit.person else {
            return self.go("sign-in");
        };
        let page = Cards {
            frame: self.frame(),
            person,
            cards: self.cards(),
            chosen,
            one_at_a_time: self.visit.issuer.is_pan_less(),
            mistake,
        };
        pages::render(status(mistake), &page)
    }

    pub fn consent_page(&self, code: String, mistake: Option<Mistake>) -> Response {
        let page = Consent {
            frame: self.frame(),
            cards: self.visit.chosen.iter().filter_map(|id| card_by_id(id)).collect(),
            policy: self.code_policy(),
            code,
            mistake,
        };
        pages::render(status(mistake), &page)
    }
}

impl Bank {
    /// The wallet's name and logo as MDES knows them, remembered for five minutes. When MDES does not tell, the
    /// number has to do, and the next page asks again.
    async fn wallet(&self, issuer: &Issuer, trid: &str) -> Wallet {
        let now = self.now_ms();
        if let Some(wallet) = self.0.state.wallet(trid, now - WALLET_FRESH_MS) {
            return wallet;
        }
        let Ok(Some(requestor)) = self.0.network.token_requestor(issuer, trid).await else {
            return Wallet {
                name: format!("wallet {trid}"),
                logo: None,
            };
        };
        let logo = match &requestor.image_asset_id {
            Some(asset_id) => self.0.network.token_requestor_logo(asset_id).await.unwrap_or_default(),
            None => None,
        };
        let wallet = Wallet {
            name: requestor.name,
            logo,
        };
        self.0.state.learn_wallet(trid, wallet.clone(), now);
        wallet
    }
}

fn status(mistake: Option<Mistake>) -> StatusCode {
    match mistake {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    }
}

/// Wrong passwords after which a visit is locked.
pub const FAILURES_MAX: u8 = 5;
/// How much of an id is lost that is cut off.
const CUT_CHARS: usize = 8;
const VISIT_LIFE_MS: i64 = 12 * 60 * 1000;
const WALLET_FRESH_MS: i64 = 5 * 60 * 1000;

//! Attempts, cards and issuers for the tests of pages: full ones, empty ones and hostile ones.

use crate::app::prose::Prose;
use crate::app::view::{
    Attempt, CardView, Health, IssuerBadge, LifeView, Picture, Reach, Stage, TermsBody, TermsDocument,
};
use crate::domain::card::{CodeNote, Failure};
use crate::domain::id::{AssetId, CardId, CountryCode, IssuerId, SessionId};
use crate::domain::launch::Mechanism;
use crate::domain::life::{CardChange, LifeNote};
use crate::domain::session::StateName;
use crate::domain::token::{AuthenticationMethod, CardFace, MethodKind};

use super::launch_samples::launches;
pub use super::launch_samples::{APP, WEB, When, launch, shown_code, with_code};

/// A name that would be a script if it were not escaped.
pub const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u{202e}";

pub fn badge(name: &str) -> IssuerBadge {
    let country = |code| CountryCode::parse(code).expect("country");
    IssuerBadge {
        id: IssuerId::parse("havorn-no").expect("id"),
        name: name.to_owned(),
        alias: Some("Eagle".to_owned()),
        countries: vec![country("NO"), country("SE"), country("DK")],
        logo: Some(picture("00112233445566aa.webp", 96, 96)),
        reach: Reach::Website,
        mechanism: Mechanism::Forward,
        health: Health::Fine,
    }
}

fn picture(name: &str, width: u32, height: u32) -> Picture {
    Picture {
        name: name.to_owned(),
        width,
        height,
    }
}

/// A card whose issuer has a picture for it, and a colour to write on it unless there is none.
pub fn illustrated_card(name: &str, state: &'static str, foreground: Option<&str>) -> CardView {
    let mut card = card(name, state);
    card.face.foreground = foreground.map(str::to_owned);
    card.art = [
        picture("0011223344556677.webp", 342, 216),
        picture("8899aabbccddeeff.webp", 684, 432),
    ]
    .into();
    card
}

pub fn card(name: &str, state: &'static str) -> CardView {
    CardView {
        waiting_by: None,
        id: CardId::from_random([5; 16]),
        session: SessionId::from_random([6; 16]),
        issuer: name.to_owned(),
        face: CardFace {
            last4: Some("4821".to_owned()),
            product: Some("Moon Rewards".to_owned()),
            phone: Some("+47 22 33 44 55".to_owned()),
            website: Some("https://havorn.example/help".to_owned()),
            ..CardFace::default()
        },
        art: [].into(),
        state,
        failure: None,
        in_wallet: matches!(state, "active" | "inactive" | "suspended"),
        in_doubt: false,
        locked: false,
        methods: Vec::new(),
        has_terms: state == "active",
        duplicate_of: None,
        life: LifeView {
            is_held_elsewhere: state == "suspended",
            may_pause: state == "active",
            may_remove: matches!(state, "active" | "inactive" | "suspended"),
            ..LifeView::default()
        },
        changed_at_ms: 0,
    }
}

/// The life of a card that the cardholder paused.
pub fn paused_here() -> LifeView {
    LifeView {
        is_paused_here: true,
        may_resume: true,
        may_remove: true,
        ..LifeView::default()
    }
}

/// The life of one that is being removed.
pub fn being_removed() -> LifeView {
    LifeView {
        changing: Some(CardChange::Remove),
        ..LifeView::default()
    }
}

/// The life of one that could not be paused just now.
pub fn not_done() -> LifeView {
    LifeView {
        note: Some((LifeNote::NotDone, 0)),
        may_pause: true,
        may_remove: true,
        ..LifeView::default()
    }
}

/// A card of which nothing is known.
pub fn bare_card(state: &'static str) -> CardView {
    CardView {
        face: CardFace::default(),
        ..card("Havørn Bank", state)
    }
}

pub fn methods() -> Vec<AuthenticationMethod> {
    [
        (MethodKind::TextMessage, "+47 ••• •• 321"),
        (MethodKind::Email, "o•••@mail.example"),
        (MethodKind::CallMachine, "+47 800 12 345"),
        (MethodKind::CallPerson, "+47 800 54 321"),
        (MethodKind::IssuerCalls, "+47 ••• •• 321"),
        (MethodKind::Website, "https://havorn.example/confirm"),
        (MethodKind::App, "app"),
        (MethodKind::Unknown, "never shown"),
    ]
    .into_iter()
    .enumerate()
    .map(|(id, (kind, value))| AuthenticationMethod {
        id: id.to_string(),
        kind,
        value: value.to_owned(),
    })
    .collect()
}

pub fn attempt((state, stage): (StateName, Stage)) -> Attempt {
    Attempt {
        id: SessionId::from_random([7; 16]),
        reference: "TM-07070707".to_owned(),
        issuer: badge("Havørn Bank"),
        state,
        stage,
        push: None,
        host_page: None,
        minutes_left: 14,
        version: 3,
    }
}

pub fn checking(retrying: bool) -> (StateName, Stage) {
    checking_for(retrying, if retrying { 20_000 } else { 400 })
}

fn checking_for(retrying: bool, waiting_ms: i64) -> (StateName, Stage) {
    let left_ms = 900_000 - waiting_ms;
    (
        StateName::Returned,
        Stage::Checking {
            waiting_ms,
            left_ms,
            retrying,
        },
    )
}

pub fn terms(pdf: bool) -> (StateName, Stage) {
    let text = "The card in the wallet is the card in your purse: the same account, the same limits, the same care. ";
    let paragraphs: Vec<String> = (1..=8).map(|number| format!("{number}. {}", text.repeat(3))).collect();
    let asset = AssetId::parse("terms-1").expect("asset");
    let body = if pdf {
        TermsBody::Pdf(84_213)
    } else {
        TermsBody::Text(Prose::of_text(&paragraphs.join("\n\n")).expect("short"))
    };
    let stage = Stage::Terms {
        documents: vec![TermsDocument { asset, body }],
        shown: "ab".repeat(32),
        cards: vec![bare_card("eligible"); if pdf { 2 } else { 1 }],
    };
    (StateName::Terms, stage)
}

/// Terms of everything that terms are made of, in a language of their own, and so long that their headings are listed.
fn long_terms() -> (StateName, Stage) {
    let chapter = |number: usize| {
        format!(
            "<h2>{number}. Dispositions générales</h2><p>La carte du <b>portefeuille</b> est <em>celle</em> de votre \
             sac : voir <a href=\"https://bank.example/conditions\">nos conditions</a>.</p><ol><li>{0}<ul><li>et \
             encore ceci</li></ul></li><li>{0}</li></ol><table><tr><th>Frais</th><th>Montant</th></tr><tr><td>Ajout \
             d’une carte</td><td>0 €</td></tr></table>",
            "Le même compte, les mêmes plafonds, la même prudence. ".repeat(14)
        )
    };
    let chapters: String = (1..=8).map(chapter).collect();
    let html = format!("<html lang=\"fr-FR\"><h1>Conditions</h1>{chapters}</html>");
    let stage = Stage::Terms {
        documents: vec![TermsDocument {
            asset: AssetId::parse("terms-1").expect("asset"),
            body: TermsBody::Text(Prose::of_html(&html).expect("whole")),
        }],
        shown: "ab".repeat(32),
        cards: vec![bare_card("eligible")],
    };
    (StateName::Terms, stage)
}

fn adding(in_doubt: bool, waiting_ms: i64) -> Stage {
    Stage::Adding { waiting_ms, in_doubt }
}

/// A document of one paragraph.
pub fn terms_of(text: &str) -> TermsDocument {
    TermsDocument {
        asset: AssetId::parse("terms-1").expect("asset"),
        body: TermsBody::Text(Prose::of_text(text).expect("short")),
    }
}

pub fn step_up(name: &str, note: Option<CodeNote>) -> (StateName, Stage) {
    let card = Box::new(CardView {
        methods: methods(),
        ..card(name, "inactive")
    });
    (StateName::StepUp, Stage::StepUp { card, note })
}

/// A code that is sent in that way.
fn code_by(kind: MethodKind) -> (StateName, Stage) {
    let (state, mut stage) = code(None, Some(0), false);
    if let Stage::Code { method, .. } = &mut stage {
        let found = methods().into_iter().find(|method| method.kind == kind);
        *method = found.expect("a method of each kind");
    }
    (state, stage)
}

/// A wrong code with so many tries left, for a card of which no digits are known.
fn wrong_code(left: u32) -> (StateName, Stage) {
    let (state, mut stage) = code(Some(CodeNote::Wrong), Some(0), false);
    if let Stage::Code { card, tries_left, .. } = &mut stage {
        card.face.last4 = None;
        *tries_left = left;
    }
    (state, stage)
}

pub fn code(note: Option<CodeNote>, resend_in_s: Option<i64>, checking: bool) -> (StateName, Stage) {
    let card = CardView {
        methods: methods(),
        ..card("Havørn Bank", "inactive")
    };
    let stage = Stage::Code {
        method: methods()[0].clone(),
        card: Box::new(card),
        note,
        tries_left: 2,
        resend_in_s,
        checking: checking.then_some(400),
    };
    (StateName::Code, stage)
}

/// A card that waits for what its holder was asked to do without a code.
fn waiting_by(kind: MethodKind) -> (StateName, Stage) {
    let card = CardView {
        waiting_by: methods().into_iter().find(|method| method.kind == kind),
        ..card("Havørn Bank", "inactive")
    };
    outcome(StateName::Pending, vec![card], None)
}

pub fn outcome(state: StateName, cards: Vec<CardView>, failure: Option<Failure>) -> (StateName, Stage) {
    (state, Stage::Outcome { cards, failure })
}

/// Every kind of attempt page, by a name for its file.
pub fn all() -> Vec<(&'static str, Attempt)> {
    let pending = |locked| CardView {
        methods: if locked { Vec::new() } else { methods() },
        locked,
        ..card("Havørn Bank", "inactive")
    };
    let duplicate = CardView {
        duplicate_of: Some(CardId::from_random([8; 16])),
        ..card("Havørn Bank", "duplicate")
    };
    let mut all = launches();
    all.extend([
        ("checking", checking(false)),
        ("checking-slow", checking_for(false, 9_000)),
        ("checking-very-slow", checking_for(false, 25_000)),
        ("checking-retrying", checking(true)),
        ("terms", terms(false)),
        ("terms-pdf", terms(true)),
        ("terms-long", long_terms()),
        ("adding", (StateName::Digitizing, adding(false, 400))),
        ("adding-in-doubt", (StateName::Digitizing, adding(true, 400))),
        ("adding-slow", (StateName::Digitizing, adding(false, 9_000))),
        ("adding-very-slow", (StateName::Digitizing, adding(false, 25_000))),
        ("method", step_up("Havørn Bank", None)),
        ("method-expired", step_up("Havørn Bank", Some(CodeNote::Expired))),
        ("method-not-sent", step_up("Havørn Bank", Some(CodeNote::NotSent))),
        ("method-unsure", step_up("Havørn Bank", Some(CodeNote::Unsure))),
        ("code", code(None, Some(12), false)),
        ("code-wrong", code(Some(CodeNote::Wrong), Some(0), false)),
        ("code-expired", code(Some(CodeNote::Expired), Some(0), false)),
        ("code-resent", code(Some(CodeNote::Resent), Some(25), false)),
        ("code-not-sent", code(Some(CodeNote::NotSent), Some(0), false)),
        ("code-unsure", code(Some(CodeNote::Unsure), None, false)),
        ("code-checking", code(None, None, true)),
        ("code-not-tried", code(Some(CodeNote::NotTried), Some(0), false)),
        ("code-one-left", wrong_code(1)),
        ("code-none-left", wrong_code(0)),
        ("code-call", code_by(MethodKind::CallMachine)),
        ("code-email", code_by(MethodKind::Email)),
        (
            "done",
            outcome(StateName::Active, vec![card("Havørn Bank", "active")], None),
        ),
        (
            "done-several",
            outcome(
                StateName::Active,
                vec![card("Havørn Bank", "active"), bare_card("declined")],
                None,
            ),
        ),
        ("pending", outcome(StateName::Pending, vec![pending(false)], None)),
        ("pending-website", waiting_by(MethodKind::Website)),
        ("pending-called", waiting_by(MethodKind::IssuerCalls)),
        ("pending-locked", outcome(StateName::Pending, vec![pending(true)], None)),
        (
            "suspended",
            outcome(StateName::Active, vec![card("Havørn Bank", "suspended")], None),
        ),
        (
            "removed",
            outcome(StateName::Active, vec![card("Havørn Bank", "deactivated")], None),
        ),
        (
            "declined",
            outcome(StateName::Declined, vec![bare_card("declined")], None),
        ),
        ("cancelled", (StateName::Cancelled, Stage::Cancelled)),
        ("expired", (StateName::Expired, Stage::Expired)),
        ("failed-without-cards", outcome(StateName::Failed, Vec::new(), None)),
        (
            "failed-duplicate",
            outcome(StateName::Failed, vec![duplicate], Some(Failure::Duplicate)),
        ),
    ]);
    all.extend(failed());
    all.into_iter().map(|(name, stage)| (name, attempt(stage))).collect()
}

/// Two cards of which none was added, for each reason.
fn failed() -> Vec<(&'static str, (StateName, Stage))> {
    let cards = || vec![card("Havørn Bank", "failed"), bare_card("failed")];
    let reasons = [
        ("failed-issuer-declined", Failure::IssuerDeclined),
        ("failed-issuer-error", Failure::IssuerError),
        ("failed-receipt-refused", Failure::ReceiptRefused),
        ("failed-not-answering", Failure::NotAnswering),
        ("failed-terms-unavailable", Failure::TermsUnavailable),
        ("failed-refused", Failure::Refused),
        ("failed-nothing-added", Failure::NothingAdded),
        ("failed-too-late", Failure::TooLate),
        ("failed-wrong-code", Failure::WrongCode),
        ("failed-unclear", Failure::Unclear),
    ];
    reasons
        .map(|(name, failure)| (name, outcome(StateName::Failed, cards(), Some(failure))))
        .into()
}

//! Attempts, cards and issuers for the tests of pages: full ones, empty ones and hostile ones.

use crate::app::view::{Attempt, CardView, IssuerBadge, Picture, Reach, ShownCode, Stage, TermsBody, TermsDocument};
use crate::domain::card::{CodeNote, Failure};
use crate::domain::id::{AssetId, CardId, CountryCode, IssuerId, SessionId};
use crate::domain::launch::{Mechanism, Role, Step};
use crate::domain::same_person::SamePersonCode;
use crate::domain::session::StateName;
use crate::domain::token::{AuthenticationMethod, CardFace, MethodKind};

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
        duplicate_of: None,
        changed_at_ms: 0,
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
        reference: "TM-7K2Q-9D4F".to_owned(),
        issuer: badge("Havørn Bank"),
        state,
        stage,
        minutes_left: 14,
        version: 3,
    }
}

pub fn checking(retrying: bool) -> (StateName, Stage) {
    let waiting_ms = if retrying { 20_000 } else { 400 };
    (StateName::Returned, Stage::Checking { waiting_ms, retrying })
}

/// Launched or not, and what came back that was not the return.
#[derive(Clone, Copy)]
pub enum When {
    Offered,
    Launched,
    Elsewhere,
    Empty,
    CodeShown,
}

pub const APP: &str = "https://app.havorn.example/pull?tokenRequestorSessionId=1&callbackURL=https%3A%2F%2Fw%2F";
pub const WEB: &str = "https://cards.havorn.example/pull?tokenRequestorSessionId=1&callbackURL=https%3A%2F%2Fw%2F";

/// A launch page by its mechanism and the roles of its steps.
pub fn launch(mechanism: Mechanism, roles: &[Role], when: When) -> (StateName, Stage) {
    let step = |role: &Role| Step {
        role: *role,
        target: match role {
            Role::Web => Some(WEB.to_owned()),
            Role::Escape | Role::Qr => None,
            Role::App => Some(APP.to_owned()),
            other => Some(format!("{APP}&role={}", other.name())),
        },
    };
    let state = match when {
        When::Offered => StateName::Offered,
        When::Launched | When::Elsewhere | When::Empty | When::CodeShown => StateName::Launched,
    };
    let stage = Stage::Launch {
        mechanism,
        steps: roles.iter().map(step).collect(),
        web_authority: roles.contains(&Role::Web).then(|| "cards.havorn.example".to_owned()),
        launched: state == StateName::Launched,
        returned_elsewhere: matches!(when, When::Elsewhere | When::CodeShown),
        returned_empty: matches!(when, When::Empty),
        code: None,
        return_code_tries: matches!(when, When::CodeShown).then_some(5),
    };
    (state, stage)
}

/// A code, and whether another one came in its place.
pub fn shown_code(is_asked_for: bool, tries_left: Option<u32>) -> ShownCode {
    ShownCode {
        code: SamePersonCode::parse("482107").expect("a code"),
        is_asked_for,
        is_compared: is_asked_for,
        tries_left,
    }
}

/// A launch page with a code.
pub fn with_code((state, stage): (StateName, Stage), shown: ShownCode) -> (StateName, Stage) {
    let mut stage = stage;
    if let Stage::Launch { code, .. } = &mut stage {
        *code = Some(shown);
    }
    (state, stage)
}

/// Every launch page there is, by a name for its file.
fn launches() -> Vec<(&'static str, (StateName, Stage))> {
    let offered = |mechanism, roles: &[Role]| launch(mechanism, roles, When::Offered);
    vec![
        ("launch-auto", offered(Mechanism::Auto, &[Role::App, Role::Web])),
        ("launch-tap", offered(Mechanism::Tap, &[Role::App, Role::Web])),
        ("launch-tap-app", offered(Mechanism::Tap, &[Role::App])),
        (
            "launch-tap-firefox",
            offered(Mechanism::Tap, &[Role::App, Role::AppNoFallback, Role::Web]),
        ),
        (
            "launch-tap-tablet",
            offered(Mechanism::Tap, &[Role::Web, Role::App, Role::Qr]),
        ),
        ("launch-choice", offered(Mechanism::Choice, &[Role::App, Role::Web])),
        (
            "launch-choice-unknown",
            offered(Mechanism::Choice, &[Role::Web, Role::AppAndroid, Role::AppIos]),
        ),
        ("launch-forward", offered(Mechanism::Forward, &[Role::Web])),
        ("launch-forward-qr", offered(Mechanism::Forward, &[Role::Web, Role::Qr])),
        (
            "launch-escape",
            offered(Mechanism::Escape, &[Role::Escape, Role::App, Role::Web]),
        ),
        ("launch-escape-only", offered(Mechanism::Escape, &[Role::Escape])),
        (
            "launch-adapt",
            offered(Mechanism::Adapt, &[Role::Web, Role::AdaptIos, Role::Qr]),
        ),
        (
            "launch-adapt-app",
            offered(Mechanism::Adapt, &[Role::AdaptIos, Role::Qr]),
        ),
        ("launch-qr", offered(Mechanism::Qr, &[Role::Qr])),
        ("launch-static", offered(Mechanism::Static, &[])),
        ("launch-none", offered(Mechanism::None, &[])),
        (
            "launch-code",
            with_code(offered(Mechanism::Forward, &[Role::Web]), shown_code(true, None)),
        ),
        (
            "launch-code-app",
            with_code(
                offered(Mechanism::Auto, &[Role::App, Role::Web]),
                shown_code(false, None),
            ),
        ),
        (
            "waiting-code",
            with_code(
                launch(Mechanism::Tap, &[Role::App, Role::Web], When::Launched),
                shown_code(true, Some(1)),
            ),
        ),
        (
            "waiting",
            launch(Mechanism::Forward, &[Role::Web, Role::Qr], When::Launched),
        ),
        (
            "waiting-app",
            launch(Mechanism::Tap, &[Role::App, Role::Web], When::Launched),
        ),
        ("waiting-app-only", launch(Mechanism::Tap, &[Role::App], When::Launched)),
        (
            "waiting-elsewhere",
            launch(Mechanism::Tap, &[Role::App, Role::Web], When::Elsewhere),
        ),
        (
            "waiting-empty",
            launch(Mechanism::Tap, &[Role::App, Role::Web], When::Empty),
        ),
        (
            "waiting-code",
            launch(Mechanism::Tap, &[Role::App, Role::Web], When::CodeShown),
        ),
    ]
}

pub fn terms(pdf: bool) -> (StateName, Stage) {
    let text = "The card in the wallet is the card in your purse: the same account, the same limits, the same care. ";
    let paragraphs = (1..=8).map(|number| format!("{number}. {}", text.repeat(3))).collect();
    let asset = AssetId::parse("terms-1").expect("asset");
    let body = if pdf {
        TermsBody::Pdf(84_213)
    } else {
        TermsBody::Text(paragraphs)
    };
    let stage = Stage::Terms {
        documents: vec![TermsDocument { asset, body }],
        shown: "ab".repeat(32),
        cards: if pdf { 2 } else { 1 },
    };
    (StateName::Terms, stage)
}

pub fn step_up(name: &str) -> (StateName, Stage) {
    let card = CardView {
        methods: methods(),
        ..card(name, "inactive")
    };
    (
        StateName::StepUp,
        Stage::StepUp {
            card: Box::new(card),
            note: None,
        },
    )
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
        checking,
    };
    (StateName::Code, stage)
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
        ("checking-retrying", checking(true)),
        ("terms", terms(false)),
        ("terms-pdf", terms(true)),
        ("adding", (StateName::Digitizing, Stage::Adding { in_doubt: false })),
        (
            "adding-in-doubt",
            (StateName::Digitizing, Stage::Adding { in_doubt: true }),
        ),
        ("method", step_up("Havørn Bank")),
        ("code", code(None, Some(12), false)),
        ("code-wrong", code(Some(CodeNote::Wrong), Some(0), false)),
        ("code-expired", code(Some(CodeNote::Expired), Some(0), false)),
        ("code-resent", code(Some(CodeNote::Resent), Some(25), false)),
        ("code-not-sent", code(Some(CodeNote::NotSent), Some(0), false)),
        ("code-unsure", code(Some(CodeNote::Unsure), None, false)),
        ("code-checking", code(None, None, true)),
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
        ("pending-locked", outcome(StateName::Pending, vec![pending(true)], None)),
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
    for (name, failure) in [
        ("failed-issuer-declined", Failure::IssuerDeclined),
        ("failed-issuer-error", Failure::IssuerError),
        ("failed-receipt-refused", Failure::ReceiptRefused),
        ("failed-not-answering", Failure::NotAnswering),
        ("failed-terms-unavailable", Failure::TermsUnavailable),
        ("failed-refused", Failure::Refused),
        ("failed-nothing-added", Failure::NothingAdded),
        ("failed-too-late", Failure::TooLate),
        ("failed-wrong-code", Failure::WrongCode),
    ] {
        let cards = vec![card("Havørn Bank", "failed"), bare_card("failed")];
        all.push((name, outcome(StateName::Failed, cards, Some(failure))));
    }
    all.into_iter().map(|(name, stage)| (name, attempt(stage))).collect()
}

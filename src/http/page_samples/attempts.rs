//! The pages of attempts in every state, and with everything that a redirect may want said on them.

use crate::app::view::{Attempt, CardView, Health, PushView, Stage};
use crate::domain::card::Failure;
use crate::domain::host_page::HostPage;
use crate::domain::launch::{Mechanism, Role};
use crate::domain::push::PushTerms;
use crate::domain::session::StateName;

use super::super::guard::Visit;
use super::super::samples::{self, HOSTILE, When};
use super::super::stage::{self, Note};
use super::Page;

/// Every attempt page there is, and again at an issuer with a hostile name.
pub(super) fn attempts(visit: &Visit, csrf: &str) -> Vec<Page> {
    let mut all = Vec::new();
    for (name, attempt) in samples::all() {
        all.push((name.to_owned(), stage::page(visit, csrf, &attempt, None)));
        let mut hostile = attempt;
        hostile.issuer.name = HOSTILE.to_owned();
        all.push((format!("{name}-hostile"), stage::page(visit, csrf, &hostile, None)));
    }
    for (name, attempt) in varied() {
        all.push((name.to_owned(), stage::page(visit, csrf, &attempt, None)));
    }
    for (name, attempt) in pushed() {
        all.push((name.to_owned(), stage::page(visit, csrf, &attempt, None)));
    }
    for (name, note, attempt) in noted() {
        all.push((name, stage::page(visit, csrf, &attempt, Some(note))));
    }
    all
}

/// Attempts that differ from another sample in something around their stage: how the issuer does of late, its logo, a
/// picture of the card, or the page of another site that the cardholder came from.
fn varied() -> Vec<(&'static str, Attempt)> {
    let tap = || samples::attempt(samples::launch(Mechanism::Tap, &[Role::App, Role::Web], When::Offered));
    let at = |health| {
        let mut attempt = tap();
        attempt.issuer.health = health;
        attempt
    };
    let mut letter = tap();
    letter.issuer.logo = None;
    let ended = |state, cards: Vec<CardView>, failure| samples::attempt(samples::outcome(state, cards, failure));
    let with_host = |mut attempt: Attempt| {
        attempt.host_page = HostPage::parse("https://shop.example/basket").ok();
        assert!(attempt.host_page.is_some(), "a page of another site");
        attempt
    };
    let added = || samples::card("Havørn Bank", "active");
    let illustrated = samples::illustrated_card("Havørn Bank", "active", Some("F1C889"));
    let failure = Some(Failure::NothingAdded);
    let mut cancelled = samples::attempt((StateName::Cancelled, Stage::Cancelled));
    cancelled.issuer.logo = None;
    vec![
        ("launch-degraded", at(Health::Degraded)),
        ("launch-down", at(Health::Down)),
        ("launch-letter", letter),
        ("done-art", ended(StateName::Active, vec![illustrated], None)),
        ("done-to-host", with_host(ended(StateName::Active, vec![added()], None))),
        (
            "failed-to-host",
            with_host(ended(StateName::Failed, Vec::new(), failure)),
        ),
        ("cancelled-to-host", with_host(cancelled)),
    ]
}

/// Attempts that a bank began: the question, and the way back where it ended.
fn pushed() -> Vec<(&'static str, Attempt)> {
    let view = |cards, is_signed, is_unnamed| PushView {
        terms: PushTerms {
            is_signed,
            cards,
            must_return: is_signed,
            completes_in_app: false,
            completes_on_website: false,
        },
        is_unnamed,
        leads_back: false,
        has_way_back: is_signed,
        site: is_signed.then(|| "my.havorn.example".to_owned()),
    };
    let asked = |push: PushView| {
        let stage = Stage::Pushed { push: push.clone() };
        let mut attempt = samples::attempt((StateName::Pushed, stage));
        attempt.push = Some(push);
        attempt
    };
    let mut hostile = asked(view(3, false, false));
    hostile.issuer.name = HOSTILE.to_owned();
    let ended = |state, cards: Vec<CardView>, failure| {
        let mut attempt = samples::attempt(samples::outcome(state, cards, failure));
        attempt.push = Some(PushView {
            leads_back: true,
            ..view(1, true, false)
        });
        attempt
    };
    let card = |state| vec![samples::card("Havørn Bank", state)];
    let waiting = vec![CardView {
        methods: samples::methods(),
        ..samples::card("Havørn Bank", "inactive")
    }];
    vec![
        ("push", asked(view(1, true, false))),
        ("push-several-hostile", hostile),
        ("push-unnamed", asked(view(2, true, true))),
        ("push-done", ended(StateName::Active, card("active"), None)),
        ("push-pending", ended(StateName::Pending, waiting, None)),
        (
            "push-failed",
            ended(StateName::Failed, card("failed"), Some(Failure::ReceiptRefused)),
        ),
    ]
}

/// What a redirect wants said, by a name for the page.
fn noted() -> Vec<(String, Note, Attempt)> {
    let roles = &[Role::App, Role::Web];
    let launch = |mechanism, roles: &[Role], when| samples::attempt(samples::launch(mechanism, roles, when));
    let mut all = vec![
        (
            "method-missing".to_owned(),
            Note::ChooseMethod,
            samples::attempt(samples::step_up("Havørn Bank", None)),
        ),
        (
            "method-missing-hostile".to_owned(),
            Note::ChooseMethod,
            samples::attempt(samples::step_up(HOSTILE, None)),
        ),
        (
            "terms-changed".to_owned(),
            Note::TermsChanged,
            samples::attempt(samples::terms(false)),
        ),
        (
            "waiting-checked".to_owned(),
            Note::Checked,
            launch(Mechanism::Forward, &[Role::Web], When::Launched),
        ),
        (
            "waiting-code-spent".to_owned(),
            Note::CodeSpent,
            launch(Mechanism::Tap, &[Role::App], When::Elsewhere),
        ),
    ];
    for note in [Note::CodeEmpty, Note::CodeFormat, Note::Wait] {
        let code = samples::attempt(samples::code(None, Some(9), false));
        all.push((format!("code-{}", note.name()), note, code));
    }
    for note in [Note::CodeEmpty, Note::CodeFormat, Note::CodeWrong] {
        let shown = launch(Mechanism::Tap, roles, When::CodeShown);
        all.push((format!("waiting-{}", note.name()), note, shown));
    }
    all
}

//! The pages before and during the visit to the issuer.

use super::*;

async fn launch_page(mechanism: Mechanism, roles: &[Role], when: When) -> String {
    let attempt = samples::attempt(samples::launch(mechanism, roles, when));
    html(stage::page(&Visit::sample(), "token", &attempt, None)).await
}

#[tokio::test]
async fn a_launch_page_tells_where_it_leads() {
    let id = SessionId::from_random([7; 16]);
    let app_href = format!("href=\"{}\"", APP.replace('&', "&#38;"));
    let web = launch_page(Mechanism::Forward, &[Role::Web], When::Offered).await;
    assert!(web.contains(&format!(
        "href=\"/sessions/{id}/go\" rel=\"noreferrer\" data-launch=\"web\""
    )));
    assert!(web.contains("cards.havorn.example</bdi>") && !web.contains("data-launch=\"app\""));
    assert!(!web.contains(&WEB[..30]), "the website's address is for the redirect");
    let app = launch_page(Mechanism::Tap, &[Role::App], When::Offered).await;
    assert!(app.contains(&app_href));
    assert!(app.contains("data-launch=\"app\"") && !app.contains("data-launch=\"web\""));
    let none = launch_page(Mechanism::None, &[], When::Offered).await;
    assert!(none.contains("only lets you add cards from its phone app") && !none.contains("data-launch"));
    let machine = launch_page(Mechanism::Static, &[], When::Offered).await;
    assert!(!machine.contains("data-launch") && !machine.contains("href=\"http"));
}

#[tokio::test]
async fn only_the_mechanisms_that_may_leave_by_themselves_do() {
    let go = format!("0;url=/sessions/{}/go", SessionId::from_random([7; 16]));
    for (mechanism, roles, auto, forward, refresh) in [
        (Mechanism::Auto, &[Role::App, Role::Web][..], true, false, false),
        (Mechanism::Tap, &[Role::App, Role::Web], false, false, false),
        (Mechanism::Tap, &[Role::Web, Role::App, Role::Qr], false, false, false),
        (Mechanism::Choice, &[Role::App, Role::Web], false, false, false),
        (Mechanism::Forward, &[Role::Web], false, true, true),
        (Mechanism::Adapt, &[Role::Web, Role::AdaptIos], false, true, false),
        (Mechanism::Adapt, &[Role::AdaptIos], false, false, false),
        (
            Mechanism::Escape,
            &[Role::Escape, Role::App, Role::Web],
            false,
            false,
            false,
        ),
        (Mechanism::Qr, &[Role::Qr], false, false, false),
        (Mechanism::Static, &[], false, false, false),
        (Mechanism::None, &[], false, false, false),
    ] {
        let page = launch_page(mechanism, roles, When::Offered).await;
        let name = mechanism.name();
        assert!(page.contains(&format!("data-mechanism=\"{name}\"")), "{name}");
        assert_eq!(page.contains("data-auto=\"1\""), auto, "{name}");
        assert_eq!(page.contains("data-forward=\""), forward, "{name}");
        assert_eq!(page.contains(&go), refresh, "{name}");
        // Who was there and comes back is asked, never sent away again.
        for when in [When::Launched, When::Elsewhere, When::Empty, When::CodeShown] {
            let back = launch_page(mechanism, roles, when).await;
            for leaving in ["data-auto", "data-forward", "http-equiv"] {
                assert!(!back.contains(leaving), "{name} has {leaving}");
            }
        }
    }
    let attempt = samples::attempt(samples::launch(Mechanism::Forward, &[Role::Web], When::Offered));
    for note in [Note::Checked, Note::Opened] {
        let page = html(stage::page(&Visit::sample(), "token", &attempt, Some(note))).await;
        assert!(page.contains("Waiting for Havørn") && !page.contains("http-equiv") && !page.contains("data-forward"));
        assert_eq!(page.contains("hasn’t sent an answer yet"), note == Note::Checked);
    }
}

#[tokio::test]
async fn a_code_is_seen_heard_and_copied_before_anybody_leaves() {
    let show = async |stage, code| {
        let attempt = samples::attempt(samples::with_code(stage, code));
        html(stage::page(&Visit::sample(), "token", &attempt, None)).await
    };
    let certain = || samples::shown_code(true, None);
    let box_of = |page: &str| {
        let at = page.find("<section class=\"same-person\"").expect("a code");
        page[at..page[at..].find("</section>").expect("its end") + at].to_owned()
    };
    for (mechanism, roles) in [
        (Mechanism::Auto, &[Role::App, Role::Web][..]),
        (Mechanism::Forward, &[Role::Web]),
        (Mechanism::Adapt, &[Role::Web, Role::AdaptIos]),
        (Mechanism::Tap, &[Role::App]),
        (Mechanism::Escape, &[Role::Escape, Role::Web]),
    ] {
        let page = show(samples::launch(mechanism, roles, When::Offered), certain()).await;
        let shown = box_of(&page);
        assert!(shown.contains(
            "<data value=\"482107\" dir=\"ltr\" aria-hidden=\"true\"><span>482</span><span>107</span></data>"
        ));
        assert!(shown.contains("<span class=\"hidden\">4, 8, 2, 1, 0, 7</span>"));
        let first_way = page.find("data-launch=").expect("a way to the bank");
        assert!(
            page.find("482107").expect("the code") < first_way,
            "{}",
            mechanism.name()
        );
        for leaving in ["data-auto", "data-forward", "http-equiv=\"refresh\""] {
            assert!(!page.contains(leaving), "{} has {leaving}", mechanism.name());
        }
        assert_eq!(
            shown.contains("on <bdi dir=\"ltr\">cards.havorn.example</bdi>"),
            roles.contains(&Role::Web)
        );
        assert_eq!(shown.contains("in the Havørn Bank app"), roles.contains(&Role::App));
    }
    // Without a way to the bank there is nobody to give it to.
    for (mechanism, roles) in [
        (Mechanism::Qr, &[Role::Qr][..]),
        (Mechanism::None, &[]),
        (Mechanism::Static, &[]),
    ] {
        let page = show(samples::launch(mechanism, roles, When::Offered), certain()).await;
        assert!(!page.contains("482107"), "{}", mechanism.name());
    }
    // What is compared nowhere is not called a proof, and what is optional is not demanded.
    let web = || samples::launch(Mechanism::Forward, &[Role::Web], When::Launched);
    let weak = box_of(&show(web(), samples::shown_code(false, None)).await);
    assert!(
        weak.contains("may ask you for it.") && !weak.contains("It shows that"),
        "{weak}"
    );
    let strong = show(web(), certain()).await;
    assert!(box_of(&strong).contains("asks you for it. It shows that it’s you"));
    assert!(!strong.contains("type it exactly"));
    let wrong = show(web(), samples::shown_code(true, Some(1))).await;
    assert!(
        wrong.contains("You have 1 more try.") && !wrong.contains("Show the ways") && box_of(&wrong).contains("482107")
    );
}

#[tokio::test]
async fn what_came_back_that_was_no_return_leaves_one_thing_to_do_first() {
    let roles = [Role::App, Role::Web];
    for (when, main) in [
        (When::Launched, ">I’ve finished with Havørn Bank</a>"),
        (When::Elsewhere, ">Use the website instead</a>"),
        (When::Empty, ">Try again</a>"),
        (When::CodeShown, ">Go on here</button>"),
    ] {
        let page = launch_page(Mechanism::Tap, &roles, when).await;
        let body = &page[page.find("<main").expect("main")..];
        assert_eq!(body.matches("class=\"button\"").count(), 1, "{main}");
        let button = &body[body.find("class=\"button\"").expect("one")..];
        let end = button.find("</a>").map_or(usize::MAX, |at| at + 4);
        let end = end.min(button.find("</button>").map_or(usize::MAX, |at| at + 9));
        assert!(button[..end].ends_with(main), "{main}: {}", &button[..end]);
    }
    let web = launch_page(Mechanism::Forward, &[Role::Web], When::Empty).await;
    assert!(web.contains("/go\" rel=\"noreferrer\" data-launch=\"web\">Try again</a>"));
    assert!(web.contains("sent you back without an answer") && web.contains(">Choose a different bank</a>"));
}

#[tokio::test]
async fn a_choice_has_no_main_button() {
    let page = launch_page(Mechanism::Choice, &[Role::App, Role::Web], When::Offered).await;
    let main = &page[page.find("<main").expect("main")..];
    assert_eq!(main.matches("class=\"button\"").count(), 0);
    assert!(main.contains(">I have the app</a>") && main.contains(">I don’t have the app</a>"));
}

#[tokio::test]
async fn a_code_and_a_copied_address_are_the_same_for_everybody() {
    let id = SessionId::from_random([7; 16]);
    let public = "http://localhost:8080/issuers/havorn-no";
    let phone = launch_page(Mechanism::Qr, &[Role::Qr], When::Offered).await;
    let figure = &phone[phone.find("<figure").expect("a code")..phone.find("</figure>").expect("its end")];
    assert!(figure.contains("role=\"img\" aria-label=\"QR code that opens"));
    assert!(figure.contains("fill=\"#fff\"/>") && figure.contains("fill=\"#000\"/>"));
    assert!(figure.contains(&format!("dir=\"ltr\">{public}</bdi>")) && !figure.contains(id.as_str()));
    let escape = launch_page(Mechanism::Escape, &[Role::Escape, Role::Web], When::Offered).await;
    let banner =
        &escape[escape.find("banner warn\"><h2>").expect("a banner")..escape.find("class=\"host\"").expect("its end")];
    assert!(banner.contains(&format!("value=\"{public}\"")) && !banner.contains(id.as_str()));
}

//! The pages before and during the visit to the issuer.

use super::super::elsewhere;
use super::*;
use crate::words::{Language, Words};

const IN_APP: &str = "Mozilla/5.0 (Linux; Android 16; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
    Chrome/142.0.0.0 Mobile Safari/537.36 Instagram 400.0.0.0.0 Android";

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
    // In a browser inside an app a page either goes on by itself or asks to be opened elsewhere first, never both.
    let mut inside = Visit::sample();
    inside.device.user_agent = IN_APP.to_owned();
    assert!(inside.is_in_app());
    for (mechanism, roles, goes_on) in [
        (Mechanism::Forward, &[Role::Web][..], true),
        (Mechanism::Tap, &[Role::App, Role::Web], false),
        (Mechanism::Escape, &[Role::Escape, Role::App], false),
    ] {
        let attempt = samples::attempt(samples::launch(mechanism, roles, When::Offered));
        let page = html(stage::page(&inside, "token", &attempt, None)).await;
        let name = mechanism.name();
        assert_eq!(
            page.contains("Open this page in your browser first"),
            !goes_on,
            "{name}"
        );
        assert_eq!(page.contains("data-forward"), goes_on, "{name}");
        assert_eq!(page.contains("http-equiv"), goes_on, "{name}");
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
        let may_open_app = roles.iter().any(|role| [Role::App, Role::AdaptIos].contains(role));
        assert_eq!(shown.contains("in the Havørn Bank app"), may_open_app);
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

/// Every page of this module's, in a language.
async fn in_language(language: Language) -> Vec<(String, String)> {
    let mut visit = Visit::sample();
    visit.words = Words::new(language, "Tidemark".into());
    let mut pages = Vec::new();
    let own = |name: &str| name.starts_with("launch") || name.starts_with("waiting");
    for (name, attempt) in samples::all().into_iter().filter(|(name, _)| own(name)) {
        for note in [None, Some(Note::Checked), Some(Note::CodeWrong), Some(Note::CodeSpent)] {
            let page = html(stage::page(&visit, "token", &attempt, note)).await;
            pages.push((format!("{name}{}", note.map_or("", Note::name)), page));
        }
    }
    let issuer = samples::badge("x").id;
    let name = "Havørn Bank";
    let sign_in = elsewhere::sign_in_page(&visit, &issuer, name, "https://wallet.example/in");
    pages.push(("elsewhere-sign-in".to_owned(), html(sign_in).await));
    let code = elsewhere::code_page(&visit, &issuer, name, "048210");
    pages.push(("elsewhere-code".to_owned(), html(code).await));
    pages
}

/// What a page says itself, seen or heard, without what it takes from others.
fn own_words(page: &str) -> String {
    let main = &page[page.find("<main").expect("main")..page.find("</main>").expect("its end")];
    let strip = main.find("<div class=\"strip\">").map(|at| {
        let end = at + main[at..].find("</div>").expect("the end of the strip");
        (at, end)
    });
    let main = strip.map_or_else(
        || main.to_owned(),
        |(at, end)| format!("{}{}", &main[..at], &main[end..]),
    );
    let mut words = String::new();
    for part in main.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("the end of a tag");
        for attribute in [
            "aria-label=\"",
            "data-text=\"",
            "data-forward=\"",
            "data-moved=\"",
            "data-copied=\"",
        ] {
            let said = tag.split_once(attribute).and_then(|(_, rest)| rest.split_once('"'));
            words.extend(said.map(|(said, _)| format!("{said}\n")));
        }
        words.extend([text, "\n"]);
    }
    let others = [
        "Havørn Bank",
        "cards.havorn.example",
        "http://localhost:8080/issuers/havorn-no",
        "Tidemark",
    ];
    others.iter().fold(words, |words, other| words.replace(other, ""))
}

#[tokio::test]
async fn no_word_of_the_way_there_is_left_in_another_language() {
    let pseudo = Language::of_tag("en-XA").expect("the long one");
    for (name, page) in in_language(pseudo).await {
        let words = own_words(&page);
        // Disguised English keeps these letters as they are.
        let plain = |letter: char| letter.is_ascii_alphabetic() && !"bfmpqvxBFMPQVX".contains(letter);
        let left = words.lines().find(|line| line.chars().any(plain));
        assert_eq!(left, None, "{name}");
        assert!(
            words.chars().filter(|letter| letter.is_alphabetic()).count() > 60,
            "{name} is empty"
        );
    }
}

#[tokio::test]
async fn every_language_says_all_of_the_way_there() {
    for language in Language::with_pseudo() {
        let folder = format!("{}/target/tmp/pages/{}", env!("CARGO_MANIFEST_DIR"), language.tag());
        std::fs::create_dir_all(&folder).expect("a folder");
        for (name, page) in in_language(language).await {
            std::fs::write(format!("{folder}/{name}.html"), &page).expect("a file");
            let head = format!("<html lang=\"{}\" dir=\"{}\">", language.tag(), language.direction());
            assert!(page.contains(&head), "{name} in {language:?}");
            let page = page.replace(['\u{2068}', '\u{2069}'], "");
            let heading = page.split_once("<h1 tabindex=\"-1\">").expect("a heading").1;
            let heading = heading.split_once("</h1>").expect("its end").0;
            let title = match page.contains("role=\"alert\"") {
                true => Words::new(language, "".into())
                    .error_title(heading)
                    .replace(['\u{2068}', '\u{2069}'], ""),
                false => heading.to_owned(),
            };
            assert!(
                page.contains(&format!("<title>{title} ")),
                "{name} in {language:?}: {heading}"
            );
        }
    }
}

#[tokio::test]
async fn the_phone_stands_beside_the_way_from_here_or_below_it() {
    let is_wide = |page: &str| page.contains("class=\"wrap reading sided\"");
    let both = launch_page(Mechanism::Forward, &[Role::Web, Role::Qr], When::Offered).await;
    assert!(is_wide(&both));
    let order = [
        "class=\"strip\"",
        "Choose a different bank",
        "<h1",
        "data-launch=\"web\"",
        "class=\"panel beside\"",
        "<summary>",
        "Already finished",
    ];
    let places: Vec<usize> = order.iter().map(|part| both.find(part).expect(part)).collect();
    assert!(places.is_sorted(), "{order:?} are at {places:?}");
    assert_eq!(
        both.matches("<svg viewBox=\"0 0 37 37\"").count(),
        2,
        "one for each width"
    );
    let plain = launch_page(Mechanism::Forward, &[Role::Web], When::Offered).await;
    let phone = launch_page(Mechanism::Qr, &[Role::Qr], When::Offered).await;
    let waiting = launch_page(Mechanism::Forward, &[Role::Web, Role::Qr], When::Launched).await;
    for (page, codes) in [(&plain, 0), (&phone, 1), (&waiting, 1)] {
        assert!(!is_wide(page));
        assert_eq!(page.matches("class=\"qr\"").count(), codes);
    }
}

#[tokio::test]
async fn a_line_that_will_speak_is_there_from_the_start_and_empty() {
    let lines = |page: &str| -> Vec<String> {
        let tags = page
            .split('<')
            .filter(|part| part.contains("role=\"status\"") || part.contains("aria-live"));
        let line = |part: &str| {
            let (tag, text) = part.split_once('>').expect("the end of a tag");
            assert!(tag.contains("role=\"status\"") && !tag.contains("aria-live"), "{tag}");
            assert_eq!(text, "", "{tag}");
            tag.split_once("id=\"")
                .and_then(|(_, rest)| rest.split_once('"'))
                .expect("an id")
                .0
                .to_owned()
        };
        tags.map(line).collect()
    };
    for (roles, expected) in [
        (&[Role::App, Role::Web][..], &["net", "progress", "nolaunch"][..]),
        (&[Role::Web], &["net", "progress"]),
    ] {
        for when in [When::Offered, When::Launched] {
            assert_eq!(lines(&launch_page(Mechanism::Tap, roles, when).await), expected);
        }
    }
}

#[test]
fn icons_are_ornament_and_small() {
    let icons = include_str!("../../../templates/icons.html");
    let drawn: Vec<(&str, &str)> = icons
        .split("{%- macro ")
        .filter_map(|part| part.split_once("() -%}{% call draw(\""))
        .filter_map(|(name, rest)| Some((name, rest.split('"').nth(2)?)))
        .collect();
    let names: Vec<&str> = drawn.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["back", "chevron", "clock", "phone", "globe"]);
    for (name, path) in drawn {
        assert!(path.starts_with(['M', 'm']) && path.len() < 150, "{name}: {path}");
    }
    assert!(icons.contains("aria-hidden=\"true\" focusable=\"false\""));
}

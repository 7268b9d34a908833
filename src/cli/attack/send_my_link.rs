//! `demo --attack send-my-link`: Mallory starts to add a card, sends Alice the way to her bank, and waits for Alice's card
//! to arrive in his own wallet. Both are played over HTTP, each with a browser of their own.
//!
//! What came of it is not told from pages but counted in the books of MDES, and in the wallet that Mallory sees.

use std::time::Duration;

use crate::clock::Clock;

use crate::cli::browser::{Browser, Page, Tag};
use crate::cli::demo::Demo;
use crate::cli::scenario::bank::{code_on, decide, to_consent};

/// The bank that asks for the code of the wallet.
const ISSUER: &str = "yildiztepe-tr";

/// A page that works for longer than this does not come to an end.
const WAIT_MS_MAX: i64 = 30_000;

/// What Alice types where her bank asks for the code of her wallet. She has no wallet open, so she has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// Nothing.
    Nothing,
    /// Six digits that she makes up.
    Guessed,
    /// The code that Mallory's wallet shows. He tells her on the phone, as "the bank".
    Told,
}

/// Where the way back from the bank ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WayBack {
    /// In Alice's browser, as the bank sends her. Then Mallory gets hold of the address and opens it too.
    Alice,
    /// In Mallory's browser: something on Alice's device caught the address before her browser opened it.
    Mallory,
}

/// One way to play it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scene {
    pub(super) typed: Typed,
    pub(super) way_back: WayBack,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Loot {
    /// Tokens that MDES made for this bank meanwhile.
    pub(super) tokens: usize,
    /// Cards that Mallory's wallet shows.
    pub(super) cards: usize,
}

/// The scenes of the command, each with a title.
const SCENES: [(&str, Scene); 4] = [
    (
        "Alice has no code to type",
        Scene {
            typed: Typed::Nothing,
            way_back: WayBack::Alice,
        },
    ),
    (
        "Alice makes up a code",
        Scene {
            typed: Typed::Guessed,
            way_back: WayBack::Alice,
        },
    ),
    (
        "Alice makes up a code, and Mallory catches her way back",
        Scene {
            typed: Typed::Guessed,
            way_back: WayBack::Mallory,
        },
    ),
    (
        "Mallory calls Alice and tells her his code",
        Scene {
            typed: Typed::Told,
            way_back: WayBack::Alice,
        },
    ),
];

/// What no wallet can tell from an honest return.
const REST: &str = "What no wallet can see: Alice types a code that she was told AND her way back ends in Mallory's browser. \
                    So the page says: nobody should ever ask you to read the code out.";

/// Plays every scene and prints what the two of them see. Answers whether the attack failed each time.
///
/// # Errors
/// What kept a scene from being played.
pub async fn send_my_link(demo: &Demo) -> Result<bool, String> {
    let mut all_failed = true;
    for (number, (title, scene)) in (1..).zip(SCENES) {
        println!("{number}. {title}");
        let (loot, told) = play(demo, scene).await?;
        for line in told {
            println!("   {line}");
        }
        let failed = loot == Loot::default();
        all_failed &= failed;
        if failed {
            println!("   => no token at MDES, no card in Mallory's wallet\n");
        } else {
            println!(
                "   => {} token(s) at MDES, {} card(s) in Mallory's wallet\n",
                loot.tokens, loot.cards
            );
        }
    }
    println!("{REST}");
    Ok(all_failed)
}

/// Plays one scene: what came of it, and what was seen at each step.
///
/// # Errors
/// What kept it from being played to its end.
pub(super) async fn play(demo: &Demo, scene: Scene) -> Result<(Loot, Vec<String>), String> {
    let mut told = Vec::new();
    let mut tell = |line: String| told.push(line);
    let before = tokens(demo);
    let (mut mallory, mut alice) = (Browser::new(), Browser::new());
    let offer = mallory.get(&format!("{}/issuers/{ISSUER}", demo.wallet_url)).await?;
    let attempt = mallory
        .submit(&offer, &offer.form("/sessions")?, &[("issuer", ISSUER)])
        .await?;
    let code = code_on(&attempt);
    let link = bank_link(&mut mallory, &attempt).await?;
    tell(format!(
        "Mallory  starts in his wallet{} and sends Alice the link to her bank",
        code.as_ref()
            .map_or_else(String::new, |code| format!(", is shown the code {code}"))
    ));
    let sign_in = alice.get(&link).await?;
    tell(format!("Alice    opens it: {}", seen(&sign_in)));
    let typed = match (scene.typed, &code) {
        (Typed::Nothing, _) => None,
        (Typed::Told, Some(code)) => Some(code.clone()),
        (Typed::Guessed | Typed::Told, _) => Some(a_guess(code.as_deref())),
    };
    tell(format!(
        "Alice    signs in, chooses her card, types {} and agrees",
        typed.as_deref().unwrap_or("no code")
    ));
    let consent = to_consent(&mut alice, &sign_in).await?;
    alice.follows = false;
    let left = decide(&mut alice, &consent, "add", typed.as_deref()).await?;
    alice.follows = true;
    match left.headers.get("location").and_then(|value| value.to_str().ok()) {
        None => tell(format!(
            "Alice    is kept by her bank: {}{}",
            seen(&left),
            stopped_by(&left)
        )),
        Some(callback) => {
            if scene.way_back == WayBack::Alice {
                let back = alice.get(callback).await?;
                tell(format!("Alice    is sent back: {}{}", seen(&back), stopped_by(&back)));
            }
            let back = mallory.get(callback).await?;
            tell(format!(
                "Mallory  opens the way back himself: {}{}",
                seen(&back),
                stopped_by(&back)
            ));
        }
    }
    let end = goes_on(&mut mallory, &attempt).await?;
    tell(format!("Mallory  looks at his attempt: {}", seen(&end)));
    let home = mallory.get(&format!("{}/", demo.wallet_url)).await?;
    let is_card = |tag: &Tag| {
        tag.attributes
            .get("href")
            .is_some_and(|href| href.starts_with("/cards/"))
    };
    let loot = Loot {
        tokens: tokens(demo) - before,
        cards: home.tags().iter().filter(|tag| is_card(tag)).count(),
    };
    Ok((loot, told))
}

/// Where the button on the attempt's page leads: what Mallory sends.
async fn bank_link(mallory: &mut Browser, attempt: &Page) -> Result<String, String> {
    let way = attempt.link("data-launch", "web").ok_or("no way to the bank")?;
    mallory.follows = false;
    let go = mallory.follow(attempt, &way).await?;
    mallory.follows = true;
    let link = go.headers.get("location").and_then(|value| value.to_str().ok());
    link.map(str::to_owned)
        .ok_or_else(|| "the wallet does not lead to the bank".to_owned())
}

/// Whatever the attempt lets Mallory do, he does: waits while it works, accepts the terms.
async fn goes_on(mallory: &mut Browser, attempt: &Page) -> Result<Page, String> {
    let clock = Clock::system();
    let deadline = clock.now().plus_ms(WAIT_MS_MAX);
    let mut page = mallory.get(&attempt.url).await?;
    while clock.now() < deadline {
        match page.state().as_deref() {
            Some("returned" | "digitizing") => tokio::time::sleep(Duration::from_millis(100)).await,
            Some("terms") => {
                let form = page.form("/terms")?;
                mallory.submit(&page, &form, &[("action", "accept")]).await?;
            }
            _ => return Ok(page),
        }
        page = mallory.get(&attempt.url).await?;
    }
    Err("the attempt never comes to an end".to_owned())
}

fn tokens(demo: &Demo) -> usize {
    let tokens = demo.stage.mdes.tokens();
    tokens.iter().filter(|token| token.issuer_id == ISSUER).count()
}

/// Six digits, and not those of Mallory's wallet.
fn a_guess(code: Option<&str>) -> String {
    let guess = if code == Some("123456") { "654321" } else { "123456" };
    guess.to_owned()
}

/// A page in a few words: status and heading.
fn seen(page: &Page) -> String {
    let heading = page
        .body
        .split_once("<h1")
        .and_then(|(_, rest)| rest.split_once("</h1>"));
    let heading = heading.map_or_else(String::new, |(heading, _)| {
        let body = format!("<h1{heading}");
        Page { body, ..page.clone() }.text()
    });
    format!("{} \"{heading}\"", page.status)
}

/// Which defence a refusal shows.
fn stopped_by(page: &Page) -> &'static str {
    match page.main_attribute("data-problem").as_deref() {
        Some("other-browser") => {
            "\n            stopped by the cookie: another browser started this. The receipt is void."
        }
        Some("wrong-code") => {
            "\n            stopped by the code: it is not the one that the wallet showed. The receipt is void."
        }
        Some("foreign-receipt") => "\n            stopped: the receipt was made void before.",
        Some(_) => "\n            stopped by the wallet.",
        None if page.main_attribute("data-page").is_some() => {
            "\n            stopped by the bank: without the code from the wallet nothing goes on."
        }
        None => "",
    }
}

#[cfg(test)]
#[path = "send_my_link_tests.rs"]
mod tests;

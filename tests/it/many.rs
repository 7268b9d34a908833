//! Many attempts of one browser at a time, each with its own end.

use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::catalogue::{Card, ISSUERS, Outcome, PEOPLE};

use crate::world::{World, session_of};

const ATTEMPTS: usize = 50;
/// The longest `Cookie` header that all of them together may make, in bytes.
const COOKIES_MAX: usize = 1024;

/// From here every bank can be opened, also one with an app alone.
const PHONE: &str =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36";

/// What an attempt does next.
enum Next {
    Return,
    Accept,
    Nothing,
}

struct Attempt {
    card: Card,
    page: Page,
    next: Next,
}

impl Attempt {
    async fn step(&mut self, world: &World, browser: &mut Browser) {
        let session = session_of(&self.page);
        self.page = match self.next {
            Next::Return => {
                let token = world.push(self.card.issuer.id, &[&self.card.id], &session).await;
                let back = browser.get(&world.callback(&session, &token)).await.expect("an answer");
                assert_eq!(session_of(&back), session, "{}", back.text());
                world.work().await;
                self.next = Next::Accept;
                world.look(browser, &back).await
            }
            Next::Accept => {
                assert_eq!(self.page.state().as_deref(), Some("terms"), "{}", self.page.text());
                self.next = Next::Nothing;
                world.accept(browser, &self.page).await
            }
            Next::Nothing => world.look(browser, &self.page).await,
        };
    }

    /// Where it must end, and whose card it must show.
    fn assert_is_right(&self, others: &[String]) {
        let state = self.page.state().unwrap_or_default();
        let text = self.page.text();
        match self.card.outcome {
            Outcome::Approve => assert_eq!(state, "active", "{text}"),
            Outcome::StepUp(_) => assert!(
                ["step-up", "code", "pending"].contains(&state.as_str()),
                "{state}: {text}"
            ),
            Outcome::Decline => assert_eq!(state, "declined", "{text}"),
            Outcome::Error | Outcome::Slow => panic!("nobody among these has such a card"),
        }
        assert!(text.contains(self.card.issuer.name), "{text}");
        if state == "active" {
            assert!(text.contains(&self.card.last4), "{text}");
        }
        for other in others.iter().filter(|other| **other != self.card.last4) {
            assert!(!text.split_whitespace().any(|word| word == other), "{other}: {text}");
        }
    }
}

/// The same disorder at every run.
fn shuffle<T>(items: &mut [T]) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for at in (1..items.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).expect("31 bits") % (at + 1);
        items.swap(at, other);
    }
}

#[tokio::test]
async fn fifty_attempts_of_one_browser_end_in_any_order_and_each_is_right() {
    let world = World::new().await;
    let mut browser = world.browser();
    PHONE.clone_into(&mut browser.user_agent);
    let shelf = ISSUERS
        .iter()
        .flat_map(|issuer| PEOPLE.iter().take(2).flat_map(|person| issuer.cards(person)))
        .filter(|card| card.ineligible.is_none());
    let mut attempts = Vec::new();
    for card in shelf.take(ATTEMPTS) {
        let page = world.start(&mut browser, card.issuer.id).await;
        attempts.push(Attempt {
            card,
            page,
            next: Next::Return,
        });
    }
    assert_eq!(attempts.len(), ATTEMPTS);
    let mut turns: Vec<usize> = (0..ATTEMPTS).cycle().take(3 * ATTEMPTS).collect();
    shuffle(&mut turns);
    for turn in turns {
        attempts[turn].step(&world, &mut browser).await;
    }
    let digits: Vec<String> = attempts.iter().map(|attempt| attempt.card.last4.clone()).collect();
    for attempt in &attempts {
        attempt.assert_is_right(&digits);
    }
    let active = attempts
        .iter()
        .filter(|attempt| attempt.card.outcome == Outcome::Approve)
        .count();
    assert!(active > 10, "{active} of the cards are approved at once");
    assert_eq!(world.asked("digitize"), ATTEMPTS);
    let cookies = browser.cookie_header("localhost").expect("one cookie");
    assert!(cookies.len() < COOKIES_MAX, "{} bytes", cookies.len());
    let names: Vec<&str> = cookies
        .split("; ")
        .filter_map(|crumb| Some(crumb.split_once('=')?.0))
        .collect();
    assert_eq!(
        names.len(),
        2,
        "one for all attempts, one for the banks used before: {names:?}"
    );
}

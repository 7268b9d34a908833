//! The wallet's own pages: its cards when they cannot be read, and the terms of a card, read again.

use crate::wire::Ask;
use crate::world::{APPROVING, World, card};

/// A bank whose terms are a PDF file.
const PRINTING: &str = "silbertann-de";

#[tokio::test]
async fn cards_that_cannot_be_read_are_said_to_be_safe_and_not_to_be_none() {
    for (world, kept) in [
        (World::new().await, "private, no-cache"),
        (World::with_accounts().await, "no-store"),
    ] {
        let mut browser = world.browser();
        browser.get(&world.at("/")).await.expect("an answer");
        world.app.close().await;
        let answer = Ask::get("/").of(&browser).send(&world).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("60")));
        assert_eq!(answer.problem().as_deref(), Some("unavailable"));
        let page = answer.page();
        assert_eq!(page.state().as_deref(), Some("home"));
        assert!(page.text().contains("Your cards are safe"), "{}", page.text());
        assert!(!page.text().contains("No cards yet"), "{}", page.text());
        // The list is there all the same. Where somebody may be signed in, that is not known: it is not kept for Back.
        let list = Ask::get("/issuers").of(&browser).send(&world).await;
        assert_eq!((list.status, list.header("cache-control")), (200, Some(kept)));
    }
}

#[tokio::test]
async fn the_terms_that_were_accepted_can_be_read_again_by_their_owner_alone() {
    let world = World::new().await;
    let mut browser = world.browser();
    for bank in [APPROVING, PRINTING] {
        // Home shows the newest first; without this both would have been added at the same moment.
        world.pass(1_000).await;
        let terms = world.to_terms(&mut browser, bank, &[&card(bank, "ada", 1)]).await;
        world.accept(&mut browser, &terms).await;
        let home = browser.get(&world.at("/")).await.expect("an answer");
        let href = home.link("class", "card").expect("a card");
        let own = browser.get(&world.at(&href)).await.expect("an answer");
        let address = world.at(&format!("{href}/terms"));
        assert!(own.body.contains(&format!("href=\"{href}/terms\"")), "{}", own.text());
        let again = browser.get(&address).await.expect("an answer");
        assert_eq!(again.status, 200);
        if bank == PRINTING {
            assert_eq!(again.headers["content-type"], "application/pdf");
        } else {
            assert_eq!(again.state().as_deref(), Some("card-terms"));
            let paragraph = terms.body.split("<p dir=\"auto\">").nth(1).expect("a paragraph");
            let paragraph = paragraph.split("</p>").next().expect("its end");
            assert!(again.body.contains(paragraph), "{}", again.text());
        }
        let mut stranger = world.browser();
        stranger.get(&world.at("/")).await.expect("an answer");
        assert_eq!(stranger.get(&address).await.expect("an answer").status, 404);
    }
}

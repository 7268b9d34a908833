//! The same for what a cardholder does with a card that is there: paused, gone on with, removed. It is done once or not at
//! all, the page says which, and in the end the wallet shows what MDES has.

use tidemark::sim::mdes::TokenView;

use super::*;

/// What is pressed, the call that it makes, and what becomes of the card if that goes well.
struct Change {
    verb: &'static str,
    call: &'static str,
    done: &'static str,
}

const PAUSE: Change = Change {
    verb: "/suspend",
    call: "suspend",
    done: "suspended",
};
const RESUME: Change = Change {
    verb: "/resume",
    call: "unsuspend",
    done: "active",
};
const REMOVE: Change = Change {
    verb: "/delete",
    call: "delete",
    done: "deactivated",
};

/// What a page says of a wish that was not fulfilled, and the cell that stands for it.
const NOTES: [(&str, &str); 3] = [
    ("Nothing was changed.", "nothing was changed"),
    ("Mastercard did not allow that.", "refused"),
    ("We never learned whether that worked.", "unclear"),
];

async fn card_page(world: &World, browser: &mut Browser) -> Page {
    let home = browser.get(&world.at("/")).await.expect("an answer");
    let mut links = home
        .tags()
        .into_iter()
        .filter_map(|tag| tag.attributes.get("href").cloned());
    let path = links.find(|href| href.starts_with("/cards/")).expect("a card");
    browser.get(&world.at(&path)).await.expect("an answer")
}

fn standing(page: &Page) -> String {
    let tags = page.tags().into_iter();
    let mut states = tags.filter_map(|tag| tag.attributes.get("data-card-state").cloned());
    states.next_back().unwrap_or_default()
}

async fn wish(world: &World, browser: &mut Browser, page: &Page, change: &Change) {
    let from = match change.verb {
        // Removing is asked for on a page of its own.
        "/delete" => browser.get(&format!("{}/delete", page.url)).await.expect("an answer"),
        _ => browser.get(&page.url).await.expect("an answer"),
    };
    world.send(browser, &from, change.verb, &[]).await;
    world.work().await;
}

/// Whether the wallet still has something to find out about a card.
async fn is_open(world: &World) -> bool {
    let open = "SELECT operation FROM effects WHERE status <> 'settled'";
    !world.texts(open).await.is_empty()
}

async fn play(world: &World, change: &Change, (name, fault, times): &Column) -> String {
    let mut browser = world.browser();
    let id = card(APPROVING, "ada", 1);
    let terms = world.to_terms(&mut browser, APPROVING, &[&id]).await;
    world.accept(&mut browser, &terms).await;
    let page = card_page(world, &mut browser).await;
    let token = world.stage.mdes.tokens().last().expect("a token").clone();
    if change.verb == RESUME.verb {
        wish(world, &mut browser, &page, &PAUSE).await;
    }
    let asked = world.asked(change.call);
    world.stage.mdes.inject(change.call, fault(), *times);
    wish(world, &mut browser, &page, change).await;
    // MDES tells of what came late, too.
    late_effects_are_there(world).await;
    world.work().await;
    let mut after_s = 0;
    let mut waits = WAITS_S.iter();
    while is_open(world).await {
        let wait_s = waits
            .next()
            .unwrap_or_else(|| panic!("{name} at {}: it is never over", change.call));
        late_effects_are_there(world).await;
        world.pass(wait_s * 1_000).await;
        after_s += wait_s;
    }
    let seen = browser.get(&page.url).await.expect("an answer");
    let note = NOTES.iter().find(|(words, _)| seen.text().contains(words));
    let note = note.map(|(_, cell)| *cell).unwrap_or_default();
    assert_eq!(
        world.asked(change.call),
        asked + 1,
        "{name} at {}: sent once",
        change.call
    );
    assert_eq!(
        standing(&seen) == change.done,
        note.is_empty(),
        "{name} at {}: {}",
        change.call,
        seen.text()
    );
    world.stage.mdes.clear_faults();
    late_effects_are_there(world).await;
    world.pass(172_800_000).await;
    let mut tokens = world.stage.mdes.tokens().into_iter();
    let same = |now: &TokenView| now.token_unique_reference == token.token_unique_reference;
    let there = tokens.find(same).expect("the token").status;
    let shown = standing(&browser.get(&page.url).await.expect("an answer"));
    assert_eq!(shown, there.to_lowercase(), "{name} at {}: what MDES has", change.call);
    End::of(standing(&seen), note.to_owned(), after_s).text()
}

async fn table(heading: &str, change: &Change) {
    if std::env::var_os("TEST_POSTGRES_URL").is_some() {
        eprintln!("skipped: the table of faults is made on SQLite");
        return;
    }
    let shared = world_of(&Fault::Html).await;
    let mut cells = Vec::new();
    for column in COLUMNS {
        let fault = (column.1)();
        cells.push(if fault == Fault::Hang {
            play(&world_of(&fault).await, change, column).await
        } else {
            play(&shared, change, column).await
        });
    }
    compare(heading, "The card ends as", &cells);
}

#[tokio::test]
async fn suspend() {
    table("`suspend`", &PAUSE).await;
}

#[tokio::test]
async fn unsuspend() {
    table("`unsuspend`", &RESUME).await;
}

#[tokio::test]
async fn delete() {
    table("`delete`, of a card", &REMOVE).await;
}

//! The happy paths, told as stories.

use crate::world::{APPROVING, TEXTING, World, card, session_of};

#[tokio::test]
async fn a_card_comes_from_the_bank_and_is_active() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let done = world.accept(&mut browser, &terms).await;
    assert_eq!(done.state().as_deref(), Some("active"), "{}", done.text());
    let tokens = world.stage.mdes.tokens();
    assert_eq!(tokens.len(), 1);
    assert_eq!(tokens[0].status, "ACTIVE");
    assert_eq!(world.asked("digitize"), 1);
    let home = browser.get(&world.at("/")).await.expect("an answer");
    assert!(home.text().contains(&tokens[0].account_suffix), "{}", home.text());
}

#[tokio::test]
async fn a_bank_that_wants_a_code_gets_it() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world.to_terms(&mut browser, TEXTING, &[&card(TEXTING, "ada", 1)]).await;
    let page = world.accept(&mut browser, &terms).await;
    assert_eq!(page.state().as_deref(), Some("code"), "{}", page.text());
    assert_eq!(world.stage.mdes.tokens()[0].status, "INACTIVE");
    let code = world.stage.bank.phone()[0].code.clone().expect("a code on the phone");
    let form = page.form("/code").expect("a form");
    let judged = browser
        .submit(&page, &form, &[("code", &code)])
        .await
        .expect("an answer");
    assert_eq!(session_of(&judged), session_of(&page));
    world.work().await;
    let done = browser.get(&judged.url).await.expect("an answer");
    assert_eq!(done.state().as_deref(), Some("active"), "{}", done.text());
    assert_eq!(world.stage.mdes.tokens()[0].status, "ACTIVE");
}

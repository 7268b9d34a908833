//! The list of token requestors: when it is asked for, what it survives, and when it is not used.

use super::*;

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;
const ASKED: &str = "getEligibleTokenRequestors";

impl World {
    fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    async fn kept(&self) -> Option<crate::sim::bank::Listed> {
        self.bank.listed_requestors(issuer("havorn-no").unwrap()).await.unwrap()
    }
}

#[tokio::test]
async fn the_schedule_asks_for_all_ranges_at_once_and_again_when_a_day_is_over() {
    let world = World::start().await;
    assert_eq!(world.kept().await, None);
    assert_eq!(world.bank.look_at_requestors().await, Ok(12));
    let (_, body) = world.seen(ASKED).remove(0);
    assert_eq!(body["accountRanges"].as_array().unwrap().len(), 12);
    assert_eq!(world.seen("logo-1").len(), 1);
    let kept = world.kept().await.unwrap();
    assert_eq!(kept.requestors.len(), 3);
    assert_eq!(kept.requestors[1].consumer_name, "Tidemark <b>");
    assert!(kept.requestors[1].takes_several && !kept.requestors[2].takes_several);
    world.pass(DAY_MS - 1);
    assert_eq!(world.bank.look_at_requestors().await, Ok(0));
    world.pass(1);
    assert_eq!(world.bank.look_at_requestors().await, Ok(12));
    assert_eq!(
        (world.seen(ASKED).len(), world.seen("logo-1").len()),
        (2, 1),
        "a logo is fetched once"
    );
    assert_eq!(world.kept().await.unwrap().fetched_at_ms, kept.fetched_at_ms + DAY_MS);
}

#[tokio::test]
async fn what_mdes_does_not_answer_leaves_the_list_as_it_was() {
    let world = World::start().await;
    world.bank.look_at_requestors().await.unwrap();
    let before = world.kept().await;
    world.pass(2 * DAY_MS);
    for answer in [
        json!({"errors": [{"reasonCode": "INTERNAL_SERVICE_FAILURE"}]}),
        json!({"responseId": "1"}),
    ] {
        world.mdes.lock().unwrap().list_answer = Some(answer);
        assert!(world.bank.look_at_requestors().await.is_err());
        assert_eq!(world.kept().await, before);
    }
    // Ranges that MDES does not know are asked for one by one, and none spoils the others.
    let unknown = json!({"errors": [{"reasonCode": "INVALID_FIELD_VALUE", "description": "accountRanges"}]});
    world.mdes.lock().unwrap().list_answer = Some(unknown);
    let asked = world.seen(ASKED).len();
    assert!(world.bank.look_at_requestors().await.is_err());
    assert_eq!(world.seen(ASKED).len(), asked + 13);
    assert_eq!(world.kept().await, before);
}

#[tokio::test]
async fn a_restart_keeps_the_list_and_the_logos() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bank.sqlite");
    let world = World::start().await;
    let base = world.mdes_base();
    let first = World::on(world.mdes.clone(), base.clone(), Some(file.clone()));
    first.bank.look_at_requestors().await.unwrap();
    let kept = first.kept().await;
    drop(first);
    let asked = world.seen("").len();
    let second = World::on(world.mdes.clone(), base, Some(file));
    assert_eq!(second.kept().await, kept);
    let logo = second.get("/requestors/logo-1/logo").await;
    assert!(logo.status == StatusCode::OK && logo.policy.contains("sandbox"));
    assert_eq!(
        second.get("/requestors/logo-2/logo").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(world.seen("").len(), asked, "nobody was asked");
}

#[tokio::test]
async fn a_list_of_three_days_says_so_and_one_of_more_than_fourteen_is_not_used() {
    let world = World::start().await;
    let page = async || {
        let sitting = world.sit("havorn-no", "ada").await;
        world
            .get(&format!("/banks/havorn-no/enrol?sitting={sitting}"))
            .await
            .html
    };
    assert!(page().await.contains("We asked for this list just now."));
    world.pass(3 * DAY_MS);
    assert!(page().await.contains("We asked for this list 3 days ago."));
    assert_eq!(world.seen(ASKED).len(), 1);
    world.pass(11 * DAY_MS);
    assert!(page().await.contains("14 days ago"));
    world.pass(1);
    world.mdes.lock().unwrap().list_answer = Some(json!({"errors": [{"reasonCode": "DOWN", "description": "x"}]}));
    let html = page().await;
    assert!(
        html.contains("14 days ago, which is too long ago") && html.contains("DOWN"),
        "{html}"
    );
    assert!(!html.contains("name=\"requestor\"") && !html.contains("name=\"enable\""));
    world.mdes.lock().unwrap().list_answer = None;
    assert!(page().await.contains("We asked for this list just now."));
    // The button asks whatever the age.
    let (sitting, form) = world.at_the_counter("havorn-no", "ada").await;
    let asked = world.seen(ASKED).len();
    let body = format!("sitting={sitting}&form={form}");
    assert_eq!(
        world.post("/banks/havorn-no/enrol/ask", &body).await.status,
        StatusCode::OK
    );
    assert_eq!(world.seen(ASKED).len(), asked + 1);
}

//! The store by itself, on whichever engine the tests run on.

use std::fs;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use tidemark::domain::Millis;
use tidemark::domain::card::{Card, CardState, EffectStatus, Failure, Operation};
use tidemark::domain::id::{
    AccountReference, AssetId, CardId, CountryCode, Fingerprint, IssuerId, RequestId, SessionId, TaskId, TokenReference,
};
use tidemark::domain::issuer::{Issuer, PullMethods};
use tidemark::domain::link::{LinkFault, Slot};
use tidemark::domain::receipt::ReceiptToken;
use tidemark::domain::session::{Session, State};
use tidemark::domain::token::{EligibilityReceipt, MediaContent};
use tidemark::seal::Sealer;
use tidemark::store::{Moved, Store, StoreFault};

use crate::trace;
use crate::world::{APPROVING, EmptyDatabase, TEXTING, World, card as card_id, execute, secret, texts};

const NOW: Millis = Millis(1_767_268_800_000);
const RECEIPT: &str = "MCC-STL-5EC2E7AA-64B2-4930-A2D1-3D778894B02B";
const DAY: i64 = 86_400_000;

fn sealer() -> Arc<Sealer> {
    Arc::new(Sealer::new(&[7; 32]))
}

/// A store on a database of its own.
struct Kept {
    store: Store,
    database: EmptyDatabase,
}

impl Kept {
    async fn new() -> Self {
        trace::start();
        trace::remember("receipt", RECEIPT);
        let database = EmptyDatabase::new().await;
        let store = Store::open(&database.url, sealer()).await.expect("a store");
        Self { store, database }
    }

    async fn texts(&self, sql: &str) -> Vec<String> {
        texts(&self.database.url, sql).await
    }

    async fn insert(&self, number: u8) -> Session {
        let session = session(number);
        self.store.insert(&session, Some(NOW), NOW).await.expect("inserted");
        session
    }

    async fn read(&self, session: &Session) -> Session {
        let found = self.store.session(&session.id).await.expect("an answer");
        found.expect("the session")
    }

    async fn write(&self, session: &Session) -> Moved {
        let written = self.store.advance(session, None, &[], None, NOW).await;
        written.expect("an answer")
    }
}

fn session(number: u8) -> Session {
    Session::offer(
        SessionId::from_random([number; 16]),
        fingerprint(0xaa),
        (IssuerId::parse("bank").expect("an id"), "Bank".to_owned()),
        NOW,
        900_000,
    )
}

fn fingerprint(number: u8) -> Fingerprint {
    Fingerprint::parse(&format!("{number:02x}").repeat(32)).expect("a fingerprint")
}

fn held(number: u8) -> Card {
    let receipt = ReceiptToken::parse(RECEIPT).expect("a receipt");
    Card::held(CardId::from_random([number; 16]), receipt, fingerprint(number), NOW)
}

/// A session that came back with this card.
fn returned(session: &Session, number: u8) -> Session {
    session
        .clone()
        .accept(vec![held(number)], NOW, 900_000)
        .expect("it may return")
}

/// The same with a token of this account, in the wallet.
fn in_wallet(session: &Session, number: u8, account: &str) -> Session {
    let mut session = returned(session, number);
    let card = &mut session.cards[0];
    card.token = TokenReference::parse(&format!("token-{number}")).ok();
    card.account = AccountReference::parse(account).ok();
    card.become_state(CardState::Active, NOW);
    session.state = State::Active;
    session
}

#[tokio::test]
async fn what_is_written_is_read_again() {
    let kept = Kept::new().await;
    let offered = kept.insert(1).await;
    let mut written = returned(&offered, 1);
    written.device_ip = Some("192.0.2.1".to_owned());
    let task = TaskId::from_random([9; 16]);
    let card = &mut written.cards[0];
    card.secrets.eligibility = Some(EligibilityReceipt::new("permission"));
    card.secrets.code = Some(secret("12345678"));
    card.prepare(Operation::Digitize, RequestId::from_random([8; 16]), Some(task), NOW);
    assert_eq!(kept.write(&written).await, Moved::Moved);
    let found = kept.read(&offered).await;
    assert_eq!(found.version, 1);
    assert_eq!((found.state, found.expires_at), (written.state, written.expires_at));
    assert_eq!((found.owner, found.device_ip), (written.owner, written.device_ip));
    let (found, card) = (&found.cards[0], &written.cards[0]);
    assert_eq!(
        (&found.id, &found.state, &found.effect),
        (&card.id, &card.state, &card.effect)
    );
    assert_eq!(found.secrets.receipt, card.secrets.receipt);
    assert_eq!(
        found.secrets.eligibility.as_ref().map(EligibilityReceipt::expose),
        Some("permission")
    );
    assert!(found.secrets.code.is_some());
    assert_eq!(found.attempts, card.attempts);
    let nobody = SessionId::from_random([99; 16]);
    assert!(kept.store.session(&nobody).await.expect("an answer").is_none());
}

#[tokio::test]
async fn a_write_that_saw_an_older_version_does_not_happen() {
    let kept = Kept::new().await;
    let offered = kept.insert(1).await;
    let launched = offered.clone().launch(NOW).expect("launched");
    assert_eq!(kept.write(&launched).await, Moved::Moved);
    let late = returned(&offered, 1);
    let spent = [fingerprint(1)];
    let written = kept.store.advance(&late, None, &spent, None, NOW).await;
    assert_eq!(written.expect("an answer"), Moved::Lost);
    let found = kept.read(&offered).await;
    assert_eq!((found.state, found.version, found.cards.len()), (State::Launched, 1, 0));
    assert_eq!(kept.store.spender(&fingerprint(1)).await.expect("an answer"), None);
}

#[tokio::test]
async fn a_receipt_is_spent_once_by_whomever() {
    let kept = Kept::new().await;
    let (one, other) = (kept.insert(1).await, kept.insert(2).await);
    let spend = [fingerprint(7), fingerprint(1)];
    let first = kept.store.advance(&returned(&one, 1), None, &spend, None, NOW).await;
    assert_eq!(first.expect("an answer"), Moved::Moved);
    let overlapping = [fingerprint(2), fingerprint(7)];
    let second = kept
        .store
        .advance(&returned(&other, 2), None, &overlapping, None, NOW)
        .await;
    assert_eq!(second.expect("an answer"), Moved::ReceiptSpent);
    let found = kept.read(&other).await;
    assert_eq!((found.state, found.version, found.cards.len()), (State::Offered, 0, 0));
    assert_eq!(
        kept.store.spender(&fingerprint(2)).await.expect("an answer"),
        None,
        "all or nothing"
    );
    assert_eq!(
        kept.store.spender(&fingerprint(7)).await.expect("an answer"),
        Some(Some(one.id))
    );
}

#[tokio::test]
async fn a_receipt_in_quarantine_is_never_used_and_stays_with_whoever_spent_it() {
    let kept = Kept::new().await;
    let one = kept.insert(1).await;
    let bad = [fingerprint(1), fingerprint(2)];
    for _ in 0..2 {
        kept.store.quarantine(&bad, NOW).await.expect("done");
    }
    let refused = kept.store.advance(&returned(&one, 1), None, &bad[..1], None, NOW).await;
    assert_eq!(refused.expect("an answer"), Moved::ReceiptSpent);
    assert_eq!(
        kept.store.spender(&fingerprint(1)).await.expect("an answer"),
        Some(None)
    );
    let good = [fingerprint(3)];
    let moved = kept.store.advance(&returned(&one, 3), None, &good, None, NOW).await;
    assert_eq!(moved.expect("an answer"), Moved::Moved);
    kept.store.quarantine(&good, NOW).await.expect("done");
    assert_eq!(
        kept.store.spender(&fingerprint(3)).await.expect("an answer"),
        Some(Some(one.id))
    );
}

#[tokio::test]
async fn of_sixteen_returns_at_once_one_wins() {
    let kept = Kept::new().await;
    // Sixteen copies of one return.
    let one = kept.insert(1).await;
    let outcomes = race(16, |_| (returned(&one, 1), fingerprint(1)), &kept.store).await;
    assert_eq!(count(&outcomes, Moved::Moved), 1, "{outcomes:?}");
    assert_eq!(count(&outcomes, Moved::Lost), 15, "{outcomes:?}");
    // One receipt offered to sixteen sessions.
    let mut sessions = Vec::new();
    for number in 100..116 {
        sessions.push(kept.insert(number).await);
    }
    let outcomes = race(
        16,
        |n| (returned(&sessions[n], 100 + n as u8), fingerprint(50)),
        &kept.store,
    )
    .await;
    assert_eq!(count(&outcomes, Moved::Moved), 1, "{outcomes:?}");
    assert_eq!(count(&outcomes, Moved::ReceiptSpent), 15, "{outcomes:?}");
}

/// Who asked may leave at any moment: a browser that closes its stream drops the reader that works for it.
#[tokio::test]
async fn a_reader_that_leaves_half_way_leaves_no_connection_that_cannot_write() {
    let kept = Kept::new().await;
    let session = kept.insert(1).await;
    // How often a reader goes on before it is dropped; one that nobody drops needs fewer than the last.
    for steps in 0..40 {
        for _ in 0..4 {
            let mut reader = pin!(kept.store.session(&session.id));
            let mut step = 0;
            poll_fn(|context| {
                step += 1;
                if step > steps {
                    return Poll::Ready(());
                }
                reader.as_mut().poll(context).map(drop)
            })
            .await;
        }
        let mut written = kept.read(&session).await;
        written.returned_empty = !written.returned_empty;
        assert_eq!(kept.write(&written).await, Moved::Moved, "after {steps}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_of_one_moment_while_it_is_written() {
    const WRITES: u8 = 200;
    let kept = Kept::new().await;
    let mut written = returned(&kept.insert(1).await, 1);
    assert_eq!(kept.write(&written).await, Moved::Moved);
    let (store, id) = (kept.store.clone(), written.id.clone());
    // Each write says its number twice: in the row of the session and in that of its card.
    let writer = tokio::spawn(async move {
        for number in 1..=WRITES {
            written.version = i64::from(number);
            written.device_ip = Some(format!("192.0.2.{number}"));
            written.cards[0].changed_at = Millis(i64::from(number));
            let moved = store.advance(&written, None, &[], None, NOW).await;
            assert_eq!(moved.expect("an answer"), Moved::Moved);
        }
    });
    let mut seen = 0;
    while seen < i64::from(WRITES) {
        let done = writer.is_finished();
        let found = kept.store.session(&id).await.expect("an answer").expect("the session");
        if let Some(address) = &found.device_ip {
            seen = found.cards[0].changed_at.0;
            assert_eq!(*address, format!("192.0.2.{seen}"), "half of it is older");
        }
        assert!(!done || seen == i64::from(WRITES), "the writer ended at {seen}");
    }
    writer.await.expect("every write happened");
}

async fn race(count: usize, make: impl Fn(usize) -> (Session, Fingerprint), store: &Store) -> Vec<Moved> {
    let tasks = (0..count).map(|n| {
        let (session, spend) = make(n);
        let store = store.clone();
        tokio::spawn(async move { store.advance(&session, None, &[spend], None, NOW).await })
    });
    let mut outcomes = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        outcomes.push(task.await.expect("it ends").expect("an answer"));
    }
    outcomes
}

fn count(outcomes: &[Moved], wanted: Moved) -> usize {
    outcomes.iter().filter(|outcome| **outcome == wanted).count()
}

#[tokio::test]
async fn an_account_is_in_one_wallet_once() {
    let kept = Kept::new().await;
    let (one, other) = (kept.insert(1).await, kept.insert(2).await);
    let mut strangers = session(3);
    strangers.owner = fingerprint(0xbb);
    kept.store.insert(&strangers, None, NOW).await.expect("inserted");
    assert_eq!(kept.write(&in_wallet(&one, 1, "account")).await, Moved::Moved);
    assert_eq!(kept.write(&in_wallet(&other, 2, "account")).await, Moved::AccountTaken);
    assert_eq!(kept.read(&other).await.cards.len(), 0);
    let mut theirs = in_wallet(&strangers, 3, "account");
    theirs.owner = fingerprint(0xbb);
    assert_eq!(kept.write(&theirs).await, Moved::Moved);
    let twin = kept
        .store
        .card_of_account(&one.owner, "account")
        .await
        .expect("an answer");
    assert_eq!(twin, Some(CardId::from_random([1; 16])));
    // Once the first is gone the account is free.
    let mut gone = kept.read(&one).await;
    gone.cards[0].become_state(CardState::Deactivated, NOW);
    assert_eq!(kept.write(&gone).await, Moved::Moved);
    assert_eq!(
        kept.store
            .card_of_account(&one.owner, "account")
            .await
            .expect("an answer"),
        None
    );
    assert_eq!(kept.write(&in_wallet(&other, 2, "account")).await, Moved::Moved);
    let found = kept
        .store
        .session_of_token(&TokenReference::parse("token-2").expect("a token"))
        .await;
    assert_eq!(found.expect("an answer"), Some(other.id.clone()));
    assert_eq!(
        kept.store.wallet_sessions(&one.owner).await.expect("an answer"),
        [other.id]
    );
}

#[tokio::test]
async fn what_is_due_is_claimed_by_one_worker_until_its_lease_is_over() {
    let kept = Kept::new().await;
    let session = kept.insert(1).await;
    let claims = (0..16).map(|_| {
        let store = kept.store.clone();
        tokio::spawn(async move { store.claim_due(NOW, 30_000).await })
    });
    let mut won = Vec::new();
    for claim in claims.collect::<Vec<_>>() {
        won.extend(claim.await.expect("it ends").expect("an answer"));
    }
    let [(id, fence)] = won.as_slice() else {
        panic!("{won:?}")
    };
    assert_eq!((id, *fence), (&session.id, 1));
    assert_eq!(
        kept.store
            .claim_due(NOW.plus_ms(29_999), 30_000)
            .await
            .expect("an answer"),
        None
    );
    assert_eq!(
        kept.store.next_due(NOW).await.expect("an answer"),
        Some(NOW.plus_ms(30_000))
    );
    let again = kept
        .store
        .claim_due(NOW.plus_ms(30_000), 30_000)
        .await
        .expect("an answer");
    assert_eq!(again, Some((session.id.clone(), 2)));
    // The first worker's fence is no good any more.
    let launched = session.launch(NOW).expect("launched");
    let late = kept.store.advance(&launched, Some(1), &[], None, NOW).await;
    assert_eq!(late.expect("an answer"), Moved::Lost);
    let now = kept.store.advance(&launched, Some(2), &[], None, NOW).await;
    assert_eq!(now.expect("an answer"), Moved::Moved);
}

#[tokio::test]
async fn the_longest_due_comes_first_and_what_is_not_due_does_not_come() {
    let kept = Kept::new().await;
    for (number, due) in [(1, Some(5)), (2, Some(3)), (3, None), (4, Some(1_000))] {
        let session = session(number);
        let due = due.map(|ms| NOW.plus_ms(ms));
        kept.store.insert(&session, due, NOW).await.expect("inserted");
    }
    let at = NOW.plus_ms(10);
    let mut order = Vec::new();
    while let Some((id, _)) = kept.store.claim_due(at, 30_000).await.expect("an answer") {
        order.push(id);
    }
    assert_eq!(
        order,
        [SessionId::from_random([2; 16]), SessionId::from_random([1; 16])]
    );
    assert_eq!(
        kept.store.next_due(at).await.expect("an answer"),
        Some(NOW.plus_ms(1_000))
    );
}

#[tokio::test]
async fn a_session_is_given_back_with_what_the_last_writer_said() {
    let kept = Kept::new().await;
    let session = kept.insert(1).await;
    let (id, fence) = kept
        .store
        .claim_due(NOW, 30_000)
        .await
        .expect("an answer")
        .expect("due");
    // At rest until later.
    let later = Some(NOW.plus_ms(500));
    kept.store.release(&id, fence, Some((0, later))).await.expect("done");
    assert_eq!(
        kept.store.claim_due(NOW.plus_ms(499), 30_000).await.expect("an answer"),
        None
    );
    let (_, fence) = kept
        .store
        .claim_due(NOW.plus_ms(500), 30_000)
        .await
        .expect("an answer")
        .expect("due");
    // Somebody else writes while the worker thinks that nothing is left to do: what they wrote counts.
    let launched = session.launch(NOW).expect("launched");
    let due_now = kept.store.advance(&launched, None, &[], Some(NOW), NOW).await;
    assert_eq!(due_now.expect("an answer"), Moved::Moved);
    kept.store.release(&id, fence, Some((0, None))).await.expect("done");
    let (_, newer) = kept
        .store
        .claim_due(NOW, 30_000)
        .await
        .expect("an answer")
        .expect("due again");
    // A worker whose lease is over gives nothing back.
    kept.store.release(&id, fence, None).await.expect("done");
    assert_eq!(kept.store.claim_due(NOW, 30_000).await.expect("an answer"), None);
    kept.store.release(&id, newer, Some((1, None))).await.expect("done");
    assert_eq!(kept.store.next_due(NOW).await.expect("an answer"), None);
}

#[tokio::test]
async fn a_task_and_a_number_of_an_order_exist_once() {
    let kept = Kept::new().await;
    let offered = kept.insert(1).await;
    let mut first = returned(&offered, 1);
    let task = TaskId::from_random([9; 16]);
    first.cards[0].prepare(Operation::Digitize, RequestId::from_random([8; 16]), Some(task), NOW);
    assert_eq!(kept.write(&first).await, Moved::Moved);
    assert_eq!(kept.store.effects_in_doubt().await.expect("an answer"), 0);
    let mut doubted = kept.read(&offered).await;
    doubted.cards[0].effect.as_mut().expect("an effect").status = EffectStatus::InDoubt;
    assert_eq!(kept.write(&doubted).await, Moved::Moved);
    assert_eq!(kept.store.effects_in_doubt().await.expect("an answer"), 1);
    // A second order for the same card cannot even be written down.
    let mut second = kept.read(&offered).await;
    let effect = second.cards[0].effect.as_mut().expect("an effect");
    effect.request = RequestId::from_random([7; 16]);
    effect.task = Some(TaskId::from_random([6; 16]));
    let written = kept.store.advance(&second, None, &[], None, NOW).await;
    assert!(matches!(written, Err(StoreFault::Engine(_))), "{written:?}");
    assert_eq!(kept.read(&offered).await.version, 2);
}

#[tokio::test]
async fn secrets_rest_sealed_bound_to_their_row_and_only_as_long_as_needed() {
    let kept = Kept::new().await;
    let offered = kept.insert(1).await;
    let mut written = returned(&offered, 1);
    written.cards[0].secrets.code = Some(secret("98765432"));
    written.cards[0].secrets.eligibility = Some(EligibilityReceipt::new("the-permission"));
    assert_eq!(kept.write(&written).await, Moved::Moved);
    let everything = kept
        .texts("SELECT id || receipt || body || receipt_sealed || eligibility_sealed || code_sealed FROM cards")
        .await;
    for clear in [RECEIPT, "5EC2E7AA", "98765432", "the-permission"] {
        assert!(!everything[0].contains(clear), "{clear} stands in the table");
    }
    if kept.database.url.starts_with("sqlite") {
        for entry in fs::read_dir(kept.database.folder.path()).expect("a folder") {
            let path = entry.expect("an entry").path();
            let bytes = fs::read(&path).expect("a file");
            for clear in ["5EC2E7AA", "98765432", "the-permission"] {
                let found = bytes.windows(clear.len()).any(|window| window == clear.as_bytes());
                assert!(!found, "{clear} stands in {}", path.display());
            }
        }
    }
    // Another row's or another column's value does not open here.
    execute(&kept.database.url, "UPDATE cards SET code_sealed = eligibility_sealed").await;
    let swapped = kept.store.session(&offered.id).await;
    assert!(
        matches!(&swapped, Err(StoreFault::Inconsistent { table: "cards", .. })),
        "{swapped:?}"
    );
    execute(&kept.database.url, "UPDATE cards SET code_sealed = NULL").await;
    let mut over = kept.read(&offered).await;
    let reason = Failure::Refused;
    over.cards[0].become_state(CardState::Failed { reason }, NOW);
    assert_eq!(kept.write(&over).await, Moved::Moved);
    let left = "SELECT COALESCE(receipt_sealed, '') || COALESCE(eligibility_sealed, '') || COALESCE(code_sealed, '') \
                FROM cards";
    assert_eq!(kept.texts(left).await, [""]);
}

#[tokio::test]
async fn another_storage_key_opens_nothing() {
    let kept = Kept::new().await;
    let offered = kept.insert(1).await;
    assert_eq!(kept.write(&returned(&offered, 1)).await, Moved::Moved);
    kept.store.close().await;
    let stranger = Arc::new(Sealer::new(&[8; 32]));
    let store = Store::open(&kept.database.url, stranger).await.expect("a store");
    let found = store.session(&offered.id).await;
    assert!(
        matches!(found, Err(StoreFault::Inconsistent { table: "cards", .. })),
        "{found:?}"
    );
    store.close().await;
}

#[tokio::test]
async fn a_row_that_cannot_be_is_named() {
    let kept = Kept::new().await;
    let offered = kept.insert(1).await;
    let mut written = returned(&offered, 1);
    let card = written.cards[0].id.to_string();
    let request = RequestId::from_random([8; 16]);
    written.cards[0].prepare(Operation::Digitize, request.clone(), None, NOW);
    assert_eq!(kept.write(&written).await, Moved::Moved);
    for (table, column, bad, id) in [
        ("effects", "operation", "'dance'", request.as_str()),
        ("effects", "status", "'forgotten'", request.as_str()),
        ("effects", "number", "-1", request.as_str()),
        ("cards", "body", "'{}'", card.as_str()),
        ("cards", "receipt_sealed", "'1.AAAA'", card.as_str()),
        ("cards", "receipt", "'short'", card.as_str()),
        ("sessions", "owner", "'nobody'", offered.id.as_str()),
        (
            "sessions",
            "body",
            "'{\"state\":{\"state\":\"flying\"}}'",
            offered.id.as_str(),
        ),
    ] {
        execute(&kept.database.url, &format!("UPDATE {table} SET {column} = {bad}")).await;
        match kept.store.session(&offered.id).await {
            Err(StoreFault::Inconsistent {
                table: named,
                id: which,
            }) => {
                assert_eq!((named, which.as_str()), (table, id), "{column}");
            }
            other => panic!("{table}.{column}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_broken_row_keeps_nobody_else_from_being_served() {
    let world = World::new().await;
    let (mut broken, mut sound) = (world.browser(), world.browser());
    let lost = world
        .come_back(&mut broken, APPROVING, &[&card_id(APPROVING, "ada", 1)])
        .await;
    world.tamper("UPDATE cards SET receipt_sealed = '1.AAAA'").await;
    let page = world.look(&mut broken, &lost).await;
    assert_eq!(page.status, 500);
    assert_eq!(page.main_attribute("data-problem").as_deref(), Some("internal"));
    let back = world
        .come_back(&mut sound, TEXTING, &[&card_id(TEXTING, "ada", 1)])
        .await;
    world.work().await;
    assert_eq!(world.look(&mut sound, &back).await.state().as_deref(), Some("terms"));
}

#[tokio::test]
async fn migrations_run_again_over_rows_and_change_nothing() {
    let kept = Kept::new().await;
    let offered = kept.insert(1).await;
    assert_eq!(kept.write(&returned(&offered, 1)).await, Moved::Moved);
    kept.store.close().await;
    let again = Store::open(&kept.database.url, sealer()).await.expect("a store");
    let found = again
        .session(&offered.id)
        .await
        .expect("an answer")
        .expect("the session");
    assert_eq!((found.version, found.cards.len()), (1, 1));
    assert!(again.answers().await.is_ok());
    again.close().await;
    assert!(again.answers().await.is_err());
}

#[tokio::test]
async fn a_sqlite_file_has_one_owner_and_a_server_has_many() {
    let kept = Kept::new().await;
    let second = Store::open(&kept.database.url, sealer()).await;
    if kept.database.url.starts_with("sqlite") {
        let Err(StoreFault::Lock(why)) = second else {
            panic!("a second owner")
        };
        assert!(why.contains("another process uses this database"), "{why}");
        kept.store.close().await;
        let next = Store::open(&kept.database.url, sealer())
            .await
            .expect("the file is free");
        next.close().await;
    } else {
        let second = second.expect("a server takes any number");
        let session = kept.insert(1).await;
        assert!(second.session(&session.id).await.expect("an answer").is_some());
        second.close().await;
    }
}

#[tokio::test]
async fn a_start_on_a_file_takes_the_leases_of_the_process_before() {
    let kept = Kept::new().await;
    if !kept.database.url.starts_with("sqlite") {
        return;
    }
    let session = kept.insert(1).await;
    let (_, fence) = kept
        .store
        .claim_due(NOW, 30_000)
        .await
        .expect("an answer")
        .expect("due");
    kept.store.close().await;
    let next = Store::open(&kept.database.url, sealer())
        .await
        .expect("the file is free");
    let claimed = next.claim_due(NOW, 30_000).await.expect("an answer");
    assert_eq!(claimed, Some((session.id, fence + 2)));
    next.close().await;
}

#[tokio::test]
async fn what_left_no_token_is_forgotten_after_a_month_and_receipts_after_three() {
    let kept = Kept::new().await;
    let spend = |number| [fingerprint(number)];
    let (failed, in_use, fresh) = (kept.insert(1).await, kept.insert(2).await, kept.insert(3).await);
    let mut over = returned(&failed, 1);
    over.cards[0].prepare(Operation::Digitize, RequestId::from_random([8; 16]), None, NOW);
    over.cards[0].settle();
    over.cards[0].become_state(CardState::Declined, NOW);
    over.state = State::Declined;
    for (session, number) in [(&over, 1), (&in_wallet(&in_use, 2, "account"), 2)] {
        let moved = kept.store.advance(session, None, &spend(number), None, NOW).await;
        assert_eq!(moved.expect("an answer"), Moved::Moved);
    }
    let all = "SELECT id FROM sessions UNION ALL SELECT id FROM cards UNION ALL SELECT request_id FROM effects";
    kept.store.trim(NOW.plus_ms(30 * DAY)).await.expect("done");
    assert_eq!(kept.texts(all).await.len(), 6);
    kept.store.trim(NOW.plus_ms(30 * DAY + 1)).await.expect("done");
    let mut left = kept.texts("SELECT id FROM sessions").await;
    left.sort();
    assert_eq!(
        left,
        [in_use.id.to_string(), fresh.id.to_string()],
        "the third is still due"
    );
    assert_eq!(kept.texts(all).await.len(), 3);
    assert!(kept.store.spender(&fingerprint(1)).await.expect("an answer").is_some());
    kept.store.trim(NOW.plus_ms(90 * DAY)).await.expect("done");
    assert!(kept.store.spender(&fingerprint(1)).await.expect("an answer").is_some());
    kept.store.trim(NOW.plus_ms(90 * DAY + 1)).await.expect("done");
    assert_eq!(kept.store.spender(&fingerprint(1)).await.expect("an answer"), None);
    assert_eq!(kept.texts("SELECT id FROM cards").await.len(), 1);
}

#[tokio::test]
async fn whom_an_issuer_opens_is_remembered_as_it_was_first_seen() {
    let kept = Kept::new().await;
    let (a, b) = (
        IssuerId::parse("a").expect("an id"),
        IssuerId::parse("b").expect("an id"),
    );
    let places = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(kept.store.pins().await.expect("an answer"), []);
    for (issuer, seen) in [(&a, "bank.example com.bank"), (&b, "bank:"), (&a, "evil.example")] {
        kept.store.pin(issuer, &places(seen), NOW).await.expect("done");
    }
    let mut pins = kept.store.pins().await.expect("an answer");
    pins.sort();
    let first = [("a", "bank.example com.bank"), ("b", "bank:")];
    assert_eq!(pins, first.map(|(issuer, seen)| (issuer.to_owned(), places(seen))));
}

#[tokio::test]
async fn the_directory_is_replaced_as_a_whole_and_assets_never_change() {
    let kept = Kept::new().await;
    let issuer = |id: &str| Issuer {
        id: IssuerId::parse(id).expect("an id"),
        name: "Bånk, \"the\" 銀行".to_owned(),
        alias: Some("Bank".to_owned()),
        countries: ["NO", "SE"]
            .map(|code| CountryCode::parse(code).expect("a country"))
            .into(),
        logo: AssetId::parse("logo-1").ok(),
        methods: PullMethods {
            web: Some("https://bank.example/pull?a=b".to_owned()),
            ..PullMethods::default()
        },
        rejected: vec![(Slot::Ios, LinkFault::Scheme)],
    };
    assert_eq!(kept.store.directory().await.expect("an answer").fetched_at, None);
    let (a, b, c) = (issuer("a"), issuer("b"), issuer("c"));
    kept.store
        .replace_directory(&[b.clone(), a.clone()], NOW)
        .await
        .expect("done");
    let later = NOW.plus_ms(1);
    kept.store
        .replace_directory(&[c.clone(), a.clone()], later)
        .await
        .expect("done");
    let stored = kept.store.directory().await.expect("an answer");
    assert_eq!((stored.issuers, stored.fetched_at), (vec![c, a.clone()], Some(later)));
    // A list that cannot be stored leaves the old one.
    assert!(kept.store.replace_directory(&[b.clone(), b], NOW).await.is_err());
    let stored = kept.store.directory().await.expect("an answer");
    assert_eq!((stored.issuers.len(), stored.fetched_at), (2, Some(later)));
    let part = |bytes: &[u8]| MediaContent {
        media_type: "image/png".to_owned(),
        bytes: bytes.to_vec(),
        width: Some(1),
        height: None,
    };
    let asset = AssetId::parse("asset").expect("an id");
    assert_eq!(kept.store.asset(&asset).await.expect("an answer"), None);
    let parts = vec![part(b"\0first"), part(b"")];
    kept.store.keep_asset(&asset, &parts, NOW).await.expect("done");
    kept.store
        .keep_asset(&asset, &[part(b"other"), part(b"x"), part(b"y")], NOW)
        .await
        .expect("done");
    assert_eq!(kept.store.asset(&asset).await.expect("an answer"), Some(parts));
}

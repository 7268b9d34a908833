//! The wallet's own app: what the platforms are told, what becomes of a way back that missed the app, and whether
//! `check` notices each way in which the association can be wrong.

use serde_json::{Value, json};

use crate::wire::Ask;
use crate::world::{APPROVING, World, card, session_of};

/// The settings of a wallet with an app, as an operator would write them.
pub const APP: [(&str, &str); 3] = [
    ("TIDEMARK_APP__ANDROID_PACKAGE", "com.example.wallet"),
    (
        "TIDEMARK_APP__ANDROID_FINGERPRINTS",
        "14:6d:e9:83:c5:73:06:50:d8:ee:b9:95:2f:34:fc:64:16:a0:83:42:e6:1d:be:a8:8a:04:96:b2:3f:cf:44:e5,\
         8f3a6c1be0d2954778a1fc03b56e2d9914c7e8b02f5a6d3190cb7e4482d6f1a5",
    ),
    ("TIDEMARK_APP__IOS_APP_IDS", "ABCDE12345.com.example.wallet"),
];

const ASSET_LINKS: &str = "/.well-known/assetlinks.json";
const APPLE: &str = "/.well-known/apple-app-site-association";

// What the platforms are told.

#[tokio::test]
async fn the_platforms_are_told_of_the_app_in_one_answer_without_a_cookie() {
    let world = World::with(&APP).await;
    let told = [
        (
            ASSET_LINKS,
            json!([{
                "relation": ["delegate_permission/common.handle_all_urls"],
                "target": {
                    "namespace": "android_app",
                    "package_name": "com.example.wallet",
                    "sha256_cert_fingerprints": [
                        "14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5",
                        "8F:3A:6C:1B:E0:D2:95:47:78:A1:FC:03:B5:6E:2D:99:14:C7:E8:B0:2F:5A:6D:31:90:CB:7E:44:82:D6:F1:A5",
                    ],
                },
            }]),
        ),
        (
            APPLE,
            json!({
                "applinks": {"details": [{
                    "appIDs": ["ABCDE12345.com.example.wallet"],
                    "components": [
                        {"/": "/callback/*", "exclude": true, "comment": "what a browser began ends in the browser"},
                        {"/": "/sessions/*", "exclude": true, "comment": "what a browser began ends in the browser"},
                        {"/": "/app/callback/*", "comment": "what the app began comes back to the app"},
                    ],
                }]},
                "webcredentials": {"apps": ["ABCDE12345.com.example.wallet"]},
            }),
        ),
    ];
    for (path, expected) in told {
        let answer = Ask::get(path).send(&world).await;
        assert_eq!((answer.status, answer.header("location")), (200, None), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"), "{path}");
        assert_eq!(answer.header("set-cookie"), None, "{path}");
        let found: Value = serde_json::from_slice(&answer.body).expect("JSON");
        assert_eq!(found, expected, "{path}");

        let head = Ask::new("HEAD", path).send(&world).await;
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        let but_date = |answer: &crate::wire::Answer| {
            let mut headers = answer.headers.clone();
            headers.retain(|(name, _)| name != "date");
            headers
        };
        assert_eq!(
            but_date(&head),
            but_date(&answer),
            "{path}: HEAD tells the same, its length too"
        );
        assert_eq!(head.header("content-length"), Some(&*answer.body.len().to_string()));

        let foreign = Ask::get(path).with("host", "evil.example").send(&world).await;
        assert_eq!(foreign.status, 421, "{path}: under our name only");
        for other in ["POST", "OPTIONS"] {
            assert_eq!(Ask::new(other, path).send(&world).await.status, 405, "{path}");
        }
        for near in [format!("{path}/"), path.replace(".well-known", ".Well-Known")] {
            assert_eq!(Ask::get(&near).send(&world).await.status, 404, "{near}");
        }
    }
}

#[tokio::test]
async fn a_platform_without_an_app_is_told_nothing() {
    for (settings, android, ios) in [(&APP[..0], 404, 404), (&APP[..2], 200, 404), (&APP[2..], 404, 200)] {
        let world = World::without_directory(settings).await;
        for (path, status) in [(ASSET_LINKS, android), (APPLE, ios)] {
            let answer = Ask::get(path).send(&world).await;
            assert_eq!((answer.status, answer.header("set-cookie")), (status, None), "{path}");
        }
    }
}

// A way back that missed the app.

#[tokio::test]
async fn a_way_back_that_missed_the_app_moves_nothing_and_leaves_the_receipt_behind() {
    let world = World::with(&APP).await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let session = session_of(&attempt);
    let signed = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let before = world.books().await;
    let genuine = format!("pushAccountData={signed}&tokenRequestorSessionId={session}");
    for query in [
        &*genuine,
        "result=CANCELLED",
        "result=ERROR&result=DECLINED",
        "receipt=MCC-1,MCC-2",
        "x=%zz&%00=%ff",
        "pushAccountData=%3Cscript%3E",
        "",
    ] {
        for id in [
            &*session,
            "00000000-0000-4000-8000-000000000000",
            "x",
            "%ff%fe",
            "..%2f..",
        ] {
            let target = format!("/app/callback/{id}?{query}");
            // The session's own browser, and a stranger's.
            for ask in [Ask::get(&target).of(&browser), Ask::get(&target)] {
                let answer = ask.send(&world).await;
                assert_eq!(answer.status, 303, "{target}");
                assert_eq!(answer.header("location"), Some("/app#main"), "{target}");
                assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{target}");
                assert_eq!((answer.header("set-cookie"), answer.body.len()), (None, 0), "{target}");
            }
        }
    }
    let target = format!("/app/callback/{session}?{genuine}");
    for ask in [
        Ask::new("HEAD", &target),
        Ask::get(&target).with("sec-purpose", "prefetch"),
        Ask::get(&target).with("sec-fetch-dest", "image"),
    ] {
        assert_eq!(ask.of(&browser).send(&world).await.status, 303);
    }
    for ask in [
        Ask::post(&target, ""),
        Ask::post(&format!("/app/callback/{session}"), &genuine),
        Ask::new("PUT", &target),
    ] {
        assert_eq!(ask.of(&browser).send(&world).await.status, 405);
    }
    world.assert_unmoved(&before, "a way back that missed the app").await;
    // Nothing is used up either: the same receipt still works where it belongs.
    let back = browser
        .get(&world.callback(&session, &signed))
        .await
        .expect("an answer");
    assert_eq!(back.state().as_deref(), Some("returned"), "{}", back.text());
}

#[tokio::test]
async fn who_missed_the_app_is_told_to_open_it_at_an_address_that_the_app_does_not_claim() {
    let world = World::with(&APP).await;
    let mut browser = world.browser();
    let missed = world.at("/app/callback/00000000-0000-4000-8000-000000000000?pushAccountData=a.b.c");
    let page = browser.get(&missed).await.expect("an answer");
    assert_eq!((page.status, page.state().as_deref()), (200, Some("app")));
    assert_eq!(
        page.url,
        world.at("/app#main"),
        "no receipt in the address bar, script or not"
    );
    for words in ["Go back to the", "No card was added here", "Open the app yourself"] {
        assert!(page.text().contains(words), "{}", page.text());
    }
    assert!(
        !page.body.contains("a.b.c") && !page.body.contains("<script"),
        "{}",
        page.body
    );
    let buttons = page.tags().into_iter().filter(|tag| {
        let class = tag.attributes.get("class");
        class.is_some_and(|class| class == "button")
    });
    assert_eq!(buttons.count(), 1);
}

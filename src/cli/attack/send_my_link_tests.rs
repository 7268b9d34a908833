//! The attack succeeds where both defences are down, and only there: so they are what stops it. The browser check can be
//! taken down in a test of the library alone; where the code is compared is a setting of the issuer's profile.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::cli::demo::{Attack, Options};

/// Everything came into Mallory's wallet.
const ALL: Loot = Loot { tokens: 1, cards: 1 };
/// Nothing did.
const NONE: Loot = Loot { tokens: 0, cards: 0 };

/// A demo with these defences. The bank asks for the code in any case.
async fn demo(folder: &Path, cookie: bool, code: bool) -> Demo {
    let check = if code { "jws" } else { "none" };
    let profiles = format!("[issuer.{ISSUER}]\ncode = \"required\"\ncode_check = \"{check}\"\n");
    fs::write(folder.join("profiles.toml"), profiles).expect("profiles");
    let options = Options {
        attack: Some(Attack::SendMyLink),
        ..Options::on_free_ports(folder.to_owned())
    };
    let demo = Demo::start(&options, None).await.expect("the demo starts");
    if !cookie {
        demo.app.take_any_browser();
    }
    demo
}

/// Plays a scene, and answers what it brought and what was seen.
async fn played(demo: &Demo, typed: Typed, way_back: WayBack) -> (Loot, String) {
    let played = play(demo, Scene { typed, way_back }).await;
    let (loot, told) = played.expect("it can be played");
    (loot, told.join("\n"))
}

#[tokio::test]
async fn my_link_in_a_victims_hands_brings_a_card_only_without_both_defences() {
    let folder = TempDir::new().expect("a folder");
    for (cookie, code, wanted) in [
        (true, true, NONE),
        (true, false, NONE),
        (false, true, NONE),
        (false, false, ALL),
    ] {
        let demo = demo(folder.path(), cookie, code).await;
        let (loot, told) = played(&demo, Typed::Guessed, WayBack::Alice).await;
        assert_eq!(loot, wanted, "cookie {cookie}, code {code}:\n{told}");
        assert_eq!(told.contains("stopped by the cookie"), cookie, "{told}");
        // Where the cookie has made the receipt void, nobody looks at the code any more.
        assert_eq!(told.contains("made void before"), cookie, "{told}");
        assert_eq!(told.contains("stopped by the code"), code && !cookie, "{told}");

        // Whoever catches the way back is in the right browser: there the code stands alone.
        let (loot, told) = played(&demo, Typed::Guessed, WayBack::Mallory).await;
        assert_eq!(
            loot,
            if code { NONE } else { ALL },
            "cookie {cookie}, code {code}:\n{told}"
        );
        assert_eq!(told.contains("stopped by the code"), code, "{told}");

        // And a code that was told on the phone proves nothing: there the cookie stands alone.
        let (loot, told) = played(&demo, Typed::Told, WayBack::Alice).await;
        assert_eq!(
            loot,
            if cookie { NONE } else { ALL },
            "cookie {cookie}, code {code}:\n{told}"
        );

        // A bank that insists on the code lets nobody go on without.
        let (loot, told) = played(&demo, Typed::Nothing, WayBack::Alice).await;
        assert_eq!(loot, NONE, "cookie {cookie}, code {code}:\n{told}");
        assert!(told.contains("stopped by the bank"), "{told}");
        demo.stop().await;
    }
}

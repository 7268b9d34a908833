//! What a demo has besides a wallet, a wallet does not have: no inspector, no console, no strings to pull.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::wire::Ask;
use crate::world::World;

/// Where the addresses of the inspector, of the console and of the simulators' controls are written down, with what stands
/// before each.
const TABLES: [(&str, &str); 3] = [
    ("src/workbench/http/mod.rs", ""),
    ("src/workbench/console.rs", ""),
    ("src/sim/control/mod.rs", "/_sim"),
];

/// What is in a place of an address where anything may be.
const INSTEAD: [(&str, &str); 5] = [
    ("{attempt}", "1"),
    ("{message}", "1"),
    ("{file}", "har.json"),
    ("{id}", "PP-SIG-003"),
    ("/assets/har.json", "/assets/workbench.js"),
];

/// Under which names somebody might look for them on the wallet.
const GUESSES: [&str; 4] = [
    "/demo/inspector",
    "/demo/console",
    "/demo/scenario",
    "/demo/docs/PP-SIG-003",
];

/// Every address of the tables, but for the start page, which a wallet has too.
fn addresses() -> BTreeSet<String> {
    let mut all: BTreeSet<String> = GUESSES.map(str::to_owned).into();
    for (file, prefix) in TABLES {
        let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect(file);
        let routes = source
            .split(".route(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        let had = all.len();
        for route in routes.filter(|route| *route != "/") {
            let filled = |path: String, (name, value): &(&str, &str)| path.replace(name, value);
            all.insert(INSTEAD.iter().fold(format!("{prefix}{route}"), filled));
        }
        assert!(all.len() > had + 5, "{file} has no routes");
    }
    all
}

#[tokio::test]
async fn a_wallet_that_serves_has_no_workbench() {
    let world = World::new().await;
    for path in addresses() {
        assert!(!path.contains('{'), "{path}");
        for method in ["GET", "POST", "PUT", "DELETE"] {
            let answer = Ask::new(method, &path).send(&world).await;
            let is_away = answer.status == 404 || (method != "GET" && [403, 405].contains(&answer.status));
            assert!(is_away, "{method} {path}: {}", answer.status);
        }
    }
    // The same question about a page that is there is answered.
    assert_eq!(Ask::get("/help").send(&world).await.status, 200);
}

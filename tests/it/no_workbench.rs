//! What a demo has besides a wallet, a wallet does not have: no inspector, no console, no strings to pull.

use crate::wire::Ask;
use crate::world::World;

/// Addresses of the workbench and of the simulators' controls, and what they might have been called on the wallet.
const PATHS: &[&str] = &[
    "/attempts/latest",
    "/attempts/0",
    "/attempts/1",
    "/attempts/1/events",
    "/attempts/1/messages/1",
    "/attempts/1/export/har.json",
    "/events",
    "/docs",
    "/docs/PP-SIG-003",
    "/search",
    "/assets/workbench.js",
    "/assets/workbench.css",
    "/demo/inspector",
    "/demo/console",
    "/demo/scenario",
    "/demo/docs/PP-SIG-003",
    "/console",
    "/_sim/openapi.json",
    "/_sim/faults",
    "/_sim/keys/rotate",
    "/_sim/clock",
    "/_sim/skew",
    "/_sim/knobs",
    "/_sim/lies",
    "/_sim/outcomes",
    "/_sim/push",
    "/_sim/sign",
    "/_sim/calls",
    "/_sim/tokens",
    "/_sim/messages",
    "/_sim/issuers",
    "/_sim/reset",
    "/_sim/state",
];

#[tokio::test]
async fn a_wallet_that_serves_has_no_workbench() {
    let world = World::new().await;
    for path in PATHS {
        for method in ["GET", "POST", "PUT", "DELETE"] {
            let answer = Ask::new(method, path).send(&world).await;
            let is_away = answer.status == 404 || (method != "GET" && [403, 405].contains(&answer.status));
            assert!(is_away, "{method} {path}: {}", answer.status);
        }
    }
    // The same question about a page that is there is answered.
    assert_eq!(Ask::get("/help").send(&world).await.status, 200);
}

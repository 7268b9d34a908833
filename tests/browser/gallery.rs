//! The sample pages behind a server, and windows to look at them with.

use std::collections::BTreeMap;

use axum::Router;
use serde_json::json;
use tokio::net::TcpListener;

use crate::driver::{Driver, Window};
use crate::judge::brings_judgement;

/// How many places of one fault are named.
const PLACES_MAX: usize = 6;

/// Serves pages, and gives their origin.
pub async fn gallery(router: impl FnOnce(&str) -> Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("http://localhost:{}", listener.local_addr().expect("an address").port());
    let router = router(&origin);
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

/// A window that pages cannot leave by themselves: each believes that it has sent its visitor on once already.
pub async fn window(driver: &Driver) -> Option<Window> {
    let window = driver.open(true).await;
    window.before_every_page("Storage.prototype.getItem = () => '1'").await;
    brings_judgement(&window).await.then_some(window)
}

/// Opens a page in a language.
pub async fn opens(window: &Window, origin: &str, page: &str, language: &str) {
    let headers = json!({"headers": {"Accept-Language": language}});
    window.devtools("Network.setExtraHTTPHeaders", headers).await;
    window.go(&format!("{origin}/pages/{page}")).await;
}

/// Faults and where they are, to be read.
pub fn told(found: &BTreeMap<String, Vec<String>>, looked_at: usize) -> String {
    let mut text = format!("{} faults in {looked_at} looks", found.len());
    for (fault, places) in found {
        text += &format!("\n{fault}\n    {} times", places.len());
        for place in places.iter().take(PLACES_MAX) {
            text += &format!("\n    {place}");
        }
    }
    text
}

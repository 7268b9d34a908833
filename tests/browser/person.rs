//! What a person does, and what must be true of the browser afterwards.

use serde_json::Value;
use tempfile::TempDir;
use tidemark::cli::demo::{Demo, Options};
use tidemark::sim::stage::Stage;
use url::Url;

use crate::driver::{Driver, Window};

/// A bank that approves at once.
pub const APPROVING: &str = "havorn-no";
/// A bank that sends a code by text message.
pub const TEXTING: &str = "quillwort-us";
/// A bank that declines every card.
pub const DECLINING: &str = "labedz-pl";
/// A bank that asks for the code that the wallet shows.
pub const CODE_ASKING: &str = "yildiztepe-tr";

/// The name of the parameter that carries the receipt.
const RECEIPT: &str = "pushAccountData";

/// A demo with a browser before it.
pub struct Scene {
    pub demo: Demo,
    pub driver: Driver,
    pub folder: TempDir,
}

impl Scene {
    /// Nothing when there is no browser on this machine, which has been said then.
    pub async fn open() -> Option<Self> {
        Self::open_with("refuse").await
    }

    /// The same, with so many banks.
    pub async fn open_among(issuers: u16) -> Option<Self> {
        Self::open_as("refuse", issuers).await
    }

    /// The same, with this answer to a return in another browser.
    pub async fn open_with(cross_browser: &str) -> Option<Self> {
        Self::open_as(cross_browser, 12).await
    }

    async fn open_as(cross_browser: &str, issuers: u16) -> Option<Self> {
        let driver = Driver::start()?;
        let folder = TempDir::new().expect("a folder");
        let options = Options {
            cross_browser: cross_browser.to_owned(),
            issuers,
            log: "off".to_owned(),
            ..Options::on_free_ports(folder.path().to_owned())
        };
        let demo = Demo::start(&options, None).await.expect("the demo");
        Some(Self { demo, driver, folder })
    }

    /// An address of the wallet.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.demo.wallet_url)
    }

    /// How often MDES was asked for an operation.
    pub fn asked(&self, operation: &str) -> usize {
        let calls = self.demo.stage.mdes.calls();
        calls.iter().filter(|call| call.operation == operation).count()
    }

    /// From the address bar to the launch page of a bank.
    pub async fn chooses(&self, window: &Window, bank: &str) {
        window.go(&self.at("/")).await;
        window.click("main[data-state=\"home\"] a[href=\"/issuers\"]").await;
        window.click(&format!("button.row[value=\"{bank}\"]")).await;
        // Where only the website remains, the launch page sends on by itself, without a script at once.
        window
            .sees("main[data-state=\"offered\"], main[data-page=\"sign-in\"]")
            .await;
        has_no_receipt(window).await;
    }

    /// Back from the bank without an answer, by way of the cards: the attempt's page, which sends nobody on any more.
    pub async fn comes_back(&self, window: &Window) -> String {
        window.sees("main[data-page=\"sign-in\"]").await;
        window.go(&self.at("/")).await;
        window.click("main[data-state=\"home\"] a[href^=\"/sessions/\"]").await;
        window.sees("main[data-state=\"launched\"]").await;
        window.url().await
    }

    /// From the launch page to the bank, and there up to the button that adds the card.
    pub async fn signs_in(&self, window: &Window) {
        signs_in(&self.demo.stage, window).await;
    }

    /// From the address bar to the terms.
    pub async fn comes_to_terms(&self, window: &Window, bank: &str) {
        self.chooses(window, bank).await;
        self.signs_in(window).await;
        window.click("button[value=\"add\"]").await;
        window.sees("main[data-state=\"terms\"]").await;
        assert!(
            window.url().await.starts_with(&self.at("/sessions/")),
            "{}",
            window.url().await
        );
        has_no_receipt(window).await;
    }

    /// From the launch page to the list of ways in which the bank may come back, and there the one of this style.
    pub async fn misbehaves(&self, window: &Window, style: &str) {
        misbehaves(&self.demo.stage, window, style).await;
    }

    /// Reads what arrived on the phone, in another tab.
    pub async fn looks_at_phone(&self, window: &Window) -> String {
        let phone = format!("{}/phone", self.demo.stage.bank_base);
        window
            .in_another_tab(async |tab| {
                tab.go(&phone).await;
                for _ in 0..100 {
                    if tab.has("[data-code]").await {
                        break;
                    }
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    tab.reload().await;
                }
                tab.attribute("[data-code]", "data-code").await
            })
            .await
    }

    /// Nothing went elsewhere, nothing was forbidden, and no page that was ever shown had a receipt in its address.
    ///
    /// `told` are the answers that pages were meant to be refused with, as "status of 422".
    pub async fn leaves_no_trace(&self, window: &Window, told: &[&str]) {
        let trail = Trail::of(&window.log("performance").await);
        assert!(
            trail.shown.len() > 3,
            "the browser tells where it was: {:?}",
            trail.shown
        );
        for address in &trail.shown {
            assert!(!address.contains(RECEIPT), "a page was shown at {address}");
        }
        self.stayed_here(&trail);
        // A return is no page: it leads to the attempt's.
        let returns = trail.returns();
        assert!(!returns.contains(&200), "{returns:?}");
        is_content(&window.log("browser").await, told);
        has_no_receipt(window).await;
    }

    /// Every request went to one of the three servers of the demo.
    pub fn stayed_here(&self, trail: &Trail) {
        let stage = &self.demo.stage;
        let ours: Vec<String> = [&self.demo.wallet_url, &stage.bank_base, &stage.mdes_base]
            .iter()
            .map(|base| origin(base))
            .collect();
        assert!(!trail.asked.is_empty());
        for address in &trail.asked {
            assert!(ours.contains(&origin(address)), "the browser asked for {address}");
        }
    }
}

/// From the bank's first page to the button that adds the card.
pub async fn signs_in(stage: &Stage, window: &Window) {
    window.click("main[data-page=\"sign-in\"] button[value=\"ada\"]").await;
    let url = window.url().await;
    assert!(url.starts_with(&stage.bank_base), "{url}");
    window.click("main[data-page=\"cards\"] li:first-child label").await;
    window.click("main[data-page=\"cards\"] button.primary").await;
    window.sees("main[data-page=\"consent\"] button[value=\"add\"]").await;
}

/// From there to the list of ways in which the bank may come back, and there the one of this style.
pub async fn misbehaves(stage: &Stage, window: &Window, style: &str) {
    signs_in(stage, window).await;
    window.click("button[value=\"misbehave\"]").await;
    window
        .click(&format!("button[name=\"misbehave\"][value=\"{style}\"]"))
        .await;
}

/// Where a browser was and what it asked for.
#[derive(Debug, Default)]
pub struct Trail {
    /// The addresses that stood in the address bar, in order.
    pub shown: Vec<String>,
    /// What was asked for over the network.
    pub asked: Vec<String>,
    /// Every answer to a request for a page, redirects too: the address that was asked for, and the status.
    pub answered: Vec<(String, u64)>,
}

impl Trail {
    /// Reads the performance log.
    pub fn of(log: &[Value]) -> Self {
        let mut trail = Self::default();
        for entry in log {
            let text = entry["message"].as_str().expect("a message");
            let mut event: Value = serde_json::from_str(text).expect("JSON");
            let event = event["message"].take();
            let parameters = &event["params"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let answers = [&parameters["response"], &parameters["redirectResponse"]];
            for answer in answers.into_iter().filter(|_| parameters["type"] == "Document") {
                let status = answer["status"].as_u64();
                trail
                    .answered
                    .extend(status.map(|status| (text(&answer["url"]), status)));
            }
            match event["method"].as_str() {
                Some("Page.frameNavigated") => trail.shown.push(text(&parameters["frame"]["url"])),
                Some("Page.navigatedWithinDocument") => trail.shown.push(text(&parameters["url"])),
                Some("Network.requestWillBeSent") => trail.asked.push(text(&parameters["request"]["url"])),
                _ => {}
            }
        }
        // The browser's own pages, and pictures that are written into a style sheet, are on nobody's server.
        let is_local = |address: &str| {
            ["about:", "chrome:", "data:"]
                .iter()
                .any(|scheme| address.starts_with(scheme))
        };
        trail.asked.retain(|address| !is_local(address));
        trail
    }

    /// The statuses of all answers to returns from a bank.
    pub fn returns(&self) -> Vec<u64> {
        let returns = self
            .answered
            .iter()
            .filter(|(address, _)| address.contains("/callback/"));
        returns.map(|(_, status)| *status).collect()
    }
}

/// Neither the address bar nor the history holds a receipt.
pub async fn has_no_receipt(window: &Window) {
    let url = window.url().await;
    assert!(!url.contains(RECEIPT), "in the address bar: {url}");
    for entry in window.history().await {
        assert!(!entry.contains(RECEIPT), "in the history: {entry}");
    }
}

/// The console holds no complaint but these: no policy was violated, no script failed, nothing was missing.
pub fn is_content(console: &[Value], told: &[&str]) {
    let is_told = |entry: &Value| {
        let message = entry["message"].as_str().unwrap_or_default();
        let was_meant = entry["source"] == "network" && told.iter().any(|status| message.contains(status));
        // Which features there are to be denied depends on the platform: Chromium on Linux has no Bluetooth.
        was_meant || message.ends_with("Permissions-Policy header: Unrecognized feature: 'bluetooth'.")
    };
    let complaints: Vec<&Value> = console
        .iter()
        .filter(|entry| !matches!(entry["level"].as_str(), Some("DEBUG" | "INFO")) && !is_told(entry))
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

fn origin(address: &str) -> String {
    Url::parse(address).expect("an address").origin().ascii_serialization()
}

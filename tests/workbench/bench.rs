//! A demo for one test: everything that `tidemark demo` starts, on free ports, with keys that are made once a process.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use tempfile::TempDir;
use tidemark::cli::browser::{Browser, Page};
use tidemark::cli::demo::{Demo, Options};
use tidemark::sim::bank::PushOptions;
use tidemark::sim::lies::lie;
use tokio::sync::OnceCell;

/// The demo's token requestor id.
pub const TRID: &str = "50123456789";
/// A bank whose first card is approved at once.
pub const APPROVING: &str = "havorn-no";
/// What takes longer than this does not come any more. A test that passes does not wait for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A demo that runs, and its files.
pub struct Bench {
    pub demo: Demo,
    _folder: TempDir,
}

/// The folder of a demo that was started once, for its keys.
async fn template() -> &'static Path {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    static MADE: OnceCell<()> = OnceCell::const_new();
    let folder = FOLDER.get_or_init(|| TempDir::new().expect("a folder"));
    MADE.get_or_init(|| async {
        let demo = start(folder.path()).await;
        demo.stop().await;
        for left in ["wallet.db", "wallet.db-wal", "wallet.db-shm"] {
            let _ = fs::remove_file(folder.path().join(left));
        }
    })
    .await;
    folder.path()
}

async fn start(folder: &Path) -> Demo {
    let options = Options::on_free_ports(folder.to_owned());
    Demo::start(&options, None).await.expect("the demo starts")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path: PathBuf = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}

impl Bench {
    /// A demo that knows its issuers.
    pub async fn open() -> Self {
        let folder = TempDir::new().expect("a folder");
        copy(template().await, folder.path());
        Self {
            demo: start(folder.path()).await,
            _folder: folder,
        }
    }

    /// A client that is no browser of ours.
    #[expect(clippy::disallowed_methods, reason = "a client of somebody else's, on loopback")]
    pub fn http(&self) -> reqwest::Client {
        reqwest::Client::builder().no_proxy().build().expect("a client")
    }

    /// Switches a lie on, by its id, or off.
    pub fn switch(&self, id: Option<&str>) {
        let lie = id.map(|id| lie(id).unwrap_or_else(|| panic!("no lie {id}")));
        self.demo.stage.desk.switch(lie);
    }

    /// The address of a path of the wallet.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.demo.wallet_url)
    }

    /// Starts to add a card of a bank: the page of the attempt.
    pub async fn begin(&self, browser: &mut Browser, issuer: &str) -> Page {
        let offer = browser
            .get(&self.at(&format!("/issuers/{issuer}")))
            .await
            .expect("a page");
        let form = offer.form("/sessions").expect("a way to start");
        let page = browser
            .submit(&offer, &form, &[("issuer", issuer)])
            .await
            .expect("a page");
        assert_eq!(page.state().as_deref(), Some("offered"), "{}", page.text());
        page
    }

    /// Adds a card up to the state after its terms were accepted.
    pub async fn add(&self, browser: &mut Browser, issuer: &str, card: &str) -> Page {
        let attempt = self.begin(browser, issuer).await;
        let callback = self.pushed(issuer, card, &session_of(&attempt)).await;
        let back = browser.get(&callback).await.expect("a page");
        let terms = self.until(browser, back, &["terms"]).await;
        let form = terms.form("/terms").expect("a form");
        let page = browser
            .submit(&terms, &form, &[("action", "accept")])
            .await
            .expect("a page");
        self.until(browser, page, &["active", "step-up", "code", "declined", "failed"])
            .await
    }

    /// Pushes a card for a session as the bank's server does: where the bank would send the cardholder.
    pub async fn pushed(&self, issuer: &str, card: &str, session: &str) -> String {
        let bank = &self.demo.stage.bank;
        let cards = [card];
        let pushed = bank.push(issuer, &cards, Some(session), TRID, None, PushOptions::default());
        let signed = pushed.await.expect("MDES takes the push").signature.expect("signed");
        self.at(&format!(
            "/callback/{session}?pushAccountData={signed}&tokenRequestorSessionId={session}"
        ))
    }

    /// Looks at a page again until it is in one of these states.
    pub async fn until(&self, browser: &mut Browser, page: Page, states: &[&str]) -> Page {
        let look = async {
            let mut page = page;
            while !page.state().is_some_and(|state| states.contains(&state.as_str())) {
                tokio::time::sleep(Duration::from_millis(20)).await;
                page = browser.get(&page.url).await.expect("a page");
            }
            page
        };
        tokio::time::timeout(PATIENCE, look)
            .await
            .unwrap_or_else(|_| panic!("never one of {states:?}"))
    }

    /// Waits for what another party does in its own time.
    pub async fn eventually(&self, done: impl Fn() -> bool) {
        let look = async {
            while !done() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, look).await.is_ok(), "it never happened");
    }
}

/// The id of the session whose page this is.
pub fn session_of(page: &Page) -> String {
    let path = page.url.split("/sessions/").nth(1).expect("an attempt's page");
    path.split(['/', '?']).next().expect("an id").to_owned()
}

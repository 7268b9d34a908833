//! Chromium through chromedriver, as the W3C WebDriver protocol has it: as much as a person at a screen needs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tidemark::clock::Clock;

/// The name under which WebDriver hands elements out.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long one command may take: a page that is written while it happens is loaded when it has ended.
const COMMAND_MAX: Duration = Duration::from_secs(60);
/// How long something may take to appear.
const APPEARS_MAX_MS: i64 = 30_000;
/// How often is looked for it.
const LOOK_EVERY_MS: u64 = 50;

const BROWSERS: [&str; 2] = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
const DRIVERS: [&str; 2] = ["/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver"];

/// Whether nothing may be skipped here that needs a browser.
pub fn is_required() -> bool {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    is("CI", "true") || is("TIDEMARK_REQUIRE_BROWSER", "1")
}

/// A running chromedriver. It ends when this is dropped.
pub struct Driver {
    process: Child,
    port: u16,
    browser: &'static str,
}

impl Driver {
    /// Starts chromedriver, or says that it cannot and gives nothing. Where a browser is required, that is a failure.
    pub fn start() -> Option<Self> {
        let found = |names: &[&'static str]| names.iter().copied().find(|name| Path::new(name).exists());
        let (Some(browser), Some(program)) = (found(&BROWSERS), found(&DRIVERS)) else {
            assert!(
                !is_required(),
                "Chromium and chromedriver are required here and not installed"
            );
            // Not `eprintln!`, which the test runner keeps to itself when all is well.
            let _ = writeln!(std::io::stderr(), "skipped: Chromium is not installed");
            return None;
        };
        // A port that chromedriver finds free may be somebody else's a moment later; then it ends and says so.
        let started = (0..5).find_map(|_| Self::launch(program));
        let (process, mut said, port) = started.expect("chromedriver finds a port");
        // Whoever writes into a pipe that nobody reads waits for ever.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Some(Self { process, port, browser })
    }

    #[expect(clippy::zombie_processes, reason = "whoever drops the driver waits for it")]
    fn launch(program: &str) -> Option<(Child, BufReader<ChildStdout>, u16)> {
        let mut process = Command::new(program)
            .args(["--port=0", "--log-level=SEVERE"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let mut said = BufReader::new(process.stdout.take().expect("its output"));
        let mut line = String::new();
        loop {
            line.clear();
            if said.read_line(&mut line).expect("chromedriver says something") == 0 {
                let _ = process.wait();
                return None;
            }
            let after = line.split("started successfully on port ").nth(1);
            if let Some(port) = after.and_then(|text| text.trim().trim_end_matches('.').parse().ok()) {
                return Some((process, said, port));
            }
        }
    }

    /// Opens a browser that has never been anywhere.
    pub async fn open(&self, javascript: bool) -> Window {
        let preferences = match javascript {
            true => json!({}),
            false => json!({"profile.managed_default_content_settings.javascript": 2}),
        };
        self.open_with(&preferences).await
    }

    /// The same, in which no picture is loaded.
    pub async fn open_without_pictures(&self) -> Window {
        self.open_with(&json!({"profile.managed_default_content_settings.images": 2}))
            .await
    }

    async fn open_with(&self, preferences: &Value) -> Window {
        let profile = TempDir::new().expect("a folder");
        let mut arguments: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            // Before its style sheet is there a page looks different, and a click lands beside what it was aimed at.
            "pageLoadStrategy": "normal",
            "goog:chromeOptions": {"binary": self.browser, "args": arguments, "prefs": preferences},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }}});
        let mut window = Window {
            client: client(),
            port: self.port,
            session: String::new(),
            _profile: profile,
        };
        let answer = window.call("POST", "/session", &wanted).await.expect("a browser");
        window.session = answer["sessionId"].as_str().expect("a session").to_owned();
        window
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const FLAGS: [&str; 12] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--window-size=1280,900",
];

#[expect(clippy::disallowed_methods, reason = "not MDES: chromedriver, on loopback")]
fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .timeout(COMMAND_MAX)
        .build()
        .expect("a client for loopback")
}

/// One browser with a profile of its own. It closes when this is dropped.
pub struct Window {
    client: reqwest::Client,
    port: u16,
    session: String,
    _profile: TempDir,
}

impl Window {
    /// Types an address.
    pub async fn go(&self, url: &str) {
        self.command("POST", "/url", &json!({"url": url})).await;
    }

    /// What stands in the address bar.
    pub async fn url(&self) -> String {
        let url = self.command("GET", "/url", &Value::Null).await;
        url.as_str().expect("an address").to_owned()
    }

    /// The status that the page was answered with.
    pub async fn status(&self) -> u64 {
        let status = "performance.getEntriesByType('navigation')[0].responseStatus";
        self.evaluate(status).await.as_u64().expect("a status")
    }

    /// The button "Back".
    pub async fn back(&self) {
        self.command("POST", "/back", &json!({})).await;
    }

    /// The button "Forward".
    pub async fn forward(&self) {
        self.command("POST", "/forward", &json!({})).await;
    }

    /// The button "Reload".
    pub async fn reload(&self) {
        self.command("POST", "/refresh", &json!({})).await;
    }

    /// Waits until something is on the page.
    pub async fn sees(&self, css: &str) {
        self.retrying(css, || self.find(css)).await;
    }

    /// Whether something is on the page now.
    pub async fn has(&self, css: &str) -> bool {
        self.find(css).await.is_ok()
    }

    /// Clicks on it, once it is there.
    pub async fn click(&self, css: &str) {
        self.retrying(css, || async {
            let element = self.find(css).await?;
            self.try_command("POST", &format!("/element/{element}/click"), &json!({}))
                .await
        })
        .await;
    }

    /// Types into it, once it is there.
    pub async fn type_into(&self, css: &str, text: &str) {
        self.retrying(css, || async {
            let element = self.find(css).await?;
            self.try_command("POST", &format!("/element/{element}/value"), &json!({"text": text}))
                .await
        })
        .await;
    }

    /// An attribute of it, once it is there.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        let value = self
            .retrying(css, || async {
                let element = self.find(css).await?;
                self.try_command("GET", &format!("/element/{element}/attribute/{name}"), &Value::Null)
                    .await
            })
            .await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// The visible words of it, once it is there.
    pub async fn words(&self, css: &str) -> String {
        let value = self
            .retrying(css, || async {
                let element = self.find(css).await?;
                self.try_command("GET", &format!("/element/{element}/text"), &Value::Null)
                    .await
            })
            .await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// The document as it is now, written as HTML.
    pub async fn source(&self) -> String {
        let source = self.command("GET", "/source", &Value::Null).await;
        source.as_str().expect("a document").to_owned()
    }

    /// Opens another tab, does something there, and comes back.
    pub async fn in_another_tab<T>(&self, visit: impl AsyncFnOnce(&Self) -> T) -> T {
        let here = self.command("GET", "/window", &Value::Null).await;
        let other = self.command("POST", "/window/new", &json!({"type": "tab"})).await;
        self.command("POST", "/window", &json!({"handle": other["handle"]}))
            .await;
        let outcome = visit(self).await;
        self.command("DELETE", "/window", &Value::Null).await;
        self.command("POST", "/window", &json!({"handle": here})).await;
        outcome
    }

    /// A command of the DevTools protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.command("POST", "/goog/cdp/execute", &body).await
    }

    /// What an expression of the page is, or what it promises.
    pub async fn evaluate(&self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.devtools("Runtime.evaluate", asked).await;
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].take()
    }

    /// Presses a key and lets it go: `Tab`, `Shift+Tab`, `Enter`, `Space`, an arrow, or one character.
    pub async fn press(&self, key: &str) {
        let (modifiers, key) = key.strip_prefix("Shift+").map_or((0, key), |key| (8, key));
        let (name, text, code) = match key {
            "Tab" => ("Tab", "", 9),
            "Enter" => ("Enter", "\r", 13),
            "Space" => (" ", " ", 32),
            "ArrowUp" => ("ArrowUp", "", 38),
            "ArrowDown" => ("ArrowDown", "", 40),
            character => (character, character, 0),
        };
        let mut event = json!({
            "type": "keyDown", "modifiers": modifiers, "key": name, "code": key, "windowsVirtualKeyCode": code,
        });
        if !text.is_empty() {
            event["text"] = text.into();
        }
        self.devtools("Input.dispatchKeyEvent", event.clone()).await;
        event["type"] = "keyUp".into();
        self.devtools("Input.dispatchKeyEvent", event).await;
    }

    /// A script that runs before those of every page from now on.
    pub async fn before_every_page(&self, script: &str) -> Value {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": script}))
            .await
    }

    /// A window of that size.
    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Every address in the tab's history.
    pub async fn history(&self) -> Vec<String> {
        let history = self.devtools("Page.getNavigationHistory", json!({})).await;
        let entries = history["entries"].as_array().expect("entries");
        entries
            .iter()
            .map(|entry| entry["url"].as_str().expect("an address").to_owned())
            .collect()
    }

    /// What was logged since the last question: `browser` is the console, `performance` what the network and the frames
    /// did.
    pub async fn log(&self, kind: &str) -> Vec<Value> {
        let entries = self.command("POST", "/se/log", &json!({"type": kind})).await;
        entries.as_array().expect("entries").clone()
    }

    async fn find(&self, css: &str) -> Result<String, String> {
        let wanted = json!({"using": "css selector", "value": css});
        let found = self.try_command("POST", "/element", &wanted).await?;
        found[ELEMENT]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| "no element".to_owned())
    }

    /// Tries until it succeeds: pages replace themselves, and what was found a moment ago may be gone.
    async fn retrying<T, F: Future<Output = Result<T, String>>>(&self, css: &str, attempt: impl Fn() -> F) -> T {
        let clock = Clock::system();
        let deadline = clock.now().plus_ms(APPEARS_MAX_MS);
        let last = loop {
            match attempt().await {
                Ok(outcome) => return outcome,
                Err(problem) if clock.now() >= deadline => break problem,
                Err(_) => tokio::time::sleep(Duration::from_millis(LOOK_EVERY_MS)).await,
            }
        };
        panic!(
            "{css} does not appear at {}: {last}\n{}",
            self.url().await,
            self.source().await
        );
    }

    async fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        let outcome = self.try_command(method, path, body).await;
        outcome.unwrap_or_else(|problem| panic!("{method} {path}: {problem}"))
    }

    async fn try_command(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        self.call(method, &format!("/session/{}{path}", self.session), body)
            .await
    }

    async fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        let method = method.parse().expect("a method");
        let mut request = self.client.request(method, url);
        if !body.is_null() {
            request = request
                .header("Content-Type", "application/json")
                .body(body.to_string());
        }
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let succeeded = answer.status().is_success();
        let text = answer.text().await.map_err(|error| error.to_string())?;
        let mut answer: Value = serde_json::from_str(&text).map_err(|_| text)?;
        if succeeded {
            Ok(answer["value"].take())
        } else {
            Err(format!("{}: {}", answer["value"]["error"], answer["value"]["message"]))
        }
    }
}

impl Drop for Window {
    /// Closes the browser before its profile is removed; `Drop` cannot wait for a future.
    fn drop(&mut self) {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = write!(
                stream,
                "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
                self.session, self.port
            );
            let _ = stream.read(&mut [0; 512]);
        }
    }
}

//! Another site's page with our button on it, on an origin of its own and under a policy that allows scripts alone.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERER};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::driver::{Driver, Window};
use crate::person::is_content;
use crate::world::{APPROVING, World};

/// A path, the policy of its page, and the page.
type Served = (&'static str, String, String);

/// Another site: its pages by path, each with its policy, and who was said to have led people there.
#[derive(Clone, Default)]
struct Pages {
    pages: Arc<Mutex<Vec<Served>>>,
    referrers: Arc<Mutex<Vec<String>>>,
}

struct Host {
    driver: Driver,
    world: World,
    port: u16,
    pages: Pages,
    _served: JoinSet<()>,
}

impl Host {
    /// Nothing when there is no browser on this machine, which has been said then.
    async fn open() -> Option<Self> {
        let driver = Driver::start()?;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let pages = Pages::default();
        let router = Router::new().fallback(answer).with_state(pages.clone());
        let mut served = JoinSet::new();
        served.spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        let origin = format!("http://localhost:{port}");
        let world = World::with(&[
            ("TIDEMARK_EMBED__ORIGINS", &origin),
            ("TIDEMARK_EMBED__RETURN_PREFIXES", &format!("{origin}/account")),
        ])
        .await;
        Some(Self {
            driver,
            world,
            port,
            pages,
            _served: served,
        })
    }

    /// An address of the other site: another origin than the wallet's, as its port is another.
    fn at(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    fn publish(&self, path: &'static str, policy: String, body: &str) {
        let html = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Shop</title><link rel=\"icon\" href=\"data:,\">{body}</html>"
        );
        self.pages.pages.lock().expect("pages").push((path, policy, html));
    }

    /// The page with four buttons, and the one that people come back to.
    fn with_buttons(&self) {
        let (wallet, account) = (&self.world.url, self.at("/account?tab=2"));
        let body = format!(
            "<script type=\"module\" src=\"{wallet}/embed/v1.js\"></script>\
             <p><add-card-button id=\"a\" wallet=\"{wallet}\" issuer=\"{APPROVING}\" return=\"{account}\">\
             <a href=\"{wallet}/issuers\">Pay with your bank</a></add-card-button></p>\
             <p><add-card-button id=\"b\" wallet=\"{wallet}\" lang=\"ar\"><a href=\"/x\">Add</a></add-card-button></p>\
             <p lang=\"ja\"><add-card-button id=\"c\" wallet=\"{wallet}\"><a href=\"/x\"></a></add-card-button></p>\
             <p><add-card-button id=\"d\" wallet=\"javascript:alert(1)\"><a href=\"{wallet}/issuers\">Add</a></add-card-button></p>"
        );
        self.publish(
            "/",
            format!("default-src 'none'; img-src data:; script-src {wallet}"),
            &body,
        );
        self.publish(
            "/account",
            "default-src 'none'; img-src data:".to_owned(),
            "<main id=\"account\">Back</main>",
        );
    }

    async fn is_content(&self, window: &Window) {
        is_content(&window.log("browser").await, &[]);
    }
}

async fn answer(State(site): State<Pages>, request: Request) -> Response {
    if let Some(referrer) = request.headers().get(REFERER) {
        let referrer = String::from_utf8_lossy(referrer.as_bytes()).into_owned();
        site.referrers.lock().expect("referrers").push(referrer);
    }
    let pages = site.pages.lock().expect("pages");
    match pages.iter().find(|(path, _, _)| *path == request.uri().path()) {
        Some((_, policy, html)) => ([(CONTENT_SECURITY_POLICY, policy.clone())], Html(html.clone())).into_response(),
        None => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}

/// What each button's link is, when all of them are there.
const LINKS: &str = "customElements.whenDefined('add-card-button').then(() => \
    Object.fromEntries([...document.querySelectorAll('add-card-button')].map((button) => { \
        const link = button.querySelector('a'), box = link.getBoundingClientRect(); \
        return [button.id, { href: link.href, text: link.textContent, lang: link.lang, dir: getComputedStyle(link).direction, \
            height: box.height, icon: !!button.shadowRoot.querySelector('[part=icon]') }]; })))";

#[tokio::test]
async fn buttons_are_links_with_a_shape_where_only_scripts_are_allowed() {
    let Some(host) = Host::open().await else { return };
    host.with_buttons();
    let window = host.driver.open(true).await;
    window.go(&host.at("/")).await;
    let wallet = &host.world.url;
    let links = window.evaluate(LINKS).await;
    let back: String = url::form_urlencoded::byte_serialize(host.at("/account?tab=2").as_bytes()).collect();
    assert_eq!(
        links["a"]["href"],
        json!(format!("{wallet}/issuers/{APPROVING}?return={back}"))
    );
    assert_eq!(
        (&links["a"]["text"], &links["a"]["dir"]),
        (&json!("Pay with your bank"), &json!("ltr"))
    );
    assert_eq!(links["b"]["href"], json!(format!("{wallet}/issuers")));
    assert_eq!(
        (&links["b"]["text"], &links["b"]["dir"]),
        (&json!("إضافة بطاقة من بنكك"), &json!("rtl"))
    );
    assert_eq!(
        (&links["c"]["text"], &links["c"]["lang"]),
        (&json!("銀行のカードを追加"), &json!("ja"))
    );
    assert_eq!(
        links["d"]["href"],
        json!(format!("{wallet}/issuers")),
        "an address that is none changes nothing"
    );
    for (id, link) in links.as_object().expect("four") {
        assert!(
            link["height"].as_f64().is_some_and(|height| height >= 44.0),
            "{id}: {link}"
        );
        assert_eq!(link["icon"], json!(true), "{id}");
    }
    host.is_content(&window).await;
}

#[tokio::test]
async fn a_button_follows_its_attributes_and_the_pages_colours_and_stays_large_enough() {
    let Some(host) = Host::open().await else { return };
    host.with_buttons();
    let window = host.driver.open(true).await;
    window.go(&host.at("/")).await;
    window.evaluate(LINKS).await;
    // Made late, and in every order: attributes first, link last.
    let late = format!(
        "(async () => {{ const button = document.createElement('add-card-button'); button.setAttribute('issuer', 'a/../b'); \
         document.body.append(button); button.setAttribute('wallet', '{}'); const link = document.createElement('a'); \
         link.textContent = 'Add'; button.append(link); await new Promise((done) => setTimeout(done)); const first = link.href; \
         button.setAttribute('issuer', 'second'); const second = link.href; button.lang = 'pt-BR'; \
         return [first, second, link.textContent]; }})()",
        host.world.url
    );
    let wallet = &host.world.url;
    assert_eq!(
        window.evaluate(&late).await,
        json!([
            format!("{wallet}/issuers/a%2F..%2Fb"),
            format!("{wallet}/issuers/second"),
            "Adicionar um cartão do seu banco"
        ])
    );
    let styled = window
        .evaluate(
            "(() => { const button = document.getElementById('a'), link = button.querySelector('a'); \
             button.style.setProperty('--add-card-bg', 'rgb(1, 2, 3)'); button.style.setProperty('--add-card-height', '1px'); \
             button.style.setProperty('--add-card-radius', '7px'); link.style.color = 'rgb(9, 9, 9)'; \
             link.style.setProperty('font-size', '6px'); const style = getComputedStyle(link); \
             return [style.backgroundColor, style.color, style.borderTopLeftRadius, link.getBoundingClientRect().height >= 44]; })()",
        )
        .await;
    assert_eq!(styled, json!(["rgb(1, 2, 3)", "rgb(255, 255, 255)", "7px", true]));
    host.is_content(&window).await;
}

#[tokio::test]
async fn a_click_leads_to_the_wallet_and_its_end_back_to_the_site() {
    let Some(host) = Host::open().await else { return };
    host.with_buttons();
    let window = host.driver.open(true).await;
    window.go(&host.at("/")).await;
    window.evaluate(LINKS).await;
    // Whoever listens to the click may take the button away: a link has been followed by then.
    window
        .evaluate(
            "document.getElementById('a').addEventListener('click', (event) => event.currentTarget.remove(), true)",
        )
        .await;
    window.click("#a a").await;
    window.sees("main[data-state=\"issuer\"]").await;
    assert!(
        window
            .url()
            .await
            .starts_with(&host.world.at(&format!("/issuers/{APPROVING}?return=")))
    );
    window.click("form[action=\"/sessions\"] button").await;
    window.sees("main[data-page=\"sign-in\"]").await;
    let sessions = host.world.texts("SELECT id FROM sessions").await;
    let [session] = sessions.as_slice() else {
        panic!("one session: {sessions:?}")
    };
    window.go(&host.world.at(&format!("/sessions/{session}"))).await;
    window.click("form[action$=\"/cancel\"] button").await;
    window.click("main[data-state=\"cancelled\"] a[data-host-page]").await;
    window.sees("#account").await;
    let reference = format!("TM-{}", session[..8].to_ascii_uppercase());
    assert_eq!(
        window.url().await,
        host.at(&format!("/account?tab=2&add_card=cancelled&ref={reference}"))
    );
    assert_eq!(*host.pages.referrers.lock().expect("referrers"), Vec::<String>::new());
    host.is_content(&window).await;
}

/// The page to go back to is one that the site registered, or nobody is led on from here.
#[tokio::test]
async fn a_strangers_page_is_none_to_go_back_to() {
    let Some(host) = Host::open().await else { return };
    let window = host.driver.open(true).await;
    for path in ["/issuers", &format!("/issuers/{APPROVING}")] {
        window
            .go(&host.world.at(&format!("{path}?return=https://evil.example")))
            .await;
        window.sees("main[data-problem=\"foreign-host\"]").await;
        let source = window.source().await;
        assert!(!source.contains("evil.example"), "{source}");
        assert!(!window.has("form[action=\"/sessions\"]").await, "nothing begins there");
    }
    assert_eq!(host.world.texts("SELECT id FROM sessions").await, [] as [String; 0]);
}

#[tokio::test]
async fn without_scripts_the_link_is_the_link() {
    let Some(host) = Host::open().await else { return };
    host.with_buttons();
    let window = host.driver.open(false).await;
    window.go(&host.at("/")).await;
    window.click("#a a").await;
    window.sees("main[data-state=\"picker\"]").await;
    assert_eq!(window.url().await, host.world.at("/issuers"));
}

#[tokio::test]
async fn a_registered_sites_script_has_the_list_and_another_has_nothing() {
    let Some(host) = Host::open().await else { return };
    let wallet = &host.world.url;
    host.publish(
        "/",
        format!("default-src 'none'; connect-src {wallet}; img-src data: {wallet}"),
        "",
    );
    let ask = format!(
        "fetch('{wallet}/embed/issuers.json').then((answer) => answer.json()).then(async (list) => {{ \
         const logo = new Image(); logo.src = list.issuers[0].logo; await logo.decode(); \
         return [list.issuers.length, logo.naturalWidth > 0]; }}, () => 'refused')"
    );
    let window = host.driver.open(true).await;
    window.go(&host.at("/")).await;
    assert_eq!(window.evaluate(&ask).await, json!([12, true]));
    // The same server by another name is another origin.
    window.go(&format!("http://127.0.0.1:{}/", host.port)).await;
    assert_eq!(window.evaluate(&ask).await, json!("refused"));
}

#[tokio::test]
async fn no_page_of_the_wallet_is_shown_inside_another_sites_page() {
    let Some(host) = Host::open().await else { return };
    let window = host.driver.open(true).await;
    window.go(&host.world.at(&format!("/issuers/{APPROVING}"))).await;
    window.click("form[action=\"/sessions\"] button").await;
    window.sees("main[data-page=\"sign-in\"]").await;
    let sessions = host.world.texts("SELECT id FROM sessions").await;
    let attempt = format!("/sessions/{}", sessions[0]);
    let callback = format!("/callback/{}", sessions[0]);
    let paths = [
        "/",
        "/issuers",
        "/help",
        "/language",
        "/cards/00000000-0000-4000-8000-000000000000",
        &callback,
        "/nowhere",
        &format!("/issuers/{APPROVING}"),
        &attempt,
    ];
    let frames: String = paths
        .iter()
        .map(|path| format!("<iframe src=\"{}\"></iframe>", host.world.at(path)))
        .collect();
    host.publish("/mine", String::new(), "<p id=\"mine\">");
    host.publish("/", String::new(), &format!("{frames}<iframe src=\"/mine\"></iframe>"));
    window.log("browser").await;
    window.go(&host.at("/")).await;
    // What stands in each frame as this origin may see it: its own page, and nothing of a page that was refused.
    let own = window.evaluate("Array.from(frames, (_, at) => frames[at]).filter((frame) => { try { return frame.document.getElementById('mine'); } catch { return false; } }).length");
    assert_eq!(own.await, json!(1), "a frame as such works");
    let log = window.log("browser").await;
    let refused = |path: &str| {
        let (framed, log) = (host.world.at(path), &log);
        let says = |entry: &Value| {
            let message = entry["message"].as_str().unwrap_or_default();
            message.contains(&format!("'{framed}'")) && message.contains("X-Frame-Options")
                || message.contains(&format!("'{}/'", host.world.url)) && message.contains("frame-ancestors")
        };
        log.iter().filter(|entry| says(entry)).count()
    };
    for path in paths {
        assert!(refused(path) >= 1, "{path}: {log:#?}");
    }
}

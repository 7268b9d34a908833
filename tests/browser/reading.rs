//! What people with a keyboard, a screen reader or a contrast theme meet on a page, where axe cannot tell.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value, json};
use tidemark::http::page_samples;

use crate::driver::{Driver, Window};
use crate::gallery::{gallery, opens};
use crate::judge::{Colours, Look, wears};
use crate::person::{Scene, TEXTING};

/// A window in front of the samples, which stays on them.
async fn samples(driver: &Driver) -> (Window, String) {
    let origin = gallery(page_samples::router).await;
    let window = driver.open(true).await;
    window.before_every_page("Storage.prototype.getItem = () => '1'").await;
    (window, origin)
}

/// One of each kind of control: a sample page, and where the control is on it.
const CONTROLS: [(&str, &str); 11] = [
    ("picker", "header a"),
    ("picker", "footer a"),
    ("picker", "#q"),
    ("picker", "#country"),
    ("picker", "button.button"),
    ("picker", "#rows button.row"),
    ("picker-500", ".letters a"),
    ("method", "input[type=radio]"),
    ("code", "#code"),
    ("code", "button.text"),
    ("home-full", "a.card"),
];

/// Brings a control into the middle, with nothing focused: the strip above it, where a ring is, and nothing of what is in
/// the control (a caret blinks). A row has its ring inside.
const STRIP: &str = "(control => {
  document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex');
  control.scrollIntoView({block: 'center'});
  const box = control.getBoundingClientRect();
  const inside = control.matches('.row') ? 6 : 0;
  return {x: box.left + scrollX, y: box.top + scrollY - 6 + inside, width: box.width, height: 5, scale: 1};
})";

/// Whether a ring comes around a control that a key has led to.
async fn has_ring(window: &Window, css: &str) -> bool {
    let control = format!("document.querySelector('main {css}, {css}')");
    // Whoever has pressed a key is shown where the focus is.
    window.press("Tab").await;
    let clip = window.evaluate(&format!("{STRIP}({control})")).await;
    let picture = async || {
        let asked = json!({"format": "png", "clip": clip, "captureBeyondViewport": true});
        let picture = window.devtools("Page.captureScreenshot", asked).await;
        picture["data"].as_str().expect("a picture").to_owned()
    };
    let before = picture().await;
    assert_eq!(before, picture().await, "{css} does not stay the same by itself");
    window
        .evaluate(&format!("{control}.focus({{preventScroll: true}})"))
        .await;
    before != picture().await
}

#[tokio::test]
async fn a_ring_is_seen_around_each_kind_of_control() {
    let Some(driver) = Driver::start() else { return };
    let (window, origin) = samples(&driver).await;
    let mut without = Vec::new();
    for colours in [Colours::Light, Colours::Dark] {
        for (page, css) in CONTROLS {
            opens(&window, &origin, page, "en").await;
            wears(&window, &Look::plain(1280, colours)).await;
            if !has_ring(&window, css).await {
                without.push(format!("{css} of {page}, {colours:?}"));
            }
        }
    }
    assert!(without.is_empty(), "{without:#?}");
    let dull = |_: &str| {
        let page = "<!doctype html><title>Dull</title><style>a { outline: 0 }</style><p><a href=\"/\">dull</a></p>";
        Router::new().route("/pages/dull", get(move || async move { Html(page) }))
    };
    let origin = gallery(dull).await;
    opens(&window, &origin, "dull", "en").await;
    assert!(!has_ring(&window, "a").await, "a control without a ring is not noticed");
}

/// Roles and names, as screen readers are told them.
async fn told(window: &Window, role: &str) -> Vec<String> {
    let tree = window.devtools("Accessibility.getFullAXTree", json!({})).await;
    let nodes = tree["nodes"].as_array().expect("nodes").iter();
    nodes
        .filter(|node| node["role"]["value"] == role)
        .map(|node| node["name"]["value"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn a_row_is_called_by_its_bank_and_country() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    window.go(&scene.at("/issuers?country=")).await;
    let buttons = told(&window, "button").await;
    for name in ["Havørn Bank, Norway", "Silbertanner Genossenschaftsbank, Germany"] {
        assert!(buttons.iter().any(|button| button == name), "{name}: {buttons:#?}");
    }
    let links = told(&window, "link").await;
    assert!(
        links
            .iter()
            .any(|link| link == "Banco Ipê-Roxo, Brazil, Phone app only"),
        "{links:#?}"
    );
    scene.demo.stop().await;
}

#[tokio::test]
async fn terms_say_their_language_and_can_be_skipped() {
    let Some(driver) = Driver::start() else { return };
    let (window, origin) = samples(&driver).await;
    opens(&window, &origin, "terms-long", "de").await;
    let languages = "[document.documentElement.lang, document.querySelector('.paper h3').closest('[lang]').lang]";
    assert_eq!(window.evaluate(languages).await, json!(["de", "fr-FR"]));
    window
        .evaluate("document.querySelector('main a[href=\"#decide\"]').focus()")
        .await;
    window.press("Enter").await;
    window.press("Tab").await;
    let focus = "[document.activeElement.name, document.activeElement.value]";
    assert_eq!(window.evaluate(focus).await, json!(["action", "accept"]));
}

#[tokio::test]
async fn a_code_may_be_pasted_with_its_space_into_the_one_field_that_there_is() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    scene.comes_to_terms(&window, TEXTING).await;
    window.click("button[value=\"accept\"]").await;
    window.sees("main[data-state=\"code\"] input[name=\"code\"]").await;
    let code = scene.looks_at_phone(&window).await;
    let fields =
        "[...document.querySelectorAll('main input')].filter(field => field.checkVisibility()).map(one => one.id)";
    assert_eq!(window.evaluate(fields).await, json!(["code"]));
    window.evaluate("document.getElementById('code').focus()").await;
    let pasted = format!("{} {}", &code[..3], &code[3..]);
    window.devtools("Input.insertText", json!({"text": pasted})).await;
    assert_eq!(window.evaluate("document.getElementById('code').value").await, pasted);
    window.press("Enter").await;
    window.sees("main[data-state=\"active\"]").await;
    scene.demo.stop().await;
}

/// What a step looks like apart from its words.
const STEPS: &str = "['done', 'now', 'todo'].map(state => {
  const mark = getComputedStyle(document.querySelector(`.steps .${state}`), '::before');
  return [mark.content, mark.borderTopStyle, mark.borderTopWidth].join(' ');
})";

/// The ground of the main button and of the other, and the height of a line that says nothing yet.
const CONTRAST: &str = "[...['.button:not(.second)', '.button.second'].map(css =>
    getComputedStyle(document.querySelector(`main ${css}`)).backgroundColor),
  document.getElementById('net').getBoundingClientRect().height]";

#[tokio::test]
async fn steps_and_buttons_differ_where_all_colours_are_the_systems() {
    let Some(driver) = Driver::start() else { return };
    let (window, origin) = samples(&driver).await;
    opens(&window, &origin, "checking", "en").await;
    let look = Look {
        colours: Colours::Forced,
        ..Look::plain(360, Colours::Light)
    };
    wears(&window, &look).await;
    let steps = window.evaluate(STEPS).await;
    let [done, now, todo] = steps.as_array().expect("three").as_slice() else {
        panic!("three kinds of steps: {steps}")
    };
    assert!(done != now && now != todo && todo != done, "{steps}");
    opens(&window, &origin, "terms", "en").await;
    let contrast = window.evaluate(CONTRAST).await;
    let [main, other, line] = [0, 1, 2].map(|at| contrast[at].clone());
    assert!(main != other, "{main} and {other}");
    assert_eq!(line, 0, "an empty box is seen");
}

#[tokio::test]
async fn from_right_to_left_arrows_turn_and_digits_do_not() {
    let Some(driver) = Driver::start() else { return };
    let (window, origin) = samples(&driver).await;
    let turned = "getComputedStyle(document.querySelector('.row .chevron')).transform";
    let side = "(() => { const [row, arrow] = ['.row', '.row .chevron'].map(css => document.querySelector(css).getBoundingClientRect());
        return arrow.left - row.left < row.right - arrow.right ? 'left' : 'right'; })()";
    let tail = "(() => { const tail = document.querySelector('.art-tail'), range = document.createRange();
        const at = (from, to) => { range.setStart(tail.firstChild, from); range.setEnd(tail.firstChild, to);
          return range.getBoundingClientRect().left; };
        const last = tail.textContent.length; return [tail.textContent, at(0, 1) < at(last - 1, last)]; })()";
    for (language, transform, edge) in [("en", "none", "right"), ("ar", "matrix(-1, 0, 0, 1, 0, 0)", "left")] {
        opens(&window, &origin, "picker", language).await;
        let seen = [window.evaluate(turned).await, window.evaluate(side).await];
        assert_eq!(seen, [Value::from(transform), Value::from(edge)], "{language}");
        opens(&window, &origin, "card", language).await;
        assert_eq!(window.evaluate(tail).await, json!(["•••• 4821", true]), "{language}");
    }
}

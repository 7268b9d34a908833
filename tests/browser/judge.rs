//! Looking at a page as people with different screens, languages and wishes have it, and finding what is wrong with it
//! (`judge.js`, which has axe-core do most of it).

use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::driver::{Window, is_required};

const AXE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/npm/node_modules/axe-core/axe.min.js"
);
const JUDGE: &str = include_str!("judge.js");
const HEIGHT: u32 = 800;

/// The widths of WCAG 1.4.10 (a window of 1280 at 400 %), of a phone, of a tablet and of a computer.
pub const WIDTHS: [u32; 4] = [320, 360, 768, 1280];

/// How text is changed by whoever reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// As we wrote it.
    Plain,
    /// Twice as large (WCAG 1.4.4).
    Double,
    /// Spaced out (WCAG 1.4.12).
    Spaced,
}

/// The colours of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Ours, by day.
    Light,
    /// Ours, by night.
    Dark,
    /// The system's, as in a contrast theme.
    Forced,
}

/// How a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// How wide the window is, in CSS pixels.
    pub width: u32,
    /// Which colours are used.
    pub colours: Colours,
    /// What was done to the text.
    pub text: Text,
}

impl Look {
    /// Nothing but a size and colours.
    pub const fn plain(width: u32, colours: Colours) -> Self {
        Self {
            width,
            colours,
            text: Text::Plain,
        }
    }
}

/// Gives the scripts that judge to every page that the window will show. False where they are not installed, which has
/// been said then; where nothing may be skipped, that is a failure.
pub async fn brings_judgement(window: &Window) -> bool {
    if !Path::new(AXE).exists() {
        assert!(
            !is_required(),
            "axe-core is required here and not installed: npm ci in tests/npm"
        );
        let _ = writeln!(
            std::io::stderr(),
            "skipped: axe-core is not installed (npm ci in tests/npm)"
        );
        return false;
    }
    let axe = std::fs::read_to_string(AXE).expect("a script");
    window.before_every_page(&axe).await;
    window.before_every_page(JUDGE).await;
    true
}

/// Makes the window such, until the next time.
pub async fn wears(window: &Window, look: &Look) {
    window.resize(look.width, HEIGHT).await;
    let (scheme, forced) = match look.colours {
        Colours::Light => ("light", "none"),
        Colours::Dark => ("dark", "none"),
        Colours::Forced => ("light", "active"),
    };
    let features = json!({"features": [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "forced-colors", "value": forced},
        // Colours on their way to others have no contrast of their own. That nothing moves then is among what is judged.
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]});
    window.devtools("Emulation.setEmulatedMedia", features).await;
}

/// What is wrong with the page in the window, which is in that language.
pub async fn faults(window: &Window, language: &str, look: &Look) -> Vec<String> {
    judges(window, language, look, false).await
}

/// The same, where the page was judged in other colours with this width and text already.
pub async fn faults_of_colour(window: &Window, language: &str, look: &Look) -> Vec<String> {
    judges(window, language, look, true).await
}

async fn judges(window: &Window, language: &str, look: &Look, colours_only: bool) -> Vec<String> {
    wears(window, look).await;
    let text = match look.text {
        Text::Plain => "",
        Text::Double => "html { font-size: 200% !important }",
        Text::Spaced => {
            "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
             p { margin-block-end: 2em !important }"
        }
    };
    let asked = json!({
        "language": language, "width": look.width, "text": text, "forced": look.colours == Colours::Forced,
        "coloursOnly": colours_only,
    });
    let found = window.evaluate(&format!("judgePage({asked})")).await;
    let Value::Array(found) = found else {
        panic!("no judgement: {found}");
    };
    found
        .iter()
        .map(|fault| fault.as_str().expect("a sentence").to_owned())
        .collect()
}

//! Which colours stand on which, and whether they can be told apart there: WCAG 2.2, criteria 1.4.3 and 1.4.11.

use std::fmt;

/// An opaque sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// White, which names and letters on drawn cards and tiles are written in.
    pub const WHITE: Self = Self([255; 3]);

    /// Reads `#rrggbb`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 3];
        hex::decode_to_slice(text.strip_prefix('#')?, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The relative luminance, 0 for black to 1 for white (WCAG 2.2, "relative luminance").
    #[must_use]
    pub fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast of two colours, 1 to 21, whichever is in front (WCAG 2.2, "contrast ratio").
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "#{}", hex::encode(self.0))
    }
}

/// What is to be told from its ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    /// Text, which may be of any size.
    Text,
    /// The border of a field or a button.
    Border,
    /// The ring around what has the focus.
    Ring,
}

impl Front {
    /// The least contrast that it needs.
    #[must_use]
    pub fn need(self) -> f64 {
        match self {
            Self::Text => 4.5,
            Self::Border | Self::Ring => 3.0,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Border => "a border",
            Self::Ring => "the focus ring",
        }
    }
}

/// What stands on what, by the names of the tokens: `(front, grounds, kind)`. Every pair that the style sheet makes.
pub const PAIRS: &[(&str, &[&str], Front)] = &[
    ("ink", &["paper", "surface", "sunk"], Front::Text),
    ("ink", &["ok-soft", "warn-soft", "bad-soft", "info-soft"], Front::Text),
    // What is selected.
    ("ink", &["accent-soft"], Front::Text),
    // On accent-soft: what is said of a language that is chosen.
    ("ink-2", &["paper", "surface", "sunk", "accent-soft"], Front::Text),
    ("accent", &["paper", "surface", "accent-soft"], Front::Text),
    // A link in a banner.
    (
        "accent",
        &["ok-soft", "warn-soft", "bad-soft", "info-soft"],
        Front::Text,
    ),
    (
        "accent-hover",
        &["ok-soft", "warn-soft", "bad-soft", "info-soft"],
        Front::Text,
    ),
    // A link, and the tile that adds a card, under the pointer.
    ("accent-hover", &["paper", "surface", "accent-soft"], Front::Text),
    ("on-accent", &["accent", "accent-hover"], Front::Text),
    // The heading of a banner, and the state of a card or an issuer beside its name.
    ("ok", &["ok-soft", "paper", "surface", "sunk"], Front::Text),
    ("warn", &["warn-soft", "paper", "surface", "sunk"], Front::Text),
    ("bad", &["bad-soft", "paper", "surface"], Front::Text),
    ("info", &["info-soft"], Front::Text),
    ("line-strong", &["surface", "paper", "sunk"], Front::Border),
    // A button in a banner, and the address to copy.
    ("line-strong", &["warn-soft", "info-soft"], Front::Border),
    ("focus", &["paper", "surface", "sunk"], Front::Ring),
    // A link in a banner, and what is chosen or under the pointer.
    (
        "focus",
        &["ok-soft", "warn-soft", "bad-soft", "info-soft", "accent-soft"],
        Front::Ring,
    ),
];

/// A pair that is too weak.
#[derive(Clone, Debug, PartialEq)]
pub struct Weak {
    /// What is in front.
    pub front: (&'static str, Colour),
    /// What it stands on.
    pub ground: (&'static str, Colour),
    /// What it is.
    pub kind: Front,
    /// Their contrast.
    pub ratio: f64,
}

impl fmt::Display for Weak {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((front, colour), (ground, under)) = (self.front, self.ground);
        // Never rounded up to what is needed.
        let ratio = (self.ratio * 100.0).floor() / 100.0;
        let (kind, need) = (self.kind.name(), self.kind.need());
        write!(
            out,
            "{front} {colour} on {ground} {under} has a contrast of {ratio:.2}:1, and {kind} needs {need}:1"
        )
    }
}

/// The pairs of these colours that are too weak, in the order of [`PAIRS`].
pub fn weak(colour: impl Fn(&str) -> Colour) -> Vec<Weak> {
    let pairs = PAIRS
        .iter()
        .flat_map(|(front, grounds, kind)| grounds.iter().map(move |ground| (*front, *ground, *kind)));
    let measured = pairs.map(|(front, ground, kind)| {
        let (front, ground) = ((front, colour(front)), (ground, colour(ground)));
        Weak {
            front,
            ground,
            kind,
            ratio: front.1.contrast(ground.1),
        }
    });
    measured.filter(|pair| pair.ratio < pair.kind.need()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).expect("a colour")
    }

    #[test]
    fn the_ratio_is_the_one_that_others_measure() {
        // By hand from the definition, and as WebAIM's checker has them.
        for (one, other, ratio) in [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            ("#767676", "#ffffff", 4.54),
            ("#777777", "#ffffff", 4.48),
            ("#ff0000", "#ffffff", 4.0),
            ("#0000ff", "#000000", 2.44),
            ("#00ff00", "#0000ff", 6.26),
            ("#0a0a0a", "#000000", 1.06),
        ] {
            let found = colour(one).contrast(colour(other));
            assert!((found - ratio).abs() < 0.005, "{one} {other}: {found}");
            assert_eq!(colour(other).contrast(colour(one)), found);
        }
    }

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!(colour("#0B5a4E").to_string(), "#0b5a4e");
        for wrong in [
            "", "#", "#fff", "0b5a4e", "#0b5a4", "#0b5a4ef", "#0b5a4g", " #0b5a4e", "#0b5a4é",
        ] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_ratio_is_never_rounded_up_to_what_is_needed() {
        let grey = |text: &str| colour(if text == "ink" { "#777777" } else { "#ffffff" });
        let found = weak(grey);
        let ink: Vec<&Weak> = found.iter().filter(|pair| pair.front.0 == "ink").collect();
        assert_eq!(ink.len(), 8);
        assert_eq!(
            ink[0].to_string(),
            "ink #777777 on paper #ffffff has a contrast of 4.47:1, and text needs 4.5:1"
        );
    }
}

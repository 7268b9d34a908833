//! How cards and logos look when the issuer supplies no picture: depth contours, and a letter on a tile.

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;

use super::text::digest;

/// Background and line colours. Each pair was looked at; white text holds 6.7:1 or better on every background.
const INKS: [(&str, &str); 12] = [
    ("#123a5c", "#9fe0d2"),
    ("#3b2a57", "#f1c889"),
    ("#7b1e2b", "#f2d7c2"),
    ("#0e5c4a", "#f5e9b8"),
    ("#1d2f8a", "#ffd9a8"),
    ("#0a5a9c", "#e7f1f8"),
    ("#6a1f6b", "#ffd84d"),
    ("#3a4a1e", "#dfe7b7"),
    ("#12666b", "#d5f0ee"),
    ("#2b3a42", "#e8edf0"),
    ("#5d4514", "#f4e3b3"),
    ("#26354a", "#f6b7b0"),
];

/// A card face that is drawn, not fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contours {
    /// The sea.
    pub ground: &'static str,
    /// The lines.
    pub line: &'static str,
    /// The closed curves, as SVG path data in a box of 171 by 108.
    pub curves: Vec<String>,
}

/// The contours of a seed, usually the issuer's name and the card's last digits: calm, and different for each card.
#[must_use]
pub fn contours(ground: &str, shape: &str) -> Contours {
    let (ground, line) = INKS[bucket(ground, INKS.len())];
    let lobes = 5 + bucket(shape, 4);
    let tilt = f64::from(u8::try_from(bucket(shape, 64)).unwrap_or(0)) / 10.0;
    Contours {
        ground,
        line,
        curves: (0..8u8).map(|ring| curve(f64::from(ring), lobes, tilt)).collect(),
    }
}

/// The letter tile of an issuer: what a person takes for the first letter of its name, and which of eight colours.
#[must_use]
pub fn tile(id: &str, name: &str) -> (String, usize) {
    let letter = name
        .graphemes(true)
        .find(|cluster| cluster.chars().any(char::is_alphanumeric))
        .map_or_else(|| "·".to_owned(), str::to_uppercase);
    (letter, bucket(id, 8))
}

/// MDES's colour for what is written on the art: six hexadecimal digits, as an attribute of SVG takes them.
#[must_use]
pub fn ink(digits: &str) -> Option<String> {
    let is_colour = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_colour.then(|| format!("#{}", digits.to_ascii_lowercase()))
}

fn bucket(text: &str, of: usize) -> usize {
    // Short texts differ in few bits of the digest: spread them before taking the remainder.
    let mut mixed = digest(text.as_bytes());
    mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    usize::try_from((mixed ^ (mixed >> 33)) >> 8).unwrap_or(0) % of
}

/// One isobath around (150, 20), four points a lobe. The curve runs through the middles between the points, so that
/// each `T`, which mirrors the control point before it, finds the next point as its own.
fn curve(ring: f64, lobes: usize, tilt: f64) -> String {
    let count = lobes * 4;
    let point = |index: usize| {
        let angle = std::f64::consts::TAU * index as f64 / count as f64;
        let radius = 26.0 + 14.0 * ring + 4.0 * (lobes as f64 * angle + 0.7 * ring + tilt).sin();
        (150.0 + radius * angle.cos(), 20.0 + radius * angle.sin())
    };
    let middle = |index: usize| {
        let ((x1, y1), (x2, y2)) = (point(index), point(index + 1));
        (f64::midpoint(x1, x2), f64::midpoint(y1, y2))
    };
    let (start, control) = (middle(0), point(1));
    let mut path = format!("M{:.1} {:.1}Q{:.1} {:.1} ", start.0, start.1, control.0, control.1);
    for index in 1..=count {
        let (x, y) = middle(index);
        let separator = if index == 1 { "" } else { "T" };
        let _ = write!(path, "{separator}{x:.1} {y:.1}");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn art_is_the_same_for_the_same_card_and_small() {
        let art = contours("Havørn Bank", "4821");
        assert_eq!(art, contours("Havørn Bank", "4821"));
        assert_ne!(art.curves, contours("Havørn Bank", "4822").curves);
        assert_eq!(art.ground, contours("Havørn Bank", "0000").ground);
        let bytes: usize = art.curves.iter().map(String::len).sum();
        assert!(bytes < 4_000, "{bytes}");
        assert!(
            art.curves
                .iter()
                .all(|curve| curve.starts_with('M') && !curve.contains("NaN"))
        );
    }

    #[test]
    fn every_tile_has_a_letter() {
        let letter = |name| tile("id", name).0;
        assert_eq!(letter("Havørn Bank"), "H");
        assert_eq!(letter("“ipe-roxo”"), "I");
        assert_eq!(letter("e\u{301}clair"), "E\u{301}", "a letter and its mark");
        assert_eq!(letter("蛍火銀行"), "蛍");
        assert_eq!(letter("بنك"), "ب");
        assert_eq!(letter("…"), "·");
        assert_eq!(letter(""), "·");
        assert_eq!(
            tile("a", "x").1,
            tile("a", "y").1,
            "its colours stay when it is renamed"
        );
        let tones: std::collections::BTreeSet<_> = (0..100).map(|n| tile(&n.to_string(), "x").1).collect();
        assert_eq!(tones, (0..8).collect());
    }

    #[test]
    fn only_a_colour_is_written_with() {
        assert_eq!(ink("F1c889").as_deref(), Some("#f1c889"));
        for other in ["", "fff", "#f1c889", "f1c88g", "f1c8891", "red;x", "f1c88é"] {
            assert_eq!(ink(other), None, "{other}");
        }
    }
}

//! What makes the pages this wallet's own, checked: its mark, and its design tokens as a style sheet takes them.

use crate::config::Brand;

use super::media::{is_svg, png_size};
use super::settings::StartFault;
use super::view::Media;

/// What the pages look like, besides what all wallets have in common.
#[derive(Clone, Debug)]
pub struct Look {
    /// The wallet's name.
    pub name: String,
    /// The layer behind the style sheet; "" when there is none.
    pub tokens: String,
    /// The wallet's own mark; without one it is ours.
    pub logo: Option<Logo>,
}

/// A wallet's own mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// The picture.
    pub media: Media,
    /// Its width in hundredths of its height.
    pub breadth: u32,
}

impl Look {
    pub(super) fn of(brand: &Brand) -> Result<Self, StartFault> {
        let logo = brand.logo.as_deref().map(logo);
        Ok(Self {
            name: brand.name.clone(),
            tokens: brand.tokens.css(),
            logo: logo.transpose().map_err(StartFault::Logo)?,
        })
    }
}

/// A picture that is safe to serve from our origin.
fn logo(bytes: &[u8]) -> Result<Logo, &'static str> {
    let (media_type, (width, height)) = if let Some((width, height)) = png_size(bytes) {
        ("image/png", (f64::from(width), f64::from(height)))
    } else if is_svg(bytes) {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        if let Some(fault) = svg_fault(text) {
            return Err(fault);
        }
        let size =
            view_box(text).ok_or("must be an SVG with a viewBox of four numbers, which tells its proportions")?;
        ("image/svg+xml", size)
    } else {
        return Err("must be an SVG without a document type, or a PNG of at most 2048 by 2048 pixels");
    };
    Ok(Logo {
        media: Media {
            media_type,
            bytes: bytes.to_vec(),
        },
        // What is wider or narrower is shown smaller.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 50 and 600"
        )]
        breadth: (100.0 * width / height).clamp(50.0, 600.0) as u32,
    })
}

/// What must not stand in an SVG of ours. It is only ever shown as an image, where nothing of this would work; whoever
/// meant it to work should hear of it, and whoever opens the picture by itself should find none of it.
///
/// Character references and escapes are refused as a whole, so that each of these is written as it is looked for.
fn svg_fault(text: &str) -> Option<&'static str> {
    const HIDDEN: [&str; 2] = ["&#", "\\"];
    const SCRIPTS: [&str; 4] = ["<script", ":script", "<foreignobject", ":foreignobject"];
    const REFERENCES: [&str; 4] = ["@import", "<?xml-stylesheet", "xml:base", "<!["];
    let text = text.to_ascii_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let is_inside = |after: &str| {
        let before_value = |c: char| c.is_whitespace() || "='\"".contains(c);
        after.trim_start_matches(before_value).starts_with('#')
    };
    let leads_out = |word: &str| {
        text.match_indices(word)
            .any(|(at, _)| !is_inside(&text[at + word.len()..]))
    };
    if holds(&HIDDEN) {
        Some("must hold no character references and no escapes: write the characters themselves")
    } else if holds(&SCRIPTS) || has_handler(&text) {
        Some("must hold no script, no event handler and no HTML")
    } else if holds(&REFERENCES) || leads_out("href") || leads_out("url(") {
        Some("must refer to nothing outside itself: no link, picture, font or style sheet")
    } else {
        None
    }
}

/// Whether an attribute begins with `on`.
fn has_handler(text: &str) -> bool {
    text.match_indices("on").any(|(at, _)| {
        let begins = text[..at].ends_with(|c: char| c.is_whitespace() || "'\"/:".contains(c));
        let name = text[at..].trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "-_.".contains(c));
        begins && name.trim_start().starts_with('=')
    })
}

/// Width and height of an SVG's `viewBox`.
fn view_box(text: &str) -> Option<(f64, f64)> {
    let (_, root) = text.split_once("<svg")?;
    let (_, after) = root.split_once('>')?.0.split_once("viewBox")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|quote| "'\"".contains(*quote))?;
    let numbers: Option<Vec<f64>> = after[1..]
        .split(quote)
        .next()?
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|number| !number.is_empty())
        .map(|number| number.parse().ok())
        .collect();
    match numbers?.as_slice() {
        [_, _, width, height] if *width > 0.0 && *height > 0.0 => Some((*width, *height)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_CODE: &str = "must hold no script, no event handler and no HTML";
    const NOTHING_OUTSIDE: &str = "must refer to nothing outside itself: no link, picture, font or style sheet";
    const NOTHING_HIDDEN: &str = "must hold no character references and no escapes: write the characters themselves";

    fn svg(inner: &str) -> Result<Logo, &'static str> {
        logo(format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 60 20\">{inner}</svg>").as_bytes())
    }

    #[test]
    fn a_drawing_is_taken_with_its_proportions() {
        let drawing = "<!-- description --><defs><linearGradient id=\"a\"/></defs><style>.b{fill:url(#a)}</style>\
                       <use href=\"#a\"/><path class=\"b\" fill='url( \"#a\" )' d=\"M0 0h60v20z\"/><text>on we go</text>";
        let taken = svg(drawing).expect("a logo");
        assert_eq!((taken.media.media_type, taken.breadth), ("image/svg+xml", 300));
        for (root, breadth) in [
            ("viewBox='0,0,10,10'", Some(100)),
            ("width=\"9\" viewBox = \"-1 -1 1 1000\"", Some(50)),
            ("viewBox=\"0 0 1e4 1\"", Some(600)),
            ("viewBox=\"0 0 0 10\"", None),
            ("viewBox=\"0 0 10\"", None),
            ("viewBox=\"0 0 NaN 10\"", None),
            ("viewBox=0", None),
            ("", None),
        ] {
            let found = logo(format!("<svg {root}></svg>").as_bytes());
            assert_eq!(found.ok().map(|logo| logo.breadth), breadth, "{root}");
        }
    }

    #[test]
    fn what_could_act_or_reach_out_is_refused() {
        for (inner, fault) in [
            ("<script>1</script>", NO_CODE),
            ("<SCRIPT/>", NO_CODE),
            ("<svg:script/>", NO_CODE),
            ("<g onload=\"x\"/>", NO_CODE),
            ("<g\nonClick = 'x'/>", NO_CODE),
            ("<g id=\"a\"onfocus=\"x\"/>", NO_CODE),
            ("<g/onbegin=\"x\"/>", NO_CODE),
            ("<foreignObject/>", NO_CODE),
            ("<a href=\"https://evil.example\"/>", NOTHING_OUTSIDE),
            ("<a xlink:href = 'javascript:x'/>", NOTHING_OUTSIDE),
            ("<image href=\"data:image/png;base64,\"/>", NOTHING_OUTSIDE),
            ("<use href=\"//evil.example/#a\"/>", NOTHING_OUTSIDE),
            ("<style>@import 'x'</style>", NOTHING_OUTSIDE),
            ("<rect fill=\"URL(https://evil.example)\"/>", NOTHING_OUTSIDE),
            ("<style>a{fill:url('x')}</style>", NOTHING_OUTSIDE),
            ("<?xml-stylesheet href=\"#a\"?>", NOTHING_OUTSIDE),
            ("<g xml:base=\"https://evil.example\"/>", NOTHING_OUTSIDE),
            ("<![CDATA[x]]>", NOTHING_OUTSIDE),
            ("<a href=\"&#35;x\"/>", NOTHING_HIDDEN),
            ("<style>a{fill:\\75rl(x)}</style>", NOTHING_HIDDEN),
        ] {
            assert_eq!(svg(inner).err(), Some(fault), "{inner}");
        }
    }

    #[test]
    fn a_picture_is_an_svg_or_a_png_by_its_bytes() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend(120_u32.to_be_bytes());
        png.extend(40_u32.to_be_bytes());
        let taken = logo(&png).expect("a logo");
        assert_eq!((taken.media.media_type, taken.breadth), ("image/png", 300));
        let not_a_picture = Err("must be an SVG without a document type, or a PNG of at most 2048 by 2048 pixels");
        png[16] = 1;
        for wrong in [
            png.as_slice(),
            b"GIF89a",
            b"<html/>",
            b"\xff<svg/>",
            b"<!DOCTYPE svg><svg viewBox='0 0 1 1'/>",
        ] {
            assert_eq!(logo(wrong), not_a_picture);
        }
    }
}

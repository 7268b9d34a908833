//! What makes the pages this wallet's own, checked: its mark, and its design tokens as a style sheet takes them.

use crate::config::Brand;

use super::media::mark;
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

/// A picture that is safe to serve from our origin: as safe as everybody else's.
fn logo(bytes: &[u8]) -> Result<Logo, String> {
    let (media, (width, height)) = mark(bytes).map_err(|fault| fault.to_string())?;
    // What is wider or narrower is shown smaller.
    let breadth = (width.saturating_mul(100) / height.max(1)).clamp(50, 600);
    Ok(Logo { media, breadth })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(root: &str, inner: &str) -> Result<Logo, String> {
        logo(format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {root}>{inner}</svg>").as_bytes())
    }

    #[test]
    fn a_drawing_is_taken_with_its_proportions() {
        let path = "<path d=\"M0 0h60v20z\"/>";
        let taken = svg("viewBox=\"0 0 60 20\"", path).expect("a logo");
        assert_eq!((taken.media.media_type, taken.breadth), ("image/svg+xml", 300));
        for (root, breadth) in [
            ("viewBox='0,0,10,10'", Some(100)),
            ("viewBox=\"0 0 1500 1\"", Some(600)),
            ("viewBox=\"0 0 99999999999 1\"", Some(600)),
            ("viewBox=\"0 0 0 10\"", None),
            ("viewBox=\"0 0 NaN 10\"", None),
        ] {
            assert_eq!(svg(root, path).ok().map(|logo| logo.breadth), breadth, "{root}");
        }
    }

    #[test]
    fn what_could_act_or_reach_out_is_refused() {
        for inner in [
            "<script>1</script>",
            "<g onload=\"x\"><path d=\"M0 0h1\"/></g>",
            "<foreignObject/>",
            "<image href=\"https://evil.example/x.png\"/>",
            "<style>@import 'x';</style><path d=\"M0 0h1\"/>",
        ] {
            let refused = svg("viewBox=\"0 0 60 20\"", inner);
            assert!(refused.is_err_and(|rule| rule.starts_with("must ")), "{inner}");
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for wrong in [
            b"GIF89a".as_slice(),
            b"<html/>",
            b"\xff<svg/>",
            b"\x89PNG\r\n\x1a\n",
            b"",
        ] {
            assert!(logo(wrong).is_err());
        }
    }
}

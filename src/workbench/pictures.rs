//! Pictures that MDES serves: how large they are, and whether something in them would run.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_PAD_INDIFFERENT;
use serde_json::Value;

use super::message::PictureFacts;

/// The pictures in the answer to an asset call.
pub(super) fn look(answer: &Value) -> Vec<PictureFacts> {
    let contents = answer["mediaContents"].as_array().into_iter().flatten();
    let pictures = contents.filter_map(|content| {
        let media_type = content["type"].as_str().filter(|kind| kind.starts_with("image/"))?;
        let bytes = STANDARD_PAD_INDIFFERENT.decode(content["data"].as_str()?).ok()?;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"/+.-".contains(&byte);
        Some(PictureFacts {
            media_type: media_type
                .bytes()
                .filter(|byte| is_name(*byte))
                .take(40)
                .map(char::from)
                .collect(),
            bytes: bytes.len() as u64,
            is_active: media_type.contains("svg") && is_active(&String::from_utf8_lossy(&bytes)),
        })
    });
    pictures.collect()
}

/// A script, a handler, a foreign address, or what can hold one.
fn is_active(drawing: &str) -> bool {
    let drawing = drawing.to_lowercase();
    let holds = [
        "<script",
        "<foreignobject",
        "<iframe",
        "javascript:",
        "<!entity",
        "<handler",
        "<set ",
        "<animate",
    ];
    if holds.iter().any(|tag| drawing.contains(tag)) {
        return true;
    }
    let mut quoted = drawing.split(['"', '\'']);
    // Every other piece is outside of quotes, and names the attribute that follows.
    while let (Some(outside), inside) = (quoted.next(), quoted.next().unwrap_or_default()) {
        let name = outside.trim_end().strip_suffix('=').unwrap_or_default().trim_end();
        let name = name
            .rsplit(|letter: char| letter.is_whitespace())
            .next()
            .unwrap_or_default();
        let is_link = name.ends_with("href") || name == "src";
        let is_foreign = !(inside.starts_with('#') || inside.starts_with("data:image/"));
        if (name.starts_with("on") && name.len() > 2) || (is_link && is_foreign) {
            return true;
        }
    }
    drawing.contains("url(http") || drawing.contains("@import")
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_active_drawing_is_told_from_a_quiet_one() {
        for (drawing, active) in [
            (
                r##"<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"/><path d="M1 1" fill="url(#g)"/></svg>"##,
                false,
            ),
            ("<svg><script>alert(1)</script></svg>", true),
            (r#"<svg onload = "alert(1)"/>"#, true),
            (r#"<svg><image xlink:href='https://evil.example/x.png'/></svg>"#, true),
            (r#"<svg><a href="JavaScript:alert(1)"/></svg>"#, true),
            (r#"<svg><image href="data:image/png;base64,AA"/></svg>"#, false),
            (r#"<svg><style>@import "x";</style></svg>"#, true),
        ] {
            assert_eq!(is_active(drawing), active, "{drawing}");
        }
        for issuer in crate::sim::catalogue::ISSUERS {
            assert!(!is_active(&issuer.logo_svg()), "{}", issuer.id);
        }
    }

    #[test]
    fn pictures_are_weighed_and_documents_are_not() {
        let answer = json!({"mediaContents": [
            {"type": "image/png", "data": STANDARD.encode([0; 300])},
            {"type": "image/svg+xml", "data": STANDARD.encode("<svg onclick='x'/>")},
            {"type": "text/html", "data": STANDARD.encode("<script>")},
        ]});
        let found = look(&answer);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].bytes, found[0].is_active), (300, false));
        assert!(found[1].is_active);
    }
}

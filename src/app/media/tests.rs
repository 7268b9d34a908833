//! What of other people's pictures is served, and what is not.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use png::{BitDepth, ColorType, Encoder};

use super::*;

const XMLNS: &str = "xmlns=\"http://www.w3.org/2000/svg\"";

fn drawing(inside: &str) -> String {
    format!("<svg {XMLNS} width=\"44\" height=\"44\">{inside}</svg>")
}

fn copied(text: &str) -> Result<String, PictureFault> {
    svg::copy(text.as_bytes()).map(|drawing| String::from_utf8(drawing.svg).expect("text"))
}

/// A picture with noise, so that it does not become small by itself.
fn png(width: u32, height: u32, kind: ColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(kind);
    encoder.set_depth(BitDepth::Eight);
    encoder
        .add_text_chunk("Author".to_owned(), "SECRET-METADATA".to_owned())
        .expect("a chunk");
    let mut writer = encoder.write_header().expect("a head");
    let samples = width as usize * height as usize * kind.samples();
    let mut state: u32 = 1;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    let pixels: Vec<u8> = noise.take(samples).collect();
    writer.write_image_data(&pixels).expect("pixels");
    drop(writer);
    bytes
}

fn part(media_type: &str, bytes: &[u8]) -> MediaContent {
    MediaContent {
        media_type: media_type.to_owned(),
        bytes: bytes.to_vec(),
        width: None,
        height: None,
    }
}

fn names(parts: &[MediaContent], purpose: Purpose) -> Result<Vec<(String, u32, u32)>, PictureFault> {
    let made = make(parts, purpose, 2_000_000)?;
    let ending = |name: &str| name.split_once('.').expect("an ending").1.to_owned();
    Ok(made
        .iter()
        .map(|(picture, _)| (ending(&picture.name), picture.width, picture.height))
        .collect())
}

#[test]
fn a_harmless_drawing_is_copied_and_its_copy_is_itself() {
    let illustrator = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- Generator -->\n\
         <!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n\
         <svg version=\"1.1\" id=\"Layer_1\" {XMLNS} xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         xmlns:i=\"http://ns.adobe.com/\" x=\"0px\" viewBox=\"0 0 40 20.5\" xml:space=\"preserve\" data-name=\"x\">\n\
         <title>Bank &amp; Co</title><metadata><rdf:RDF>x</rdf:RDF></metadata><i:pgf>AAAA</i:pgf>\n\
         <style type=\"text/css\"><![CDATA[.st0{{fill:url(#g);}}\n.st1>path{{stroke: rgb(1, 2, 3)}}]]></style>\n\
         <defs><path id=\"p\" d=\"M0 0h9\"/><linearGradient id=\"g\"><stop offset=\"0\" stop-color=\"#fff\"/>\
         </linearGradient></defs><clipPath id=\"c\"><use xlink:href=\"#p\" style=\"overflow:visible;\"/></clipPath>\n\
         <g clip-path=\"url(#c)\" class=\"st0\" transform=\"translate(1 2) scale(.5)\"><path d=\"M1 1 L2 2\"/></g>\
         <text x=\"1\">A &lt; B</text></svg>"
    );
    let copy = copied(&illustrator).expect("a copy");
    let expected = format!(
        "<svg {XMLNS} id=\"Layer_1\" x=\"0px\" viewBox=\"0 0 40 20.5\"><defs><path id=\"p\" d=\"M0 0h9\"/>\
         <linearGradient id=\"g\"><stop offset=\"0\" stop-color=\"#fff\"/></linearGradient></defs><clipPath id=\"c\">\
         <use href=\"#p\" style=\"overflow:visible;\"/></clipPath><g clip-path=\"url(#c)\" class=\"st0\" \
         transform=\"translate(1 2) scale(.5)\"><path d=\"M1 1 L2 2\"/></g><text x=\"1\">A &lt; B</text>\
         <style>.st0{{fill:url(#g);}}\n.st1&gt;path{{stroke: rgb(1, 2, 3)}}</style></svg>"
    );
    assert_eq!(copy, expected);
    assert_eq!(copied(&copy).as_deref(), Ok(copy.as_str()));
    let size = svg::copy(illustrator.as_bytes()).map(|drawing| (drawing.width, drawing.height));
    assert_eq!(size, Ok((40, 21)), "the natural size of its view box");
    let vast = format!("<svg {XMLNS} viewBox=\"0 0 8000000000 4000000000\"><path d=\"M0 0h9\"/></svg>");
    let size = svg::copy(vast.as_bytes()).map(|drawing| (drawing.width, drawing.height));
    assert_eq!(size, Ok((2_000, 1_000)), "as small as what may be declared");
}

#[test]
fn what_runs_moves_or_leads_elsewhere_refuses_the_whole_drawing() {
    use PictureFault::*;
    let ink = "<path d=\"M0 0h9\"/>";
    for (inside, fault) in [
        ("<script>alert(1)</script>", Active),
        ("<ScRiPt>alert(1)</ScRiPt>", Active),
        (
            "<x:script xmlns:x=\"http://www.w3.org/2000/svg\">alert(1)</x:script>",
            Active,
        ),
        ("<metadata><script/></metadata>", Active),
        ("<title onclick=\"x\">t</title>", Active),
        (
            "<script xmlns=\"http://www.w3.org/1999/xhtml\">alert(1)</script>",
            Active,
        ),
        ("<foreignObject><body onload=\"x\"/></foreignObject>", Active),
        ("<g onload=\"alert(1)\"/>", Active),
        ("<g ONLOAD=\"alert(1)\"/>", Active),
        ("<g ev:onload=\"alert(1)\"/>", Active),
        (
            "<animate attributeName=\"href\" values=\"javascript:alert(1)\"/>",
            Active,
        ),
        ("<set attributeName=\"x\" to=\"1\"/>", Active),
        ("<handler>x</handler>", Active),
        ("<use href=\"https://evil.example/x.svg#a\"/>", Reference),
        ("<use xlink:href=\"data:image/svg+xml,x\"/>", Reference),
        ("<g href=\" javascript:alert(1)\"/>", Reference),
        ("<rect fill=\"url(https://evil.example/)\"/>", Reference),
        ("<rect fill=\"URL( 'https://evil.example/')\"/>", Reference),
        ("<rect style=\"fill:url(//evil.example)\"/>", Reference),
        ("<rect style=\"fill:u\\72l(//evil.example)\"/>", Style),
        ("<rect style=\"fill:url/**/(//evil.example)\"/>", Style),
        ("<rect fill=\"image-set('https://evil.example/')\"/>", Style),
        ("<rect fill=\"src('https://evil.example/')\"/>", Style),
        ("<style>@import 'https://evil.example/';</style>", Style),
        ("<style>@font-face{font-family:x;src:url(#a)}</style>", Style),
        ("<style>rect{fill:url(https://evil.example/)}</style>", Reference),
        ("<style>rect{mask:url(#a)}</style>", Style),
        ("<style><g/></style>", Element),
        ("<image href=\"#a\"/>", Element),
        ("<a href=\"#a\"><path/></a>", Element),
        ("<filter/>", Element),
        ("<pattern/>", Element),
        ("<svg/>", Element),
        ("<?xml-stylesheet href=\"https://evil.example/\"?>", Reference),
        ("&evil;", Entities),
        ("<g id=\"&evil;\"/>", Entities),
        ("<g id=\"a\" id=\"b\"/>", Unreadable),
        ("<g>", Unreadable),
    ] {
        assert_eq!(copied(&drawing(&format!("{ink}{inside}"))), Err(fault), "{inside}");
    }
    for (whole, fault) in [
        (format!("<!DOCTYPE svg [<!ENTITY a \"b\">]>{}", drawing(ink)), Entities),
        (format!("{}{}", drawing(ink), drawing(ink)), Element),
        (
            "<svg width=\"1\" height=\"1\"><path d=\"\"/></svg>".to_owned(),
            Unreadable,
        ),
        (format!("<svg {XMLNS} onload=\"x\" width=\"1\" height=\"1\"/>"), Active),
        (format!("<svg {XMLNS}>{ink}</svg>"), Nothing),
        (format!("<svg {XMLNS} width=\"2001\" height=\"9\">{ink}</svg>"), Pixels),
        (format!("<svg {XMLNS} viewBox=\"0 0 NaN 9\">{ink}</svg>"), Nothing),
        (drawing("<title>x</title>"), Nothing),
        ("<html><script/></html>".to_owned(), Element),
        ("plain".to_owned(), Unreadable),
        (String::new(), Unreadable),
    ] {
        assert_eq!(copied(&whole), Err(fault), "{whole}");
    }
    assert_eq!(svg::copy(b"<svg>\xff</svg>"), Err(Unreadable));
}

#[test]
fn a_drawing_has_limits_and_so_has_what_it_multiplies_to() {
    use PictureFault::*;
    let ink = "<path d=\"M0 0h9\"/>";
    assert_eq!(copied(&drawing(&ink.repeat(4_999))).map(|_| ()), Ok(()));
    assert_eq!(copied(&drawing(&ink.repeat(5_000))), Err(TooMuch));
    let nested = |depth| drawing(&format!("{}{ink}{}", "<g>".repeat(depth), "</g>".repeat(depth)));
    assert_eq!(copied(&nested(30)).map(|_| ()), Ok(()));
    assert_eq!(copied(&nested(32)), Err(TooMuch));
    assert_eq!(copied(&drawing(&format!("{ink}{}", " ".repeat(200_000)))), Err(Bytes));
    let attributes: String = (0..65).map(|n| format!(" data-a{n}=\"\"")).collect();
    assert_eq!(copied(&drawing(&format!("{ink}<g{attributes}/>"))), Err(TooMuch));
    // Each level draws the one before it twice.
    for kind in [
        "<use href=\"#l\"/><use href=\"#l\"/>",
        "<g mask=\"url(#l)\"/><g style=\"clip-path:url('#l')\"/>",
    ] {
        let level = |n: usize| format!("<g id=\"l{n}\">{}</g>", kind.replace("#l", &format!("#l{}", n - 1)));
        let levels = |count: usize| {
            let levels: String = (1..=count).map(level).collect();
            drawing(&format!("<g id=\"l0\">{ink}</g>{levels}"))
        };
        assert_eq!(copied(&levels(8)).map(|_| ()), Ok(()), "{kind}");
        assert_eq!(copied(&levels(14)), Err(TooMuch), "{kind}");
    }
    let circle = "<g id=\"a\"><use href=\"#b\"/></g><g id=\"b\"><use href=\"#a\"/></g>";
    assert_eq!(copied(&drawing(&format!("{ink}{circle}"))), Err(TooMuch));
    let chain: String = (1..1_000)
        .map(|n| format!("<use id=\"c{n}\" href=\"#c{}\"/>", n - 1))
        .collect();
    assert_eq!(
        copied(&drawing(&format!("<g id=\"c0\">{ink}</g>{chain}"))),
        Err(TooMuch)
    );
    // A long outline counts for more than a short one.
    let outline = |bytes: usize| format!("<path id=\"p\" d=\"M0 0{}\"/>", "h9".repeat(bytes / 2));
    let again = |times: usize| "<use href=\"#p\"/>".repeat(times);
    assert_eq!(
        copied(&drawing(&format!("{}{}", outline(16_000), again(15)))).map(|_| ()),
        Ok(())
    );
    assert_eq!(
        copied(&drawing(&format!("{}{}", outline(16_000), again(25)))),
        Err(TooMuch)
    );
    let text = |bytes: usize| format!("<g id=\"p\"><text>{}</text></g>", "a".repeat(bytes));
    assert_eq!(
        copied(&drawing(&format!("{}{}", text(16_000), again(25)))),
        Err(TooMuch)
    );
}

#[test]
fn a_part_is_named_in_one_way_and_is_there() {
    use PictureFault::*;
    let ink = "<path d=\"M0 0h9\"/>";
    let part = |id: &str| format!("<g id=\"{id}\">{ink}</g>");
    assert_eq!(
        copied(&drawing(&format!("{}<use href=\"#l0\"/>", part("l0")))).map(|_| ()),
        Ok(())
    );
    for (id, again) in [
        ("l0", "<use href=\"#%6c%30\"/>"),
        ("l0", "<g mask=\"url(#%6c0)\"/>"),
        ("l0", "<g style=\"clip-path:url( '#l%30')\"/>"),
        ("l%30", "<use href=\"#l%30\"/>"),
        ("l 0", ""),
        ("", ""),
        ("l0", "<use href=\"#\"/>"),
        ("l0", "<use href=\"#l1\"/>"),
        ("l0", "<g fill=\"url(#l1)\"/>"),
    ] {
        let whole = drawing(&format!("{}{again}", part(id)));
        assert_eq!(copied(&whole), Err(Reference), "{whole}");
    }
}

#[test]
fn a_picture_is_what_its_bytes_say_and_pixels_come_before_drawings() {
    let svg = drawing("<path d=\"M0 0h9\"/>");
    let (svg, sound) = (
        part("image/svg+xml", svg.as_bytes()),
        part("image/png", &png(192, 96, ColorType::Rgba)),
    );
    let logo = |parts: &[MediaContent]| names(parts, Purpose::Logo);
    let webp = vec![("webp".to_owned(), 96, 48)];
    assert_eq!(logo(&[svg.clone(), sound.clone()]), Ok(webp));
    let drawn = vec![("svg".to_owned(), 44, 44)];
    assert_eq!(logo(std::slice::from_ref(&svg)), Ok(drawn.clone()));
    assert_eq!(logo(&[part("image/png", b"GIF89a"), svg.clone()]), Ok(drawn));
    assert_eq!(logo(&[part("image/png", b"<html>")]), Err(PictureFault::Unreadable));
    assert_eq!(
        logo(&[part("text/html", &svg.bytes), part("image/jpeg", &sound.bytes)]),
        Err(PictureFault::Nothing)
    );
    assert_eq!(logo(&[]), Err(PictureFault::Nothing));
    assert_eq!(make(&[sound], Purpose::Logo, 100).map(|_| ()), Err(PictureFault::Bytes));
}

#[test]
fn every_kind_of_png_becomes_webp_of_the_sizes_that_are_of_use_and_keeps_its_shape() {
    for kind in [
        ColorType::Grayscale,
        ColorType::GrayscaleAlpha,
        ColorType::Rgb,
        ColorType::Rgba,
    ] {
        let parts = [part("image/png", &png(1_536, 969, kind))];
        let made = make(&parts, Purpose::Art, 8_000_000).expect("pictures");
        let sizes: Vec<(u32, u32)> = made
            .iter()
            .map(|(picture, _)| (picture.width, picture.height))
            .collect();
        assert_eq!(sizes, [(342, 216), (684, 432)], "{kind:?}");
        for (picture, bytes) in made {
            assert!(bytes.starts_with(b"RIFF") && bytes[8..12] == *b"WEBP", "{kind:?}");
            assert!(!bytes.windows(6).any(|window| window == b"SECRET"), "{kind:?}");
            assert_eq!(picture.name, format!("{}.webp", &sha256_hex(&bytes)[..32]));
        }
    }
    let art = |width, height| names(&[part("image/png", &png(width, height, ColorType::Rgb))], Purpose::Art);
    let webp = |width, height| ("webp".to_owned(), width, height);
    assert_eq!(art(300, 100), Ok(vec![webp(300, 100)]), "never made larger");
    assert_eq!(art(600, 300), Ok(vec![webp(342, 171), webp(600, 300)]));
    let logo = names(&[part("image/png", &png(40, 200, ColorType::Rgb))], Purpose::Logo);
    assert_eq!(logo, Ok(vec![webp(19, 96)]));
}

/// A PNG of one colour: huge in memory, small as a file.
fn bomb(width: u32, height: u32, cut: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        bytes.extend((data.len() as u32).to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(data);
        bytes.extend(kind);
        bytes.extend(data);
        bytes.extend(crc.sum().to_be_bytes());
    };
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend([8, 6, 0, 0, 0]);
    chunk(b"IHDR", &head);
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    let row = vec![0; 1 + width as usize * 4];
    for _ in 0..height as usize - cut {
        zlib.write_all(&row).expect("rows");
    }
    chunk(b"IDAT", &zlib.finish().expect("a stream"));
    chunk(b"IEND", &[]);
    bytes
}

#[test]
fn a_bomb_a_lie_and_half_a_picture_are_refused() {
    let fault = |bytes: &[u8]| raster::decode(bytes).map(|_| ()).err();
    assert_eq!(fault(&bomb(2_000, 2_000, 0)), None, "as large as it may be");
    let big = bomb(2_001, 2_000, 0);
    assert!(big.len() < 100_000, "{}", big.len());
    assert_eq!(fault(&big), Some(PictureFault::Pixels));
    assert_eq!(fault(&bomb(4, 20_000, 0)), Some(PictureFault::Pixels));
    assert_eq!(
        fault(&bomb(100, 100, 50)),
        Some(PictureFault::Unreadable),
        "fewer rows than it says"
    );
    let whole = png(9, 9, ColorType::Rgba);
    for length in 0..whole.len() - 12 {
        assert!(fault(&whole[..length]).is_some(), "{length} bytes of {}", whole.len());
    }
    // The head says more than there is, with a checksum that fits.
    let mut lie = bomb(10, 10, 0);
    lie[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
    assert!(fault(&lie).is_some());
}

//! Card art: from MDES to the page, made smaller once, with the card's last digits on it where MDES says in which colour.

use png::{BitDepth, ColorType, Encoder};
use tidemark::cli::browser::Page;

use crate::wire::Ask;
use crate::world::{APPROVING, World, card};

/// Card art as MDES asks for it: 1536 by 969 pixels.
fn art() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 1_536, 969);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().expect("a head");
    let pixels: Vec<u8> = (0..969_u32)
        .flat_map(|y| (0..1_536_u32).flat_map(move |x| [(x / 8) as u8, (y / 4) as u8, 90]))
        .collect();
    writer.write_image_data(&pixels).expect("pixels");
    drop(writer);
    bytes
}

/// A wallet with a card of a bank whose product looks like this.
async fn with_card(art: Option<Vec<u8>>, svg: &[u8], foreground: &str) -> (World, Page) {
    let world = World::without_directory(&[]).await;
    let mut entry = world.stage.entry(APPROVING).expect("a bank");
    entry.product.art_png = art;
    entry.product.art_svg = svg.to_vec();
    entry.product.foreground_color = foreground.to_owned();
    world.stage.mdes.set_directory(vec![entry]);
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let done = world.accept(&mut browser, &terms).await;
    assert_eq!(done.state().as_deref(), Some("active"));
    let home = browser.get(&world.at("/")).await.expect("an answer");
    for page in [&done, &home] {
        assert!(
            page.text().contains("ending "),
            "what is on the picture is said in words: {}",
            page.text()
        );
    }
    (world, home)
}

#[tokio::test]
async fn art_comes_in_two_sizes_with_the_digits_in_the_colour_of_mdes() {
    let (mut world, home) = with_card(Some(art()), b"", "9fe0d2").await;
    let image = home
        .tags()
        .into_iter()
        .find(|tag| tag.attributes.contains_key("srcset"))
        .expect("art");
    let attribute = |name: &str| image.attributes[name].as_str();
    assert_eq!(
        (attribute("width"), attribute("height"), attribute("alt")),
        ("342", "216", "")
    );
    let sizes: Vec<(&str, &str)> = attribute("srcset")
        .split(", ")
        .map(|choice| choice.split_once(' ').expect("a width"))
        .collect();
    assert_eq!(
        sizes.iter().map(|(_, width)| *width).collect::<Vec<_>>(),
        ["342w", "684w"]
    );
    for (address, _) in &sizes {
        let answer = Ask::get(address).send(&world).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some("image/webp"))
        );
        assert!(answer.body.len() < 35_000, "{}", answer.body.len());
    }
    assert!(home.body.contains("fill=\"#9fe0d2\">•••• "), "{}", home.body);
    // Made once, for good.
    let fetched = world.asked("asset");
    world.restart().await;
    let again = Ask::get("/").send(&world).await;
    assert_eq!(again.status, 200);
    for (address, _) in &sizes {
        assert_eq!(Ask::get(address).send(&world).await.status, 200);
    }
    assert_eq!(world.asked("asset"), fetched);
}

#[tokio::test]
async fn art_without_a_colour_is_not_written_on_and_art_that_is_refused_is_drawn() {
    let (_, home) = with_card(Some(art()), b"", "").await;
    assert!(
        home.body.contains("srcset=") && !home.body.contains("••••"),
        "{}",
        home.body
    );
    let hostile =
        b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path/><script>alert(1)</script></svg>";
    let (_, home) = with_card(Some(b"\x89PNG no".to_vec()), hostile, "9fe0d2").await;
    assert!(!home.body.contains("/logos/"), "{}", home.body);
    assert!(
        home.body.contains("class=\"art-tail\" dir=\"ltr\">•••• "),
        "{}",
        home.body
    );
}

//! A wallet of one's own looks: name, mark and design tokens on the pages.

use std::fs;

use tempfile::TempDir;
use tidemark::config::contrast::Colour;
use tidemark::sim::catalogue::ISSUERS;

use crate::wire::Ask;
use crate::world::World;

const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 90 30\"><path d=\"M0 0h90v30z\"/></svg>";

#[tokio::test]
async fn every_page_has_the_deployments_name_mark_and_tokens() {
    let folder = TempDir::new().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    let logo = write("logo.svg", LOGO);
    let tokens = write(
        "tokens.toml",
        "[light]\naccent = \"#5a1e8c\"\naccent-hover = \"#43156a\"\n",
    );
    let world = World::with(&[
        ("TIDEMARK_BRAND__NAME", "Harbour & Sons"),
        ("TIDEMARK_BRAND__LOGO_FILE", &logo),
        ("TIDEMARK_BRAND__TOKENS_FILE", &tokens),
    ])
    .await;
    for path in ["/", "/issuers", "/help", "/nowhere"] {
        let page = Ask::get(path).send(&world).await.page();
        let tags = page.tags();
        let with = |name: &str, attribute: &str, value: &str| {
            let wanted = |tag: &&tidemark::cli::browser::Tag| {
                tag.name == name && tag.attributes.get(attribute).is_some_and(|found| found.contains(value))
            };
            tags.iter().find(wanted).expect(path).attributes.clone()
        };
        assert!(
            page.body.contains("Harbour &#38; Sons</title>"),
            "{path}: {}",
            page.body
        );
        let mark = with("img", "src", "/assets/mark.");
        assert_eq!(
            (mark["width"].as_str(), mark["height"].as_str()),
            ("84", "28"),
            "{path}"
        );
        assert_eq!(with("link", "rel", "icon")["type"], "image/svg+xml");
        assert_eq!(Ask::get(&mark["src"]).send(&world).await.text(), LOGO);
        let sheet = Ask::get(&with("link", "rel", "stylesheet")["href"]).send(&world).await;
        let own = "@layer tokens{:root{--accent:#5a1e8c;--accent-hover:#43156a}}";
        assert!(sheet.text().ends_with(own), "{path}");
    }
}

#[test]
fn a_name_can_be_read_on_every_issuers_card() {
    assert_eq!(ISSUERS.len(), 12);
    for issuer in ISSUERS {
        let ground = Colour::parse(issuer.background).expect("a colour");
        let contrast = ground.contrast(Colour::WHITE);
        assert!(contrast >= 4.5, "{} {ground}: {contrast}", issuer.id);
    }
}

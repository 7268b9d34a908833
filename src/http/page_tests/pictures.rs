//! Pictures of issuers on pages: with the room that they take, when they are fetched, and what stands on them.

use crate::app::view::Home;

use super::super::cards::card_page;
use super::super::guard::Visit;
use super::super::page_samples::forms;
use super::super::pages::home_page;
use super::super::picker::picker_page;
use super::super::samples;
use super::{html, picker, wanted};

#[tokio::test]
async fn logos_beyond_the_sixth_row_are_fetched_when_they_are_about_to_be_seen() {
    let page = html(picker_page(
        &Visit::sample(),
        &forms(),
        &wanted(""),
        &picker(8, "Havørn Bank"),
    ))
    .await;
    let logos: Vec<&str> = page.split("<img class=\"logo\"").skip(1).collect();
    assert_eq!(logos.len(), 8);
    for (row, logo) in logos.iter().enumerate() {
        let tag = &logo[..logo.find('>').expect("the end of the tag")];
        assert!(
            tag.contains("src=\"/logos/00112233445566aa.webp\" alt=\"\" width=\"44\" height=\"44\""),
            "{tag}"
        );
        assert_eq!(
            tag.contains("loading=\"lazy\" decoding=\"async\""),
            row >= 6,
            "{row}: {tag}"
        );
    }
}

#[tokio::test]
async fn a_logo_that_is_not_there_is_a_letter() {
    let mut list = picker(2, "Havørn Bank");
    list.rows[0].issuer.logo = None;
    let page = html(picker_page(&Visit::sample(), &forms(), &wanted(""), &list)).await;
    assert_eq!(page.matches("<img class=\"logo\"").count(), 1);
    assert_eq!(page.matches("<span class=\"logo tile t").count(), 1);
    assert!(page.contains("aria-hidden=\"true\">H</span>"));
}

#[tokio::test]
async fn art_is_written_on_in_the_colour_of_mdes_or_not_at_all() {
    let shown = async |foreground| {
        let card = samples::illustrated_card("Havørn Bank", "active", foreground);
        html(card_page(&Visit::sample(), "token", &card, crate::domain::Millis(0))).await
    };
    let page = shown(Some("F1C889")).await;
    assert!(
        page.contains(
            "<img src=\"/logos/0011223344556677.webp\" srcset=\"/logos/0011223344556677.webp 342w, \
             /logos/8899aabbccddeeff.webp 684w\" sizes=\"342px\" alt=\"\" width=\"342\" height=\"216\">"
        ),
        "{page}"
    );
    assert!(page.contains("fill=\"#f1c889\">•••• 4821</text>"), "{page}");
    assert!(
        !page.contains("art-name") && !page.contains("art-tail"),
        "nothing else stands on it"
    );
    for unusable in [None, Some("red\" onload=\"x"), Some("fff")] {
        let page = shown(unusable).await;
        assert!(page.contains("<img src=\"/logos/0011223344556677.webp\""));
        assert!(!page.contains("••••"), "{page}");
        // Under the card it is said in words.
        assert!(page.contains("ending 4821"));
    }
}

#[tokio::test]
async fn a_card_without_art_is_drawn_and_late_ones_wait() {
    let mut cards: Vec<_> = (0..8)
        .map(|_| samples::illustrated_card("Bank", "active", None))
        .collect();
    cards.push(samples::card("Havørn Bank", "active"));
    let home = Home {
        cards,
        unfinished: Vec::new(),
    };
    let page = html(home_page(&Visit::sample(), None, &home)).await;
    let art: Vec<&str> = page.split("class=\"art\"").skip(1).collect();
    assert_eq!(art.len(), 9);
    for (place, art) in art[..8].iter().enumerate() {
        assert_eq!(art.contains("loading=\"lazy\""), place >= 6, "{place}");
    }
    assert!(art[8].contains("class=\"art-tail\" dir=\"ltr\">•••• 4821<") && !art[8].contains("<img"));
}

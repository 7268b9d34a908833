use super::super::contrast::{Colour, PAIRS, weak};
use super::super::tokens::{Mode, Tokens, parse};
use super::*;

fn faults(text: &str) -> Vec<String> {
    match parse(text, "tokens.toml") {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

fn css(text: &str) -> String {
    parse(text, "tokens.toml").expect("tokens").css()
}

#[test]
fn the_style_sheets_own_colours_can_be_told_apart() {
    for mode in [Mode::Light, Mode::Dark] {
        let palette = Tokens::default().palette(mode);
        assert_eq!(palette.len(), 20, "{mode:?}: every colour is found in the style sheet");
        assert_eq!(weak(|name| palette[name]), [], "{mode:?}");
    }
    assert_eq!(Tokens::default().css(), "");
}

/// As they were worked out when the colours were chosen.
#[test]
fn the_contrasts_are_the_ones_that_the_colours_were_chosen_for() {
    let palettes = [Mode::Light, Mode::Dark].map(|mode| Tokens::default().palette(mode));
    for (front, grounds, light, dark) in [
        (
            "ink",
            &["paper", "surface", "sunk"][..],
            &[15.3, 16.6, 14.1][..],
            &[16.1, 14.5, 12.8][..],
        ),
        (
            "ink-2",
            &["paper", "surface", "sunk", "accent-soft"],
            &[7.2, 7.8, 6.6, 6.3],
            &[9.1, 8.3, 7.3, 6.4],
        ),
        (
            "accent",
            &["paper", "surface", "accent-soft"],
            &[7.5, 8.1, 6.6],
            &[10.8, 9.8, 7.6],
        ),
        ("on-accent", &["accent", "accent-hover"], &[8.1, 10.8], &[9.6, 11.4]),
        (
            "line-strong",
            &["surface", "paper", "sunk", "warn-soft", "info-soft"],
            &[4.1, 3.8, 3.5, 3.5, 3.4],
            &[5.2, 5.8, 4.6, 4.6, 4.6],
        ),
        (
            "focus",
            &["paper", "surface", "sunk"],
            &[6.3, 6.9, 5.8],
            &[10.4, 9.4, 8.3],
        ),
        (
            "focus",
            &["ok-soft", "warn-soft", "bad-soft", "info-soft", "accent-soft"],
            &[5.8, 5.9, 5.7, 5.7, 5.6],
            &[8.0, 8.2, 8.9, 8.3, 7.3],
        ),
        ("ok", &["ok-soft"], &[6.0], &[8.6]),
        ("warn", &["warn-soft"], &[6.4], &[8.9]),
        ("bad", &["bad-soft"], &[6.5], &[8.2]),
        ("info", &["info-soft"], &[7.2], &[8.7]),
    ] {
        let listed = PAIRS.iter().filter(|(name, _, _)| *name == front);
        let listed: Vec<&str> = listed.flat_map(|(_, grounds, _)| grounds.iter().copied()).collect();
        for (at, ground) in grounds.iter().enumerate() {
            assert!(listed.contains(ground), "{front} on {ground} is a pair");
            for (palette, wanted) in palettes.iter().zip([light, dark]) {
                let found = palette[front].contrast(palette[ground]);
                assert!(
                    (found - wanted[at]).abs() < 0.1,
                    "{front} on {ground}: {found}, not {}",
                    wanted[at]
                );
            }
        }
    }
}

#[test]
fn a_tiles_letter_can_be_read_on_all_its_colours() {
    let sheet = include_str!("../../../static/app.css");
    let tiles: Vec<Colour> = (0..8)
        .map(|tone| {
            let (_, after) = sheet.split_once(&format!(".t{tone} {{ background: ")).expect("a tile");
            Colour::parse(&after[..7]).expect("a colour")
        })
        .collect();
    for tile in tiles {
        assert!(tile.contrast(Colour::WHITE) >= 4.5, "{tile}");
    }
}

#[test]
fn dark_is_the_same_whether_chosen_or_the_systems() {
    let sheet = include_str!("../../../static/app.css");
    let block = |selector: &str| {
        let (_, after) = sheet.split_once(selector).expect("a block");
        let text = after.split('}').next().expect("an end");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let chosen = block(":root[data-theme=\"dark\"] {");
    let by_system = block("(prefers-color-scheme: dark) {\n    :root:not([data-theme=\"light\"]) {");
    assert_eq!(chosen, format!("color-scheme: dark; {by_system}"));
    assert!(by_system.matches("--").count() > 20);
}

#[test]
fn tokens_become_a_layer_of_known_properties() {
    let text = r##"
        [light]
        accent = "#5A1E8C"
        accent-hover = "#43156a"
        [dark]
        accent = "#d6b4f7"
        accent-hover = "#e6d2fb"
        [shape]
        radius = "0.25rem"
        radius-small = "2px"
        [font]
        sans = "Inter, 'Segoe UI', -apple-system, sans-serif"
    "##;
    assert_eq!(
        css(text),
        "@layer tokens{:root{--accent:#5a1e8c;--accent-hover:#43156a;--r1:2px;--r2:0.25rem;\
         --sans:\"Inter\",\"Segoe UI\",-apple-system,sans-serif;}\
         :root[data-theme=\"dark\"]{--accent:#d6b4f7;--accent-hover:#e6d2fb;}\
         @media (prefers-color-scheme: dark){:root:not([data-theme=\"light\"])\
         {--accent:#d6b4f7;--accent-hover:#e6d2fb;}}}\n"
    );
    assert_eq!(css(""), "");
    assert_eq!(css("[light]\n[dark]\n"), "");
    let dark = css("[dark]\nfocus = \"#ffffff\"");
    assert!(
        !dark.contains(":root{") && dark.matches("--focus").count() == 2,
        "{dark}"
    );
}

#[test]
fn a_value_that_is_none_is_refused_with_its_line() {
    let radius = "must be a length from 0 to 2rem, in rem, em or px, such as \"0.75rem\"";
    let colour = "must be a colour of six hexadecimal digits, such as \"#0b5a4e\"";
    let names = "must name families of 1 to 64 letters, digits, - or _, in quotes where there are spaces";
    let generic = "must be 1 to 12 families, the last one of sans-serif, serif, monospace, system-ui, ui-sans-serif, \
                   ui-serif, ui-monospace, ui-rounded";
    let long = format!("[font]\nsans = \"{}sans-serif\"", "a,".repeat(12));
    let mut cases = vec![
        (
            "[lihgt]\n",
            "1: lihgt is no section of design tokens, did you mean light?".to_owned(),
        ),
        ("light = 1", "1: light must be a section: write [light]".to_owned()),
        (
            "\n[light]\nacent = \"#0b5a4e\"",
            "3: acent is no design token of [light], did you mean accent?".to_owned(),
        ),
        (
            "[shape]\nshadow = \"0\"",
            "2: shadow is no design token of [shape]".to_owned(),
        ),
        (
            "[font]\nfs-0 = \"2rem\"",
            "2: fs-0 is no design token of [font]".to_owned(),
        ),
        (
            "[light]\naccent = 5",
            "2: light.accent must be a text in quotes".to_owned(),
        ),
        (
            "[light]\nink = \"#000000\"\nink = \"#111111\"",
            "3: not TOML: duplicate key".to_owned(),
        ),
        (long.as_str(), format!("2: font.sans {generic}")),
    ];
    for value in [
        "#fff",
        "red",
        "rgb(0 0 0)",
        "#0b5a4e80",
        "#0b5a4e;}",
        "var(--ink)",
        "url(//x)",
        "",
        "transparent",
    ] {
        let text: &str = Box::leak(format!("[dark]\naccent = \"{value}\"").into_boxed_str());
        cases.push((text, format!("2: dark.accent {colour}")));
    }
    for value in [
        "1",
        "-1px",
        "2.01rem",
        "33px",
        "1e3px",
        "1 px",
        "50%",
        "calc(1px)",
        "1px;",
        ".5rem",
        "1.rem",
        "١px",
        "rem",
    ] {
        let text: &str = Box::leak(format!("[shape]\nradius = \"{value}\"").into_boxed_str());
        cases.push((text, format!("2: shape.radius {radius}")));
    }
    for value in ["Inter", "", "sans-serif,", "inherit", "\\\"Inter\\\""] {
        let text: &str = Box::leak(format!("[font]\nserif = \"{value}\"").into_boxed_str());
        cases.push((text, format!("2: font.serif {generic}")));
    }
    for value in [
        "Segoe UI",
        "a;b",
        "url(x)",
        "'a\\\\27', b",
        "'a\\\"b'",
        "'a",
        ",",
        "'/*'",
        "}",
        "Ünicode",
        "' a'",
        "''",
    ] {
        let text: &str = Box::leak(format!("[font]\nmono = \"{value}, monospace\"").into_boxed_str());
        cases.push((text, format!("2: font.mono {names}")));
    }
    for (text, fault) in cases {
        assert_eq!(faults(text), [format!("tokens.toml:{fault}")], "{text}");
    }
    for fine in ["0", "2rem", "32px", "0.1234em", "00.5rem"] {
        assert_eq!(
            faults(&format!("[shape]\nradius = \"{fine}\"")),
            Vec::<String>::new(),
            "{fine}"
        );
    }
}

#[test]
fn every_weak_pair_is_named_with_its_line() {
    assert_eq!(
        faults("[light]\nline = \"#cccccc\"\naccent = \"#6fa898\"\n[dark]\nfocus = \"#333333\""),
        [
            "tokens.toml:3: light: accent #6fa898 on paper #f3f6f4 has a contrast of 2.49:1, and text needs 4.5:1",
            "tokens.toml:3: light: accent #6fa898 on surface #ffffff has a contrast of 2.71:1, and text needs 4.5:1",
            "tokens.toml:3: light: accent #6fa898 on accent-soft #d9ebe5 has a contrast of 2.19:1, and text needs 4.5:1",
            "tokens.toml:3: light: accent #6fa898 on ok-soft #ddf0e4 has a contrast of 2.28:1, and text needs 4.5:1",
            "tokens.toml:3: light: accent #6fa898 on warn-soft #faecd0 has a contrast of 2.32:1, and text needs 4.5:1",
            "tokens.toml:3: light: accent #6fa898 on bad-soft #fae4e3 has a contrast of 2.23:1, and text needs 4.5:1",
            "tokens.toml:3: light: accent #6fa898 on info-soft #dfecf7 has a contrast of 2.26:1, and text needs 4.5:1",
            "tokens.toml:3: light: on-accent #ffffff on accent #6fa898 has a contrast of 2.71:1, and text needs 4.5:1",
            "tokens.toml:5: dark: focus #333333 on paper #0d1412 has a contrast of 1.47:1, and the focus ring needs 3:1",
            "tokens.toml:5: dark: focus #333333 on surface #151f1c has a contrast of 1.33:1, and the focus ring needs 3:1",
            "tokens.toml:5: dark: focus #333333 on sunk #1d2a26 has a contrast of 1.17:1, and the focus ring needs 3:1",
            "tokens.toml:5: dark: focus #333333 on ok-soft #12301f has a contrast of 1.13:1, and the focus ring needs 3:1",
            "tokens.toml:5: dark: focus #333333 on warn-soft #33260c has a contrast of 1.16:1, and the focus ring needs 3:1",
            "tokens.toml:5: dark: focus #333333 on bad-soft #3a1718 has a contrast of 1.26:1, and the focus ring needs 3:1",
            "tokens.toml:5: dark: focus #333333 on info-soft #12293c has a contrast of 1.18:1, and the focus ring needs 3:1",
            "tokens.toml:5: dark: focus #333333 on accent-soft #15362f has a contrast of 1.03:1, and the focus ring needs 3:1",
        ]
    );
    let paper = faults("[dark]\nink-2 = \"#a9b9b2\"\n\npaper = \"#ffffff\"");
    assert!(
        paper.len() > 5 && paper.iter().all(|fault| fault.starts_with("tokens.toml:4: dark: ")),
        "{paper:?}"
    );
}

#[test]
fn the_file_is_found_beside_the_configuration_and_its_faults_are_the_configurations() {
    let dir = folder(&with_line(END, "[brand]\ntokens_file = \"look/tokens.toml\""));
    let load = || Config::load(Some(&dir.path().join("tidemark.toml")), std::iter::empty());
    let tokens = dir.path().join("look/tokens.toml");
    private(&tokens, "[shape]\nradius = \"0\"\n");
    let config = load().expect("a configuration");
    assert_eq!(config.brand.tokens.css(), "@layer tokens{:root{--r2:0;}}\n");
    fs::write(&tokens, "[light]\naccent = \"#ffffff\"\n").expect("written");
    let faults = load().expect_err("white on white");
    assert!(faults.len() > 3);
    assert!(
        faults[0]
            .to_string()
            .starts_with(&format!("{}:2: light: accent #ffffff on ", tokens.display()))
    );
    fs::remove_file(&tokens).expect("removed");
    let faults = load().expect_err("no file");
    assert!(
        faults[0].to_string().contains("cannot be read from folder"),
        "{}",
        faults[0]
    );
}

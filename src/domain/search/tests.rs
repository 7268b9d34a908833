use super::*;
use crate::domain::issuer::PullMethods;

fn issuer(id: &str, name: &str, country: &str, alias: Option<&str>) -> Issuer {
    Issuer {
        id: IssuerId::parse(id).expect("id"),
        name: name.to_owned(),
        alias: alias.map(str::to_owned),
        countries: vec![CountryCode::parse(country).expect("country")],
        logo: None,
        methods: PullMethods::default(),
        rejected: Vec::new(),
    }
}

/// The twelve banks of the demo.
fn demo() -> Vec<Issuer> {
    [
        ("havorn-no", "Havørn Bank", "NO", None),
        ("tarnfell-gb", "Tarn & Fell Building Society", "GB", None),
        ("silbertann-de", "Silbertanner Genossenschaftsbank", "DE", None),
        ("podoli-cz", "Bánka Podolí", "CZ", None),
        ("mirabelle-fr", "Crédit Mirabelle", "FR", None),
        ("yildiztepe-tr", "Yıldıztepe Bankası", "TR", None),
        ("iperoxo-br", "Banco Ipê-Roxo", "BR", None),
        ("quillwort-us", "Quillwort Credit Union", "US", None),
        ("labedz-pl", "Łabędź Bank", "PL", None),
        ("bereza-kz", "Берёза Банк", "KZ", None),
        ("ghafa-ae", "بنك الغافة", "AE", Some("Ghafa Bank")),
        ("hotarubi-jp", "蛍火銀行", "JP", Some("Hotarubi Bank")),
    ]
    .map(|(id, name, country, alias)| issuer(id, name, country, alias))
    .into()
}

fn english(code: &CountryCode) -> String {
    match code.as_str() {
        "NO" => "Norway",
        "GB" => "United Kingdom",
        "US" => "United States",
        "KZ" => "Kazakhstan",
        "TR" => "Türkiye",
        "JP" => "Japan",
        _ => "Elsewhere",
    }
    .to_owned()
}

fn listing(issuers: &[Issuer]) -> Listing {
    Listing::new(issuers, "en", &Aliases::new(), english)
}

fn ids<'a>(issuers: &'a [Issuer], rows: &[usize]) -> Vec<&'a str> {
    rows.iter().map(|index| issuers[*index].id.as_str()).collect()
}

fn found(issuers: &[Issuer], query: &str) -> Vec<String> {
    let rows = listing(issuers).find(query, None, &[], |_| true).rows;
    ids(issuers, &rows).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_query_finds_a_bank_in_any_spelling_and_script() {
    let demo = demo();
    for (query, wanted) in [
        ("banka", vec!["podoli-cz", "yildiztepe-tr"]),
        ("havorn", vec!["havorn-no"]),
        ("labedz", vec!["labedz-pl"]),
        ("bereza", vec!["bereza-kz"]),
        ("берёза", vec!["bereza-kz"]),
        ("БЕРЕЗА", vec!["bereza-kz"]),
        ("yildiztepe", vec!["yildiztepe-tr"]),
        ("YILDIZTEPE", vec!["yildiztepe-tr"]),
        ("yıldıztepe", vec!["yildiztepe-tr"]),
        ("ghafa", vec!["ghafa-ae"]),
        ("بنك الغافه", vec!["ghafa-ae"]),
        ("hotarubi", vec!["hotarubi-jp"]),
        ("蛍火", vec!["hotarubi-jp"]),
        ("ipe roxo", vec!["iperoxo-br"]),
        ("iperoxo", vec!["iperoxo-br"]),
        ("ipe-roxo", vec!["iperoxo-br"]),
        ("tarn&fell", vec!["tarnfell-gb"]),
        ("tarnfell", vec!["tarnfell-gb"]),
        ("genossenschafts bank", vec!["silbertann-de"]),
        ("kazakh", vec!["bereza-kz"]),
        ("turkiye", vec!["yildiztepe-tr"]),
        ("kingdom", vec!["tarnfell-gb"]),
        // Too short for a country.
        ("no", vec!["silbertann-de"]),
        ("nothing of the kind", vec![]),
        ("!?", vec![]),
    ] {
        assert_eq!(found(&demo, query), wanted, "{query}");
    }
    assert_eq!(found(&demo, "hav")[0], "havorn-no");
    assert_eq!(found(&demo, "  ").len(), 12);
}

#[test]
fn other_scripts_and_spaces_do_not_stand_between_a_query_and_a_name() {
    let list = [
        issuer("sber", "Сбербанк", "KZ", None),
        issuer("is", "Türkiye İş Bankası", "TR", None),
        issuer("mitsui", "ミツイ", "JP", None),
        issuer("ethniki", "Εθνική Τράπεζα", "GR", None),
        issuer("hindi", "हिन्दी बैंक", "IN", None),
        issuer("hangul", "한국은행", "KR", None),
        issuer("azer", "Kapital Məhsul", "AZ", None),
    ];
    for (query, wanted) in [
        ("sberbank", "sber"),
        ("isbank", "is"),
        ("iş bank", "is"),
        ("ﾐﾂｲ", "mitsui"),
        ("ethnike", "ethniki"),
        ("ΕΘΝΙΚΗ", "ethniki"),
        ("हिन्दी", "hindi"),
        ("한국", "hangul"),
        ("mehsul", "azer"),
    ] {
        assert_eq!(found(&list, query), [wanted], "{query}");
    }
    assert_eq!(found(&list, "हन्दी"), [] as [&str; 0], "vowels of Hindi count");
}

#[test]
fn what_fits_better_stands_higher() {
    let other_names = Aliases::from([(
        IssuerId::parse("by-table").expect("id"),
        vec!["The old Moon".to_owned()],
    )]);
    let list = [
        issuer("by-country", "Zeta", "NO", None),
        issuer("by-table", "Alpha", "GB", None),
        issuer("by-alias", "Beta", "GB", Some("Moon")),
        issuer("by-script", "Моон", "KZ", None),
        issuer("within", "Amoonia", "GB", None),
        issuer("word", "A Moonlight Bank", "GB", None),
        issuer("name", "Moonrise", "GB", None),
        issuer("exact", "Moon", "GB", None),
    ];
    let country = |code: &CountryCode| match code.as_str() {
        "NO" => "Moonland".to_owned(),
        _ => english(code),
    };
    let listing = Listing::new(&list, "en", &other_names, country);
    let ranked = |popular: &[usize]| {
        let rows = listing.find("moon", None, popular, |_| true).rows;
        ids(&list, &rows).join(" ")
    };
    assert_eq!(
        ranked(&[]),
        "exact name word within by-script by-table by-alias by-country"
    );
    // Fame decides between equals alone.
    assert_eq!(
        ranked(&[0, 2]),
        "exact name word within by-script by-alias by-table by-country"
    );
}

#[test]
fn one_wrong_letter_is_asked_about_when_nothing_else_matches() {
    let demo = demo();
    let listing = listing(&demo);
    for (query, suggested) in [
        ("havrn", Some("havorn-no")),
        ("hvaorn", Some("havorn-no")),
        ("havornn", Some("havorn-no")),
        ("quilwort credit", Some("quillwort-us")),
        ("tarnfel society", None),
        ("gafa bank", Some("ghafa-ae")),
        ("berza", Some("bereza-kz")),
        ("havr", None),
        ("hovrn", None),
        ("havorn", None),
    ] {
        let found = listing.find(query, None, &[], |_| true);
        let suggestion = found.suggestion.map(|index| demo[index].id.as_str());
        assert_eq!(suggestion, suggested, "{query}");
        assert!(suggested.is_none() || found.rows.is_empty(), "{query}");
    }
    let poland = CountryCode::parse("PL").expect("country");
    let abroad = listing.find("havrn", Some(&poland), &[], |_| true);
    assert_eq!(abroad, Found::default());
}

#[test]
fn a_country_and_what_is_not_listed_narrow_the_list() {
    let demo = demo();
    let norway = CountryCode::parse("NO").expect("country");
    let listing = listing(&demo);
    let all = listing.find("bank", Some(&norway), &[], |_| true);
    assert_eq!(ids(&demo, &all.rows), ["havorn-no"]);
    let hidden = listing.find("bank", None, &[], |index| demo[index].id.as_str() != "havorn-no");
    assert!(!ids(&demo, &hidden.rows).contains(&"havorn-no"));
    let in_order = listing.find("", None, &[], |_| true);
    assert_eq!(
        ids(&demo, &in_order.rows).join(" "),
        "iperoxo-br podoli-cz mirabelle-fr havorn-no labedz-pl quillwort-us silbertann-de tarnfell-gb yildiztepe-tr \
         bereza-kz ghafa-ae hotarubi-jp"
    );
    assert_eq!(listing.letters()[&0], "H");
}

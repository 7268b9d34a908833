//! The two directories and the assets they point to.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use super::super::testing::*;
use super::*;

#[tokio::test]
async fn issuers_are_listed_with_logo_country_and_methods() {
    let bench = Bench::new();
    let ask = |country: Value| json!({"requestId": "1", "tokenRequestorId": TRID, "countryCode": country});
    let all = issuers(&bench, ask(Value::Null)).await;
    assert_eq!(all["issuers"].as_array().unwrap().len(), 2);
    assert_eq!(all["issuers"][0]["countryCode"], "US");
    assert_eq!(all["issuers"][1]["countryCode"], json!(["NO", "SE"]));
    let method = json!([{"type": "WEB", "uri": "https://moon.example/pull"}]);
    assert_eq!(all["issuers"][0]["availablePullMethods"], method);
    assert_eq!(all["errors"], json!([]));
    assert!(all["issuers"][0].get("alias").is_none());

    let swedish = issuers(&bench, ask(json!("SE"))).await;
    assert_eq!(swedish["issuers"].as_array().unwrap().len(), 1);
    assert_eq!(swedish["issuers"][0]["issuerId"], "tide");
    assert_eq!(issuers(&bench, ask(json!("DE"))).await["issuers"], json!([]));
    assert_eq!(
        reason(&issuers(&bench, ask(json!("SWE"))).await),
        "INVALID_FIELD_LENGTH"
    );
    let foreign = json!({"requestId": "1", "tokenRequestorId": "50123456780"});
    assert_eq!(reason(&issuers(&bench, foreign).await), "INVALID_FIELD_VALUE");

    let logo = asset(&bench, all["issuers"][0]["imageAssetId"].as_str().unwrap()).await;
    assert_eq!(logo["mediaContents"][0]["type"], "image/svg+xml");
    assert_eq!(decoded(&logo), b"<svg><!-- moon --></svg>");

    let mut renewed = entry("moon", &["US"], "520473");
    renewed.logo_svg = b"<svg/>".to_vec();
    renewed.alias = Some("Луна".to_owned());
    bench.mdes.set_directory(vec![renewed]);
    let after = issuers(&bench, ask(Value::Null)).await;
    assert_eq!(after["issuers"][0]["alias"], "Луна");
    assert_ne!(after["issuers"][0]["imageAssetId"], all["issuers"][0]["imageAssetId"]);
    let old = asset(&bench, all["issuers"][0]["imageAssetId"].as_str().unwrap()).await;
    assert_eq!(old, logo, "what an id stands for never changes");
}

#[tokio::test]
async fn terms_art_and_the_signing_key_are_assets() {
    let bench = Bench::new();
    let receipt = bench.receipt().await;
    let eligibility = bench.eligibility(&receipt).await;
    let terms = asset(&bench, eligibility["termsAndConditionsAssetId"].as_str().unwrap()).await;
    assert_eq!(
        (terms["mediaContents"][0]["type"].as_str(), decoded(&terms)),
        (Some("text/plain"), b"Terms of moon".to_vec())
    );
    let token = bench.token("task-1").await;
    let art = asset(
        &bench,
        token["productConfig"]["cardBackgroundCombinedAssetId"]
            .as_str()
            .unwrap(),
    )
    .await;
    assert_eq!(decoded(&art), b"<svg><!-- art of moon --></svg>");
    for name in ["brandLogoAssetId", "issuerLogoAssetId", "iconAssetId"] {
        assert!(asset(&bench, token["productConfig"][name].as_str().unwrap()).await["mediaContents"].is_array());
    }

    let first = test_keys().jws_kid();
    let key = asset(&bench, first).await;
    assert_eq!(key["mediaContents"][0]["type"], "application/jwk+json");
    let data = key["mediaContents"][0]["data"].as_str().unwrap();
    assert_eq!(STANDARD_NO_PAD.decode(data).unwrap(), test_keys().jws_jwk_json());

    let second = bench.mdes.rotate_jws_key(true);
    assert!(
        asset(&bench, first).await["mediaContents"].is_array()
            && asset(&bench, &second).await["mediaContents"].is_array()
    );
    let third = bench.mdes.rotate_jws_key(false);
    assert_eq!(reason(&asset(&bench, &second).await), "INVALID_FIELD_VALUE");
    let header = bench.mdes.sign_push_account_data("{}");
    let header = STANDARD_NO_PAD.decode(header.split('.').next().unwrap()).unwrap();
    assert!(String::from_utf8(header).unwrap().contains(&third));
}

#[tokio::test]
async fn an_issuer_finds_the_wallet_by_its_account_ranges() {
    let bench = Bench::new();
    let ask = |ranges: Value| json!({"requestId": "1", "accountRanges": ranges});
    let answer = bench
        .bank(
            "getEligibleTokenRequestors",
            ask(json!(["520473000", "5204740000000000000"])),
        )
        .await;
    let wallet = &answer["tokenRequestors"][0];
    assert_eq!(wallet["tokenRequestorId"], TRID);
    assert_eq!(wallet["tokenRequestorType"], "WALLET");
    assert_eq!(
        wallet["enabledAccountRanges"],
        json!([5_204_730_000_000_000_000_i64, 5_204_740_000_000_000_000_i64])
    );
    assert_eq!(wallet["supportsMultiplePushedCards"], true);

    let twenty_six: Vec<&str> = vec!["520473000"; 26];
    for (ranges, expected) in [
        (Value::Null, "MISSING_REQUIRED_FIELD"),
        (json!([]), "INVALID_FIELD_LENGTH"),
        (json!(twenty_six), "INVALID_FIELD_LENGTH"),
        (json!(["52047300"]), "INVALID_FIELD_LENGTH"),
        (json!(["52047300000000000000"]), "INVALID_FIELD_LENGTH"),
        (json!(["52047300x"]), "INVALID_FIELD_FORMAT"),
        (json!([520_473_000]), "INVALID_FIELD_FORMAT"),
        (json!(["520473001"]), "INVALID_FIELD_VALUE"),
    ] {
        assert_eq!(
            reason(&bench.bank("getEligibleTokenRequestors", ask(ranges.clone())).await),
            expected,
            "{ranges}"
        );
    }

    let path = |id: &str| format!("/issuer-assets/1/0/asset/tokenrequestor/{id}");
    let id = wallet["imageAssetId"].as_str().unwrap();
    let (_, logo) = bench.json(bench.signed(By::Bank, "GET", &path(id), "")).await;
    let png = &logo["mediaContents"][1];
    assert_eq!(
        (png["type"].as_str(), png["width"].as_str(), png["height"].as_str()),
        (Some("image/png"), Some("192"), Some("192"))
    );
    let (_, other) = bench
        .json(bench.signed(By::Bank, "GET", &path(test_keys().jws_kid()), ""))
        .await;
    assert_eq!(reason(&other), "INVALID_FIELD_VALUE");
}

async fn issuers(bench: &Bench, body: Value) -> Value {
    let request = bench.signed(By::Wallet, "POST", "/connect/1/0/getEligibleIssuers", &body.to_string());
    let (status, answer) = bench.json(request).await;
    assert_eq!(status, 200);
    answer
}

async fn asset(bench: &Bench, id: &str) -> Value {
    let (status, answer) = bench
        .json(bench.signed(By::Wallet, "GET", &format!("/assets/1/0/asset/{id}"), ""))
        .await;
    assert_eq!(status, 200);
    answer
}

fn decoded(asset: &Value) -> Vec<u8> {
    STANDARD
        .decode(asset["mediaContents"][0]["data"].as_str().unwrap())
        .unwrap()
}

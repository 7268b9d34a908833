//! The verifier against signatures and base strings that other people's libraries made.

use openssl::pkey::PKey;

use super::super::testing::vectors;
use super::*;

#[test]
fn every_oauth_vector_is_judged_as_expected() {
    let oauth = &vectors()["oauth1"];
    let der = STANDARD
        .decode(oauth["consumer_public_spki_base64"].as_str().unwrap())
        .unwrap();
    let vectors = oauth["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 5);
    for vector in vectors {
        let text = |name: &str| vector[name].as_str().unwrap();
        let key = PKey::public_key_from_der(&der).unwrap();
        let header = text("authorization");
        let client = client_of(header, key);
        let body = text("body_utf8").as_bytes();
        let presented = Presented {
            method: text("method"),
            url: text("url"),
            authorization: Some(header),
            body,
        };
        let judged = verify(presented, &[client], 1_767_225_600_000, &mut Nonces::default());
        if text("expect") == "valid" {
            assert_eq!(judged, Ok(Caller::Issuer), "{}", text("encoding"));
            let parameters = Parameters::parse(header).unwrap();
            assert_eq!(
                base_string(text("method"), text("url"), &parameters.signed()),
                text("base_string")
            );
        } else {
            assert_eq!(judged, Err(Failure::BodyHash));
        }
    }
}

#[test]
fn headers_signed_by_the_official_libraries_verify() {
    for (url, base, signature) in SIGNED {
        let header = fixture_header(signature);
        let client = client_of(&header, fixture_key());
        let presented = Presented {
            method: "GET",
            url,
            authorization: Some(&header),
            body: b"",
        };
        assert_eq!(
            verify(presented, &[client], FIXTURE_MS, &mut Nonces::default()),
            Ok(Caller::Issuer),
            "{url}"
        );
        assert_eq!(
            base_string("GET", url, &Parameters::parse(&header).unwrap().signed()),
            *base
        );

        let elsewhere = format!("{url}&more=1");
        let presented = Presented {
            url: &elsewhere,
            ..presented
        };
        let client = client_of(&header, fixture_key());
        let judged = verify(presented, &[client], FIXTURE_MS, &mut Nonces::default());
        assert_eq!(judged, Err(Failure::Signature), "{url}");
    }
}

#[test]
fn the_published_signature_over_plain_text_matches() {
    assert!(signature_matches(&fixture_key(), b"baseString", RAW_SIGNATURE));
    assert!(!signature_matches(&fixture_key(), b"basestring", RAW_SIGNATURE));
}

#[test]
fn the_base_uri_is_normalised_as_published() {
    for (url, expected) in BASE_URIS {
        assert_eq!(base_uri(url), *expected, "{url}");
    }
}

#[test]
fn the_parameter_string_is_sorted_and_encoded_as_published() {
    for (query, expected) in PARAMETER_STRINGS {
        assert_eq!(
            parameter_string(query_pairs(raw_query(&format!("https://a.example/{query}")))),
            *expected
        );
    }
}

#[test]
fn text_is_percent_encoded_as_published() {
    for (text, expected) in ENCODED {
        assert_eq!(encode(text), *expected);
    }
}

#[test]
fn the_published_base_strings_come_out() {
    let short = [("oauth_body_hash", "body/hash"), ("oauth_nonce", "randomnonce")];
    let expected = "POST&https%3A%2F%2Fapi.mastercard.com%2F&oauth_body_hash%3Dbody%2Fhash%26oauth_nonce%3Drandomnonce";
    assert_eq!(base_string("POST", "https://api.mastercard.com", &short), expected);
    let url = "https://sandbox.api.mastercard.com/fraud/merchant/v1/termination-inquiry?Format=XML&PageOffset=0&PageLength=10";
    let consumer_key = "x".repeat(48);
    let long = [
        ("oauth_consumer_key", consumer_key.as_str()),
        ("oauth_nonce", "1111111111111111111"),
        ("oauth_timestamp", "1111111111"),
        ("oauth_version", "1.0"),
        ("oauth_body_hash", "h2Pd7zlzEZjZVIKB4j94UZn/xxoR3RoCjYQ9/JdadGQ="),
    ];
    assert_eq!(base_string("POST", url, &long), LONG_BASE_STRING);
}

#[test]
fn a_nonce_is_accepted_once_within_the_window() {
    let (url, _, signature) = &SIGNED[0];
    let header = fixture_header(signature);
    let mut nonces = Nonces::default();
    let mut judge = |now_ms| {
        let presented = Presented {
            method: "GET",
            url,
            authorization: Some(&header),
            body: b"",
        };
        verify(presented, &[client_of(&header, fixture_key())], now_ms, &mut nonces)
    };
    assert_eq!(judge(FIXTURE_MS - 300_000), Ok(Caller::Issuer));
    assert_eq!(judge(FIXTURE_MS), Err(Failure::Nonce));
    // Until the last second in which the timestamp is accepted, the nonce is remembered.
    assert_eq!(judge(FIXTURE_MS + 300_999), Err(Failure::Nonce));
    assert_eq!(judge(FIXTURE_MS + 301_000), Err(Failure::Timestamp));
}

#[test]
fn a_forged_request_does_not_use_up_a_nonce() {
    let (url, _, signature) = &SIGNED[0];
    let (genuine, forged) = (fixture_header(signature), fixture_header(SIGNED[1].2));
    let mut nonces = Nonces::default();
    let mut judge = |header: &str| {
        let presented = Presented {
            method: "GET",
            url,
            authorization: Some(header),
            body: b"",
        };
        verify(
            presented,
            &[client_of(&genuine, fixture_key())],
            FIXTURE_MS,
            &mut nonces,
        )
    };
    assert_eq!(judge(&forged), Err(Failure::Signature));
    assert_eq!(judge(&genuine), Ok(Caller::Issuer));
}

#[test]
fn each_bent_parameter_is_refused_for_its_own_reason() {
    let (url, _, signature) = &SIGNED[0];
    let header = fixture_header(signature);
    let bent = |from: &str, to: &str| {
        assert!(header.contains(from), "{from}");
        header.replacen(from, to, 1)
    };
    let cases = [
        (bent("OAuth ", "Bearer "), Failure::Header),
        (bent("oauth_nonce=\"", "oauth_nonce="), Failure::Header),
        (bent("OAuth ", "OAuth oauth_nonce=\"1\","), Failure::Parameter),
        (bent("oauth_nonce=", "oauth_once="), Failure::Parameter),
        (bent("1626728330", "yesterday"), Failure::Parameter),
        (bent("oauth_version=\"1.0\"", "oauth_version=\"2.0\""), Failure::Version),
        (bent("RSA-SHA256", "HMAC-SHA256"), Failure::Method),
        (bent("abc-abc-abc!123", "abc-abc-abc!124"), Failure::ConsumerKey),
        (bent("1626728330", "1626728030"), Failure::Signature),
        (bent("1626728330", "1626728029"), Failure::Timestamp),
        (bent("1626728330", "1626728631"), Failure::Timestamp),
        (bent("47DEQpj8", "57DEQpj8"), Failure::BodyHash),
        (bent("z1e3xQRI", "z1e3xQRJ"), Failure::Signature),
        (bent("oauth_signature=\"", "oauth_signature=\"A"), Failure::Signature),
    ];
    for (header, failure) in cases {
        let client = client_of(&fixture_header(signature), fixture_key());
        let presented = Presented {
            method: "GET",
            url,
            authorization: Some(&header),
            body: b"",
        };
        let judged = verify(presented, &[client], FIXTURE_MS, &mut Nonces::default());
        assert_eq!(judged, Err(failure), "{header}");
    }
    let presented = Presented {
        method: "GET",
        url,
        authorization: None,
        body: b"",
    };
    assert_eq!(
        verify(presented, &[], FIXTURE_MS, &mut Nonces::default()),
        Err(Failure::Header)
    );
}

#[test]
fn only_a_get_without_a_body_may_leave_the_body_hash_out() {
    let parameters = Parameters::parse("OAuth oauth_nonce=\"1\"").unwrap();
    let check = |method, body| {
        check_body_hash(
            &parameters,
            Presented {
                method,
                url: "",
                authorization: None,
                body,
            },
        )
    };
    assert_eq!(check("GET", b""), Ok(()));
    assert_eq!(check("GET", b"{}"), Err(Failure::BodyHash));
    assert_eq!(check("POST", b""), Err(Failure::BodyHash));
}

#[test]
fn the_published_body_hashes_come_out() {
    for (body, expected) in [
        ("", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
        ("{}", "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="),
        ("{\"foõ\":\"bar\"}", "+Z+PWW2TJDnPvRcTgol+nKO3LT7xm8smnsg+//XMIyI="),
    ] {
        let header = format!("OAuth oauth_body_hash=\"{expected}\"");
        let presented = Presented {
            method: "POST",
            url: "",
            authorization: None,
            body: body.as_bytes(),
        };
        assert_eq!(
            check_body_hash(&Parameters::parse(&header).unwrap(), presented),
            Ok(()),
            "{body}"
        );
    }
}

fn client_of(header: &str, key: PKey<Public>) -> Client {
    let consumer_key = Parameters::parse(header)
        .unwrap()
        .decoded("oauth_consumer_key")
        .unwrap();
    Client {
        caller: Caller::Issuer,
        consumer_key,
        key,
    }
}

fn fixture_key() -> PKey<Public> {
    PKey::public_key_from_der(&STANDARD.decode(FIXTURE_KEY).unwrap()).unwrap()
}

fn fixture_header(signature: &str) -> String {
    format!(
        "OAuth oauth_consumer_key=\"abc-abc-abc!123\",oauth_nonce=\"Wpe3LF09z1e3xQRI\",\
         oauth_timestamp=\"1626728330\",oauth_signature_method=\"RSA-SHA256\",oauth_version=\"1.0\",\
         oauth_body_hash=\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\",oauth_signature=\"{signature}\""
    )
}

const FIXTURE_MS: i64 = 1_626_728_330_000;

/// The public half of the fixture key in the tests of Mastercard's OAuth signers, base64 of its DER.
const FIXTURE_KEY: &str = concat!(
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAmKHOVHuDCsRyEHkhEikIiL9+NRBQ7XwJQLFz++JqHSbsJ0",
    "izn0pBTYCh+Mur0iolCuwcVNihcuxZESff73HiZj/TA+m1j4E9loOIkkMYD7QBxFabPTGL5IVtJbdIcoQHBi1Ed5G+",
    "GI0pBn2vBMxvxtoPv1SnS9Jp0oFoQp0gZ0dMUcFnHIHUUy5ttP4815Jhw/dgwUe5A4IgVKz1k3yxw57FaCFLregQDy",
    "PN0yIx41RtSZ/CtKa2xnkFPQC8Gi9+qr6aWKZgqmgBhzjNn17BDxTYRGcUKW8ltjOD7Vx540qpTTijdrZnRd41sJvY",
    "SmfcXmliZAZgZy3t7Tc9DnTtKQIDAQAB",
);

/// RSA-SHA256 over the ASCII text `baseString` by that key.
const RAW_SIGNATURE: &str = concat!(
    "IJeNKYGfUhFtj5OAPRI92uwfjJJLCej3RCMLbp7R6OIYJhtwxnTkloHQ2bgV7fks4GT/A7rkqrgUGk0ewbwIC6nS3p",
    "iJHyKVc7rvQXZuCQeeeQpFzLRiH3rsb+ZS+AULK+jzDje4Fb+BQR6XmxuuJmY6YrAKkj13Ln4K6bZJlSxOizbNvt+H",
    "tnx+hNd4VgaVBeJKcLhHfZbWQxK76nMnjY7nDcM/2R6LUIR2oLG1L9m55WP3bakAvmOr392ulv1+mWCwDAZZzQ4lak",
    "DD2BTu0ZaVsvBW+mcKFxYeTq7SyTQMM4lEwFPJ6RLc8jJJ+veJXHekLVzWg4qHRtzNBLz1mA==",
);

const LONG_BASE_STRING: &str = concat!(
    "POST&https%3A%2F%2Fsandbox.api.mastercard.com%2Ffraud%2Fmerchant%2Fv1%2Ftermination-inquir",
    "y&Format%3DXML%26PageLength%3D10%26PageOffset%3D0%26oauth_body_hash%3Dh2Pd7zlzEZjZVIKB4j94",
    "UZn%2FxxoR3RoCjYQ9%2FJdadGQ%3D%26oauth_consumer_key%3Dxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "xxxxxxxxxxxx%26oauth_nonce%3D1111111111111111111%26oauth_timestamp%3D1111111111%26oauth_ve",
    "rsion%3D1.0",
);

/// URL, base string and signature of four requests, by that key.
const SIGNED: &[(&str, &str, &str)] = &[
    (
        "https://example.com/?param=token1:token2",
        concat!(
            "GET&https%3A%2F%2Fexample.com%2F&oauth_body_hash%3D47DEQpj8HBSa%2B%2FTImW%2B5JCeuQeRkm5NMp",
            "JWZG3hSuFU%3D%26oauth_consumer_key%3Dabc-abc-abc%21123%26oauth_nonce%3DWpe3LF09z1e3xQRI%26",
            "oauth_signature_method%3DRSA-SHA256%26oauth_timestamp%3D1626728330%26oauth_version%3D1.0%2",
            "6param%3Dtoken1%3Atoken2",
        ),
        concat!(
            "iD%2FTWBltcpIpyWJY7vDLaB2fjjEKVuBvhQje5OTOX0Cx6q%2BJnIEeRjkWxcmy4UclR2hn3zugQv9IIzPuQzOMnH",
            "ZA%2FyS%2BZQRtY1pR2DgWSifTr0mkiIuVNB5zNcc1ZvFbjqY5I7u5%2Bd1tseEWchRLUbuUZDiQP7XVdfsjJpfynD",
            "i3qbU67naKXf7HWhR%2Fbg4AglVH8xxn0hUqyMs5uHk8pmx4%2BUGzgtzDT3vs5%2FZqUALZiElm9oq0DvWvY5cgRV",
            "m%2FyCPvPBIz%2BD3e8RSKtbiZXCqzJF6zddvyUOOmp0nrso065LsvG6PLR2DYjE62XIFXy1urqiMUoHu2f52YpEzC",
            "Gg%3D%3D",
        ),
    ),
    (
        "https://example.com/?param=token1%3Atoken2",
        concat!(
            "GET&https%3A%2F%2Fexample.com%2F&oauth_body_hash%3D47DEQpj8HBSa%2B%2FTImW%2B5JCeuQeRkm5NMp",
            "JWZG3hSuFU%3D%26oauth_consumer_key%3Dabc-abc-abc%21123%26oauth_nonce%3DWpe3LF09z1e3xQRI%26",
            "oauth_signature_method%3DRSA-SHA256%26oauth_timestamp%3D1626728330%26oauth_version%3D1.0%2",
            "6param%3Dtoken1%253Atoken2",
        ),
        concat!(
            "B473PPrHLU4KIJ5763HLGk6OR2Lo5FPXTXN72K5ihc4cZMYkfAUxAfANJUoKx5fHrcNPkGWeLkLdpqRLXfMNi39tB3",
            "WNOKZqYd0AgeAH9OkhFnJ0J%2FJ8oiXsaTcWK1tBm%2BPMtIFaAzA1MhILuns8p1GVPBOCK4ZAfdHMOf19TVV7uCO%",
            "2BwaeQgEmzNsGt6L6%2FgIRwpFnTwr9iEQCWju9LCxHpRDJIzA%2Fx4JT%2BRn5fOa3KyjPJkY70EPWmvMhdciBVYN",
            "pv%2BjEjPmrQTNN0RZDYRPX%2Buj6ZRspAo%2BwHQDqAU3Fd1%2BD4lBEjY9fmK%2B3tz%2B9Ckhk%2FOfDvyIhSY4",
            "BtvsNoag%3D%3D",
        ),
    ),
    (
        "https://example.com/request?colon=%3A&plus=%2B&comma=%2C",
        concat!(
            "GET&https%3A%2F%2Fexample.com%2Frequest&colon%3D%253A%26comma%3D%252C%26oauth_body_hash%3D",
            "47DEQpj8HBSa%2B%2FTImW%2B5JCeuQeRkm5NMpJWZG3hSuFU%3D%26oauth_consumer_key%3Dabc-abc-abc%21",
            "123%26oauth_nonce%3DWpe3LF09z1e3xQRI%26oauth_signature_method%3DRSA-SHA256%26oauth_timesta",
            "mp%3D1626728330%26oauth_version%3D1.0%26plus%3D%252B",
        ),
        concat!(
            "BJGTHj7bxDWKRpES4KyLxrg0jTgk11b8RCdQzOMbY%2BQoltCaocwk3%2BI1MlYyX5oT8xMCKcjvH6EhF2J%2BMojh",
            "eBdomDuNqVlr7NvS0uRjbD1Iem%2Bo0RXMU%2Bag62XBMYnGdzhk3Nr1Ifwsb1seTND%2B%2Bf%2BDFjAWoD7UoY%2",
            "Fo2aWg1xbkXgKtykV1QIfKRsZfyJJUARUB6yhnMegryPURrGI8yAwoxGI37o0RsbCQdrnzIdpQYm6C5a9FPhPTqREA",
            "XEMpBVvY2e3Fk922IXiAd6Ph%2FLdIAOnIE8RRXmc5gYmzftl8jcztjG4EJNhD2jk6YVG5tt9yq%2FrcvbokgDnZ%2",
            "F7qPeg%3D%3D",
        ),
    ),
    (
        "https://api.mastercard.com/abc/%123/service?a=123&b=%2a2b3",
        concat!(
            "GET&https%3A%2F%2Fapi.mastercard.com%2Fabc%2F%25123%2Fservice&a%3D123%26b%3D%252A2b3%26oau",
            "th_body_hash%3D47DEQpj8HBSa%2B%2FTImW%2B5JCeuQeRkm5NMpJWZG3hSuFU%3D%26oauth_consumer_key%3",
            "Dabc-abc-abc%21123%26oauth_nonce%3DWpe3LF09z1e3xQRI%26oauth_signature_method%3DRSA-SHA256%",
            "26oauth_timestamp%3D1626728330%26oauth_version%3D1.0",
        ),
        concat!(
            "GFdvCNe14%2FQdPi6KLgdFtYnqz9QVsqlzRwT1P5wvZCgyBzfTol69SRz4cIkeDx%2BIEeUfkbrPdVA9JPy0S9lgpM",
            "zs0KfIAX064Bz5mBbTni8NWD74ulN5eEDQRWB47BqEsvNPSJlJLGapVeYFyRlcIU7xMU1e1lA%2FtPTTHDSmIBfq4C",
            "tpCPvYMcd7ywoiHsi4hfI0d%2BTGS9pe0ez00mkne8C3%2FAHtuRIp564D02Hhl6s%2BTUGdUvlXTaFaIH9GVdZ15n",
            "%2FUcTCqSKFjorwA9guiJQlFpZtQy04BBD19VbN6%2F%2BSJvMAnVFQM5FJhgZ%2F5T9OP9%2BmjXz47EhG9MAx3ra",
            "BjIw%3D%3D",
        ),
    ),
];

const BASE_URIS: &[(&str, &str)] = &[
    ("https://www.example.net:8080", "https://www.example.net:8080/"),
    ("http://EXAMPLE.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X"),
    (
        "https://api.mastercard.com:443/test?query=param",
        "https://api.mastercard.com/test",
    ),
    ("http://api.mastercard.com:80/test", "http://api.mastercard.com/test"),
    (
        "https://api.mastercard.com:17443/test?query=param",
        "https://api.mastercard.com:17443/test",
    ),
    (
        "https://api.mastercard.com/test?query=param#fragment",
        "https://api.mastercard.com/test",
    ),
    ("https://api.mastercard.com", "https://api.mastercard.com/"),
    ("HTTPS://API.MASTERCARD.COM/TEST", "https://api.mastercard.com/TEST"),
    (
        "https://www.example.com/api/test%40test",
        "https://www.example.com/api/test%40test",
    ),
    ("http://example.com/r%2540v/X?id=123", "http://example.com/r%2540v/X"),
    (
        "https://www.example.net:8080/foo@bar/test?query=test",
        "https://www.example.net:8080/foo@bar/test",
    ),
    (
        "https://www.example.net:8080/foo&bar/test?query=test",
        "https://www.example.net:8080/foo&bar/test",
    ),
    (
        "https://www.example.net:8080/foo(bar/test?query=test",
        "https://www.example.net:8080/foo(bar/test",
    ),
    (
        "https://www.example.net:8080/foo=bar/test?query=test",
        "https://www.example.net:8080/foo=bar/test",
    ),
];

const PARAMETER_STRINGS: &[(&str, &str)] = &[
    (
        "?b5=%3D%253D&a3=a&a3=2%20q&c%40=&a2=r%20b&c2=",
        "a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=",
    ),
    ("?b=b&A=a&A=A&B=B&a=A&a=a&0=0", "0=0&A=A&A=a&B=B&a=A&a=a&b=b"),
    (
        "?offset=0&offset=1&length=10&empty&odd=",
        "empty=&length=10&odd=&offset=0&offset=1",
    ),
    (
        "?param1=plus+value&param2=colon:value",
        "param1=plus+value&param2=colon:value",
    ),
];

const ENCODED: &[(&str, &str)] = &[
    ("Format=XML", "Format%3DXML"),
    ("WhqqH+TU95VgZMItpdq78BWb4cE=", "WhqqH%2BTU95VgZMItpdq78BWb4cE%3D"),
    ("WhqqH+TU95VgZMItpdq78BWb4cE=&o", "WhqqH%2BTU95VgZMItpdq78BWb4cE%3D%26o"),
    ("WhqqH+TU95VgZ~Itpdq78BWb4cE=&o", "WhqqH%2BTU95VgZ~Itpdq78BWb4cE%3D%26o"),
    ("%25£¥a/El Niño/%", "%2525%C2%A3%C2%A5a%2FEl%20Ni%C3%B1o%2F%25"),
];

//! OAuth 1.0a. The literals are from the test suites of `oauth1-signer-python` and `oauth1-signer-java`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Verifier;
use tidemark::mdes::SigningKey;
use tidemark::mdes::oauth1::{
    Unsigned, authorization_header, base_string, base_uri, body_hash, parameter_string, percent_encode,
    request_base_string,
};

use crate::{base64, pem, text, vectors};

/// The public half of the libraries' fixture key.
const FIXTURE_KEY: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAmKHOVHuDCsRyEHkhEikIiL9+NRBQ7XwJQLFz++JqHSbsJ0izn0pBTYCh+Mur0iolCuwcVNihcuxZESff73HiZj/TA+m1j4E9loOIkkMYD7QBxFabPTGL5IVtJbdIcoQHBi1Ed5G+GI0pBn2vBMxvxtoPv1SnS9Jp0oFoQp0gZ0dMUcFnHIHUUy5ttP4815Jhw/dgwUe5A4IgVKz1k3yxw57FaCFLregQDyPN0yIx41RtSZ/CtKa2xnkFPQC8Gi9+qr6aWKZgqmgBhzjNn17BDxTYRGcUKW8ltjOD7Vx540qpTTijdrZnRd41sJvYSmfcXmliZAZgZy3t7Tc9DnTtKQIDAQAB";

fn verifies(spki: &[u8], message: &str, signature: &str) -> bool {
    let key = PKey::public_key_from_der(spki).expect("a key");
    let mut verifier = Verifier::new(MessageDigest::sha256(), &key).expect("a verifier");
    let signature = STANDARD.decode(signature).expect("base64");
    verifier
        .verify_oneshot(&signature, message.as_bytes())
        .expect("checked")
}

fn fixture_verifies(message: &str, signature: &str) -> bool {
    verifies(&STANDARD.decode(FIXTURE_KEY).expect("base64"), message, signature)
}

#[test]
fn the_vectors_of_the_single_encoding_are_reproduced() {
    let set = &vectors()["oauth1"];
    let key = pem("PRIVATE KEY", &base64(set, "consumer_private_pkcs8_der_base64"));
    let key = SigningKey::from_pem(&key).expect("the key loads");
    assert_eq!(
        key.public_der().expect("a public half"),
        base64(set, "consumer_public_spki_base64")
    );
    let all = set["vectors"].as_array().expect("vectors");
    assert_eq!(all.len(), 5);
    let (mut made, mut doubled, mut tampered) = (0, 0, 0);
    for vector in all {
        let header = text(vector, "authorization");
        let value = |name: &str| {
            let (_, rest) = header.split_once(&format!("{name}=\"")).expect(name);
            rest.split('"').next().expect(name)
        };
        let body = text(vector, "body_utf8").as_bytes();
        let ours = Unsigned {
            method: text(vector, "method"),
            url: text(vector, "url"),
            body,
            consumer_key: "SIMconsumerkey0123456789abcdefghijklmnop!0123456789abcdef0123456789abcdef0000000000000000",
            nonce: value("oauth_nonce"),
            timestamp_s: value("oauth_timestamp").parse().expect("a number"),
        };
        let signed = text(vector, "base_string");
        let spki = base64(set, "consumer_public_spki_base64");
        assert!(verifies(&spki, signed, text(vector, "signature_base64")), "{signed}");
        if text(vector, "encoding").starts_with("rfc5849") {
            // To accept it is the verifier's task. We sign the other one: the same but for the second encoding.
            let single = request_base_string(&ours).expect("a base string");
            assert_ne!(single, signed);
            assert_eq!(
                single,
                signed
                    .replace("%253D", "%3D")
                    .replace("%252F", "%2F")
                    .replace("%252B", "%2B")
                    .replace("%2521", "%21")
            );
            assert_eq!(body_hash(body), text(vector, "body_hash"));
            doubled += 1;
        } else if text(vector, "expect") == "valid" {
            assert_eq!(body_hash(body), text(vector, "body_hash"));
            assert_eq!(request_base_string(&ours).as_deref(), Some(signed));
            assert_eq!(
                STANDARD.encode(key.sign(signed.as_bytes()).expect("signed")),
                text(vector, "signature_base64")
            );
            assert_eq!(authorization_header(&ours, &key).expect("a header"), header);
            made += 1;
        } else {
            assert_ne!(
                body_hash(body),
                text(vector, "body_hash"),
                "the body was changed after signing"
            );
            assert_ne!(authorization_header(&ours, &key).expect("a header"), header);
            tampered += 1;
        }
    }
    assert_eq!((made, doubled, tampered), (2, 2, 1));
}

#[test]
fn the_fixture_key_signed_the_word_base_string() {
    let signature = "IJeNKYGfUhFtj5OAPRI92uwfjJJLCej3RCMLbp7R6OIYJhtwxnTkloHQ2bgV7fks4GT/A7rkqrgUGk0ewbwIC6nS3piJHyKVc7rvQXZuCQeeeQpFzLRiH3rsb+ZS+AULK+jzDje4Fb+BQR6XmxuuJmY6YrAKkj13Ln4K6bZJlSxOizbNvt+Htnx+hNd4VgaVBeJKcLhHfZbWQxK76nMnjY7nDcM/2R6LUIR2oLG1L9m55WP3bakAvmOr392ulv1+mWCwDAZZzQ4lakDD2BTu0ZaVsvBW+mcKFxYeTq7SyTQMM4lEwFPJ6RLc8jJJ+veJXHekLVzWg4qHRtzNBLz1mA==";
    assert!(fixture_verifies("baseString", signature));
    assert!(!fixture_verifies("basestring", signature));
}

#[test]
fn body_hashes() {
    assert_eq!(body_hash(b""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    assert_eq!(body_hash(b"{}"), "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=");
    assert_eq!(
        body_hash("{\"foõ\":\"bar\"}".as_bytes()),
        "+Z+PWW2TJDnPvRcTgol+nKO3LT7xm8smnsg+//XMIyI="
    );
}

#[test]
fn percent_encoding() {
    for (plain, encoded) in [
        ("Format=XML", "Format%3DXML"),
        ("WhqqH+TU95VgZMItpdq78BWb4cE=", "WhqqH%2BTU95VgZMItpdq78BWb4cE%3D"),
        ("WhqqH+TU95VgZMItpdq78BWb4cE=&o", "WhqqH%2BTU95VgZMItpdq78BWb4cE%3D%26o"),
        ("WhqqH+TU95VgZ~Itpdq78BWb4cE=&o", "WhqqH%2BTU95VgZ~Itpdq78BWb4cE%3D%26o"),
        ("%25£¥a/El Niño/%", "%2525%C2%A3%C2%A5a%2FEl%20Ni%C3%B1o%2F%25"),
    ] {
        assert_eq!(percent_encode(plain), encoded);
    }
    assert_eq!(percent_encode("*-._~ "), "%2A-._~%20");
}

#[test]
fn base_uris() {
    for (url, base) in [
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
    ] {
        assert_eq!(base_uri(url).as_deref(), Some(base), "{url}");
    }
    for url in ["", "example.com/x", "ftp://example.com/", "https:///x", "https://?x"] {
        assert_eq!(base_uri(url), None, "{url}");
    }
}

#[test]
fn parameter_strings() {
    for (query, parameters) in [
        (
            "b5=%3D%253D&a3=a&a3=2%20q&c%40=&a2=r%20b&c2=",
            "a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=",
        ),
        ("b=b&A=a&A=A&B=B&a=A&a=a&0=0", "0=0&A=A&A=a&B=B&a=A&a=a&b=b"),
        (
            "offset=0&offset=1&length=10&empty&odd=",
            "empty=&length=10&odd=&offset=0&offset=1",
        ),
        (
            "param1=plus+value&param2=colon:value",
            "param1=plus+value&param2=colon:value",
        ),
    ] {
        assert_eq!(parameter_string(query, &[]), parameters, "{query}");
    }
}

#[test]
fn base_strings() {
    let oauth = [
        ("oauth_body_hash", "body/hash".to_owned()),
        ("oauth_nonce", "randomnonce".to_owned()),
    ];
    assert_eq!(
        base_string("POST", "https://api.mastercard.com/", &parameter_string("", &oauth)),
        "POST&https%3A%2F%2Fapi.mastercard.com%2F&oauth_body_hash%3Dbody%2Fhash%26oauth_nonce%3Drandomnonce"
    );
    let oauth = [
        ("oauth_consumer_key", "x".repeat(48)),
        ("oauth_nonce", "1111111111111111111".to_owned()),
        ("oauth_timestamp", "1111111111".to_owned()),
        ("oauth_version", "1.0".to_owned()),
        (
            "oauth_body_hash",
            "h2Pd7zlzEZjZVIKB4j94UZn/xxoR3RoCjYQ9/JdadGQ=".to_owned(),
        ),
    ];
    let url = "https://sandbox.api.mastercard.com/fraud/merchant/v1/termination-inquiry?Format=XML&PageOffset=0&PageLength=10";
    let parameters = parameter_string("Format=XML&PageOffset=0&PageLength=10", &oauth);
    assert_eq!(
        base_string("POST", &base_uri(url).expect("absolute"), &parameters),
        "POST&https%3A%2F%2Fsandbox.api.mastercard.com%2Ffraud%2Fmerchant%2Fv1%2Ftermination-inquiry&Format%3DXML%26PageLength%3D10%26PageOffset%3D0%26oauth_body_hash%3Dh2Pd7zlzEZjZVIKB4j94UZn%2FxxoR3RoCjYQ9%2FJdadGQ%3D%26oauth_consumer_key%3Dxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx%26oauth_nonce%3D1111111111111111111%26oauth_timestamp%3D1111111111%26oauth_version%3D1.0"
    );
}

/// Address, base string, signature.
const SIGNED: [(&str, &str, &str); 4] = [
    (
        "https://example.com/?param=token1:token2",
        "GET&https%3A%2F%2Fexample.com%2F&oauth_body_hash%3D47DEQpj8HBSa%2B%2FTImW%2B5JCeuQeRkm5NMpJWZG3hSuFU%3D%26oauth_consumer_key%3Dabc-abc-abc%21123%26oauth_nonce%3DWpe3LF09z1e3xQRI%26oauth_signature_method%3DRSA-SHA256%26oauth_timestamp%3D1626728330%26oauth_version%3D1.0%26param%3Dtoken1%3Atoken2",
        "iD%2FTWBltcpIpyWJY7vDLaB2fjjEKVuBvhQje5OTOX0Cx6q%2BJnIEeRjkWxcmy4UclR2hn3zugQv9IIzPuQzOMnHZA%2FyS%2BZQRtY1pR2DgWSifTr0mkiIuVNB5zNcc1ZvFbjqY5I7u5%2Bd1tseEWchRLUbuUZDiQP7XVdfsjJpfynDi3qbU67naKXf7HWhR%2Fbg4AglVH8xxn0hUqyMs5uHk8pmx4%2BUGzgtzDT3vs5%2FZqUALZiElm9oq0DvWvY5cgRVm%2FyCPvPBIz%2BD3e8RSKtbiZXCqzJF6zddvyUOOmp0nrso065LsvG6PLR2DYjE62XIFXy1urqiMUoHu2f52YpEzCGg%3D%3D",
    ),
    (
        "https://example.com/?param=token1%3Atoken2",
        "GET&https%3A%2F%2Fexample.com%2F&oauth_body_hash%3D47DEQpj8HBSa%2B%2FTImW%2B5JCeuQeRkm5NMpJWZG3hSuFU%3D%26oauth_consumer_key%3Dabc-abc-abc%21123%26oauth_nonce%3DWpe3LF09z1e3xQRI%26oauth_signature_method%3DRSA-SHA256%26oauth_timestamp%3D1626728330%26oauth_version%3D1.0%26param%3Dtoken1%253Atoken2",
        "B473PPrHLU4KIJ5763HLGk6OR2Lo5FPXTXN72K5ihc4cZMYkfAUxAfANJUoKx5fHrcNPkGWeLkLdpqRLXfMNi39tB3WNOKZqYd0AgeAH9OkhFnJ0J%2FJ8oiXsaTcWK1tBm%2BPMtIFaAzA1MhILuns8p1GVPBOCK4ZAfdHMOf19TVV7uCO%2BwaeQgEmzNsGt6L6%2FgIRwpFnTwr9iEQCWju9LCxHpRDJIzA%2Fx4JT%2BRn5fOa3KyjPJkY70EPWmvMhdciBVYNpv%2BjEjPmrQTNN0RZDYRPX%2Buj6ZRspAo%2BwHQDqAU3Fd1%2BD4lBEjY9fmK%2B3tz%2B9Ckhk%2FOfDvyIhSY4BtvsNoag%3D%3D",
    ),
    (
        "https://example.com/request?colon=%3A&plus=%2B&comma=%2C",
        "GET&https%3A%2F%2Fexample.com%2Frequest&colon%3D%253A%26comma%3D%252C%26oauth_body_hash%3D47DEQpj8HBSa%2B%2FTImW%2B5JCeuQeRkm5NMpJWZG3hSuFU%3D%26oauth_consumer_key%3Dabc-abc-abc%21123%26oauth_nonce%3DWpe3LF09z1e3xQRI%26oauth_signature_method%3DRSA-SHA256%26oauth_timestamp%3D1626728330%26oauth_version%3D1.0%26plus%3D%252B",
        "BJGTHj7bxDWKRpES4KyLxrg0jTgk11b8RCdQzOMbY%2BQoltCaocwk3%2BI1MlYyX5oT8xMCKcjvH6EhF2J%2BMojheBdomDuNqVlr7NvS0uRjbD1Iem%2Bo0RXMU%2Bag62XBMYnGdzhk3Nr1Ifwsb1seTND%2B%2Bf%2BDFjAWoD7UoY%2Fo2aWg1xbkXgKtykV1QIfKRsZfyJJUARUB6yhnMegryPURrGI8yAwoxGI37o0RsbCQdrnzIdpQYm6C5a9FPhPTqREAXEMpBVvY2e3Fk922IXiAd6Ph%2FLdIAOnIE8RRXmc5gYmzftl8jcztjG4EJNhD2jk6YVG5tt9yq%2FrcvbokgDnZ%2F7qPeg%3D%3D",
    ),
    (
        "https://api.mastercard.com/abc/%123/service?a=123&b=%2a2b3",
        "GET&https%3A%2F%2Fapi.mastercard.com%2Fabc%2F%25123%2Fservice&a%3D123%26b%3D%252A2b3%26oauth_body_hash%3D47DEQpj8HBSa%2B%2FTImW%2B5JCeuQeRkm5NMpJWZG3hSuFU%3D%26oauth_consumer_key%3Dabc-abc-abc%21123%26oauth_nonce%3DWpe3LF09z1e3xQRI%26oauth_signature_method%3DRSA-SHA256%26oauth_timestamp%3D1626728330%26oauth_version%3D1.0",
        "GFdvCNe14%2FQdPi6KLgdFtYnqz9QVsqlzRwT1P5wvZCgyBzfTol69SRz4cIkeDx%2BIEeUfkbrPdVA9JPy0S9lgpMzs0KfIAX064Bz5mBbTni8NWD74ulN5eEDQRWB47BqEsvNPSJlJLGapVeYFyRlcIU7xMU1e1lA%2FtPTTHDSmIBfq4CtpCPvYMcd7ywoiHsi4hfI0d%2BTGS9pe0ez00mkne8C3%2FAHtuRIp564D02Hhl6s%2BTUGdUvlXTaFaIH9GVdZ15n%2FUcTCqSKFjorwA9guiJQlFpZtQy04BBD19VbN6%2F%2BSJvMAnVFQM5FJhgZ%2F5T9OP9%2BmjXz47EhG9MAx3raBjIw%3D%3D",
    ),
];

#[test]
fn the_four_published_signatures_are_over_our_base_strings() {
    for (url, base, signature) in SIGNED {
        let request = Unsigned {
            method: "GET",
            url,
            body: b"",
            consumer_key: "abc-abc-abc!123",
            nonce: "Wpe3LF09z1e3xQRI",
            timestamp_s: 1_626_728_330,
        };
        let ours = request_base_string(&request).expect("a base string");
        assert_eq!(ours, base, "{url}");
        let signature: String = percent_encoding::percent_decode_str(signature)
            .decode_utf8()
            .expect("ASCII")
            .into_owned();
        assert!(fixture_verifies(&ours, &signature), "{url}");
        let doubled = ours
            .replace("%2FTImW", "%252FTImW")
            .replace("FU%3D", "FU%253D")
            .replace("%2B", "%252B");
        assert!(
            !fixture_verifies(&doubled, &signature),
            "the encoding of RFC 5849 is another signature"
        );
    }
}

#[test]
fn the_header_is_spelt_as_the_libraries_spell_it() {
    let set = &vectors()["oauth1"];
    let key = pem("PRIVATE KEY", &base64(set, "consumer_private_pkcs8_der_base64"));
    let key = SigningKey::from_pem(&key).expect("the key loads");
    for (url, base, _) in SIGNED {
        let request = Unsigned {
            method: "GET",
            url,
            body: b"",
            consumer_key: "abc-abc-abc!123",
            nonce: "Wpe3LF09z1e3xQRI",
            timestamp_s: 1_626_728_330,
        };
        let header = authorization_header(&request, &key).expect("a header");
        let start = "OAuth oauth_consumer_key=\"abc-abc-abc!123\",oauth_nonce=\"Wpe3LF09z1e3xQRI\",oauth_timestamp=\"1626728330\",oauth_signature_method=\"RSA-SHA256\",oauth_version=\"1.0\",oauth_body_hash=\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\",oauth_signature=\"";
        let signature = header
            .strip_prefix(start)
            .and_then(|rest| rest.strip_suffix('"'))
            .expect("the published form");
        let signature: String = percent_encoding::percent_decode_str(signature)
            .decode_utf8()
            .expect("ASCII")
            .into_owned();
        assert!(
            verifies(&base64(set, "consumer_public_spki_base64"), base, &signature),
            "{url}"
        );
    }
}

//! Which keys are taken, and what becomes of the others.

use openssl::bn::BigNum;

use super::super::super::keys::KeyFault;
use super::*;
use crate::domain::token::MediaContent;

#[test]
fn weak_and_misplaced_keys_are_refused_and_nothing_is_lost() {
    let mut keys = keys();
    let strong = private_key().rsa().expect("RSA");
    let add = |keys: &mut KeySet, jwk: &Value| keys.add_file("stem", jwk.to_string().as_bytes());
    let short = jwk(&Rsa::generate(1024).expect("a key"), "k");
    assert_eq!(add(&mut keys, &short), Err(KeyFault::Length));
    let three = BigNum::from_u32(3).expect("three");
    let low = jwk(&Rsa::generate_with_e(2048, &three).expect("a key"), "k");
    assert_eq!(add(&mut keys, &low), Err(KeyFault::Exponent));
    let mut modulus = strong.n().to_vec();
    modulus[255] &= 0xfe;
    let mut even = jwk(&strong, "k");
    even["n"] = json!(URL_SAFE_NO_PAD.encode(modulus));
    assert_eq!(add(&mut keys, &even), Err(KeyFault::Modulus));
    for (member, value, fault) in [
        ("kid", json!("key-1"), KeyFault::DuplicateKeyId),
        ("kid", json!("../key"), KeyFault::KeyId),
        ("kid", json!(7), KeyFault::Unreadable),
        ("kty", json!("EC"), KeyFault::NotRsa),
        ("alg", json!("PS256"), KeyFault::Purpose),
        ("use", json!("enc"), KeyFault::Purpose),
        ("key_ops", json!(["encrypt"]), KeyFault::Purpose),
        ("d", json!("AQAB"), KeyFault::PrivateParts),
        ("n", json!("AQ=="), KeyFault::Unreadable),
        ("x5c", json!(["AAAA"]), KeyFault::Unreadable),
    ] {
        let mut bad = jwk(&strong, "k");
        bad[member] = value;
        assert_eq!(add(&mut keys, &bad), Err(fault), "{bad}");
        // A good key beside a bad one does not come in either.
        if member != "kty" && member != "use" {
            let set = json!({"keys": [jwk(&strong, "fresh"), bad]});
            assert_eq!(add(&mut keys, &set), Err(fault), "{set}");
        }
    }
    let twice = json!({"keys": [jwk(&strong, "k"), jwk(&strong, "k")]});
    assert_eq!(add(&mut keys, &twice), Err(KeyFault::DuplicateKeyId));
    let others = json!({"keys": [{"kty": "EC", "kid": "e"}, {"kty": "RSA", "use": "enc"}]});
    assert_eq!(add(&mut keys, &others), Err(KeyFault::Unreadable), "nothing usable");
    for bytes in [
        &b""[..],
        b"x",
        b"[]",
        b"{\"kty\":\"RSA\",\"kty\":\"RSA\"}",
        b"-----BEGIN CERTIFICATE-----\n",
    ] {
        assert!(keys.add_file("stem", bytes).is_err());
    }
    let pem = private_key().private_key_to_pem_pkcs8().expect("PEM");
    assert!(keys.add_file("stem", &pem).is_err(), "a private key is no certificate");
    assert_eq!(keys.kids(), ["key-1"]);
    assert_eq!(
        verify(&keys, &UnverifiedJws::new(good())).map(|receipt| receipt.kid().to_owned()),
        Ok("key-1".to_owned())
    );
}

#[test]
fn an_asset_is_the_key_that_it_was_asked_for() {
    let strong = private_key().rsa().expect("RSA");
    let content = |media_type: &str, kid: &str| MediaContent {
        media_type: media_type.to_owned(),
        bytes: jwk(&strong, kid).to_string().into_bytes(),
        width: None,
        height: None,
    };
    let mut keys = KeySet::default();
    assert_eq!(
        keys.add_asset("a", &[content("application/jwk+json", "b")]),
        Err(KeyFault::KeyId)
    );
    assert_eq!(
        keys.add_asset("a", &[content("text/plain", "a")]),
        Err(KeyFault::Unreadable)
    );
    assert!(keys.is_empty());
    assert_eq!(
        keys.add_asset("a", &[content("image/png", "b"), content("application/jwk+json", "a")]),
        Ok(())
    );
    assert_eq!(keys.kids(), ["a"]);
}

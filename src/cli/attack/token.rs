//! Tokens that lie in one way: signed by the simulator as a vector says, then changed as it says.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::format::Edit;

/// The characters of base64url, in the order of their values.
const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Does to a token what a vector says.
///
/// # Errors
/// What cannot be done to this token.
pub fn edit(token: &str, edit: &Edit) -> Result<String, String> {
    let parts = || -> Vec<String> { token.split('.').map(str::to_owned).collect() };
    let with_part = |part: usize, change: &dyn Fn(&str) -> Result<String, String>| {
        let mut parts = parts();
        let found = parts
            .get_mut(part)
            .ok_or_else(|| format!("the token has no part {part}"))?;
        *found = change(found)?;
        Ok(parts.join("."))
    };
    match edit {
        Edit::Flip([part, byte, bit]) => with_part(*part, &|text| flipped(text, *byte, *bit)),
        Edit::Part(part, text) if *part == parts().len() => Ok(format!("{token}.{text}")),
        Edit::Part(part, text) => with_part(*part, &|_| Ok(text.clone())),
        Edit::Graft(..) => Err("a part of another token is put in where that is known".to_owned()),
        Edit::Keep(part, length) => with_part(*part, &|text| Ok(text.chars().take(*length).collect())),
        Edit::Respell(part) => with_part(*part, &respelt),
        Edit::Before(text) => Ok(format!("{text}{token}")),
        Edit::After(text) => Ok(format!("{token}{text}")),
        Edit::Replace(from, to) => Ok(token.replacen(from, to, 1)),
        Edit::OtherAlphabet => Ok(token.replace('-', "+").replace('_', "/")),
        Edit::Within(text) => Ok(text.replace('$', token)),
        Edit::AsJson => match parts().as_slice() {
            [header, payload, signature] => {
                Ok(json!({"payload": payload, "protected": header, "signature": signature}).to_string())
            }
            _ => Err("the token does not have three parts".to_owned()),
        },
        Edit::Encode => {
            Ok(percent_encoding::utf8_percent_encode(token, percent_encoding::NON_ALPHANUMERIC).to_string())
        }
    }
}

/// A part with one bit of what it stands for changed.
fn flipped(text: &str, byte: usize, bit: usize) -> Result<String, String> {
    let mut bytes = URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| "the part is no base64url".to_owned())?;
    let byte = bytes.get_mut(byte).ok_or_else(|| "the part is shorter".to_owned())?;
    *byte ^= 1 << (bit % 8);
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// A part whose last character has other bits behind the end: it stands for the same bytes.
fn respelt(text: &str) -> Result<String, String> {
    let spare = match text.len() % 4 {
        2 => 4,
        3 => 2,
        _ => return Err("the part has no bits behind its end".to_owned()),
    };
    let (rest, last) = text.split_at(text.len() - 1);
    let value = ALPHABET
        .find(last)
        .ok_or_else(|| "the part is no base64url".to_owned())?;
    let other = value ^ (1 << (spare - 1));
    Ok(format!("{rest}{}", &ALPHABET[other..=other]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_changed_in_one_way() {
        let token = "QUJD.QUI.QQ";
        let done = |what: Edit| edit(token, &what).expect("it can be done");
        assert_eq!(done(Edit::Flip([0, 0, 0])), "QEJD.QUI.QQ");
        assert_eq!(done(Edit::Part(3, "x".to_owned())), "QUJD.QUI.QQ.x");
        assert_eq!(done(Edit::Part(1, String::new())), "QUJD..QQ");
        assert_eq!(done(Edit::Keep(0, 2)), "QU.QUI.QQ");
        assert_eq!(done(Edit::Within("$.$".to_owned())), format!("{token}.{token}"));
        assert_eq!(done(Edit::Encode), "QUJD%2EQUI%2EQQ");
        for part in [1, 2] {
            let other = done(Edit::Respell(part));
            assert_ne!(other, token);
            let loose = base64::engine::GeneralPurpose::new(
                &base64::alphabet::URL_SAFE,
                base64::engine::GeneralPurposeConfig::new()
                    .with_decode_allow_trailing_bits(true)
                    .with_decode_padding_mode(base64::engine::DecodePaddingMode::RequireNone),
            );
            let meant = |token: &str| {
                loose
                    .decode(token.split('.').nth(part).expect("a part"))
                    .expect("base64url")
            };
            assert_eq!(meant(&other), meant(token));
        }
        assert!(edit(token, &Edit::Respell(0)).is_err());
        assert!(edit(token, &Edit::Flip([4, 0, 0])).is_err());
    }
}

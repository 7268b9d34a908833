//! The random source of the bank simulator: one function reads it, the others shape what it gives.

/// `N` bytes from the operating system.
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the random source in the bank simulator"
)]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system's random source answers");
    bytes
}

/// 32 hexadecimal digits: an id that nobody guesses.
pub fn id() -> String {
    hex::encode(bytes::<16>())
}

/// `length` letters and digits. Bytes that would favour some characters are thrown away.
pub fn alphanumeric(length: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let fair = bytes::<32>().into_iter().filter(|byte| *byte < 248);
        text.extend(
            fair.map(|byte| char::from(ALPHABET[usize::from(byte % 62)]))
                .take(length - text.len()),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_as_promised() {
        assert_eq!(id().len(), 32);
        let nonce = alphanumeric(97);
        assert!(nonce.len() == 97 && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_ne!(id(), id());
    }
}

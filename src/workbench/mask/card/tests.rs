use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

use super::super::{Book, Lexicon, Masker};
use super::*;

/// A text as it is shown.
fn shown(text: &str) -> String {
    let mut book = Book::new([1; 32]);
    Masker::new(&mut book, &Lexicon::default()).text(text)
}

fn exactly(text: &str) -> String {
    let mut book = Book::new([1; 32]);
    Masker::new(&mut book, &Lexicon::default()).exact(text)
}

#[test]
fn a_card_number_is_found_however_it_is_written() {
    for (text, wanted) in [
        ("card 5555555555554444 12/29", "card •••• 4444 •••/•••"),
        ("ref 7 5555555555554444", "ref ••• •••• 4444"),
        ("exp 5105105105105100 0927", "exp •••• 5100 •••"),
        ("5105-1051-0510-5100 123", "•••• 5100 •••"),
        ("a5105105105105100", "a•••• 5100"),
        ("x5105105105105100y", "x•••• 5100y"),
        ("95105105105105100", "••••••• 5100"),
        ("5105105105105100.1", "•••• 5100.•••"),
        ("5105_1051_0510_5100", "•••• 5100"),
        ("5105.1051.0510.5100", "•••• 5100"),
        ("5105/1051/0510/5100", "•••• 5100"),
        ("5105--1051--0510--5100", "•••• 5100"),
        ("5105\u{a0}1051\u{a0}0510\u{a0}5100", "•••• 5100"),
        ("5 1 0 5 1 0 5 1 0 5 1 0 5 1 0 0", "•••• 5100"),
        ("2026 5105105105105100", "••• •••• 5100"),
        ("at 2026 5105105105105100 failed", "at ••• •••• 5100 failed"),
        ("5105105105105100 5555555555554444", "•••• 5100 •••• 4444"),
        ("５１０５１０５１０５１０５１００", "•••• 5100"),
        ("٥١٠٥ ١٠٥١ ٠٥١٠ ٥١٠٠", "•••• 5100"),
        ("%35%31%30%35105105105100", "•••• 5100"),
        ("%2535105105105105100", "•••• 5100"),
        ("3782 822463 10005", "•••• 0005"),
        ("2223003122003222", "•••• 3222"),
        ("4222222222222", "•••• 2222"),
        ("6304000000000000000 is 19 long", "•••• 0000 is 19 long"),
    ] {
        assert_eq!(shown(text), wanted, "{text}");
        assert!(holds_card_number(text) || text.contains('%'), "{text}");
    }
    for text in [
        "5105105105105100.1",
        "a5105105105105100",
        "5105-1051-0510-5100",
        "5105105105105100",
    ] {
        assert!(
            exactly(text).contains("•••• 5100") && !exactly(text).contains("5105"),
            "{text}"
        );
    }
    let two = exactly("51051051051051005555555555554444");
    assert!(two.chars().filter(char::is_ascii_digit).count() <= 8, "{two}");
}

#[test]
fn other_numbers_are_left_as_they_are() {
    for text in [
        "1795458487759000",
        "1795458487759",
        "1795458487",
        "2026-11-23T19:42:09.053Z",
        "20260101120000-MDES-token-connect-sim",
        "20261123194209053",
        "50123456789",
        "0000000000000000",
        "5555555555554445",
        "1234567890123452",
        "43233098-6412-4930-8211-377889440212",
        "f0c1e5105105105105100aa0f0c1e5105105105105100aa0f0c1e51051051051",
        "5105105105105100aaf338c1d0e94b27",
        "1.0",
    ] {
        assert_eq!(exactly(text), text);
    }
    for text in [
        "2026-11-23 19:42:09.053 took 12 ms",
        "1003, 1093",
        "EUR 12.50 of 1,250.00",
        "127.0.0.1",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
    ] {
        assert!(!holds_card_number(text), "{text}");
    }
}

/// A UUID or a time is a card number by chance only: what is left alone in the table above is not luck.
#[test]
fn ids_that_count_microseconds_and_uuids_are_never_card_numbers() {
    let mut random = 88_172_645_463_325_252_u64;
    for at in 0..20_000_u64 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let micros = (1_767_225_600_000_000 + at * 1_577_847_629).to_string();
        assert_eq!(exactly(&micros), micros);
        let uuid = uuid::Builder::from_random_bytes(u128::from(random).pow(2).to_be_bytes()).into_uuid();
        assert_eq!(exactly(&uuid.to_string()), uuid.to_string());
    }
}

/// The digits with the check digit that they need.
fn with_check(mut digits: Vec<u8>) -> Vec<u8> {
    digits.push(0);
    for check in 0..10 {
        *digits.last_mut().expect("a digit") = check;
        let all: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let run = runs(&all).remove(0);
        if is_number(&run, true) {
            break;
        }
    }
    digits
}

fn number() -> impl Strategy<Value = Vec<u8>> {
    let schemes: Vec<(&[u8], usize)> = vec![
        (&[5, 1], 16),
        (&[5, 5], 16),
        (&[2, 2, 2, 1], 16),
        (&[2, 7, 2, 0], 16),
        (&[4], 16),
        (&[3, 5], 16),
        (&[6, 2], 16),
        (&[3, 4], 15),
        (&[3, 7], 15),
    ];
    let scheme = prop::sample::select(schemes);
    (scheme, prop::collection::vec(0_u8..10, 20)).prop_map(|((start, length), rest)| {
        let digits = start.iter().copied().chain(rest).take(length - 1);
        with_check(digits.collect())
    })
}

/// A number in one of the ways in which it can be written.
fn written_somehow() -> impl Strategy<Value = (Vec<u8>, bool, String)> {
    let gap = prop::sample::select(vec!["", "", " ", "-", ".", "_", "/", "\u{a0}", " - ", "--", "\u{2009}"]);
    let zero = prop::sample::select(vec!['0', '0', '0', '\u{ff10}', '\u{660}', '\u{966}', '\u{1d7ce}']);
    (number(), gap, zero).prop_map(|(number, gap, zero)| {
        let gap = if gap.chars().count() > 2 { " -" } else { gap };
        let digit = |digit: u8| char::from_u32(u32::from(zero) + u32::from(digit)).expect("a digit");
        let groups: Vec<String> = number
            .chunks(4)
            .map(|group| group.iter().map(|at| digit(*at)).collect())
            .collect();
        (number, gap.is_empty(), groups.join(gap))
    })
}

/// The digits that can be read of a text.
fn digits_of(text: &str) -> String {
    let digits = text.chars().filter_map(digit).map(|digit| char::from(b'0' + digit));
    digits.collect()
}

proptest! {
    #[test]
    fn a_card_number_is_never_shown_whatever_stands_around_it(
        (number, is_in_a_row, text) in written_somehow(),
        before in "[a-zA-Z ,;:.=&?/_-]{0,12}",
        after in "[a-zA-Z ,;:.=&?/_-]{0,12}",
        left in "[0-9]{0,3}",
        right in "[0-9]{0,3}",
        rounds in 0..4,
        is_exact: bool,
    ) {
        // Where the digits of a number are in groups, those beside it are a group of their own.
        let between = if is_in_a_row { "" } else { " " };
        let mut whole = format!("{before}{left}{between}{text}{between}{right}{after}");
        for _ in 0..rounds {
            whole = utf8_percent_encode(&whole, NON_ALPHANUMERIC).to_string();
        }
        let shown = if is_exact { exactly(&whole) } else { shown(&whole) };
        let secret: String = number[..number.len() - 4].iter().map(|digit| char::from(b'0' + digit)).collect();
        prop_assert!(!digits_of(&shown).contains(&secret), "{whole} is shown as {shown}");
        prop_assert!(shown.chars().count() > 300 || shown.contains('•'), "{whole} is shown as {shown}");
    }
}

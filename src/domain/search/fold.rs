//! Folding: what is left of a name when spelling does not count.
//!
//! Collation at primary strength does not do this. It differs by language ("lodz" is "Łódź" in English and not in Polish),
//! and ICU4X has no search collations.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

/// A text as the search compares it: case folded, compatibility forms resolved, without the marks that people leave out,
/// with letters that have no decomposition spelled out; everything that is no letter, mark or number is one space.
///
/// Marks are dropped in Latin, Greek, Cyrillic, Hebrew and Arabic alone: without them vowels of Hindi are gone, and か is
/// が. The result is composed again, or Hangul would stay in pieces.
#[must_use]
pub fn fold(text: &str) -> String {
    let categories = CodePointMapData::<GeneralCategory>::new();
    let folded = CaseMapper::new().fold_string(text);
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(&folded);
    let mut kept = String::with_capacity(decomposed.len());
    let mut has_gap = true;
    for character in decomposed.chars() {
        if is_optional_mark(character) {
            continue;
        }
        if let Some(spelled) = spelled_out(character) {
            kept.push_str(spelled);
            has_gap &= spelled.is_empty();
            continue;
        }
        let category = categories.get(character);
        let is_kept = GeneralCategoryGroup::Letter.contains(category)
            || GeneralCategoryGroup::Mark.contains(category)
            || GeneralCategoryGroup::Number.contains(category);
        if is_kept {
            kept.push(character);
            has_gap = false;
        } else if !has_gap {
            kept.push(' ');
            has_gap = true;
        }
    }
    ComposingNormalizerBorrowed::new_nfc()
        .normalize(kept.trim_end())
        .into_owned()
}

/// A mark that many people do not type, of a script where the letters without it are still the word.
fn is_optional_mark(character: char) -> bool {
    matches!(u32::from(character),
        0x0300..=0x036f | 0x0483..=0x0487 | 0x0591..=0x05c7 | 0x0610..=0x061a | 0x064b..=0x065f | 0x0670
            | 0x06d6..=0x06ed | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff)
}

/// Letters that no decomposition takes apart, as people without them on their keyboard type them; signs inside a word that
/// people leave out.
fn spelled_out(character: char) -> Option<&'static str> {
    Some(match character {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'ħ' => "h",
        'ı' => "i",
        'ə' => "e",
        'ŋ' => "n",
        'ŧ' => "t",
        'أ' | 'إ' | 'آ' | 'ٱ' => "ا",
        'ى' => "ي",
        'ة' => "ه",
        // Apostrophes, full stop, tatweel, and the joiners that only steer how letters are drawn.
        '\'' | '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' | '\u{b4}' | '.' | '\u{640}' | '\u{200c}' | '\u{200d}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_count_and_letters_do() {
        for (text, folded) in [
            ("Bánka Podolí", "banka podoli"),
            ("Havørn", "havorn"),
            ("Łabędź", "labedz"),
            ("Yıldıztepe BANKASI", "yildiztepe bankasi"),
            ("İş Bankası", "is bankasi"),
            ("Ipê-Roxo", "ipe roxo"),
            ("Tarn & Fell", "tarn fell"),
            ("  St. Mary’s -- Bank  ", "st marys bank"),
            ("Straße", "strasse"),
            ("Þjóð Æ Œ Đ Ŧ ŋ Ħ ə", "thjod ae oe d t n h e"),
            ("Сбербанк Ёлка", "сбербанк елка"),
            ("Εθνική", "εθνικη"),
            ("بَنْكُ الغَافَةِ", "بنك الغافه"),
            ("أحمد إلى ٱ", "احمد الي ا"),
            ("ﾐﾂｲ", "ミツイ"),
            ("Ｈａｖ①", "hav1"),
            ("ガス", "ガス"),
            ("हिन्दी", "हिन्दी"),
            ("한국은행", "한국은행"),
            ("蛍火銀行", "蛍火銀行"),
            ("!!! — …", ""),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
            assert_eq!(fold(folded), folded, "folding twice is folding once: {text}");
        }
    }
}

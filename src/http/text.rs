//! Words: other people's names made safe to read, sizes, codes as people type them, and the names of countries.

/// The longest name that is shown, in characters.
const NAME_LENGTH_MAX: usize = 100;

/// Somebody else's name as it is shown: no control characters, nothing that turns or hides text, not endless.
///
/// A name that is written from right to left is isolated, so that it cannot rearrange the sentence around it.
#[must_use]
pub fn plain_name(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut shown = 0;
    let mut marks = 0;
    for character in name.chars() {
        if character.is_whitespace() {
            if !plain.ends_with(' ') && !plain.is_empty() {
                plain.push(' ');
            }
            continue;
        }
        if character.is_control() || is_invisible(character) {
            continue;
        }
        marks = if is_mark(character) { marks + 1 } else { 0 };
        if marks > 2 {
            continue;
        }
        if shown == NAME_LENGTH_MAX {
            plain.push('…');
            break;
        }
        shown += 1;
        plain.push(character);
    }
    let plain = plain.trim_end();
    if plain.chars().any(is_right_to_left) {
        format!("\u{2068}{plain}\u{2069}")
    } else {
        plain.to_owned()
    }
}

/// A number that is the same for the same text: which colours it gets, under which name a file is served (FNV-1a).
#[must_use]
pub const fn digest(bytes: &[u8]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut index = 0;
    while index < bytes.len() {
        hash ^= bytes[index] as u64;
        hash = hash.wrapping_mul(0x0100_0000_01b3);
        index += 1;
    }
    hash
}

/// A size in words.
#[must_use]
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// "1 minute", "2 minutes".
#[must_use]
pub fn counted(count: i64, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

/// A code as it was meant: without the spaces and hyphens people put in, digits of every script as ASCII.
#[must_use]
pub fn typed_code(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace() && !is_hyphen(*character) && !is_invisible(*character))
        .map(ascii_digit)
        .collect()
}

fn is_hyphen(character: char) -> bool {
    matches!(
        character,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}'
    )
}

fn ascii_digit(character: char) -> char {
    let value = u32::from(character);
    ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&value))
        .and_then(|zero| char::from_digit(value - zero, 10))
        .unwrap_or(character)
}

/// The zeros of the decimal digits in use outside ASCII (Unicode `Nd`): Arabic, Persian, N'Ko, the scripts of India,
/// Thai, Lao, Tibetan, Burmese, Khmer, Mongolian, full width.
const ZEROS: [u32; 19] = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0,
    0x0f20, 0x1040, 0x17e0, 0x1810, 0xff10,
];

/// Characters that are not seen themselves and change how others are: zero width, direction, tags, fillers.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{115f}' | '\u{1160}' | '\u{3164}'
            | '\u{ffa0}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}'
    )
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// The English name of a country (ISO 3166-1), or its code if it has none here.
#[must_use]
pub fn country(code: &str) -> &str {
    COUNTRIES
        .split('|')
        .find_map(|entry| entry.strip_prefix(code)?.strip_prefix(' '))
        .unwrap_or(code)
}

const COUNTRIES: &str = "AD Andorra|AE United Arab Emirates|AF Afghanistan|AG Antigua and Barbuda|AI Anguilla|AL Albania|\
AM Armenia|AO Angola|AQ Antarctica|AR Argentina|AS American Samoa|AT Austria|AU Australia|AW Aruba|AX Åland Islands|\
AZ Azerbaijan|BA Bosnia and Herzegovina|BB Barbados|BD Bangladesh|BE Belgium|BF Burkina Faso|BG Bulgaria|BH Bahrain|\
BI Burundi|BJ Benin|BL Saint Barthélemy|BM Bermuda|BN Brunei|BO Bolivia|BQ Caribbean Netherlands|BR Brazil|BS Bahamas|\
BT Bhutan|BW Botswana|BY Belarus|BZ Belize|CA Canada|CC Cocos (Keeling) Islands|CD Congo (Kinshasa)|\
CF Central African Republic|CG Congo (Brazzaville)|CH Switzerland|CI Côte d’Ivoire|CK Cook Islands|CL Chile|CM Cameroon|\
CN China|CO Colombia|CR Costa Rica|CU Cuba|CV Cabo Verde|CW Curaçao|CX Christmas Island|CY Cyprus|CZ Czechia|DE Germany|\
DJ Djibouti|DK Denmark|DM Dominica|DO Dominican Republic|DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|EH Western Sahara|\
ER Eritrea|ES Spain|ET Ethiopia|FI Finland|FJ Fiji|FK Falkland Islands|FM Micronesia|FO Faroe Islands|FR France|GA Gabon|\
GB United Kingdom|GD Grenada|GE Georgia|GF French Guiana|GG Guernsey|GH Ghana|GI Gibraltar|GL Greenland|GM Gambia|\
GN Guinea|GP Guadeloupe|GQ Equatorial Guinea|GR Greece|GT Guatemala|GU Guam|GW Guinea-Bissau|GY Guyana|HK Hong Kong|\
HN Honduras|HR Croatia|HT Haiti|HU Hungary|ID Indonesia|IE Ireland|IL Israel|IM Isle of Man|IN India|IQ Iraq|IR Iran|\
IS Iceland|IT Italy|JE Jersey|JM Jamaica|JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia|KI Kiribati|KM Comoros|\
KN Saint Kitts and Nevis|KP North Korea|KR South Korea|KW Kuwait|KY Cayman Islands|KZ Kazakhstan|LA Laos|LB Lebanon|\
LC Saint Lucia|LI Liechtenstein|LK Sri Lanka|LR Liberia|LS Lesotho|LT Lithuania|LU Luxembourg|LV Latvia|LY Libya|\
MA Morocco|MC Monaco|MD Moldova|ME Montenegro|MF Saint Martin|MG Madagascar|MH Marshall Islands|MK North Macedonia|\
ML Mali|MM Myanmar|MN Mongolia|MO Macao|MP Northern Mariana Islands|MQ Martinique|MR Mauritania|MS Montserrat|MT Malta|\
MU Mauritius|MV Maldives|MW Malawi|MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia|NC New Caledonia|NE Niger|\
NF Norfolk Island|NG Nigeria|NI Nicaragua|NL Netherlands|NO Norway|NP Nepal|NR Nauru|NU Niue|NZ New Zealand|OM Oman|\
PA Panama|PE Peru|PF French Polynesia|PG Papua New Guinea|PH Philippines|PK Pakistan|PL Poland|\
PM Saint Pierre and Miquelon|PN Pitcairn|PR Puerto Rico|PS Palestine|PT Portugal|PW Palau|PY Paraguay|QA Qatar|\
RE Réunion|RO Romania|RS Serbia|RU Russia|RW Rwanda|SA Saudi Arabia|SB Solomon Islands|SC Seychelles|SD Sudan|SE Sweden|\
SG Singapore|SH Saint Helena|SI Slovenia|SJ Svalbard and Jan Mayen|SK Slovakia|SL Sierra Leone|SM San Marino|SN Senegal|\
SO Somalia|SR Suriname|SS South Sudan|ST São Tomé and Príncipe|SV El Salvador|SX Sint Maarten|SY Syria|SZ Eswatini|\
TC Turks and Caicos Islands|TD Chad|TG Togo|TH Thailand|TJ Tajikistan|TK Tokelau|TL Timor-Leste|TM Turkmenistan|\
TN Tunisia|TO Tonga|TR Türkiye|TT Trinidad and Tobago|TV Tuvalu|TW Taiwan|TZ Tanzania|UA Ukraine|UG Uganda|\
US United States|UY Uruguay|UZ Uzbekistan|VA Vatican City|VC Saint Vincent and the Grenadines|VE Venezuela|\
VG British Virgin Islands|VI U.S. Virgin Islands|VN Vietnam|VU Vanuatu|WF Wallis and Futuna|WS Samoa|XK Kosovo|YE Yemen|\
YT Mayotte|ZA South Africa|ZM Zambia|ZW Zimbabwe";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_cannot_play_with_the_sentence() {
        for (name, shown) in [
            ("Havørn Bank", "Havørn Bank"),
            ("  Havørn \n\t Bank ", "Havørn Bank"),
            ("evil\u{202e}knab", "evilknab"),
            ("a\u{200b}b\u{feff}c\u{ad}d", "abcd"),
            ("nul\0bell\u{7}", "nulbell"),
            ("بنك الغافة", "\u{2068}بنك الغافة\u{2069}"),
            ("蛍火銀行", "蛍火銀行"),
            ("e\u{301}\u{302}\u{303}\u{304}x", "e\u{301}\u{302}x"),
            ("", ""),
        ] {
            assert_eq!(plain_name(name), shown);
        }
        let long = plain_name(&"ab ".repeat(5_000));
        assert!(long.chars().filter(|c| !c.is_whitespace()).count() == 101 && long.ends_with('…'));
        assert!(
            plain_name(&"<script>".repeat(2)).contains("<script>"),
            "escaping is the template's"
        );
    }

    #[test]
    fn codes_are_read_as_they_are_meant() {
        for text in [
            "123456",
            " 123 456 ",
            "123-456",
            "12–34–56",
            "１２３４５６",
            "١٢٣٤٥٦",
            "۱۲۳۴۵۶",
            "१२३४५६",
        ] {
            assert_eq!(typed_code(text), "123456", "{text}");
        }
        assert_eq!(typed_code("ab 12"), "ab12");
    }

    #[test]
    fn small_words() {
        assert_eq!(
            [999, 1_000, 84_213, 1_250_000].map(size),
            ["999 bytes", "1 kB", "85 kB", "1.2 MB"]
        );
        assert_eq!(
            [0, 1, 2].map(|n| counted(n, "minute")),
            ["0 minutes", "1 minute", "2 minutes"]
        );
        assert_eq!(
            [country("NO"), country("TR"), country("ZZ")],
            ["Norway", "Türkiye", "ZZ"]
        );
        assert_eq!(COUNTRIES.split('|').count(), 244);
    }
}

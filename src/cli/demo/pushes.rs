//! The banks of a run in the wire profiles: nothing but its address says which bank a pushed card is of.

use crate::sim::catalogue::ISSUERS;

/// What stands before the port in an address of ours.
const LOOPBACK: &str = "http://127.0.0.1:";
/// The field of the wire profiles.
const FIELD: &str = "push_callbacks";
/// The field of a bank's name, for an identity that has no list of banks.
const NAME: &str = "push_name";

/// The text of a file of wire profiles with the address and the name of every bank that has none there, and with the port of this run in
/// those of earlier ones. All else stays as it is.
pub(super) fn with_banks(text: &str, bank_base: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(|line| with_port(line, bank_base)).collect();
    for issuer in ISSUERS {
        let name = format!("{NAME} = \"{}\"", issuer.name);
        let entry = format!("{FIELD} = [\"{bank_base}/banks/{}/pushed\"]", issuer.id);
        let section = format!("[issuer.{}]", issuer.id);
        match lines.iter().position(|line| line.trim() == section) {
            None => lines.extend([String::new(), section, entry, name]),
            Some(at) => {
                let end = lines[at + 1..].iter().position(|line| line.starts_with('['));
                let mut end = end.map_or(lines.len(), |length| at + 1 + length);
                for (field, entry) in [(NAME, name), (FIELD, entry)] {
                    if !lines[at..end].iter().any(|line| line.starts_with(field)) {
                        lines.insert(at + 1, entry);
                        end += 1;
                    }
                }
            }
        }
    }
    lines.join("\n") + "\n"
}

fn with_port(line: &str, bank_base: &str) -> String {
    let Some((before, rest)) = line.split_once(LOOPBACK).filter(|_| line.starts_with(FIELD)) else {
        return line.to_owned();
    };
    let after = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    format!("{before}{bank_base}{after}")
}

#[cfg(test)]
mod tests {
    use super::with_banks;
    use crate::config::profiles::parse;

    #[test]
    fn every_bank_has_its_address_at_this_runs_port() {
        let text = "# Mine.\n[issuer.yildiztepe-tr]\ncode = \"required\"\n";
        let first = with_banks(text, "http://127.0.0.1:8082");
        assert!(
            first.starts_with("# Mine.\n[issuer.yildiztepe-tr]\npush_callbacks = "),
            "{first}"
        );
        assert!(first.contains("code = \"required\""));
        let read = parse(&first, "profiles.toml").expect("profiles");
        assert_eq!(read.profiles.issuers.len(), 12);
        assert!(
            read.profiles
                .issuers
                .values()
                .all(|bank| bank.push.callbacks.len() == 1)
        );
        let listed = "[issuer.havorn-no]\npush_callbacks = [\"https://bank.example\"]\n";
        let named = with_banks(listed, "http://127.0.0.1:8082");
        parse(&named, "profiles.toml").expect("what stands there already is not put there again");
        let again = with_banks(&first, "http://127.0.0.1:9092");
        assert_eq!(again, first.replace(":8082/", ":9092/"));
        assert_eq!(with_banks(&again, "http://127.0.0.1:9092"), again);
    }
}

//! `tidemark verify`: push account data against a key set.

use std::io::{BufRead as _, Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::mdes::jws::{self, KeySet, TOKEN_LENGTH_MAX};

pub(super) fn run(files: &[PathBuf]) -> ExitCode {
    let keys = match read_keys(files) {
        Ok(keys) => keys,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(super::USAGE);
        }
    };
    let mut all_valid = true;
    let mut input = std::io::stdin().lock();
    let mut out = std::io::stdout().lock();
    loop {
        let line = match next_line(&mut input) {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(error) => {
                eprintln!("standard input: {error}");
                return ExitCode::from(super::USAGE);
            }
        };
        let verdict = jws::verdict(&keys, &line);
        all_valid &= verdict["valid"] == true;
        if writeln!(out, "{verdict}").is_err() {
            break;
        }
    }
    if all_valid {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn read_keys(files: &[PathBuf]) -> Result<KeySet, String> {
    let mut keys = KeySet::default();
    for path in files {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        keys.add_file(&stem, &bytes)
            .map_err(|fault| format!("{}: {fault}", path.display()))?;
    }
    Ok(keys)
}

/// One line without its end, empty lines passed over. Of a line that is too long for any token only as much is kept as
/// shows that.
fn next_line(input: &mut impl std::io::BufRead) -> std::io::Result<Option<String>> {
    loop {
        let mut line = Vec::new();
        let kept = u64::try_from(TOKEN_LENGTH_MAX).unwrap_or(u64::MAX) + 2;
        let read = input.by_ref().take(kept).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        if line.last() != Some(&b'\n') {
            skip_line(input)?;
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']);
        if !text.is_empty() {
            return Ok(Some(text.to_owned()));
        }
    }
}

fn skip_line(input: &mut impl std::io::BufRead) -> std::io::Result<()> {
    loop {
        let buffered = input.fill_buf()?;
        let length = buffered.len();
        match buffered.iter().position(|byte| *byte == b'\n') {
            Some(at) => {
                input.consume(at + 1);
                return Ok(());
            }
            None if length == 0 => return Ok(()),
            None => input.consume(length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded_and_empty_ones_passed_over() {
        let long = "x".repeat(TOKEN_LENGTH_MAX * 3);
        let text = format!("a\r\n\n{long}\nb");
        let mut input = std::io::BufReader::with_capacity(16, text.as_bytes());
        assert_eq!(next_line(&mut input).expect("reads").as_deref(), Some("a"));
        let cut = next_line(&mut input).expect("reads").expect("a line");
        assert!(cut.len() > TOKEN_LENGTH_MAX && cut.len() < long.len());
        assert_eq!(next_line(&mut input).expect("reads").as_deref(), Some("b"));
        assert_eq!(next_line(&mut input).expect("reads"), None);
    }
}

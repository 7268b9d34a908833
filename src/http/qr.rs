//! The code that a phone scans: a matrix, drawn by the page's template as one path.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use crate::words::Words;

/// White modules around the code: ISO/IEC 18004 wants four, and scanners do too.
const QUIET: usize = 4;

/// A code, ready to be drawn in a square of `size` modules. It is dark on white in both themes: many scanners read
/// nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// What is in it, to be read by people too.
    pub address: String,
    /// Modules in a row, with the margin.
    pub size: usize,
    /// The dark modules, as path data: one rectangle for every run in a row.
    pub path: String,
}

impl Qr {
    /// The code of an address of ours. `None` when it is too long for a code, beyond 2,331 bytes.
    #[must_use]
    pub fn of(address: String) -> Option<Self> {
        let code = QrCode::with_error_correction_level(&address, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&Color::Dark) {
                    let length = run.len();
                    let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET);
                }
                x += run.len();
            }
        }
        Some(Self {
            address,
            size: width + 2 * QUIET,
            path,
        })
    }

    /// The sentence around the address.
    #[must_use]
    pub fn around_address(&self, words: &Words) -> (String, String) {
        Words::around(|address| words.launch_phone_copy(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_a_margin() {
        let qr = Qr::of("https://wallet.example/issuers/havorn-no".to_owned()).expect("a short address");
        assert_eq!(qr.size, 29 + 8, "version 3 holds 42 bytes");
        // The first row: seven dark modules of a finder pattern at each end.
        assert!(qr.path.starts_with("M4 4h7v1h-7z"));
        assert!(qr.path.contains("M26 4h7v1h-7z"));
        assert!(qr.path.contains("M4 32h7v1h-7z"));
        let outside = |run: &str| run.starts_with("0 ") || run.contains(" 33h") || run.contains(" 3h");
        assert!(!qr.path.split('M').any(outside));
        assert_eq!(Qr::of("x".repeat(3_000)), None);
    }
}

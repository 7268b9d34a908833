//! The terms that a cardholder accepts, in the forms in which real banks deliver them.

use super::{Issuer, TermsForm};

/// A document as an asset carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// `text/plain`, `text/html` or `application/pdf`.
    pub media_type: &'static str,
    /// BCP 47 tag of the text.
    pub language: &'static str,
    /// The bytes; UTF-8 when it is text.
    pub data: Vec<u8>,
}

impl Issuer {
    /// The terms of this bank.
    #[must_use]
    pub fn terms(&self) -> Document {
        match self.terms_form {
            TermsForm::Plain => document("text/plain", "en", plain(self.name).into_bytes()),
            TermsForm::PlainFrench => document("text/plain", "fr", plain_french(self.name).into_bytes()),
            TermsForm::Html => document("text/html", "en", html(self.name).into_bytes()),
            TermsForm::Pdf => document("application/pdf", "en", pdf(self.latin_name())),
        }
    }
}

fn document(media_type: &'static str, language: &'static str, data: Vec<u8>) -> Document {
    Document {
        media_type,
        language,
        data,
    }
}

fn plain(name: &str) -> String {
    format!(
        "{name}: terms for cards in digital wallets\n\n{}\n",
        CLAUSES.join("\n\n")
    )
}

fn plain_french(name: &str) -> String {
    format!(
        "{name} : conditions d’utilisation de votre carte dans un portefeuille numérique\n\n\
         1. Cette banque est imaginaire. Rien de ce que vous acceptez ici n’a d’effet hors de cette démonstration.\n\n\
         2. Nous remettons au portefeuille un numéro de carte numérique, créé pour lui seul. Votre numéro de carte, \
         votre solde et votre mot de passe ne lui sont pas communiqués.\n\n\
         3. Vous pouvez retirer la carte du portefeuille à tout moment. Votre carte en plastique reste valable.\n\n\
         4. Prévenez-nous sans attendre si vous perdez l’appareil sur lequel se trouve le portefeuille.\n"
    )
}

fn html(name: &str) -> String {
    let items: String = CLAUSES
        .iter()
        .map(|clause| format!("<li>{}</li>\n", &clause[3..]))
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Terms</title></head>\n<body>\n\
         <h1>{name}: terms for cards in digital wallets</h1>\n<ol>\n{items}</ol>\n</body>\n</html>\n"
    )
}

/// One page of Helvetica: the smallest file that every reader opens.
fn pdf(name: &str) -> Vec<u8> {
    let mut text = format!(
        "BT /F1 14 Tf 56 780 Td 16 TL ({}: terms for cards in digital wallets) Tj /F1 10 Tf",
        pdf_text(name)
    );
    for clause in CLAUSES {
        text.push_str(" T*");
        for line in wrap(clause, PDF_LINE_CHARS) {
            text.push_str(&format!(" T* ({}) Tj", pdf_text(&line)));
        }
    }
    text.push_str(" ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (en) >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let table = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1));
    for offset in offsets {
        file.push_str(&format!("{offset:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    ));
    file.into_bytes()
}

/// Text for a PDF string: ASCII only, with its three special characters escaped.
fn pdf_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '(' | ')' | '\\' => out.extend(['\\', character]),
            '’' => out.push('\''),
            ' '..='~' => out.push(character),
            _ => out.push('?'),
        }
    }
    out
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        if lines
            .last()
            .is_some_and(|line| !line.is_empty() && line.len() + 1 + word.len() > width)
        {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

const CLAUSES: [&str; 4] = [
    "1. This bank is made up. Nothing that you accept here has any effect outside this demonstration.",
    "2. We give the wallet a digital card number that was made for it alone. It does not get your card number, \
     your balance or your password.",
    "3. You can remove the card from the wallet at any time. Your plastic card stays valid.",
    "4. Tell us without delay when you lose the device that holds the wallet.",
];
const PDF_LINE_CHARS: usize = 92;

#[cfg(test)]
mod tests {
    use crate::sim::catalogue::{ISSUERS, issuer};

    #[test]
    fn three_media_types_are_represented_and_all_are_small() {
        let types: Vec<&str> = ISSUERS.iter().map(|issuer| issuer.terms().media_type).collect();
        for wanted in ["text/plain", "text/html", "application/pdf"] {
            assert!(types.contains(&wanted), "{wanted}");
        }
        assert!(
            ISSUERS
                .iter()
                .all(|issuer| (200..8_192).contains(&issuer.terms().data.len()))
        );
        assert_eq!(issuer("mirabelle-fr").unwrap().terms().language, "fr");
    }

    #[test]
    fn the_cross_reference_table_of_the_pdf_points_at_its_objects() {
        let file = String::from_utf8(issuer("silbertann-de").unwrap().terms().data).unwrap();
        let start: usize = file
            .rsplit("startxref\n")
            .next()
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!(file[start..].starts_with("xref\n0 6\n"));
        for (n, line) in file[start..].lines().skip(3).take(5).enumerate() {
            assert_eq!(line.len(), 19, "20 bytes with the line end");
            let offset: usize = line[..10].parse().unwrap();
            assert!(file[offset..].starts_with(&format!("{} 0 obj\n", n + 1)));
        }
        let (head, rest) = file.split_once("stream\n").unwrap();
        let length: usize = head
            .rsplit("/Length ")
            .next()
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        assert!(rest[length..].starts_with("\nendstream"));
    }
}

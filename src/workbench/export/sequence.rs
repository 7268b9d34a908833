//! The flow as a `sequenceDiagram` of Mermaid, for issues and documentation.

use crate::workbench::message::{Kind, Participant};
use crate::workbench::report::{Report, Row, Tone};
use crate::workbench::text::flat;

/// The name of a participant in the diagram.
fn id(participant: Participant) -> &'static str {
    match participant {
        Participant::Browser => "B",
        Participant::Wallet => "W",
        Participant::Mdes => "M",
        Participant::Processor => "P",
        Participant::IssuerApi => "A",
        Participant::IssuerSite => "S",
    }
}

/// The diagram, one line a message and one an answer.
#[must_use]
pub fn of(report: &Report) -> String {
    let mut text = "sequenceDiagram\n".to_owned();
    for participant in report.lanes().participants() {
        text.push_str(&format!(
            "    participant {} as {}\n",
            id(participant),
            participant.name()
        ));
    }
    for row in &report.rows {
        if let Some(pause) = &row.pause {
            text.push_str(&format!("    Note over B,S: {pause} later\n"));
        }
        lines(&mut text, row);
    }
    let wrong = report.judgement.verdicts.iter();
    for verdict in wrong {
        let words = plain(&format!(
            "{}: {} (message {})",
            verdict.entry.id, verdict.entry.sentence, verdict.message
        ));
        text.push_str(&format!("    Note over B,S: {words}\n"));
    }
    text
}

fn lines(text: &mut String, row: &Row) {
    let (from, to) = (id(row.from), id(row.to));
    let label = plain(&format!("{}. {}", row.number, row.label));
    let result = plain(&row.result);
    if row.from == row.to {
        let arrow = if row.tone == Tone::Bad { "-x" } else { "->>" };
        text.push_str(&format!("    {from}{arrow}{to}: {label}. {result}\n"));
        return;
    }
    let is_lost = row.tone == Tone::Bad && row.strip.dashed.is_empty();
    let arrow = if is_lost { "-x" } else { "->>" };
    text.push_str(&format!("    {from}{arrow}{to}: {label}\n"));
    if row.kind != Kind::Redirect && !row.strip.dashed.is_empty() {
        let arrow = if row.tone == Tone::Bad { "--x" } else { "-->>" };
        text.push_str(&format!("    {to}{arrow}{from}: {result}\n"));
    }
}

/// Without what means something to Mermaid: `#` begins an entity, `;` ends a line, and `end` closes a block.
fn plain(text: &str) -> String {
    let text = flat(text);
    let kept = text.chars().map(|c| match c {
        '#' | ';' | '<' | '>' | '%' => ' ',
        '{' => '(',
        '}' => ')',
        c if c.is_control() => ' ',
        c => c,
    });
    kept.collect::<String>().trim().to_owned()
}

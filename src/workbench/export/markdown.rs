//! The flow as a report in Markdown: what is wrong, what passed, and every message in a table.

use crate::workbench::report::{Report, seconds, time_of_day};
use crate::workbench::steps::{Seen, Steps};
use crate::workbench::text::{flat, messages};
use crate::workbench::verdict::Verdict;

/// The report.
#[must_use]
pub fn of(report: &Report) -> String {
    let attempt = report.attempt.as_ref();
    let mut text = format!("# {}\n\n", cell(report.name()));
    let mut fact = |name: &str, value: &str| text.push_str(&format!("- {name}: {}\n", cell(value)));
    if let Some(attempt) = attempt {
        fact("Issuer", attempt.issuer.as_deref().unwrap_or("not known"));
        fact("State", attempt.state.as_deref().unwrap_or("not known"));
        fact("Started", &time_of_day(attempt.started_at_ms));
    }
    fact("Took", &seconds(report.took_ms()));
    let program = concat!("Tidemark ", env!("CARGO_PKG_VERSION"));
    if attempt.is_some_and(|attempt| attempt.loaded.is_some()) {
        fact("Loaded from a file by", program);
    } else {
        fact("Recorded by", &format!("{program}, against its simulators"));
    }
    text.push_str(&format!("\n## {}\n", report.headline()));
    for verdict in &report.judgement.verdicts {
        text.push_str(&said(verdict));
    }
    text.push_str(
        "\n## Messages\n\n| No. | From | To | What | Result | ms |\n| ---: | --- | --- | --- | --- | ---: |\n",
    );
    for row in &report.rows {
        let ms = row.ms.map_or_else(String::new, |ms| ms.to_string());
        let tries = row
            .tries
            .map_or_else(String::new, |(at, of)| format!(" (try {at} of {of})"));
        text.push_str(&format!(
            "| {} | {} | {} | {}{tries} | {} | {ms} |\n",
            row.number,
            row.from.name(),
            row.to.name(),
            cell(&row.label),
            cell(&row.result),
        ));
    }
    if let Some(steps) = &report.steps {
        text.push_str(&table_of(steps));
    }
    text.push_str("\n## Checks passed\n\n");
    for passed in &report.judgement.passed {
        text.push_str(&format!("- {passed}\n"));
    }
    text
}

/// The steps of a push in a table.
fn table_of(steps: &Steps) -> String {
    let mut text = "\n## Steps of the push\n\n| Step | Who | What | Message |\n| ---: | --- | --- | --- |\n".to_owned();
    for (step, seen) in &steps.all {
        let seen = match seen {
            Seen::In(message) => format!("{}, {}", message.number, cell(&message.label)),
            Seen::LeftOut(why) => format!("Left out. {why}"),
            Seen::NotYet => "Not yet.".to_owned(),
        };
        let way = step.way(steps.has_processor);
        text.push_str(&format!("| {} | {way} | {} | {seen} |\n", step.number, step.what));
    }
    text
}

fn said(verdict: &Verdict) -> String {
    let mut text = format!("\n### {}. {}\n\n", verdict.entry.id, verdict.entry.sentence);
    text.push_str(&format!("Message {}, {}.\n\n", verdict.message, cell(&verdict.place)));
    text.push_str(&format!("{}\n\n", line(&verdict.comparison())));
    if let Some(first) = verdict.likely.first() {
        text.push_str(&format!("Likely: {}\n", line(first)));
    }
    text.push_str(&format!("\nChange: {}\n", line(&verdict.change)));
    if !verdict.compare.is_empty() {
        text.push_str(&format!("\nCompare with {}.\n", messages(&verdict.compare)));
    }
    if !verdict.also.is_empty() {
        text.push_str(&format!("\nAlso true of {}.\n", messages(&verdict.also)));
    }
    text
}

/// In one line, whatever it holds; names of fields keep their backquotes.
fn line(text: &str) -> String {
    let text = flat(text).replace(['\n', '\r'], " ");
    // A picture or a link of somebody else's would be fetched, and `@team` called, wherever the report is pasted.
    text.replace('<', "&lt;").replace("](", "]\\(").replace('@', "&#64;")
}

/// The same for a cell of a table, where nothing is markup.
fn cell(text: &str) -> String {
    line(text)
        .replace('|', "\\|")
        .replace('`', "'")
        .replace('*', "\\*")
        .replace('[', "\\[")
}

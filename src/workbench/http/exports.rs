//! A flow as a file.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::Workbench;
use super::pages::{NO_ATTEMPT, Named, missing, number};
use crate::workbench::export::{diagram, har, markdown, sequence, walk};
use crate::workbench::replay;

/// `GET /attempts/{n}/export/{file}`.
pub(super) async fn export(State(workbench): State<Workbench>, named: Named<(String, String)>) -> Response {
    let found = named.ok().and_then(|Path((attempt, file))| {
        let number = number(&attempt)?;
        Some((number, workbench.report(number)?, file))
    });
    let Some((number, report, file)) = found else {
        return missing(NO_ATTEMPT);
    };
    let (media_type, text) = match file.as_str() {
        "har.json" => ("application/json", har::of(&report).to_string()),
        "sequence.mmd" => ("text/plain; charset=utf-8", sequence::of(&report)),
        "report.md" => ("text/plain; charset=utf-8", markdown::of(&report)),
        "steps.md" => match walk::of(&report) {
            Some(text) => ("text/plain; charset=utf-8", text),
            None => return missing("Only a push has these steps."),
        },
        "diagram.svg" => ("image/svg+xml", diagram::of(&report)),
        "replay.json" => match replay::write(
            &workbench.journal,
            number,
            &workbench.right_for(report.attempt.as_ref()),
        ) {
            Some(file) => ("application/json", file),
            None => return missing("What belongs to no attempt cannot be replayed."),
        },
        _ => return missing("There is no such export; each attempt's page lists them."),
    };
    let disposition = match file.as_str() {
        // Shown, so that it can be read and copied without a script.
        "report.md" | "steps.md" | "sequence.mmd" | "diagram.svg" => "inline".to_owned(),
        file => format!("attachment; filename=\"attempt-{number}-{file}\""),
    };
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, text).into_response()
}

//! The one template of everything that fails: what happened, what it means, what can be done, what to quote.

use askama::Template;
use axum::response::Response;

use crate::words::Words;

use super::super::frame::{Frame, Strip, show};
use super::super::guard::Visit;
use super::super::headers::Face;
use super::super::outcome::Line;
use super::{Action, Problem};

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    frame: Frame,
    strip: Option<Strip>,
    heading: String,
    detail: String,
    advice: Vec<String>,
    actions: Vec<Action>,
    lines: Vec<Line>,
    /// The page of another site that the cardholder came from, and what the link there says.
    way_back: Option<(String, String)>,
    /// What stands before it, the reference, and what stands after it.
    reference: (String, String, String),
}

/// A problem as a page.
pub(in crate::http) fn problem(visit: &Visit, problem: &Problem) -> Response {
    let frame = framed(visit, problem);
    faced(visit, problem, frame, None)
}

/// A return that was refused, as a page. It has the script, which takes the receipt out of the address.
pub(in crate::http) fn refused_return(visit: &Visit, problem: &Problem) -> Response {
    let frame = framed(visit, problem).scripted(visit);
    faced(visit, problem, frame, Some(visit.nonce.clone()))
}

fn framed(visit: &Visit, problem: &Problem) -> Frame {
    Frame::new(visit, visit.words.say(&problem.title), "error").failing(problem.code)
}

fn faced(visit: &Visit, problem: &Problem, frame: Frame, nonce: Option<String>) -> Response {
    let mut response = shown(problem, frame, (None, None), Vec::new(), visit.reference.clone());
    response.extensions_mut().insert(Face::Problem { nonce });
    response
}

/// How an attempt ended, on its own page: with its issuer, its reference, and what became of each of several cards.
pub(in crate::http) fn shown(
    problem: &Problem,
    frame: Frame,
    (strip, way_back): (Option<Strip>, Option<(String, String)>),
    lines: Vec<Line>,
    reference: String,
) -> Response {
    let say = |said| frame.t.say(said);
    let (before, after) = Words::around(|place| frame.t.reference_line(place));
    let page = FailurePage {
        heading: say(&problem.title),
        detail: say(&problem.detail),
        advice: problem.advice.iter().map(say).collect(),
        actions: problem
            .actions
            .iter()
            .map(|onward| Action::new(say(&onward.label), onward.href.clone()))
            .collect(),
        strip,
        lines,
        way_back,
        reference: (before, reference, after),
        frame,
    };
    show(problem.status, &page.frame, &page)
}

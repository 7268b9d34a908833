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
    reference: Reference,
}

/// What to quote to support, and what stands around it.
pub(in crate::http) struct Reference {
    pub(in crate::http) value: String,
    pub(in crate::http) around: (String, String),
}

impl Reference {
    /// The line of a reference.
    pub(in crate::http) fn of(t: &Words, value: String) -> Self {
        let around = Words::around(|place| t.reference_line(place));
        Self { value, around }
    }
}

/// A problem as a page.
pub(in crate::http) fn problem(visit: &Visit, problem: &Problem) -> Response {
    faced(visit, problem, framed(visit, problem))
}

/// A return that was refused, as a page. It has the script, which takes the receipt out of the address.
pub(in crate::http) fn refused_return(visit: &Visit, problem: &Problem) -> Response {
    faced(visit, problem, framed(visit, problem).scripted(visit))
}

fn framed(visit: &Visit, problem: &Problem) -> Frame {
    Frame::new(visit, visit.words.say(&problem.title), "error").failing(problem.code)
}

fn faced(visit: &Visit, problem: &Problem, frame: Frame) -> Response {
    let scripts = frame.scripts.clone();
    let mut response = shown(problem, frame, (None, None), Vec::new(), visit.reference.clone());
    response.extensions_mut().insert(Face::Problem { scripts, kept: false });
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
        reference: Reference::of(&frame.t, reference),
        frame,
    };
    show(problem.status, &page.frame, &page)
}

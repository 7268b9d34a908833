//! The diagram as one picture: the strips of the page, one below the other, in light colours.

use askama::Template;

use crate::workbench::report::{Report, Row, Tone};
use crate::workbench::strip::{STRIP_HEIGHT, STRIP_WIDTH};

/// How much larger than its box a strip is drawn, across and down.
const SCALE: (i32, i32) = (8, 2);
/// The height of a row: its words, and its strip.
const ROW: i32 = 44;
/// The height of the participants' names.
const HEAD: i32 = 40;

/// The picture.
#[derive(Template)]
#[template(path = "templates/workbench/diagram.svg", escape = "html")]
struct Diagram<'a> {
    title: String,
    height: i32,
    names: Vec<(i32, &'static str)>,
    rows: Vec<Placed<'a>>,
}

struct Placed<'a> {
    row: &'a Row,
    y: i32,
}

impl Placed<'_> {
    fn words(&self) -> String {
        let pause = self
            .row
            .pause
            .as_ref()
            .map_or_else(String::new, |pause| format!(" ({pause} later)"));
        format!("{}{pause}", self.row.sentence())
    }
}

/// Draws it.
#[must_use]
pub fn of(report: &Report) -> String {
    let rows = report.rows.iter().zip(0..);
    let lanes = report.lanes();
    let names = lanes.participants().map(|one| (lanes.at(one) * SCALE.0, one.name()));
    let count = i32::try_from(report.rows.len()).unwrap_or(i32::MAX / ROW / 2);
    let diagram = Diagram {
        title: format!("{}: {}", report.name(), report.headline()),
        height: HEAD + ROW * count + STRIP_HEIGHT,
        names: names.collect(),
        rows: rows
            .map(|(row, at)| Placed {
                row,
                y: HEAD + ROW * at,
            })
            .collect(),
    };
    diagram.render().unwrap_or_default()
}

//! Logos and card art, drawn from the mark and the two colours of each bank.

use std::collections::HashMap;
use std::f64::consts::TAU;
use std::fmt::Write as _;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::{Issuer, Product, png};

/// A line drawing in two colours, square.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// What is behind the line, as `#rrggbb`.
    pub background: &'static str,
    /// The line, as `#rrggbb`.
    pub stroke: &'static str,
    /// An SVG path in a square of 44.
    pub path: &'static str,
}

impl Mark {
    /// As SVG.
    #[must_use]
    pub fn svg(&self) -> String {
        format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" width="192" height="192" viewBox="0 0 44 44">"#,
                r#"<rect width="44" height="44" fill="{background}"/>"#,
                r#"<path d="{mark}" fill="none" stroke="{stroke}" stroke-width="3" "#,
                r#"stroke-linecap="round" stroke-linejoin="round"/></svg>"#
            ),
            background = self.background,
            stroke = self.stroke,
            mark = self.path,
        )
    }

    /// As PNG of 192 x 192 pixels, drawn once in a process: a bank's logo is asked for over and over.
    #[must_use]
    pub fn png(&self) -> Vec<u8> {
        static DRAWN: LazyLock<Mutex<HashMap<Mark, Vec<u8>>>> = LazyLock::new(Mutex::default);
        let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
        drawn.entry(*self).or_insert_with(|| self.draw()).clone()
    }

    fn draw(&self) -> Vec<u8> {
        let (from, to) = (rgb(self.background), rgb(self.stroke));
        let palette = std::array::from_fn(|step| std::array::from_fn(|channel| mix(from[channel], to[channel], step)));
        png::encode(LOGO_PX, LOGO_PX, &palette, &stroke_coverage(&flatten(self.path)))
    }
}

impl Issuer {
    fn logo(&self) -> Mark {
        Mark {
            background: self.background,
            stroke: self.stroke,
            path: self.mark,
        }
    }

    /// The logo as SVG, square.
    #[must_use]
    pub fn logo_svg(&self) -> String {
        self.logo().svg()
    }

    /// The same logo as PNG of 192 x 192 pixels.
    #[must_use]
    pub fn logo_png(&self) -> Vec<u8> {
        self.logo().png()
    }

    /// Card art for a product: depth contours in the bank's two colours and its mark. 1536 x 969 pixels, the size
    /// MDES asks for. No chip and no scheme mark.
    #[must_use]
    pub fn card_art_svg(&self, product: &Product) -> String {
        let letters = product.id.bytes().chain(self.id.bytes());
        let seed = letters.map(usize::from).sum::<usize>();
        // Each product has its own centre, so that two cards of one bank can be told apart.
        let place = self.products().iter().position(|other| other.id == product.id);
        let centre = CENTRES[place.unwrap_or_default() % CENTRES.len()];
        let mut art = format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" width="1536" height="969" viewBox="0 0 1536 969">"#,
                r#"<rect width="1536" height="969" fill="{background}"/>"#,
                r#"<path fill="none" stroke="{stroke}" stroke-opacity=".32" stroke-width="5" stroke-linejoin="round" d=""#
            ),
            background = self.background,
            stroke = self.stroke,
        );
        contours(&mut art, centre, 7 + seed % 5);
        let _ = write!(
            art,
            concat!(
                r#""/><path transform="translate(84 76) scale(3.6)" d="{mark}" fill="none" stroke="{stroke}" "#,
                r#"stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>"#
            ),
            mark = self.mark,
            stroke = self.stroke,
        );
        art
    }
}

/// Nine closed curves around `centre`, in a box of 171 x 108, each with `lobes` waves.
fn contours(path: &mut String, centre: Point, lobes: usize) {
    const SCALE: f64 = 1536.0 / 171.0;
    for ring in 0..9 {
        let ring = f64::from(ring);
        let point = |step: u32| {
            let angle = TAU * f64::from(step) / f64::from(CONTOUR_STEPS);
            let radius = 34.0 + 9.0 * ring + 7.0 * (lobes as f64 * angle + 0.7 * ring).sin();
            let place = |centre: f64, part: f64| ((centre + radius * part) * SCALE).round() as i64;
            (place(centre.0, angle.cos()), place(centre.1, angle.sin()))
        };
        let (mut x, mut y) = point(0);
        let _ = write!(path, "M{x} {y}l");
        for step in 1..CONTOUR_STEPS {
            let (next_x, next_y) = point(step);
            let _ = write!(path, "{} {} ", next_x - x, next_y - y);
            (x, y) = (next_x, next_y);
        }
        path.push('z');
    }
}

/// For each pixel of the logo, how much of it a stroke of width 3 covers: 0 to 15.
fn stroke_coverage(lines: &[[Point; 2]]) -> Vec<u8> {
    const SCALE: f64 = LOGO_PX as f64 / 44.0;
    const HALF_WIDTH: f64 = 1.5 * SCALE;
    let mut nearest = vec![f64::INFINITY; LOGO_PX * LOGO_PX];
    for [from, to] in lines {
        let (ax, ay, bx, by) = (from.0 * SCALE, from.1 * SCALE, to.0 * SCALE, to.1 * SCALE);
        let span = |low: f64, high: f64| {
            let first = (low.min(high) - HALF_WIDTH - 1.0).max(0.0) as usize;
            first..((low.max(high) + HALF_WIDTH + 2.0).max(0.0) as usize).min(LOGO_PX)
        };
        for row in span(ay, by) {
            for column in span(ax, bx) {
                let (px, py) = (column as f64 + 0.5, row as f64 + 0.5);
                let length = (bx - ax).powi(2) + (by - ay).powi(2);
                let along = if length == 0.0 {
                    0.0
                } else {
                    ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length
                };
                let along = along.clamp(0.0, 1.0);
                let distance = (px - ax - along * (bx - ax)).hypot(py - ay - along * (by - ay));
                let pixel = &mut nearest[row * LOGO_PX + column];
                *pixel = pixel.min(distance);
            }
        }
    }
    nearest
        .into_iter()
        .map(|distance| ((HALF_WIDTH - distance + 0.5).clamp(0.0, 1.0) * 15.0).round() as u8)
        .collect()
}

type Point = (f64, f64);

/// Path data to straight pieces. Knows the commands that the marks use: `M m L l H h V v C c S s A a Z z`, arcs of
/// circles only.
fn flatten(data: &str) -> Vec<[Point; 2]> {
    let mut pen = Pen::default();
    let mut rest = Scanner(data.as_bytes());
    let mut command = b'M';
    while let Some(letter) = rest.command_or(command) {
        let relative = letter.is_ascii_lowercase();
        let base = if relative { pen.at } else { (0.0, 0.0) };
        match letter.to_ascii_uppercase() {
            b'M' => pen.lift(rest.point(base)),
            b'L' => pen.line(rest.point(base)),
            b'H' => pen.line((base.0 + rest.number(), pen.at.1)),
            b'V' => pen.line((pen.at.0, base.1 + rest.number())),
            b'C' => pen.curve(rest.point(base), rest.point(base), rest.point(base)),
            b'S' => pen.curve(pen.mirrored(), rest.point(base), rest.point(base)),
            b'A' => {
                let radius = rest.number();
                let _ = (rest.number(), rest.number());
                let (large, sweep) = (rest.number() != 0.0, rest.number() != 0.0);
                pen.arc(radius, large, sweep, rest.point(base));
            }
            _ => pen.line(pen.start),
        }
        // A pair after a move is a line.
        command = match letter {
            b'M' => b'L',
            b'm' => b'l',
            other => other,
        };
    }
    pen.lines
}

#[derive(Default)]
struct Pen {
    start: Point,
    at: Point,
    control: Point,
    lines: Vec<[Point; 2]>,
}

impl Pen {
    fn lift(&mut self, to: Point) {
        (self.start, self.at, self.control) = (to, to, to);
    }

    fn line(&mut self, to: Point) {
        self.lines.push([self.at, to]);
        (self.at, self.control) = (to, to);
    }

    fn curve(&mut self, first: Point, second: Point, to: Point) {
        let from = self.at;
        for step in 1..=CURVE_STEPS {
            let t = f64::from(step) / f64::from(CURVE_STEPS);
            let blend = |a: f64, b: f64, c: f64, d: f64| {
                let u = 1.0 - t;
                u * u * u * a + 3.0 * u * u * t * b + 3.0 * u * t * t * c + t * t * t * d
            };
            self.line((
                blend(from.0, first.0, second.0, to.0),
                blend(from.1, first.1, second.1, to.1),
            ));
        }
        self.control = second;
    }

    fn mirrored(&self) -> Point {
        (2.0 * self.at.0 - self.control.0, 2.0 * self.at.1 - self.control.1)
    }

    /// SVG 1.1, F.6.5, for circles.
    fn arc(&mut self, radius: f64, large: bool, sweep: bool, to: Point) {
        let from = self.at;
        let (dx, dy) = ((to.0 - from.0) / 2.0, (to.1 - from.1) / 2.0);
        let half_chord = dx.hypot(dy);
        let height = (radius * radius - half_chord * half_chord).max(0.0).sqrt();
        let side = if large == sweep { -1.0 } else { 1.0 };
        let centre = (
            from.0 + dx - side * height * dy / half_chord,
            from.1 + dy + side * height * dx / half_chord,
        );
        let start = (from.1 - centre.1).atan2(from.0 - centre.0);
        let mut turn = (to.1 - centre.1).atan2(to.0 - centre.0) - start;
        if sweep && turn < 0.0 {
            turn += TAU;
        } else if !sweep && turn > 0.0 {
            turn -= TAU;
        }
        let reach = radius.max(half_chord);
        for step in 1..=ARC_STEPS {
            let angle = start + turn * f64::from(step) / f64::from(ARC_STEPS);
            self.line((centre.0 + reach * angle.cos(), centre.1 + reach * angle.sin()));
        }
    }
}

/// Reads path data. The data is ours, so a number that is none is a mistake in the table, and a test reads them all.
struct Scanner<'a>(&'a [u8]);

impl Scanner<'_> {
    /// The next command letter, or `current` again when a number follows; nothing at the end.
    fn command_or(&mut self, current: u8) -> Option<u8> {
        self.skip_separators();
        let next = *self.0.first()?;
        if !next.is_ascii_alphabetic() {
            return Some(current);
        }
        self.0 = &self.0[1..];
        Some(next)
    }

    fn point(&mut self, base: Point) -> Point {
        (base.0 + self.number(), base.1 + self.number())
    }

    fn number(&mut self) -> f64 {
        self.skip_separators();
        let mut end = usize::from(self.0.first() == Some(&b'-'));
        let mut dotted = false;
        while let Some(byte) = self.0.get(end) {
            match byte {
                b'0'..=b'9' => {}
                b'.' if !dotted => dotted = true,
                _ => break,
            }
            end += 1;
        }
        let (number, rest) = self.0.split_at(end);
        self.0 = rest;
        std::str::from_utf8(number)
            .ok()
            .and_then(|text| text.parse().ok())
            .expect("marks hold well-formed numbers")
    }

    fn skip_separators(&mut self) {
        while let Some(b' ' | b',') = self.0.first() {
            self.0 = &self.0[1..];
        }
    }
}

fn rgb(hex: &str) -> [u8; 3] {
    std::array::from_fn(|n| u8::from_str_radix(&hex[1 + 2 * n..3 + 2 * n], 16).expect("colours are #rrggbb"))
}

fn mix(from: u8, to: u8, step: usize) -> u8 {
    ((usize::from(from) * (15 - step) + usize::from(to) * step + 7) / 15) as u8
}

const CENTRES: [Point; 5] = [
    (150.0, 20.0),
    (30.0, 112.0),
    (96.0, -14.0),
    (160.0, 104.0),
    (86.0, 56.0),
];
const LOGO_PX: usize = 192;
const CONTOUR_STEPS: u32 = 200;
const CURVE_STEPS: u32 = 12;
const ARC_STEPS: u32 = 48;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::catalogue::ISSUERS;

    #[test]
    fn every_mark_stays_inside_its_box_and_draws_something() {
        for issuer in ISSUERS {
            let lines = flatten(issuer.mark);
            assert!(lines.len() >= 4, "{}", issuer.id);
            for point in lines.as_flattened() {
                assert!(
                    (1.5..=42.5).contains(&point.0) && (1.5..=42.5).contains(&point.1),
                    "{} {point:?}",
                    issuer.id
                );
            }
            let inked = stroke_coverage(&lines).iter().filter(|ink| **ink > 7).count();
            assert!((2_000..20_000).contains(&inked), "{}: {inked}", issuer.id);
        }
    }

    #[test]
    fn logos_and_art_are_small_and_quiet() {
        for issuer in ISSUERS {
            assert!(
                issuer.logo_svg().len() < 520,
                "{} {}",
                issuer.id,
                issuer.logo_svg().len()
            );
            assert!(issuer.logo_png().len() < 32 * 1024);
            for product in issuer.products() {
                let art = issuer.card_art_svg(product);
                assert!(art.len() < 16 * 1024, "{}", art.len());
                assert!(!art.contains("script") && !art.contains("href") && !art.contains("NaN"));
            }
        }
    }

    #[test]
    fn a_half_circle_is_half_a_circle() {
        let lines = flatten("M10 33a12 12 0 0 1 24 0");
        let top = lines.iter().map(|line| line[1].1).fold(f64::INFINITY, f64::min);
        assert!((top - 21.0).abs() < 0.01, "{top}");
        let end = lines.last().unwrap()[1];
        assert!((end.0 - 34.0).abs() < 1e-9 && (end.1 - 33.0).abs() < 1e-9);
    }
}

//! A drawing of somebody else's, written anew from what is known to be harmless.
//!
//! Nothing of the original reaches the copy but elements, attributes and values that are listed here. What would make
//! the copy look different from the original, or means to do something, refuses the whole drawing: half a logo is worse
//! than a letter. What only editors read (their own namespaces, comments, titles) is left out.
//!
//! `svg-hush` was looked at: it takes scripts out without a word, keeps animation, links and pictures, and has no limit on
//! depth, elements or what references multiply to.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion, escape};

use super::PictureFault;

/// The largest drawing, in bytes.
const BYTES_MAX: usize = 200_000;
/// The largest declared width or height.
const PIXELS_MAX: f64 = 2_000.0;
/// The most elements.
const NODES_MAX: u32 = 5_000;
/// The most that a browser would draw once every reference is followed: `use` of a `use` of a `use` doubles each time. An
/// element counts as one, and as one more for every so many bytes of its outline or its text.
const DRAWN_MAX: u64 = 20_000;
const BYTES_OF_ONE: usize = 16;
/// The most attributes of one element: each is compared with all before it.
const ATTRIBUTES_MAX: usize = 64;
/// The longest chain of references.
const CHAIN_MAX: u8 = 32;
/// The deepest nesting.
const DEPTH_MAX: usize = 32;
/// The namespace of SVG.
const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// Elements that are copied. `image`, `filter`, `pattern`, `marker` and `a` are not among them: other files, endless
/// work, ways out.
const ELEMENTS: &str = "svg g defs symbol use clipPath mask linearGradient radialGradient stop style path rect circle \
    ellipse line polyline polygon text tspan";
/// Of those, the ones that leave something on the page.
const INKED: &str = "path rect circle ellipse line polyline polygon text";
/// Elements that say something about the drawing and draw nothing.
const SILENT: &str = "title desc metadata";
/// Elements that do something, in every namespace.
const ACTIVE: &str = "script handler listener foreignobject iframe object embed audio video animate animatecolor \
    animatemotion animatetransform set discard";
/// Attributes that are copied.
const ATTRIBUTES: &str = "id class style transform d x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy width height points \
    pathLength viewBox preserveAspectRatio gradientUnits gradientTransform spreadMethod offset \
    stop-color stop-opacity clipPathUnits clip-path clip-rule maskUnits maskContentUnits mask mask-type \
    fill fill-opacity fill-rule stroke stroke-opacity stroke-width stroke-linecap stroke-linejoin \
    stroke-miterlimit stroke-dasharray stroke-dashoffset vector-effect paint-order opacity color display \
    visibility overflow shape-rendering font-family font-size font-weight font-style letter-spacing \
    text-anchor";
/// What may stand before a bracket in a value or a style sheet. `url` may only lead to a part of the same drawing.
const FUNCTIONS: &str = "url rgb rgba hsl hsla matrix translate scale rotate skewx skewy calc";

fn is_in(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

/// A drawing that can be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Drawing {
    /// The copy.
    pub(super) svg: Vec<u8>,
    /// Its natural width, in pixels, at least 1.
    pub(super) width: u32,
    /// Its natural height.
    pub(super) height: u32,
}

/// Copies a drawing.
///
/// # Errors
/// Why it is refused.
pub(super) fn copy(bytes: &[u8]) -> Result<Drawing, PictureFault> {
    if bytes.len() > BYTES_MAX {
        return Err(PictureFault::Bytes);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| PictureFault::Unreadable)?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    let mut copy = Copy::default();
    loop {
        match reader.read_event().map_err(|_| PictureFault::Unreadable)? {
            Event::Start(tag) => copy.open(&tag, false)?,
            Event::Empty(tag) => copy.open(&tag, true)?,
            Event::End(_) => copy.close(),
            Event::Text(text) => copy.text(&text),
            Event::CData(text) => copy.text(&text),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|_| PictureFault::Unreadable)?;
                let named = || escape::resolve_predefined_entity(&reference);
                let text = character.map(String::from).or_else(|| named().map(str::to_owned));
                copy.text(&text.ok_or(PictureFault::Entities)?);
            }
            // The public document type of SVG 1.1 declares nothing; a subset of its own is where entities are.
            Event::DocType(kind) if kind.contains('[') => return Err(PictureFault::Entities),
            Event::DocType(_) | Event::Decl(_) | Event::Comment(_) => {}
            // `<?xml-stylesheet href=…?>`
            Event::PI(_) => return Err(PictureFault::Reference),
            Event::Eof => return copy.end(),
        }
    }
}

/// What is open in the original.
enum Open {
    /// It is in the copy too.
    Copied(String),
    /// It is a style sheet, whose text is collected.
    Style,
    /// It is left out, with all that is in it.
    Silent,
}

/// The copy under way.
#[derive(Default)]
struct Copy {
    out: String,
    open: Vec<Open>,
    style: String,
    nodes: u32,
    has_ink: bool,
    size: Option<(u32, u32)>,
    /// The ids of the elements that are open, one a level.
    ids: Vec<Option<String>>,
    parts: Parts,
}

impl Copy {
    fn open(&mut self, tag: &BytesStart<'_>, is_empty: bool) -> Result<(), PictureFault> {
        let name = tag.name();
        let (prefix, local) = name
            .0
            .split_once(':')
            .map_or(("", name.0), |(prefix, local)| (prefix, local));
        self.nodes += 1;
        if self.nodes > NODES_MAX || self.open.len() >= DEPTH_MAX {
            return Err(PictureFault::TooMuch);
        }
        if is_in(ACTIVE, &local.to_ascii_lowercase()) {
            return Err(PictureFault::Active);
        }
        let is_left_out = !prefix.is_empty() || is_in(SILENT, local);
        if is_left_out || matches!(self.open.last(), Some(Open::Silent)) {
            // Whatever is in there is looked at all the same: a script in a title is still a script.
            self.attributes(tag)?;
            return self.enter(Open::Silent, None, is_empty);
        }
        if !is_in(ELEMENTS, local) || matches!(self.open.last(), Some(Open::Style)) {
            return Err(PictureFault::Element);
        }
        let is_root = self.open.is_empty();
        if is_root != (local == "svg") || (is_root && !self.out.is_empty()) {
            return Err(PictureFault::Element);
        }
        let attributes = self.attributes(tag)?;
        if is_root {
            self.size = Some(natural_size(tag, &attributes)?);
        }
        self.has_ink |= is_in(INKED, local);
        if local == "style" {
            return self.enter(Open::Style, None, is_empty);
        }
        let id = attributes
            .iter()
            .find(|(name, _)| *name == "id")
            .map(|(_, id)| id.clone());
        self.write_start(local, is_root, &attributes, is_empty);
        if id.as_deref().is_some_and(|id| !is_name(id)) {
            return Err(PictureFault::Reference);
        }
        let outline = attributes.iter().filter(|(name, _)| ["d", "points"].contains(name));
        let outline: usize = outline.map(|(_, value)| value.len()).sum();
        self.ids.push(id.clone());
        self.parts.element(&self.ids, 1 + outline / BYTES_OF_ONE);
        for (name, value) in &attributes {
            for target in references(name, value) {
                self.parts.reference(&self.ids, target);
            }
        }
        self.ids.pop();
        self.enter(Open::Copied(local.to_owned()), id, is_empty)
    }

    fn enter(&mut self, open: Open, id: Option<String>, is_empty: bool) -> Result<(), PictureFault> {
        if !is_empty {
            self.open.push(open);
            self.ids.push(id);
        }
        Ok(())
    }

    fn write_start(&mut self, local: &str, is_root: bool, attributes: &[(&str, String)], is_empty: bool) {
        self.out.push('<');
        self.out.push_str(local);
        if is_root {
            self.out.push_str(&format!(" xmlns=\"{NAMESPACE}\""));
        }
        for (name, value) in attributes {
            self.out
                .push_str(&format!(" {name}=\"{}\"", escape::escape(value.as_str())));
        }
        self.out.push_str(if is_empty { "/>" } else { ">" });
    }

    fn close(&mut self) {
        self.ids.pop();
        match self.open.pop() {
            Some(Open::Copied(name)) => self.out.push_str(&format!("</{name}>")),
            Some(Open::Style | Open::Silent) | None => {}
        }
    }

    fn text(&mut self, text: &str) {
        match self.open.last() {
            Some(Open::Style) => self.style.push_str(text),
            Some(Open::Copied(name)) if name == "text" || name == "tspan" => {
                self.out.push_str(&escape::escape(text));
                self.parts.element(&self.ids, text.len() / BYTES_OF_ONE);
            }
            Some(Open::Copied(_) | Open::Silent) | None => {}
        }
    }

    /// The attributes that are copied, checked.
    fn attributes<'a>(&self, tag: &'a BytesStart<'_>) -> Result<Vec<(&'a str, String)>, PictureFault> {
        let mut kept = Vec::new();
        for (place, attribute) in tag.attributes().enumerate() {
            if place >= ATTRIBUTES_MAX {
                return Err(PictureFault::TooMuch);
            }
            let attribute = attribute.map_err(|_| PictureFault::Unreadable)?;
            let name = attribute.key.0;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|_| PictureFault::Entities)?.into_owned();
            let local = name.rsplit(':').next().unwrap_or(name);
            if local.to_ascii_lowercase().starts_with("on") {
                return Err(PictureFault::Active);
            }
            if local == "href" {
                if !value.strip_prefix('#').is_some_and(is_name) {
                    return Err(PictureFault::Reference);
                }
                // `xlink:href` beside `href` would be the same attribute twice.
                if kept.iter().all(|(name, _)| *name != "href") {
                    kept.push(("href", value));
                }
            } else if is_in(ATTRIBUTES, name) {
                check(&value)?;
                kept.push((name, value));
            }
        }
        Ok(kept)
    }

    fn end(mut self) -> Result<Drawing, PictureFault> {
        let size = self
            .size
            .filter(|_| self.open.is_empty())
            .ok_or(PictureFault::Unreadable)?;
        check(&self.style)?;
        check_sheet(&self.style)?;
        if !self.has_ink {
            return Err(PictureFault::Nothing);
        }
        if !self.parts.is_whole() {
            return Err(PictureFault::Reference);
        }
        if self.parts.drawn() > DRAWN_MAX {
            return Err(PictureFault::TooMuch);
        }
        if !self.style.is_empty() {
            let sheet = format!("<style>{}</style></svg>", escape::escape(self.style.as_str()));
            self.out.truncate(self.out.len() - "</svg>".len());
            self.out.push_str(&sheet);
        }
        Ok(Drawing {
            svg: self.out.into_bytes(),
            width: size.0,
            height: size.1,
        })
    }
}

/// Whether a value or a style sheet stays inside the drawing: no rule that loads or moves, no function but the known.
fn check(value: &str) -> Result<(), PictureFault> {
    // A backslash writes any letter in a way that nobody looks for.
    if value.contains(['\\', '@', '<']) {
        return Err(PictureFault::Style);
    }
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('(') {
        let is_letter = |character: char| character.is_alphanumeric() || "-_".contains(character);
        let before = before.trim_end();
        let start = before.trim_end_matches(is_letter).len();
        let function = before[start..].to_ascii_lowercase();
        if !is_in(FUNCTIONS, &function) {
            return Err(PictureFault::Style);
        }
        if function == "url" && !target(after).is_some_and(is_name) {
            return Err(PictureFault::Reference);
        }
        rest = after;
    }
    Ok(())
}

/// A style sheet may lead to colours only, which nest in nothing: whom its other references concern, and how often, is
/// for a browser to say.
fn check_sheet(sheet: &str) -> Result<(), PictureFault> {
    let lower = sheet.to_ascii_lowercase();
    let mut pieces: Vec<&str> = lower.split("url").collect();
    pieces.pop();
    let is_colour = |before: &&str| {
        let property = before.rsplit(['{', ';']).next().unwrap_or_default().trim_end();
        ["fill:", "stroke:"].contains(&property.replace(' ', "").trim())
    };
    if pieces.iter().all(is_colour) {
        Ok(())
    } else {
        Err(PictureFault::Style)
    }
}

/// Whether a part can be called so. Browsers decode what leads to a part and compare it with its name as it is, so names are
/// of letters that are written in one way only.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte))
}

/// The part that stands after the bracket of `url(`.
fn target(after: &str) -> Option<&str> {
    let after = after.trim_start_matches([' ', '"', '\'']).strip_prefix('#')?;
    after.split([')', '"', '\'', ' ']).next()
}

/// Every part of the drawing that an attribute leads to.
fn references<'a>(name: &str, value: &'a str) -> impl Iterator<Item = &'a str> {
    let whole = value.strip_prefix('#').filter(|_| name == "href");
    whole.into_iter().chain(value.split('(').skip(1).filter_map(target))
}

/// Width and height in pixels: as declared, which has a limit, or those of the view box, made as small as that limit.
fn natural_size(tag: &BytesStart<'_>, attributes: &[(&str, String)]) -> Result<(u32, u32), PictureFault> {
    let is_svg = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        attribute.key.0 == "xmlns" && &*attribute.value == NAMESPACE
    };
    if !tag.attributes().flatten().any(is_svg) {
        return Err(PictureFault::Unreadable);
    }
    let value = |wanted: &str| {
        attributes
            .iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| value.as_str())
    };
    let pixels = |name| value(name)?.trim().trim_end_matches("px").parse::<f64>().ok();
    let view: Vec<f64> = value("viewBox")
        .unwrap_or_default()
        .split([' ', ','])
        .filter_map(|number| number.parse().ok())
        .collect();
    let (width, height) = match (pixels("width"), pixels("height"), view.as_slice()) {
        (Some(width), Some(height), _) if width <= PIXELS_MAX && height <= PIXELS_MAX => (width, height),
        (Some(_), Some(_), _) => return Err(PictureFault::Pixels),
        (_, _, [_, _, width, height]) => {
            let smaller = (PIXELS_MAX / width.max(*height)).min(1.0);
            (width * smaller, height * smaller)
        }
        _ => return Err(PictureFault::Nothing),
    };
    if !(width > 0.0 && height > 0.0 && width.is_finite() && height.is_finite()) {
        return Err(PictureFault::Nothing);
    }
    Ok((width.ceil() as u32, height.ceil() as u32))
}

/// How much each part with an id holds, and which other parts it draws again.
#[derive(Default)]
struct Parts(HashMap<String, (u64, Vec<String>)>);

impl Parts {
    /// An element within these parts, and what it counts for. The whole drawing is the part without a name.
    fn element(&mut self, within: &[Option<String>], weight: usize) {
        self.each(within, |part| part.0 += weight as u64);
    }

    fn reference(&mut self, within: &[Option<String>], target: &str) {
        self.each(within, |part| part.1.push(target.to_owned()));
    }

    fn each(&mut self, within: &[Option<String>], change: impl Fn(&mut (u64, Vec<String>))) {
        change(self.0.entry(String::new()).or_default());
        for id in within.iter().flatten() {
            change(self.0.entry(id.clone()).or_default());
        }
    }

    /// Whether every part that is drawn again is there.
    fn is_whole(&self) -> bool {
        let mut targets = self.0.values().flat_map(|(_, targets)| targets);
        targets.all(|target| self.0.contains_key(target))
    }

    /// How much is drawn in all. A part that draws itself draws for ever.
    fn drawn(&self) -> u64 {
        self.weight("", 0, &mut HashMap::new())
    }

    fn weight<'a>(&'a self, id: &'a str, chain: u8, known: &mut HashMap<&'a str, u64>) -> u64 {
        if chain > CHAIN_MAX {
            return u64::MAX;
        }
        if let Some(weight) = known.get(id) {
            return *weight;
        }
        let Some((own, references)) = self.0.get(id) else {
            return 0;
        };
        // Until it is known it counts as endless, so that a circle does.
        known.insert(id, u64::MAX);
        let weight = references.iter().fold(*own, |sum, target| {
            sum.saturating_add(self.weight(target, chain + 1, known))
        });
        known.insert(id, weight);
        weight
    }
}

//! Sheets of labels as PDF: a grid on A4, or a roll with one label a page.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};

use crate::base::{Error, Result};
use crate::paper::qr::length;
use crate::stamp::labels::sheet::{DOT, Label, Types};

/// Points in a millimetre.
const MM: f32 = 72.0 / 25.4;
const A4: (f32, f32) = (210.0, 297.0);
/// What printers leave white, and the room for a knife between labels.
const MARGIN: f32 = 10.0;
const KNIFE: f32 = 3.0;
/// The rim of a label on a roll.
const RIM: f32 = 1.0;

/// How labels lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::AsRefStr)]
#[strum(serialize_all = "snake_case")]
pub enum Layout {
    A4,
    Roll,
}

struct Pens {
    regular: Font,
    bold: Font,
}

/// Draws the labels in their order. They are made one by one, so that only the document is in memory.
pub fn draw(labels: impl Iterator<Item = Result<Label>>, layout: Layout, title: &str) -> Result<Vec<u8>> {
    let font = |bytes: &'static [u8]| {
        Font::new(bytes.into(), 0).ok_or_else(|| Error::internal("a font that ships with the service cannot be read"))
    };
    let pens = Pens { regular: font(Types::REGULAR())?, bold: font(Types::BOLD())? };
    let mut document = Document::new();
    let mut labels = labels.peekable();
    loop {
        let extent = match labels.peek() {
            None => break,
            Some(Ok(label)) => (label.width, label.side),
            Some(Err(error)) => return Err(error.clone()),
        };
        let (page, places) = places(layout, extent);
        let settings = PageSettings::from_wh(page.0 * MM, page.1 * MM)
            .ok_or_else(|| Error::internal("a page without an extent"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for place in places {
            let Some(label) = labels.next() else { break };
            put(&mut surface, &pens, &label?, place);
        }
        surface.finish();
        page.finish();
    }
    document.set_metadata(Metadata::new().title(title.to_owned()).language("vi".into()).creator("ocop".into()));
    document.finish().map_err(|error| Error::internal(format!("labels: {error:?}")))
}

/// The extent of a page and where labels of this extent lie on it, row by row.
fn places(layout: Layout, (width, height): (f32, f32)) -> ((f32, f32), Vec<(f32, f32)>) {
    if layout == Layout::Roll {
        return ((width + 2.0 * RIM, height + 2.0 * RIM), vec![(RIM, RIM)]);
    }
    let starts = |whole: f32, one: f32| {
        let mut starts = Vec::new();
        let mut start = MARGIN;
        while start + one <= whole - MARGIN {
            starts.push(start);
            start += one + KNIFE;
        }
        starts
    };
    let columns = starts(A4.0, width);
    let rows = starts(A4.1, height);
    (A4, rows.iter().flat_map(|top| columns.iter().map(move |left| (*left, *top))).collect())
}

fn put(surface: &mut Surface<'_>, pens: &Pens, label: &Label, place: (f32, f32)) {
    let on_a_dot = |length: f32| (length / DOT).round() * DOT;
    let (left, top) = (on_a_dot(place.0), on_a_dot(place.1));
    surface.set_fill(Some(Fill { paint: rgb::Color::new(0, 0, 0).into(), ..Fill::default() }));
    let module = length(label.dots) * DOT;
    let mut path = PathBuilder::new();
    for run in label.matrix.runs() {
        let (x, y) = (left + length(run.column) * module, top + length(run.row) * module);
        if let Some(bar) = Rect::from_xywh(x * MM, y * MM, length(run.length) * module * MM, module * MM) {
            path.push_rect(bar);
        }
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
    for line in &label.lines {
        let start = Point::from_xy((left + line.x) * MM, (top + line.baseline) * MM);
        let font = if line.is_bold { pens.bold.clone() } else { pens.regular.clone() };
        surface.draw_text(start, font, line.size * MM, &line.text, false, TextDirection::LeftToRight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_lie_within_the_margins_and_do_not_touch() {
        let (page, places) = places(Layout::A4, (32.0, 12.0));
        assert_eq!(page, A4);
        assert_eq!(places.len(), 5 * 18);
        for (left, top) in &places {
            assert!(*left >= MARGIN && left + 32.0 <= A4.0 - MARGIN && *top >= MARGIN && top + 12.0 <= A4.1 - MARGIN);
            let touching = places.iter().filter(|(x, y)| (x - left).abs() < 32.0 && (y - top).abs() < 12.0);
            assert_eq!(touching.count(), 1);
        }
        assert!(!super::places(Layout::A4, (125.0, 77.0)).1.is_empty(), "the largest fits");
    }
}

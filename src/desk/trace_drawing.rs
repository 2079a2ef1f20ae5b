//! The trace of a lot as a drawing: what went into it on the left, what was made of it on the right. Beside it stands the same
//! in words, so that the drawing is one picture to those who do not see it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::base::id::LotId;
use crate::base::text::escaped;

/// A lot of the drawing.
#[derive(Debug, Clone)]
pub struct DrawnLot {
    pub id: LotId,
    /// Steps from the lot in the middle: below zero for what went into it.
    pub step: i32,
    /// Its code, its product, and what is to be known of it.
    pub lines: [String; 3],
}

const WIDTH: i32 = 190;
const HEIGHT: i32 = 66;
const ACROSS: i32 = 60;
const DOWN: i32 = 16;
const MARGIN: i32 = 4;
/// So many letters fit into a box.
const MOST_LETTERS: usize = 24;

/// Draws lots in columns, one for each step, and a line for each link: from an input to what was made of it. What the
/// drawing is called is its text for who does not see it.
pub fn draw(lots: &[DrawnLot], links: &[(LotId, LotId)], called: &str) -> String {
    let steps: BTreeSet<i32> = lots.iter().map(|lot| lot.step).collect();
    let first = steps.first().copied().unwrap_or(0);
    let columns = steps.last().copied().unwrap_or(0) - first + 1;
    let mut rows: BTreeMap<i32, i32> = BTreeMap::new();
    let mut places: BTreeMap<LotId, (i32, i32)> = BTreeMap::new();
    for lot in lots {
        let row = rows.entry(lot.step).or_insert(0);
        let place = (MARGIN + (lot.step - first) * (WIDTH + ACROSS), MARGIN + *row * (HEIGHT + DOWN));
        *row += 1;
        places.insert(lot.id, place);
    }
    let longest = rows.values().copied().max().unwrap_or(1);
    let (width, height) =
        (columns * (WIDTH + ACROSS) - ACROSS + 2 * MARGIN, longest * (HEIGHT + DOWN) - DOWN + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{}\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" fill=\"none\" stroke=\"currentColor\">",
        escaped(called)
    );
    for (made, input) in links {
        let (Some((left, top)), Some((right, bottom))) = (places.get(input), places.get(made)) else { continue };
        let (x1, y1, x2, y2) = (left + WIDTH, top + HEIGHT / 2, *right, bottom + HEIGHT / 2);
        let (near, far) = (x1 + ACROSS / 2, x2 - ACROSS / 2);
        let _ = write!(svg, "<path d=\"M{x1} {y1}C{near} {y1} {far} {y2} {x2} {y2}\"/>");
    }
    for lot in lots {
        let Some((x, y)) = places.get(&lot.id) else { continue };
        let weight = if lot.step == 0 { 3 } else { 1 };
        let _ = write!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"6\" stroke-width=\"{weight}\"/>"
        );
        for (line, (text, size)) in (1..).zip(lot.lines.iter().zip([15, 13, 12])) {
            let (x, y) = (x + 10, y + line * 20 - 1);
            let _ = write!(
                svg,
                "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"currentColor\" stroke=\"none\">{}</text>",
                escaped(&short(text))
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

fn short(text: &str) -> String {
    if text.chars().count() <= MOST_LETTERS {
        return text.to_owned();
    }
    let kept: String = text.chars().take(MOST_LETTERS - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lot_is_drawn_once_and_nothing_that_is_written_leaves_its_text() {
        let ids: Vec<LotId> = (0..3).map(|_| LotId::new()).collect();
        let lot = |place: usize, step, code: &str| DrawnLot {
            id: ids[place],
            step,
            lines: [code.to_owned(), "<b>\"Mật & ong\"</b> rừng tràm Sơn Kim".to_owned(), String::new()],
        };
        let lots = [lot(0, -1, "N-1"), lot(1, 0, "L-1"), lot(2, 1, "C-1")];
        let svg = draw(&lots, &[(ids[1], ids[0]), (ids[2], ids[1]), (LotId::new(), ids[0])], "Lô L-1 <");
        assert_eq!((svg.matches("<rect").count(), svg.matches("<path").count()), (3, 2));
        assert!(svg.contains("aria-label=\"Lô L-1 &lt;\"") && !svg.contains("<b>"), "{svg}");
        assert!(
            svg.contains("width=\"698\"") && svg.contains("&lt;b&gt;&quot;Mật &amp; ong&quot;&lt;/b&gt; rừng…"),
            "{svg}"
        );
    }
}

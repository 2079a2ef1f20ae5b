//! Charts as drawings: pure functions from numbers to places. Bars lie, so that names stand above them in a size that is
//! read on a telephone and any number of rows fits; each bar says its numbers, and parts differ by pattern, so that colour
//! alone tells nothing.

use std::fmt;

/// The drawing's own units; a telephone shows about one pixel for each.
pub const WIDTH: usize = 300;

const LEGEND_LINE: usize = 22;
/// Between the legend and the bars.
const GAP: usize = 8;
const ROW: usize = 44;
/// From the top of a row to the foot of its text, and to the bar below.
const TEXT: usize = 15;
const BAR: usize = 21;
pub const THICKNESS: usize = 14;

/// How much of the width a letter takes at the size that rows are written in; wide on purpose.
const LETTER: usize = 8;

/// Hundredths of the drawing's unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hundredths(pub usize);

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// How a part is filled; the template has a pattern for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr)]
#[strum(serialize_all = "snake_case")]
pub enum Fill {
    Solid,
    Striped,
    Dotted,
    Hollow,
}

/// One part of every bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    pub fill: Fill,
    pub name: String,
}

/// A bar to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub label: String,
    /// What stands at its end: its numbers.
    pub told: String,
    /// A number for each series.
    pub parts: Vec<usize>,
}

/// A chart with every place computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    pub height: usize,
    /// What the patterns mean; empty where there is only one.
    pub legend: Vec<LegendEntry>,
    pub bars: Vec<Bar>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegendEntry {
    pub fill: Fill,
    pub name: String,
    pub top: usize,
    /// The foot of its text.
    pub foot: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    pub told: String,
    pub foot: usize,
    pub top: usize,
    pub pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub fill: Fill,
    pub from: Hundredths,
    pub width: Hundredths,
}

/// Bars that are as long as their numbers; the longest takes the whole width.
pub fn bars(series: &[Series], rows: &[Row]) -> Drawing {
    let legend = if series.len() > 1 { series } else { &[] };
    let top = if legend.is_empty() { 0 } else { legend.len() * LEGEND_LINE + GAP };
    let longest = rows.iter().map(|row| sum(&row.parts)).max().unwrap_or(0);
    let legend = legend.iter().enumerate().map(|(place, series)| LegendEntry {
        fill: series.fill,
        name: fitted(&series.name, WIDTH / LETTER - 3),
        top: place * LEGEND_LINE + 3,
        foot: place * LEGEND_LINE + TEXT,
    });
    let bars = rows.iter().enumerate().map(|(place, row)| {
        let row_top = top + place * ROW;
        let told = fitted(&row.told, WIDTH / LETTER);
        let room = (WIDTH / LETTER).saturating_sub(breadth(&told) + 1);
        Bar {
            label: fitted(&row.label, room),
            told,
            foot: row_top + TEXT,
            top: row_top + BAR,
            pieces: pieces(series, &row.parts, longest),
        }
    });
    // Nothing follows the last bar.
    let height = (top + rows.len() * ROW).saturating_sub(ROW - BAR - THICKNESS);
    Drawing { height, legend: legend.collect(), bars: bars.collect() }
}

/// The parts of a bar one after another. Each ends where the sum up to it lies, so that no rounding adds up.
fn pieces(series: &[Series], parts: &[usize], longest: u128) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut before, mut from) = (0u128, Hundredths(0));
    for (series, part) in series.iter().zip(parts) {
        before = before.saturating_add(wide(*part));
        let to = place(before, longest);
        if to > from {
            pieces.push(Piece { fill: series.fill, from, width: Hundredths(to.0 - from.0) });
        }
        from = to;
    }
    pieces
}

fn place(value: u128, longest: u128) -> Hundredths {
    let whole = wide(WIDTH) * 100;
    let place = value.saturating_mul(whole).checked_div(longest).unwrap_or(0).min(whole);
    Hundredths(usize::try_from(place).unwrap_or(0))
}

fn sum(parts: &[usize]) -> u128 {
    parts.iter().fold(0, |sum, part| sum.saturating_add(wide(*part)))
}

fn wide(number: usize) -> u128 {
    u128::try_from(number).unwrap_or(u128::MAX)
}

/// The text, shortened to so many letters with a mark that says so.
fn fitted(text: &str, most: usize) -> String {
    if breadth(text) <= most {
        return text.to_owned();
    }
    let (mut kept, mut taken) = (String::new(), 1);
    for letter in text.chars() {
        taken += letter_breadth(letter);
        if taken > most {
            break;
        }
        kept.push(letter);
    }
    format!("{}…", kept.trim_end())
}

fn breadth(text: &str) -> usize {
    text.chars().map(letter_breadth).sum()
}

/// Marks take no room of their own; emoji and eastern letters that of two.
fn letter_breadth(letter: char) -> usize {
    match letter {
        letter if unicode_normalization::char::is_combining_mark(letter) => 0,
        '\u{1100}'.. if !('\u{1e00}'..='\u{2fff}').contains(&letter) => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILLS: [Fill; 3] = [Fill::Solid, Fill::Striped, Fill::Dotted];

    fn series(count: usize) -> Vec<Series> {
        FILLS.iter().take(count).map(|fill| Series { fill: *fill, name: format!("{fill:?}") }).collect()
    }

    fn row(parts: &[usize]) -> Row {
        Row { label: "Hương Sơn".into(), told: "12".into(), parts: parts.to_vec() }
    }

    #[test]
    fn the_longest_bar_takes_the_whole_width_and_half_of_it_half() {
        let drawing = bars(&series(1), &[row(&[8]), row(&[4]), row(&[0])]);
        let lengths: Vec<Vec<usize>> =
            drawing.bars.iter().map(|bar| bar.pieces.iter().map(|piece| piece.width.0).collect()).collect();
        assert_eq!(lengths, [vec![30_000], vec![15_000], vec![]]);
        assert!(drawing.legend.is_empty());
        assert_eq!(drawing.height, 2 * ROW + BAR + THICKNESS);
    }

    #[test]
    fn nothing_and_a_single_bar_are_drawings_too() {
        assert_eq!(bars(&series(3), &[]).bars, []);
        assert_eq!(bars(&series(1), &[]).height, 0);
        let zero = bars(&series(2), &[row(&[0, 0])]);
        assert!(zero.bars[0].pieces.is_empty());
        let one = bars(&series(2), &[row(&[0, 1])]);
        let whole = Piece { fill: Fill::Striped, from: Hundredths(0), width: Hundredths(30_000) };
        assert_eq!(one.bars[0].pieces, [whole]);
    }

    #[test]
    fn hundredths_are_written_with_two_digits() {
        assert_eq!(Hundredths(30_000).to_string(), "300.00");
        assert_eq!(Hundredths(5).to_string(), "0.05");
    }

    #[test]
    fn long_names_are_shortened_and_short_ones_are_not() {
        assert_eq!(fitted("Huyện Hương Sơn", 15), "Huyện Hương Sơn");
        assert_eq!(fitted("Huyện Hương Sơn", 14), "Huyện Hương S…");
        assert_eq!(fitted("🍯🍯🍯", 5), "🍯🍯…");
        assert_eq!(fitted("e\u{301}e\u{301}", 2), "e\u{301}e\u{301}");
        assert_eq!(fitted("abc", 0), "…");
    }

    proptest! {
        /// Whatever the numbers, huge ones too: each part is as long as its number says to within a hundredth, parts lie
        /// one behind the other, and nothing lies outside of the drawing.
        #[test]
        fn parts_are_proportional_and_inside(
            rows in prop::collection::vec(prop::collection::vec(prop_oneof![0usize..20, any::<usize>()], 3), 0..30),
            label in ".{0,80}",
            told in ".{0,80}",
        ) {
            let rows: Vec<Row> = rows
                .into_iter()
                .map(|parts| Row { label: label.clone(), told: told.clone(), parts })
                .collect();
            let drawing = bars(&series(3), &rows);
            let longest = rows.iter().map(|row| sum(&row.parts)).max().unwrap_or(0);
            prop_assert_eq!(drawing.bars.len(), rows.len());
            let mut above = drawing.legend.last().map_or(0, |entry| entry.top + THICKNESS);
            for (bar, row) in drawing.bars.iter().zip(&rows) {
                prop_assert!(bar.foot > above && bar.top > bar.foot && bar.top + THICKNESS <= drawing.height);
                above = bar.top + THICKNESS;
                prop_assert!(breadth(&bar.label) + breadth(&bar.told) <= WIDTH / LETTER + 1);
                let mut end = 0;
                for piece in &bar.pieces {
                    prop_assert_eq!(piece.from.0, end);
                    end += piece.width.0;
                    let at = FILLS.iter().position(|fill| *fill == piece.fill).unwrap();
                    // In thousandths of a hundredth, exact enough for sums of whole numbers of any size.
                    let exact = wide(row.parts[at]).saturating_mul(30_000) / longest;
                    prop_assert!(wide(piece.width.0).abs_diff(exact) <= 1, "{} for {exact}", piece.width);
                }
                prop_assert!(end <= WIDTH * 100);
                prop_assert!(sum(&row.parts) != longest || longest == 0 || end == WIDTH * 100);
            }
        }
    }
}

//! Drawn signatures: lines of bounded points, from which this service draws, so that nothing that was sent is shown as it came.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Fault, say};

/// The field that is signed in, in its own units.
pub const WIDTH: u16 = 1000;
pub const HEIGHT: u16 = 400;
const MOST_STROKES: usize = 100;
const MOST_POINTS: usize = 4000;

/// A point of the field: from the left, from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SignaturePoint)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// 0 to 1000.
    pub x: u16,
    /// 0 to 400.
    pub y: u16,
}

/// A line that was drawn without lifting the pen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SignatureStroke)]
#[serde(deny_unknown_fields)]
pub struct Stroke {
    pub points: Vec<Point>,
}

/// Holds a drawn signature against its bounds.
pub fn check(strokes: &[Stroke], pointer: &str, faults: &mut Vec<Fault>) {
    let points: usize = strokes.iter().map(|stroke| stroke.points.len()).sum();
    if strokes.len() > MOST_STROKES || points > MOST_POINTS {
        let detail = say("Chữ ký có quá nhiều nét.", "The signature has too many lines.");
        faults.push(Fault::new(pointer, "too_many", detail));
    }
    if strokes.iter().flat_map(|stroke| &stroke.points).any(|point| point.x > WIDTH || point.y > HEIGHT) {
        let detail = say("Nét ký ra ngoài khung.", "A line leaves the field.");
        faults.push(Fault::new(pointer, "out_of_range", detail));
    }
}

/// A drawn signature as SVG; none where nothing was drawn.
pub fn drawing(strokes: &[Stroke]) -> Option<String> {
    let mut path = String::new();
    for stroke in strokes {
        for (place, point) in stroke.points.iter().enumerate() {
            let command = if place == 0 { 'M' } else { 'L' };
            write!(path, "{command}{} {}", point.x, point.y).ok()?;
        }
    }
    (!path.is_empty()).then(|| {
        format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"250\" height=\"100\" aria-hidden=\"true\"><path d=\"{path}\" \
             fill=\"none\" stroke=\"currentColor\" stroke-width=\"6\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_stays_in_its_field() {
        let codes = |strokes: &[Stroke]| {
            let mut faults = Vec::new();
            check(strokes, "/strokes", &mut faults);
            faults.into_iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        let line = |x, y| Stroke { points: vec![Point { x: 0, y: 0 }, Point { x, y }] };
        assert!(codes(&[line(WIDTH, HEIGHT)]).is_empty() && codes(&[]).is_empty());
        assert_eq!(codes(&[line(WIDTH + 1, 0)]), ["out_of_range"]);
        assert_eq!(codes(&vec![line(1, 1); MOST_STROKES + 1]), ["too_many"]);
        assert_eq!(codes(&[Stroke { points: vec![Point { x: 1, y: 1 }; MOST_POINTS + 1] }]), ["too_many"]);
        assert!(drawing(&[line(10, 20)]).unwrap().contains("d=\"M0 0L10 20\""));
        assert!(drawing(&[]).is_none() && drawing(&[Stroke { points: Vec::new() }]).is_none());
    }
}

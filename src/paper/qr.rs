//! A QR as dark modules, which a page, a PDF or a label draws in its own way.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

use crate::base::{Error, Result};

/// The width of the quiet zone, in modules.
const QUIET: usize = 4;

/// A square of modules. Places are counted from the corner of the quiet zone.
#[derive(Debug, Clone)]
pub struct Matrix {
    width: usize,
    dark: Vec<bool>,
}

/// Dark modules side by side in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub column: usize,
    pub row: usize,
    pub length: usize,
}

impl From<QrCode> for Matrix {
    fn from(code: QrCode) -> Self {
        let width = code.width();
        Self { width, dark: code.into_colors().into_iter().map(|colour| colour == Color::Dark).collect() }
    }
}

impl Matrix {
    pub fn of(text: &str) -> Result<Self> {
        QrCode::with_error_correction_level(text, EcLevel::M)
            .map(Self::from)
            .map_err(|error| Error::internal(format!("no QR for {text}: {error}")))
    }

    /// Modules on each side, without the quiet zone.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Modules on each side, with the quiet zone.
    pub fn side(&self) -> usize {
        self.width + 2 * QUIET
    }

    pub fn runs(&self) -> impl Iterator<Item = Run> {
        self.dark.chunks(self.width.max(1)).enumerate().flat_map(|(row, modules)| {
            let mut column = 0;
            modules.chunk_by(|one, other| one == other).filter_map(move |run| {
                let start = column;
                column += run.len();
                let is_dark = run.first().copied().unwrap_or_default();
                is_dark.then_some(Run { column: start + QUIET, row: row + QUIET, length: run.len() })
            })
        })
    }

    /// The dark modules as the data of one SVG path; one unit a module, the quiet zone around them.
    pub fn path(&self) -> String {
        self.runs().fold(String::new(), |mut path, Run { column, row, length }| {
            // Writing to a text cannot fail.
            let _ = write!(path, "M{column} {row}h{length}v1h-{length}z");
            path
        })
    }
}

/// A number of modules, dots or lines as a length to draw with; none is ever near the bound.
pub fn length(number: usize) -> f32 {
    u16::try_from(number).map_or(f32::from(u16::MAX), f32::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_cover_the_dark_modules_and_no_others() {
        let code = QrCode::new("HTTPS://OCOP.VN/T/1ABCDEFGHJKMNPQRSTVW").unwrap();
        let runs: Vec<Run> = Matrix::from(code.clone()).runs().collect();
        let dark = code.to_colors().into_iter().filter(|colour| *colour == Color::Dark).count();
        assert_eq!(runs.iter().map(|run| run.length).sum::<usize>(), dark);
        assert_eq!(runs[0], Run { column: 4, row: 4, length: 7 }, "the finder pattern in the corner");
    }
}

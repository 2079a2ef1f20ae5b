//! The QR of a paper, as dark modules that a page or a PDF draws in its own way.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

use crate::base::{Error, Result};

/// The width of the quiet zone, in modules.
pub const QUIET: usize = 4;

/// A square of modules.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// Modules on each side, without the quiet zone.
    pub width: usize,
    /// Column and row of each dark module.
    pub dark: Vec<(usize, usize)>,
}

impl Matrix {
    pub fn of(text: &str) -> Result<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)
            .map_err(|error| Error::internal(format!("no QR for {text}: {error}")))?;
        let width = code.width();
        let colours = code.into_colors().into_iter().enumerate();
        let dark = colours.filter(|(_, colour)| *colour == Color::Dark);
        Ok(Self { width, dark: dark.map(|(place, _)| (place % width, place / width)).collect() })
    }

    /// Modules on each side, with the quiet zone.
    pub fn side(&self) -> usize {
        self.width + 2 * QUIET
    }

    /// The dark modules as the data of one SVG path; one unit a module, the quiet zone around them.
    pub fn path(&self) -> String {
        self.dark.iter().fold(String::new(), |mut path, (column, row)| {
            // Writing to a text cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", column + QUIET, row + QUIET);
            path
        })
    }
}

//! What each paper carries so that it can be held against the service: its code, the QR, the digest, the seal.

use crate::audit::seal::Seal;
use crate::base::Result;
use crate::base::keys::hexadecimal;
use crate::paper::qr::Matrix;
use crate::paper::rules::{PRINTED_DIGITS, grouped};
use crate::paper::store::Paper;
use crate::paper::words;

/// The seal in words, behind "Niêm phong:": `số 12, 0123456789abcdef`.
pub fn seal_line(seal: Option<&Seal>) -> String {
    seal.map_or_else(|| "chưa có".to_owned(), |seal| format!("số {}, {}", seal.number, printed(seal.head.as_ref())))
}

/// The digits of a digest that are printed.
pub fn printed(digest: &[u8]) -> String {
    hexadecimal(digest).chars().take(PRINTED_DIGITS).collect()
}

/// The proof of one paper, as the frame draws it.
#[derive(Debug, Clone)]
pub struct Proof {
    /// In groups of four.
    pub code: String,
    /// Where people look it up by hand.
    pub address: String,
    pub digest: String,
    pub seal: String,
    /// When this content was first printed.
    pub made_on: String,
    /// The QR's dark modules, and how wide it is with its quiet zone.
    pub qr_path: String,
    pub qr_side: usize,
}

impl Proof {
    pub fn new(paper: &Paper, seal: Option<&Seal>, public_url: &str) -> Result<Self> {
        let qr = Matrix::of(&text(public_url, &paper.code))?;
        Ok(Self {
            code: grouped(&paper.code),
            address: format!("{public_url}/p/{}", paper.code),
            digest: printed(&paper.digest),
            seal: seal_line(seal),
            made_on: words::short_day(&paper.made_at.day()),
            qr_path: qr.path(),
            qr_side: qr.side(),
        })
    }
}

/// What the QR says: in capitals, which QR packs tighter (alphanumeric mode).
pub fn text(public_url: &str, code: &str) -> String {
    format!("{}/P/{code}", public_url.to_ascii_uppercase())
}

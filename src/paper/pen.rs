//! The letters of papers that are drawn as PDF, and how wide they are.

use krilla::color::rgb;
use krilla::num::NormalizedF32;
use krilla::paint::Fill;
use krilla::text::Font;
use rustybuzz::{Face, UnicodeBuffer};

use std::sync::LazyLock;

use crate::base::{Error, Fault, Result, say, text};
use crate::paper::qr::length;

/// From one line to the next, in sizes of the letters.
pub const LINE: f32 = 1.22;

/// A font as it is drawn and as it is measured.
pub struct Pen {
    pub font: Font,
    face: Face<'static>,
    em: f32,
}

impl Pen {
    fn new(bytes: &'static [u8]) -> Result<Self> {
        let unreadable = || Error::internal("a font that ships with the service cannot be read");
        let font = Font::new(bytes.into(), 0).ok_or_else(unreadable)?;
        let face = Face::from_slice(bytes, 0).ok_or_else(unreadable)?;
        let em = i16::try_from(face.units_per_em()).map(f32::from).map_err(Error::internal)?;
        Ok(Self { font, face, em })
    }

    pub fn width(&self, text: &str, size: f32) -> f32 {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        let shaped = rustybuzz::shape(&self.face, &[], buffer);
        let advances = shaped.glyph_positions().iter().map(|glyph| i16::try_from(glyph.x_advance).unwrap_or(i16::MAX));
        advances.map(f32::from).sum::<f32>() * size / self.em
    }

    /// The text in lines no wider than `width`; a word that is wider is broken.
    pub fn wrapped(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer, size) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                let longer = format!("{line}{letter}");
                if !line.is_empty() && self.width(&longer, size) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(letter);
            }
        }
        lines.push(line);
        lines
    }

    /// The largest size, from `largest` down, at which the text fits into a box; and its lines there.
    pub fn fitted(&self, text: &str, width: f32, height: f32, largest: f32) -> (f32, Vec<String>) {
        let mut size = largest;
        loop {
            let lines = self.wrapped(text, size, width);
            if length(lines.len()) * size * LINE <= height || size <= 1.0 {
                return (size, lines);
            }
            size -= 0.5;
        }
    }
}

pub struct Pens {
    pub regular: Pen,
    pub bold: Pen,
    pub italic: Pen,
}

impl Pens {
    /// The letters that ship with the service.
    pub fn of_service() -> Result<Self> {
        Ok(Self {
            regular: Pen::new(dejavu::serif_condensed::regular())?,
            bold: Pen::new(dejavu::serif_condensed::bold())?,
            italic: Pen::new(dejavu::serif_condensed::italic())?,
        })
    }
}

/// Collects a fault unless `name` says something, with at most `most` characters that a paper's letters have: a certificate shows
/// an empty box in place of any other, such as a small picture.
pub fn check_name(name: &str, pointer: &str, most: usize, faults: &mut Vec<Fault>) {
    static LETTERS: LazyLock<Option<Face<'static>>> =
        LazyLock::new(|| Face::from_slice(dejavu::serif_condensed::bold(), 0));
    text::check(name, pointer, most, faults);
    let has = |letter: char| LETTERS.as_ref().is_none_or(|letters| letters.glyph_index(letter).is_some());
    let composed = text::compose(name);
    let lacking =
        composed.chars().find(|letter| !letter.is_whitespace() && !text::is_invisible(*letter) && !has(*letter));
    if let Some(letter) = lacking {
        faults.push(Fault::new(
            pointer,
            "not_printable",
            say(
                format!("Không in được “{letter}” trên giấy chứng nhận; xin chỉ dùng chữ, số và dấu câu."),
                format!(
                    "“{letter}” cannot be printed on a certificate; please use letters, digits and punctuation alone."
                ),
            ),
        ));
    }
}

pub fn regular(pens: &Pens) -> &Pen {
    &pens.regular
}

pub fn bold(pens: &Pens) -> &Pen {
    &pens.bold
}

pub fn italic(pens: &Pens) -> &Pen {
    &pens.italic
}

pub fn fill(colour: [u8; 3], opacity: f32) -> Option<Fill> {
    let [red, green, blue] = colour;
    let opacity = NormalizedF32::new(opacity).unwrap_or(NormalizedF32::ONE);
    Some(Fill { paint: rgb::Color::new(red, green, blue).into(), opacity, ..Fill::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_one_that_a_certificate_can_show() {
        let codes = |name: &str| {
            let mut faults = Vec::new();
            check_name(name, "/name", 200, &mut faults);
            faults.into_iter().map(|fault| fault.code).collect::<Vec<_>>()
        };
        for name in [
            "HTX Mật ong rừng “Cường Nga” – Vũ Quang",
            "MA\u{323}\u{302}T ONG",
            "Trà hoa №5 (20 °C) & ½ kg, 100%",
            "Бортевой мёд",
            "Ⅳ*",
            "Mật\u{200b} ong",
        ] {
            assert_eq!(codes(name), Vec::<&str>::new(), "{name}");
        }
        for name in ["Mật ong 🍯", "蜂蜜", "Trà 👩🏽\u{200d}🌾", "ハチミツ", "Mật ong \u{fffd}\u{e000}"]
        {
            assert_eq!(codes(name), ["not_printable"], "{name}");
        }
        assert_eq!(codes(" "), ["required"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn whatever_is_written_stays_within_its_box(
            text in "[A-Za-zÀ-ỹ ]{1,200}", width in 60f32..700.0, height in 20f32..70.0, largest in 8f32..26.0,
        ) {
            let pen = Pen::new(dejavu::serif_condensed::bold()).unwrap();
            let (size, lines) = pen.fitted(&text, width, height, largest);
            prop_assert!(size >= 2.0 && size <= largest);
            prop_assert!(length(lines.len()) * size * LINE <= height);
            for line in &lines {
                prop_assert!(pen.width(line, size) <= width, "{line}");
            }
            let letters = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(letters(&lines.join("")), letters(&text));
        }
    }
}

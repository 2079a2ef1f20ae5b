//! As much of a PDF's syntax (ISO 32000-2, 7.3 and 7.5) as an update of a file of ours is written in: objects one after
//! the other, a table, a trailer. Anything else is not read.

use std::collections::BTreeMap;

/// How deep values may stand within one another, and how many there may be.
const DEEPEST: usize = 24;
const MOST: usize = 200_000;
/// What tells where the last table is.
const TABLE: &[u8] = b"startxref";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    pub number: u32,
    pub generation: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    Entries(BTreeMap<Vec<u8>, Value<'a>>),
    Items(Vec<Value<'a>>),
    Name(Vec<u8>),
    Reference(Reference),
    /// A number, a string, a keyword, as it is written.
    Written(&'a [u8]),
}

impl<'a> Value<'a> {
    pub fn get(&self, name: &[u8]) -> Option<&Self> {
        match self {
            Self::Entries(entries) => entries.get(name),
            _ => None,
        }
    }

    pub fn items(&self) -> Option<&[Self]> {
        match self {
            Self::Items(items) => Some(items),
            _ => None,
        }
    }

    pub fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn reference(&self) -> Option<Reference> {
        match self {
            Self::Reference(reference) => Some(*reference),
            _ => None,
        }
    }

    pub fn whole(&self) -> Option<usize> {
        self.written()?.parse().ok()
    }

    pub fn number(&self) -> Option<f64> {
        self.written()?.parse().ok().filter(|number: &f64| number.is_finite())
    }

    fn written(&self) -> Option<&'a str> {
        match self {
            Self::Written(text) => std::str::from_utf8(text).ok(),
            _ => None,
        }
    }

    /// The same without these entries.
    pub fn without(&self, names: &[&[u8]]) -> Self {
        match self {
            Self::Entries(entries) => Self::Entries(
                entries
                    .iter()
                    .filter(|(name, _)| !names.contains(&name.as_slice()))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            ),
            other => other.clone(),
        }
    }

    /// Whether an entry of such a name stands anywhere within.
    pub fn any(&self, is_such: &impl Fn(&[u8]) -> bool) -> bool {
        match self {
            Self::Entries(entries) => entries.iter().any(|(name, value)| is_such(name) || value.any(is_such)),
            Self::Items(items) => items.iter().any(|value| value.any(is_such)),
            _ => false,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Object<'a> {
    pub number: u32,
    pub offset: usize,
    pub value: Value<'a>,
    pub stream: Option<&'a [u8]>,
}

/// A line of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub number: u32,
    pub offset: usize,
    pub generation: u32,
    pub is_free: bool,
}

/// What one writing of the file put there: its objects, its table, its trailer.
#[derive(Debug, Clone, PartialEq)]
pub struct Section<'a> {
    pub objects: Vec<Object<'a>>,
    pub entries: Vec<Entry>,
    pub trailer: Value<'a>,
    /// Where its table stands.
    pub table: usize,
}

/// All sections from a place to the end of the file; none where anything else stands there.
pub fn sections(file: &[u8], from: usize) -> Option<Vec<Section<'_>>> {
    let mut reader = Reader { bytes: file, at: from, left: MOST };
    let mut sections = Vec::new();
    reader.skip();
    while reader.at < file.len() {
        sections.push(reader.section()?);
        reader.skip();
    }
    Some(sections)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    left: usize,
}

fn is_blank(letter: u8) -> bool {
    matches!(letter, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn ends_word(letter: u8) -> bool {
    is_blank(letter) || b"()<>[]{}/%".contains(&letter)
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Goes on behind blanks and comments. One that names a table could lead a program to another one: it is no comment.
    fn skip(&mut self) {
        while let Some(letter) = self.peek() {
            if letter == b'%' {
                let length = self.rest().iter().take_while(|letter| !matches!(letter, b'\n' | b'\r')).count();
                let comment = self.rest().get(..length).unwrap_or_default();
                if comment.windows(TABLE.len()).any(|window| window == TABLE) {
                    return;
                }
                self.at += length;
            } else if is_blank(letter) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn take(&mut self, text: &[u8]) -> Option<()> {
        self.rest().starts_with(text).then(|| self.at += text.len())
    }

    fn word(&mut self) -> Option<&'a [u8]> {
        let length = self.rest().iter().take_while(|letter| !ends_word(**letter)).count();
        let word = self.rest().get(..length).filter(|word| !word.is_empty())?;
        self.at += length;
        Some(word)
    }

    fn number<N: std::str::FromStr>(&mut self) -> Option<N> {
        self.skip();
        let word = self.word()?;
        let is_number = word.iter().all(u8::is_ascii_digit);
        std::str::from_utf8(word).ok().filter(|_| is_number)?.parse().ok()
    }

    fn section(&mut self) -> Option<Section<'a>> {
        let mut objects = Vec::new();
        loop {
            self.skip();
            let table = self.at;
            if self.take(b"xref").is_some() {
                let entries = self.table()?;
                self.skip();
                let trailer = self.value(DEEPEST)?;
                self.skip();
                self.take(TABLE)?;
                let told: usize = self.number()?;
                self.skip_to_mark()?;
                return (told == table).then_some(Section { objects, entries, trailer, table });
            }
            objects.push(self.object()?);
        }
    }

    /// The mark that ends a section is a comment to everything else.
    fn skip_to_mark(&mut self) -> Option<()> {
        while self.peek().is_some_and(is_blank) {
            self.at += 1;
        }
        self.take(b"%%EOF")
    }

    fn object(&mut self) -> Option<Object<'a>> {
        let offset = self.at;
        let number = self.number()?;
        let generation: u32 = self.number()?;
        self.skip();
        self.take(b"obj")?;
        let value = self.value(DEEPEST)?;
        self.skip();
        let mut stream = None;
        if self.take(b"stream").is_some() {
            self.take(b"\r\n").or_else(|| self.take(b"\n"))?;
            let length = value.get(b"Length")?.whole()?;
            stream = Some(self.rest().get(..length)?);
            self.at += length;
            self.skip();
            self.take(b"endstream")?;
            self.skip();
        }
        self.take(b"endobj")?;
        (generation == 0).then_some(Object { number, offset, value, stream })
    }

    /// The lines of a table, up to its trailer.
    fn table(&mut self) -> Option<Vec<Entry>> {
        let mut entries = Vec::new();
        loop {
            self.skip();
            if self.take(b"trailer").is_some() {
                return Some(entries);
            }
            let (first, count): (u32, u32) = (self.number()?, self.number()?);
            for place in 0..count {
                self.left = self.left.checked_sub(1)?;
                let (offset, generation) = (self.number()?, self.number()?);
                self.skip();
                let is_free = match self.word()? {
                    b"n" => false,
                    b"f" => true,
                    _ => return None,
                };
                entries.push(Entry { number: first.checked_add(place)?, offset, generation, is_free });
            }
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        let depth = depth.checked_sub(1)?;
        self.left = self.left.checked_sub(1)?;
        self.skip();
        match self.peek()? {
            b'<' if self.rest().starts_with(b"<<") => self.entries(depth),
            b'<' => {
                let length = self.rest().iter().position(|letter| *letter == b'>')?;
                self.written(length + 1)
            }
            b'(' => {
                let length = string(self.rest())?;
                self.written(length)
            }
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    self.skip();
                    if self.take(b"]").is_some() {
                        return Some(Value::Items(items));
                    }
                    items.push(self.value(depth)?);
                }
            }
            b'/' => self.name().map(Value::Name),
            letter if letter.is_ascii_digit() => {
                let before = self.at;
                if let Some(reference) = self.reference() {
                    return Some(Value::Reference(reference));
                }
                self.at = before;
                self.word().map(Value::Written)
            }
            _ => self.word().map(Value::Written),
        }
    }

    fn written(&mut self, length: usize) -> Option<Value<'a>> {
        let text = self.rest().get(..length)?;
        self.at += length;
        Some(Value::Written(text))
    }

    /// `12 0 R`.
    fn reference(&mut self) -> Option<Reference> {
        let (number, generation) = (self.number()?, self.number()?);
        self.skip();
        (self.word()? == b"R").then_some(Reference { number, generation })
    }

    fn entries(&mut self, depth: usize) -> Option<Value<'a>> {
        self.take(b"<<")?;
        let mut entries = BTreeMap::new();
        loop {
            self.skip();
            if self.take(b">>").is_some() {
                return Some(Value::Entries(entries));
            }
            let name = self.name()?;
            let value = self.value(depth)?;
            // Which of two entries of one name counts is told nowhere.
            if entries.insert(name, value).is_some() {
                return None;
            }
        }
    }

    /// A name, whose letters may be written by their numbers.
    fn name(&mut self) -> Option<Vec<u8>> {
        self.take(b"/")?;
        let written = self.word().unwrap_or_default();
        let mut name = Vec::with_capacity(written.len());
        let mut letters = written.iter();
        while let Some(letter) = letters.next() {
            if *letter != b'#' {
                name.push(*letter);
                continue;
            }
            let mut digit = || char::from(*letters.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            name.push(digit()? << 4 | digit()?);
        }
        Some(name)
    }
}

/// How long a string in brackets is.
fn string(bytes: &[u8]) -> Option<usize> {
    let (mut open, mut is_escaped) = (0usize, false);
    for (place, letter) in bytes.iter().enumerate() {
        match letter {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'(' => open += 1,
            b')' => {
                open -= 1;
                if open == 0 {
                    return Some(place + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE: &[u8] = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/A#42 [1 0 R -2.5 (a\\)(b)) <0a> true]>>\nendobj\n\
2 0 obj<</Length 4>>stream\nq Q \nendstream endobj\nxref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000084 00000 n \n\
trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n134\n%%EOF\n";

    #[test]
    fn a_file_is_read_object_by_object() {
        let at = FILE.windows(5).position(|window| window == b"xref\n").unwrap();
        let text = String::from_utf8(FILE.to_vec()).unwrap().replace("\n134\n", &format!("\n{at}\n"));
        let sections = sections(text.as_bytes(), 0).unwrap();
        let [section] = sections.as_slice() else { panic!("{sections:?}") };
        assert_eq!(section.trailer.get(b"Root").unwrap().reference(), Some(Reference { number: 1, generation: 0 }));
        assert_eq!(section.objects[0].value.get(b"AB").unwrap().items().unwrap().len(), 5);
        assert_eq!(section.objects[1].stream, Some(&b"q Q "[..]));
        assert_eq!((section.entries.len(), section.objects[0].offset), (3, 9));
        for (from, to) in
            [("/A#42", "/Type"), ("endstream", "endstr"), ("startxref\n", "startxref\n1"), ("Length 4", "Length 9")]
        {
            assert_eq!(super::sections(text.replace(from, to).as_bytes(), 0), None, "{from}");
        }
        let deep = format!("1 0 obj {}", "[".repeat(100_000));
        assert_eq!(super::sections(deep.as_bytes(), 0), None);
    }

    proptest! {
        #[test]
        fn no_file_ends_the_program(at in 0usize..300, byte: u8, from in 0usize..300) {
            let mut bytes = FILE.to_vec();
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            sections(&bytes, from);
        }
    }
}

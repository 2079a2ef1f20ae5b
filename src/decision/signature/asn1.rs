//! The few forms of ASN.1 that a signature is written in. Signing programs write CMS as BER too, with lengths that only an
//! end mark tells, and what was signed is the very bytes: so the bytes are walked, and never written anew.

/// A value: what it is, what it holds, and all of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    pub whole: &'a [u8],
}

pub const INTEGER: u8 = 0x02;
pub const OCTETS: u8 = 0x04;
pub const OBJECT: u8 = 0x06;
pub const UTC_TIME: u8 = 0x17;
pub const TIME: u8 = 0x18;
pub const SEQUENCE: u8 = 0x30;
pub const SET: u8 = 0x31;
const CONSTRUCTED: u8 = 0x20;
const LONG_TAG: u8 = 0x1f;
const UNTOLD_LENGTH: u8 = 0x80;

/// So many values of an untold length may stand within one another.
const DEEPEST: usize = 16;

/// A tag of the context, as `[0]`.
pub const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// The first value, and what is behind it.
pub fn first(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    read(bytes, DEEPEST)
}

fn read(bytes: &[u8], depth: usize) -> Option<(Element<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    if tag & LONG_TAG == LONG_TAG {
        return None;
    }
    let (&told, rest) = rest.split_first()?;
    if told == UNTOLD_LENGTH {
        return untold(bytes, tag, rest, depth);
    }
    let (length, rest) = if told < UNTOLD_LENGTH {
        (usize::from(told), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(told & 0x7f))?;
        if digits.len() > 4 {
            return None;
        }
        (digits.iter().fold(0usize, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    let (whole, _) = bytes.split_at_checked(bytes.len() - rest.len())?;
    Some((Element { tag, content, whole }, rest))
}

/// A value that goes on to its end mark, two zeros.
fn untold<'a>(bytes: &'a [u8], tag: u8, content: &'a [u8], depth: usize) -> Option<(Element<'a>, &'a [u8])> {
    let depth = depth.checked_sub(1)?;
    if tag & CONSTRUCTED == 0 {
        return None;
    }
    let mut rest = content;
    loop {
        if let Some(behind) = rest.strip_prefix(&[0, 0]) {
            let (content, _) = content.split_at_checked(content.len() - rest.len())?;
            let (whole, _) = bytes.split_at_checked(bytes.len() - behind.len())?;
            return Some((Element { tag, content, whole }, behind));
        }
        rest = read(rest, depth)?.1;
    }
}

/// The values of a content, one after the other.
pub struct Elements<'a>(&'a [u8]);

impl<'a> Element<'a> {
    pub fn inner(&self) -> Elements<'a> {
        Elements(self.content)
    }

    /// The value itself where it is of this kind.
    pub fn of(self, tag: u8) -> Option<Self> {
        (self.tag == tag).then_some(self)
    }

    /// The bytes of a string, also where it is written in pieces.
    pub fn octets(&self) -> Option<Vec<u8>> {
        match self.tag {
            OCTETS => Some(self.content.to_vec()),
            tag if tag == OCTETS | CONSTRUCTED || tag == context(0) => {
                let mut bytes = Vec::new();
                for piece in self.inner().all()? {
                    bytes.extend_from_slice(piece.of(OCTETS)?.content);
                }
                Some(bytes)
            }
            _ => None,
        }
    }
}

impl<'a> Elements<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next value, where there is one and it is of this kind.
    pub fn take(&mut self, tag: u8) -> Option<Element<'a>> {
        let (element, rest) = first(self.0)?;
        let element = element.of(tag)?;
        self.0 = rest;
        Some(element)
    }

    /// The next value, whatever it is.
    pub fn any(&mut self) -> Option<Element<'a>> {
        let (element, rest) = first(self.0)?;
        self.0 = rest;
        Some(element)
    }

    /// All that are left; none where one cannot be read.
    pub fn all(mut self) -> Option<Vec<Element<'a>>> {
        let mut found = Vec::new();
        while !self.0.is_empty() {
            found.push(self.any()?);
        }
        Some(found)
    }
}

/// The head of a value of this length, as DER writes it.
pub fn head(tag: u8, length: usize) -> Vec<u8> {
    let digits = length.to_be_bytes();
    let digits: Vec<u8> = digits.into_iter().skip_while(|digit| *digit == 0).collect();
    match (digits.as_slice(), u8::try_from(digits.len())) {
        ([], _) => vec![tag, 0],
        ([short], _) if *short < UNTOLD_LENGTH => vec![tag, *short],
        (digits, count) => [&[tag, UNTOLD_LENGTH | count.unwrap_or_default()], digits].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_value_is_read_with_its_length_told_or_untold() {
        let (told, rest) = first(&[0x30, 3, 2, 1, 7, 9]).unwrap();
        assert_eq!((told.content, rest), (&[2u8, 1, 7][..], &[9u8][..]));
        let (untold, rest) = first(&[0x30, 0x80, 0x24, 0x80, 4, 1, 7, 0, 0, 0, 0, 9]).unwrap();
        assert_eq!((untold.content, rest), (&[0x24u8, 0x80, 4, 1, 7, 0, 0][..], &[9u8][..]));
        assert_eq!(untold.inner().any().unwrap().octets().unwrap(), [7]);
        for broken in [&[][..], &[0x30], &[0x30, 2, 1], &[0x30, 0x80, 2, 1, 7], &[0x1f, 1, 1], &[0x04, 0x80, 0, 0]] {
            assert_eq!(first(broken), None, "{broken:?}");
        }
        let deep: Vec<u8> = [0x30, 0x80].repeat(100_000);
        assert_eq!(first(&deep), None);
    }

    proptest! {
        #[test]
        fn whatever_is_read_never_ends_the_program(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some((element, _)) = first(&bytes) {
                element.inner().all();
                element.octets();
            }
        }

        #[test]
        fn a_head_is_read_as_it_was_written(length in 0usize..70_000) {
            let bytes = [head(SEQUENCE, length), vec![5; length]].concat();
            prop_assert_eq!(first(&bytes).unwrap().0.content.len(), length);
        }
    }
}

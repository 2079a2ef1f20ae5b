//! What lots, stamps and people are called in EPCIS: GS1 Digital Link where there is a GTIN, else our own addresses.

use crate::base::id::{DocumentId, LotId, ProducerId, ShopId, StampOrderId};
use crate::product::rules::Gtin;

/// The longest lot number that AI 10 takes.
const LONGEST_LOT: usize = 20;

/// Makes and reads the names under the public address of the service.
#[derive(Debug, Clone)]
pub struct Names {
    origin: String,
}

/// What a name names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Lot(LotId),
    /// The lot with this number of the product with this GTIN.
    LotOf(Gtin, String),
    /// All stamps of an order.
    Order(StampOrderId),
    /// The stamp with this code, which may be anybody's invention.
    Stamp(String),
}

impl Names {
    pub fn new(public_url: &str) -> Self {
        Self { origin: public_url.to_owned() }
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub fn product(&self, gtin: &Gtin) -> String {
        format!("{}{}", self.origin, digital_link(gtin, &[]))
    }

    /// A lot, as a class of things. Numbers that AI 10 does not take stay with our own address.
    pub fn lot(&self, id: LotId, code: &str, gtin: Option<&Gtin>) -> String {
        match gtin.filter(|_| code.is_ascii() && (1..=LONGEST_LOT).contains(&code.len())) {
            Some(gtin) => format!("{}/10/{}", self.product(gtin), escaped(code)),
            None => format!("{}/api/v1/lots/{id}", self.origin),
        }
    }

    /// The stamps of an order, as a class of things.
    pub fn order(&self, id: StampOrderId) -> String {
        format!("{}/api/v1/stamp-orders/{id}", self.origin)
    }

    /// One stamp.
    pub fn stamp(&self, code: &str, gtin: Option<&Gtin>) -> String {
        match gtin {
            Some(gtin) => format!("{}/21/{code}", self.product(gtin)),
            None => format!("{}/t/{code}", self.origin),
        }
    }

    pub fn producer(&self, id: ProducerId) -> String {
        format!("{}/api/v1/producers/{id}", self.origin)
    }

    pub fn shop(&self, id: ShopId) -> String {
        format!("{}/api/v1/shops/{id}", self.origin)
    }

    pub fn document(&self, id: DocumentId) -> String {
        format!("{}/api/v1/documents/{id}", self.origin)
    }

    /// What stands behind the origin, where it is this service's: neither its scheme nor its host tells cases apart (RFC 3986),
    /// and a QR code is in capitals.
    fn path<'name>(&self, name: &'name str) -> Option<&'name str> {
        let (origin, path) = name.split_at_checked(self.origin.len())?;
        let is_whole = path.is_empty() || path.starts_with(['/', '?', '#']);
        (is_whole && origin.eq_ignore_ascii_case(&self.origin)).then_some(path)
    }

    /// What a name means; None for names that are not ours.
    pub fn read(&self, name: &str) -> Option<Named> {
        let path = self.path(name.trim())?;
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let parts: Vec<String> = path.split('/').skip(1).map(unescaped).collect::<Option<_>>()?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["api", "v1", "lots", id] => id.parse().ok().map(Named::Lot),
            ["api", "v1", "stamp-orders", id] => id.parse().ok().map(Named::Order),
            ["t" | "T", code] | ["01", _, "21", code] | ["01", _, "10", _, "21", code] => {
                Some(Named::Stamp((*code).to_owned()))
            }
            ["01", gtin, "10", lot] => Gtin::read(gtin).map(|gtin| Named::LotOf(gtin, (*lot).to_owned())),
            _ => None,
        }
    }
}

/// A GS1 Digital Link as a path: an article by its GTIN, with those of its qualifiers (AI) that are known.
pub fn digital_link(gtin: &Gtin, qualifiers: &[(&str, &Option<String>)]) -> String {
    let part = |(qualifier, value): &(&str, &Option<String>)| {
        value.as_ref().map_or_else(String::new, |value| format!("/{qualifier}/{}", escaped(value)))
    };
    format!("/01/{}{}", gtin.digits(), qualifiers.iter().map(part).collect::<String>())
}

/// A text as one part of a path (RFC 3986).
pub fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        bytes.push(digit(rest.next())? * 16 + digit(rest.next())?);
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names() -> Names {
        Names::new("https://ocop.example.vn")
    }

    fn gtin() -> Gtin {
        Gtin::read("8934563138165").unwrap()
    }

    #[test]
    fn names_are_read_back() {
        let (lot, order) = (LotId::new(), StampOrderId::new());
        let named = names().lot(lot, "L-1/2", Some(&gtin()));
        assert_eq!(named, "https://ocop.example.vn/01/08934563138165/10/L-1%2F2");
        assert_eq!(names().read(&named), Some(Named::LotOf(gtin(), "L-1/2".into())));
        for (code, gtin) in [("L-1", None), ("LÔ-1", Some(gtin())), ("L-12345678901234567890", Some(gtin()))] {
            assert_eq!(names().read(&names().lot(lot, code, gtin.as_ref())), Some(Named::Lot(lot)), "{code}");
        }
        assert_eq!(names().read(&names().order(order)), Some(Named::Order(order)));
        for gtin in [None, Some(gtin())] {
            assert_eq!(names().read(&names().stamp("0ABC", gtin.as_ref())), Some(Named::Stamp("0ABC".into())));
        }
    }

    #[test]
    fn other_names_name_nothing_here() {
        for name in [
            "",
            "urn:epc:id:sgtin:1.2.3",
            "https://other.example/t/0ABC",
            "https://ocop.example.vn/01/12/10/L",
            "https://ocop.example.vn.evil.example/t/0ABC",
            "https://ocop.example.vn@evil.example/t/0ABC",
            "https://ocop.example.vnevil/t/0ABC",
            "https://ocop.example.vn:444/t/0ABC",
            "http://ocop.example.vn/t/0ABC",
            "https://ocop.example.v",
        ] {
            assert_eq!(names().read(name), None, "{name}");
        }
    }

    #[test]
    fn an_address_in_capitals_names_the_same() {
        for name in
            ["HTTPS://OCOP.EXAMPLE.VN/T/0ABC", "https://Ocop.example.vn/t/0ABC", " https://ocop.example.vn/T/0ABC?a"]
        {
            assert_eq!(names().read(name), Some(Named::Stamp("0ABC".into())), "{name}");
        }
    }

    proptest! {
        #[test]
        fn escapes_are_undone(text in "[^\0]{0,30}") {
            prop_assert_eq!(unescaped(&escaped(&text)), Some(text));
        }

        #[test]
        fn any_name_can_be_read(name in "\\PC{0,60}") {
            let _ = names().read(&format!("https://ocop.example.vn{name}"));
        }
    }
}

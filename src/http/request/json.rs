//! Reads JSON as it is meant: no name may stand twice in an object, of which readers keep the first or the last, and a whole
//! number is one however it is written (`6.0`). Texts become NFC.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::base::text;

/// The largest whole number that every writer of JSON can write without loss.
const LARGEST_EXACT: f64 = 9_007_199_254_740_991.0;

/// A value, and the places of names that stand twice in their object.
pub struct Read {
    pub value: Value,
    pub repeated: Vec<String>,
}

/// What some editors and programs of Windows put before a text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub fn read(bytes: &[u8]) -> serde_json::Result<Read> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let mut repeated = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Place { pointer: String::new(), repeated: &mut repeated }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(Read { value, repeated })
}

/// The number as an integer, where it is one.
fn number(number: f64) -> Value {
    let whole = (number.fract() == 0.0 && number.abs() <= LARGEST_EXACT).then(|| format!("{number:.0}").parse::<i64>());
    match whole {
        Some(Ok(whole)) => Value::from(whole),
        _ => Value::from(number),
    }
}

/// A place in the body that is read.
struct Place<'a> {
    pointer: String,
    repeated: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(text::compose(value)))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            let pointer = format!("{}/{}", self.pointer, values.len());
            match items.next_element_seed(Place { pointer, repeated: &mut *self.repeated })? {
                Some(value) => values.push(value),
                None => return Ok(Value::Array(values)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let pointer = format!("{}/{}", self.pointer, name.replace('~', "~0").replace('/', "~1"));
            if object.contains_key(&name) {
                self.repeated.push(pointer.clone());
            }
            object.insert(name, members.next_value_seed(Place { pointer, repeated: &mut *self.repeated })?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn value(text: &str) -> Value {
        read(text.as_bytes()).unwrap().value
    }

    #[test]
    fn whole_numbers_are_integers_however_they_are_written() {
        for (text, expected) in [
            ("6.0", json!(6)),
            ("-6.0", json!(-6)),
            ("6e2", json!(600)),
            ("-0.0", json!(0)),
            ("9007199254740991.0", json!(9_007_199_254_740_991_i64)),
            ("6.5", json!(6.5)),
            ("1e300", json!(1e300)),
            ("18446744073709551615", json!(18_446_744_073_709_551_615_u64)),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_it() {
        assert_eq!(value("\u{feff}{\"a\": \"\u{feff}b\"}"), json!({"a": "\u{feff}b"}));
        for text in ["\u{feff}\u{feff}{}", "{}\u{feff}", "\u{feff}"] {
            assert!(read(text.as_bytes()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_that_stand_twice_are_told_with_their_places() {
        let read = read(br#"{"a": 1, "a": 1, "b": [{"c/d": 1, "c/d": 2}], "e": {"f": 1}, "f": 2}"#).unwrap();
        assert_eq!(read.repeated, ["/a", "/b/0/c~1d"]);
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "{", "{\"a\": 1} 2", "[1,]", "nul", "\"\\ud800\"", &"[".repeat(1000)] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-z~/]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z~/]{0,3}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// What a writer wrote is read as it was.
        #[test]
        fn everything_else_is_read_as_it_was_written(written in any_json()) {
            let read = read(written.to_string().as_bytes()).unwrap();
            prop_assert_eq!(read.value, written);
            prop_assert!(read.repeated.is_empty());
        }
    }
}

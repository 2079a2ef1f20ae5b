//! Texts of people in XML.

use std::fmt;

/// A text that XML 1.0 can hold: control characters and the two that are no characters are left out, which no escaping
/// could save. What is left is escaped where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    pub fn new(text: &str) -> Self {
        Self(text.chars().filter(|letter| is_allowed(*letter)).collect())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `Char` of XML 1.0; a surrogate is no `char` anyway.
fn is_allowed(letter: char) -> bool {
    match letter {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        _ => letter >= ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use askama::Template;
    use proptest::prelude::*;

    #[derive(Template)]
    #[template(source = "<text at=\"{{ text }}\">{{ text }}</text>", ext = "xml")]
    struct Sample {
        text: Text,
    }

    /// What a parser reads back, from the element and from its attribute.
    fn read(text: &str) -> (String, String) {
        let written = Sample { text: Text::new(text) }.render().unwrap();
        let document = roxmltree::Document::parse(&written).unwrap_or_else(|error| panic!("{error}: {written:?}"));
        let root = document.root_element();
        (root.text().unwrap_or_default().to_owned(), root.attribute("at").unwrap_or_default().to_owned())
    }

    #[test]
    fn what_is_strange_in_a_name_comes_through() {
        for name in
            ["Mật ong ]]> & <b>\"rừng\"</b> 'x'", "🍯 \u{202e}gno tạm\u{202c}", "<!-- -- --> <?php ?>", "e\u{301}"]
        {
            assert_eq!(read(name), (name.to_owned(), name.to_owned()));
        }
    }

    #[test]
    fn what_xml_forbids_is_left_out() {
        assert_eq!(read("a\u{0}\u{1}\u{8}\u{b}\u{c}\u{1f}\u{fffe}\u{ffff}b").0, "ab");
    }

    proptest! {
        /// Any text at all makes well-formed XML, and nothing but the forbidden is lost.
        #[test]
        fn any_text_is_read_back(text in any::<String>()) {
            let expected: String = text.chars().filter(|letter| is_allowed(*letter)).collect();
            // Parsers make line feeds of carriage returns, and spaces of both in attributes.
            let lines = expected.replace("\r\n", "\n").replace('\r', "\n");
            let (element, attribute) = read(&text);
            prop_assert_eq!(&element, &lines);
            prop_assert_eq!(attribute, lines.replace(['\n', '\t'], " "));
        }
    }
}

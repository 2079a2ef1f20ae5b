//! What stands around every page.

use crate::base::Stars;
use crate::http::{House, Language, Request};
use crate::page::style;
use crate::page::texts::{self, Texts};

/// The part of the site that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Home,
    Products,
    Shops,
    Figures,
    Check,
    Guides,
    /// What a shopper sees who scans.
    Scan,
    Elsewhere,
}

/// A part of the site that the navigation leads to.
#[derive(Clone, Copy)]
pub struct Part {
    pub address: &'static str,
    section: Section,
    name: fn(&texts::Frame) -> &'static str,
}

/// The parts of the site, in the order in which the navigation names them.
pub const PARTS: [Part; 5] = [
    Part { address: "/products", section: Section::Products, name: |texts| texts.products },
    Part { address: "/shops", section: Section::Shops, name: |texts| texts.shops },
    Part { address: "/figures", section: Section::Figures, name: |texts| texts.figures },
    Part { address: "/check", section: Section::Check, name: |texts| texts.check },
    Part { address: "/guides", section: Section::Guides, name: |texts| texts.guides },
];

/// What the frame of a page says of it.
pub struct Frame {
    pub language: Language,
    pub texts: &'static Texts,
    pub section: Section,
    /// The address of this page in the other language.
    pub switch: String,
    /// The one absolute address under which search engines know this page; those without are kept out of them.
    pub canonical: Option<String>,
    /// The origin of absolute addresses, without a slash at its end.
    pub public_url: String,
    pub stylesheet: &'static str,
}

impl Frame {
    pub fn new(house: &House, request: &Request, section: Section) -> Self {
        let language = request.language;
        Self {
            language,
            texts: Texts::of(language),
            section,
            switch: in_language(&request.path, request.query_text(), language.other()),
            canonical: None,
            public_url: house.public_url.to_string(),
            stylesheet: style::address(),
        }
    }

    /// The frame of a page that search engines may know, by this path.
    pub fn canonical(mut self, path: &str) -> Self {
        self.canonical = Some(format!("{}{path}", self.public_url));
        self
    }

    /// The frame of a page whose other language is to be asked for at another address.
    pub fn switched(mut self, address: &str) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        self.switch = in_language(path, query, self.language.other());
        self
    }

    /// The canonical address in each language, by the language's tag.
    pub fn alternates(&self) -> Vec<(&'static str, String)> {
        let Some(address) = &self.canonical else { return Vec::new() };
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let languages = [Language::Vietnamese, Language::English];
        languages.map(|language| (language.tag(), in_language(path, query, language))).into()
    }

    /// Nothing stands before the verdict of a scan, not even the navigation.
    pub fn is_scan(&self) -> bool {
        self.section == Section::Scan
    }

    /// The entries of the navigation: address, text, whether this page is in it.
    pub fn navigation(&self) -> [(&'static str, &'static str, bool); PARTS.len()] {
        PARTS.map(|part| (part.address, (part.name)(&self.texts.frame), self.section == part.section))
    }

    /// `4 sao`, for those who cannot see the stars.
    pub fn stars(&self, stars: &Stars) -> String {
        (self.texts.frame.stars)(stars.get())
    }
}

/// An address with another choice of language.
pub fn in_language(path: &str, query: &str, language: Language) -> String {
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
    let chosen = format!("lang={}", language.tag());
    let query = kept.chain([chosen.as_str()]).collect::<Vec<_>>().join("&");
    format!("{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_of_language_replaces_the_one_before() {
        let address = in_language("/products", "q=m%E1%BA%ADt&lang=vi&page=2", Language::English);
        assert_eq!(address, "/products?q=m%E1%BA%ADt&page=2&lang=en");
        assert_eq!(in_language("/", "", Language::Vietnamese), "/?lang=vi");
    }
}

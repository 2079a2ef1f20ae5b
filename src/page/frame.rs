//! What stands around every page.

use crate::base::Stars;
use crate::http::{App, Language, Request};
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
    /// The absolute address under which search engines know this page in Vietnamese; those without are kept out of them.
    known_at: Option<String>,
    /// The origin of absolute addresses, without a slash at its end.
    pub public_url: String,
    pub stylesheet: &'static str,
    /// Its script sends what it kept on the device.
    pub saves: bool,
}

impl Frame {
    pub fn new(app: &App, request: &Request, section: Section) -> Self {
        let frame = Self::of(request.language, &app.public_url, section);
        let switch = in_language(&request.path, request.query_text(), frame.language.other());
        Self { switch, ..frame }
    }

    /// The frame of a page whose other language is the first page, unless it is [`Self::switched`].
    pub fn of(language: Language, public_url: &str, section: Section) -> Self {
        Self {
            language,
            texts: Texts::of(language),
            section,
            switch: in_language("/", "", language.other()),
            known_at: None,
            public_url: public_url.to_owned(),
            stylesheet: style::address(),
            saves: false,
        }
    }

    /// The frame of a page that search engines may know, by this path. Each language is a page of its own to them.
    pub fn canonical(mut self, path: &str) -> Self {
        self.known_at = Some(format!("{}{path}", self.public_url));
        self
    }

    /// The one address under which search engines know this page in its language.
    pub fn canonical_address(&self) -> Option<String> {
        let address = self.known_at.as_deref()?;
        Some(match self.language {
            Language::Vietnamese => address.to_owned(),
            Language::English => in_english(address),
        })
    }

    /// The frame of a page whose other language is to be asked for at another address.
    pub fn switched(mut self, address: &str) -> Self {
        self.switch = switch(self.language, address);
        self
    }

    /// The frame of a page whose script sends what it kept.
    pub fn saving(self, saves: bool) -> Self {
        Self { saves, ..self }
    }

    /// The canonical address in each language, by the language's tag, and for those who read neither.
    pub fn alternates(&self) -> Vec<(&'static str, String)> {
        let Some(address) = &self.known_at else { return Vec::new() };
        vec![
            (Language::Vietnamese.tag(), address.clone()),
            (Language::English.tag(), in_english(address)),
            ("x-default", address.clone()),
        ]
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

/// Where what is shown at an address in this language is in the other one.
pub fn switch(language: Language, address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    in_language(path, query, language.other())
}

/// The address of a page of ours with another choice of language.
pub fn in_language(path: &str, query: &str, language: Language) -> String {
    format!("{}?{}", own(path), chosen(query, language))
}

/// A path as one of this host: with two slashes in front it would name another.
pub fn own(path: &str) -> String {
    format!("/{}", path.trim_start_matches(['/', '\\']))
}

fn in_english(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    format!("{path}?{}", chosen(query, Language::English))
}

fn chosen(query: &str, language: Language) -> String {
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
    let chosen = format!("lang={}", language.tag());
    kept.chain([chosen.as_str()]).collect::<Vec<_>>().join("&")
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

    #[test]
    fn no_path_leads_to_another_host() {
        for path in ["//evil.example/x", "/\\evil.example/x", "\\\\evil.example/x", "///evil.example/x"] {
            assert_eq!(in_language(path, "", Language::English), "/evil.example/x?lang=en");
        }
    }
}

//! What pages say: `vi.rs` and `en.rs` hold every text of the pages, each once. A text that one of them lacks does not
//! compile.

mod en;
mod vi;

use crate::http::Language;

/// All texts of one language.
pub struct Texts {
    pub frame: Frame,
    pub problem: Problems,
    pub producer_kinds: ProducerKinds,
    pub stamp: Stamp,
    pub verdicts: Verdicts,
    pub warnings: Warnings,
    pub legacy: Words,
    pub events: Events,
    pub doubt: Doubt,
    pub confirmation: Confirmation,
    pub paper: Paper,
    pub certificate: Certificate,
    pub states: States,
    pub sectors: Sectors,
    pub pages: Pages,
    pub catalogue: Catalogue,
    pub product: Product,
    pub lots: Lots,
    pub shops: Shops,
    pub check: Check,
    pub home: Home,
    pub guides: Guides,
    pub figures: Figures,
}

impl Texts {
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Vietnamese => &vi::TEXTS,
            Language::English => &en::TEXTS,
        }
    }
}

/// What stands around every page.
pub struct Frame {
    /// The name of the service, and what it is.
    pub name: &'static str,
    pub motto: &'static str,
    pub skip: &'static str,
    pub navigation: &'static str,
    pub products: &'static str,
    pub shops: &'static str,
    pub figures: &'static str,
    pub check: &'static str,
    pub guides: &'static str,
    /// Where signed-in people work.
    pub desk: &'static str,
    pub sign_in: &'static str,
    /// For producers who want to take part.
    pub register: &'static str,
    /// In the other language: where to read this page in it.
    pub other_language: &'static str,
    pub about: &'static str,
    /// What is kept of a visitor.
    pub privacy: &'static str,
    /// In words, for who cannot see the stars: `4 sao`.
    pub stars: fn(i32) -> String,
}

/// Pages of what went wrong.
pub struct Problems {
    pub unknown_stamp: &'static str,
    pub unknown_paper: &'static str,
    pub unknown_certificate: &'static str,
    pub not_found: &'static str,
    /// A stamp could not be looked up.
    pub not_checked: &'static str,
    pub busy: &'static str,
    pub failed: &'static str,
    pub too_many: &'static str,
    pub refused: &'static str,
    /// What to do about each of them.
    pub after_unknown_stamp: &'static str,
    pub after_not_found: &'static str,
    pub after_not_checked: &'static str,
    pub after_busy: &'static str,
    pub after_refused: &'static str,
    pub again: &'static str,
    pub to_check: &'static str,
    pub to_home: &'static str,
}

/// What kinds of producers are called.
pub struct ProducerKinds {
    pub enterprise: &'static str,
    pub cooperative: &'static str,
    pub cooperative_group: &'static str,
    pub household: &'static str,
    pub farm: &'static str,
    pub association: &'static str,
    pub operating_centre: &'static str,
}

/// What is said of a verdict or a warning: its title, when it is given, what to do.
pub struct Words {
    pub title: &'static str,
    pub rule: &'static str,
    pub advice: &'static str,
}

/// What is said of a lot that somebody asks for by its number.
pub struct Lots {
    pub title: fn(&str) -> String,
    pub unknown: Words,
    pub in_trade: Words,
}

pub struct Verdicts {
    pub genuine: Words,
    pub not_activated: Words,
    pub suspect: Words,
    pub revoked: Words,
    pub suspended: Words,
    pub recalled: Words,
    pub void: Words,
}

pub struct Warnings {
    pub certificate_extended: Words,
    pub certificate_expired: Words,
    pub past_shelf_life: Words,
    pub not_rated: Words,
    pub display: Words,
}

/// What happened to a lot.
pub struct Events {
    pub receive: &'static str,
    pub plant: &'static str,
    pub harvest: &'static str,
    pub process: &'static str,
    pub pack: &'static str,
    pub test: &'static str,
    pub ship: &'static str,
    pub sell: &'static str,
    pub sold_out: &'static str,
}

/// The page of a stamp.
pub struct Stamp {
    pub kicker: &'static str,
    pub doubt_link: &'static str,
    pub warnings: &'static str,
    pub compare: &'static str,
    pub product: &'static str,
    pub producer: &'static str,
    pub name: &'static str,
    pub rating: &'static str,
    pub no_stars: &'static str,
    pub not_rated: &'static str,
    pub product_code: &'static str,
    pub origin: &'static str,
    pub shelf_life: &'static str,
    pub safety_warnings: &'static str,
    pub kind: &'static str,
    pub address: &'static str,
    pub phone: &'static str,
    pub certificate: &'static str,
    pub number: &'static str,
    pub issued_on: &'static str,
    pub valid_until: &'static str,
    pub extended_until: &'static str,
    pub lot_code: &'static str,
    pub produced_on: &'static str,
    pub expires_on: &'static str,
    pub journey: &'static str,
    pub this_stamp: &'static str,
    pub code: &'static str,
    pub serial: &'static str,
    /// Never scanned: somebody only looks.
    pub never_scanned: &'static str,
    /// The first scan is this one.
    pub first_scan: &'static str,
    /// This is the n-th scan; the first was on that day.
    pub later_scan: fn(i64, &str) -> String,
}

/// Reporting a doubt.
pub struct Doubt {
    pub heading: &'static str,
    pub text: &'static str,
    pub contact: &'static str,
    pub photo: &'static str,
    pub consent: &'static str,
    pub agree: &'static str,
    pub send: &'static str,
    pub not_sent: &'static str,
    pub thanks: &'static str,
    pub thanks_text: &'static str,
    /// By which an answer is read later.
    pub keep_receipt: &'static str,
    pub receipt_of: &'static str,
    pub receipt: &'static str,
    pub sent_on: &'static str,
    pub stands: &'static str,
    pub is_open: &'static str,
    pub is_seen: &'static str,
    pub is_closed: &'static str,
    pub answer: &'static str,
    pub back: &'static str,
}

/// Confirming a stamp by the digits under its scratch layer.
pub struct Confirmation {
    pub heading: &'static str,
    pub explanation: &'static str,
    pub digits: &'static str,
    pub send: &'static str,
    pub first: &'static str,
    pub first_text: &'static str,
    pub again: &'static str,
    pub again_text: fn(&str) -> String,
    pub not_confirmed: &'static str,
}

/// The verification of a paper.
pub struct Paper {
    pub current: &'static str,
    pub superseded: &'static str,
    pub printed_here: &'static str,
    pub kind: &'static str,
    pub unit: &'static str,
    pub decision: &'static str,
    pub dated: &'static str,
    pub first_printed: &'static str,
    pub code: &'static str,
    pub digest: &'static str,
    pub seal: &'static str,
    pub compare: &'static str,
    pub minutes: &'static str,
    pub named_sheets: &'static str,
    pub own_sheet: &'static str,
    pub nameless_sheets: &'static str,
    pub draft: &'static str,
    pub a_decision: &'static str,
    pub result_notice: &'static str,
    pub registration_sheet: &'static str,
    pub self_evaluation: &'static str,
    pub commune_report: &'static str,
    pub group_report: &'static str,
    pub inspection_minutes: &'static str,
}

/// The verification of a certificate.
pub struct Certificate {
    pub heading: &'static str,
    pub valid: &'static str,
    pub extended: &'static str,
    pub expired: &'static str,
    pub revoked: &'static str,
    /// What each of them means for who reads it.
    pub means_valid: &'static str,
    pub means_extended: &'static str,
    pub means_expired: &'static str,
    pub means_revoked: &'static str,
    pub product: &'static str,
    pub product_code: &'static str,
    pub producer: &'static str,
    pub address: &'static str,
    pub issued_on: &'static str,
    pub valid_until: &'static str,
    pub extended_until: &'static str,
    pub revoked_from: &'static str,
    pub compare: &'static str,
    pub pdf: &'static str,
}

/// What a product is by its newest certificate, in a few words.
pub struct States {
    pub certified: &'static str,
    pub expired: &'static str,
    pub revoked: &'static str,
    pub participating: &'static str,
}

/// The six groups of products.
pub struct Sectors {
    pub food: &'static str,
    pub drink: &'static str,
    pub herbal: &'static str,
    pub textile: &'static str,
    pub craft: &'static str,
    pub tourism: &'static str,
    pub ornamental: &'static str,
}

/// Links between the pages of a list.
pub struct Pages {
    pub pages: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub page: fn(&usize) -> String,
}

/// The catalogue.
pub struct Catalogue {
    pub title: &'static str,
    pub description: &'static str,
    pub search: &'static str,
    pub search_hint: &'static str,
    pub unit: &'static str,
    pub all_units: &'static str,
    pub whole_district: fn(&str) -> String,
    pub no_district: &'static str,
    pub group: &'static str,
    pub all_groups: &'static str,
    pub stars: &'static str,
    pub all_stars: &'static str,
    pub state: &'static str,
    pub all_states: &'static str,
    pub show: &'static str,
    pub found: fn(i64, &str) -> String,
    pub all_but_revoked: &'static str,
    pub only_certified: &'static str,
    pub only_expired: &'static str,
    pub only_revoked: &'static str,
    pub only_participating: &'static str,
    pub clear: &'static str,
    pub nothing: &'static str,
    pub advice: &'static [&'static str],
}

/// The page of a product.
pub struct Product {
    pub locale: &'static str,
    pub means_certified: &'static str,
    pub means_participating: &'static str,
    pub means_expired: &'static str,
    pub means_revoked: &'static str,
    pub picture: fn(&str, &usize) -> String,
    pub about: &'static str,
    pub code: &'static str,
    pub group: &'static str,
    pub place: &'static str,
    pub packaging: &'static str,
    pub origin: &'static str,
    pub shelf_life: &'static str,
    pub safety_warnings: &'static str,
    pub story: &'static str,
    pub certificate: &'static str,
    pub number: &'static str,
    pub issued_on: &'static str,
    pub valid_until: &'static str,
    pub extended_until: &'static str,
    pub revoked_on: &'static str,
    pub no_certificate: &'static str,
    pub inspected_on: &'static str,
    pub inspection_result: &'static str,
    pub inspection_passed: &'static str,
    pub inspection_failed: &'static str,
    pub producer: &'static str,
    pub name: &'static str,
    pub kind: &'static str,
    pub address: &'static str,
    pub phone: &'static str,
    pub sellers: &'static str,
    pub no_sellers: &'static str,
    pub all_sellers: &'static str,
}

/// Points of sale.
pub struct Shops {
    pub title: &'static str,
    pub description: &'static str,
    pub search: &'static str,
    pub unit: &'static str,
    pub all_units: &'static str,
    pub whole_district: fn(&str) -> String,
    pub no_district: &'static str,
    pub product: &'static str,
    pub any_product: &'static str,
    pub show: &'static str,
    pub found: fn(i64, &str) -> String,
    pub that_sell: &'static str,
    pub clear: &'static str,
    pub nothing: &'static str,
    pub phone: &'static str,
}

/// Where codes and numbers are typed.
pub struct Check {
    pub title: &'static str,
    pub lead: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub check: &'static str,
    pub wrong_length: fn(usize) -> String,
    pub scratch: &'static str,
    pub strange_character: fn(char) -> String,
    pub where_heading: &'static str,
    pub places: &'static [(&'static str, &'static str)],
}

/// The first page.
pub struct Home {
    pub title: &'static str,
    pub search_heading: &'static str,
    pub search: &'static str,
    pub search_button: &'static str,
    pub check_heading: &'static str,
    pub check: &'static str,
    pub check_button: &'static str,
    pub what_heading: &'static str,
    pub what: [&'static str; 3],
    pub figures_heading: &'static str,
    pub certified: &'static str,
    pub producers: &'static str,
    pub shops: &'static str,
    pub new_heading: &'static str,
    pub all_products: &'static str,
}

/// The guides, which are in Vietnamese.
pub struct Guides {
    pub in_vietnamese: &'static str,
    pub all: &'static str,
}

/// The programme's figures.
pub struct Figures {
    pub title: &'static str,
    pub lead: &'static str,
    pub year: &'static str,
    pub show: &'static str,
    /// No cycle was opened yet.
    pub none: &'static str,
    /// Nothing to draw in a chart.
    pub nothing: &'static str,
    /// Of which year, and until which day.
    pub as_of: fn(i32, &str) -> String,
    pub registered: &'static str,
    pub accepted: &'static str,
    pub approved: &'static str,
    pub certified: &'static str,
    /// Certified over all years.
    pub so_far: &'static str,
    pub still_valid: &'static str,
    pub shops: &'static str,
    /// Behind a count.
    pub of_stars: fn(i32) -> String,
    /// From the idea to the certificate.
    pub path: &'static str,
    pub step: &'static str,
    pub count: &'static str,
    pub by_year: &'static str,
    /// Certified for a year after its end.
    pub later: fn(i32, &str) -> String,
    pub by_unit: &'static str,
    pub unit: &'static str,
    pub valid: &'static str,
    pub ended: &'static str,
    pub others: fn(&str) -> String,
    pub total: &'static str,
    pub table: &'static str,
    pub sources: &'static str,
    pub about_sources: &'static str,
    pub csv: &'static str,
    pub json: &'static str,
    pub atom: &'static str,
}

//! What schema.org calls a product: one description for the product's own page and for the catalogue.

use serde_json::{Map, Value, json};

use crate::base::id::PictureId;
use crate::base::{Day, UnitCode, text};
use crate::decision::rules::{Certified, address_to_verify};
use crate::http::Language;
use crate::page::Texts;
use crate::paper::words::committee_in_text;
use crate::producer::store::Producer;
use crate::product::rules::Gtin;
use crate::product::{ProductRow, picture};
use crate::site::names::Names;

/// A product with all that is said of it to machines.
#[derive(Debug, Clone)]
pub struct Described {
    pub code: String,
    pub name: String,
    pub description: String,
    /// What kind of product it is, in words.
    pub category: Option<String>,
    /// All 14 digits.
    pub gtin: Option<String>,
    /// The one that stands for it first.
    pub pictures: Vec<PictureId>,
    pub maker: Maker,
    /// The newest one, whatever it is worth today.
    pub certificate: Option<Certified>,
    /// What the unit is called that issued it.
    pub issuer: Option<String>,
}

impl Described {
    /// In Vietnamese on every page, as the award and what the maker wrote are. The first picture stands for the product;
    /// the issuer is the unit whose committee decided on the certificate.
    pub fn new(
        product: &ProductRow,
        producer: &Producer,
        pictures: Vec<PictureId>,
        certificate: Option<Certified>,
        issuer: Option<&UnitCode>,
        names: &Names,
    ) -> Self {
        let sectors = &Texts::of(Language::Vietnamese).sectors;
        Self {
            code: product.code.clone(),
            name: product.name.clone(),
            description: product.description.clone(),
            category: names.sector(&product.criteria_set).map(|sector| sector.told(sectors).to_owned()),
            gtin: product.gtin.as_deref().and_then(Gtin::read).map(|gtin| gtin.digits().to_owned()),
            pictures,
            maker: Maker {
                name: producer.name.clone(),
                address: producer.address.clone(),
                phone: producer.public_phone.then(|| producer.phone.clone()),
                commune: names.unit(&producer.commune_code),
                province: names.province(),
            },
            certificate,
            issuer: issuer.map(|unit| committee_in_text(&names.unit(unit))),
        }
    }
}

/// Who makes a product, and where.
#[derive(Debug, Clone)]
pub struct Maker {
    pub name: String,
    pub address: String,
    /// Only where the producer made it public.
    pub phone: Option<String>,
    pub commune: String,
    pub province: String,
}

/// The product in the vocabulary of schema.org, without a context. An award stands in it only while it may be boasted of.
pub fn product(described: &Described, public_url: &str, today: Day) -> Value {
    let url = address(public_url, &described.code);
    let mut product = Map::new();
    let mut say = |name: &str, value: Value| product.insert(name.to_owned(), value);
    say("@type", json!("Product"));
    say("@id", json!(format!("{url}#product")));
    say("url", json!(url));
    say("name", json!(described.name));
    say("sku", json!(described.code));
    if !text::is_blank(&described.description) {
        say("description", json!(described.description));
    }
    if let Some(category) = &described.category {
        say("category", json!(category));
    }
    if let Some(gtin) = &described.gtin {
        say("gtin", json!(gtin));
    }
    if !described.pictures.is_empty() {
        let pictures: Vec<String> = described.pictures.iter().map(|id| picture::absolute(public_url, *id)).collect();
        say("image", json!(pictures));
    }
    say("manufacturer", manufacturer(&described.maker));
    say("countryOfOrigin", json!({"@type": "Country", "name": "Việt Nam"}));
    if let Some((certificate, award)) =
        described.certificate.as_ref().and_then(|held| Some((held, award(held, today)?)))
    {
        say("award", json!(award));
        say("hasCertification", certification(certificate, &award, described.issuer.as_deref(), public_url));
    }
    Value::Object(product)
}

/// A description that stands alone, as a page carries it.
pub fn in_context(described: Value) -> Value {
    let mut document = Map::from_iter([("@context".to_owned(), json!("https://schema.org"))]);
    if let Value::Object(members) = described {
        document.extend(members);
    }
    Value::Object(document)
}

/// Where a product's page is.
pub fn address(public_url: &str, code: &str) -> String {
    format!("{public_url}/products/{code}")
}

/// What a product may be called today: `OCOP 4 sao`; nothing once its certificate has ended.
pub fn award(certificate: &Certified, today: Day) -> Option<String> {
    certificate.stars(today).map(|stars| format!("OCOP {} sao", stars.get()))
}

fn manufacturer(maker: &Maker) -> Value {
    let mut organisation = json!({
        "@type": "Organization",
        "name": maker.name,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": maker.address,
            "addressLocality": maker.commune,
            "addressRegion": maker.province,
            "addressCountry": "VN",
        },
    });
    if let (Some(phone), Some(members)) = (&maker.phone, organisation.as_object_mut()) {
        members.insert("telephone".to_owned(), json!(phone));
    }
    organisation
}

fn certification(certificate: &Certified, award: &str, issuer: Option<&str>, public_url: &str) -> Value {
    let mut certification = json!({
        "@type": "Certification",
        "name": award,
        "certificationIdentification": certificate.number,
        "certificationStatus": "https://schema.org/CertificationActive",
        "certificationRating": {"@type": "Rating", "ratingValue": certificate.stars.get(), "worstRating": 1, "bestRating": 5},
        "url": address_to_verify(public_url, &certificate.number),
        "validFrom": certificate.issued_on,
        "expires": certificate.term.last_day(),
    });
    if let (Some(issuer), Some(members)) = (issuer, certification.as_object_mut()) {
        members.insert("issuedBy".to_owned(), json!({"@type": "GovernmentOrganization", "name": issuer}));
    }
    certification
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Stars;
    use crate::decision::rules::Term;

    const HOST: &str = "https://ocop.example";

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn honey() -> Described {
        Described {
            code: "42-439-18196-3-2020".into(),
            name: "Mật ong </script> \u{202e}rừng".into(),
            description: " ".into(),
            category: Some("Mật ong".into()),
            gtin: Some("08934563138165".into()),
            pictures: vec![PictureId::new(), PictureId::new()],
            maker: Maker {
                name: "Hợp tác xã Sơn Kim".into(),
                address: "Thôn Kim An".into(),
                phone: None,
                commune: "Xã Sơn Kim 1".into(),
                province: "Tỉnh Hà Tĩnh".into(),
            },
            certificate: Some(Certified {
                number: "42-2020-0001".into(),
                stars: Stars::new(4).unwrap(),
                issued_on: day("2020-12-31"),
                term: Term { valid_until: day("2023-12-31"), extended_until: None, revoked_on: None },
            }),
            issuer: Some("Ủy ban nhân dân tỉnh Hà Tĩnh".into()),
        }
    }

    #[test]
    fn a_product_is_told_with_absolute_addresses() {
        let honey = honey();
        let told = product(&honey, HOST, day("2021-02-22"));
        assert_eq!(told["url"], "https://ocop.example/products/42-439-18196-3-2020");
        assert_eq!((&told["sku"], &told["name"]), (&json!(honey.code), &json!(honey.name)));
        assert_eq!(told["image"][1], json!(format!("{HOST}/api/v1/pictures/{}", honey.pictures[1])));
        assert_eq!(told["hasCertification"]["url"], "https://ocop.example/c/42-2020-0001");
        assert_eq!(told["hasCertification"]["expires"], "2023-12-31");
        assert!(told.get("description").is_none() && told["manufacturer"].get("telephone").is_none());
    }

    #[test]
    fn nobody_boasts_of_a_certificate_that_has_ended() {
        let mut honey = honey();
        let boasts = |honey: &Described, on: &str| {
            let told = product(honey, HOST, day(on));
            assert_eq!(told.get("award").is_some(), told.get("hasCertification").is_some());
            told.get("award").cloned()
        };
        assert_eq!(boasts(&honey, "2023-12-31"), Some(json!("OCOP 4 sao")));
        assert_eq!(boasts(&honey, "2024-01-01"), None);
        honey.certificate.as_mut().unwrap().term.revoked_on = Some(day("2021-06-01"));
        assert_eq!(boasts(&honey, "2021-06-01"), None);
        honey.certificate = None;
        assert_eq!(boasts(&honey, "2021-01-01"), None);
    }

    #[test]
    fn alone_it_names_its_vocabulary_first() {
        let told = serde_json::to_string(&in_context(product(&honey(), HOST, day("2021-02-22")))).unwrap();
        assert!(told.starts_with(r#"{"@context":"https://schema.org","@type":"Product","@id":"#), "{told}");
    }
}

//! A product as lists show it.

use crate::base::id::ProductId;
use crate::base::{Result, Stars};
use crate::db::AnyConnection;
use crate::page::texts::Texts;
use crate::product::picture::{Shown, shown};
use crate::product::{Size, attachment_store};
use crate::site::catalogue::store::{ListedProduct, in_full};
use crate::site::names::Names;
use crate::site::rules;
use crate::site::words::told;

/// What a card says of a product.
#[derive(Debug)]
pub struct Card {
    pub code: String,
    pub name: String,
    pub producer: String,
    pub place: String,
    pub picture: Option<Shown>,
    /// Only while it is certified.
    pub stars: Option<Stars>,
    pub state: &'static str,
    /// The authorities hold it.
    pub is_suspended: bool,
    pub sector: Option<&'static str>,
}

/// What lists need beside the products.
pub struct Around<'a> {
    pub texts: &'static Texts,
    pub names: &'a Names,
}

/// The cards of these products, in the order of the ids.
pub fn cards(connection: &mut AnyConnection, ids: &[ProductId], around: &Around) -> Result<Vec<Card>> {
    let Around { names, texts } = around;
    let faces = attachment_store::faces(connection, ids)?;
    let card = |found: ListedProduct| {
        let certificate = found.certificate.as_ref();
        Card {
            place: names.address(&found.commune_code, found.district_code.as_ref()),
            picture: faces.get(&found.id).map(|face| shown(face, Size::Small)),
            stars: certificate.and_then(|certificate| certificate.stars(names.today)),
            state: told(rules::state(certificate, names.today), &texts.states),
            sector: names.sector(&found.criteria_set).map(|sector| sector.told(&texts.sectors)),
            is_suspended: found.is_suspended,
            code: found.code,
            name: found.name,
            producer: found.producer_name,
        }
    };
    Ok(in_full(connection, ids)?.into_iter().map(card).collect())
}

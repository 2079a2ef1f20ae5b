//! A product as lists show it.

use crate::base::id::ProductId;
use crate::base::{Result, Stars};
use crate::criteria::Sector;
use crate::db::AnyConnection;
use crate::page::texts::{Sectors, States, Texts};
use crate::product::picture::{Shown, shown};
use crate::product::{Size, attachment_store};
use crate::site::catalogue::store::{Found, in_full};
use crate::site::names::Names;
use crate::site::rules::{self, State};

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
    let card = |found: Found| {
        let certificate = found.certificate.as_ref();
        Card {
            place: names.address(&found.commune_code, found.district_code.as_ref()),
            picture: faces.get(&found.id).map(|face| shown(face, Size::Small)),
            stars: certificate.and_then(|certificate| certificate.stars(names.today)),
            state: told(rules::state(certificate, names.today), &texts.states),
            sector: names.sector(&found.criteria_set).map(|sector| sector_told(sector, &texts.sectors)),
            is_suspended: found.is_suspended,
            code: found.code,
            name: found.name,
            producer: found.producer_name,
        }
    };
    Ok(in_full(connection, ids)?.into_iter().map(card).collect())
}

/// A state in words.
pub fn told(state: State, texts: &'static States) -> &'static str {
    match state {
        State::Certified => texts.certified,
        State::Expired => texts.expired,
        State::Revoked => texts.revoked,
        State::Participating => texts.participating,
    }
}

/// A group of products in words.
pub fn sector_told(sector: Sector, texts: &'static Sectors) -> &'static str {
    match sector {
        Sector::Food => texts.food,
        Sector::Drink => texts.drink,
        Sector::Herbal => texts.herbal,
        Sector::Textile => texts.textile,
        Sector::Craft => texts.craft,
        Sector::Tourism => texts.tourism,
    }
}

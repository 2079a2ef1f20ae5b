//! What is known of products for their passports, gathered from the stores that have it.

use std::collections::BTreeMap;

use crate::base::id::{ProducerId, ProductId};
use crate::base::{Day, Error, Result};
use crate::db::AnyConnection;
use crate::product::rules::DocumentKind;
use crate::product::{self, attachment_store};
use crate::stamp::completeness::{Certificates, Known};
use crate::{place, producer};

/// Papers that vouch for safety and quality, and expire.
const CERTIFICATES: [DocumentKind; 4] = [
    DocumentKind::FoodSafetyCertificate,
    DocumentKind::QualityPublication,
    DocumentKind::FoodSafetyTest,
    DocumentKind::QualityManagement,
];

/// What is known of products for their passports; the number of statements does not depend on how many there are.
pub fn known(connection: &mut AnyConnection, products: &[ProductId], today: Day) -> Result<BTreeMap<ProductId, Known>> {
    if products.is_empty() {
        return Ok(BTreeMap::new());
    }
    let products = product::store::of_ids(connection, products)?;
    let ids: Vec<ProductId> = products.iter().map(|product| product.id).collect();
    let producers: Vec<ProducerId> = products.iter().map(|product| product.producer_id).collect();
    let producers = producer::store::of_ids(connection, &producers)?;
    let places = place::store::places(connection)?;
    let faces = attachment_store::faces(connection, &ids)?;
    let papers = attachment_store::ends_of(connection, &ids, &CERTIFICATES)?;
    let known = products.into_iter().map(|product| {
        let producer = producers
            .iter()
            .find(|producer| producer.id == product.producer_id)
            .cloned()
            .ok_or_else(|| Error::internal("a product without its producer"))?;
        let ends: Vec<Option<Day>> =
            papers.iter().filter(|(of, _)| *of == product.id).map(|(_, until)| *until).collect();
        let holds = |until: &Option<Day>| until.is_none_or(|until| until >= today);
        let certificates = match ends.as_slice() {
            [] => Certificates::None,
            ends if ends.iter().any(holds) => Certificates::Valid,
            _ => Certificates::Expired,
        };
        let origin = product.origin.or_else(|| {
            let unit = places.unit(&product.commune_code, product.created_at.day());
            unit.map(|unit| unit.name.clone())
        });
        let known = Known {
            product_name: product.name,
            producer_name: producer.name,
            producer_address: producer.address,
            identity_number: producer.identity_number,
            origin,
            has_picture: faces.contains_key(&product.id),
            gtin: product.gtin,
            shelf_life: product.shelf_life,
            safety_warnings: product.safety_warnings,
            certificates,
        };
        Ok((product.id, known))
    });
    known.collect()
}

//! `/products/{id}/passport`: what a product's passport says, and what it lacks.

use actix_web::get;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Caller;
use crate::base::id::ProductId;
use crate::base::{Day, Error, Result};
use crate::db::AnyConnection;
use crate::db::schema::documents;
use crate::http::{Answer, At, Problem, Refusals};
use crate::product::rules::DocumentKind;
use crate::product::{Product, ProductRow, attachment_store};
use crate::stamp::completeness::{self, Certificates, Field, Known};
use crate::station::find;
use crate::{place, producer};

/// Papers that vouch for safety and quality, and expire.
const CERTIFICATES: [DocumentKind; 4] = [
    DocumentKind::FoodSafetyCertificate,
    DocumentKind::QualityPublication,
    DocumentKind::FoodSafetyTest,
    DocumentKind::QualityManagement,
];

/// What a product's passport says.
#[derive(Debug, Serialize, ToSchema)]
pub struct PassportAnswer {
    /// Nothing is missing, the advised neither.
    complete: bool,
    /// Nothing is missing that is demanded before stamps are issued.
    can_be_issued: bool,
    missing: Vec<MissingAnswer>,
    product_name: String,
    product_code: String,
    gtin: Option<String>,
    producer_name: String,
    producer_address: String,
    identity_number: String,
    origin: Option<String>,
    shelf_life: Option<String>,
    safety_warnings: Option<String>,
}

/// Something that a passport lacks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PassportMissing)]
pub struct MissingAnswer {
    field: Field,
    /// Stamps are not issued without it; else it is advised.
    required: bool,
    why: Both,
}

/// A text in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Both {
    vi: String,
    en: String,
}

/// What is known of a product for its passport.
pub fn known(connection: &mut AnyConnection, product: &ProductRow, today: Day) -> Result<Known> {
    let producer = producer::store::find(connection, product.producer_id)?.ok_or_else(Error::unknown)?;
    let place = place::store::find(connection, &product.commune_code, product.created_at.day())?;
    let papers: Vec<Option<Day>> = documents::table
        .filter(documents::product_id.eq(product.id))
        .filter(documents::kind.eq_any(CERTIFICATES))
        .select(documents::valid_until)
        .load(connection)?;
    let holds = |until: &Option<Day>| until.is_none_or(|until| until >= today);
    let certificates = match papers.as_slice() {
        [] => Certificates::None,
        papers if papers.iter().any(holds) => Certificates::Valid,
        _ => Certificates::Expired,
    };
    Ok(Known {
        product_name: product.name.clone(),
        producer_name: producer.name,
        producer_address: producer.address,
        identity_number: producer.identity_number,
        origin: product.origin.clone().or(place.map(|unit| unit.name)),
        has_picture: attachment_store::face(connection, product.id)?.is_some(),
        gtin: product.gtin.clone(),
        shelf_life: product.shelf_life.clone(),
        safety_warnings: product.safety_warnings.clone(),
        certificates,
    })
}

/// What a product's passport says, and what it lacks. Stamps are issued only once nothing demanded is missing.
#[utoipa::path(tag = "stamps", responses((status = 200, body = PassportAnswer), Refusals))]
#[get("/products/{id}/passport")]
pub async fn passport(caller: Caller, id: At<ProductId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let product = find::<Product>(work, &id.get()?)?.row;
            let known = known(work.connection, &product, work.now.day())?;
            let missing = completeness::missing(&known);
            let answer = PassportAnswer {
                complete: missing.is_empty(),
                can_be_issued: !missing.iter().any(|missing| missing.is_required),
                missing: missing
                    .into_iter()
                    .map(|missing| MissingAnswer {
                        field: missing.field,
                        required: missing.is_required,
                        why: Both { vi: missing.why.vi.into_owned(), en: missing.why.en.into_owned() },
                    })
                    .collect(),
                product_name: known.product_name,
                product_code: product.code,
                gtin: known.gtin,
                producer_name: known.producer_name,
                producer_address: known.producer_address,
                identity_number: known.identity_number,
                origin: known.origin,
                shelf_life: known.shelf_life,
                safety_warnings: known.safety_warnings,
            };
            Ok(Answer::ok(answer)?)
        })
        .await
}

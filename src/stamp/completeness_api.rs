//! `/products/{id}/passport`: what a product's passport says, and what it lacks.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Caller;
use crate::base::Error;
use crate::base::id::ProductId;
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::product::Product;
use crate::stamp::completeness::{self, Field};
use crate::stamp::completeness_store;
use crate::station::find;

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

/// What a product's passport says, and what it lacks. Stamps are issued only once nothing demanded is missing.
#[utoipa::path(tag = "stamps", responses((status = 200, body = PassportAnswer), Refusals))]
#[get("/products/{id}/passport")]
pub async fn passport(caller: Caller, id: PathParam<ProductId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let product = find::<Product>(work, &id.get()?)?.row;
            let mut known = completeness_store::known(work.connection, &[product.id], work.now.day())?;
            let known = known.remove(&product.id).ok_or_else(Error::unknown)?;
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

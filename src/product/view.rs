//! What is shown of a product.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{ProducerId, ProductId};
use crate::base::{Moment, Result, UnitCode};
use crate::criteria::store::SetTitles;
use crate::criteria::view::NamedSet;
use crate::product::{Product, attachment_store, picture};
use crate::station::Shown;
use crate::{place, producer};

/// A product, to those who may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductView {
    id: ProductId,
    version: i32,
    producer_id: ProducerId,
    producer_name: String,
    code: String,
    name: String,
    /// The code of the criteria set of its kind.
    criteria_set: String,
    #[serde(flatten)]
    named_set: NamedSet,
    description: String,
    story: String,
    packaging: String,
    gtin: Option<String>,
    origin: Option<String>,
    shelf_life: Option<String>,
    safety_warnings: Option<String>,
    /// The address of the picture that stands for it.
    image: Option<String>,
    commune_code: UnitCode,
    commune_name: String,
    district_code: Option<UnitCode>,
    district_name: Option<String>,
    created_at: Moment,
}

impl Shown for Product {
    type View = ProductView;

    fn views(work: &mut Work, products: &[Self]) -> Result<Vec<ProductView>> {
        let ids: Vec<ProductId> = products.iter().map(|product| product.row.id).collect();
        let faces = attachment_store::faces(work.connection, &ids)?;
        let producers: Vec<ProducerId> = products.iter().map(|product| product.row.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let places = place::store::places(work.connection)?;
        let titles = SetTitles::of(work.connection, products.iter().map(|product| product.row.criteria_set.as_str()))?;
        let today = work.now.day();
        let view = |Self { row, .. }: &Self| ProductView {
            id: row.id,
            version: row.version,
            producer_id: row.producer_id,
            producer_name: producers.get(&row.producer_id).cloned().unwrap_or_default(),
            code: row.code.clone(),
            name: row.name.clone(),
            criteria_set: row.criteria_set.clone(),
            named_set: NamedSet::of(&titles, &row.criteria_set, None),
            description: row.description.clone(),
            story: row.story.clone(),
            packaging: row.packaging.clone(),
            gtin: row.gtin.clone(),
            origin: row.origin.clone(),
            shelf_life: row.shelf_life.clone(),
            safety_warnings: row.safety_warnings.clone(),
            image: faces.get(&row.id).map(|face| picture::address(face.id)),
            commune_code: row.commune_code.clone(),
            commune_name: places.name(&row.commune_code, today),
            district_code: row.district_code.clone(),
            district_name: row.district_code.as_ref().map(|code| places.name(code, today)),
            created_at: row.created_at,
        };
        Ok(products.iter().map(view).collect())
    }
}

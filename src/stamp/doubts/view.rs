//! What the office sees of a doubt.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::{DoubtId, ProducerId, ProductId, StampOrderId};
use crate::base::{Moment, Result};
use crate::privacy::ConsentGiven;
use crate::stamp::code::Mint;
use crate::stamp::doubts::Doubt;
use crate::stamp::doubts::rules::State;
use crate::station::Shown;
use crate::{producer, product};

/// A doubt as the office sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoubtView {
    id: DoubtId,
    version: i32,
    state: State,
    code: String,
    order_id: StampOrderId,
    serial: i32,
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    producer_name: String,
    text: String,
    contact: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    /// The address of the photo.
    photo: Option<String>,
    at: Moment,
    note: Option<String>,
    /// None where nothing of a person was given, or before there were texts of consent.
    consent: Option<ConsentGiven>,
}

impl Shown for Doubt {
    type View = DoubtView;

    fn views(work: &mut Work, doubts: &[Self]) -> Result<Vec<DoubtView>> {
        let mint = Mint::new(&work.app.keys)?;
        let products: Vec<ProductId> = doubts.iter().map(|doubt| doubt.product).collect();
        let products = product::store::names(work.connection, &products)?;
        let producers: Vec<ProducerId> = doubts.iter().map(|doubt| doubt.producer).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let degrees = |hundredths: i32| f64::from(hundredths) / 100.0;
        let view = |doubt: &Doubt| {
            let Doubt { row, number, key_id, product, producer, .. } = doubt;
            Ok(DoubtView {
                id: row.id,
                version: row.version,
                state: row.state,
                code: mint.code_of(*number, row.serial, key_id)?.to_string(),
                order_id: row.order_id,
                serial: row.serial,
                product_id: *product,
                product_name: products.get(product).cloned().unwrap_or_default(),
                producer_id: *producer,
                producer_name: producers.get(producer).cloned().unwrap_or_default(),
                text: row.text.clone(),
                contact: row.contact.clone(),
                lat: row.latitude.map(degrees),
                lon: row.longitude.map(degrees),
                photo: row.file_id.map(|_| format!("/api/v1/doubts/{}/photo", row.id)),
                at: row.at,
                note: row.note.clone(),
                consent: ConsentGiven::with(row.consent_version, row.at),
            })
        };
        doubts.iter().map(view).collect()
    }
}

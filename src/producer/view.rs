//! What is shown of a producer.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::base::id::ProducerId;
use crate::base::{Moment, Result, UnitCode};
use crate::place;
use crate::producer::Producer;
use crate::producer::rules::{Member, ProducerKind};
use crate::station::Shown;

/// A producer, to those who may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProducerView {
    id: ProducerId,
    version: i32,
    name: String,
    kind: ProducerKind,
    identity_number: String,
    commune_code: UnitCode,
    commune_name: String,
    district_code: Option<UnitCode>,
    district_name: Option<String>,
    address: String,
    representative: String,
    phone: String,
    public_phone: bool,
    email: Option<String>,
    members: Vec<Member>,
    created_at: Moment,
}

impl Shown for Producer {
    type View = ProducerView;

    fn views(work: &mut Work, producers: &[Self]) -> Result<Vec<ProducerView>> {
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let view = |producer: &Producer| ProducerView {
            id: producer.id,
            version: producer.version,
            name: producer.name.clone(),
            kind: producer.kind,
            identity_number: producer.identity_number.clone(),
            commune_code: producer.commune_code.clone(),
            commune_name: places.name(&producer.commune_code, today),
            district_code: producer.district_code.clone(),
            district_name: producer.district_code.as_ref().map(|code| places.name(code, today)),
            address: producer.address.clone(),
            representative: producer.representative.clone(),
            phone: producer.phone.clone(),
            public_phone: producer.public_phone,
            email: producer.email.clone(),
            members: producer.members.as_ref().map(|members| members.0.clone()).unwrap_or_default(),
            created_at: producer.created_at,
        };
        Ok(producers.iter().map(view).collect())
    }
}

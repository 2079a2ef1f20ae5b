//! What is shown of a producer.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::audit::Resource;
use crate::base::id::ProducerId;
use crate::base::{Error, Moment, Result, UnitCode};
use crate::place;
use crate::producer::Producer;
use crate::producer::rules::{Member, ProducerKind, Sex, reads_sensitive};
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
    /// Sensitive: for the producer itself, its commune and the provincial office, on the producer's own page alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    representative_sex: Option<Sex>,
    /// Sensitive, as the sex.
    #[serde(skip_serializing_if = "Option::is_none")]
    representative_ethnicity: Option<String>,
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
            representative_sex: None,
            representative_ethnicity: None,
            created_at: producer.created_at,
        };
        let views = producers.iter().map(view).collect();
        let others = producers.iter().filter(|producer| work.actor.producer != Some(producer.id));
        let read: Vec<ProducerId> = others.filter(|producer| producer.names_citizens()).map(|one| one.id).collect();
        read.into_iter().for_each(|id| work.reads_identity_number(Resource::Producer, id.any()));
        Ok(views)
    }

    fn view(work: &mut Work, producer: &Self) -> Result<ProducerView> {
        let views = Self::views(work, std::slice::from_ref(producer))?;
        let view = views.into_iter().next().ok_or_else(|| Error::internal("a view is missing"))?;
        if !reads_sensitive(work.actor.role) {
            return Ok(view);
        }
        let (representative_sex, representative_ethnicity) =
            (producer.representative_sex, producer.representative_ethnicity.clone());
        Ok(ProducerView { representative_sex, representative_ethnicity, ..view })
    }
}

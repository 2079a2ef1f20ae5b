//! What a reader is told of the steps of one thing: as its history tells it, and nothing of what the reader may not see.

use crate::account::Work;
use crate::audit::{PastStep, Resource};
use crate::base::id::{AnyId, Id};
use crate::base::{Error, Result};
use crate::criteria;
use crate::cycle::Cycle;
use crate::decision::{Decision, IssuedCertificate, ResultNotice};
use crate::dossier::Dossier;
use crate::hold::Hold;
use crate::idea::Idea;
use crate::inspection::{Inspection, InspectionPlan};
use crate::lot::Lot;
use crate::people::Person;
use crate::personal_data::PersonalDataRequest;
use crate::plan::Plan;
use crate::producer::Producer;
use crate::producer::registration::Registration;
use crate::product::Product;
use crate::rating::{Appeal, Council, GroupReport, Session, Survey};
use crate::shop::Shop;
use crate::stamp::doubts::Doubt;
use crate::stamp::orders::StampOrder;
use crate::stamp::suspicion::Suspicion;
use crate::station::{Access, Thing};
use crate::support::{Reward, SupportClaim, SupportPolicy};

/// The thing's place in addresses, what names it there, and the steps that are told, each where it stood.
pub struct Told {
    pub path: &'static str,
    pub key: String,
    pub steps: Vec<Option<PastStep>>,
}

/// None where the reader may not know of the thing.
pub fn of(work: &mut Work, resource: Resource, id: AnyId, steps: Vec<PastStep>) -> Result<Option<Told>> {
    match resource {
        Resource::Account => told::<Person>(work, Id::from_uuid(id.uuid()), steps),
        Resource::AgendaItem => told::<Session>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Appeal => told::<Appeal>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Certificate => told::<IssuedCertificate>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Council => told::<Council>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Cycle => told::<Cycle>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Decision => told::<Decision>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Dossier => told::<Dossier>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Doubt => told::<Doubt>(work, Id::from_uuid(id.uuid()), steps),
        Resource::GroupReport => told::<GroupReport>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Hold => told::<Hold>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Idea => told::<Idea>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Inspection => told::<Inspection>(work, Id::from_uuid(id.uuid()), steps),
        Resource::InspectionPlan => told::<InspectionPlan>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Lot => told::<Lot>(work, Id::from_uuid(id.uuid()), steps),
        Resource::PersonalDataRequest => told::<PersonalDataRequest>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Plan => told::<Plan>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Producer => told::<Producer>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Product => told::<Product>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Registration => told::<Registration>(work, Id::from_uuid(id.uuid()), steps),
        Resource::ResultNotice => told::<ResultNotice>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Reward => told::<Reward>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Shop => told::<Shop>(work, Id::from_uuid(id.uuid()), steps),
        Resource::StampOrder => told::<StampOrder>(work, Id::from_uuid(id.uuid()), steps),
        Resource::SupportClaim => told::<SupportClaim>(work, Id::from_uuid(id.uuid()), steps),
        Resource::SupportPolicy => told::<SupportPolicy>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Survey => told::<Survey>(work, Id::from_uuid(id.uuid()), steps),
        Resource::Suspicion => told::<Suspicion>(work, Id::from_uuid(id.uuid()), steps),
        // All who are signed in read all sets; a version of one never changes.
        Resource::CriteriaSet => {
            let set = criteria::store::find(work.connection, Id::from_uuid(id.uuid()))?;
            Ok(set.map(|set| of_thing(work, &set, steps)))
        }
        // They never get a place in the sequence.
        Resource::Sheet => Ok(None),
    }
}

fn told<T: Thing>(work: &mut Work, key: T::Key, steps: Vec<PastStep>) -> Result<Option<Told>> {
    let thing = match T::load(work, &key, Access::Seen) {
        Err(Error::Refused(_)) => None,
        loaded => loaded?,
    };
    let Some(thing) = thing else { return Ok(None) };
    match T::must_read(work.asker()) {
        Err(Error::Refused(_)) => Ok(None),
        checked => checked.map(|()| Some(of_thing(work, &thing, steps))),
    }
}

fn of_thing<T: Thing>(work: &Work, thing: &T, steps: Vec<PastStep>) -> Told {
    let steps = steps.into_iter().map(|step| thing.told(&work.actor, step)).collect();
    Told { path: T::PATH, key: thing.in_address(), steps }
}

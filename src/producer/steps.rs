//! The steps of producers: entered by the offices on their behalf, changed, moved after a reform.

use crate::account::{Home, Role, Work};
use crate::base::id::ProducerId;
use crate::base::{Faults, Result};
use crate::place::{self, Place};
use crate::producer::Producer;
use crate::producer::rules::{self, ProducerChange, ProducerForm};
use crate::producer::store;
use crate::station::{Announced, By, Creation, Label, Offer, Taken, Verb, label, patch_forms, plain_forms};

plain_forms!(ProducerForm);
patch_forms!(ProducerChange);

const IN_THE_TERRITORY: Label = label("trong địa bàn của mình", "in the own territory");

/// Enters a producer on its behalf.
pub static CREATE: Creation<Producer, ProducerForm> = Creation::new(
    label("Thêm chủ thể", "Enter a producer"),
    By::Some(&[Role::CommuneOfficer, Role::DistrictOfficer, Role::ProvincialOfficer], IN_THE_TERRITORY),
    enter,
);

/// Changes a producer.
pub static CHANGE: Verb<Producer, ProducerChange> = Verb::new(
    "change",
    label("Sửa chủ thể", "Change the producer"),
    By::Some(
        &[Role::Producer, Role::CommuneOfficer, Role::DistrictOfficer, Role::ProvincialOfficer],
        label(
            "cán bộ trong địa bàn sửa mọi mục; chủ thể chỉ sửa cách liên hệ",
            "officers of its territory everything, the producer itself only how to reach it",
        ),
    ),
    change,
);

/// Moves a producer, with its products, to a commune of today; `product::reassignment` takes it, for many at once.
pub static REASSIGNMENT: Announced<Producer> = Announced::new(
    "reassign",
    label("Chuyển chủ thể về xã mới", "Move the producer to a commune of today"),
    By::Roles(&[Role::ProvincialOfficer]),
);

pub static VERBS: &[&dyn Offer<Producer>] = &[&CHANGE];

fn enter(work: &mut Work, form: ProducerForm) -> Result<(ProducerId, Taken)> {
    form.must_be_writable_by(None, work.actor.role)?;
    let place = checked(work, &form, None)?;
    let id = store::insert(work.connection, form.kept(), place, work.now)?;
    Ok((id, Taken::stayed()))
}

/// Holds a form against the rules and finds its place. An officer enters or moves nobody outside of the territory; a
/// producer that stays where it is may be of a commune that has been merged since.
fn checked(work: &mut Work, form: &ProducerForm, present: Option<&Producer>) -> Result<Place> {
    let mut faults = Vec::new();
    form.check("", &mut faults);
    faults.into_result()?;
    if let Some(present) = present.filter(|present| present.commune_code == form.commune_code) {
        return Ok(Place { commune: present.commune_code.clone(), district: present.district_code.clone() });
    }
    let place = place::store::commune(work.connection, &form.commune_code, work.now.day())?
        .ok_or_else(|| rules::unknown_commune("/commune_code"))?;
    let home = Home {
        producer: present.map_or_else(ProducerId::new, |present| present.id),
        commune: place.commune.clone(),
        district: place.district.clone(),
    };
    if work.actor.sees(&home) { Ok(place) } else { Err(rules::foreign_commune()) }
}

fn change(work: &mut Work, producer: &Producer, change: ProducerChange) -> Result<Taken> {
    let present = producer.form();
    let form = change.applied_to(&present);
    if form == present {
        return Ok(Taken::unchanged());
    }
    if work.actor.is(&[Role::Producer]) {
        rules::check_own_change(&present, &form)?;
    }
    form.must_be_writable_by(Some(&present), work.actor.role)?;
    let place = checked(work, &form, Some(producer))?;
    let known = store::find_by_identity_number(work.connection, &form.identity_number)?;
    if known.is_some_and(|other| other.id != producer.id) {
        return Err(rules::already_registered());
    }
    store::update(work.connection, producer, form, place)?;
    Ok(Taken::stayed())
}

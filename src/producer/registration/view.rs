//! What is shown of a registration.

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Work;
use crate::audit::Resource;
use crate::base::id::{ProducerId, RegistrationId};
use crate::base::{Error, Moment, Result, UnitCode};
use crate::place;
use crate::privacy::ConsentGiven;
use crate::producer::registration::Registration;
use crate::producer::registration::receipt::ReceiptCode;
use crate::producer::registration::rules::RegistrationState;
use crate::producer::rules::{ProducerForm, names_citizens, reads_sensitive};
use crate::producer::store as producers;
use crate::station::Shown;

/// What the one who registered is told: the same, whether or not the producer is known already.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    pub id: RegistrationId,
    pub state: RegistrationState,
    /// By this the page `/register/{code}` tells what became of it.
    #[schema(value_type = String)]
    pub code: ReceiptCode,
}

/// A registration as officers see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrationView {
    id: RegistrationId,
    version: i32,
    state: RegistrationState,
    producer: ProducerForm,
    account: FirstAccountView,
    /// The producer that is on record under this identity number: confirming adds an account to it.
    claimed_producer_id: Option<ProducerId>,
    claimed_producer_name: Option<String>,
    commune_code: UnitCode,
    commune_name: String,
    district_code: Option<UnitCode>,
    district_name: Option<String>,
    note: Option<String>,
    /// When what was said of persons was erased, some time after it was refused.
    erased_at: Option<Moment>,
    /// None of what was registered before there were texts of consent.
    consent: Option<ConsentGiven>,
    created_at: Moment,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FirstAccountView {
    username: String,
    name: String,
}

impl Shown for Registration {
    type View = RegistrationView;

    fn views(work: &mut Work, registrations: &[Self]) -> Result<Vec<RegistrationView>> {
        let claimed: Vec<ProducerId> =
            registrations.iter().filter_map(|registration| registration.row.claimed_producer_id).collect();
        let claimed = producers::names(work.connection, &claimed)?;
        let places = place::store::places(work.connection)?;
        let today = work.now.day();
        let view = |Self { row, .. }: &Self| RegistrationView {
            id: row.id,
            version: row.version,
            state: row.state,
            producer: row.producer.0.clone().without_sensitive(),
            account: FirstAccountView { username: row.username.clone(), name: row.account_name.clone() },
            claimed_producer_id: row.claimed_producer_id,
            claimed_producer_name: row.claimed_producer_id.and_then(|id| claimed.get(&id).cloned()),
            commune_code: row.commune_code.clone(),
            commune_name: places.name(&row.commune_code, today),
            district_code: row.district_code.clone(),
            district_name: row.district_code.as_ref().map(|code| places.name(code, today)),
            note: row.note.clone(),
            erased_at: row.erased_at,
            consent: ConsentGiven::with(row.consent_version, row.created_at),
            created_at: row.created_at,
        };
        let views = registrations.iter().map(view).collect();
        for Self { row, .. } in registrations {
            if names_citizens(&row.producer.0.identity_number, &row.producer.0.members) {
                work.reads_identity_number(Resource::Registration, row.id.any());
            }
        }
        Ok(views)
    }

    /// The sensitive data is on its own page alone, for who confirms it and may see it.
    fn view(work: &mut Work, registration: &Self) -> Result<RegistrationView> {
        let views = Self::views(work, std::slice::from_ref(registration))?;
        let view = views.into_iter().next().ok_or_else(|| Error::internal("a view is missing"))?;
        if !reads_sensitive(work.actor.role) {
            return Ok(view);
        }
        Ok(RegistrationView { producer: registration.row.producer.0.clone(), ..view })
    }
}

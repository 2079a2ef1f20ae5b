//! The steps of registrations: made by somebody without an account, confirmed or refused by the commune or the district.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::account::store::NewAccount;
use crate::account::{self, Asker, Role, Work};
use crate::audit::{self, Resource, StepName, StepTaken};
use crate::base::id::{ProducerId, RegistrationId};
use crate::base::{Day, Error, Moment, Result, say};
use crate::db::AnyConnection;
use crate::http::held::Credence;
use crate::http::{App, Request};
use crate::place::{self, Place};
use crate::privacy::Consent;
use crate::privacy::record::REFUSED_DAYS;
use crate::producer::registration::Registration;
use crate::producer::registration::receipt::ReceiptCode;
use crate::producer::registration::rules::{FirstAccount, RegistrationState, check_registration};
use crate::producer::registration::store::{self, NewRegistration, RegistrationRow};
use crate::producer::rules::{ProducerForm, already_registered, foreign_commune, unknown_commune};
use crate::producer::store as producers;
use crate::station::{By, Note, Offer, Reason, Taken, Verb, label, record_creation};

/// A producer that wants to take part, and who will sign in for it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegistrationForm {
    pub producer: ProducerForm,
    pub account: FirstAccount,
    /// To the text of `/public/consents` for registrations: nothing is kept of who does not agree.
    #[serde(default)]
    #[schema(value_type = Consent, required = true)]
    pub consent: Option<Consent>,
}

const DECIDERS: By = By::Roles(&[Role::CommuneOfficer, Role::DistrictOfficer]);

/// Confirms a registration: the producer comes on record, or is found there, and the account may sign in.
pub static CONFIRM: Verb<Registration, Note> =
    Verb::new("confirm", label("Xác nhận đăng ký", "Confirm the registration"), DECIDERS, confirm)
        .right(must_reach_claimed)
        .open(|_, registration| may_confirm(registration));

/// Refuses a registration; the note says why.
pub static REFUSE: Verb<Registration, Reason> =
    Verb::new("refuse", label("Từ chối đăng ký", "Refuse the registration"), DECIDERS, refuse)
        .open(|_, registration| registration.row.state.refuse().map(|_| ()));

pub static VERBS: &[&dyn Offer<Registration>] = &[&CONFIRM, &REFUSE];

/// A registration that was held against the rules, as it comes from outside.
#[derive(Debug, Clone)]
pub struct Applicant {
    pub producer: ProducerForm,
    pub account: FirstAccount,
    pub consent: Option<Consent>,
}

impl Applicant {
    /// What a registration says that was sent. Judging a password alone takes longer than a stranger may keep others waiting, so
    /// that it is done in its turn however short the body is.
    pub async fn read(app: &App, request: &Request) -> Result<Self> {
        let today = app.clock.now().day();
        Self::read_by(app, request, move |sent| Self::new(sent.body()?, today)).await
    }

    /// As [`Applicant::read`], for who reads it otherwise.
    pub async fn read_by(
        app: &App,
        request: &Request,
        read: impl FnOnce(&mut Request) -> Result<Self> + Send + 'static,
    ) -> Result<Self> {
        let (mut sent, turn) = (request.clone(), app.reading_turns(Credence::Stranger).take().await?);
        let (_turn, read) = turn.work(move || read(&mut sent)).await?;
        read
    }

    /// 422 with everything that can be told without the database.
    pub fn new(RegistrationForm { producer, account, consent }: RegistrationForm, today: Day) -> Result<Self> {
        check_registration(&producer, &account, consent, today)?;
        Ok(Self { producer: producer.kept(), account, consent })
    }

    /// The producer that is claimed, if any, and where the registration is decided: where the claimed producer is, so that
    /// nobody gets at a producer through officers who do not know it; else the commune that was named.
    pub fn settle(&self, connection: &mut AnyConnection, now: Moment) -> Result<(Option<ProducerId>, Place)> {
        let named = place::store::commune(connection, &self.producer.commune_code, now.day())?
            .ok_or_else(|| unknown_commune("/producer/commune_code"))?;
        let username = &self.account.username;
        if account::store::username_taken(connection, username)? || store::is_username_asked_for(connection, username)?
        {
            return Err(username_taken());
        }
        Ok(match producers::find_by_identity_number(connection, &self.producer.identity_number)? {
            Some(known) => (Some(known.id), Place { commune: known.commune_code, district: known.district_code }),
            None => (None, named),
        })
    }
}

/// Registers in nobody's name: who registers has no account yet, so this is no step that an asker takes.
pub fn register(
    connection: &mut AnyConnection,
    applicant: Applicant,
    password_hash: String,
    code: &ReceiptCode,
    now: Moment,
) -> Result<RegistrationId> {
    let receipt = code.digest();
    if let Some(known) = store::of_receipt(connection, &receipt)? {
        return Ok(known.id);
    }
    let (claimed, place) = applicant.settle(connection, now)?;
    let Applicant { producer, account, consent } = applicant;
    let registration = NewRegistration {
        producer,
        claimed,
        username: account.username,
        password_hash,
        account_name: account.name,
        place,
        receipt: receipt.clone(),
        consent_version: consent.map(|consent| consent.version),
    };
    let Some(id) = store::insert(connection, registration, now)? else {
        let known = store::of_receipt(connection, &receipt)?;
        return known.map(|row| row.id).ok_or_else(|| Error::internal("a receipt without its registration"));
    };
    let entry = StepTaken {
        resource: Resource::Registration,
        id,
        version: 1,
        account: None,
        verb: const { StepName::new("register") },
        from: None,
        to: Some(RegistrationState::Pending.as_ref()),
        note: None,
    };
    audit::record(connection, now, entry)?;
    Ok(id)
}

fn username_taken() -> Error {
    Error::conflict("username_taken", say("Tên đăng nhập đã có.", "The user name is taken."))
}

/// 403 where the claimed producer has moved out of the officer's territory since.
fn must_reach_claimed(asker: Asker, registration: &Registration) -> Result<()> {
    match &registration.claimed {
        Some(home) if !asker.actor.sees(home) => Err(foreign_commune()),
        _ => Ok(()),
    }
}

/// 409 unless the registration waits, its user name is free, and nobody else put its producer on record meanwhile. Then it is
/// to be refused and made anew, as a claim: nobody is given an account of a producer without having asked for that.
fn may_confirm(registration: &Registration) -> Result<()> {
    registration.row.state.confirm()?;
    if registration.is_username_taken {
        return Err(username_taken());
    }
    if registration.row.claimed_producer_id.is_none() && registration.is_on_record {
        return Err(already_registered());
    }
    Ok(())
}

fn confirm(work: &mut Work, registration: &Registration, note: Note) -> Result<Taken> {
    let row = &registration.row;
    let state = row.state.confirm()?;
    let producer = match row.claimed_producer_id {
        Some(producer) => producer,
        None => entered(work, registration)?,
    };
    let account = NewAccount {
        username: row.username.clone(),
        password_hash: store::password_hash(work.connection, row.id)?,
        name: row.account_name.clone(),
        role: Role::Producer,
        unit_code: None,
        producer_id: Some(producer),
    };
    let account = account::store::insert(work.connection, account, work.now)?;
    record_creation(work, Resource::Account, account.any(), None, None, None)?;
    decide(work, registration, state, note.note)
}

fn refuse(work: &mut Work, registration: &Registration, reason: Reason) -> Result<Taken> {
    let state = registration.row.state.refuse()?;
    decide(work, registration, state, Some(reason.into_text()))
}

/// Puts the registered producer on record.
fn entered(work: &mut Work, registration: &Registration) -> Result<ProducerId> {
    let row = &registration.row;
    let place = Place { commune: row.commune_code.clone(), district: row.district_code.clone() };
    let id = producers::insert(work.connection, row.producer.0.clone(), place, work.now)?;
    record_creation(work, Resource::Producer, id.any(), None, None, None)?;
    Ok(id)
}

fn decide(
    work: &mut Work,
    registration: &Registration,
    state: RegistrationState,
    note: Option<String>,
) -> Result<Taken> {
    store::decide(work.connection, &registration.row, state, note.as_deref())?;
    Ok(Taken::to(state).with_note(note))
}

/// So many are erased in one transaction.
const ERASED_AT_ONCE: i64 = 500;

/// Erases what refused registrations say of persons, once their term is over.
pub fn erase_refused(connection: &mut AnyConnection, now: Moment) -> Result<usize> {
    let before = now.plus(chrono::Duration::days(-REFUSED_DAYS));
    let rows = store::refused_before(connection, before, ERASED_AT_ONCE)?;
    rows.iter().try_for_each(|row| erase(connection, row, now))?;
    Ok(rows.len())
}

/// Erases what those of these registrations that were refused say of persons, before their term is over; which they were.
pub fn erase_now(connection: &mut AnyConnection, ids: &[RegistrationId], now: Moment) -> Result<Vec<RegistrationId>> {
    let rows = store::refused_among(connection, ids)?;
    rows.iter().try_for_each(|row| erase(connection, row, now))?;
    Ok(rows.iter().map(|row| row.id).collect())
}

/// The decision, with its reason, stays, and the erasure is a step of its own that the service takes in nobody's name, so that
/// the history still vouches for the row.
fn erase(connection: &mut AnyConnection, row: &RegistrationRow, now: Moment) -> Result<()> {
    store::erase(connection, row, now)?;
    let state = Some(row.state.as_ref());
    let entry = StepTaken {
        resource: Resource::Registration,
        id: row.id,
        version: row.version + 1,
        account: None,
        verb: const { StepName::new("erase") },
        from: state,
        to: state,
        note: None,
    };
    audit::record(connection, now, entry)
}

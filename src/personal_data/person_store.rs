//! Whose a request is, in the tables that name persons: by an account, or by what somebody without one was recognised by.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::Value;

use crate::account::store::Account;
use crate::base::id::{AnyId, DoubtId, ProducerId, RegistrationId, ShopId};
use crate::base::{Result, canonical, text};
use crate::db::AnyConnection;
use crate::db::schema::{accounts, doubts, personal_data_requests, producers, registrations, shops};
use crate::db::types::Json;
use crate::personal_data::rules::RecognisedBy;
use crate::personal_data::store::RequestRow;
use crate::privacy::attribution::Whose;
use crate::producer::rules::{Member, ProducerForm};

/// Where a person stands.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub accounts: Vec<Account>,
    /// The identity numbers by which the person is told apart from other members of a producer.
    pub numbers: BTreeSet<String>,
    pub producers: Vec<ProducerId>,
    pub represented: Vec<ProducerId>,
    pub joined: Vec<ProducerId>,
    pub registrations: Vec<RegistrationId>,
    pub applications: Vec<RegistrationId>,
    pub doubts: Vec<DoubtId>,
    pub shops: Vec<ShopId>,
    pub requests: Vec<AnyId>,
}

impl Known {
    /// The ids that a column of this kind names the person by.
    pub fn ids(&self, whose: Whose) -> Vec<AnyId> {
        match whose {
            Whose::Account | Whose::Doer => self.accounts.iter().map(|account| account.id.any()).collect(),
            Whose::Producer => self.producers.iter().map(|id| id.any()).collect(),
            Whose::Represented => self.represented.iter().map(|id| id.any()).collect(),
            Whose::Joined => self.joined.iter().map(|id| id.any()).collect(),
            Whose::Registration => self.registrations.iter().map(|id| id.any()).collect(),
            Whose::Application => self.applications.iter().map(|id| id.any()).collect(),
            Whose::Doubt => self.doubts.iter().map(|id| id.any()).collect(),
            Whose::Shop => self.shops.iter().map(|id| id.any()).collect(),
            Whose::Request => self.requests.clone(),
        }
    }
}

/// By what the request's person is known.
struct Sought {
    names: BTreeSet<String>,
    numbers: BTreeSet<String>,
    /// A phone or an e-mail, in its spelling.
    contact: Option<(RecognisedBy, String)>,
}

impl Sought {
    fn is_reached_by(&self, contact: &str) -> bool {
        self.contact.as_ref().is_some_and(|(by, value)| by.is_in(contact, value))
    }

    fn has_number(&self, number: &str) -> bool {
        self.numbers.contains(&canonical::identity_number(number))
    }

    fn is_member(&self, members: &[Member]) -> bool {
        members.iter().filter_map(|member| member.identity_number.as_ref()).any(|number| self.has_number(number))
    }
}

/// Where the person of a request stands. An account's own e-mail finds nothing: whoever has an account writes it themselves, and
/// would find what is another's.
pub fn known(connection: &mut AnyConnection, request: &RequestRow) -> Result<Known> {
    let number =
        request.recognised_value.as_ref().filter(|_| request.recognised_by == Some(RecognisedBy::IdentityNumber));
    let mut query = accounts::table.select(Account::as_select()).into_boxed();
    query = match (request.account_id, number) {
        (Some(account), _) => query.filter(accounts::id.eq(account)),
        (None, Some(_)) => query.filter(accounts::identity_number.is_not_null()),
        (None, None) => query.filter(diesel::dsl::sql::<diesel::sql_types::Bool>("1 = 0")),
    };
    let mut accounts: Vec<Account> = query.load(connection)?;
    let spelled = |account: &Account| account.identity_number.as_deref().map(canonical::identity_number);
    if let (None, Some(number)) = (request.account_id, number) {
        // Older rows have other spellings of a number.
        accounts.retain(|account| spelled(account).as_ref() == Some(number));
    }
    let own = accounts.iter().filter_map(spelled);
    let names = accounts.iter().map(|account| account.folded.clone()).chain(request.name.as_deref().map(text::fold));
    let sought = Sought {
        names: names.collect(),
        numbers: own.chain(number.cloned()).collect(),
        contact: request.recognised_by.zip(request.recognised_value.clone()).filter(|_| number.is_none()),
    };
    let mut known = Known { numbers: sought.numbers.clone(), ..Known::default() };
    find_producers(connection, &accounts, &sought, &mut known)?;
    find_registrations(connection, &accounts, &sought, &mut known)?;
    find_contacts(connection, &sought, &mut known)?;
    let mut requests = personal_data_requests::table.select(personal_data_requests::id).into_boxed();
    requests = match (request.account_id, &request.recognised_value) {
        (Some(account), _) => requests.filter(personal_data_requests::account_id.eq(account)),
        (None, Some(value)) => requests.filter(personal_data_requests::recognised_value.eq(value.clone())),
        (None, None) => requests.filter(personal_data_requests::id.eq(request.id)),
    };
    known.requests = requests.order(personal_data_requests::id).load(connection)?;
    known.accounts = accounts;
    Ok(known)
}

fn find_producers(
    connection: &mut AnyConnection,
    accounts: &[Account],
    sought: &Sought,
    known: &mut Known,
) -> Result<()> {
    type Row = (ProducerId, String, String, String, Option<String>, Option<Json<Vec<Member>>>);
    let rows: Vec<Row> = producers::table
        .order(producers::id)
        .select((
            producers::id,
            producers::identity_number,
            producers::representative,
            producers::phone,
            producers::email,
            producers::members,
        ))
        .load(connection)?;
    for (id, number, representative, phone, email, members) in rows {
        let works_for = accounts.iter().any(|account| account.producer_id == Some(id));
        let is_reached = sought.is_reached_by(&phone) || email.is_some_and(|email| sought.is_reached_by(&email));
        if works_for || is_reached || sought.has_number(&number) {
            known.producers.push(id);
            if sought.names.contains(&text::fold(&representative)) {
                known.represented.push(id);
            }
        }
        if members.is_some_and(|members| sought.is_member(&members.0)) {
            known.joined.push(id);
        }
    }
    Ok(())
}

fn find_registrations(
    connection: &mut AnyConnection,
    accounts: &[Account],
    sought: &Sought,
    known: &mut Known,
) -> Result<()> {
    let rows: Vec<(RegistrationId, String, Json<ProducerForm>)> = registrations::table
        .filter(registrations::erased_at.is_null())
        .order(registrations::id)
        .select((registrations::id, registrations::username, registrations::producer))
        .load(connection)?;
    for (id, username, Json(form)) in rows {
        let is_application = accounts.iter().any(|account| account.username == username);
        let is_reached =
            sought.is_reached_by(&form.phone) || form.email.as_ref().is_some_and(|email| sought.is_reached_by(email));
        if is_application {
            known.applications.push(id);
        }
        if is_application || is_reached || sought.has_number(&form.identity_number) || sought.is_member(&form.members) {
            known.registrations.push(id);
        }
    }
    Ok(())
}

fn find_contacts(connection: &mut AnyConnection, sought: &Sought, known: &mut Known) -> Result<()> {
    if sought.contact.is_none() {
        return Ok(());
    }
    let of_doubts: Vec<(DoubtId, Option<String>)> = doubts::table
        .filter(doubts::contact.is_not_null())
        .order(doubts::id)
        .select((doubts::id, doubts::contact))
        .load(connection)?;
    let reached = |contact: &Option<String>| contact.as_ref().is_some_and(|contact| sought.is_reached_by(contact));
    known.doubts = of_doubts.into_iter().filter(|(_, contact)| reached(contact)).map(|(id, _)| id).collect();
    let of_shops: Vec<(ShopId, Option<String>)> = shops::table
        .filter(shops::phone.is_not_null())
        .order(shops::id)
        .select((shops::id, shops::phone))
        .load(connection)?;
    known.shops = of_shops.into_iter().filter(|(_, phone)| reached(phone)).map(|(id, _)| id).collect();
    Ok(())
}

/// Of the members that a producer or a registration names, those who are the person.
pub fn own_members(known: &Known, members: &mut Value) {
    if let Some(members) = members.as_array_mut() {
        members.retain(|member| {
            let number = member.get("identity_number").and_then(Value::as_str).map(canonical::identity_number);
            number.is_some_and(|number| known.numbers.contains(&number))
        });
    }
}

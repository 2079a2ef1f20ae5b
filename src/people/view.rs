//! What is shown of an account.

use serde::Serialize;
use utoipa::openapi::schema::{AnyOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::account::{Role, Work};
use crate::audit::Resource;
use crate::base::id::{AccountId, ProducerId};
use crate::base::{Moment, Result, UnitCode};
use crate::http::Language;
use crate::people::Person;
use crate::station::Shown;
use crate::{place, producer};

/// An account: all of it for administrators, and for everybody their own; a name for offices, which appoint councils.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum AccountView {
    Whole(Box<WholeAccount>),
    Name(AccountName),
}

/// Whatever is whole has a name too, so this is no `oneOf`.
impl PartialSchema for AccountView {
    fn schema() -> RefOr<Schema> {
        let whole = Ref::from_schema_name(WholeAccount::name());
        let name = Ref::from_schema_name(AccountName::name());
        RefOr::T(Schema::AnyOf(AnyOfBuilder::new().item(whole).item(name).build()))
    }
}

impl ToSchema for AccountView {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((WholeAccount::name().into_owned(), WholeAccount::schema()));
        WholeAccount::schemas(schemas);
        schemas.push((AccountName::name().into_owned(), AccountName::schema()));
        AccountName::schemas(schemas);
    }
}

/// An account as administrators see it, and everybody their own.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeAccount {
    id: AccountId,
    version: i32,
    username: String,
    name: String,
    role: Role,
    unit_code: Option<UnitCode>,
    unit_name: Option<String>,
    producer_id: Option<ProducerId>,
    producer_name: Option<String>,
    identity_number: Option<String>,
    residence_code: Option<UnitCode>,
    residence_name: Option<String>,
    residence: Option<String>,
    created_at: Moment,
    /// Where the daily summary of tasks goes.
    email: Option<String>,
    /// In which language the person is written to; Vietnamese where it is not said.
    language: Option<Language>,
    /// Whether the person wants the daily summary, once there is an address.
    daily_summary: bool,
    /// Since when the account is of no use any more; its user name stays taken.
    ended_at: Option<Moment>,
}

/// What offices that appoint councils see of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountName {
    id: AccountId,
    name: String,
    role: Role,
    unit_code: Option<UnitCode>,
    unit_name: Option<String>,
}

impl Shown for Person {
    type View = AccountView;

    fn views(work: &mut Work, people: &[Self]) -> Result<Vec<AccountView>> {
        let producers: Vec<ProducerId> = people.iter().filter_map(|person| person.account.producer_id).collect();
        let producers = producer::store::names(work.connection, &producers)?;
        let places = place::store::places(work.connection)?;
        let administers = work.actor.is(&[Role::Administrator]);
        for Self { account, .. } in people.iter().filter(|_| administers) {
            if account.identity_number.is_some() && account.id != work.actor.id {
                work.reads_identity_number(Resource::Account, account.id.any());
            }
        }
        let (actor, today) = (&work.actor, work.now.day());
        let place_name = |code: &Option<UnitCode>| code.as_ref().map(|code| places.name(code, today));
        let view = |Self { account, .. }: &Self| {
            let unit_name = place_name(&account.unit_code);
            if !administers && actor.id != account.id {
                return AccountView::Name(AccountName {
                    id: account.id,
                    name: account.name.clone(),
                    role: account.role,
                    unit_code: account.unit_code.clone(),
                    unit_name,
                });
            }
            AccountView::Whole(Box::new(WholeAccount {
                id: account.id,
                version: account.version,
                username: account.username.clone(),
                name: account.name.clone(),
                role: account.role,
                unit_code: account.unit_code.clone(),
                unit_name,
                producer_id: account.producer_id,
                producer_name: account.producer_id.and_then(|id| producers.get(&id).cloned()),
                identity_number: account.identity_number.clone(),
                residence_code: account.residence_code.clone(),
                residence_name: place_name(&account.residence_code),
                residence: account.residence.clone(),
                created_at: account.created_at,
                email: account.email.clone(),
                language: account.language,
                daily_summary: account.summary_off_at.is_none(),
                ended_at: account.ended_at,
            }))
        };
        Ok(people.iter().map(view).collect())
    }
}

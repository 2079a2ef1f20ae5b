//! The stage on which a demo's years are played: who acts, and when.

use indicatif::ProgressBar;

use crate::account::{Actor, Role, Work, password, store};
use crate::base::id::ProducerId;
use crate::base::{Day, Error, Moment, Result, UnitCode};
use crate::db::AnyConnection;
use crate::demo::chance::Chance;
use crate::demo::drawings::Drawings;
use crate::demo::names::{FAMILIES, GIVEN, MIDDLES};
use crate::http::App;
use crate::people::forms::{AccountForm, Hashed};
use crate::people::steps::found;
use crate::producer;
use crate::producer::rules::{ProducerForm, ProducerKind};
use crate::station::apply_creation;

pub use crate::account::password::rules::OF_DEMO as PASSWORD;

/// The demo's choices follow from this.
const SEED: u64 = 42_2020;

pub struct Stage<'connection> {
    pub connection: &'connection mut AnyConnection,
    pub chance: Chance,
    pub drawings: Drawings,
    app: App,
    bar: ProgressBar,
    password_hash: String,
}

/// A producer that is made up: the rest of it follows from how many were before it.
pub struct NewProducer {
    pub made: usize,
    pub name: String,
    pub kind: ProducerKind,
    pub representative: String,
    pub commune: UnitCode,
    pub commune_name: String,
}

impl<'connection> Stage<'connection> {
    pub fn new(connection: &'connection mut AnyConnection, app: App, bar: ProgressBar) -> Result<Self> {
        Ok(Self {
            connection,
            chance: Chance::new(SEED),
            drawings: Drawings::default(),
            app,
            bar,
            password_hash: password::hash(PASSWORD)?,
        })
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    /// Somebody at work at a moment.
    pub fn work(&mut self, actor: &Actor, at: Moment) -> Work<'_> {
        Work::assume(self.connection, self.app.clone(), actor.clone(), at)
    }

    /// One act is done.
    pub fn done(&self) {
        self.bar.inc(1);
    }

    pub fn person(&mut self) -> Result<String> {
        let (family, middle, given) =
            (self.chance.one_of(FAMILIES)?, self.chance.one_of(MIDDLES)?, self.chance.one_of(GIVEN)?);
        Ok(format!("{family} {middle} {given}"))
    }

    /// An account with the demo's password.
    pub fn account(&mut self, username: &str, role: Role, unit: Option<&UnitCode>, at: Moment) -> Result<Actor> {
        self.engage(username, role, unit, None, at)
    }

    /// A producer that its commune's officer enters, with its account.
    pub fn producer(&mut self, officer: &Actor, new: NewProducer, at: Moment) -> Result<Actor> {
        let NewProducer { made, name, kind, representative, commune, commune_name } = new;
        let form = ProducerForm {
            name,
            kind,
            identity_number: format!("30{made:08}"),
            commune_code: commune,
            address: format!("Thôn {}, {commune_name}", made % 9 + 1),
            representative,
            phone: format!("02393{:06}", 100_000 + made * 37),
            public_phone: made.is_multiple_of(2),
            email: None,
            members: Vec::new(),
            representative_sex: None,
            representative_ethnicity: None,
        };
        let entered = apply_creation(&mut self.work(officer, at), &producer::steps::CREATE, form)?;
        let username = if made == 0 { "producer".to_owned() } else { format!("producer-{made:03}") };
        self.engage(&username, Role::Producer, None, Some(entered), at)
    }

    fn engage(
        &mut self,
        username: &str,
        role: Role,
        unit: Option<&UnitCode>,
        producer_id: Option<ProducerId>,
        at: Moment,
    ) -> Result<Actor> {
        let name = self.person()?;
        let form = AccountForm {
            username: username.to_owned(),
            password: Some(PASSWORD.to_owned()),
            name,
            role,
            unit_code: unit.cloned(),
            producer_id,
        };
        let hashed = Hashed { form, password_hash: self.password_hash.clone() };
        let id = found(self.connection, hashed, at)?;
        store::actor(self.connection, id)?.ok_or_else(|| Error::internal("an account that was just made is gone"))
    }
}

/// A day of the demo.
pub fn day(text: &str) -> Result<Day> {
    text.parse().map_err(Error::internal)
}

/// A moment of a day of the demo: eight in the morning and so many minutes.
pub fn moment(text: &str, minutes: i64) -> Result<Moment> {
    Ok(on(day(text)?, minutes))
}

/// As [`moment`], of a day at hand.
pub fn on(day: Day, minutes: i64) -> Moment {
    day.starts().plus(chrono::Duration::minutes(8 * 60 + minutes))
}

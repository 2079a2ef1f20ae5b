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
use crate::people::steps::{AccountForm, Hashed, found};

/// The password of every account of the demo.
pub const PASSWORD: &str = "ocop-demo-2020";

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

    pub fn producer_account(&mut self, username: &str, producer: ProducerId, at: Moment) -> Result<Actor> {
        self.engage(username, Role::Producer, None, Some(producer), at)
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
            password: PASSWORD.to_owned(),
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

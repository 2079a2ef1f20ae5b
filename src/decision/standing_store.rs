//! What certificates are on a day, in SQL, as `rules::Term` says.

use diesel::prelude::*;

use crate::base::id::CertificateId;
use crate::base::{Day, Result};
use crate::cycle::{Again, EditionCode};
use crate::db::AnyConnection;
use crate::db::schema::certificates;
use crate::decision::extension;

/// See [`unrevoked`].
pub type Unrevoked = diesel::dsl::AssumeNotNull<
    diesel::dsl::Or<
        diesel::dsl::Nullable<diesel::dsl::IsNull<certificates::revoked_on>>,
        diesel::dsl::Gt<certificates::revoked_on, Day>,
    >,
>;

/// Not revoked by a day, in SQL.
pub fn unrevoked(today: Day) -> Unrevoked {
    use diesel::NullableExpressionMethods;
    certificates::revoked_on.is_null().nullable().or(certificates::revoked_on.gt(today)).assume_not_null()
}

/// See [`valid`].
pub type Valid = diesel::dsl::And<diesel::dsl::GtEq<certificates::valid_until, Day>, Unrevoked>;

/// Valid on a day and not only extended, as `Term::standing` says, in SQL.
pub fn valid(today: Day) -> Valid {
    certificates::valid_until.ge(today).and(unrevoked(today))
}

type AnyOf = diesel::dsl::EqAny<certificates::id, Vec<CertificateId>>;
type BehindLastDay = diesel::dsl::Lt<certificates::valid_until, Day>;

/// What certificates are on a day, as `Term::standing` says, in SQL.
#[derive(Debug, Clone)]
pub struct OnDay {
    pub day: Day,
    extended: Vec<CertificateId>,
    /// What the act in force says of rating again.
    again: Option<Again>,
}

impl OnDay {
    /// Reads which certificates are extended on the day.
    pub fn read(connection: &mut AnyConnection, day: Day) -> Result<Self> {
        let again = EditionCode::in_force_on(day)?.edition()?.again;
        Ok(Self { day, extended: extension::on(connection, day)?, again })
    }

    /// Valid or extended.
    pub fn in_force(
        &self,
    ) -> diesel::dsl::And<diesel::dsl::Or<diesel::dsl::GtEq<certificates::valid_until, Day>, AnyOf>, Unrevoked> {
        let kept = certificates::valid_until.ge(self.day).or(certificates::id.eq_any(self.extended.clone()));
        kept.and(unrevoked(self.day))
    }

    /// Between which last days a valid certificate's product is to be rated again now, and through which one besides, because
    /// the act was new. Where the act in force says nothing of it, there are no such days.
    pub fn again_due(&self) -> (Day, Day, Day) {
        let never = self.day.plus_days(-1);
        match self.again {
            Some(again) => {
                let (earliest, latest) = again.due_on(self.day);
                (earliest, latest, again.transitional_until)
            }
            None => (never, never, never),
        }
    }

    pub fn extended(&self) -> diesel::dsl::And<AnyOf, Unrevoked> {
        certificates::id.eq_any(self.extended.clone()).and(unrevoked(self.day))
    }

    pub fn expired(&self) -> diesel::dsl::And<diesel::dsl::And<BehindLastDay, diesel::dsl::not<AnyOf>>, Unrevoked> {
        let not_extended = diesel::dsl::not(certificates::id.eq_any(self.extended.clone()));
        certificates::valid_until.lt(self.day).and(not_extended).and(unrevoked(self.day))
    }
}

//! A certificate as its steps find it, with who issued it and whether its end was announced.

use crate::account::Work;
use crate::audit::Resource;
use crate::base::id::{AnyId, CertificateId, DecisionId};
use crate::base::{Error, Result, UnitCode};
use crate::decision::certificate_steps;
use crate::decision::certificate_store::{self, Certificate, CertificateFilter};
use crate::decision::notice_store::{self, Notice};
use crate::decision::rules::{Standing, Term};
use crate::decision::store;
use crate::place;
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// A certificate with its surroundings.
#[derive(Debug)]
pub struct IssuedCertificate {
    pub row: Certificate,
    pub term: Term,
    /// What it is worth today.
    pub standing: Standing,
    pub issuer: UnitCode,
    /// Whether the unit that issued it still stands today.
    pub issuer_stands: bool,
    pub notice: Option<Notice>,
}

impl IssuedCertificate {
    /// Certificates with their surroundings, in the same order.
    pub fn around(work: &mut Work, rows: Vec<Certificate>) -> Result<Vec<Self>> {
        let today = work.now.day();
        let decisions: Vec<DecisionId> = rows.iter().map(|row| row.decision_id).collect();
        let issuers = store::units(work.connection, &decisions)?;
        let places = place::store::places(work.connection)?;
        let ids: Vec<CertificateId> = rows.iter().map(|row| row.id).collect();
        let mut notices = notice_store::of(work.connection, &ids)?;
        let mut terms = certificate_store::terms(work.connection, &rows)?;
        let around = |row: Certificate| {
            let issuer = issuers.get(&row.decision_id).cloned();
            let issuer = issuer.ok_or_else(|| Error::internal("a certificate without its decision"))?;
            let term = terms.remove(&row.id).ok_or_else(|| Error::internal("a certificate without its term"))?;
            Ok(Self {
                standing: term.standing(today),
                term,
                issuer_stands: places.unit(&issuer, today).is_some(),
                notice: notices.remove(&row.id),
                issuer,
                row,
            })
        };
        rows.into_iter().map(around).collect()
    }
}

impl Thing for IssuedCertificate {
    type Key = CertificateId;
    const RESOURCE: Resource = Resource::Certificate;
    const PATH: &'static str = "certificates";

    fn load(work: &mut Work, key: &CertificateId, access: Access) -> Result<Option<Self>> {
        if access == Access::Taken {
            certificate_store::take(work.connection, *key)?;
        }
        let row = certificate_store::find(work.connection, *key)?.filter(|row| work.actor.sees(&row.home()));
        Ok(Self::around(work, row.into_iter().collect())?.pop())
    }

    fn id(&self) -> AnyId {
        self.row.id.any()
    }

    fn version(&self) -> i32 {
        self.row.version
    }

    fn state(&self) -> Option<&str> {
        Some(self.standing.as_ref())
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        certificate_steps::VERBS
    }
}

impl Listed for IssuedCertificate {
    type Filter = CertificateFilter;
    /// The number.
    type Cursor = String;

    fn list(work: &mut Work, filter: &CertificateFilter, stretch: &Stretch<String>) -> Result<Vec<Self>> {
        let (territory, today) = (work.actor.territory(), work.now.day());
        let rows = certificate_store::list(work.connection, &territory, today, filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &CertificateFilter) -> Result<i64> {
        certificate_store::count(work.connection, &work.actor.territory(), work.now.day(), filter)
    }

    fn cursor(&self) -> String {
        self.row.number.clone()
    }
}

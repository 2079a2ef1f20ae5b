//! A dossier as its steps find it: with its cycle, whose edition says who does what, and how far the councils are with it.

use std::collections::BTreeMap;

use crate::account::{Asker, Work, seat_store};
use crate::audit::Resource;
use crate::base::id::{AnyId, CycleId, DossierId, ProductId};
use crate::base::{Day, Error, Result, say};
use crate::cycle::dossiers::LatestCertificate;
use crate::cycle::{self, Cycle, DossierKind, Edition, RatingTerm};
use crate::dossier::rules::Standing;
use crate::dossier::sample_store::{self, Samples};
use crate::dossier::steps;
use crate::dossier::store::{self, DossierFilter, DossierRow};
use crate::dossier::term;
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// A dossier (hồ sơ sản phẩm) in its year, as the asker finds it.
#[derive(Debug, Clone)]
pub struct Dossier {
    pub row: DossierRow,
    pub cycle: Cycle,
    pub edition: Edition,
    pub standing: Standing,
    /// The asker is of the working group that checks it for a council.
    pub is_checked_by_asker: bool,
    /// The newest certificate of its product, where the edition tells kinds of dossiers by it.
    pub latest: Option<LatestCertificate>,
    pub samples: Vec<Samples>,
    /// Until when it may be rated, where a newer act has followed its edition.
    pub term: Option<RatingTerm>,
}

impl Dossier {
    /// Dossiers with their surroundings; the number of statements does not depend on how many they are.
    pub fn around(work: &mut Work, rows: Vec<DossierRow>) -> Result<Vec<Self>> {
        let ids: Vec<DossierId> = rows.iter().map(|row| row.id).collect();
        let cycles: Vec<CycleId> = rows.iter().map(|row| row.cycle_id).collect();
        let cycles: BTreeMap<CycleId, Cycle> = cycle::store::of_ids(work.connection, &cycles)?;
        let mut standings = store::standings(work.connection, &rows, work.actor.id)?;
        let checked = seat_store::checked(work.connection, &work.actor, &ids)?;
        let products: Vec<ProductId> = rows.iter().map(|row| row.product_id).collect();
        let certificates = store::latest_certificates(work.connection, &products)?;
        let mut samples = sample_store::of(work.connection, &ids)?;
        let editions = rows.iter().filter_map(|row| Some((row, cycles.get(&row.cycle_id)?.edition)));
        let terms = term::terms(work.connection, &editions.collect::<Vec<_>>(), work.now.day())?;
        let around = rows.into_iter().map(|row| {
            let cycle =
                cycles.get(&row.cycle_id).cloned().ok_or_else(|| Error::internal("a dossier without its cycle"))?;
            let edition = cycle.edition.edition()?;
            let standing = standings.remove(&row.id).unwrap_or_default();
            Ok(Self {
                is_checked_by_asker: checked.contains(&row.id),
                latest: certificates.get(&row.product_id).copied(),
                samples: samples.remove(&row.id).unwrap_or_default(),
                term: terms.get(&row.id).copied(),
                row,
                cycle,
                edition,
                standing,
            })
        });
        around.collect()
    }

    /// For what it asks: as it was handed in for the first time, or as it would be today.
    pub fn kind(&self, today: Day) -> Option<DossierKind> {
        self.row.kind.or_else(|| self.edition.dossiers.kind(self.edition.again, self.latest, today))
    }

    /// Whether a commune checks it before the councils may take it up.
    pub fn has_commune(&self) -> bool {
        self.edition.dossiers.has_commune()
    }

    /// A seat in a council lets read, no more: 403 for who writes outside of the own territory.
    pub fn must_be_in_territory(&self, asker: Asker) -> Result<()> {
        if asker.actor.sees(&self.row.home()) {
            return Ok(());
        }
        Err(Error::forbidden(say("Hồ sơ này ngoài địa bàn của bạn.", "This dossier lies outside your territory.")))
    }
}

impl Thing for Dossier {
    type Key = DossierId;
    const RESOURCE: Resource = Resource::Dossier;
    const PATH: &'static str = "dossiers";

    /// Also for who has a seat in an open council with the dossier on its agenda.
    fn load(work: &mut Work, key: &DossierId, access: Access) -> Result<Option<Self>> {
        let row = match access {
            Access::Taken => store::take(work.connection, *key)?,
            Access::Seen => store::find(work.connection, *key)?,
        };
        let Some(row) = row else { return Ok(None) };
        if !work.actor.sees(&row.home()) && !seat_store::show_dossier(work.connection, &work.actor, row.id)? {
            return Ok(None);
        }
        Ok(Self::around(work, vec![row])?.pop())
    }

    fn id(&self) -> AnyId {
        self.row.id.any()
    }

    fn version(&self) -> i32 {
        self.row.version
    }

    fn state(&self) -> Option<&str> {
        Some(self.row.state.as_ref())
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        steps::VERBS
    }
}

impl Listed for Dossier {
    type Filter = DossierFilter;
    type Cursor = DossierId;

    fn list(work: &mut Work, filter: &DossierFilter, stretch: &Stretch<DossierId>) -> Result<Vec<Self>> {
        let rows = store::list(work.connection, &work.actor.territory(), filter, work.now.day(), stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &DossierFilter) -> Result<i64> {
        store::count(work.connection, &work.actor.territory(), filter, work.now.day())
    }

    fn cursor(&self) -> DossierId {
        self.row.id
    }
}

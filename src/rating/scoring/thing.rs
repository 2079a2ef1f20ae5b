//! One's own sheet of an agenda item, and nobody else's.

use crate::account::Work;
use crate::audit::Resource;
use crate::base::id::{AgendaItemId, AnyId, SheetId};
use crate::base::{Error, Result};
use crate::criteria::{Case, Mark, Marked, RaisedGate, Set, mark};
use crate::rating::agenda::Session;
use crate::rating::scoring::steps;
use crate::rating::sheet::{self, Sheet};
use crate::station::{Access, Offer, Thing};

/// The asker's sheet of an item, known by the item; of version 0 where it is not begun yet.
#[derive(Debug, Clone)]
pub struct OwnSheet {
    pub session: Session,
    /// Its own id, new where it is not begun yet.
    pub id: SheetId,
    pub sheet: Option<Sheet>,
    pub set: Set,
    pub case: Case,
}

impl OwnSheet {
    pub fn marks(&self) -> &[Mark] {
        self.sheet.as_ref().map_or(&[], |sheet| &sheet.marks.0)
    }

    pub fn gate(&self) -> Option<&RaisedGate> {
        self.sheet.as_ref()?.gate.as_ref().map(|gate| &gate.0)
    }

    /// What marks come to on this sheet; 422 where they do not fit its set.
    pub fn marked(&self, marks: &[Mark], gate: Option<&RaisedGate>) -> Result<Marked> {
        mark(&self.set, self.case, marks, gate).map_err(Error::faults)
    }
}

impl Thing for OwnSheet {
    type Key = AgendaItemId;
    const RESOURCE: Resource = Resource::Sheet;
    const PATH: &'static str = "agenda-items/{id}/sheet";

    /// 403 for who sees the item and has no seat that scores it. The item's row is taken, so that a sheet is either in before
    /// the scoring closes or not at all.
    fn load(work: &mut Work, key: &AgendaItemId, access: Access) -> Result<Option<Self>> {
        let Some(session) = Session::load(work, key, access)? else { return Ok(None) };
        Session::must_score(work.asker(), &session)?;
        let sheet = sheet::store::own(work.connection, *key, session.item.attempt, work.actor.id)?;
        let (set, case) = session.set(work)?;
        let id = sheet.as_ref().map_or_else(SheetId::random, |sheet| sheet.id);
        Ok(Some(Self { session, id, sheet, set, case }))
    }

    fn id(&self) -> AnyId {
        self.id.any()
    }

    fn version(&self) -> i32 {
        self.sheet.as_ref().map_or(0, |sheet| sheet.version)
    }

    fn state(&self) -> Option<&str> {
        Some(self.sheet.as_ref()?.state.as_ref())
    }

    fn verbs() -> &'static [&'static dyn Offer<Self>] {
        steps::VERBS
    }
}

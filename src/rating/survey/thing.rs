//! A survey as its steps find it, and who may see it.

use std::collections::BTreeMap;

use crate::account::{Actor, Work};
use crate::audit::Resource;
use crate::base::id::{AgendaItemId, AnyId, SurveyId};
use crate::base::{Error, Result};
use crate::files::StoredFile;
use crate::rating::agenda::Session;
use crate::rating::item::{self, Readiness, State};
use crate::rating::survey::steps;
use crate::rating::survey::store::{self, SurveyFile, SurveyFilter, SurveyRow};
use crate::station::{Access, Listed, Offer, Stretch, Thing};

/// A survey on site, with the session for which it was made.
#[derive(Debug, Clone)]
pub struct Survey {
    pub row: SurveyRow,
    pub session: Session,
    pub files: Vec<(SurveyFile, StoredFile)>,
}

impl Survey {
    /// Surveys with their surroundings; the number of statements does not depend on how many they are.
    fn around(work: &mut Work, rows: Vec<SurveyRow>) -> Result<Vec<Self>> {
        let items: Vec<AgendaItemId> = rows.iter().map(|row| row.agenda_item_id).collect();
        let ids: Vec<SurveyId> = rows.iter().map(|row| row.id).collect();
        let items = item::store::of_ids(work.connection, &items)?;
        let sessions = Session::around(work, items)?;
        let sessions: BTreeMap<AgendaItemId, Session> =
            sessions.into_iter().map(|session| (session.item.id, session)).collect();
        let mut files = store::files(work.connection, &ids)?;
        let around = rows.into_iter().map(|row| {
            let session = sessions.get(&row.agenda_item_id).cloned();
            Ok(Self {
                session: session.ok_or_else(|| Error::internal("a survey without its item"))?,
                files: files.remove(&row.id).unwrap_or_default(),
                row,
            })
        });
        around.collect()
    }

    /// The council and who oversees it read it; who knows of the dossier, as its producer, reads what was finished once the
    /// council has concluded.
    fn is_shown_to(&self, actor: &Actor) -> bool {
        let session = &self.session;
        let is_told = self.row.state == Readiness::Finished && session.item.state == State::Concluded;
        session.shows_preparation(actor) || (is_told && actor.sees(&session.dossier.home()))
    }
}

impl Thing for Survey {
    type Key = SurveyId;
    const RESOURCE: Resource = Resource::Survey;
    const PATH: &'static str = "surveys";

    /// Its item's row is taken, so that a scoring that opens and a survey that changes follow one another.
    fn load(work: &mut Work, key: &SurveyId, access: Access) -> Result<Option<Self>> {
        let mut row = store::find(work.connection, *key)?;
        if let (Some(found), Access::Taken) = (&row, access) {
            item::store::take(work.connection, found.agenda_item_id)?;
            row = store::find(work.connection, *key)?;
        }
        let survey = Self::around(work, row.into_iter().collect())?.pop();
        Ok(survey.filter(|survey| survey.is_shown_to(&work.actor)))
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

impl Listed for Survey {
    type Filter = SurveyFilter;
    type Cursor = SurveyId;

    fn list(work: &mut Work, filter: &SurveyFilter, stretch: &Stretch<SurveyId>) -> Result<Vec<Self>> {
        let rows = store::list(work.connection, &work.actor, filter, stretch)?;
        Self::around(work, rows)
    }

    fn count(work: &mut Work, filter: &SurveyFilter) -> Result<i64> {
        store::count(work.connection, &work.actor, filter)
    }

    fn cursor(&self) -> SurveyId {
        self.row.id
    }
}

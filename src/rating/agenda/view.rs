//! What is shown of an agenda item.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::account::{self, Work};
use crate::base::id::{AccountId, AgendaItemId, CouncilId, CriteriaSetId, DossierId, ProducerId, ProductId};
use crate::base::{Day, Error, Moment, Result, UnitCode};
use crate::criteria::store::SetTitles;
use crate::criteria::view::NamedSet;
use crate::dossier::term;
use crate::place;
use crate::rating::agenda::Session;
use crate::rating::agenda::calendar::Warning;
use crate::rating::agenda::involvement::Involvement;
use crate::rating::agenda::preparation::{PreparationView, preparation};
use crate::rating::agenda::recusal::involvements;
use crate::rating::council::SeatKind;
use crate::rating::item::{self, Admission, State};
use crate::rating::result::rules::{Broken, Tally};
use crate::rating::{reminder, sheet};
use crate::station::Shown;

/// An agenda item, to those who may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgendaItemView {
    id: AgendaItemId,
    version: i32,
    council_id: CouncilId,
    /// The unit and the round of the council.
    unit_code: UnitCode,
    unit_name: String,
    round: i32,
    dossier_id: DossierId,
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    producer_name: String,
    /// The code, id and version of the set that it is scored with.
    criteria_set: Option<String>,
    #[serde(flatten)]
    named_set: NamedSet,
    criteria_set_id: Option<CriteriaSetId>,
    criteria_set_version: Option<i32>,
    /// The item at the council before, from which it was sent up.
    sent_from: Option<AgendaItemId>,
    position: i32,
    state: State,
    attempt: i32,
    admission: Option<Admission>,
    note: Option<String>,
    sent_up_at: Option<Moment>,
    /// When the session is, and when dossier and samples went to the members.
    session_on: Option<Day>,
    dossier_sent_on: Option<Day>,
    samples_sent_on: Option<Day>,
    /// The last day for the conclusion, where the act in force sets one: for a dossier of before it, for a rating again.
    rated_until: Option<Day>,
    /// The last day for the sheets, where the members give their opinions in writing.
    written_until: Option<Day>,
    /// Who presided and acknowledged that they went out late.
    short_notice_accepted_by: Option<AccountId>,
    short_notice_accepted_by_name: Option<String>,
    /// What who presides should know before the scoring; only for the session's leaders, and not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<Warning>>,
    /// How far the working group is; only for who makes it ready, oversees the unit, or sits while the council is open, and not
    /// in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    preparation: Option<PreparationView>,
    /// What one's own seat has to do with it; only for who sits, and not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    me: Option<OwnSeat>,
    /// Who is there and who has submitted; only for who presides, the secretary and the office, and not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    attendance: Option<Vec<Attendance>>,
    /// The count without marks; only for the same, from the close of scoring to the conclusion, and not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    tally: Option<TallyView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSeat {
    seat: SeatKind,
    presides: bool,
    scores: bool,
    recused: bool,
    absent: bool,
    /// When this seat was last reminded of its sheet.
    reminded_at: Option<Moment>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Attendance {
    account_id: AccountId,
    name: String,
    seat: SeatKind,
    presides: bool,
    scores: bool,
    /// Why this seat does not score the item, if so.
    recused: Option<String>,
    /// Why this seat is not there, if so.
    absent: Option<String>,
    /// What this seat had to do with the product before, until the council concludes: some of it recuses by rule, the rest
    /// is for who presides to weigh.
    involvement: Vec<Involvement>,
    submitted: bool,
    /// When this seat was last reminded of its sheet.
    reminded_at: Option<Moment>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TallyView {
    sheets: usize,
    needed: usize,
    /// How far apart the totals lie; null while there are too few sheets, when it would tell a member's total.
    spread: Option<i32>,
    max_spread: i32,
    /// Null while there are too few sheets, as the spread.
    gates_disagree: Option<bool>,
    /// The rules of the council that are broken, the quorum first; with none it may conclude.
    broken: Vec<Broken>,
}

impl From<&Tally> for TallyView {
    fn from(tally: &Tally) -> Self {
        let is_told = tally.tells_marks_of_many();
        Self {
            sheets: tally.sheets,
            needed: tally.needed,
            spread: is_told.then_some(tally.spread),
            max_spread: tally.max_spread,
            gates_disagree: is_told.then(|| tally.gates_disagree()),
            broken: if is_told { tally.broken() } else { vec![Broken::NoQuorum] },
        }
    }
}

impl Shown for Session {
    type View = AgendaItemView;

    fn views(work: &mut Work, sessions: &[Self]) -> Result<Vec<AgendaItemView>> {
        let ids: Vec<AgendaItemId> = sessions.iter().map(|session| session.item.id).collect();
        let mut names = item::store::names(work.connection, &ids)?;
        let accounts: Vec<AccountId> =
            sessions.iter().filter_map(|session| session.item.short_notice_accepted_by).collect();
        let accounts = account::store::names(work.connection, &accounts)?;
        let places = place::store::places(work.connection)?;
        let codes = names.values().filter_map(|names| names.criteria_set.as_deref());
        let titles = SetTitles::of(work.connection, codes)?;
        let today = work.now.day();
        let view = |Self { item, council, edition, dossier, term: followed, .. }: &Self| {
            let names = names.remove(&item.id).ok_or_else(|| Error::internal("an item without its product"))?;
            let named = |code: &str| NamedSet::of(&titles, code, Some(edition.code));
            Ok(AgendaItemView {
                id: item.id,
                version: item.version,
                council_id: item.council_id,
                unit_code: council.unit_code.clone(),
                unit_name: places.name(&council.unit_code, today),
                round: council.round,
                dossier_id: item.dossier_id,
                product_id: names.product_id,
                product_name: names.product_name,
                producer_id: names.producer_id,
                producer_name: names.producer_name,
                named_set: names.criteria_set.as_deref().map_or_else(NamedSet::default, named),
                criteria_set: names.criteria_set,
                criteria_set_id: names.criteria_set_id,
                criteria_set_version: names.criteria_set_version,
                sent_from: item.sent_from,
                position: item.position,
                state: item.state,
                attempt: item.attempt,
                admission: item.admission,
                note: item.note.clone(),
                sent_up_at: item.sent_up_at,
                session_on: item.session_on,
                dossier_sent_on: item.dossier_sent_on,
                samples_sent_on: item.samples_sent_on,
                rated_until: term::rated_until(edition, dossier, *followed),
                written_until: item.written_round(),
                short_notice_accepted_by: item.short_notice_accepted_by,
                short_notice_accepted_by_name: item.short_notice_accepted_by.and_then(|id| accounts.get(&id).cloned()),
                warnings: None,
                preparation: None,
                me: None,
                attendance: None,
                tally: None,
            })
        };
        sessions.iter().map(view).collect()
    }

    /// With what the asker may know of the session around it.
    fn view(work: &mut Work, session: &Self) -> Result<AgendaItemView> {
        let view = Self::views(work, std::slice::from_ref(session))?.pop();
        let mut view = view.ok_or_else(|| Error::internal("a view is missing"))?;
        let reminded = reminder::store::last(work.connection, session.item.id, session.item.attempt)?;
        view.me = session.seat(work.actor.id).map(|seat| OwnSeat {
            seat: seat.kind,
            presides: session.presides(seat.account),
            scores: seat.scores,
            recused: session.is_recused(seat.account),
            absent: session.is_absent(seat.account),
            reminded_at: reminded.get(&seat.account).copied(),
        });
        view.preparation = preparation(work, session)?;
        if session.is_led_by(&work.actor) {
            view.attendance = Some(attendance(work, session, &reminded)?);
            view.warnings = Some(session.warnings(None)?);
            view.tally = session.counted()?.map(|count| TallyView::from(&count.tally));
        }
        Ok(view)
    }
}

fn attendance(work: &mut Work, session: &Session, reminded: &BTreeMap<AccountId, Moment>) -> Result<Vec<Attendance>> {
    let involved = match session.item.state {
        State::Concluded => BTreeMap::new(),
        _ => involvements(work, &[&session.dossier], &session.seats)?,
    };
    let submitters = sheet::store::submitters(work.connection, session.item.id, session.item.attempt)?;
    let attendance = session.seats.iter().map(|seat| {
        let absence = session.absences.iter().find(|absence| absence.account_id == seat.account);
        let recusal = session.recusals.iter().find(|recusal| recusal.account_id == seat.account);
        Attendance {
            account_id: seat.account,
            name: seat.name.clone(),
            seat: seat.kind,
            presides: session.presides(seat.account),
            scores: seat.scores,
            recused: recusal.map(|recusal| recusal.reason.clone()),
            absent: absence.map(|absence| absence.reason.clone()),
            involvement: involved.get(&(session.dossier.id, seat.account)).into_iter().flatten().copied().collect(),
            submitted: submitters.contains(&seat.account),
            reminded_at: reminded.get(&seat.account).copied(),
        }
    });
    Ok(attendance.collect())
}

//! `/councils/{id}/export`: everything that a council concluded from, so that another program can recompute each result
//! and open each commitment.
//!
//! Who leads the session of an item gets its sheets with names, salts and commitments. Everybody else who may see the item
//! gets them shuffled and nameless; a commitment is over the member's account too, so theirs come without salt and
//! commitment: opening one would name its member. Of what is not concluded nothing of any sheet is told, to nobody.

use std::collections::BTreeMap;

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Caller;
use crate::base::id::{AccountId, AgendaItemId, CouncilId, CriteriaSetId, CycleId, DossierId, ProducerId, ProductId};
use crate::base::{Digest, Error, Moment, Points, Result, Salt, UnitCode};
use crate::criteria::{Case, GateKind, Mark, RaisedGate, Set};
use crate::cycle::{self, Edition};
use crate::http::{Answer, PathParam, Problem, Refusals};
use crate::rating::agenda::Session;
use crate::rating::agenda::scale::Scales;
use crate::rating::agenda::store::AgendaItemFilter;
use crate::rating::council::{self, Council, CouncilRow, CouncilRules, Seat, SeatKind};
use crate::rating::disclosure::api::ResultView;
use crate::rating::item::store::Rescore;
use crate::rating::item::{self, State};
use crate::rating::sheet::{self, Sheet};
use crate::station::{Access, Listed, Stretch, Thing};

/// An agenda is never longer than this.
const MOST: i64 = 100_000;

/// A council with what it concluded and from what.
#[derive(Debug, Serialize, ToSchema)]
pub struct Export {
    council: ExportedCouncil,
    /// The procedure of its year: weights, bands, stages.
    edition: Edition,
    /// The criteria sets that its items are scored with, in the versions that hold for them.
    criteria_sets: Vec<ExportedSet>,
    /// In the order of the agenda; those that the asker may see.
    items: Vec<ExportedItem>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedCouncil {
    id: CouncilId,
    cycle_id: CycleId,
    unit_code: UnitCode,
    #[schema(value_type = String)]
    level: crate::base::Level,
    round: i32,
    decision_number: String,
    rules: CouncilRules,
    /// Only for who may read the council itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    seats: Option<Vec<ExportedSeat>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedSeat {
    account_id: AccountId,
    name: String,
    seat: SeatKind,
    scores: bool,
}

impl From<Seat> for ExportedSeat {
    fn from(seat: Seat) -> Self {
        Self { account_id: seat.account, name: seat.name, seat: seat.kind, scores: seat.scores }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedSet {
    id: CriteriaSetId,
    set: Set,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedItem {
    id: AgendaItemId,
    position: i32,
    dossier_id: DossierId,
    product_id: ProductId,
    producer_id: ProducerId,
    criteria_set_id: Option<CriteriaSetId>,
    /// Which scale of alternatives holds for its producer: 1 for organisations, 2 for a household.
    #[schema(value_type = Option<u8>)]
    case: Option<Case>,
    state: State,
    /// Only where it is concluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    concluded: Option<ExportedConclusion>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedConclusion {
    /// Whether the sheets are named, and their commitments open.
    named: bool,
    /// How many seats scored it, recused ones aside: what the quorum is of.
    scoring_seats: usize,
    /// Who presided; only where named.
    #[serde(skip_serializing_if = "Option::is_none")]
    presiding_account_id: Option<AccountId>,
    /// Only where named.
    #[serde(skip_serializing_if = "Option::is_none")]
    recusals: Option<Vec<ExportedRecusal>>,
    /// Seats that were not there; only where named.
    #[serde(skip_serializing_if = "Option::is_none")]
    absences: Option<Vec<ExportedRecusal>>,
    rescores: Vec<ExportedRescore>,
    /// The submitted sheets of every attempt; sheets of recused seats do not count and are not here.
    sheets: Vec<ExportedSheet>,
    result: ResultView,
}

/// A seat that did not score, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedRecusal {
    account_id: AccountId,
    reason: String,
}

/// Why the council scored again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedRescore {
    /// The attempt that it began.
    attempt: i32,
    reason: String,
    votes_for: Option<i32>,
    votes_against: Option<i32>,
    at: Moment,
}

impl From<Rescore> for ExportedRescore {
    fn from(rescore: Rescore) -> Self {
        let Rescore { attempt, reason, votes_for, votes_against, at } = rescore;
        Self { attempt, reason, votes_for, votes_against, at }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedSheet {
    attempt: i32,
    marks: Vec<Mark>,
    gate: Option<RaisedGate>,
    gate_kind: Option<GateKind>,
    total: Option<Points>,
    /// Whose it is and what opens its commitment; only where named.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<ExportedMember>,
}

/// `commitment` is SHA-256 over the bytes of `salt` and the text of the JSON object with `account_id`, `agenda_item_id`,
/// `attempt`, `gate`, `gate_kind`, `marks`, `state` (which is `submitted`), `submitted_at` and `total`: without spaces, the
/// names of all objects sorted, in UTF-8.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedMember {
    account_id: AccountId,
    submitted_at: Option<Moment>,
    salt: Option<Salt>,
    commitment: Option<Digest>,
}

impl ExportedSheet {
    fn new(sheet: Sheet, is_named: bool) -> Self {
        let member = is_named.then_some(ExportedMember {
            account_id: sheet.account_id,
            submitted_at: sheet.submitted_at,
            salt: sheet.salt,
            commitment: sheet.commitment,
        });
        Self {
            attempt: sheet.attempt,
            marks: sheet.marks.0,
            gate: sheet.gate.map(|gate| gate.0),
            gate_kind: sheet.gate_kind,
            total: sheet.total,
            member,
        }
    }
}

/// What the council concluded, and from what: with names for who leads it, else nameless and shuffled.
#[utoipa::path(tag = "councils", responses((status = 200, body = Export), Refusals))]
#[get("/councils/{id}/export")]
pub async fn export(caller: Caller, id: PathParam<CouncilId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let id = id.get()?;
            let council = council::store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
            let seats = Council::load(work, &id, Access::Seen)?.map(|council| council.seats);
            let filter = AgendaItemFilter { council_id: Some(id), ..AgendaItemFilter::default() };
            let mut sessions = Session::list(work, &filter, &Stretch::first(MOST))?;
            if seats.is_none() && sessions.is_empty() {
                return Err(Error::unknown().into());
            }
            sessions.sort_by_key(|session| session.item.position);
            let cycle = cycle::store::find(work.connection, council.cycle_id)?
                .ok_or_else(|| Error::internal("a council without its cycle"))?;
            let ids: Vec<AgendaItemId> =
                sessions.iter().filter_map(|session| Some(session.concluded.as_ref()?.agenda_item_id)).collect();
            let scales = Scales::of(work, sessions.iter().map(|session| &session.dossier))?;
            let mut sheets = sheet::store::counting(work.connection, &ids)?;
            let mut rescores = item::store::rescores(work.connection, &ids)?;
            let mut sets = BTreeMap::new();
            let mut items = Vec::new();
            for session in &sessions {
                let id = session.item.id;
                let attempts = (1..=session.item.attempt).filter_map(|attempt| sheets.remove(&(id, attempt)));
                let sheets = attempts.flatten().collect();
                let rescores = rescores.remove(&id).unwrap_or_default();
                let concluded = session
                    .concluded
                    .as_ref()
                    .map(|result| conclusion(session, session.is_led_by(&work.actor), result.into(), sheets, rescores));
                items.push(exported(session, &scales, &mut sets, concluded)?);
            }
            let council = exported_council(council, seats);
            let criteria_sets = sets.into_iter().map(|(id, set)| ExportedSet { id, set }).collect();
            Ok(Answer::ok(Export { council, edition: cycle.edition.edition()?, criteria_sets, items })?)
        })
        .await
}

fn exported_council(council: CouncilRow, seats: Option<Vec<Seat>>) -> ExportedCouncil {
    ExportedCouncil {
        id: council.id,
        cycle_id: council.cycle_id,
        level: council.unit_code.level(),
        unit_code: council.unit_code,
        round: council.round,
        decision_number: council.decision_number,
        rules: council.rules.0,
        seats: seats.map(|seats| seats.into_iter().map(ExportedSeat::from).collect()),
    }
}

fn exported(
    session: &Session,
    scales: &Scales,
    sets: &mut BTreeMap<CriteriaSetId, Set>,
    concluded: Option<ExportedConclusion>,
) -> Result<ExportedItem> {
    let set = session.dossier.criteria_set_id;
    let mut case = None;
    if let Some(id) = set {
        let (tree, scale) = scales.get(&session.dossier)?;
        sets.entry(id).or_insert_with(|| tree.clone());
        case = Some(scale);
    }
    Ok(ExportedItem {
        id: session.item.id,
        position: session.item.position,
        dossier_id: session.dossier.id,
        product_id: session.dossier.product_id,
        producer_id: session.dossier.producer_id,
        criteria_set_id: set,
        case,
        state: session.item.state,
        concluded,
    })
}

/// The store's order of the sheets is random, so a place in the list tells nothing of who wrote it.
fn conclusion(
    session: &Session,
    is_named: bool,
    result: ResultView,
    sheets: Vec<Sheet>,
    rescores: Vec<Rescore>,
) -> ExportedConclusion {
    let recusals = session.recusals.iter();
    let recusals = recusals
        .map(|recusal| ExportedRecusal { account_id: recusal.account_id, reason: recusal.reason.clone() })
        .collect();
    let absences = session.absences.iter();
    let absences = absences
        .map(|absence| ExportedRecusal { account_id: absence.account_id, reason: absence.reason.clone() })
        .collect();
    ExportedConclusion {
        named: is_named,
        scoring_seats: session.scoring_seats().count(),
        presiding_account_id: session.presiding().filter(|_| is_named).map(|seat| seat.account),
        recusals: is_named.then_some(recusals),
        absences: is_named.then_some(absences),
        rescores: rescores.into_iter().map(ExportedRescore::from).collect(),
        sheets: sheets.into_iter().map(|sheet| ExportedSheet::new(sheet, is_named)).collect(),
        result,
    }
}

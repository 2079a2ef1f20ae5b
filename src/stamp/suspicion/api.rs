//! `/stamps/suspects`: the board of stamps that may have been copied, with the evidence.

use std::collections::BTreeSet;

use actix_web::{get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{Caller, Role, Work};
use crate::audit::{self, Entry, History, Resource};
use crate::base::id::{AccountId, ProducerId, ProductId, StampOrderId, SuspicionId, of};
use crate::base::{Day, Error, Faults, Moment, Result, text};
use crate::db::AnyConnection;
use crate::http::{Answer, At, ListParameters, Note, Page, Problem, Refusals, Stop};
use crate::stamp::Scanner;
use crate::stamp::code::{Mint, Minted};
use crate::stamp::rules::{Range, VoidForm};
use crate::stamp::scan::Key;
use crate::stamp::suspicion::rules::{self, Rules, State};
use crate::stamp::suspicion::store::{self, Case, Evidence, Filter};
use crate::stamp::{orders, store as order_store};

/// Who sees the board. The producer is told by the verdict, as everybody is.
const READERS: [Role; 3] = [Role::ProvincialOfficer, Role::Inspector, Role::Supervisor];

/// A stamp that may have been copied.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuspectAnswer {
    id: SuspicionId,
    version: i32,
    state: State,
    code: String,
    order_id: StampOrderId,
    serial: i32,
    product_id: ProductId,
    product_name: String,
    producer_id: ProducerId,
    found_at: Moment,
    note: Option<String>,
    decided_by: Option<AccountId>,
    decided_at: Option<Moment>,
    evidence: EvidenceAnswer,
}

/// What speaks for a copy. Visitors of a day or a place are counted by the day's hash of their
/// address; places are hundredths of a degree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SuspectEvidence)]
pub struct EvidenceAnswer {
    rule: RuleAnswer,
    /// How many distinct networks the rule counted, in how many places, since when.
    visitors: i32,
    places_counted: i32,
    since: Moment,
    scans: i64,
    first_at: Option<Moment>,
    last_at: Option<Moment>,
    days: Vec<DayAnswer>,
    places: Vec<PlaceAnswer>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SuspectRule)]
pub struct RuleAnswer {
    code: String,
    /// In the asker's language; null where the rule is no longer in force.
    text: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SuspectDay)]
pub struct DayAnswer {
    day: Day,
    scans: i64,
    visitors: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SuspectPlace)]
pub struct PlaceAnswer {
    lat: f64,
    lon: f64,
    scans: i64,
    visitors: i64,
    first_at: Moment,
    last_at: Moment,
}

/// A confirmation, with the reason.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationForm {
    note: String,
    /// Also declares the stamp void.
    #[serde(default)]
    void: bool,
}

/// Cases with their evidence: three statements for all of them.
fn answers(
    connection: &mut AnyConnection,
    mint: &Mint,
    cases: Vec<Case>,
    language: crate::http::Language,
) -> Result<Vec<SuspectAnswer>> {
    let keys: BTreeSet<Key> = cases.iter().map(|case| (case.suspicion.order_id, case.suspicion.serial)).collect();
    let evidence = store::evidence(connection, &keys)?;
    let tallies = store::tallies(connection, &keys)?;
    let known = &rules::in_force()?.rules;
    let answer = |case: Case| {
        let Case { suspicion, number, key_id, product, product_name, producer, .. } = case;
        let key = (suspicion.order_id, suspicion.serial);
        let key_id = key_id.chars().next().ok_or_else(|| Error::internal("an order without a key"))?;
        let code = mint.code(Minted { order: number, serial: suspicion.serial, key_id })?.to_string();
        let rule = known.iter().find(|rule| rule.code() == suspicion.rule);
        let text = rule.map(|rule| language.pick(&rule.text()).to_owned());
        let found = evidence.get(&key).cloned().unwrap_or_default();
        let (scans, first_at, last_at) = tallies
            .get(&key)
            .map_or((0, None, None), |(scans, first_at, last_at)| (*scans, Some(*first_at), Some(*last_at)));
        Ok(SuspectAnswer {
            id: suspicion.id,
            version: suspicion.version,
            state: suspicion.state,
            code,
            order_id: suspicion.order_id,
            serial: suspicion.serial,
            product_id: product,
            product_name,
            producer_id: producer,
            found_at: suspicion.found_at,
            note: suspicion.note,
            decided_by: suspicion.decided_by,
            decided_at: suspicion.decided_at,
            evidence: EvidenceAnswer {
                rule: RuleAnswer { code: suspicion.rule, text },
                visitors: suspicion.visitors,
                places_counted: suspicion.places,
                since: suspicion.since,
                scans,
                first_at,
                last_at,
                days: days(&found),
                places: places(&found),
            },
        })
    };
    cases.into_iter().map(answer).collect()
}

fn days(evidence: &Evidence) -> Vec<DayAnswer> {
    evidence
        .days
        .iter()
        .map(|(day, scans, visitors)| DayAnswer { day: *day, scans: *scans, visitors: *visitors })
        .collect()
}

fn places(evidence: &Evidence) -> Vec<PlaceAnswer> {
    let degrees = |hundredths: i32| f64::from(hundredths) / 100.0;
    evidence
        .places
        .iter()
        .map(|spot| PlaceAnswer {
            lat: degrees(spot.place.latitude),
            lon: degrees(spot.place.longitude),
            scans: spot.scans,
            visitors: spot.visitors,
            first_at: spot.first_at,
            last_at: spot.last_at,
        })
        .collect()
}

fn shown(work: &mut Work, mint: &Mint, id: SuspicionId) -> Result<Answer, Stop> {
    let case = store::find(work.connection, id)?.ok_or_else(Error::unknown)?;
    let version = case.suspicion.version;
    let language = work.request.language;
    let answer = answers(work.connection, mint, vec![case], language)?.pop().ok_or_else(Error::unknown)?;
    Ok(Answer::resource(version, answer)?)
}

/// The rules by which a stamp becomes suspect, as data.
#[utoipa::path(tag = "stamps", responses((status = 200, body = Rules), Refusals))]
#[get("/stamps/rules")]
pub async fn read_rules(caller: Caller) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            work.must_be(&READERS)?;
            Ok(Answer::ok(rules::in_force()?)?)
        })
        .await
}

/// The board: stamps that a rule found, the newest first (provincial office, inspectors, supervisors). Filters: state,
/// rule, product_id, producer_id, unit_code.
#[utoipa::path(tag = "stamps", params(ListParameters), responses((status = 200, body = Page<SuspectAnswer>), Refusals))]
#[get("/stamps/suspects")]
pub async fn list(caller: Caller, scanner: web::Data<Scanner>) -> Result<Answer, Problem> {
    let mint = scanner.mint().clone();
    caller
        .read(move |work| {
            work.must_be(&READERS)?;
            let mut query = work.request.query();
            let paging = query.paging();
            let filter = Filter {
                state: query.take("state"),
                rule: query.take("rule"),
                producer: query.take("producer_id"),
                product: query.take("product_id"),
                unit: query.take("unit_code"),
                before: paging.after,
                limit: paging.one_more(),
            };
            query.finish()?;
            let found = store::list(work.connection, &work.actor.territory(), &filter)?;
            let (cases, next) = paging.cut(found, |case| case.suspicion.id)?;
            let language = work.request.language;
            Ok(Answer::page(answers(work.connection, &mint, cases, language)?, next)?)
        })
        .await
}

/// One case of the board.
#[utoipa::path(tag = "stamps", responses((status = 200, body = SuspectAnswer), Refusals))]
#[get("/stamps/suspects/{id}")]
pub async fn read(caller: Caller, id: At<SuspicionId>, scanner: web::Data<Scanner>) -> Result<Answer, Problem> {
    let mint = scanner.mint().clone();
    caller
        .read(move |work| {
            let case = store::find(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            work.must_see(&case.home())?;
            work.must_be(&READERS)?;
            shown(work, &mint, case.suspicion.id)
        })
        .await
}

/// What happened to a case.
#[utoipa::path(tag = "stamps", responses((status = 200, body = Page<History>), Refusals))]
#[get("/stamps/suspects/{id}/history")]
pub async fn history(caller: Caller, id: At<SuspicionId>) -> Result<Answer, Problem> {
    caller
        .read(|work| {
            let case = store::find(work.connection, id.get()?)?.ok_or_else(Error::unknown)?;
            work.must_see(&case.home())?;
            work.must_be(&READERS)?;
            Ok(audit::answer(work.connection, &work.request, Resource::Suspicion, case.suspicion.id)?)
        })
        .await
}

/// The case, taken by somebody who may decide it.
fn taken(work: &mut Work, id: SuspicionId) -> Result<Case, Stop> {
    let case = store::take(work.connection, id)?.ok_or_else(Error::unknown)?;
    work.must_see(&case.home())?;
    work.must_be(&[Role::ProvincialOfficer])?;
    work.begin_at(case.suspicion.version)?;
    Ok(case)
}

fn decided(work: &mut Work, case: &Case, verb: &str, state: State, note: &str) -> Result<()> {
    let suspicion = &case.suspicion;
    store::decide(work.connection, suspicion.id, state, note, work.actor.id, work.now)?;
    work.record(Entry::<of::Suspicion> {
        resource: Resource::Suspicion,
        id: suspicion.id,
        version: suspicion.version + 1,
        account: None,
        verb,
        from: Some(suspicion.state.as_ref()),
        to: Some(state.as_ref()),
        note: Some(note),
    })
}

/// Dismisses a suspicion (provincial office), saying why. Visitors are counted anew: only later ones can raise it again.
#[utoipa::path(tag = "stamps", request_body = Note, responses((status = 200, body = SuspectAnswer), Refusals))]
#[post("/stamps/suspects/{id}/dismiss")]
pub async fn dismiss(caller: Caller, id: At<SuspicionId>, scanner: web::Data<Scanner>) -> Result<Answer, Problem> {
    let mint = scanner.mint().clone();
    caller
        .write(move |work| {
            let case = taken(work, id.get()?)?;
            let state = case.suspicion.state.dismiss()?;
            let note = work.body::<Note>()?.demanded()?;
            store::clear(work.connection, (case.suspicion.order_id, case.suspicion.serial))?;
            decided(work, &case, "dismiss", state, &note)?;
            shown(work, &mint, case.suspicion.id)
        })
        .await
}

/// Confirms a suspicion (provincial office), saying why: the stamp stays suspect whatever happens, or becomes void.
#[utoipa::path(
    tag = "stamps", request_body = ConfirmationForm, responses((status = 200, body = SuspectAnswer), Refusals)
)]
#[post("/stamps/suspects/{id}/confirm")]
pub async fn confirm(caller: Caller, id: At<SuspicionId>, scanner: web::Data<Scanner>) -> Result<Answer, Problem> {
    let mint = scanner.mint().clone();
    caller
        .write(move |work| {
            let case = taken(work, id.get()?)?;
            let state = case.suspicion.state.confirm()?;
            let form: ConfirmationForm = work.body()?;
            let mut faults = Vec::new();
            text::check(&form.note, "/note", 2000, &mut faults);
            faults.into_result()?;
            if form.void {
                void(work, &case, &form.note)?;
            }
            decided(work, &case, "confirm", state, &form.note)?;
            shown(work, &mint, case.suspicion.id)
        })
        .await
}

/// Declares the one stamp void, unless it is already.
fn void(work: &mut Work, case: &Case, note: &str) -> Result<()> {
    let serial = case.suspicion.serial;
    let order = order_store::take(work.connection, case.suspicion.order_id)?.ok_or_else(Error::unknown)?;
    let range = Range { first: serial, last: serial };
    if !order_store::void_within(work.connection, order.id, range)?.is_empty() {
        return Ok(());
    }
    let form = VoidForm { from: serial, to: serial, reason: note.to_owned() };
    orders::void(work.connection, &order, &form, work.actor.id, work.now)
}

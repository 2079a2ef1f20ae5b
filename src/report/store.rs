//! The facts of a cycle by a day, a statement for each kind, narrowed to a territory by the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date};

use crate::account::Territory;
use crate::audit::Resource;
use crate::base::id::{CycleId, IdeaId, PlanId, ProductId};
use crate::base::{Day, Moment, Result, Stars, UnitCode, Vnd};
use crate::db::AnyConnection;
use crate::db::schema::{
    agenda_items, certificates, councils, decisions, dossiers, history, ideas, inspections, plan_finance, plans,
    results, reward_items, rewards, shops, stamp_orders, support_claims, support_policies,
};
use crate::db::types::{Json, Multi};
use crate::decision::certificate_store::{CERTIFIED, CertifiedRow, certified};
use crate::decision::rules::Certified;
use crate::inspection::record::{Correction, Minutes};
use crate::inspection::rules::{InspectionResult, Kind};
use crate::plan::rules::Finance;
use crate::rating::rules::Outcome;
use crate::report::facts::{Approved, Counted, Facts, Given, Inspected, Issued, Scored, Scoring, Spot, Supported};
use crate::shop::store::is_open;
use crate::support::claim::rules::{Payment, State as ClaimState, TakenBack};
use crate::support::policy::rules::MoneySource;
use crate::support::rules::sum;

/// Narrows a boxed query to what is counted in a territory, by the columns of one of its tables.
macro_rules! counted_in {
    ($query:expr, $table:ident, $territory:expr) => {
        match $territory {
            Territory::Province => $query,
            Territory::District(code) => $query.filter($table::district_code.eq(code.clone())),
            Territory::Commune(code) => $query.filter($table::commune_code.eq(code.clone())),
            Territory::Producer(_) | Territory::Nothing => $query.filter(sql::<Bool>("1 = 0")),
        }
    };
}

fn counted<T>(commune: UnitCode, district: Option<UnitCode>, fact: T) -> Counted<T> {
    Counted { spot: Spot { commune, district }, fact }
}

/// Everything that counts for the cycle of a year in a territory and had happened by the end of `on`.
pub fn facts(
    connection: &mut AnyConnection,
    (cycle, year): (CycleId, i32),
    on: Day,
    territory: &Territory,
) -> Result<Facts> {
    let end = on.ends();
    Ok(Facts {
        registered: idea_steps(connection, cycle, "submit", end, territory)?,
        selected: idea_steps(connection, cycle, "select", end, territory)?,
        accepted: idea_steps(connection, cycle, "accept", end, territory)?,
        approved: approved(connection, cycle, end, territory)?,
        scored: scored(connection, cycle, end, territory)?,
        issued: issued_in(connection, cycle, on, territory)?,
        latest: latest(connection, on, territory)?,
        shops: open_shops(connection, on, territory)?,
        inspections: inspected(connection, year, on, territory)?,
        support: supported(connection, year, on, territory)?,
        rewards: rewarded(connection, cycle, on, territory)?,
    })
}

/// Whether a step was taken with a thing before a moment, in SQL.
macro_rules! taken_before {
    ($resource:expr, $id:expr, $verb:expr, $end:expr) => {
        exists(
            history::table
                .filter(history::resource.eq($resource))
                .filter(history::resource_id.eq($id))
                .filter(history::verb.eq($verb))
                .filter(history::at.lt($end)),
        )
    };
}

fn idea_steps(
    connection: &mut AnyConnection,
    cycle: CycleId,
    verb: &str,
    end: Moment,
    territory: &Territory,
) -> Result<Vec<Counted<IdeaId>>> {
    let query = ideas::table
        .filter(ideas::cycle_id.eq(cycle))
        .filter(taken_before!(Resource::Idea, ideas::id, verb, end))
        .select((ideas::id, ideas::commune_code, ideas::district_code))
        .into_boxed::<Multi>();
    let rows: Vec<(IdeaId, UnitCode, Option<UnitCode>)> = counted_in!(query, ideas, territory).load(connection)?;
    Ok(rows.into_iter().map(|(id, commune, district)| counted(commune, district, id)).collect())
}

fn approved(
    connection: &mut AnyConnection,
    cycle: CycleId,
    end: Moment,
    territory: &Territory,
) -> Result<Vec<Counted<Approved>>> {
    let query = plans::table
        .filter(plans::cycle_id.eq(cycle))
        .filter(plans::product_id.is_not_null())
        .filter(taken_before!(Resource::Plan, plans::id, "approve", end))
        .select((plans::id, plans::product_id.assume_not_null(), plans::commune_code, plans::district_code))
        .into_boxed::<Multi>();
    let rows: Vec<(PlanId, ProductId, UnitCode, Option<UnitCode>)> =
        counted_in!(query, plans, territory).load(connection)?;
    let of_cycle = plans::table.filter(plans::cycle_id.eq(cycle)).select(plans::product_id.assume_not_null());
    let stamped: BTreeSet<ProductId> = stamp_orders::table
        .filter(stamp_orders::issued_at.lt(end))
        .filter(stamp_orders::product_id.eq_any(of_cycle.filter(plans::product_id.is_not_null())))
        .select(stamp_orders::product_id)
        .distinct()
        .load(connection)?
        .into_iter()
        .collect();
    let mut finance = finance(connection, cycle)?;
    let approved = rows.into_iter().map(|(plan, product, commune, district)| {
        let finance = finance.remove(&plan).unwrap_or_default();
        counted(commune, district, Approved { plan, product, has_stamps: stamped.contains(&product), finance })
    });
    Ok(approved.collect())
}

/// The money of a cycle's plans, a row for each year of a plan.
fn finance(connection: &mut AnyConnection, cycle: CycleId) -> Result<BTreeMap<PlanId, Vec<Finance>>> {
    type Row = (PlanId, (i32, Vnd, Vnd, Vnd, Vnd));
    let rows: Vec<Row> = plan_finance::table
        .inner_join(plans::table)
        .filter(plans::cycle_id.eq(cycle))
        .select((
            plans::id,
            (
                plan_finance::year,
                plan_finance::own,
                plan_finance::loan,
                plan_finance::other,
                plan_finance::state_support,
            ),
        ))
        .load(connection)?;
    let mut by_plan: BTreeMap<PlanId, Vec<Finance>> = BTreeMap::new();
    for (plan, (year, own, loan, other, state_support)) in rows {
        by_plan.entry(plan).or_default().push(Finance { year, own, loan, other, state_support });
    }
    Ok(by_plan)
}

fn scored(
    connection: &mut AnyConnection,
    cycle: CycleId,
    end: Moment,
    territory: &Territory,
) -> Result<Vec<Counted<Scored>>> {
    let admitted = taken_before!(Resource::AgendaItem, agenda_items::id, "admit", end);
    let query = agenda_items::table
        .inner_join(councils::table)
        .inner_join(dossiers::table)
        .left_join(
            results::table.on(results::agenda_item_id
                .eq(agenda_items::id)
                .and(results::attempt.eq(agenda_items::attempt))
                .and(results::concluded_at.lt(end))),
        )
        .filter(councils::cycle_id.eq(cycle))
        .select((
            (dossiers::product_id, councils::round, councils::unit_code, admitted),
            (results::outcome, results::sum, results::sheets).nullable(),
            (dossiers::commune_code, dossiers::district_code),
        ))
        .into_boxed::<Multi>();
    type Row = ((ProductId, i32, UnitCode, bool), Option<(Outcome, i32, i32)>, (UnitCode, Option<UnitCode>));
    let rows: Vec<Row> = counted_in!(query, dossiers, territory).load(connection)?;
    let scored = rows.into_iter().map(|((product, round, unit, admitted), result, (commune, district))| {
        let result = result.map(|(outcome, sum, sheets)| Scoring { outcome, sum, sheets });
        counted(commune, district, Scored { product, round, level: unit.level(), admitted, result })
    });
    Ok(scored.collect())
}

/// A certificate as it is counted.
type CertificateRow = (CertifiedRow, CycleId, i32, UnitCode, (UnitCode, Option<UnitCode>));

/// The certificates of all cycles with their councils and decisions.
macro_rules! certificates {
    () => {
        certificates::table
            .inner_join(agenda_items::table.inner_join(councils::table))
            .inner_join(decisions::table.on(decisions::id.eq(certificates::decision_id)))
            .select((
                CERTIFIED,
                councils::cycle_id,
                councils::round,
                decisions::unit_code,
                (certificates::commune_code, certificates::district_code),
            ))
            .into_boxed::<Multi>()
    };
}

fn issued(connection: &mut AnyConnection, rows: Vec<CertificateRow>) -> Result<Vec<Counted<Issued>>> {
    let told: Vec<CertifiedRow> = rows.iter().map(|row| row.0.clone()).collect();
    let told = certified(connection, told)?;
    let issued = |((row, cycle, round, unit, (commune, district)), told): (CertificateRow, Certified)| {
        let Certified { number, stars, issued_on, term } = told;
        let (product, issuer) = (row.3.product, unit.level());
        counted(commune, district, Issued { product, cycle, round, stars, issued_on, issuer, number, term })
    };
    Ok(rows.into_iter().zip(told).map(issued).collect())
}

/// The certificates of a cycle that were issued by a day.
fn issued_in(
    connection: &mut AnyConnection,
    cycle: CycleId,
    on: Day,
    territory: &Territory,
) -> Result<Vec<Counted<Issued>>> {
    let query = certificates!().filter(councils::cycle_id.eq(cycle)).filter(certificates::issued_on.le(on));
    let rows: Vec<CertificateRow> = counted_in!(query, certificates, territory).load(connection)?;
    issued(connection, rows)
}

/// The latest certificate of each product that was issued by a day. One that was followed by another elsewhere counts
/// nowhere, whoever asks.
fn latest(connection: &mut AnyConnection, on: Day, territory: &Territory) -> Result<Vec<Counted<Issued>>> {
    let is_last = sql::<Bool>(
        "NOT EXISTS (SELECT 1 FROM certificates AS later WHERE later.product_id = certificates.product_id \
         AND (later.issued_on > certificates.issued_on \
         OR later.issued_on = certificates.issued_on AND later.number > certificates.number) AND later.issued_on <= ",
    )
    .bind::<Date, _>(on)
    .sql(")");
    let query = certificates!().filter(certificates::issued_on.le(on)).filter(is_last);
    let rows: Vec<CertificateRow> = counted_in!(query, certificates, territory).load(connection)?;
    issued(connection, rows)
}

/// The certificates of all cycles that were issued by a day.
pub fn issued_by(connection: &mut AnyConnection, on: Day) -> Result<Vec<Issued>> {
    let rows: Vec<CertificateRow> = certificates!().filter(certificates::issued_on.le(on)).load(connection)?;
    Ok(issued(connection, rows)?.into_iter().map(|counted| counted.fact).collect())
}

fn open_shops(connection: &mut AnyConnection, on: Day, territory: &Territory) -> Result<Vec<Counted<()>>> {
    let query =
        shops::table.filter(is_open(on)).select((shops::commune_code, shops::district_code)).into_boxed::<Multi>();
    let rows: Vec<(UnitCode, Option<UnitCode>)> = counted_in!(query, shops, territory).load(connection)?;
    Ok(rows.into_iter().map(|(commune, district)| counted(commune, district, ())).collect())
}

/// The inspections whose visit began in a calendar year, as they stood at the end of a day.
fn inspected(
    connection: &mut AnyConnection,
    year: i32,
    on: Day,
    territory: &Territory,
) -> Result<Vec<Counted<Inspected>>> {
    let (Some(first), Some(last)) = (Day::new(year, 1, 1), Day::end_of(year)) else { return Ok(Vec::new()) };
    let query = inspections::table
        .filter(inspections::state.ne(crate::inspection::rules::State::Cancelled))
        .filter(inspections::visited_at.ge(first.starts()))
        .filter(inspections::visited_at.lt(last.min(on).ends()))
        .select((
            (inspections::kind, inspections::broken, inspections::minutes, inspections::corrections),
            (inspections::result, inspections::concluded_on),
            (inspections::commune_code, inspections::district_code),
        ))
        .into_boxed::<Multi>();
    type Row = (
        (Kind, i32, Option<Json<Minutes>>, Json<Vec<Correction>>),
        (Option<InspectionResult>, Option<Day>),
        (UnitCode, Option<UnitCode>),
    );
    let rows: Vec<Row> = counted_in!(query, inspections, territory).load(connection)?;
    let inspected = rows.into_iter().map(|row| {
        let ((kind, broken, minutes, corrections), (result, concluded_on), (commune, district)) = row;
        let is_recorded = minutes.is_some_and(|minutes| minutes.0.signed_at.day() <= on);
        let fact = Inspected {
            kind,
            broken: if is_recorded { usize::try_from(broken).unwrap_or_default() } else { 0 },
            result: result.filter(|_| concluded_on.is_some_and(|concluded_on| concluded_on <= on)),
            overdue: corrections.0.iter().any(|correction| correction.was_overdue(on)),
        };
        counted(commune, district, fact)
    });
    Ok(inspected.collect())
}

/// The claims of a calendar year that were handed in and are neither returned nor withdrawn, as far as they came by a day.
fn supported(
    connection: &mut AnyConnection,
    year: i32,
    on: Day,
    territory: &Territory,
) -> Result<Vec<Counted<Supported>>> {
    let query = support_claims::table
        .inner_join(support_policies::table.on(support_policies::id.eq(support_claims::policy_id)))
        .filter(support_claims::year.eq(year))
        .filter(support_claims::handed_in_on.le(on))
        .filter(support_claims::state.ne_all([ClaimState::Returned, ClaimState::Withdrawn]))
        .select((
            (support_policies::source, support_claims::claimed),
            (support_claims::accepted, support_claims::accepted_on),
            (support_claims::decided, support_claims::decision_signed_on),
            (support_claims::payments, support_claims::returns),
            (support_claims::commune_code, support_claims::district_code),
        ))
        .into_boxed::<Multi>();
    type Row = (
        (MoneySource, Vnd),
        (Option<Vnd>, Option<Day>),
        (Option<Vnd>, Option<Day>),
        (Json<Vec<Payment>>, Json<Vec<TakenBack>>),
        (UnitCode, Option<UnitCode>),
    );
    let rows: Vec<Row> = counted_in!(query, support_claims, territory).load(connection)?;
    let had_come = |(amount, day): (Option<Vnd>, Option<Day>)| {
        amount.filter(|_| day.is_some_and(|day| day <= on)).unwrap_or_default()
    };
    let supported = rows.into_iter().map(|row| {
        let ((source, claimed), accepted, decided, (payments, returns), (commune, district)) = row;
        let paid = payments.0.iter().filter(|payment| payment.paid_on <= on).map(|payment| payment.amount);
        let taken_back = returns.0.iter().filter(|taken| taken.signed_on <= on).map(|taken| taken.amount);
        let fact = Supported {
            source,
            claimed,
            accepted: had_come(accepted),
            decided: had_come(decided),
            paid: sum(paid)?,
            taken_back: sum(taken_back)?,
        };
        Ok(counted(commune, district, fact))
    });
    supported.collect()
}

/// What products that were recognised in a cycle had been given by a day, where that was decided.
fn rewarded(
    connection: &mut AnyConnection,
    cycle: CycleId,
    on: Day,
    territory: &Territory,
) -> Result<Vec<Counted<Given>>> {
    let query = reward_items::table
        .inner_join(rewards::table.on(rewards::id.eq(reward_items::reward_id)))
        .inner_join(certificates::table.on(certificates::id.eq(reward_items::certificate_id)))
        .filter(certificates::cycle_id.eq(cycle))
        .filter(rewards::signed_on.le(on))
        .select((
            (reward_items::stars, reward_items::amount, reward_items::paid_on),
            (reward_items::commune_code, reward_items::district_code),
        ))
        .into_boxed::<Multi>();
    type Row = ((Stars, Vnd, Option<Day>), (UnitCode, Option<UnitCode>));
    let rows: Vec<Row> = counted_in!(query, reward_items, territory).load(connection)?;
    let given = rows.into_iter().map(|((stars, amount, paid_on), (commune, district))| {
        let is_paid = paid_on.is_some_and(|paid_on| paid_on <= on);
        counted(commune, district, Given { stars, amount, is_paid })
    });
    Ok(given.collect())
}

//! The facts of a cycle by a day, a statement for each kind.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::audit::Resource;
use crate::base::id::{AgendaItemId, AnyId, CycleId, IdeaId, PlanId, ProductId};
use crate::base::{Day, Level, Moment, Result, Stars, UnitCode, Vnd};
use crate::db::AnyConnection;
use crate::db::schema::{
    agenda_items, certificates, councils, decisions, dossiers, history, ideas, plan_finance, plans, products, results,
    shops, stamp_orders,
};
use crate::plan::rules::Finance;
use crate::rating::rules::Outcome;
use crate::report::rules::{At, Facts, Issued, Scored, Scoring, Spot};
use crate::shop::store::is_open;

fn at<T>(commune: UnitCode, district: Option<UnitCode>, fact: T) -> At<T> {
    At { spot: Spot { commune, district }, fact }
}

/// Everything that counts for the cycle and had happened by the end of `on`.
pub fn facts(connection: &mut AnyConnection, cycle: CycleId, on: Day) -> Result<Facts> {
    let end = on.ends();
    let approved = approved(connection, cycle, end)?;
    Ok(Facts {
        registered: idea_steps(connection, cycle, "submit", end)?,
        selected: idea_steps(connection, cycle, "select", end)?,
        accepted: idea_steps(connection, cycle, "accept", end)?,
        finance: finance(connection, cycle, &approved)?,
        approved,
        scored: scored(connection, cycle, end)?,
        issued: issued(connection, cycle, on)?,
        stamped: stamped(connection, end)?,
        shops: open_shops(connection, on)?,
    })
}

/// The resources of a kind with which `verb` was done before `end`.
fn done(connection: &mut AnyConnection, resource: Resource, verb: &str, end: Moment) -> Result<BTreeSet<AnyId>> {
    let ids: Vec<AnyId> = history::table
        .filter(history::resource.eq(resource))
        .filter(history::verb.eq(verb))
        .filter(history::at.lt(end))
        .select(history::resource_id)
        .distinct()
        .load(connection)?;
    Ok(ids.into_iter().collect())
}

fn idea_steps(connection: &mut AnyConnection, cycle: CycleId, verb: &str, end: Moment) -> Result<Vec<At<IdeaId>>> {
    let done = done(connection, Resource::Idea, verb, end)?;
    let rows: Vec<(IdeaId, UnitCode, Option<UnitCode>)> = ideas::table
        .filter(ideas::cycle_id.eq(cycle))
        .select((ideas::id, ideas::commune_code, ideas::district_code))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .filter(|(id, ..)| done.contains(&id.any()))
        .map(|(id, commune, district)| at(commune, district, id))
        .collect())
}

fn approved(connection: &mut AnyConnection, cycle: CycleId, end: Moment) -> Result<Vec<At<(PlanId, ProductId)>>> {
    let done = done(connection, Resource::Plan, "approve", end)?;
    let rows: Vec<(PlanId, Option<ProductId>, UnitCode, Option<UnitCode>)> = plans::table
        .filter(plans::cycle_id.eq(cycle))
        .select((plans::id, plans::product_id, plans::commune_code, plans::district_code))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .filter(|(id, ..)| done.contains(&id.any()))
        .filter_map(|(id, product, commune, district)| Some(at(commune, district, (id, product?))))
        .collect())
}

fn finance(
    connection: &mut AnyConnection,
    cycle: CycleId,
    approved: &[At<(PlanId, ProductId)>],
) -> Result<Vec<At<Finance>>> {
    let counted: BTreeSet<PlanId> = approved.iter().map(|at| at.fact.0).collect();
    type Row = (PlanId, UnitCode, Option<UnitCode>, i32, Vnd, Vnd, Vnd, Vnd);
    let rows: Vec<Row> = plan_finance::table
        .inner_join(plans::table)
        .filter(plans::cycle_id.eq(cycle))
        .select((
            plans::id,
            plans::commune_code,
            plans::district_code,
            plan_finance::year,
            plan_finance::own,
            plan_finance::loan,
            plan_finance::other,
            plan_finance::state_support,
        ))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .filter(|(plan, ..)| counted.contains(plan))
        .map(|(_, commune, district, year, own, loan, other, state_support)| {
            at(commune, district, Finance { year, own, loan, other, state_support })
        })
        .collect())
}

fn scored(connection: &mut AnyConnection, cycle: CycleId, end: Moment) -> Result<Vec<At<Scored>>> {
    let admitted = done(connection, Resource::AgendaItem, "admit", end)?;
    type Row =
        (AgendaItemId, ProductId, UnitCode, Option<UnitCode>, i32, UnitCode, Option<(Outcome, i32, i32, Moment)>);
    let rows: Vec<Row> = agenda_items::table
        .inner_join(councils::table)
        .inner_join(dossiers::table)
        .left_join(
            results::table
                .on(results::agenda_item_id.eq(agenda_items::id).and(results::attempt.eq(agenda_items::attempt))),
        )
        .filter(councils::cycle_id.eq(cycle))
        .select((
            agenda_items::id,
            dossiers::product_id,
            dossiers::commune_code,
            dossiers::district_code,
            councils::round,
            councils::unit_code,
            (results::outcome, results::sum, results::sheets, results::concluded_at).nullable(),
        ))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(item, product, commune, district, round, unit, result)| {
            let result = result
                .filter(|(.., concluded_at)| *concluded_at < end)
                .map(|(outcome, sum, sheets, _)| Scoring { outcome, sum, sheets });
            let admitted = admitted.contains(&item.any());
            let level: Level = unit.level();
            at(commune, district, Scored { item, product, round, level, admitted, result })
        })
        .collect())
}

/// The certificates of all cycles that were issued by a day; `cycle` is the one whose report is made.
pub fn issued(connection: &mut AnyConnection, cycle: CycleId, on: Day) -> Result<Vec<At<Issued>>> {
    type Row = (
        ProductId,
        AgendaItemId,
        CycleId,
        i32,
        Stars,
        Day,
        (String, UnitCode),
        Day,
        Option<Day>,
        UnitCode,
        Option<UnitCode>,
    );
    let rows: Vec<Row> = certificates::table
        .inner_join(agenda_items::table.inner_join(councils::table))
        .inner_join(decisions::table.on(decisions::id.eq(certificates::decision_id)))
        .filter(certificates::issued_on.le(on))
        .select((
            certificates::product_id,
            certificates::agenda_item_id,
            councils::cycle_id,
            councils::round,
            certificates::stars,
            certificates::issued_on,
            (certificates::number, decisions::unit_code),
            certificates::valid_until,
            certificates::revoked_on,
            certificates::commune_code,
            certificates::district_code,
        ))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .map(
            |(
                product,
                item,
                of,
                round,
                stars,
                issued_on,
                (number, unit),
                valid_until,
                revoked_on,
                commune,
                district,
            )| {
                let (in_cycle, issuer) = (of == cycle, unit.level());
                at(
                    commune,
                    district,
                    Issued {
                        product,
                        item,
                        cycle: of,
                        in_cycle,
                        round,
                        stars,
                        issued_on,
                        issuer,
                        number,
                        valid_until,
                        revoked_on,
                    },
                )
            },
        )
        .collect())
}

fn stamped(connection: &mut AnyConnection, end: Moment) -> Result<Vec<At<ProductId>>> {
    let rows: Vec<(ProductId, UnitCode, Option<UnitCode>)> = stamp_orders::table
        .inner_join(products::table)
        .filter(stamp_orders::issued_at.lt(end))
        .select((products::id, products::commune_code, products::district_code))
        .distinct()
        .load(connection)?;
    Ok(rows.into_iter().map(|(product, commune, district)| at(commune, district, product)).collect())
}

fn open_shops(connection: &mut AnyConnection, on: Day) -> Result<Vec<At<()>>> {
    let rows: Vec<(UnitCode, Option<UnitCode>)> =
        shops::table.filter(is_open(on)).select((shops::commune_code, shops::district_code)).load(connection)?;
    Ok(rows.into_iter().map(|(commune, district)| at(commune, district, ())).collect())
}

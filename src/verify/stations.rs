//! Which rows belong to which history.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::audit::Resource;
use crate::audit::check::{Held, Station};
use crate::base::Result;
use crate::base::id::AnyId;
use crate::db::AnyConnection;
use crate::db::schema::{
    accounts, agenda_items, appeals, certificates, councils, criteria_sets, cycles, decisions, dossiers, doubts,
    group_reports, history, holds, ideas, inspection_plans, inspections, lots, personal_data_requests, plans,
    producers, products, registrations, result_notices, rewards, sheets, shops, stamp_orders, stamp_suspicions,
    support_claims, support_policies, surveys,
};
use crate::decision::content::{held_certificates, held_decisions};
use crate::dossier::submission::held as held_dossiers;
use crate::lot::content::held as held_lots;
use crate::rating::group_report::vouching as group_report;
use crate::rating::result::content as result;
use crate::rating::sheet::commitment as sheet;
use crate::rating::survey::content as survey;

/// So many rows without a step are named at once.
const MOST: i64 = 100;

/// Rows of a table without a step.
macro_rules! unrecorded {
    ($table:ident, $resource:expr) => {
        |connection| {
            let steps =
                history::table.filter(history::resource.eq($resource)).filter(history::resource_id.eq($table::id));
            Ok($table::table.filter(not(exists(steps))).limit(MOST).select($table::id).load(connection)?)
        }
    };
}

/// The rows of a table with their versions.
macro_rules! held_versions {
    ($table:ident) => {
        |connection, ids| {
            let rows: Vec<(AnyId, i32)> = $table::table
                .filter($table::id.eq_any(ids.to_vec()))
                .select(($table::id, $table::version))
                .load(connection)?;
            let held = |(id, version)| Held { id, version, content: None, wrong: None };
            Ok(rows.into_iter().map(held).collect())
        }
    };
}

/// A table of which the versions are held against the steps.
macro_rules! versions {
    ($table:ident, $resource:expr) => {
        Station { resource: $resource, held: held_versions!($table), unrecorded: unrecorded!($table, $resource) }
    };
}

pub fn stations() -> Vec<Station> {
    vec![
        versions!(accounts, Resource::Account),
        Station {
            resource: Resource::AgendaItem,
            held: result::held,
            unrecorded: unrecorded!(agenda_items, Resource::AgendaItem),
        },
        versions!(appeals, Resource::Appeal),
        Station {
            resource: Resource::Certificate,
            held: held_certificates,
            unrecorded: unrecorded!(certificates, Resource::Certificate),
        },
        versions!(councils, Resource::Council),
        Station { resource: Resource::CriteriaSet, held: held_sets, unrecorded: |_| Ok(Vec::new()) },
        versions!(cycles, Resource::Cycle),
        Station {
            resource: Resource::Decision,
            held: held_decisions,
            unrecorded: unrecorded!(decisions, Resource::Decision),
        },
        Station {
            resource: Resource::Dossier,
            held: held_dossiers,
            unrecorded: unrecorded!(dossiers, Resource::Dossier),
        },
        // Doubts of a database from before they were answered have no step.
        Station { resource: Resource::Doubt, held: held_versions!(doubts), unrecorded: |_| Ok(Vec::new()) },
        Station {
            resource: Resource::GroupReport,
            held: group_report::held,
            unrecorded: unrecorded!(group_reports, Resource::GroupReport),
        },
        versions!(holds, Resource::Hold),
        versions!(ideas, Resource::Idea),
        versions!(inspections, Resource::Inspection),
        versions!(inspection_plans, Resource::InspectionPlan),
        versions!(support_policies, Resource::SupportPolicy),
        versions!(support_claims, Resource::SupportClaim),
        versions!(rewards, Resource::Reward),
        Station { resource: Resource::Lot, held: held_lots, unrecorded: unrecorded!(lots, Resource::Lot) },
        versions!(personal_data_requests, Resource::PersonalDataRequest),
        versions!(plans, Resource::Plan),
        versions!(producers, Resource::Producer),
        versions!(products, Resource::Product),
        versions!(result_notices, Resource::ResultNotice),
        versions!(registrations, Resource::Registration),
        Station { resource: Resource::Sheet, held: sheet::held, unrecorded: unrecorded!(sheets, Resource::Sheet) },
        versions!(shops, Resource::Shop),
        versions!(stamp_orders, Resource::StampOrder),
        Station { resource: Resource::Survey, held: survey::held, unrecorded: unrecorded!(surveys, Resource::Survey) },
        versions!(stamp_suspicions, Resource::Suspicion),
    ]
}

/// A version of a set is a row of its own that never changes, so its history has one step; those that ship with the
/// service have none.
fn held_sets(connection: &mut AnyConnection, ids: &[AnyId]) -> Result<Vec<Held>> {
    let ids: Vec<AnyId> = criteria_sets::table
        .filter(criteria_sets::id.eq_any(ids.to_vec()))
        .select(criteria_sets::id)
        .load(connection)?;
    Ok(ids.into_iter().map(|id| Held { id, version: 1, content: None, wrong: None }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn every_resource_is_gone_through() {
        let known: Vec<Resource> = stations().iter().map(|station| station.resource).collect();
        assert!(Resource::iter().all(|resource| known.contains(&resource)));
    }
}

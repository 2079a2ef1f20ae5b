//! Criteria sets in the database, one row for each version.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use serde_json::Value;

use crate::base::id::CriteriaSetId;
use crate::base::{Error, Moment, Result};
use crate::criteria::shipped::shipped;
use crate::criteria::tree::{GateKind, Sector, Set};
use crate::cycle::EditionCode;
use crate::db::AnyConnection;
use crate::db::schema::criteria_sets;
use crate::db::types::{Json, Multi, text_column};
use crate::station::{Stretch, filters};

text_column!(GateKind, Sector);

/// A version of a set.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = criteria_sets)]
pub struct SetRow {
    pub id: CriteriaSetId,
    pub code: String,
    pub edition: EditionCode,
    pub version: i32,
    pub complete: bool,
    pub tree: Json<Set>,
    pub created_at: Moment,
}

/// Brings the shipped sets into a database that does not have them yet.
pub fn seed(connection: &mut AnyConnection) -> Result<()> {
    let known: Vec<(String, EditionCode)> =
        criteria_sets::table.select((criteria_sets::code, criteria_sets::edition)).load(connection)?;
    for set in shipped()? {
        if !known.iter().any(|(code, edition)| *code == set.code && *edition == set.edition) {
            insert(connection, &set, Moment::real_now())?;
        }
    }
    Ok(())
}

/// The shipped sets whose row is gone, or holds something else than the file.
pub fn unlike_shipped(connection: &mut AnyConnection) -> Result<Vec<(String, EditionCode)>> {
    type Kept = (String, EditionCode, i32, bool, String, String, Sector, Json<Value>);
    let kept: Vec<Kept> = criteria_sets::table
        .select((
            criteria_sets::code,
            criteria_sets::edition,
            criteria_sets::version,
            criteria_sets::complete,
            criteria_sets::title,
            criteria_sets::title_en,
            criteria_sets::sector,
            criteria_sets::tree,
        ))
        .load(connection)?;
    let mut unlike = Vec::new();
    for set in shipped()? {
        let tree = serde_json::to_value(&set).map_err(Error::internal)?;
        let is_kept = kept.iter().any(|(code, edition, version, complete, title, title_en, sector, kept)| {
            (code, title, title_en) == (&set.code, &set.title, &set.title_en)
                && (*edition, *version, *complete, *sector) == (set.edition, set.version, set.complete, set.sector)
                && kept.0 == tree
        });
        if !is_kept {
            unlike.push((set.code, set.edition));
        }
    }
    Ok(unlike)
}

pub fn insert(connection: &mut AnyConnection, set: &Set, now: Moment) -> Result<CriteriaSetId> {
    let id = CriteriaSetId::new();
    diesel::insert_into(criteria_sets::table)
        .values((
            criteria_sets::id.eq(id),
            criteria_sets::code.eq(&set.code),
            criteria_sets::edition.eq(set.edition),
            criteria_sets::version.eq(set.version),
            criteria_sets::complete.eq(set.complete),
            criteria_sets::title.eq(&set.title),
            criteria_sets::title_en.eq(&set.title_en),
            criteria_sets::sector.eq(set.sector),
            criteria_sets::created_at.eq(now),
            criteria_sets::tree.eq(Json(set.clone())),
        ))
        .execute(connection)?;
    Ok(id)
}

pub fn find(connection: &mut AnyConnection, id: CriteriaSetId) -> Result<Option<SetRow>> {
    Ok(criteria_sets::table.find(id).select(SetRow::as_select()).first(connection).optional()?)
}

/// The sets of these ids, in one statement.
pub fn of_ids(connection: &mut AnyConnection, ids: &[CriteriaSetId]) -> Result<BTreeMap<CriteriaSetId, SetRow>> {
    let rows: Vec<SetRow> = criteria_sets::table
        .filter(criteria_sets::id.eq_any(ids.to_vec()))
        .select(SetRow::as_select())
        .load(connection)?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The newest version of a set in an edition.
pub fn latest(connection: &mut AnyConnection, code: &str, edition: EditionCode) -> Result<Option<SetRow>> {
    Ok(criteria_sets::table
        .filter(criteria_sets::code.eq(code))
        .filter(criteria_sets::edition.eq(edition))
        .order(criteria_sets::version.desc())
        .select(SetRow::as_select())
        .first(connection)
        .optional()?)
}

/// One version of a set in an edition.
pub fn version(
    connection: &mut AnyConnection,
    code: &str,
    edition: EditionCode,
    version: i32,
) -> Result<Option<SetRow>> {
    Ok(criteria_sets::table
        .filter(criteria_sets::code.eq(code))
        .filter(criteria_sets::edition.eq(edition))
        .filter(criteria_sets::version.eq(version))
        .select(SetRow::as_select())
        .first(connection)
        .optional()?)
}

/// The editions in which a code names a set.
pub fn editions(connection: &mut AnyConnection, code: &str) -> Result<Vec<EditionCode>> {
    Ok(criteria_sets::table
        .filter(criteria_sets::code.eq(code))
        .select(criteria_sets::edition)
        .distinct()
        .order(criteria_sets::edition)
        .load(connection)?)
}

/// A version of a set, without its tree.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct SetVersion {
    pub edition: EditionCode,
    pub version: i32,
    pub complete: bool,
    pub created_at: Moment,
}

/// Every version of a set in every edition, the newest edition first and in it the newest version.
pub fn versions(connection: &mut AnyConnection, code: &str) -> Result<Vec<SetVersion>> {
    let mut versions: Vec<SetVersion> = criteria_sets::table
        .filter(criteria_sets::code.eq(code))
        .select((criteria_sets::edition, criteria_sets::version, criteria_sets::complete, criteria_sets::created_at))
        .load(connection)?;
    versions.sort_by_key(|known| std::cmp::Reverse((known.edition, known.version)));
    Ok(versions)
}

/// What a title is read from.
type Title = (
    criteria_sets::code,
    criteria_sets::edition,
    criteria_sets::version,
    criteria_sets::title,
    criteria_sets::title_en,
);
const TITLE: Title = (
    criteria_sets::code,
    criteria_sets::edition,
    criteria_sets::version,
    criteria_sets::title,
    criteria_sets::title_en,
);

/// What a set is called in an edition.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct SetTitle {
    pub code: String,
    pub edition: EditionCode,
    version: i32,
    pub title: String,
    pub title_en: String,
}

/// Every set by its newest title.
pub fn titles(connection: &mut AnyConnection) -> Result<Vec<SetTitle>> {
    let known: Vec<SetTitle> = criteria_sets::table.select(TITLE).load(connection)?;
    let mut newest: BTreeMap<String, SetTitle> = BTreeMap::new();
    for title in known {
        let place = newest.entry(title.code.clone()).or_insert_with(|| title.clone());
        if (place.edition, place.version) < (title.edition, title.version) {
            *place = title;
        }
    }
    Ok(newest.into_values().collect())
}

/// The titles of some sets in all their editions.
#[derive(Debug, Default)]
pub struct SetTitles(Vec<SetTitle>);

impl SetTitles {
    /// The titles of the sets of these codes, in one statement that reads no tree.
    pub fn of<'a>(connection: &mut AnyConnection, codes: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let codes: BTreeSet<&str> = codes.into_iter().collect();
        if codes.is_empty() {
            return Ok(Self::default());
        }
        let titles = criteria_sets::table.filter(criteria_sets::code.eq_any(codes)).select(TITLE);
        Ok(Self(titles.load(connection)?))
    }

    /// What a set is called by its newest version in an edition; where that has none, or none is named, in the newest.
    pub fn get(&self, code: &str, edition: Option<EditionCode>) -> Option<&SetTitle> {
        let known = self.0.iter().filter(|title| title.code == code);
        known.max_by_key(|title| (Some(title.edition) == edition, title.edition, title.version))
    }
}

filters! {
    /// What criteria sets can be listed by.
    pub struct SetFilter {
        edition: EditionCode,
    }
}

/// The sets that a filter lets through, each in its newest version.
fn matching(filter: &SetFilter) -> criteria_sets::BoxedQuery<'_, Multi> {
    let newer = diesel::alias!(criteria_sets as newer);
    let mut query = criteria_sets::table
        .filter(diesel::dsl::not(diesel::dsl::exists(
            newer
                .filter(newer.field(criteria_sets::code).eq(criteria_sets::code))
                .filter(newer.field(criteria_sets::edition).eq(criteria_sets::edition))
                .filter(newer.field(criteria_sets::version).gt(criteria_sets::version)),
        )))
        .into_boxed();
    if let Some(edition) = filter.edition {
        query = query.filter(criteria_sets::edition.eq(edition));
    }
    if let Some(since) = filter.updated_since {
        // A version is made once; those that ship with the service are in no history.
        query = query.filter(criteria_sets::created_at.ge(since));
    }
    query
}

/// Sets by code and edition.
pub fn list(
    connection: &mut AnyConnection,
    filter: &SetFilter,
    stretch: &Stretch<(String, EditionCode)>,
) -> Result<Vec<SetRow>> {
    let mut query = matching(filter);
    if let Some((code, edition)) = &stretch.after {
        query = query.filter(
            criteria_sets::code.gt(code).or(criteria_sets::code.eq(code).and(criteria_sets::edition.gt(*edition))),
        );
    }
    let query = query.order((criteria_sets::code, criteria_sets::edition)).limit(stretch.limit);
    Ok(query.select(SetRow::as_select()).load(connection)?)
}

pub fn count(connection: &mut AnyConnection, filter: &SetFilter) -> Result<i64> {
    Ok(matching(filter).count().get_result(connection)?)
}

/// The group of products that each code's set is for: as its newest row says, in whichever edition that is.
pub fn sectors(connection: &mut AnyConnection) -> Result<HashMap<String, Sector>> {
    // Ids are in the order in which the rows came into being, so that the newest is what stays in the map.
    let rows: Vec<(String, Sector)> = criteria_sets::table
        .order(criteria_sets::id)
        .select((criteria_sets::code, criteria_sets::sector))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

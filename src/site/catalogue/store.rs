//! The products that take part, read from the database: first what tells them apart, then those of a page in full.

use std::collections::HashMap;

use diesel::dsl::{count, count_star, exists};
use diesel::prelude::*;

use crate::base::id::ProductId;
use crate::base::{Day, Level, Result, Stars, UnitCode};
use crate::db::AnyConnection;
use crate::db::schema::{certificates, decisions, plans, producers, products, shops};
use crate::decision::certificate_store::{is_newest, newest_of};
use crate::decision::rules::Certified;
use crate::decision::standing_store::{OnDay, unrevoked};
use crate::inspection::rules::InspectionResult;
use crate::place::Places;
use crate::producer::ProducerKind;
use crate::shop::store::is_open;
use crate::site::rules::State;
use crate::site::search::{Search, Word, ranked};
use crate::site::store::has_plan;
use crate::{hold, inspection};

/// A product that takes part, with its producer and its newest certificate.
#[derive(Debug)]
pub struct ListedProduct {
    pub id: ProductId,
    pub code: String,
    pub name: String,
    pub folded: String,
    pub criteria_set: String,
    pub description: String,
    pub commune_code: UnitCode,
    pub district_code: Option<UnitCode>,
    pub producer_name: String,
    pub producer_kind: ProducerKind,
    pub producer_address: String,
    pub certificate: Option<Certified>,
    /// The authorities hold it.
    pub is_suspended: bool,
    /// The day and the result of the newest inspection that was concluded.
    pub inspected: Option<(Day, InspectionResult)>,
}

/// What tells a product that takes part from others.
#[derive(Debug, Clone, Queryable)]
pub struct Candidate {
    pub id: ProductId,
    pub code: String,
    pub name: String,
    pub folded: String,
    commune_code: UnitCode,
    district_code: Option<UnitCode>,
    producer_name: String,
}

/// Which products to show.
#[derive(Debug, Default)]
pub struct ProductSelection {
    pub id: Option<ProductId>,
    pub code: Option<String>,
    pub unit: Option<UnitCode>,
    /// The codes of the criteria sets of which one is theirs.
    pub criteria_sets: Option<Vec<String>>,
    /// So many stars today.
    pub stars: Option<Stars>,
    pub state: Option<State>,
    /// Leaves out those whose newest certificate was revoked.
    pub but_revoked: bool,
    pub search: Option<Search>,
}

/// Which stretch of the products by folded name.
#[derive(Debug, Default)]
pub struct Stretch {
    pub after: Option<(String, ProductId)>,
    pub limit: Option<i64>,
}

/// Products with an approved plan or a certificate: those that the search finds in its order, else by folded name.
pub fn find(
    connection: &mut AnyConnection,
    today: Day,
    filter: &ProductSelection,
    places: &Places,
) -> Result<Vec<Candidate>> {
    let candidates = candidates(connection, today, filter, places, &Stretch::default())?;
    let Some(search) = &filter.search else { return Ok(candidates) };
    let met = |candidate: &Candidate| {
        let names = places.names(&candidate.commune_code, candidate.district_code.as_ref());
        let own = [candidate.name.as_str(), candidate.code.as_str(), candidate.producer_name.as_str()];
        search.met(own.into_iter().chain(names))
    };
    Ok(ranked(candidates, met, |candidate| (candidate.folded.clone(), candidate.id)))
}

/// As [`find`], in one order with or without a search, and only what stands behind a place in it.
pub fn by_name(
    connection: &mut AnyConnection,
    today: Day,
    filter: &ProductSelection,
    places: &Places,
    after: Option<(String, ProductId)>,
    limit: i64,
) -> Result<Vec<ProductId>> {
    if filter.search.is_none() {
        let stretch = Stretch { after, limit: Some(limit) };
        let found = candidates(connection, today, filter, places, &stretch)?;
        return Ok(found.into_iter().map(|candidate| candidate.id).collect());
    }
    let mut keys: Vec<(String, ProductId)> = find(connection, today, filter, places)?
        .into_iter()
        .map(|candidate| (candidate.folded, candidate.id))
        .filter(|key| after.as_ref().is_none_or(|after| key > after))
        .collect();
    keys.sort();
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(keys.into_iter().take(limit).map(|(_, id)| id).collect())
}

/// By folded name. What a search lets through here may still not be met by it.
fn candidates(
    connection: &mut AnyConnection,
    today: Day,
    filter: &ProductSelection,
    places: &Places,
    stretch: &Stretch,
) -> Result<Vec<Candidate>> {
    let words: &[Word] = match filter.search.as_ref().map(Search::words) {
        None => &[],
        Some(Some(words)) => words,
        Some(None) => return Ok(Vec::new()),
    };
    let is_newest = is_newest!();
    let on = OnDay::read(connection, today)?;
    let mut query = products::table
        .inner_join(producers::table.on(producers::id.eq(products::producer_id)))
        .left_join(certificates::table.on(certificates::product_id.eq(products::id).and(is_newest)))
        .filter(has_plan!().or(certificates::id.is_not_null()))
        .select((
            products::id,
            products::code,
            products::name,
            products::folded,
            products::commune_code,
            products::district_code,
            producers::name,
        ))
        .into_boxed();
    if let Some(id) = filter.id {
        query = query.filter(products::id.eq(id));
    }
    if let Some(code) = &filter.code {
        query = query.filter(products::code.eq(code));
    }
    if let Some(unit) = &filter.unit {
        query = match unit.level() {
            Level::Province => query,
            Level::District => query.filter(products::district_code.eq(unit.clone())),
            Level::Commune => query.filter(products::commune_code.eq(unit.clone())),
        };
    }
    if let Some(sets) = &filter.criteria_sets {
        query = query.filter(products::criteria_set.eq_any(sets));
    }
    // The same as `rules::state`, said in SQL so that pages come out full.
    query = match filter.state {
        None => query,
        Some(State::Certified) => query.filter(on.in_force()),
        Some(State::Expired) => query.filter(on.expired()),
        Some(State::Revoked) => query.filter(certificates::revoked_on.le(today)),
        Some(State::Participating) => query.filter(certificates::id.is_null()),
    };
    if filter.but_revoked {
        query = query.filter(unrevoked(today));
    }
    if let Some(stars) = filter.stars {
        // A product shows stars only while its certificate is in force, whatever other state is asked for.
        query = query.filter(certificates::stars.eq(stars)).filter(on.in_force());
    }
    for word in words {
        let pattern = word.pattern();
        let places = places.codes(|name| word.may_be_in(name));
        query = query.filter(
            products::folded
                .like(pattern.clone())
                .escape('\\')
                .or(products::code.like(pattern.clone()).escape('\\'))
                .or(producers::folded.like(pattern).escape('\\'))
                .or(products::commune_code.eq_any(places.clone()))
                .or(products::district_code.assume_not_null().eq_any(places)),
        );
    }
    if let Some((folded, id)) = &stretch.after {
        query = query.filter(products::folded.gt(folded).or(products::folded.eq(folded).and(products::id.gt(id))));
    }
    if let Some(limit) = stretch.limit {
        query = query.limit(limit);
    }
    Ok(query.order((products::folded, products::id)).load(connection)?)
}

/// These products in full, in the order of the ids.
pub fn in_full(connection: &mut AnyConnection, ids: &[ProductId]) -> Result<Vec<ListedProduct>> {
    type Row = (
        (ProductId, String, String, String, String, String, UnitCode, Option<UnitCode>),
        (String, ProducerKind, String),
    );
    let rows: Vec<Row> = products::table
        .inner_join(producers::table.on(producers::id.eq(products::producer_id)))
        .filter(products::id.eq_any(ids.to_vec()))
        .select((
            (
                products::id,
                products::code,
                products::name,
                products::folded,
                products::criteria_set,
                products::description,
                products::commune_code,
                products::district_code,
            ),
            (producers::name, producers::kind, producers::address),
        ))
        .load(connection)?;
    let mut newest = newest_of(connection, ids)?;
    let (held, _) = hold::store::held(connection, ids, &[])?;
    let mut inspected = inspection::store::last_concluded(connection, ids)?;
    let found = |(product, producer): Row| {
        let (id, code, name, folded, criteria_set, description, commune_code, district_code) = product;
        let (producer_name, producer_kind, producer_address) = producer;
        let certificate = newest.remove(&id);
        let found = ListedProduct {
            id,
            code,
            name,
            folded,
            criteria_set,
            description,
            commune_code,
            district_code,
            producer_name,
            producer_kind,
            producer_address,
            certificate,
            is_suspended: held.contains(&id),
            inspected: inspected.remove(&id),
        };
        (id, found)
    };
    let mut found: HashMap<ProductId, ListedProduct> = rows.into_iter().map(found).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The unit whose committee decided on a certificate.
pub fn issuer(connection: &mut AnyConnection, number: &str) -> Result<Option<UnitCode>> {
    Ok(certificates::table
        .inner_join(decisions::table.on(decisions::id.eq(certificates::decision_id)))
        .filter(certificates::number.eq(number))
        .select(decisions::unit_code)
        .first(connection)
        .optional()?)
}

/// The places that products which take part come from, revoked ones or not.
pub fn places_in_use(connection: &mut AnyConnection) -> Result<Vec<(UnitCode, Option<UnitCode>)>> {
    let has_certificate = exists(certificates::table.filter(certificates::product_id.eq(products::id)));
    Ok(products::table
        .filter(has_plan!().or(has_certificate))
        .select((products::commune_code, products::district_code))
        .distinct()
        .load(connection)?)
}

/// The products that were certified last and are still, the newest first.
pub fn newly_certified(connection: &mut AnyConnection, today: Day, most: i64) -> Result<Vec<ProductId>> {
    let on = OnDay::read(connection, today)?;
    Ok(certificates::table
        .filter(is_newest!())
        .filter(on.in_force())
        .order((certificates::issued_on.desc(), certificates::id.desc()))
        .limit(most)
        .select(certificates::product_id)
        .load(connection)?)
}

/// What the home page counts: certified products, those who make them, shops that are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub certified: i64,
    pub producers: i64,
    pub shops: i64,
}

pub fn counts(connection: &mut AnyConnection, today: Day) -> Result<Counts> {
    let on = OnDay::read(connection, today)?;
    let (certified, producers) = certificates::table
        .inner_join(products::table.on(products::id.eq(certificates::product_id)))
        .filter(is_newest!())
        .filter(on.in_force())
        .select((count_star(), count(products::producer_id).aggregate_distinct()))
        .first(connection)?;
    let shops = shops::table.filter(is_open(today)).count().get_result(connection)?;
    Ok(Counts { certified, producers, shops })
}
